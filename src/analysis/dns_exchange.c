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

static void
host_answered(struct dns_host *h, const struct dns_waiting *w)
{
	if (h == NULL)
		return;
	h->last_frame = w->q.frame;
	h->responses++;
	h->nxdomain += w->rcode == DNS_NXDOMAIN;
	h->servfail += w->rcode == DNS_SERVFAIL;
}

static void
odd_note(struct dns_state *s, const struct addr *server, uint16_t port,
    uint64_t frame)
{
	uint8_t key[DNS_END_BYTES];
	struct dns_odd *odd = table_add(&s->odd, dns_end_key(key, server,
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
	uint64_t frame = w->q.frame;

	w->q.client = dns_hosts_find(&s->clients, &w->src, 0, w->client_hash,
	    frame);
	w->q.server = dns_hosts_find(&s->servers, &w->dst, w->dport,
	    w->server_hash, frame);
	if (w->q.client != DNS_NOBODY)
		s->clients.host[w->q.client].queries++;
	if (w->q.server != DNS_NOBODY)
		s->servers.host[w->q.server].queries++;
	if (w->q.asks && !w->bad_name)
		w->q.name = name_asked(s, w, &w->ask);
	if (w->kind != DNS_MULTICAST)
		dns_pairs_query(&s->pairs, w->pair, &w->q);
}

/* Who they are: the transaction knows it without a look-up.  The client of a
 * group is nobody. */
static struct dns_pairs_query
answerers_of(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_pair *pair)
{
	struct dns_pairs_query q = { .client = DNS_NOBODY };
	uint64_t frame = w->q.frame;

	if (pair != NULL && w->kind == DNS_UNICAST) {
		q.client = pair->client;
		q.server = pair->server;
		return q;
	}
	if (!is_group(&w->dst))
		q.client = dns_hosts_find(&s->clients, &w->dst, 0,
		    dns_end_hash(&w->dst, 0), frame);
	q.server = dns_hosts_find(&s->servers, &w->src, w->sport,
	    dns_end_hash(&w->src, w->sport), frame);
	return q;
}

/* Returns the client. */
static uint32_t
answerers_count(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_pair *pair, int64_t latency)
{
	struct dns_pairs_query q = answerers_of(s, w, pair);
	struct dns_host *asked = dns_host_at(&s->servers, q.server);

	host_answered(dns_host_at(&s->clients, q.client), w);
	host_answered(asked, w);
	if (asked != NULL && latency >= 0) {
		asked->latency_sum += latency;
		asked->latency_count++;
	}
	return q.client;
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

/* What a message will most likely find. */
struct guess {
	const struct dns_pair *pair;
	size_t name, client, server;
};

/* Its slots have been fetched; now what they point to. */
static struct guess
guess_first(const struct dns_state *s, const struct dns_waiting *w)
{
	struct guess g = { NULL, SIZE_MAX, SIZE_MAX, SIZE_MAX };

	if (w->as == DNS_WAITS_ROW)
		return g;
	g.pair = dns_pairs_guess(&s->pairs, w->pair);
	if (w->as == DNS_WAITS_RESPONSE)
		return g;
	g.name = dns_domains_guess(&s->domains, w->ask.hash);
	g.client = dns_hosts_guess(&s->clients, w->client_hash);
	g.server = dns_hosts_guess(&s->servers, w->server_hash);
	return g;
}

static size_t
number_of(uint32_t entry)
{
	return entry == DNS_NOBODY ? SIZE_MAX : entry;
}

static void
guess_second(const struct dns_state *s, const struct dns_waiting *w,
    struct guess *g)
{
	if (w->as == DNS_WAITS_RESPONSE && g->pair != NULL &&
	    g->pair->key == w->pair) {
		g->name = number_of(g->pair->name);
		g->client = number_of(g->pair->client);
		g->server = number_of(g->pair->server);
	}
	if (g->name != SIZE_MAX)
		dns_domains_prefetch_name(&s->domains, g->name);
	dns_hosts_prefetch_host(&s->clients, g->client);
	dns_hosts_prefetch_host(&s->servers, g->server);
}

static void
waiting_come(const struct dns_state *s)
{
	const struct dns_exchange *e = &s->exchange;
	struct guess guesses[DNS_WAITING] BYTES_UNSET;
	size_t queries = 0;

	for (size_t i = 0; i < e->n; i++) {
		guesses[i] = guess_first(s, &e->waiting[i]);
		if (e->waiting[i].as == DNS_WAITS_QUERY)
			dns_pairs_prefetch_old(&s->pairs, queries++);
	}
	for (size_t i = 0; i < e->n; i++)
		guess_second(s, &e->waiting[i], &guesses[i]);
	for (size_t i = 0; i < e->n; i++)
		if (guesses[i].name != SIZE_MAX)
			dns_domains_prefetch_domain(&s->domains,
			    guesses[i].name);
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
    const struct message *msg, uint64_t name_hash)
{
	const struct dns_message *m = msg->data;
	const struct transport *t = msg->transport;

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
	w->ask.hash = name_hash;
	w->ask.type = m->questions[0].type;
	w->bad_name = m->questions[0].name.bad;
	w->q.type = w->ask.type;
	w->q.question = (uint32_t)w->ask.hash ^ w->ask.type;
}

static void
waiting_prefetch(const struct dns_state *s, struct dns_waiting *w)
{
	dns_pairs_prefetch(&s->pairs, w->pair);
	if (w->as == DNS_WAITS_RESPONSE)
		return;
	w->client_hash = dns_end_hash(&w->src, 0);
	w->server_hash = dns_end_hash(&w->dst, w->dport);
	dns_domains_prefetch(&s->domains, w->ask.hash);
	dns_hosts_prefetch(&s->clients, w->client_hash);
	dns_hosts_prefetch(&s->servers, w->server_hash);
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
		ask.hash = hash_text(ask.name);
		(void)name_asked(s, w, &ask);
	}
}

void
dns_exchange_add(struct dns_state *s, const struct packet *p,
    const struct message *msg, uint64_t name_hash)
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
		waiting_fill(w, p, msg, name_hash);
		waiting_prefetch(s, w);
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
