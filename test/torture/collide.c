/*
 * Keys that collide cost no more than others.  They are made to collide under
 * the secret that a process has before it draws one; that they really do is
 * measured first, then that with a drawn secret nothing is left of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ask.h"
#include "base/table.h"
#include "net/flow_index.h"
#include "net/flow_pool.h"
#include "tap.h"

#define KEYS 4000
#define BITS 12 /* of the hash that all have in common */
#define RUNS 5

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ---- Texts in a table --------------------------------------------------- */

/* Any, and those that collide; their hashes under the first secret. */
static uint64_t words[2][KEYS], hashes[2][KEYS];

static void
words_make(void)
{
	uint64_t state = 88172645463325252u, word;

	for (size_t i = 0; i < KEYS; i++)
		words[0][i] = next(&state);
	for (size_t i = 0; i < KEYS; i++)
		hashes[0][i] = hash_bytes(span_of(&words[0][i],
		    sizeof(words[0][i])));
	for (size_t i = 0; i < KEYS;) {
		word = next(&state);
		hashes[1][i] = hash_bytes(span_of(&word, sizeof(word)));
		if ((hashes[1][i] >> 32 & ((1u << BITS) - 1)) == 0)
			words[1][i++] = word;
	}
}

/* `known`: the hashes, or NULL for those of now. */
static double
words_time(const uint64_t *keys, const uint64_t *known)
{
	double best = 1e9;

	for (int run = 0; run < RUNS; run++) {
		double started = cpu(), took;
		struct table t;

		table_init(&t, sizeof(uint64_t), KEYS + 1);
		for (size_t i = 0; i < KEYS; i++) {
			struct span key = span_of(&keys[i], sizeof(keys[i]));

			if (known == NULL)
				(void)table_add(&t, key);
			else
				(void)table_intern_hashed(&t, key, known[i]);
		}
		took = cpu() - started;
		table_free(&t);
		if (took < best)
			best = took;
	}
	return best;
}

/* ---- Flows -------------------------------------------------------------- */

static struct transport ends[2][KEYS];

static struct transport
ends_of(uint64_t word)
{
	struct transport t = { .protocol = 17 };

	t.src = addr_of(ADDR_IPV4, (uint8_t *)&word);
	t.dst = addr_of(ADDR_IPV4, (const uint8_t *)"\12\0\0\1");
	t.sport = (uint16_t)(word >> 32);
	t.dport = (uint16_t)(word >> 48);
	return t;
}

static void
ends_make(void)
{
	uint64_t state = 1234567891234567u;
	struct flow_index index;
	struct flow_pool pool;
	struct transport t;

	flow_pool_init(&pool, (size_t)64 << 20);
	if (!flow_index_init(&index, &pool, KEYS))
		return;
	for (size_t i = 0; i < KEYS; i++)
		ends[0][i] = ends_of(next(&state));
	for (size_t i = 0; i < KEYS;) {
		t = ends_of(next(&state));
		if (flow_index_hash(&index, &t, FLOW_UDP) >> (64 - BITS) == 0)
			ends[1][i++] = t;
	}
	flow_index_free(&index);
	flow_pool_free(&pool);
}

static double
ends_time(const struct transport *keys)
{
	double best = 1e9;

	for (int run = 0; run < RUNS; run++) {
		double started = cpu(), took;
		struct flow_index index;
		struct flow_pool pool;

		flow_pool_init(&pool, (size_t)64 << 20);
		if (!flow_index_init(&index, &pool, KEYS))
			return best;
		for (size_t i = 0; i < KEYS; i++) {
			uint64_t hash = flow_index_hash(&index, &keys[i],
			    FLOW_UDP);

			if (flow_index_find(&index, hash, FLOW_UDP,
			    &keys[i]) == NULL)
				(void)flow_index_add(&index, hash, FLOW_UDP,
				    &keys[i], NULL);
		}
		took = cpu() - started;
		flow_index_free(&index);
		flow_pool_free(&pool);
		if (took < best)
			best = took;
	}
	return best;
}

/* How many times as long the colliding ones take. */
static double
ratio(const char *what, double any, double same)
{
	(void)printf("# %s: %.6f s, colliding %.6f s\n", what, any, same);
	return same / any;
}

int
main(void)
{
	/* Nothing may draw the secret before the flows are done. */
	ends_make();
	words_make();
	ok(ratio("flows, known secret", ends_time(ends[0]),
	       ends_time(ends[1])) > 4);
	ok(ratio("texts, known secret", words_time(words[0], hashes[0]),
	       words_time(words[1], hashes[1])) > 4);
	hash_key_init();
	ok(ratio("flows", ends_time(ends[0]), ends_time(ends[1])) < 2);
	ok(ratio("texts", words_time(words[0], NULL),
	       words_time(words[1], NULL)) < 2);
	return tap_done();
}
