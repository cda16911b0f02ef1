#include "cli/page.h"

#include <math.h>
#include <stdio.h>

/* Keys whose words or units cannot be told from their letters. */
static const struct page_word {
	const char *key, *label, *unit;
} words[] = {
	{ "filename", "File name", "" },
	{ "packet_count", "Number of packets", "" },
	{ "packet_size_limit_bytes", "Packet size limit", " bytes" },
	{ "time_precision", "File timestamp precision", "" },
	{ "data_rate_bytes", "Data byte rate", " bytes/s" },
	{ "data_rate_bits", "Data bit rate", " bits/s" },
	{ "average_packet_rate", "Average packet rate", " packets/s" },
	{ "md5", "MD5", "" },
	{ "sha1", "SHA1", "" },
	{ "sha256", "SHA256", "" },
	{ "capture_os", "Capture oper-sys", "" },
	{ "analysis_timestamp", "Analysed at", "" },
	{ "interface_count", "Number of interfaces in file", "" },
	{ "quality", "Quality", "" },
};

#define UNIT_BYTES 0

static const struct page_word units[] = {
	[UNIT_BYTES] = { "_bytes", NULL, " bytes" },
	{ "_seconds", NULL, " seconds" },
	{ "_ms", NULL, " ms" },
	{ "_iso", NULL, "" },
};

/* Initials that stay together. */
static const char *const initials[] = { "ip", "dns", "dhcp", "icmp", "tcp",
	"udp", "sip", "rst", "syn", "fin", "ack", "ttl", "mac", "id", "os",
	"url", "rtt", "ids", "ips", "fcs" };

bool
page_ends_with(struct span s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && span_is(span_after(s, s.n - n), end);
}

static const struct page_word *
word_find(struct span key)
{
	for (size_t i = 0; i < LENGTH(words); i++)
		if (span_is(key, words[i].key))
			return &words[i];
	return NULL;
}

static bool
is_initials(struct span word)
{
	for (size_t i = 0; i < LENGTH(initials); i++)
		if (span_is(word, initials[i]))
			return true;
	return false;
}

static uint8_t
upper(uint8_t letter)
{
	return letter >= 'a' && letter <= 'z' ? (uint8_t)(letter - 32) :
	    letter;
}

static void
label_word(struct buf *out, struct span word, bool first)
{
	bool all = is_initials(word);

	for (size_t i = 0; i < word.n; i++)
		buf_byte(out, all || (first && i == 0) ? upper(word.p[i]) :
		    word.p[i]);
}

/* The unit at the end of a key, or NULL.  One word before "bytes" would not
 * say enough: "Client bytes: 10", but "File size: 10 bytes"; "most in 10
 * seconds" is about another number. */
static const struct page_word *
unit_find(struct span key)
{
	for (size_t i = 0; i < LENGTH(units); i++) {
		size_t n = strlen(units[i].key);

		if (!page_ends_with(key, units[i].key))
			continue;
		if (i == UNIT_BYTES &&
		    span_find_byte(span_first(key, key.n - n), '_') ==
		    key.n - n)
			return NULL;
		if (key.p[key.n - n - 1] <= '9')
			return NULL;
		return &units[i];
	}
	return NULL;
}

static void
label_write(struct buf *out, struct span key, bool first)
{
	const struct page_word *unit = unit_find(key);

	if (unit != NULL)
		key.n -= strlen(unit->key);
	while (key.n > 0) {
		struct span word = span_first(key, span_find_byte(key, '_'));

		key = span_after(key, word.n + 1);
		label_word(out, word, first);
		first = false;
		if (key.n > 0)
			buf_byte(out, ' ');
	}
}

void
page_label(struct buf *out, struct span key)
{
	const struct page_word *w = word_find(key);

	if (w != NULL)
		buf_text(out, w->label);
	else
		label_write(out, key, true);
}

/* Times keep all that was captured; averages and rates need it not. */
static bool
is_time(struct span key)
{
	return page_ends_with(key, "_seconds") ||
	    page_ends_with(key, "_time") || span_is(key, "timestamp");
}

static void
number_write(struct buf *out, struct span key, const struct json_value *v)
{
	char text[64];
	int n;

	if (v->is_integer || is_time(key)) {
		buf_span(out, v->text);
		return;
	}
	if (fabs(v->number) < 1)
		n = snprintf(text, sizeof(text), "%.6g", v->number);
	else
		n = snprintf(text, sizeof(text), "%.2f", v->number);
	if (fabs(v->number) >= 1)
		while (n > 1 && text[n - 1] == '0' && text[n - 2] != '.')
			n--;
	buf_add(out, text, (size_t)n);
}

const char *
page_unit(struct span key)
{
	const struct page_word *w = word_find(key);

	if (w == NULL)
		w = unit_find(key);
	return w == NULL ? "" : w->unit;
}

/* What is inside a value stays there: its lines cannot look like ours. */
static void
lines_write(struct buf *out, struct span text)
{
	for (;;) {
		size_t n = span_find_byte(text, '\n');

		buf_span(out, span_first(text, n));
		if (n == text.n)
			return;
		buf_text(out, "\n        | ");
		text = span_after(text, n + 1);
	}
}

void
page_value(struct buf *out, struct span key, const struct json_value *v)
{
	switch (v->kind) {
	case JSON_NUMBER:
		number_write(out, key, v);
		buf_text(out, page_unit(key));
		return;
	case JSON_STRING:
		lines_write(out, v->text);
		return;
	case JSON_TRUE:
		buf_text(out, "yes");
		return;
	case JSON_FALSE:
		buf_text(out, "no");
		return;
	default:
		buf_text(out, "-");
	}
}

void
page_words(struct buf *out, struct span key)
{
	label_write(out, key, false);
}
