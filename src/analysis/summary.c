#include "analysis/summary.h"

#include "proto/dns.h"

static __attribute__((cold)) bool
begin(void *state, struct scan *scan, const void *options)
{
	struct summary *s = state;

	(void)options;
	s->scan = scan;
	summary_hosts_init(&s->hosts);
	summary_names_init(&s->names);
	table_init(&s->paths, sizeof(struct summary_path),
	    SUMMARY_PATHS_MAX);
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct summary *s = state;

	summary_hosts_free(&s->hosts);
	summary_names_free(&s->names);
	summary_flows_free(&s->flows);
	flow_apps_free(&s->apps);
	table_free(&s->paths);
}

static bool
is_unknown(const struct packet *p)
{
	return p->undecoded != NULL && p->undecoded[0] != '\0';
}

/* Protocols that are no payload, whatever carries them. */
static const uint64_t decoded = UINT64_C(1) << LAYER_ICMP |
    UINT64_C(1) << LAYER_ICMPV6 | UINT64_C(1) << LAYER_IGMP |
    UINT64_C(1) << LAYER_ARP;

/* Its payload is of no protocol that we decode, as far as we know.  That of a
 * transport around a tunnel is what is in the tunnel; 59: nothing. */
static bool
has_data(const struct packet *p)
{
	const struct transport *t = packet_transport(p);

	return packet_has(p, LAYER_DATA) || (t != NULL &&
	    (p->layers & decoded) == 0 && p->ip.protocol != 59 &&
	    t->payload_claimed > 0 && p->messages == NULL &&
	    (t->flow == NULL || flow_app(t->flow) == NULL));
}

/*
 * The path: how many layers, which, and the first message's protocol; bit 7
 * of the number: there is something undecoded.  The frame itself is in all.
 */
static __attribute__((cold)) size_t
path_key(uint8_t *key, const struct packet *p, bool data)
{
	const char *app = p->messages != NULL ?
	    p->messages->proto->name : "";
	size_t n = 0, n_app = strlen(app);

	for (size_t i = 0; i < p->n_stack && n < SUMMARY_PATH_LAYERS; i++)
		if (p->stack[i].layer != LAYER_FRAME)
			key[1 + n++] = p->stack[i].layer;
	if (data && n > 0 && key[n] != LAYER_DATA &&
	    n < SUMMARY_PATH_LAYERS)
		key[1 + n++] = LAYER_DATA;
	key[0] = (uint8_t)n;
	if (is_unknown(p))
		key[0] |= SUMMARY_PATH_UNDECODED;
	if (n_app > SUMMARY_PATH_APP)
		n_app = SUMMARY_PATH_APP;
	memcpy(key + 1 + n, app, n_app);
	return 1 + n + n_app;
}

static __attribute__((cold, noinline)) struct summary_path *
path_find(struct summary *s, const struct packet *p, bool data)
{
	uint8_t key[1 + SUMMARY_PATH_LAYERS + SUMMARY_PATH_APP];

	return table_add(&s->paths, span_of(key, path_key(key, p, data)));
}

/* The same as a few words; false: too many layers for that. */
static inline bool
step_make(struct summary_step *step, const struct packet *p, bool data,
    bool unknown)
{
	uint64_t layers = 0;

	if (p->n_stack > SUMMARY_STEP_LAYERS)
		return false;
	for (size_t i = 0; i < p->n_stack; i++)
		layers = layers << 6 | p->stack[i].layer;
	step->way = layers << 2 | (uint64_t)data << 1 | unknown;
	step->proto = p->messages != NULL ? p->messages->proto : NULL;
	return true;
}

static inline bool
is_step(const struct summary_step *at, const struct summary_step *step)
{
	return at->path != NULL && at->way == step->way &&
	    at->proto == step->proto;
}

/* Most packets take a path that was taken before: it is among the few places
 * from where its hash says.  Else the one where it may go. */
static inline struct summary_step *
step_at(struct summary *s, const struct summary_step *step)
{
	uint64_t hash = step->way * UINT64_C(0x9e3779b97f4a7c15) ^
	    (uintptr_t)step->proto * UINT64_C(0xc2b2ae3d27d4eb4f);
	struct summary_step *at = &s->steps[hash >> 56];
	const struct summary_step *last = at + SUMMARY_STEPS_NEAR - 1;

	while (at < last && at->path != NULL && !is_step(at, step))
		at++;
	return at;
}

static struct summary_path *
step_path(struct summary *s, struct summary_step *step,
    const struct packet *p, bool data)
{
	struct summary_step *at = step_at(s, step);

	if (is_step(at, step))
		return at->path;
	step->path = path_find(s, p, data);
	if (step->path != NULL)
		*at = *step;
	return step->path;
}

static void
path_count(struct summary *s, struct summary_path *path, uint64_t packets,
    uint64_t bytes, bool undecoded)
{
	if (path != NULL) {
		path->packets += packets;
		path->bytes += bytes;
	}
	if (undecoded) {
		s->undecoded += packets;
		s->undecoded_bytes += bytes;
	}
}

static void
path_add(struct summary *s, const struct packet *p)
{
	struct summary_path *path;
	struct summary_step step;
	bool data = has_data(p), unknown = is_unknown(p);

	if (step_make(&step, p, data, unknown))
		path = step_path(s, &step, p, data);
	else
		path = path_find(s, p, data);
	path_count(s, path, 1, p->record->len, data || unknown);
}

/* The path of a plain packet, as path_find() finds it; `what` is as in struct
 * summary. */
static __attribute__((cold, noinline)) struct summary_path *
kind_path(struct summary *s, unsigned kind, unsigned what)
{
	const char *app = what < 2 ? "" : protos[what / 2 - 1]->name;
	uint8_t key[6 + SUMMARY_PATH_APP], n = 0;
	size_t n_app = strlen(app);

	key[++n] = LAYER_ETH;
	if ((kind & PLAIN_VLAN) != 0)
		key[++n] = LAYER_VLAN;
	key[++n] = (kind & PLAIN_IPV6) != 0 ? LAYER_IPV6 : LAYER_IP;
	key[++n] = (kind & PLAIN_UDP) != 0 ? LAYER_UDP : LAYER_TCP;
	if (what == 1)
		key[++n] = LAYER_DATA;
	key[0] = n;
	if (n_app > SUMMARY_PATH_APP)
		n_app = SUMMARY_PATH_APP;
	memcpy(key + 1 + n, app, n_app);
	return table_add(&s->paths, span_of(key, 1U + n + n_app));
}

/* The longest pause; where the packet before is, and then this one. */
static inline __attribute__((always_inline)) void
silence_add(struct summary *s, const struct record **at,
    const struct record *r)
{
	const struct timestamp *before = &(*at)->time, *now = &r->time;
	int64_t pause;

	if (!now->known)
		return;
	/* Most come within a second. */
	pause = !before->known ? 0 : now->seconds == before->seconds ?
	    (int64_t)now->nanoseconds - before->nanoseconds :
	    time_diff(*now, *before);
	if (pause > s->longest_silence) {
		s->longest_silence = pause;
		s->silence_after = (*at)->number;
	}
	*at = r;
}

/* Where a frame goes. */
static inline void
frame_add(struct summary *s, const uint8_t *mac)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };

	if ((*mac & 1) == 0)
		return;
	if (memcmp(mac, all, sizeof(all)) == 0)
		s->broadcast++;
	else
		s->multicast++;
}

/* Few packets come here, unless there is a focus. */
static __attribute__((cold)) void
packet_add(void *state, const struct packet *p)
{
	struct summary *s = state;
	const struct record *before = &s->previous;

	if (packet_has(p, LAYER_IP) || packet_has(p, LAYER_IPV6)) {
		summary_hosts_add(&s->hosts, p);
		s->fragments += p->ip.fragment;
		s->tunnelled += p->n_tunnels > 0;
	}
	/* Of a header that is cut there is none. */
	if (packet_has(p, LAYER_ETH) && p->mac_dst.kind == ADDR_MAC)
		frame_add(s, p->mac_dst.bytes);
	path_add(s, p);
	silence_add(s, &before, p->record);
	s->previous = *before;
}

/* has_data() of a plain packet without messages.  Which flow it is nobody can
 * foretell: no branch. */
static inline bool
plain_data(const struct glance *g, const struct flow *f)
{
	static const struct flow none;

	f = f != NULL ? f : &none;
	return (g->claimed > 0) & !(((g->kind & PLAIN_UDP) == 0) &
	    (!f->held | f->resting) & (f->state.app != NULL));
}

/* What packet_add() would do. */
static void
plain_all(void *state, const struct record *records,
    const struct glance *glances, struct flow *const *flows, uint32_t which,
    const uint8_t *said)
{
	struct summary *s = state;
	const struct record *before = &s->previous;

	for (uint32_t left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		const struct record *r = &records[i];
		const struct glance *g = &glances[i];
		unsigned data = plain_data(g, flows[i]);
		unsigned what = (unsigned)said[i] * 2 + data;
		struct summary_plain *plain = &s->plain[
		    (unsigned)g->kind * SUMMARY_WHAT | what];

		/* Paths are in the order of their first packets. */
		if (plain->path == NULL)
			plain->path = kind_path(s, g->kind, what);
		plain->packets++;
		plain->bytes += r->len;
		frame_add(s, r->bytes.p);
		silence_add(s, &before, r);
	}
	s->previous = *before;
	summary_hosts_add_plain(&s->hosts, records, glances, which);
}

/* The name whose addresses were asked for is theirs, through whatever CNAMEs
 * stand between; in answers to others (a whole zone) each has its owner's. */
static void
dns_add(struct summary *s, const struct dns_message *m)
{
	s->nxdomain += m->response && m->rcode == DNS_NXDOMAIN;
	if (!m->response || s->names.table.n == SUMMARY_NAMES_MAX)
		return;
	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];
		struct span name = m->n_questions > 0 &&
		    m->questions[0].type == r->type ?
		    m->questions[0].name->text : r->owner->text;
		struct addr a;

		if (r->section == DNS_ANSWER && dns_record_address(r, &a))
			summary_names_add(&s->names, &a, name);
	}
}

static void
message_add(void *state, const struct packet *p, const struct message *m)
{
	struct summary *s = state;

	(void)p;
	flow_apps_add(&s->apps, m);
	if (m->proto == &proto_dns || m->proto == &proto_mdns ||
	    m->proto == &proto_llmnr)
		dns_add(s, m->data);
}

static __attribute__((cold)) void
finish(void *state, struct scan *scan)
{
	struct summary *s = state;

	summary_hosts_settle(&s->hosts);
	for (size_t i = 0; i < LENGTH(s->plain); i++)
		path_count(s, s->plain[i].path, s->plain[i].packets,
		    s->plain[i].bytes, i % SUMMARY_WHAT == 1);
	for (size_t i = 0; i < capture_names(scan->capture); i++) {
		const struct capture_name *n = capture_name(scan->capture, i);
		struct addr a = addr_of(n->kind == 4 ? ADDR_IPV4 : ADDR_IPV6,
		    n->bytes);

		summary_names_add(&s->names, &a, n->name);
	}
	summary_names_settle(&s->names);
}

void
summary_read(struct summary *s, const struct flow_list *flows)
{
	summary_flows_read(&s->flows, flows);
}

const struct analyzer analyzer_summary = {
	.name = "summary",
	.wants = WANT_WALK | WANT_FLOWS | WANT_MESSAGES | WANT_DEFRAG,
	.size = sizeof(struct summary),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.plain = plain_all,
	.message = message_add,
	.finish = finish,
};
