#include "analysis/icmp.h"

#include <stdlib.h>

#include "analysis/ranked.h"
#include "net/plain.h"

/* More a probe's limit is not; of those with more we hear less. */
#define HOPS_MAX PLAIN_FEW_HOPS

/*
 * Paths as a traceroute draws them: a packet sent with a small hop limit, and
 * whoever answered it.  The quote in the answer says which packet it was; what
 * that was sent with (hop, time) is known where the capture has it.
 */
struct probe_key {
	struct addr src, dst;
	uint32_t word; /* ports, or identifier and number of an echo request */
	uint16_t id;   /* of IPv4 */
	uint8_t protocol;
};

struct path_key {
	struct addr src, dst;
};

static bool
is_group(const struct addr *a)
{
	struct cursor c = cur_open(span_of(a->bytes, sizeof(a->bytes)));
	uint8_t first = cur_u8(&c);

	return a->kind == ADDR_IPV4 ? first >= 224 : first == 0xff;
}

/* `word` is that of an echo request, which has no ports. */
static __attribute__((cold, noinline)) struct span
probe_key(struct probe_key *key, const struct addr *src,
    const struct addr *dst, const struct ip_header *ip,
    const struct transport *t, uint32_t word)
{
	memset(key, 0, sizeof(*key));
	key->src = *src;
	key->dst = *dst;
	key->id = ip->id;
	key->protocol = ip->protocol;
	key->word = t != NULL ? (uint32_t)t->sport << 16 | t->dport : word;
	return span_of(key, sizeof(*key));
}

/* Looks at every packet; few have such a limit. */
void
icmp_path_probe(struct icmp_state *s, const struct packet *p)
{
	struct icmp_probe *probe;
	struct probe_key key;
	/* Of other packets the header is whatever was there before. */
	bool icmp = packet_has(p, LAYER_ICMP) || packet_has(p, LAYER_ICMPV6);

	if (p->ip.ttl == 0 || p->ip.ttl > HOPS_MAX || is_group(&p->dst))
		return;
	if (icmp && p->icmp.has_quote)
		return;
	probe = table_add(&s->probes, probe_key(&key, &p->src, &p->dst, &p->ip,
	    packet_transport(p), icmp && p->icmp.has_id ? p->icmp.word : 0));
	if (probe == NULL)
		return;
	probe->hop = p->ip.ttl;
	probe->time = p->record->time;
}

static const struct icmp_probe *
probe_find(const struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;
	struct probe_key key;

	return table_find(&s->probes, probe_key(&key, &h->quote_src,
	    &h->quote_dst, &h->quote_ip, packet_quoted_transport(p),
	    h->quote_word));
}

static struct span
path_key(struct path_key *key, const struct addr *src, const struct addr *dst)
{
	memset(key, 0, sizeof(*key));
	key->src = *src;
	key->dst = *dst;
	return span_of(key, sizeof(*key));
}

static void
path_reached(struct icmp_state *s, size_t at)
{
	struct icmp_path *path = table_value(&s->paths, at);

	s->paths_reached += !path->reached;
	path->reached = true;
}

static void
hop_add(struct icmp_state *s, const struct icmp_answer *a, uint32_t path,
    uint8_t number, struct timestamp sent)
{
	struct {
		struct addr router;
		uint32_t path, number;
	} key;
	struct icmp_hop *hop;
	int64_t rtt;

	memset(&key, 0, sizeof(key));
	key.router = a->src;
	key.path = path;
	key.number = number;
	hop = table_add(&s->hops, span_of(&key, sizeof(key)));
	if (hop == NULL)
		return;
	if (hop->count++ == 0) {
		hop->router = a->src;
		hop->path = path;
		hop->number = number;
		hop->first_frame = a->frame;
		hop->ttl_left = a->ttl;
		hop->rtt = -1;
	}
	if (!sent.known || !a->time.known)
		return;
	rtt = time_diff(a->time, sent);
	if (rtt >= 0 && (hop->rtt < 0 || rtt < hop->rtt))
		hop->rtt = rtt;
}

static bool
is_expired(const struct icmp_header *h)
{
	return h->code == 0 && (h->version == 4 ? h->type == 11 :
	    h->type == 3);
}

/* A traceroute by UDP ends so. */
static bool
is_port_unreachable(const struct icmp_header *h)
{
	return h->version == 4 ? h->type == 3 && h->code == 3 :
	    h->type == 1 && h->code == 4;
}

__attribute__((cold)) void
icmp_path_error(struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;
	const struct icmp_probe *probe = probe_find(s, p);
	struct path_key key;
	struct span path = path_key(&key, &h->quote_src, &h->quote_dst);
	struct timestamp unknown = { .known = false };
	const struct icmp_answer answer = { p->src, p->dst, p->record->time,
		p->record->number, p->ip.ttl };
	size_t at;

	if (is_expired(h))
		at = table_intern(&s->paths, path);
	else if (is_port_unreachable(h) && probe != NULL)
		at = table_index(&s->paths, path);
	else
		return;
	if (at == SIZE_MAX)
		return;
	if (!is_expired(h) || addr_equal(&p->src, &h->quote_dst))
		path_reached(s, at);
	hop_add(s, &answer, (uint32_t)at, probe != NULL ? probe->hop : 0,
	    probe != NULL ? probe->time : unknown);
}

/* A traceroute by echo requests ends with the reply to one of them. */
__attribute__((cold)) void
icmp_path_reply(struct icmp_state *s, const struct icmp_answer *a,
    uint8_t hop, struct timestamp sent)
{
	struct path_key key;
	size_t at;

	if (hop == 0 || hop > HOPS_MAX)
		return;
	at = table_index(&s->paths, path_key(&key, &a->dst, &a->src));
	if (at == SIZE_MAX)
		return;
	path_reached(s, at);
	hop_add(s, a, (uint32_t)at, hop, sent);
}

/* By path, then by hop, then as they came. */
static uint64_t
hop_rank(const void *context, size_t i)
{
	const struct icmp_hop *hop = table_value(context, i);

	return UINT64_MAX - ((uint64_t)hop->path << 8 | hop->number);
}

static __attribute__((cold, noinline)) const struct path_key *
ends_of(const struct icmp_state *s, const struct icmp_hop *hop)
{
	_Static_assert(_Alignof(struct path_key) == 1, "may stand anywhere");
	return (const void *)table_key(&s->paths, hop->path).p;
}

static __attribute__((cold)) bool
is_target(const struct icmp_state *s, const struct icmp_hop *hop)
{
	return hop->number != 0 && addr_equal(&ends_of(s, hop)->dst,
	    &hop->router);
}

/* `a` of one that is nearer. */
static __attribute__((cold)) void
answers_join(struct icmp_hop *a, const struct icmp_hop *b)
{
	a->count += b->count;
	if (b->rtt >= 0 && (a->rtt < 0 || b->rtt < a->rtt))
		a->rtt = b->rtt;
	if (b->first_frame < a->first_frame) {
		a->first_frame = b->first_frame;
		a->ttl_left = b->ttl_left;
	}
}

/*
 * traceroute has sent probes for hops behind the target before this answers:
 * what it says to these is said from where it stands, unless a router between
 * tells that this was another path.  Returns how many are left.
 */
static __attribute__((cold)) size_t
targets_join(const struct icmp_state *s, uint32_t *order, size_t n)
{
	struct icmp_hop *hop, *target = NULL;
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		hop = table_value(&s->hops, order[i]);
		if (!is_target(s, hop)) {
			target = NULL;
		} else if (target != NULL && target->path == hop->path) {
			answers_join(target, hop);
			continue;
		} else {
			target = hop;
		}
		order[left++] = order[i];
	}
	return left;
}

__attribute__((cold)) void
icmp_paths_report(const struct icmp_state *s, struct json *j,
    size_t max_bytes)
{
	uint32_t *order = ranked_order(s->hops.n, hop_rank, &s->hops);
	size_t n = order == NULL ? 0 : targets_join(s, order, s->hops.n);
	struct ranked r;

	json_uint(j, "paths_total", s->paths.n);
	json_uint(j, "paths_that_reached_their_target",
	    s->paths_reached);
	ranked_begin(&r, j, "path_hops", "source target hop router "
	    "fastest_rtt_ms answers ttl_on_arrival first_frame", n, max_bytes);
	for (size_t i = 0; i < n && ranked_row(&r); i++) {
		const struct icmp_hop *hop = table_value(&s->hops, order[i]);
		const struct path_key *ends = ends_of(s, hop);

		json_addr(j, NULL, &ends->src);
		json_addr(j, NULL, &ends->dst);
		if (hop->number != 0)
			json_uint(j, NULL, hop->number);
		else
			json_null(j, NULL);
		json_addr(j, NULL, &hop->router);
		if (hop->rtt >= 0)
			json_ms(j, NULL, hop->rtt);
		else
			json_null(j, NULL);
		json_uint(j, NULL, hop->count);
		json_uint(j, NULL, hop->ttl_left);
		json_uint(j, NULL, hop->first_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}
