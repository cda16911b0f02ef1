#include <stdlib.h>

#include "base/span.h"
#include "dice.h"
#include "tap.h"

static struct span
text(const char *s)
{
	return span_text(s);
}

static void
test_equal(void)
{
	ok(span_is(text("abc"), "abc"));
	ok(!span_is(text("abc"), "abd"));
	ok(!span_is(text("abc"), "ab"));
	ok(span_equal(span_empty(), text("")));
	ok(span_is_nocase(text("Content-LENGTH"), "content-length"));
	ok(!span_is_nocase(text("@"), "`"));
	ok(!span_is_nocase(text("["), "{"));
	ok(!span_is_nocase(text("\xc4"), "\xe4"));
	ok(span_starts(text("HTTP/1.1"), "HTTP/"));
	ok(!span_starts(text("HTT"), "HTTP/"));
	ok(!span_starts(text("http/1.1"), "HTTP/"));
	ok(span_starts_nocase(text("http/1.1"), "HTTP/"));
	ok(span_starts(text("x"), ""));
}

/* Every needle of some texts, at every place, and what is nowhere; of a text
 * of one letter there is hardly a place where its ends are not. */
static void
find_check(void)
{
	static uint8_t bytes[700];
	size_t wrong = 0, found = 0;

	for (unsigned letters = 1; letters < 5; letters++) {
		uint32_t seed = 7;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (uint8_t)('a' + (seed >> 16) % letters);
		}
		for (size_t n = 1; n < 70; n += n < 5 ? 1 : 13)
			for (size_t i = 0; i + n <= 300; i += 3) {
				struct span all = span_of(bytes, 200 + i);
				struct span needle = span_of(bytes + i, n);
				uint8_t *p = memmem(all.p, all.n, needle.p, n);
				size_t at = p == NULL ? all.n :
				    (size_t)(p - bytes);

				found += p != NULL;
				wrong += span_find(all, needle) != at;
			}
	}
	bytes[650] = 'z';
	for (size_t n = 1; n < 300; n++) {
		struct span needle = span_of(bytes + 651 - n, n);

		wrong += span_find(span_of(bytes, 651), needle) != 651 - n;
		wrong += span_find(span_of(bytes, 650), needle) != 650;
	}
	ok_int(wrong, 0);
	ok(found > 1000);
}

static void
test_compare(void)
{
	ok(span_compare(text("a"), text("b")) < 0);
	ok(span_compare(text("b"), text("a")) > 0);
	ok(span_compare(text("a"), text("ab")) < 0);
	ok(span_compare(text("ab"), text("a")) > 0);
	ok(span_compare(text("\xff"), text("a")) > 0);
	ok_int(span_compare(text("ab"), text("ab")), 0);
	ok_int(span_compare(span_empty(), span_empty()), 0);
}

static void
test_parts(void)
{
	ok_span(span_first(text("hello"), 2), "he");
	ok_span(span_first(text("hello"), 9), "hello");
	ok_span(span_after(text("hello"), 2), "llo");
	ok_span(span_after(text("hello"), 9), "");
	ok_span(span_trim(text(" \t a b\t ")), "a b");
	ok_span(span_trim(text(" \t ")), "");
	ok_span(span_trim(text("\r\n")), "\r\n");
}

static void
test_find(void)
{
	ok_int(span_find_byte(text("abcabc"), 'c'), 2);
	ok_int(span_find_byte(text("abc"), 'x'), 3);
	ok_int(span_find_byte(span_empty(), 0), 0);
	ok_int(span_find(text("abcabd"), text("abd")), 3);
	ok_int(span_find(text("abcabd"), text("abx")), 6);
	ok_int(span_find(text("ab"), text("abc")), 2);
	ok_int(span_find(text("ab"), span_empty()), 0);
	ok_int(span_find(span_of("a\0b\0c", 5), span_of("\0c", 2)), 3);
	find_check();
}

/* Every length and place, with neighbours that differ by one bit or by one. */
static size_t
find_wrong(size_t n, uint8_t byte, uint8_t other)
{
	uint8_t *p = malloc(n + 1);
	size_t wrong = 0;

	memset(p, other, n);
	for (size_t at = 0; at <= n; at++) {
		if (at < n)
			p[at] = byte;
		wrong += span_find_byte(span_of(p, n), byte) != at;
		if (at + 1 < n)
			p[at + 1] = byte;
		wrong += span_find_byte(span_of(p, n), byte) != at;
		memset(p, other, n);
	}
	free(p);
	return wrong;
}

static void
test_find_everywhere(void)
{
	size_t wrong = 0;

	for (size_t n = 0; n < 40; n++)
		for (unsigned byte = 0; byte < 256; byte++)
			for (unsigned bit = 0; bit < 8; bit++) {
				wrong += find_wrong(n, (uint8_t)byte,
				    (uint8_t)(byte ^ 1U << bit));
				wrong += find_wrong(n, (uint8_t)byte,
				    (uint8_t)(byte + 1));
			}
	ok_int(wrong, 0);
}

static bool
is_in(const struct span_ranges *r, bool several, uint8_t byte)
{
	bool in = false;

	byte |= r->fold[0];
	for (size_t i = 0; i < (several ? SPAN_RANGES : 1); i++)
		in |= (uint8_t)(byte - r->at[i].low[0]) <= r->at[i].beyond[0];
	return in;
}

static size_t
row_at(const uint8_t *p, size_t n, const struct span_row *row)
{
	for (size_t i = 0; i + row->n <= n; i++) {
		bool all = true;

		for (size_t k = 0; k < row->n; k++)
			all &= is_in(&row->at[k], row->several, p[i + k]);
		if (all)
			return i;
	}
	return n < row->n ? 0 : n - row->n + 1;
}

/* Rows of few bytes and of many, in texts of each length that end where memory
 * does. */
static void
test_find_row(void)
{
	size_t wrong = 0, found = 0;

	for (unsigned k = 0; k < 6000; k++) {
		size_t n = dice(70);
		uint8_t *p = malloc(n + (n == 0));
		struct span_row row;

		span_row_init(&row);
		row.n = 1 + dice(SPAN_IN_ROW);
		row.several = dice(2) != 0;
		for (size_t i = 0; i < row.n; i++) {
			memset(row.at[i].fold, dice(3) == 0 ? 0x20 : 0, 16);
			for (size_t j = 0; j < SPAN_RANGES; j++) {
				memset(row.at[i].at[j].low,
				    (int)dice(256), 16);
				memset(row.at[i].at[j].beyond,
				    (int)dice(dice(2) ? 3 : 256), 16);
			}
		}
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)dice(256);
		wrong += span_find_row(span_of(p, n), &row) !=
		    row_at(p, n, &row);
		found += row_at(p, n, &row) + row.n <= n;
		free(p);
	}
	ok_int(wrong, 0);
	ok(found > 500);
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Two bytes at one place, all else the same. */
static size_t
nocase_wrong(size_t n, size_t at)
{
	uint8_t *a = malloc(n), *b = malloc(n);
	size_t wrong = 0;

	memset(a, 'q', n);
	memset(b, 'Q', n);
	for (unsigned i = 0; i < 65536; i++) {
		a[at] = (uint8_t)(i >> 8);
		b[at] = (uint8_t)i;
		wrong += span_equal_nocase(span_of(a, n), span_of(b, n)) !=
		    (lower(a[at]) == lower(b[at]));
	}
	free(a);
	free(b);
	return wrong;
}

static void
test_nocase_everywhere(void)
{
	static const uint8_t lengths[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17,
		23, 24 };
	size_t wrong = 0;

	for (size_t i = 0; i < LENGTH(lengths); i++)
		for (size_t at = 0; at < lengths[i]; at++)
			wrong += nocase_wrong(lengths[i], at);
	ok_int(wrong, 0);
}

static bool
reads(const char *s, uint64_t max, uint64_t wanted)
{
	uint64_t value = 77;

	return span_read_uint(text(s), max, &value) && value == wanted;
}

static bool
refuses(const char *s, uint64_t max)
{
	uint64_t value = 77;

	return !span_read_uint(text(s), max, &value) && value == 77;
}

static void
test_numbers(void)
{
	ok(reads("0", UINT64_MAX, 0));
	ok(reads("007", 7, 7));
	ok(reads("18446744073709551615", UINT64_MAX, UINT64_MAX));
	ok(refuses("18446744073709551616", UINT64_MAX));
	ok(refuses("99999999999999999999", UINT64_MAX));
	ok(refuses("8", 7));
	ok(refuses("", 7));
	ok(refuses("+1", 7));
	ok(refuses("-1", 7));
	ok(refuses(" 1", 7));
	ok(refuses("1 ", 7));
	ok(refuses("0x1", 7));
	ok(refuses("/", 7));
	ok(refuses(":", 7));
}

int
main(void)
{
	test_equal();
	test_compare();
	test_parts();
	test_find();
	test_find_everywhere();
	test_find_row();
	test_nocase_everywhere();
	test_numbers();
	return tap_done();
}
