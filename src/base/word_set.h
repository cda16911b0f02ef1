#ifndef BASE_WORD_SET_H
#define BASE_WORD_SET_H

#include <stddef.h>

#include "base/fold.h"

/*
 * Which words have been met, of at most `max`: a new one beyond them counts
 * as `refused`.  For sets larger than the caches, asked once a packet: some
 * words wait, while the memory of their places is on its way.  The highest
 * word (all ones) counts as the one below it.
 */
#define WORD_SET_LATER 16

struct word_set {
	uint64_t *all;   /* each one more than the word; 0: free */
	size_t size;     /* a power of two, or 0 */
	size_t n, max;
	uint64_t refused;
	struct fold_key key;
	size_t n_later;
	struct word_later {
		uint64_t word;
		uint32_t whose;
	} later[WORD_SET_LATER];
	/* Called for each new one, in the order in which they came. */
	void (*is_new)(void *context, uint32_t whose);
	void *context;
};

void word_set_init(struct word_set *s, size_t max,
    void (*is_new)(void *context, uint32_t whose), void *context);
void word_set_free(struct word_set *s);
void word_set_add(struct word_set *s, uint64_t word, uint32_t whose);
/* Before `n`, `refused` and what is_new() did are looked at. */
void word_set_settle(struct word_set *s);

#endif
