#ifndef PROTO_DNS_LABEL_H
#define PROTO_DNS_LABEL_H

#include "base/bytes.h"
#include "base/sixteen.h"
#include "base/word.h"

/* Names have room for so many bytes more before them. */
#define SIXTEEN sizeof(sixteen)
#define DNS_LABEL_SHORT 44 /* less than any plain byte */

/* Those that are '-', '/' to '9' or '_' to 'z': by what they are above the
 * first of each, as numbers with a sign, of which there is a comparison. */
typedef int8_t sixteen_signed __attribute__((vector_size(16)));

static inline sixteen
dns_label_plain(sixteen here)
{
	const sixteen_signed digits = (sixteen_signed)(here + (128 - '-'));
	const sixteen_signed letters = (sixteen_signed)(here + (128 - '_'));

	return ((sixteen)(digits < (int8_t)('9' - '-' - 127)) |
	    (sixteen)(letters < (int8_t)('z' - '_' - 127))) &
	    ~(sixteen)(here == '.');
}

/* Copies sixteen bytes with dots for those that are not plain, and counts the
 * plain ones of `mask`, by place. */
static inline sixteen
dns_label_sixteen(uint8_t *text, const uint8_t *wire, sixteen mask,
    sixteen count)
{
	sixteen here = sixteen_at(wire), plain = dns_label_plain(here);

	here = (here & plain) | ('.' & ~plain);
	memcpy(text, &here, SIXTEEN);
	return count - (plain & mask);
}

/*
 * Copies labels but for the first length, of less than sixteen bytes with those
 * before them, with dots for the lengths between, and says whether they are
 * plain: then what is not is no more than the `inner` lengths, none of which is
 * of a plain byte.
 */
static inline bool
dns_label_copy(uint8_t *text, const uint8_t *wire, size_t n, size_t inner)
{
	static const uint8_t mask[3 * SIXTEEN] = {
		[SIXTEEN ... 2 * SIXTEEN - 1] = UINT8_MAX,
	};
	sixteen plain = { 0 };
	size_t rest = n % SIXTEEN;
	two words;

	if (n < SIXTEEN) {
		plain = dns_label_sixteen(text + n - SIXTEEN,
		    wire + n - SIXTEEN, sixteen_at(mask + n), plain);
	} else {
		plain = dns_label_sixteen(text, wire,
		    sixteen_at(mask + 2 * SIXTEEN - rest), plain);
		for (size_t i = rest; i < n; i += SIXTEEN)
			plain = dns_label_sixteen(text + i, wire + i,
			    ~(sixteen){ 0 }, plain);
	}
	/* As bytes: there are fewer than 256 of them. */
	words = (two)plain;
	return (words[0] + words[1]) * WORD_EACH(1) >> 56 == n - inner;
}

#endif
