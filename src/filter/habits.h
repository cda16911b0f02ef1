#ifndef FILTER_HABITS_H
#define FILTER_HABITS_H

#include "base/buf.h"

/*
 * Filters written in another language: capture filters (BPF), SQL, C or
 * regular habits.  What is recognised is said in the right spelling, so that
 * the next attempt works: the whole filter rewritten into `out`.  False when
 * nothing of another language is in it.
 */
bool habits_rewrite(struct span text, struct buf *out);

#endif
