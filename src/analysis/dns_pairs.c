#include "analysis/dns_pairs.h"

#include <assert.h>
#include <stdlib.h>

#include "base/table.h"

/* Memory that nobody reads before it is written comes page by page, once. */
bool
dns_pairs_init(struct dns_pairs *p)
{
	p->ring = calloc(DNS_PAIRS_OPEN, sizeof(*p->ring));
	p->heads = calloc(DNS_PAIRS_OPEN, sizeof(*p->heads));
	p->next = calloc(DNS_PAIRS_OPEN, sizeof(*p->next));
	p->left = calloc(DNS_PAIRS_UNANSWERED, sizeof(*p->left));
	return p->ring != NULL && p->heads != NULL && p->next != NULL &&
	    p->left != NULL;
}

void
dns_pairs_free(struct dns_pairs *p)
{
	free(p->ring);
	free(p->heads);
	free(p->next);
	free(p->left);
}

/* A query to a group is answered by whoever wants: the server is no part of
 * an LLMNR transaction. */
uint64_t
dns_pairs_key(const struct dns_message *m, const struct transport *t)
{
	const struct addr *client = m->response ? &t->dst : &t->src;
	const struct addr *server = m->response ? &t->src : &t->dst;
	uint16_t client_port = m->response ? t->dport : t->sport;
	uint16_t server_port = m->response ? t->sport : t->dport;
	uint64_t words[6] = { 0 };
	uint64_t hash;

	memcpy(&words[0], client->bytes, 16);
	if (m->kind != DNS_LINK_LOCAL)
		memcpy(&words[2], server->bytes, 16);
	words[4] = (uint64_t)client_port << 48 | (uint64_t)server_port << 32 |
	    (uint64_t)m->id << 16 | (uint64_t)t->protocol << 8 |
	    client->kind;
	words[5] = (uint64_t)m->opcode << 8 | server->kind;
	hash = hash_words(words, LENGTH(words));
	return hash == 0 ? 1 : hash;
}

static uint32_t *
head_of(const struct dns_pairs *p, uint64_t key)
{
	return &p->heads[key % DNS_PAIRS_OPEN];
}

/*
 * A link: 1 + place in the ring, and above it some bits of that one's key, so
 * that the ring is hardly ever looked at for others.
 */
#define PLACE 0xffffu

static_assert(DNS_PAIRS_OPEN <= PLACE, "a place fits in a link");

static uint32_t
link_to(uint64_t key, uint32_t place)
{
	return (uint32_t)(key >> 48) << 16 | (place + 1);
}

static bool
may_be(uint32_t link, uint64_t key)
{
	return link >> 16 == key >> 48;
}

static struct dns_pair *
pair_find(struct dns_pairs *p, uint64_t key)
{
	uint32_t link = *head_of(p, key);

	while (link != 0) {
		uint32_t place = (link & PLACE) - 1;

		if (may_be(link, key) && p->ring[place].key == key)
			return &p->ring[place];
		link = p->next[place];
	}
	return NULL;
}

/* Counts it when it was never answered, and takes it out of its chain. */
static void
pair_end(struct dns_pairs *p, struct dns_pair *pair)
{
	uint32_t *at = head_of(p, pair->key);
	uint32_t number = (uint32_t)(pair - p->ring);

	if (pair->tries > 1)
		p->retried++;
	if (!pair->answered) {
		p->unanswered++;
		if (p->n_left < DNS_PAIRS_UNANSWERED)
			p->left[p->n_left++] = *pair;
	}
	while (*at != 0 && (*at & PLACE) - 1 != number)
		at = &p->next[(*at & PLACE) - 1];
	*at = p->next[number];
	pair->key = 0;
}

static struct dns_pair *
pair_new(struct dns_pairs *p, uint64_t key)
{
	bool used = p->begun >= DNS_PAIRS_OPEN;
	uint32_t at = (uint32_t)(p->begun++ % DNS_PAIRS_OPEN);
	struct dns_pair *pair = &p->ring[at];
	uint32_t *head = head_of(p, key);

	if (used && pair->key != 0) {
		p->evicted += !pair->answered;
		pair_end(p, pair);
	}
	*pair = (struct dns_pair){ .key = key };
	p->next[at] = *head;
	*head = link_to(key, at);
	return pair;
}

void
dns_pairs_prefetch(const struct dns_pairs *p, uint64_t key)
{
	__builtin_prefetch(head_of(p, key));
}

const struct dns_pair *
dns_pairs_guess(const struct dns_pairs *p, uint64_t key)
{
	uint32_t link = *head_of(p, key);
	const struct dns_pair *pair;

	while (link != 0 && !may_be(link, key))
		link = p->next[(link & PLACE) - 1];
	if (link == 0)
		return NULL;
	pair = &p->ring[(link & PLACE) - 1];
	__builtin_prefetch(pair);
	__builtin_prefetch(&pair->asks);
	return pair;
}

void
dns_pairs_prefetch_old(const struct dns_pairs *p, size_t n)
{
	uint64_t at = p->begun + n;

	if (at >= DNS_PAIRS_OPEN)
		__builtin_prefetch(head_of(p,
		    p->ring[at % DNS_PAIRS_OPEN].key));
}

void
dns_pairs_query(struct dns_pairs *p, uint64_t key,
    const struct dns_pairs_query *q)
{
	struct dns_pair *pair = pair_find(p, key);

	if (pair != NULL && !pair->answered && pair->question == q->question) {
		pair->last_frame = q->frame;
		if (pair->tries < UINT8_MAX)
			pair->tries++;
		p->retries++;
		return;
	}
	if (pair != NULL)
		pair_end(p, pair);
	pair = pair_new(p, key);
	pair->question = q->question;
	pair->first = q->time;
	pair->first_frame = pair->last_frame = q->frame;
	pair->name = q->name;
	pair->client = q->client;
	pair->server = q->server;
	pair->asks = q->asks;
	pair->type = q->type;
	pair->tries = 1;
}

static void
slowest_note(struct dns_pairs *p, const struct dns_slow *slow)
{
	size_t at = p->n_slowest;

	if (at == DNS_PAIRS_SLOWEST &&
	    p->slowest[at - 1].latency >= slow->latency)
		return;
	if (at == DNS_PAIRS_SLOWEST)
		at--;
	else
		p->n_slowest++;
	for (; at > 0 && p->slowest[at - 1].latency < slow->latency; at--)
		p->slowest[at] = p->slowest[at - 1];
	p->slowest[at] = *slow;
}

const struct dns_pair *
dns_pairs_response(struct dns_pairs *p, uint64_t key,
    const struct dns_pairs_query *q, int64_t *latency)
{
	struct dns_pair *pair = pair_find(p, key);
	struct dns_slow slow;

	*latency = -1;
	if (pair == NULL) {
		p->unasked++;
		return NULL;
	}
	/* An error may come without the question. */
	if (q->asks && pair->question != q->question) {
		p->mismatched++;
		return NULL;
	}
	if (pair->answered) {
		p->duplicates++;
		return NULL;
	}
	pair->answered = true;
	p->answered++;
	if (!q->time.known || !pair->first.known)
		return pair;
	slow = (struct dns_slow){ time_diff(q->time, pair->first),
		pair->first_frame, q->frame, pair->name, pair->server,
		pair->type, pair->asks };
	latency_add(&p->latency, slow.latency);
	slowest_note(p, &slow);
	if (slow.latency >= 0)
		*latency = slow.latency;
	return pair;
}

void
dns_pairs_finish(struct dns_pairs *p)
{
	uint64_t first = p->begun < DNS_PAIRS_OPEN ? 0 :
	    p->begun - DNS_PAIRS_OPEN;

	for (uint64_t i = first; i < p->begun; i++) {
		struct dns_pair *pair = &p->ring[i % DNS_PAIRS_OPEN];

		if (pair->key != 0)
			pair_end(p, pair);
	}
}
