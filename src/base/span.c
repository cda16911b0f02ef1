#include "base/span.h"

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool
span_equal_nocase(struct span a, struct span b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	}
	return true;
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

size_t
span_find_byte(struct span s, uint8_t byte)
{
	const uint8_t *found = memchr(s.p, byte, s.n);

	return found == NULL ? s.n : (size_t)(found - s.p);
}

/* memmem() of POSIX 2024 is linear in both libcs, whatever the bytes. */
size_t
span_find(struct span s, struct span needle)
{
	const uint8_t *found = memmem(s.p, s.n, needle.p, needle.n);

	return found == NULL ? s.n : (size_t)(found - s.p);
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

struct span
span_trim(struct span s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = span_after(s, 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
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

		if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
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
