#include "analysis/summary.h"

#include "proto/dns.h"

#define NAMES_MEMORY ((size_t)8 << 20)

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct summary *s = state;

	(void)options;
	s->scan = scan;
	arena_init(&s->arena, NAMES_MEMORY);
	table_init(&s->hosts, sizeof(struct summary_host),
	    SUMMARY_HOSTS_MAX);
	table_init(&s->names, sizeof(struct summary_name),
	    SUMMARY_NAMES_MAX);
	table_init(&s->paths, sizeof(struct summary_path),
	    SUMMARY_PATHS_MAX);
	return true;
}

void
summary_release(struct summary *s)
{
	table_free(&s->hosts);
	table_free(&s->names);
	table_free(&s->paths);
	arena_free(&s->arena);
}

/* Who makes addresses meet here only has them looked up in the table. */
static struct summary_host **
recent_host(struct summary *s, const struct addr *a)
{
	uint64_t words[2];

	memcpy(words, a->bytes, sizeof(words));
	words[0] = words[0] * UINT64_C(0x9e3779b97f4a7c15) ^
	    words[1] * UINT64_C(0xc2b2ae3d27d4eb4f);
	return &s->recent[(words[0] ^ words[0] >> 32) * UINT32_C(0x9e3779b9) >>
	    16 & (SUMMARY_CACHE - 1)];
}

static struct summary_host *
host_find(struct summary *s, const struct summary_end *end)
{
	struct summary_host **recent = recent_host(s, &end->addr);
	struct summary_host *h = *recent;

	if (h != NULL && addr_equal(&h->addr, &end->addr))
		return h;
	h = table_add(&s->hosts, span_of(&end->addr, sizeof(end->addr)));
	if (h == NULL)
		return NULL;
	if (h->first_frame == 0) {
		h->first_frame = end->frame;
		h->addr = end->addr;
	}
	*recent = h;
	return h;
}

static void
ends_settle(struct summary *s)
{
	for (size_t i = 0; i < s->n_ends; i++) {
		const struct summary_host *h = *recent_host(s,
		    &s->ends[i].addr);

		if (h == NULL)
			continue;
		__builtin_prefetch(h, 1);
		__builtin_prefetch((const char *)h + 64, 1);
	}
	for (size_t i = 0; i < s->n_ends; i++) {
		const struct summary_end *end = &s->ends[i];
		struct summary_host *h = host_find(s, end);

		if (h == NULL)
			continue;
		h->last_frame = end->frame;
		if (end->in) {
			h->packets_in++;
			h->bytes_in += end->len;
		} else {
			h->packets_out++;
			h->bytes_out += end->len;
		}
	}
	s->n_ends = 0;
}

static void
hosts_add(struct summary *s, const struct packet *p)
{
	const struct record *r = p->record;

	s->ends[s->n_ends++] = (struct summary_end){ p->src, false, r->len,
		r->number };
	s->ends[s->n_ends++] = (struct summary_end){ p->dst, true, r->len,
		r->number };
	if (s->n_ends == SUMMARY_ENDS)
		ends_settle(s);
}

/* Its payload is of no protocol that we decode, as far as we know. */
static bool
has_data(const struct packet *p)
{
	const struct transport *t = packet_transport(p);

	return packet_has(p, LAYER_DATA) || (t != NULL &&
	    t->payload_claimed > 0 && p->messages == NULL &&
	    (t->flow == NULL || flow_app(t->flow) == NULL));
}

/*
 * The path: how many layers, which, and the first message's protocol; bit 7
 * of the number: there is something undecoded.  The frame itself is in all.
 */
static size_t
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
	if (p->undecoded != NULL && p->undecoded[0] != '\0')
		key[0] |= SUMMARY_PATH_UNDECODED;
	if (n_app > SUMMARY_PATH_APP)
		n_app = SUMMARY_PATH_APP;
	memcpy(key + 1 + n, app, n_app);
	return 1 + n + n_app;
}

static struct summary_path *
path_find(struct summary *s, const struct packet *p, bool data)
{
	uint8_t key[1 + SUMMARY_PATH_LAYERS + SUMMARY_PATH_APP];

	return table_add(&s->paths, span_of(key, path_key(key, p, data)));
}

/* The same as a few words; false: too many layers for that. */
static bool
step_make(struct summary_step *step, const struct packet *p, bool data)
{
	uint64_t layers = 0;

	for (size_t i = 0; i < p->n_stack; i++) {
		if (layers >> 58 != 0)
			return false;
		layers = layers << 6 | p->stack[i].layer;
	}
	step->layers = layers;
	step->proto = p->messages != NULL ? p->messages->proto : NULL;
	step->data = data;
	step->unknown = p->undecoded != NULL && p->undecoded[0] != '\0';
	return true;
}

/* Most packets take a path that was taken before. */
static struct summary_path *
step_path(struct summary *s, struct summary_step *step,
    const struct packet *p, bool data)
{
	uint64_t hash = (step->layers << 1 ^ step->data) *
	    UINT64_C(0x9e3779b97f4a7c15) ^
	    (uintptr_t)step->proto * UINT64_C(0xc2b2ae3d27d4eb4f);
	struct summary_step *recent = &s->steps[hash >> 56];

	if (recent->path != NULL && recent->layers == step->layers &&
	    recent->proto == step->proto && recent->data == step->data &&
	    recent->unknown == step->unknown)
		return recent->path;
	step->path = path_find(s, p, data);
	if (step->path != NULL)
		*recent = *step;
	return step->path;
}

static void
path_add(struct summary *s, const struct packet *p)
{
	struct summary_path *path;
	struct summary_step step;
	bool data = has_data(p);

	if (step_make(&step, p, data))
		path = step_path(s, &step, p, data);
	else
		path = path_find(s, p, data);
	if (path != NULL) {
		path->packets++;
		path->bytes += p->record->len;
	}
	if ((p->undecoded != NULL && p->undecoded[0] != '\0') || data) {
		s->undecoded++;
		s->undecoded_bytes += p->record->len;
	}
}

static void
silence_add(struct summary *s, const struct record *r)
{
	if (!r->time.known)
		return;
	if (s->previous.known) {
		int64_t pause = time_diff(r->time, s->previous);

		if (pause > s->longest_silence) {
			s->longest_silence = pause;
			s->silence_after = r->number - 1;
		}
	}
	s->previous = r->time;
}

static void
packet_add(void *state, const struct packet *p)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	struct summary *s = state;

	if (packet_has(p, LAYER_IP) || packet_has(p, LAYER_IPV6)) {
		hosts_add(s, p);
		s->fragments += p->ip.fragment;
	}
	if (packet_has(p, LAYER_ETH)) {
		s->ethernet++;
		if ((p->mac_dst.bytes[0] & 1) == 0)
			;
		else if (memcmp(p->mac_dst.bytes, all, sizeof(all)) == 0)
			s->broadcast++;
		else
			s->multicast++;
	}
	path_add(s, p);
	silence_add(s, p->record);
}

static void
name_add(struct summary *s, const struct addr *a, struct span text,
    const char *source)
{
	struct summary_name *name = table_add(&s->names,
	    span_of(a, sizeof(*a)));

	if (name == NULL || name->source != NULL)
		return;
	name->source = source;
	name->name = arena_copy(&s->arena, span_first(text, 128));
}

/* The name asked for is the name of the addresses answered, through whatever
 * CNAMEs stand between. */
static void
dns_add(struct summary *s, const struct dns_message *m)
{
	s->nxdomain += m->response && m->rcode == DNS_NXDOMAIN;
	if (!m->response)
		return;
	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];
		struct span name = m->n_questions > 0 ?
		    m->questions[0].name.text : r->owner.text;
		struct addr a;

		if (r->section == DNS_ANSWER && dns_record_address(r, &a))
			name_add(s, &a, name, "dns");
	}
}

static void
message_add(void *state, const struct packet *p, const struct message *m)
{
	struct summary *s = state;

	(void)p;
	if (m->proto == &proto_dns || m->proto == &proto_mdns ||
	    m->proto == &proto_llmnr)
		dns_add(s, m->data);
}

static void
finish(void *state, struct scan *scan)
{
	struct summary *s = state;

	ends_settle(s);
	for (size_t i = 0; i < capture_names(scan->capture); i++) {
		const struct capture_name *n = capture_name(scan->capture, i);
		struct addr a = addr_of(n->kind == 4 ? ADDR_IPV4 : ADDR_IPV6,
		    n->bytes);

		name_add(s, &a, n->name, "capture");
	}
}

const struct analyzer analyzer_summary = {
	.name = "summary",
	.wants = WANT_WALK | WANT_FLOWS | WANT_MESSAGES | WANT_DEFRAG,
	.size = sizeof(struct summary),
	.begin = begin,
	.packet = packet_add,
	.message = message_add,
	.finish = finish,
};
