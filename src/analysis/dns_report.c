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

/* Numbers with a count that is not 0, greatest count first. */
struct counted {
	const struct dns_state *s;
	uint64_t (*count)(const struct dns_state *s, uint32_t number);
	uint32_t numbers[COUNTED_MAX];
	size_t n;
};

static uint64_t
type_count(const struct dns_state *s, uint32_t type)
{
	return s->types[type].queries + s->types[type].records;
}

static uint64_t
rcode_count(const struct dns_state *s, uint32_t rcode)
{
	return s->rcodes[rcode];
}

static uint64_t
counted_rank(const void *context, size_t i)
{
	const struct counted *c = context;

	return c->count(c->s, c->numbers[i]);
}

static uint32_t *
counted_order(struct counted *c, uint32_t size)
{
	for (uint32_t i = 0; i < size && c->n < COUNTED_MAX; i++)
		if (c->count(c->s, i) > 0)
			c->numbers[c->n++] = i;
	return ranked_order(c->n, counted_rank, c);
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
	const struct dns_odd *odd = table_value(context, i);

	return odd->messages;
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
types_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	struct counted c = { .s = s, .count = type_count };
	uint32_t *order = counted_order(&c, s->types_end);
	char word[DNS_WORD];
	struct ranked r;

	ranked_begin(&r, j, "types", "type type_name queries answer_records",
	    order == NULL ? 0 : c.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		uint16_t type = (uint16_t)c.numbers[order[i]];

		json_uint(j, NULL, type);
		json_text(j, NULL, dns_type_text(type, word));
		json_uint(j, NULL, s->types[type].queries);
		json_uint(j, NULL, s->types[type].records);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

static void
rcodes_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	struct counted c = { .s = s, .count = rcode_count };
	uint32_t *order = counted_order(&c, DNS_RCODES);
	char word[DNS_WORD];
	struct ranked r;

	ranked_begin(&r, j, "rcodes", "rcode rcode_name responses",
	    order == NULL ? 0 : c.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		uint16_t rcode = (uint16_t)c.numbers[order[i]];

		json_uint(j, NULL, rcode);
		json_text(j, NULL, dns_rcode_text(rcode, word));
		json_uint(j, NULL, s->rcodes[rcode]);
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
	struct addr a;

	if (host == DNS_NOBODY) {
		json_null(j, NULL);
		return;
	}
	(void)dns_end_read(table_key(&hosts->ends, host), &a);
	json_addr(j, NULL, &a);
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
servers_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(s->servers.ends.n, host_rank,
	    &s->servers);
	struct ranked r;
	struct addr a;

	ranked_begin(&r, j, "servers", "ip port queries responses unanswered "
	    "mean_latency_ms nxdomain servfail first_frame last_frame",
	    order == NULL ? 0 : s->servers.ends.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dns_host *h = &s->servers.host[order[i]];
		uint16_t port = dns_end_read(table_key(&s->servers.ends,
		    order[i]), &a);

		json_addr(j, NULL, &a);
		json_uint(j, NULL, port);
		json_uint(j, NULL, h->queries);
		json_uint(j, NULL, h->responses);
		json_uint(j, NULL, h->unanswered);
		if (h->latency_count == 0)
			json_null(j, NULL);
		else
			json_ms(j, NULL, h->latency_sum /
			    (int64_t)h->latency_count);
		json_uint(j, NULL, h->nxdomain);
		json_uint(j, NULL, h->servfail);
		json_uint(j, NULL, h->first_frame);
		json_uint(j, NULL, h->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

/* How many different names each client was told not to exist. */
static uint32_t *
nx_counts(const struct dns_state *s)
{
	uint32_t *counts = calloc(s->clients.ends.n + 1, sizeof(*counts));
	uint64_t client;

	if (counts == NULL)
		return NULL;
	for (size_t i = 0; i < s->nx_names.n; i++) {
		memcpy(&client, table_key(&s->nx_names, i).p, sizeof(client));
		if (client < s->clients.ends.n)
			counts[client]++;
	}
	return counts;
}

static void
clients_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(s->clients.ends.n, host_rank,
	    &s->clients);
	uint32_t *nx = nx_counts(s);
	struct ranked r;
	struct addr a;

	ranked_begin(&r, j, "clients", "ip queries responses nxdomain "
	    "nxdomain_names servfail first_frame last_frame",
	    order == NULL || nx == NULL ? 0 : s->clients.ends.n, max_bytes);
	for (size_t i = 0; order != NULL && nx != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dns_host *h = &s->clients.host[order[i]];

		(void)dns_end_read(table_key(&s->clients.ends, order[i]), &a);
		json_addr(j, NULL, &a);
		json_uint(j, NULL, h->queries);
		json_uint(j, NULL, h->responses);
		json_uint(j, NULL, h->nxdomain);
		json_uint(j, NULL, nx[order[i]]);
		json_uint(j, NULL, h->servfail);
		json_uint(j, NULL, h->first_frame);
		json_uint(j, NULL, h->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
	free(nx);
}

static void
odd_report(const struct dns_state *s, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(s->odd.n, odd_rank, &s->odd);
	struct ranked r;
	struct addr a;

	ranked_begin(&r, j, "odd_ports", "ip port messages first_frame "
	    "last_frame", order == NULL ? 0 : s->odd.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dns_odd *odd = table_value(&s->odd, order[i]);
		uint16_t port = dns_end_read(table_key(&s->odd, order[i]),
		    &a);

		json_addr(j, NULL, &a);
		json_uint(j, NULL, port);
		json_uint(j, NULL, odd->messages);
		json_uint(j, NULL, odd->first_frame);
		json_uint(j, NULL, odd->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}

static void
cap_report(struct json *j, const struct table *t, const char *what)
{
	if (t->refused == 0)
		return;
	json_object(j, NULL);
	json_text(j, "what", what);
	json_uint(j, "kept", t->n);
	json_uint(j, "refused", t->refused);
	json_end(j);
}

static void
caps_report(const struct dns_state *s, struct json *j)
{
	const struct table *all[] = { &s->domains.names, &s->domains.domains,
		&s->domains.pairs, &s->clients.ends, &s->servers.ends,
		&s->odd,
		&s->nx_names, &s->map.entries };
	uint64_t refused = s->pairs.evicted;

	for (size_t i = 0; i < LENGTH(all); i++)
		refused += all[i]->refused;
	if (refused == 0)
		return;
	json_array(j, "caps");
	cap_report(j, &s->domains.names, "different names");
	cap_report(j, &s->domains.domains, "domains");
	cap_report(j, &s->domains.pairs, "clients of domains");
	cap_report(j, &s->clients.ends, "clients");
	cap_report(j, &s->servers.ends, "servers");
	cap_report(j, &s->odd, "servers on odd ports");
	cap_report(j, &s->nx_names, "names that do not exist, by client");
	cap_report(j, &s->map.entries, "names with addresses");
	if (s->pairs.evicted > 0) {
		json_object(j, NULL);
		json_text(j, "what", "open transactions; older ones count as "
		    "unanswered");
		json_uint(j, "kept", DNS_PAIRS_OPEN);
		json_uint(j, "refused", s->pairs.evicted);
		json_end(j);
	}
	json_end(j);
}

static void
count_report(struct json *j, const char *name, uint64_t count)
{
	if (count > 0)
		json_uint(j, name, count);
}

void
dns_statistics_report(struct dns_state *s, struct json *j, size_t max_bytes)
{
	size_t part = max_bytes / 100;

	json_object(j, "statistics");
	json_uint(j, "queries", s->queries);
	json_uint(j, "responses", s->responses);
	json_uint(j, "unique_domains_queried", s->domains.names.n);
	names_report(s, j, part * SHARE_NAMES);
	count_report(j, "over_udp", s->udp);
	count_report(j, "over_tcp", s->tcp);
	count_report(j, "mdns", s->mdns);
	count_report(j, "llmnr", s->llmnr);
	count_report(j, "by_content_on_odd_ports", s->odd_port);
	count_report(j, "netbios_name_packets_not_counted", s->port_137);
	count_report(j, "truncated", s->truncated);
	count_report(j, "with_edns", s->edns);
	count_report(j, "dnssec_wanted", s->dnssec_ok);
	count_report(j, "questions_without_a_readable_name", s->unreadable);
	count_report(j, "malformed", s->malformed);
	count_report(j, "cut_by_snaplen", s->cut);
	count_report(j, "quoted_in_icmp_errors", s->quoted);
	types_report(s, j, part * SHARE_TYPES);
	rcodes_report(s, j, part * SHARE_RCODES);
	transactions_report(s, j);
	slowest_report(s, j, part * SHARE_SLOWEST);
	unanswered_report(s, j, part * SHARE_UNANSWERED);
	servers_report(s, j, part * SHARE_SERVERS);
	clients_report(s, j, part * SHARE_CLIENTS);
	odd_report(s, j, part * SHARE_ODD);
	dns_domains_report(&s->domains, j, part * SHARE_DOMAINS);
	dns_map_report(&s->map, j, part * SHARE_MAP);
	caps_report(s, j);
	json_end(j);
}
