#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/*
 * A run of bytes that somebody else owns.  `p` is never NULL, so that an
 * empty span can be compared, copied and offset like any other.  Nothing
 * here is terminated by NUL.
 */
struct span {
	const uint8_t *p;
	size_t n;
};

inline struct span
span_of(const void *p, size_t n)
{
	return (struct span){ p, n };
}

inline struct span
span_empty(void)
{
	return (struct span){ (const uint8_t *)"", 0 };
}

inline struct span
span_text(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

inline bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

inline bool
span_is(struct span s, const char *text)
{
	return span_equal(s, span_text(text));
}

/* At most the first `n` bytes. */
inline struct span
span_first(struct span s, size_t n)
{
	return (struct span){ s.p, n < s.n ? n : s.n };
}

/* What is left after the first `n` bytes; empty when there are fewer. */
inline struct span
span_after(struct span s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct span){ s.p + n, s.n - n };
}

/* ASCII only: the letters of protocols (RFC words), not of languages. */
bool span_equal_nocase(struct span a, struct span b);
bool span_is_nocase(struct span s, const char *text);
bool span_starts(struct span s, const char *text);
bool span_starts_nocase(struct span s, const char *text);
/* Like memcmp, the shorter one first on a tie. */
int span_compare(struct span a, struct span b);
/* Offset of the first `byte` or of the first `needle`; s.n when absent. */
size_t span_find_byte(struct span s, uint8_t byte);
size_t span_find(struct span s, struct span needle);

/*
 * `n` bytes in a row, each in one of its ranges: from `low` to `beyond` above
 * it.  Each number stands there sixteen times, to be compared with sixteen
 * bytes at once.  Where `fold` is 0x20 letters may be of either case: the bit
 * is set in a byte before it is compared.  Begins with span_row_init().
 */
#define SPAN_RANGES 2
#define SPAN_IN_ROW 3
struct span_row {
	size_t n;
	bool several; /* some byte has more than one range */
	struct span_ranges {
		uint8_t fold[16];
		struct span_range {
			uint8_t low[16], beyond[16];
		} at[SPAN_RANGES];
	} at[SPAN_IN_ROW];
};

/* A row of no bytes: any byte is in the ranges that are not set. */
void span_row_init(struct span_row *row);

/* The first place of the row; else the first with fewer than row->n bytes
 * left. */
size_t span_find_row(struct span s, const struct span_row *row);
/* Without spaces and tabs at both ends. */
struct span span_trim_ends(struct span s);

inline bool
span_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

inline struct span
span_trim(struct span s)
{
	if (s.n == 0 || (!span_blank(s.p[0]) && !span_blank(s.p[s.n - 1])))
		return s;
	return span_trim_ends(s);
}

/*
 * Decimal digits only, the whole span, no sign.  False when empty, when
 * another byte is met or when it exceeds `max`; *value is then untouched.
 */
bool span_read_uint(struct span s, uint64_t max, uint64_t *value);

#endif
