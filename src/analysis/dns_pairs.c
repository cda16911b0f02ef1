#include "analysis/dns_pairs.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/lines.h"
#include "base/table.h"
#include "base/word.h"

#define AHEAD 8
#define HEADS ((size_t)4 * DNS_PAIRS_OPEN) /* so that most have no chain */

static_assert(sizeof(struct dns_pair) == LINE, "a transaction is a line");

/* Memory that nobody reads before it is written comes page by page, once. */
__attribute__((cold)) bool
dns_pairs_init(struct dns_pairs *p, struct dns_hosts *servers)
{
	p->servers = servers;
	p->ring = lines_new(DNS_PAIRS_OPEN);
	p->heads = calloc(HEADS, sizeof(*p->heads));
	p->next = calloc(DNS_PAIRS_OPEN, sizeof(*p->next));
	p->left = calloc(DNS_PAIRS_UNANSWERED, sizeof(*p->left));
	return p->ring != NULL && p->heads != NULL && p->next != NULL &&
	    p->left != NULL;
}

__attribute__((cold)) void
dns_pairs_free(struct dns_pairs *p)
{
	lines_free(p->ring);
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
	uint64_t words[6] BYTES_UNSET, hash;
	bool whole = m->kind != DNS_LINK_LOCAL;

	words[0] = (uint64_t)client_port << 48 | (uint64_t)server_port << 32 |
	    (uint64_t)m->id << 16 | (uint64_t)t->protocol << 8 |
	    (uint64_t)m->opcode << 4;
	if (client->kind == ADDR_IPV4 && server->kind == ADDR_IPV4) {
		words[1] = (uint64_t)word_le32(client->bytes) << 32 |
		    (whole ? word_le32(server->bytes) : 0);
		hash = hash_words(words, 2);
	} else {
		words[1] = (uint64_t)client->kind << 8 | server->kind;
		memcpy(&words[2], client->bytes, 16);
		memcpy(&words[4], server->bytes, 16);
		if (!whole)
			words[4] = words[5] = 0;
		hash = hash_words(words, LENGTH(words));
	}
	return hash == 0 ? 1 : hash;
}

static uint64_t *
head_of(const struct dns_pairs *p, uint64_t key)
{
	return &p->heads[key % HEADS];
}

/*
 * A link: which transaction it is, counted from DNS_PAIRS_OPEN + 1 on, and
 * above that some bits of its key, so that the ring is hardly ever looked at
 * for others.  Chains go from newer to older ones and end at one whose place
 * in the ring has been taken.
 */
#define WHICH (((uint64_t)1 << 48) - 1)

static uint64_t
link_to(uint64_t key, uint64_t begun)
{
	return (key & ~WHICH) | (begun + DNS_PAIRS_OPEN);
}

static bool
is_open(const struct dns_pairs *p, uint64_t link)
{
	return p->begun + DNS_PAIRS_OPEN - (link & WHICH) < DNS_PAIRS_OPEN;
}

static bool
may_be(uint64_t link, uint64_t key)
{
	return ((link ^ key) & ~WHICH) == 0;
}

static size_t
place_of(uint64_t link)
{
	return ((link & WHICH) - 1) % DNS_PAIRS_OPEN;
}

static struct dns_pair *
pair_find(struct dns_pairs *p, uint64_t key)
{
	uint64_t link = *head_of(p, key);

	for (; is_open(p, link); link = p->next[place_of(link)])
		if (may_be(link, key) && p->ring[place_of(link)].key == key)
			return &p->ring[place_of(link)];
	return NULL;
}

static __attribute__((cold, noinline)) void
unanswered_note(struct dns_pairs *p, const struct dns_pair *pair)
{
	struct dns_host *server = dns_host_at(p->servers, pair->server);

	if (server != NULL)
		server->unanswered++;
	p->unanswered++;
	if (p->n_left < DNS_PAIRS_UNANSWERED)
		p->left[p->n_left++] = *pair;
}

/* Counts it when it was never answered. */
static void
pair_end(struct dns_pairs *p, struct dns_pair *pair)
{
	if (!pair->answered)
		unanswered_note(p, pair);
	pair->key = 0;
}

/* Out of its chain, before its time. */
static __attribute__((cold)) void
pair_unlink(struct dns_pairs *p, const struct dns_pair *pair)
{
	uint64_t *at = head_of(p, pair->key);

	while (is_open(p, *at) && &p->ring[place_of(*at)] != pair)
		at = &p->next[place_of(*at)];
	*at = p->next[pair - p->ring];
}

static struct dns_pair *
pair_new(struct dns_pairs *p, uint64_t key)
{
	size_t at = (size_t)(p->begun % DNS_PAIRS_OPEN);
	struct dns_pair *pair = &p->ring[at];
	uint64_t *head = head_of(p, key);

	if (p->begun++ >= DNS_PAIRS_OPEN && pair->key != 0) {
		p->evicted += !pair->answered;
		pair_end(p, pair);
	}
	p->next[at] = *head;
	*head = link_to(key, p->begun);
	return pair;
}

void
dns_pairs_prefetch(const struct dns_pairs *p, uint64_t key)
{
	fetch(head_of(p, key));
	/* And a place in the ring that will soon be needed. */
	fetch(&p->ring[(p->begun + AHEAD) % DNS_PAIRS_OPEN]);
}

const struct dns_pair *
dns_pairs_guess(const struct dns_pairs *p, uint64_t key)
{
	uint64_t link = *head_of(p, key);

	if (!is_open(p, link))
		return NULL;
	if (!may_be(link, key)) {
		fetch(&p->next[place_of(link)]);
		return NULL;
	}
	fetch(&p->ring[place_of(link)]);
	return &p->ring[place_of(link)];
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
	if (pair != NULL) {
		pair_unlink(p, pair);
		pair_end(p, pair);
	}
	pair = pair_new(p, key);
	pair->key = key;
	pair->first = q->time;
	pair->first_frame = pair->last_frame = q->frame;
	pair->question = q->question;
	pair->name = q->name;
	pair->client = q->client;
	pair->server = q->server;
	pair->type = q->type;
	pair->tries = 1;
	pair->asks = q->asks;
	pair->answered = false;
}

static __attribute__((cold)) void
slowest_note(struct dns_pairs *p, const struct dns_slow *slow)
{
	size_t at = p->n_slowest;

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
	if (slow.latency < 0)
		return pair;
	if (p->n_slowest < DNS_PAIRS_SLOWEST ||
	    p->slowest[DNS_PAIRS_SLOWEST - 1].latency < slow.latency)
		slowest_note(p, &slow);
	*latency = slow.latency;
	return pair;
}

__attribute__((cold)) void
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
