#include "analysis/dns.h"

#include <stdlib.h>

/* Shares of the statistics' bytes, in hundredths. */
#define SHARE_NAMES 14
#define SHARE_TYPES 8
#define SHARE_RCODES 4
#define SHARE_SLOWEST 7
#define SHARE_UNANSWERED 10
#define SHARE_SERVERS 10
#define SHARE_CLIENTS 10
#define SHARE_ODD 5
#define SHARE_DOMAINS 20
#define SHARE_MAP 12

#define COUNTED_MAX 4096 /* different types, reply codes */

/* Types or reply codes with a count that is not 0, greatest count first. */
struct counted {
	const struct dns_state *s;
	bool types;
	uint32_t numbers[COUNTED_MAX];
	size_t n;
};

static uint64_t
number_count(const struct counted *c, uint32_t number)
{
	const struct dns_type_count *type = &c->s->types[number];

	return c->types ? type->queries + type->records :
	    c->s->rcodes[number];
}

static uint64_t
counted_rank(const void *context, size_t i)
{
	const struct counted *c = context;

	return number_count(c, c->numbers[i]);
}

static uint64_t
host_rank(const void *context, size_t i)
{
	const struct dns_hosts *hosts = context;
	const struct dns_host *h = &hosts->host[i];

	return (uint64_t)h->queries + h->responses;
}

static uint64_t
odd_rank(const void *context, size_t i)
{
	const struct dns_hosts *odd = context;

	return odd->host[i].queries;
}

static uint64_t
asked_rank(const void *context, size_t i)
{
	const struct dns_domains *d = context;

	return d->asked[i].queries;
}

/* mcpcap's list of names alone. */
static void
names_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	const struct table *names = &s->domains.names;
	uint32_t *order = ranked_order(names->n, asked_rank,
	    &s->domains);
	size_t limit = json_size(j) + max_bytes, n = 0;
	struct json_mark mark;

	json_array(j, "unique_domains");
	for (; order != NULL && n < names->n; n++) {
		mark = json_mark(j);
		json_span(j, NULL, table_key(names, order[n]));
		if (json_size(j) <= limit)
			continue;
		json_rewind(j, mark);
		break;
	}
	json_end(j);
	if (n < names->n)
		json_uint(j, "unique_domains_left_out", names->n - n);
	free(order);
}

static void
counted_report(const struct dns_state *s, struct json *j, bool types,
    size_t max_bytes)
{
	struct counted c = { .s = s, .types = types };
	uint32_t size = types ? s->types_end : DNS_RCODES, *order;
	char word[DNS_WORD];
	struct ranked r;

	for (uint32_t i = 0; i < size && c.n < COUNTED_MAX; i++)
		if (number_count(&c, i) > 0)
			c.numbers[c.n++] = i;
	order = ranked_order(c.n, counted_rank, &c);
	ranked_begin(&r, j, types ? "types" : "rcodes", types ?
	    "type type_name queries answer_records" :
	    "rcode rcode_name responses", order == NULL ? 0 : c.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		uint16_t number = (uint16_t)c.numbers[order[i]];

		json_uint(j, NULL, number);
		json_text(j, NULL, types ? dns_type_text(number, word) :
		    dns_rcode_text(number, word));
		json_uint(j, NULL, types ? s->types[number].queries :
		    s->rcodes[number]);
		if (types)
			json_uint(j, NULL, s->types[number].records);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

static void
name_write(const struct dns_state *s, struct json *j, uint32_t name)
{
	if (name == DNS_NOBODY)
		json_null(j, NULL);
	else
		json_span(j, NULL, table_key(&s->domains.names, name));
}

static void
type_write(struct json *j, bool asks, uint16_t type)
{
	char word[DNS_WORD];

	if (asks)
		json_text(j, NULL, dns_type_text(type, word));
	else
		json_null(j, NULL);
}

static void
host_write(const struct dns_hosts *hosts, struct json *j, uint32_t host)
{
	if (host == DNS_NOBODY)
		json_null(j, NULL);
	else
		json_addr(j, NULL, &hosts->host[host].addr);
}

static void
slowest_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	const struct dns_pairs *p = &s->pairs;
	struct ranked r;

	ranked_begin(&r, j, "slowest", "name type server latency_ms "
	    "query_frame response_frame", p->n_slowest, max_bytes);
	for (size_t i = 0; i < r.total && ranked_row(&r); i++) {
		name_write(s, j, p->slowest[i].name);
		type_write(j, p->slowest[i].asks, p->slowest[i].type);
		host_write(&s->servers, j, p->slowest[i].server);
		json_ms(j, NULL, p->slowest[i].latency);
		json_uint(j, NULL, p->slowest[i].query_frame);
		json_uint(j, NULL, p->slowest[i].response_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}

static void
unanswered_report(const struct dns_state *s, struct json *j,
    size_t max_bytes)
{
	const struct dns_pairs *p = &s->pairs;
	struct ranked r;

	ranked_begin(&r, j, "unanswered", "name type client server tries "
	    "first_frame last_frame", p->unanswered, max_bytes);
	for (size_t i = 0; i < p->n_left && ranked_row(&r); i++) {
		name_write(s, j, p->left[i].name);
		type_write(j, p->left[i].asks, p->left[i].type);
		host_write(&s->clients, j, p->left[i].client);
		host_write(&s->servers, j, p->left[i].server);
		json_uint(j, NULL, p->left[i].tries);
		json_uint(j, NULL, p->left[i].first_frame);
		json_uint(j, NULL, p->left[i].last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}

static void
transactions_report(struct dns_state *s, struct json *j)
{
	struct dns_pairs *p = &s->pairs;

	json_object(j, "transactions");
	json_uint(j, "total", p->begun);
	json_uint(j, "answered", p->answered);
	json_uint(j, "unanswered", p->unanswered);
	json_uint(j, "repeated_queries", p->retries);
	json_uint(j, "duplicate_responses", p->duplicates);
	json_uint(j, "responses_without_query", p->unasked);
	if (p->mismatched > 0)
		json_uint(j, "responses_to_another_question", p->mismatched);
	latency_report(&p->latency, j, "latency_ms");
	json_end(j);
}

static void
latency_write(struct json *j, const struct dns_host *h)
{
	if (h->latency_count == 0)
		json_null(j, NULL);
	else
		json_ms(j, NULL, h->latency_sum / (int64_t)h->latency_count);
}

static void
hosts_report(const struct dns_hosts *hosts, struct json *j, bool servers,
    size_t max_bytes)
{
	uint32_t *order = ranked_order(hosts->n, host_rank, hosts);
	struct ranked r;

	ranked_begin(&r, j, servers ? "servers" : "clients", servers ?
	    "ip port queries responses unanswered mean_latency_ms nxdomain "
	    "servfail first_frame last_frame" :
	    "ip queries responses nxdomain nxdomain_names servfail "
	    "first_frame last_frame", order == NULL ? 0 : hosts->n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dns_host *h = &hosts->host[order[i]];

		json_addr(j, NULL, &h->addr);
		if (servers)
			json_uint(j, NULL, h->port);
		json_uint(j, NULL, h->queries);
		json_uint(j, NULL, h->responses);
		if (servers) {
			json_uint(j, NULL, h->unanswered);
			latency_write(j, h);
		}
		json_uint(j, NULL, h->nxdomain);
		if (!servers)
			json_uint(j, NULL, h->nx_names);
		json_uint(j, NULL, h->servfail);
		json_uint(j, NULL, hosts->first_frame[order[i]]);
		json_uint(j, NULL, h->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

static void
odd_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(s->odd.n, odd_rank, &s->odd);
	struct ranked r;

	ranked_begin(&r, j, "odd_ports", "ip port messages first_frame "
	    "last_frame", order == NULL ? 0 : s->odd.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dns_host *odd = &s->odd.host[order[i]];

		json_addr(j, NULL, &odd->addr);
		json_uint(j, NULL, odd->port);
		json_uint(j, NULL, odd->queries);
		json_uint(j, NULL, s->odd.first_frame[order[i]]);
		json_uint(j, NULL, odd->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

static void
caps_report(const struct dns_state *s, struct json *j)
{
	const struct dns_domains *d = &s->domains;
	const struct {
		uint64_t kept, refused;
		const char *what;
	} caps[] = {
		{ d->names.n, d->names.refused, "different names" },
		{ d->domains.n, d->domains.refused, "domains" },
		{ d->clients.n, d->clients.refused, "clients of domains" },
		{ s->clients.n, s->clients.refused, "clients" },
		{ s->servers.n, s->servers.refused, "servers" },
		{ s->odd.n, s->odd.refused, "servers on odd ports" },
		{ s->nx_names.n, s->nx_names.refused,
		    "names that do not exist, by client" },
		{ s->map.n, s->map.refused, "names with addresses" },
		{ DNS_PAIRS_OPEN, s->pairs.evicted, "open transactions; older "
		    "ones count as unanswered" },
	};
	uint64_t refused = 0;

	for (size_t i = 0; i < LENGTH(caps); i++)
		refused += caps[i].refused;
	if (refused == 0)
		return;
	json_array(j, "caps");
	for (size_t i = 0; i < LENGTH(caps); i++)
		ranked_cap(j, caps[i].what, caps[i].kept, caps[i].refused);
	json_end(j);
}

/* Counts that are told when they are not 0. */
static void
counts_report(const struct dns_state *s, struct json *j)
{
	static const struct {
		const char name[40];
		uint16_t at;
	} counts[] = {
#define COUNT(name, field) { name, offsetof(struct dns_state, field) }
		COUNT("over_udp", udp),
		COUNT("over_tcp", tcp),
		COUNT("mdns", mdns),
		COUNT("llmnr", llmnr),
		COUNT("by_content_on_odd_ports", odd_port),
		COUNT("netbios_name_packets_not_counted", port_137),
		COUNT("truncated", truncated),
		COUNT("with_edns", edns),
		COUNT("dnssec_wanted", dnssec_ok),
		COUNT("questions_without_a_readable_name", unreadable),
		COUNT("malformed", malformed),
		COUNT("cut_by_snaplen", cut),
		COUNT("quoted_in_icmp_errors", quoted),
#undef COUNT
	};
	uint64_t count;

	for (size_t i = 0; i < LENGTH(counts); i++) {
		memcpy(&count, (const uint8_t *)s + counts[i].at,
		    sizeof(count));
		if (count > 0)
			json_uint(j, counts[i].name, count);
	}
}

void
dns_statistics_report(void *state, struct json *j, size_t max_bytes)
{
	struct dns_state *s = state;
	size_t part = max_bytes / 100;

	json_object(j, "statistics");
	json_uint(j, "queries", s->queries);
	json_uint(j, "responses", s->responses);
	json_uint(j, "unique_domains_queried", s->domains.names.n);
	names_report(s, j, part * SHARE_NAMES);
	counts_report(s, j);
	counted_report(s, j, true, part * SHARE_TYPES);
	counted_report(s, j, false, part * SHARE_RCODES);
	transactions_report(s, j);
	slowest_report(s, j, part * SHARE_SLOWEST);
	unanswered_report(s, j, part * SHARE_UNANSWERED);
	hosts_report(&s->servers, j, true, part * SHARE_SERVERS);
	hosts_report(&s->clients, j, false, part * SHARE_CLIENTS);
	odd_report(s, j, part * SHARE_ODD);
	dns_domains_report(&s->domains, j, part * SHARE_DOMAINS);
	dns_map_report(&s->map, j, part * SHARE_MAP);
	caps_report(s, j);
	json_end(j);
}
