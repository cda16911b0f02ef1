#include "analysis/dns_exchange.h"

#include "analysis/dns.h"
#include "base/bytes.h"

#define ROWS_MEMORY ((size_t)64 << 20)

__attribute__((cold)) void
dns_exchange_init(struct dns_exchange *e)
{
	e->free = e->oldest = &e->waiting[0];
	for (size_t i = 0; i < DNS_WAITING; i++) {
		e->waiting[i].next = &e->waiting[(i + 1) % DNS_WAITING];
		e->waiting[i].ask.guess = SIZE_MAX;
		buf_init(&e->waiting[i].row, ROWS_MEMORY);
	}
	for (size_t i = 0; i < DNS_WAITING_LIKE; i++)
		e->queries.which[i] = e->responses.which[i] = &e->waiting[0];
}

__attribute__((cold)) void
dns_exchange_free(struct dns_exchange *e)
{
	for (size_t i = 0; i < DNS_WAITING; i++)
		buf_free(&e->waiting[i].row);
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

static __attribute__((cold)) void
odd_note(struct dns_state *s, const struct addr *server, uint16_t port,
    uint64_t frame)
{
	struct dns_host *odd = dns_host_at(&s->odd, dns_hosts_find(&s->odd,
	    server, port, dns_end_hash(server, port), frame, SIZE_MAX));

	if (odd != NULL)
		odd->queries++;
}

/* ---- One message -------------------------------------------------------- */

/* Returns the name's entry, or DNS_NOBODY. */
static uint32_t
name_asked(struct dns_state *s, const struct dns_waiting *w,
    struct dns_ask *ask)
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
	    frame, w->client_guess);
	w->q.server = dns_hosts_find(&s->servers, &w->dst, w->dport,
	    w->server_hash, frame, w->server_guess);
	if (w->q.client != DNS_NOBODY)
		s->clients.host[w->q.client].queries++;
	if (w->q.server != DNS_NOBODY)
		s->servers.host[w->q.server].queries++;
	if (w->q.asks && !w->bad_name)
		w->q.name = name_asked(s, w, &w->ask);
	if (w->kind != DNS_MULTICAST)
		dns_pairs_query(&s->pairs, w->pair, &w->q);
}

/* Who they are, where no transaction tells.  The client of a group is
 * nobody. */
static __attribute__((cold)) void
answerers_find(struct dns_state *s, struct dns_waiting *w)
{
	uint64_t frame = w->q.frame;

	w->q.client = DNS_NOBODY;
	if (!is_group(&w->dst))
		w->q.client = dns_hosts_find(&s->clients, &w->dst, 0,
		    dns_end_hash(&w->dst, 0), frame, SIZE_MAX);
	w->q.server = dns_hosts_find(&s->servers, &w->src, w->sport,
	    dns_end_hash(&w->src, w->sport), frame, SIZE_MAX);
}

static void
answerers_count(struct dns_state *s, struct dns_waiting *w,
    const struct dns_pair *pair, int64_t latency)
{
	struct dns_host *asked;

	if (pair != NULL && w->kind == DNS_UNICAST) {
		w->q.client = pair->client;
		w->q.server = pair->server;
	} else {
		answerers_find(s, w);
	}
	asked = dns_host_at(&s->servers, w->q.server);
	host_answered(dns_host_at(&s->clients, w->q.client), w);
	host_answered(asked, w);
	if (asked != NULL && latency >= 0) {
		asked->latency_sum += latency;
		asked->latency_count++;
	}
}

static void
nx_note(struct dns_state *s, const struct dns_waiting *w)
{
	uint64_t pair[2] = { w->q.client, w->ask.hash };

	if (w->rcode != DNS_NXDOMAIN || !w->q.asks || w->bad_name)
		return;
	word_set_add(&s->nx_names, hash_words(pair, LENGTH(pair)),
	    w->q.client);
}

/* The transaction that it ends, or NULL. */
static const struct dns_pair *
response_end(struct dns_state *s, struct dns_waiting *w, int64_t *latency)
{
	const struct dns_pair *pair = NULL;
	size_t name = SIZE_MAX;

	if (w->kind != DNS_MULTICAST)
		pair = dns_pairs_response(&s->pairs, w->pair, &w->q, latency);
	if (pair != NULL && w->q.asks && pair->name != DNS_NOBODY)
		name = pair->name;
	answerers_count(s, w, pair, *latency);
	nx_note(s, w);
	if (w->q.asks)
		dns_domains_response(&s->domains, w->ask.name, name,
		    w->rcode, w->bytes);
	dns_map_learn(&s->map, &w->answer, name == SIZE_MAX ? NULL :
	    &s->domains.asked[name].known);
	return pair;
}

static void
row_end(struct dns_state *s, const struct dns_waiting *w,
    const struct dns_pair *pair, int64_t latency)
{
	struct span row = buf_bytes(&w->row);
	struct json *j = rows_left_out(s->listing.rows) ? NULL :
	    rows_next(s->listing.rows);
	struct buf *out;

	if (j == NULL)
		return;
	out = json_raw_begin(j, NULL);
	buf_span(out, span_first(row, w->row_latency));
	if (pair != NULL && latency >= 0)
		dns_row_latency(pair->first_frame, latency, out);
	buf_span(out, span_after(row, w->row_latency));
	if (w->row.full)
		out->full = true;
	rows_done(s->listing.rows);
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
	else
		dns_map_learn(&s->map, &w->answer, NULL);
	row_end(s, w, pair, latency);
}

/* ---- Those that wait ---------------------------------------------------- */

/* The one that came so many before the last one. */
static struct dns_waiting *
step_of(const struct dns_steps *steps, size_t back)
{
	return steps->which[(steps->n - 1 - back) % DNS_WAITING_LIKE];
}

static void
queries_step(struct dns_state *s, const struct dns_steps *steps)
{
	struct dns_waiting *w = step_of(steps, 1);

	w->client_guess = dns_hosts_guess(&s->clients, w->client_hash);
	w->server_guess = dns_hosts_guess(&s->servers, w->server_hash);
	w->ask.guess = dns_domains_guess(&s->domains, w->ask.hash);
	(void)dns_pairs_guess(&s->pairs, w->pair);
	w = step_of(steps, 2);
	if (w->ask.guess != SIZE_MAX)
		dns_domains_prefetch_name(&s->domains, w->ask.guess);
	else if (w->q.asks && !w->bad_name)
		dns_domains_expect(&s->domains, &w->ask);
	w = step_of(steps, 3);
	if (w->ask.guess != SIZE_MAX)
		dns_domains_prefetch_domain(&s->domains, w->ask.guess);
}

/* The transaction has come, which knows the others. */
static void
pair_came(const struct dns_state *s, struct dns_waiting *w)
{
	const struct dns_pair *pair = w->guess;

	if (pair == NULL || pair->key != w->pair)
		return;
	if (pair->client != DNS_NOBODY)
		fetch(&s->clients.host[pair->client]);
	if (pair->name == DNS_NOBODY)
		return;
	w->ask.guess = pair->name;
	fetch(&s->domains.asked[pair->name]);
}

static void
responses_step(struct dns_state *s, const struct dns_steps *steps)
{
	struct dns_waiting *w = step_of(steps, 1);

	w->guess = dns_pairs_guess(&s->pairs, w->pair);
	pair_came(s, step_of(steps, 2));
	w = step_of(steps, 3);
	if (w->ask.guess != SIZE_MAX) {
		dns_domains_prefetch_domain(&s->domains, w->ask.guess);
		dns_map_prefetch(&s->map, &w->answer,
		    &s->domains.asked[w->ask.guess].known);
	}
	w = step_of(steps, 5);
	if (w->ask.guess != SIZE_MAX && w->answer.n > 0)
		dns_map_prefetch_owner(&s->map, &w->answer,
		    &s->domains.asked[w->ask.guess].known);
}

/* All but the last ones. */
static void
waiting_shorten(struct dns_state *s, uint64_t last)
{
	struct dns_exchange *e = &s->exchange;

	while (e->ended + last < e->n) {
		struct dns_waiting *w = e->oldest;

		e->oldest = w->next;
		e->ended++;
		waiting_end(s, w);
	}
}

void
dns_exchange_settle(struct dns_state *s)
{
	waiting_shorten(s, 0);
}

/* The first question, or none.  The name stays where it is: who does not copy
 * it settles at once. */
static inline void
ask_fill(struct dns_waiting *w, const struct dns_message *m)
{
	const struct dns_question *q = m->questions;

	w->ask.guess = SIZE_MAX;
	w->ask.domain_bytes = 0;
	w->q.asks = m->n_questions > 0;
	if (!w->q.asks) {
		w->ask.name = w->answer.name = span_empty();
		w->ask.hash = w->answer.hash = 0;
		w->ask.type = w->q.type = 0;
		w->q.question = 0;
		w->bad_name = false;
		return;
	}
	/* One by one: both at once would have to wait for what was just
	 * written one by one. */
	w->ask.name.p = w->answer.name.p = q->name->key.p;
	w->ask.name.n = w->answer.name.n = q->name->key.n;
	w->ask.hash = w->answer.hash = hash_text(q->name->key);
	w->ask.type = w->q.type = q->type;
	w->q.question = w->answer.hash ^ q->type;
	w->bad_name = q->name->bad;
}

static inline void
waiting_fill(struct dns_waiting *w, const struct packet *p,
    const struct message *msg)
{
	const struct dns_message *m = msg->data;
	const struct transport *t = msg->transport;

	w->as = m->response ? DNS_WAITS_RESPONSE : DNS_WAITS_QUERY;
	w->kind = m->kind;
	w->odd_port = msg->odd_port;
	w->rcode = m->rcode;
	w->bytes = m->claimed;
	if (t != NULL) {
		w->src = t->src;
		w->dst = t->dst;
		w->sport = t->sport;
		w->dport = t->dport;
		w->pair = dns_pairs_key(m, t);
	}
	w->q.frame = w->answer.frame = p->record->number;
	w->q.time = w->answer.time = p->record->time;
	w->q.name = DNS_NOBODY;
	w->guess = NULL;
	w->client_guess = w->server_guess = SIZE_MAX;
	ask_fill(w, m);
	w->answer.aaaa = w->q.type == DNS_TYPE_AAAA;
	w->answer.n = w->answer.n_text = 0;
}

/* Its first step is to have slots fetched. */
static void
waiting_prefetch(struct dns_state *s, struct dns_waiting *w)
{
	struct dns_exchange *e = &s->exchange;
	struct dns_steps *steps = w->as == DNS_WAITS_QUERY ? &e->queries :
	    &e->responses;

	dns_pairs_prefetch(&s->pairs, w->pair);
	steps->which[steps->n++ % DNS_WAITING_LIKE] = w;
	if (w->as == DNS_WAITS_RESPONSE) {
		responses_step(s, steps);
		return;
	}
	w->client_hash = dns_end_hash(&w->src, 0);
	w->server_hash = dns_end_hash(&w->dst, w->dport);
	dns_domains_prefetch(&s->domains, w->ask.hash);
	dns_hosts_prefetch(&s->clients, w->client_hash);
	dns_hosts_prefetch(&s->servers, w->server_hash);
	queries_step(s, steps);
}

/* Where none is wanted none will be asked for. */
static inline void
row_add(const struct dns_state *s, struct dns_waiting *w,
    const struct packet *p, const struct message *msg)
{
	const struct dns_exchange *e = &s->exchange;

	if (!rows_wanted_after(s->listing.rows, e->n - e->ended))
		return;
	buf_cut(&w->row, 0);
	w->row_latency = dns_row_write(p, msg, &w->row);
}

/* Questions of a query after the first. */
static __attribute__((cold)) void
more_asked(struct dns_state *s, const struct dns_message *m,
    const struct dns_waiting *w)
{
	for (size_t i = 1; i < m->n_questions; i++) {
		struct dns_ask ask = {
			.name = m->questions[i].name->key,
			.type = m->questions[i].type,
			.guess = SIZE_MAX,
		};

		if (m->questions[i].name->bad)
			continue;
		ask.hash = hash_text(ask.name);
		(void)name_asked(s, w, &ask);
	}
}

/* Those for which there is no room are learnt at once, after what waits;
 * false: so they were. */
static bool
records_add(struct dns_state *s, struct dns_waiting *w,
    const struct packet *p, const struct dns_message *m)
{
	struct dns_answer *answer = &w->answer;
	size_t i = dns_answer_add(answer, m, 0, p->arena), next;

	if (i == m->n_records)
		return true;
	for (; i < m->n_records; i = next) {
		dns_exchange_settle(s);
		dns_map_learn(&s->map, answer, NULL);
		answer->n = answer->n_text = 0;
		next = dns_answer_add(answer, m, i, p->arena);
		if (next > i)
			continue;
		dns_map_learn_alone(&s->map, answer, m, &m->records[i],
		    p->arena);
		next = i + 1;
	}
	return false;
}

void
dns_exchange_add(struct dns_state *s, const struct packet *p,
    const struct message *msg)
{
	struct dns_exchange *e = &s->exchange;
	struct dns_waiting *w = e->free;
	const struct dns_message *m = msg->data;
	const struct transport *t = msg->transport;
	bool quoted = t != NULL && t->in_error, waits;

	row_add(s, w, p, msg);
	waiting_fill(w, p, msg);
	waits = quoted || !m->response || records_add(s, w, p, m);
	if (t == NULL || quoted)
		w->as = DNS_WAITS_ROW;
	else
		waiting_prefetch(s, w);
	e->free = w->next;
	e->n++;
	if (w->ask.name.n > sizeof(w->name) || m->n_questions > 1 || !waits) {
		dns_exchange_settle(s);
		if (w->as == DNS_WAITS_QUERY)
			more_asked(s, m, w);
		/* The name goes with the packet. */
		w->q.asks = false;
		w->ask.name = w->answer.name = span_empty();
		return;
	}
	bytes_copy(w->name, w->ask.name.p, w->ask.name.n);
	w->ask.name.p = w->answer.name.p = w->name;
	waiting_shorten(s, DNS_WAITING - 2);
}
