#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "build/fixture.h"

static const char *file_name = "?";
static unsigned line_number;

void
fail_at(const char *file, unsigned line)
{
	file_name = file;
	line_number = line;
}

void
fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s:%u: ", file_name, line_number);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

void
bytes_add(struct bytes *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (b->n + n > b->size) {
		b->size = (b->n + n) * 2;
		b->p = realloc(b->p, b->size);
		if (b->p == NULL)
			fail("no memory");
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void
bytes_uint(struct bytes *b, uint64_t value, size_t n, bool big)
{
	for (size_t i = 0; i < n; i++) {
		size_t shift = 8 * (big ? n - 1 - i : i);
		uint8_t byte = (uint8_t)(value >> shift);

		bytes_add(b, &byte, 1);
	}
}

void
bytes_fill(struct bytes *b, int byte, size_t n)
{
	uint8_t run[256];

	memset(run, byte, sizeof(run));
	for (; n > sizeof(run); n -= sizeof(run))
		bytes_add(b, run, sizeof(run));
	bytes_add(b, run, n);
}

void
bytes_join(struct bytes *b, const struct bytes *other)
{
	bytes_add(b, other->p, other->n);
}

void
bytes_align(struct bytes *b, size_t n)
{
	while (b->n % n != 0)
		bytes_fill(b, 0, 1);
}

static int
digit_of(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)c));

	if (c == '\0' || at == NULL)
		return -1;
	return (int)(at - digits);
}

void
bytes_hex(struct bytes *b, const char *hex)
{
	while (*hex != '\0') {
		if (strchr(":.-_ ", *hex) != NULL) {
			hex++;
			continue;
		}
		if (digit_of(hex[0]) < 0 || digit_of(hex[1]) < 0)
			fail("bad hex at '%s'", hex);
		bytes_uint(b,
		    (uint64_t)(digit_of(hex[0]) << 4 | digit_of(hex[1])), 1,
		    true);
		hex += 2;
	}
}

/* One character of a quoted text; moves both. */
static void
unescape(char **from, char **to)
{
	char *p = *from + 1;
	char c = *p++;

	switch (c) {
	case 'r':
		c = '\r';
		break;
	case 'n':
		c = '\n';
		break;
	case 't':
		c = '\t';
		break;
	case '0':
		c = '\0';
		break;
	case 'x':
		if (digit_of(p[0]) < 0 || digit_of(p[1]) < 0)
			fail("\\x wants two hex digits");
		c = (char)(digit_of(p[0]) << 4 | digit_of(p[1]));
		p += 2;
		break;
	case '"':
	case '\\':
		break;
	default:
		fail("unknown escape \\%c", c);
	}
	*(*to)++ = c;
	*from = p;
}

/* `p` is behind the opening quote; gives where the text goes on. */
static char *
quoted(char *p, struct word *w)
{
	char *to = p;

	w->value = p;
	while (*p != '"') {
		if (*p == '\0')
			fail("no closing quote");
		if (*p == '\\')
			unescape(&p, &to);
		else
			*to++ = *p++;
	}
	p++;
	if (*p != '\0' && !isspace((unsigned char)*p))
		fail("a space must follow the closing quote");
	w->n = (size_t)(to - w->value);
	if (*p != '\0')
		p++;
	*to = '\0';
	return p;
}

static char *
word_read(char *p, struct word *w)
{
	static char nothing[] = "";

	if (*p == '"') {
		w->key = nothing;
		return quoted(p + 1, w);
	}
	w->key = p;
	w->value = NULL;
	w->n = 0;
	while (*p != '\0' && *p != '=' && !isspace((unsigned char)*p))
		p++;
	if (*p == '=') {
		*p++ = '\0';
		if (*p == '"')
			return quoted(p + 1, w);
		w->value = p;
		while (*p != '\0' && !isspace((unsigned char)*p))
			p++;
		w->n = (size_t)(p - w->value);
	}
	if (*p != '\0')
		*p++ = '\0';
	return p;
}

void
words_split(struct words *w, char *text)
{
	w->n = 0;
	for (;;) {
		while (isspace((unsigned char)*text))
			text++;
		if (*text == '\0' || *text == '#')
			return;
		if (w->n == WORDS_MAX)
			fail("over %d words", WORDS_MAX);
		text = word_read(text, &w->at[w->n++]);
	}
}

const struct word *
words_find(const struct words *w, const char *key)
{
	/* The last one counts, so that a use overrides its definition. */
	for (size_t i = w->n; i-- > 1;)
		if (strcmp(w->at[i].key, key) == 0)
			return &w->at[i];
	return NULL;
}

bool
words_have(const struct words *w, const char *key)
{
	return words_find(w, key) != NULL;
}

const char *
words_text(const struct words *w, const char *key, const char *otherwise)
{
	const struct word *found = words_find(w, key);

	if (found == NULL)
		return otherwise;
	if (found->value == NULL)
		fail("%s= wants a value", key);
	return found->value;
}

uint64_t
words_uint(const struct words *w, const char *key, uint64_t otherwise)
{
	const char *text = words_text(w, key, NULL);

	return text == NULL ? otherwise : number_of(text);
}

void
words_allow(const struct words *w, const char *list)
{
	for (size_t i = 1; i < w->n; i++) {
		const char *key = w->at[i].key;
		size_t n = strlen(key);
		const char *at = list;

		if (n == 0)
			continue;
		while ((at = strstr(at, key)) != NULL &&
		    ((at > list && at[-1] != ' ') ||
			(at[n] != ' ' && at[n] != '\0')))
			at++;
		if (at == NULL)
			fail("'%s' does not know the word '%s'", w->at[0].key,
			    key);
	}
}

uint64_t
number_of(const char *text)
{
	const char *p = text;
	uint64_t sum = 0, product = 1;

	for (;;) {
		char *end;
		uint64_t value = strtoull(p, &end, 0);

		if (end == p)
			fail("'%s' is not a number", text);
		product *= value;
		p = end + 1;
		if (*end == '*')
			continue;
		sum += product;
		product = 1;
		if (*end == '\0')
			return sum;
		if (*end != '+')
			fail("'%s' is not a number", text);
	}
}

/* ".25" and the like; gives what follows. */
static const char *
fraction_read(const char *p, uint32_t *nanoseconds)
{
	uint32_t unit = 100000000;

	*nanoseconds = 0;
	if (*p != '.')
		return p;
	for (p++; isdigit((unsigned char)*p); p++, unit /= 10)
		*nanoseconds += (uint32_t)(*p - '0') * unit;
	return p;
}

struct time
time_of(const char *text, struct time last)
{
	struct time t;
	struct tm tm = { 0 };
	const char *p = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	char *end;

	if (p != NULL) {
		t.seconds = timegm(&tm);
		p = fraction_read(p, &t.nanoseconds);
		if (strcmp(p, "Z") != 0)
			fail("time must end with Z");
		return t;
	}
	t.seconds = strtoll(text, &end, 10);
	p = fraction_read(end, &t.nanoseconds);
	if (*p != '\0')
		fail("'%s' is not a time", text);
	if (*text != '+')
		return t;
	t.seconds += last.seconds;
	t.nanoseconds += last.nanoseconds;
	if (t.nanoseconds >= 1000000000) {
		t.seconds++;
		t.nanoseconds -= 1000000000;
	}
	return t;
}
