#ifndef PROTO_DNS_LABEL_H
#define PROTO_DNS_LABEL_H

#include "base/bytes.h"
#include "base/sixteen.h"
#include "base/word.h"

/* Names have room for so many bytes more. */
#define SIXTEEN sizeof(sixteen)
#define DNS_LABEL_SHORT 44 /* less than any plain byte */

/* Those that are not '-' to '9' or '_' to 'z'. */
static inline sixteen
dns_label_odd(sixteen here)
{
	return (sixteen)(here - '-' > '9' - '-') &
	    (sixteen)(here - '_' > 'z' - '_');
}

/*
 * Copies labels but for the first length, and says whether they are plain:
 * then what is not is no more than the `inner` lengths between, none of which
 * is of a plain byte.  What was just written is not read again: it would have
 * to be waited for.
 */
static inline bool
dns_label_copy(uint8_t *text, const uint8_t *wire, size_t n, size_t inner)
{
	const sixteen last[2] = { { 0 }, ~(sixteen){ 0 } };
	sixteen here, mask, odd = { 0 }, dots = { 0 };
	size_t i = 0;
	two words;

	if (n < SIXTEEN) {
		bytes_copy(text, wire, n);
		return false;
	}
	for (; i + SIXTEEN <= n; i += SIXTEEN) {
		here = sixteen_at(wire + i);
		memcpy(text + i, &here, SIXTEEN);
		odd -= dns_label_odd(here);
		dots |= (sixteen)(here == '.');
	}
	/* Of the last sixteen those that were not among these. */
	here = sixteen_at(wire + n - SIXTEEN);
	memcpy(text + n - SIXTEEN, &here, SIXTEEN);
	mask = sixteen_at((const uint8_t *)last + n - i);
	odd -= dns_label_odd(here) & mask;
	dots |= (sixteen)(here == '.');
	words = (two)dots;
	if ((words[0] | words[1]) != 0)
		return false;
	words = (two)odd;
	return (words[0] + words[1]) * WORD_EACH(1) >> 56 == inner;
}

#endif
