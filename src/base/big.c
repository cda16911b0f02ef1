#include "base/big.h"

#include <assert.h>

static void
push(struct big *b, uint32_t word)
{
	assert(b->n < BIG_WORDS);
	b->words[b->n++] = word;
}

static void
trim(struct big *b)
{
	while (b->n > 0 && b->words[b->n - 1] == 0)
		b->n--;
}

struct big
big_of(uint64_t value)
{
	struct big b;

	b.n = 0;
	for (; value != 0; value >>= 32)
		push(&b, (uint32_t)value);
	return b;
}

void
big_multiply(struct big *b, uint32_t by, uint32_t more)
{
	uint64_t carry = more;

	for (unsigned i = 0; i < b->n; i++) {
		carry += (uint64_t)b->words[i] * by;
		b->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		push(b, (uint32_t)carry);
}

void
big_multiply_ten(struct big *b, unsigned power)
{
	for (; power >= 9; power -= 9)
		big_multiply(b, 1000000000, 0);
	for (; power > 0; power--)
		big_multiply(b, 10, 0);
}

void
big_shift(struct big *b, unsigned bits)
{
	unsigned words = bits / 32;

	if (b->n == 0)
		return;
	if (bits % 32 != 0)
		big_multiply(b, UINT32_C(1) << bits % 32, 0);
	assert(b->n + words <= BIG_WORDS);
	for (unsigned i = b->n; i > 0; i--)
		b->words[i - 1 + words] = b->words[i - 1];
	for (unsigned i = 0; i < words; i++)
		b->words[i] = 0;
	b->n += words;
}

void
big_add(struct big *a, const struct big *b)
{
	uint64_t carry = 0;

	while (a->n < b->n)
		push(a, 0);
	for (unsigned i = 0; i < a->n; i++) {
		carry += a->words[i];
		if (i < b->n)
			carry += b->words[i];
		a->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0)
		push(a, (uint32_t)carry);
}

void
big_subtract(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;

	for (unsigned i = 0; i < a->n; i++) {
		uint64_t rest = a->words[i] - borrow;

		if (i < b->n)
			rest -= b->words[i];
		a->words[i] = (uint32_t)rest;
		borrow = rest >> 63;
	}
	trim(a);
}

int
big_compare(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (unsigned i = a->n; i > 0; i--) {
		if (a->words[i - 1] != b->words[i - 1])
			return a->words[i - 1] < b->words[i - 1] ? -1 : 1;
	}
	return 0;
}
