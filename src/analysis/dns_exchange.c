#include "analysis/dns_exchange.h"

#include "analysis/dns.h"
#include "base/bytes.h"

#define ROWS_MEMORY ((size_t)64 << 20)

void
dns_exchange_init(struct dns_exchange *e)
{
	buf_init(&e->text, ROWS_MEMORY);
}

void
dns_exchange_free(struct dns_exchange *e)
{
	buf_free(&e->text);
}

/* ---- Who ---------------------------------------------------------------- */

static bool
is_group(const struct addr *a)
{
	struct cursor c = cur_open(span_of(a->bytes, sizeof(a->bytes)));
	uint8_t first = cur_u8(&c);

	return a->kind == ADDR_IPV4 ? first >= 224 :
	    a->kind == ADDR_IPV6 && first == 0xff;
}

#define ENDPOINT (sizeof(struct addr) + 2)

static struct span
endpoint_key(uint8_t *out, const struct addr *a, uint16_t port)
{
	memcpy(out, a, sizeof(*a));
	out[sizeof(*a)] = (uint8_t)(port >> 8);
	out[sizeof(*a) + 1] = (uint8_t)port;
	return span_of(out, ENDPOINT);
}

/* In the tables of clients and servers, which are asked by this alone. */
static uint64_t
endpoint_hash(const struct addr *a, uint16_t port)
{
	uint64_t words[3];

	memcpy(words, a->bytes, sizeof(a->bytes));
	words[2] = (uint64_t)port << 8 | a->kind;
	return hash_words(words, LENGTH(words));
}

static uint32_t
host_of(struct table *t, const struct addr *a, uint16_t port, uint64_t frame,
    struct dns_host **host)
{
	uint8_t key[ENDPOINT];
	size_t at = table_intern_hashed(t, endpoint_key(key, a, port),
	    endpoint_hash(a, port));

	*host = NULL;
	if (at == SIZE_MAX)
		return DNS_NOBODY;
	*host = table_value(t, at);
	if ((*host)->first_frame == 0)
		(*host)->first_frame = frame;
	(*host)->last_frame = frame;
	return (uint32_t)at;
}

static void
host_answered(struct dns_host *h, const struct dns_waiting *w)
{
	if (h == NULL)
		return;
	h->responses++;
	h->nxdomain += w->rcode == DNS_NXDOMAIN;
	h->servfail += w->rcode == DNS_SERVFAIL;
}

static void
odd_note(struct dns_state *s, const struct addr *server, uint16_t port,
    uint64_t frame)
{
	uint8_t key[ENDPOINT];
	struct dns_odd *odd = table_add(&s->odd, endpoint_key(key, server,
	    port));

	if (odd == NULL)
		return;
	if (odd->messages++ == 0)
		odd->first_frame = frame;
	odd->last_frame = frame;
}

/* ---- One message -------------------------------------------------------- */

/* Returns the name's entry, or DNS_NOBODY. */
static uint32_t
name_asked(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_ask *ask)
{
	size_t name = dns_domains_query(&s->domains, ask, w->q.client,
	    w->q.frame, w->bytes);

	return name == SIZE_MAX ? DNS_NOBODY : (uint32_t)name;
}

static void
query_end(struct dns_state *s, struct dns_waiting *w)
{
	struct dns_host *host;

	w->q.client = host_of(&s->clients, &w->src, 0, w->q.frame, &host);
	if (host != NULL)
		host->queries++;
	w->q.server = host_of(&s->servers, &w->dst, w->dport, w->q.frame,
	    &host);
	if (host != NULL)
		host->queries++;
	if (w->q.asks && !w->bad_name)
		w->q.name = name_asked(s, w, &w->ask);
	if (w->kind != DNS_MULTICAST)
		dns_pairs_query(&s->pairs, w->pair, &w->q);
}

static struct dns_host *
host_at(struct table *t, uint32_t at, uint64_t frame)
{
	struct dns_host *host;

	if (at == DNS_NOBODY)
		return NULL;
	host = table_value(t, at);
	host->last_frame = frame;
	return host;
}

/* The transaction knows who they are, without a look-up. */
static uint32_t
answerers_count(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_pair *pair, int64_t latency)
{
	uint64_t frame = w->q.frame;
	struct dns_host *asker = NULL, *asked;
	uint32_t client = DNS_NOBODY;

	if (pair != NULL && w->kind == DNS_UNICAST) {
		client = pair->client;
		asker = host_at(&s->clients, client, frame);
		asked = host_at(&s->servers, pair->server, frame);
	} else {
		if (!is_group(&w->dst))
			client = host_of(&s->clients, &w->dst, 0, frame,
			    &asker);
		(void)host_of(&s->servers, &w->src, w->sport, frame, &asked);
	}
	host_answered(asker, w);
	host_answered(asked, w);
	if (asked != NULL && latency >= 0) {
		asked->latency_sum += latency;
		asked->latency_count++;
	}
	return client;
}

static void
nx_note(struct dns_state *s, const struct dns_waiting *w, uint32_t client)
{
	uint64_t pair[2] = { client, w->ask.hash };

	if (w->rcode != DNS_NXDOMAIN || !w->q.asks || w->bad_name)
		return;
	(void)table_add(&s->nx_names, span_of(pair, sizeof(pair)));
}

/* The transaction that it ends, or NULL. */
static const struct dns_pair *
response_end(struct dns_state *s, const struct dns_waiting *w,
    int64_t *latency)
{
	const struct dns_pair *pair = NULL;
	size_t name = SIZE_MAX;

	if (w->kind != DNS_MULTICAST)
		pair = dns_pairs_response(&s->pairs, w->pair, &w->q, latency);
	if (pair != NULL && pair->name != DNS_NOBODY)
		name = pair->name;
	nx_note(s, w, answerers_count(s, w, pair, *latency));
	if (w->q.asks)
		dns_domains_response(&s->domains, w->ask.name, name,
		    w->rcode, w->bytes);
	return pair;
}

static void
row_end(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_pair *pair, int64_t latency)
{
	struct span text = buf_bytes(&s->exchange.text);
	struct json *j = rows_next(s->options->rows);
	struct buf *out;

	if (j == NULL)
		return;
	out = json_raw_begin(j, NULL);
	buf_span(out, span_first(span_after(text, w->row),
	    w->row_latency - w->row));
	if (pair != NULL && latency >= 0)
		dns_row_latency(pair->first_frame, latency, out);
	buf_span(out, span_first(span_after(text, w->row_latency),
	    w->row_end - w->row_latency));
	if (s->exchange.text.full)
		out->full = true;
	rows_done(s->options->rows);
}

static void
waiting_end(struct dns_state *s, struct dns_waiting *w)
{
	const struct dns_pair *pair = NULL;
	int64_t latency = -1;

	if (w->as != DNS_WAITS_ROW && w->odd_port)
		odd_note(s, w->as == DNS_WAITS_RESPONSE ? &w->src : &w->dst,
		    w->as == DNS_WAITS_RESPONSE ? w->sport : w->dport,
		    w->q.frame);
	if (w->as == DNS_WAITS_RESPONSE)
		pair = response_end(s, w, &latency);
	else if (w->as == DNS_WAITS_QUERY)
		query_end(s, w);
	row_end(s, w, pair, latency);
}

/* ---- Those that wait ---------------------------------------------------- */

/* Their slots have been fetched; now what the slots point to. */
static void
waiting_come(const struct dns_state *s)
{
	const struct dns_exchange *e = &s->exchange;
	const struct dns_pair *pairs[DNS_WAITING];
	size_t names[DNS_WAITING], queries = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct dns_waiting *w = &e->waiting[i];

		names[i] = SIZE_MAX;
		pairs[i] = NULL;
		if (w->as == DNS_WAITS_ROW)
			continue;
		pairs[i] = dns_pairs_guess(&s->pairs, w->pair);
		if (w->as == DNS_WAITS_RESPONSE)
			continue;
		names[i] = dns_domains_guess(&s->domains, w->ask.hash);
		dns_pairs_prefetch_old(&s->pairs, queries++);
	}
	for (size_t i = 0; i < e->n; i++) {
		if (pairs[i] != NULL &&
		    e->waiting[i].as == DNS_WAITS_RESPONSE &&
		    pairs[i]->key == e->waiting[i].pair &&
		    pairs[i]->name != DNS_NOBODY)
			names[i] = pairs[i]->name;
		if (names[i] != SIZE_MAX)
			dns_domains_prefetch_name(&s->domains, names[i]);
	}
	for (size_t i = 0; i < e->n; i++)
		if (names[i] != SIZE_MAX)
			dns_domains_prefetch_domain(&s->domains, names[i]);
}

void
dns_exchange_settle(struct dns_state *s)
{
	struct dns_exchange *e = &s->exchange;

	waiting_come(s);
	for (size_t i = 0; i < e->n; i++)
		waiting_end(s, &e->waiting[i]);
	e->n = 0;
	buf_cut(&e->text, 0);
}

/* The name stays where it is: who does not copy it settles at once. */
static void
waiting_fill(struct dns_waiting *w, const struct packet *p,
    const struct message *msg, const struct transport *t)
{
	const struct dns_message *m = msg->data;

	w->as = m->response ? DNS_WAITS_RESPONSE : DNS_WAITS_QUERY;
	w->kind = m->kind;
	w->odd_port = msg->odd_port;
	w->rcode = m->rcode;
	w->bytes = m->claimed;
	w->src = t->src;
	w->dst = t->dst;
	w->sport = t->sport;
	w->dport = t->dport;
	w->pair = dns_pairs_key(m, t);
	w->q = (struct dns_pairs_query){
		.frame = p->record->number,
		.time = p->record->time,
		.name = DNS_NOBODY,
		.asks = m->n_questions > 0,
	};
	if (!w->q.asks) {
		w->ask = (struct dns_ask){ .name = span_empty() };
		w->bad_name = false;
		return;
	}
	w->ask.name = m->questions[0].name.key;
	w->ask.hash = hash_bytes(w->ask.name);
	w->ask.type = m->questions[0].type;
	w->bad_name = m->questions[0].name.bad;
	w->q.type = w->ask.type;
	w->q.question = (uint32_t)w->ask.hash ^ w->ask.type;
}

static void
row_add(struct dns_state *s, struct dns_waiting *w, const struct packet *p,
    const struct message *msg)
{
	struct dns_exchange *e = &s->exchange;

	w->row = w->row_latency = w->row_end = e->text.n;
	if (!rows_wanted_after(s->options->rows, e->n))
		return;
	w->row_latency = dns_row_write(p, msg, &e->text);
	w->row_end = e->text.n;
}

/* Questions of a query after the first. */
static void
more_asked(struct dns_state *s, const struct dns_message *m,
    const struct dns_waiting *w)
{
	for (size_t i = 1; i < m->n_questions; i++) {
		struct dns_ask ask = { m->questions[i].name.key, 0,
			m->questions[i].type };

		if (m->questions[i].name.bad)
			continue;
		ask.hash = hash_bytes(ask.name);
		(void)name_asked(s, w, &ask);
	}
}

void
dns_exchange_add(struct dns_state *s, const struct packet *p,
    const struct message *msg)
{
	struct dns_exchange *e = &s->exchange;
	struct dns_waiting *w = &e->waiting[e->n];
	const struct dns_message *m = msg->data;
	const struct transport *t = msg->transport;

	row_add(s, w, p, msg);
	e->n++;
	if (t == NULL || t->in_error) {
		w->as = DNS_WAITS_ROW;
	} else {
		waiting_fill(w, p, msg, t);
		dns_domains_prefetch(&s->domains, w->ask.hash);
		dns_pairs_prefetch(&s->pairs, w->pair);
		if (w->ask.name.n > sizeof(w->name) || m->n_questions > 1) {
			dns_exchange_settle(s);
			if (!m->response)
				more_asked(s, m, w);
			return;
		}
		bytes_copy(w->name, w->ask.name.p, w->ask.name.n);
		w->ask.name.p = w->name;
	}
	if (e->n == DNS_WAITING)
		dns_exchange_settle(s);
}
