#include "base/span.h"

#include "base/sixteen.h"
#include "base/word.h"

/* Of eight bytes; no sum reaches the byte above it. */
static inline uint64_t
lower(uint64_t word)
{
	uint64_t seven = word & WORD_EACH(0x7f);
	uint64_t from = seven + WORD_EACH(0x80 - 'A');
	uint64_t above = seven + WORD_EACH(0x7f - 'Z');

	return word | (from & ~above & ~word & WORD_EACH(0x80)) >> 2;
}

/* Fewer than eight. */
static inline uint64_t
few(const uint8_t *p, size_t n)
{
	if (n >= 4)
		return word_le32(p) | (uint64_t)word_le32(p + n - 4) << 32;
	return n == 0 ? 0 : (uint64_t)p[n - 1] << 16 |
	    (uint64_t)p[n / 2] << 8 | p[0];
}

bool
span_equal_nocase(struct span a, struct span b)
{
	size_t i = 0;

	if (a.n != b.n)
		return false;
	if (a.n < 8)
		return lower(few(a.p, a.n)) == lower(few(b.p, b.n));
	/* The last eight bytes may be some of those before. */
	for (; lower(word_le64(a.p + i)) == lower(word_le64(b.p + i)); i += 8) {
		if (i + 8 == a.n)
			return true;
		if (i + 16 > a.n)
			i = a.n - 16;
	}
	return false;
}

bool
span_is_nocase(struct span s, const char *text)
{
	return span_equal_nocase(s, span_text(text));
}

bool
span_starts(struct span s, const char *text)
{
	return span_is(span_first(s, strlen(text)), text);
}

bool
span_starts_nocase(struct span s, const char *text)
{
	return span_is_nocase(span_first(s, strlen(text)), text);
}

int
span_compare(struct span a, struct span b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

/* A bit in each byte of the word that is zero, and perhaps in those above the
 * lowest of them. */
static inline uint64_t
zeroes(uint64_t word)
{
	return (word - WORD_EACH(1)) & ~word & WORD_EACH(0x80);
}

/* Where the first byte is that is all ones; 16: nowhere. */
#if defined(__SSE2__)
typedef char letters __attribute__((vector_size(16)));

static inline size_t
first_in(sixteen found)
{
	unsigned bits = (unsigned)__builtin_ia32_pmovmskb128((letters)found);

	return (size_t)__builtin_ctz(bits | 1U << 16);
}
#else
static inline size_t
first_in(sixteen found)
{
	two halves = (two)found;
	size_t half = halves[0] == 0;

	if (halves[half] == 0)
		return 16;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return half * 8 + (size_t)__builtin_clzll(halves[half]) / 8;
#else
	return half * 8 + (size_t)__builtin_ctzll(halves[half]) / 8;
#endif
}
#endif

/* At least sixteen, sixteen at a time; the last may be some of those
 * before. */
static inline size_t
find_in_long(struct span s, uint8_t byte)
{
	const sixteen wanted = byte - (sixteen){ 0 };
	size_t i = 0, at;

	for (;;) {
		at = first_in((sixteen)(sixteen_at(s.p + i) == wanted));
		if (at < 16)
			return i + at;
		if (i + 16 == s.n)
			return s.n;
		i = i + 32 > s.n ? s.n - 16 : i + 16;
	}
}

/* Most are short: memchr() of some libraries goes byte by byte until it stands
 * at a whole word. */
size_t
span_find_byte(struct span s, uint8_t byte)
{
	uint64_t pattern = WORD_EACH((uint64_t)byte), found;
	size_t i = 0;

	if (s.n >= 16)
		return find_in_long(s, byte);
	if (s.n < 8) {
		while (i < s.n && s.p[i] != byte)
			i++;
		return i;
	}
	found = zeroes(word_le64(s.p) ^ pattern);
	if (found != 0)
		return (size_t)__builtin_ctzll(found) / 8;
	/* What was seen before is not found again. */
	found = zeroes(word_le64(s.p + s.n - 8) ^ pattern);
	return found == 0 ? s.n :
	    s.n - 8 + (size_t)__builtin_ctzll(found) / 8;
}

/* memmem() of POSIX 2024 is linear in both libcs, whatever the bytes. */
static size_t
find_slowly(struct span s, struct span needle, size_t from)
{
	const uint8_t *found = memmem(s.p + from, s.n - from, needle.p,
	    needle.n);

	return found == NULL ? s.n : (size_t)(found - s.p);
}

/* Where of sixteen places from `at` on the needle is, or 16. */
static size_t
find_among(const uint8_t *at, sixteen found, struct span needle, size_t *misses)
{
	for (size_t i = 0; i < 16; i++) {
		if (((const uint8_t *)&found)[i] == 0)
			continue;
		if (memcmp(at + i, needle.p, needle.n) == 0)
			return i;
		++*misses;
	}
	return 16;
}

/* Sixteen places at a time where its first and last byte are; where these are
 * too often in vain, in another way. */
size_t
span_find(struct span s, struct span needle)
{
	size_t behind = needle.n - 1, i, at, misses = 0;
	sixteen first, last, here, there, found;

	if (needle.n < 2 || s.n < needle.n + 16)
		return find_slowly(s, needle, 0);
	first = needle.p[0] - (sixteen){ 0 };
	last = needle.p[behind] - (sixteen){ 0 };
	for (i = 0; i + behind + 16 <= s.n; i += 16) {
		here = sixteen_at(s.p + i);
		there = sixteen_at(s.p + i + behind);
		found = (sixteen)((here == first) & (there == last));
		if (first_in(found) == 16)
			continue;
		at = find_among(s.p + i, found, needle, &misses);
		if (at < 16)
			return i + at;
		if (misses * needle.n > i + 1024)
			break;
	}
	return find_slowly(s, needle, i);
}

static inline __attribute__((always_inline)) sixteen
are_in(const uint8_t *p, const struct span_ranges *ranges, unsigned n)
{
	sixteen bytes = sixteen_at(p) | sixteen_at(ranges->fold);
	sixteen found = { 0 };

	for (unsigned i = 0; i < n; i++)
		found |= (sixteen)(bytes - sixteen_at(ranges->at[i].low) <=
		    sixteen_at(ranges->at[i].beyond));
	return found;
}

/* Without a branch but on whether there is one. */
static inline __attribute__((always_inline)) size_t
find_row(struct span s, const struct span_row *row, unsigned ranges)
{
	uint8_t rest[16 + 2 * SPAN_IN_ROW] = { 0 };
	size_t last = s.n < row->n ? 0 : s.n - row->n + 1, i = 0, at;
	const uint8_t *p = s.p;

	for (; i < last; i += 16, p += 16) {
		if (s.n - i < 15 + SPAN_IN_ROW) {
			memcpy(rest, p, s.n - i);
			p = rest;
		}
		at = first_in(are_in(p, &row->at[0], ranges) &
		    are_in(p + 1, &row->at[1], ranges) &
		    are_in(p + 2, &row->at[2], ranges));
		if (at < 16)
			return i + at < last ? i + at : last;
	}
	return last;
}

size_t
span_find_row(struct span s, const struct span_row *row)
{
	return row->several ? find_row(s, row, SPAN_RANGES) :
	    find_row(s, row, 1);
}

__attribute__((cold)) void
span_row_init(struct span_row *row)
{
	memset(row, 0, sizeof(*row));
	for (size_t i = 0; i < SPAN_IN_ROW; i++)
		for (size_t k = 0; k < SPAN_RANGES; k++)
			memset(row->at[i].at[k].beyond, 0xff, 16);
}

struct span
span_trim_ends(struct span s)
{
	while (s.n > 0 && span_blank(s.p[0]))
		s = span_after(s, 1);
	while (s.n > 0 && span_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
span_read_uint(struct span s, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = s.p[i] - (unsigned)'0';

		if (digit > 9 || sum > UINT64_MAX / 10)
			return false;
		sum = sum * 10 + digit;
		if (sum < digit)
			return false;
	}
	if (sum > max)
		return false;
	*value = sum;
	return true;
}

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct span span_of(const void *p, size_t n);
extern inline struct span span_empty(void);
extern inline struct span span_text(const char *text);
extern inline bool span_equal(struct span a, struct span b);
extern inline bool span_is(struct span s, const char *text);
extern inline struct span span_first(struct span s, size_t n);
extern inline struct span span_after(struct span s, size_t n);
extern inline bool span_blank(uint8_t byte);
extern inline struct span span_trim(struct span s);
