#include "analysis/icmp.h"

#include <stdio.h>

#include "analysis/ranked.h"
#include "net/icmp.h"

#define TABLE_MAX 100000

/* Shares of the statistics' bytes, in hundredths. */
#define SHARE_TYPES 8
#define SHARE_ADDRESSES 6
#define SHARE_ECHO 34
#define SHARE_ERRORS 40

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct icmp_state *s = state;

	(void)scan;
	s->listing = *(const struct listing *)options;
	table_init(&s->types, sizeof(uint64_t), 600);
	table_init(&s->sources, 0, TABLE_MAX);
	table_init(&s->destinations, 0, TABLE_MAX);
	table_init(&s->unreachable, sizeof(uint64_t), TABLE_MAX);
	table_init(&s->echoes, sizeof(struct icmp_echo), TABLE_MAX);
	table_init(&s->waiting, sizeof(struct icmp_waiting), 4 * TABLE_MAX);
	table_init(&s->errors, sizeof(struct icmp_error), TABLE_MAX);
	table_init(&s->probes, sizeof(struct icmp_probe), TABLE_MAX);
	table_init(&s->paths, sizeof(struct icmp_path), TABLE_MAX);
	table_init(&s->hops, sizeof(struct icmp_hop), TABLE_MAX);
	table_init(&s->told, sizeof(struct icmp_told), TABLE_MAX);
	table_init(&s->by_id, 2 * sizeof(uint64_t), 65536);
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct icmp_state *s = state;
	struct table *const all[] = { &s->types, &s->sources,
		&s->destinations, &s->unreachable, &s->echoes, &s->waiting,
		&s->errors, &s->probes, &s->paths, &s->hops, &s->told,
		&s->by_id };

	for (size_t i = 0; i < LENGTH(all); i++)
		table_free(all[i]);
}

static uint64_t *
type_count(struct icmp_state *s, const struct icmp_header *h)
{
	uint64_t **count = &s->of_type[h->version != 4][h->type];
	const uint8_t key[2] = { h->version, h->type };

	if (*count == NULL)
		*count = table_add(&s->types, span_of(key, sizeof(key)));
	return *count;
}

static bool
is_unreachable(const struct icmp_header *h)
{
	return h->version == 4 ? h->type == 3 : h->type == 1;
}

static void
statistics_add(struct icmp_state *s, const struct packet *p)
{
	uint64_t *count = type_count(s, &p->icmp);

	if (count != NULL)
		(*count)++;
	if (is_unreachable(&p->icmp) && p->icmp.has_quote &&
	    p->icmp.quote_dst.kind != ADDR_NONE) {
		count = table_add(&s->unreachable, span_of(&p->icmp.quote_dst,
		    sizeof(p->icmp.quote_dst)));
		if (count != NULL)
			(*count)++;
	}
	s->v4 += p->icmp.version == 4;
	s->v6 += p->icmp.version == 6;
}

static void
name(struct json *j, const char *member, const char *text,
    const char *otherwise, unsigned number)
{
	if (text != NULL)
		json_text(j, member, text);
	else
		json_textf(j, member, "%s %u", otherwise, number);
}

static void
quote_row(const struct packet *p, struct json *j)
{
	const struct transport *t = packet_quoted_transport(p);
	const struct icmp_header *h = &p->icmp;

	if (!h->has_quote || h->quote_ip.version == 0)
		return;
	json_object(j, "original");
	json_addr(j, "src_ip", &h->quote_src);
	json_addr(j, "dst_ip", &h->quote_dst);
	json_uint(j, "protocol", h->quote_ip.protocol);
	if (t != NULL) {
		json_uint(j, "src_port", t->sport);
		json_uint(j, "dst_port", t->dport);
	}
	json_end(j);
}

static void
row_write(const struct packet *p, struct json *j)
{
	const struct icmp_header *h = &p->icmp;

	json_uint(j, "packet_number", p->record->number);
	json_time(j, "timestamp", p->record->time);
	json_addr(j, "src_ip", &p->src);
	json_addr(j, "dst_ip", &p->dst);
	json_uint(j, "ip_version", p->ip.version);
	json_uint(j, p->ip.version == 6 ? "hop_limit" : "ttl", p->ip.ttl);
	json_uint(j, "packet_size", p->record->len);
	json_uint(j, "icmp_type", h->type);
	json_uint(j, "icmp_code", h->code);
	name(j, "icmp_type_name", icmp_type_name(h->version, h->type),
	    "Type", h->type);
	name(j, "icmp_code_name", icmp_code_name(h->version, h->type,
	    h->code), "Code", h->code);
	if (h->has_id) {
		json_uint(j, "icmp_id", h->id);
		json_uint(j, "icmp_seq", h->seq);
	}
	json_uint(j, "checksum", h->checksum);
	if (h->target.kind != ADDR_NONE)
		json_addr(j, "target", &h->target);
	if (h->version == 4 && h->type == 3 && h->code == 4)
		json_uint(j, "mtu_bytes", h->word & 0xffff);
	if (h->version == 6 && h->type == 2)
		json_uint(j, "mtu_bytes", h->word);
	quote_row(p, j);
	if (h->body.n < h->body_claimed)
		json_bool(j, "cut_by_snaplen", true);
}

static void
packet_add(void *state, const struct packet *p)
{
	struct icmp_state *s = state;
	struct json *j;

	s->listing.frames++;
	if (packet_has(p, LAYER_IP) || packet_has(p, LAYER_IPV6)) {
		s->ip_packets++;
		icmp_path_probe(s, p);
	}
	if ((!packet_has(p, LAYER_ICMP) && !packet_has(p, LAYER_ICMPV6)) ||
	    p->icmp.version == 0)
		return;
	if (!listing_count(&s->listing, p->record->number))
		return;
	s->cut += p->icmp.body.n < p->icmp.body_claimed;
	statistics_add(s, p);
	if (!icmp_echo_add(s, p)) {
		icmp_echo_settle(s);
		icmp_ends_note(s, p);
		icmp_errors_add(s, p);
	}
	j = rows_next(s->listing.rows);
	if (j == NULL)
		return;
	json_object(j, NULL);
	row_write(p, j);
	json_end(j);
	rows_done(s->listing.rows);
}

static void
unheard(void *state, uint64_t packets)
{
	struct icmp_state *s = state;

	listing_unheard(&s->listing, packets);
	s->ip_packets += packets;
}

static void
finish(void *state, struct scan *scan)
{
	struct icmp_state *s = state;

	(void)scan;
	icmp_echo_finish(s);
}

static const uint16_t no_ports[] = { 0 };

const struct analyzer analyzer_icmp = {
	.name = "icmp",
	.wants = WANT_WALK | WANT_DEFRAG,
	.glances = true,
	.ports = no_ports,
	.unheard = unheard,
	.size = sizeof(struct icmp_state),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.finish = finish,
};

static void
types_report(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	bool both = s->v4 > 0 && s->v6 > 0;
	size_t limit = json_size(j) + max_bytes;

	json_object(j, "icmp_type_counts");
	for (size_t i = 0; i < s->types.n; i++) {
		struct span key = table_key(&s->types, i);
		const uint64_t *n = table_value(&s->types, i);
		const char *type = icmp_type_name(key.p[0], key.p[1]);
		struct json_mark mark = json_mark(j);
		/* Both versions have an "Echo Request". */
		const char *which = both && key.p[0] == 6 ? " (ICMPv6)" : "";
		char text[80];
		int length = type != NULL ?
		    snprintf(text, sizeof(text), "%s%s", type, which) :
		    snprintf(text, sizeof(text), "Type %u%s", key.p[1], which);

		json_uint_foreign(j, span_of(text, (size_t)length), *n);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

static void
addresses_report(const struct table *t, struct json *j, const char *total,
    const char *list, size_t max_bytes)
{
	size_t limit;

	json_uint(j, total, t->n);
	limit = json_size(j) + max_bytes;
	json_array(j, list);
	for (size_t i = 0; i < t->n; i++) {
		struct json_mark mark = json_mark(j);
		struct addr a;

		memcpy(&a, table_key(t, i).p, sizeof(a));
		json_addr(j, NULL, &a);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

void
icmp_statistics_report(void *state, struct json *j, size_t max_bytes)
{
	const struct icmp_state *s = state;
	size_t part = max_bytes / 100;
	uint64_t refused = s->sources.refused +
	    s->destinations.refused +
	    s->echoes.refused + s->waiting.refused + s->errors.refused +
	    s->probes.refused + s->paths.refused + s->hops.refused +
	    s->told.refused + s->unreachable.refused;

	json_object(j, "statistics");
	types_report(s, j, part * SHARE_TYPES);
	json_uint(j, "icmpv4_packets", s->v4);
	json_uint(j, "icmpv6_packets", s->v6);
	addresses_report(&s->sources, j, "unique_sources_count",
	    "unique_sources", part * SHARE_ADDRESSES);
	addresses_report(&s->destinations, j, "unique_destinations_count",
	    "unique_destinations", part * SHARE_ADDRESSES);
	icmp_echo_report(s, j, part * SHARE_ECHO);
	addresses_report(&s->unreachable, j,
	    "unreachable_destinations_count", "unreachable_destinations",
	    part * SHARE_ADDRESSES);
	icmp_errors_report(s, j, part * SHARE_ERRORS);
	if (refused > 0)
		json_uint(j, "entries_beyond_cap", refused);
	json_end(j);
}
