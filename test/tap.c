#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

#define HEX_BYTES 65536

static unsigned passed, failed;

static bool
result(bool good, const char *what, const char *file, int line)
{
	if (good)
		passed++;
	else
		failed++;
	printf("%s %u - %s\n", good ? "ok" : "not ok", passed + failed, what);
	if (!good)
		printf("# %s:%d\n", file, line);
	return good;
}

bool
tap_check(bool good, const char *what, const char *file, int line)
{
	return result(good, what, file, line);
}

/* What was and what was wanted; a line that looks like TAP stays a comment. */
static void
show(const char *label, struct span s)
{
	printf("#   %s: ", label);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x20 && s.p[i] < 0x7f)
			putchar(s.p[i]);
		else
			printf("\\x%02x", s.p[i]);
	}
	putchar('\n');
}

bool
tap_span(struct span got, const char *wanted, const char *file, int line)
{
	char what[64];
	bool good = span_is(got, wanted);

	snprintf(what, sizeof(what), "%.60s", wanted);
	for (char *p = what; *p != '\0'; p++) {
		if (*p < 0x20 || *p == '#')
			*p = '.';
	}
	if (!result(good, what, file, line)) {
		show("got   ", got);
		show("wanted", span_text(wanted));
	}
	return good;
}

bool
tap_text(const char *got, const char *wanted, const char *file, int line)
{
	if (got == NULL)
		got = "(null)";
	return tap_span(span_text(got), wanted, file, line);
}

bool
tap_int(
    int64_t got, int64_t wanted, const char *what, const char *file, int line)
{
	if (!result(got == wanted, what, file, line)) {
		printf("#   got   : %lld\n", (long long)got);
		printf("#   wanted: %lld\n", (long long)wanted);
	}
	return got == wanted;
}

int
tap_done(void)
{
	printf("1..%u\n", passed + failed);
	printf("%u passed, %u failed\n", passed, failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

struct span
tap_hex(const char *hex)
{
	static uint8_t bytes[HEX_BYTES];
	size_t n = 0;
	int high = -1;

	for (; *hex != '\0'; hex++) {
		int value = digit(*hex);

		if (strchr(" \t\r\n", *hex) != NULL)
			continue;
		if (value < 0 || n == sizeof(bytes)) {
			printf("Bail out! not hex: %.40s\n", hex);
			exit(EXIT_FAILURE);
		}
		if (high < 0) {
			high = value;
			continue;
		}
		bytes[n++] = (uint8_t)(high << 4 | value);
		high = -1;
	}
	return span_of(bytes, n);
}
