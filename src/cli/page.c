#include "cli/page.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"

#define DEPTH_MAX 12
#define LABEL_MAX 30

/* Keys whose words or units cannot be told from their letters. */
static const struct page_word {
	const char *key, *label, *unit;
} words[] = {
	{ "filename", "File name", "" },
	{ "packet_count", "Number of packets", "" },
	{ "packet_size_limit_bytes", "Packet size limit", " bytes" },
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

static const struct page_word units[] = {
	{ "_bytes", NULL, " bytes" },
	{ "_seconds", NULL, " seconds" },
	{ "_ms", NULL, " ms" },
	{ "_iso", NULL, "" },
};

/* Initials that stay together. */
static const char *const initials[] = { "ip", "dns", "dhcp", "icmp", "tcp",
	"udp", "sip", "rst", "syn", "fin", "ack", "ttl", "mac", "id", "os",
	"url", "rtt", "ids", "ips", "fcs" };

static bool
ends_with(struct span s, const char *end)
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

static void
label_write(struct buf *out, struct span key, bool first)
{
	for (size_t i = 0; i < LENGTH(units); i++)
		if (ends_with(key, units[i].key))
			key.n -= strlen(units[i].key);
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
	return ends_with(key, "_seconds") || ends_with(key, "_time");
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

static const char *
unit_of(struct span key)
{
	const struct page_word *w = word_find(key);

	if (w != NULL)
		return w->unit;
	for (size_t i = 0; i < LENGTH(units); i++)
		if (ends_with(key, units[i].key))
			return units[i].unit;
	return "";
}

void
page_value(struct buf *out, struct span key, const struct json_value *v)
{
	switch (v->kind) {
	case JSON_NUMBER:
		number_write(out, key, v);
		buf_text(out, unit_of(key));
		return;
	case JSON_STRING:
		buf_span(out, v->text);
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

size_t
page_columns(struct span text)
{
	size_t n = 0;
	uint32_t character;

	for (; text.n > 0; n++) {
		size_t bytes = text_utf8(text, &character);

		text = span_after(text, bytes == 0 ? 1 : bytes);
	}
	return n;
}

bool
page_is_scalar(const struct json_value *v)
{
	return v->kind != JSON_ARRAY && v->kind != JSON_OBJECT;
}

void
page_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_byte(out, ' ');
}

static bool
all_scalars(const struct json_value *list)
{
	for (const struct json_value *v = list->first; v != NULL; v = v->next)
		if (!page_is_scalar(v))
			return false;
	return true;
}

static bool
all_objects(const struct json_value *list)
{
	for (const struct json_value *v = list->first; v != NULL; v = v->next)
		if (v->kind != JSON_OBJECT)
			return false;
	return true;
}

/* A time as a number is left out where it also stands in words. */
static bool
is_said_better(const struct json_value *object, const struct json_value *v)
{
	char name[80];

	if (!ends_with(v->name, "_time") || v->name.n + 5 > sizeof(name))
		return false;
	memcpy(name, v->name.p, v->name.n);
	memcpy(name + v->name.n, "_iso", 5);
	return json_get(object, name) != NULL;
}

static void
bold(const struct page *page, const char *code)
{
	if (page->colour)
		buf_text(page->out, code);
}

static void
heading(const struct page *page, struct span key, unsigned indent)
{
	page_spaces(page->out, indent);
	bold(page, "\033[1m");
	page_label(page->out, key);
	buf_byte(page->out, ':');
	bold(page, "\033[0m");
	buf_byte(page->out, '\n');
}

/* The label and the spaces behind it. */
static void
lead(const struct page *page, struct span key, unsigned indent, size_t width)
{
	size_t before = page->out->n;

	page_spaces(page->out, indent);
	page_label(page->out, key);
	buf_byte(page->out, ':');
	before = page->out->n - before - indent;
	page_spaces(page->out, before < width ? width - before : 1);
}

static size_t
label_width(const struct json_value *object)
{
	struct buf label;
	size_t width = 0;

	buf_init(&label, 256);
	for (const struct json_value *v = object->first; v != NULL;
	    v = v->next) {
		if (!page_is_scalar(v) && !(v->kind == JSON_ARRAY &&
		    v->n > 0 && all_scalars(v)))
			continue;
		buf_cut(&label, 0);
		page_label(&label, v->name);
		if (label.n > width && label.n <= LABEL_MAX)
			width = label.n;
	}
	buf_free(&label);
	return width + 2;
}

/* Moves what was written since `at` to a line of its own. */
static void
wrap(const struct page *page, size_t at, size_t indent)
{
	size_t n = page->out->n - at;

	if (buf_room(page->out, indent + 1) == NULL)
		return;
	memmove(page->out->p + at + indent + 1, page->out->p + at, n);
	memset(page->out->p + at, ' ', indent + 1);
	page->out->p[at] = '\n';
	page->out->n += indent + 1;
}

/* Values separated by commas, wrapped under each other. */
static void
scalars_write(const struct page *page, const struct json_value *list,
    size_t indent)
{
	size_t line = page->out->n;

	for (const struct json_value *v = list->first; v != NULL;
	    v = v->next) {
		size_t before = page->out->n;

		page_value(page->out, list->name, v);
		if (v->next != NULL)
			buf_text(page->out, ", ");
		if (before > line && page->out->n - line + indent >
		    page->width) {
			wrap(page, before, indent);
			line = before + 1 + indent;
		}
	}
	buf_byte(page->out, '\n');
}

/* "12  packets cut by the snapshot length (snaplen 96 bytes)" */
static void
finding_write(const struct page *page, const struct json_value *object,
    unsigned indent)
{
	struct buf *out = page->out;
	const char *between = " (";

	page_spaces(out, indent);
	page_value(out, span_empty(), json_get(object, "count"));
	buf_text(out, "  ");
	page_value(out, span_empty(), json_get(object, "what"));
	for (const struct json_value *v = object->first; v != NULL;
	    v = v->next) {
		if (span_is(v->name, "what") || span_is(v->name, "count") ||
		    !page_is_scalar(v))
			continue;
		buf_text(out, between);
		label_write(out, v->name, false);
		buf_byte(out, ' ');
		page_value(out, v->name, v);
		between = ", ";
	}
	buf_text(out, strcmp(between, ", ") == 0 ? ")\n" : "\n");
}

/* Where an object stands on the page. */
struct place {
	const struct json_value *object;
	unsigned indent, depth;
	size_t width; /* of its labels */
};

static void object_write(const struct page *page,
    const struct json_value *object, unsigned indent, unsigned depth);

static void
list_write(const struct page *page, const struct json_value *list,
    unsigned indent, unsigned depth)
{
	bool findings = true;

	for (const struct json_value *v = list->first; v != NULL; v = v->next)
		findings &= json_get(v, "what") != NULL &&
		    json_get(v, "count") != NULL;
	if (!findings && page_table_objects(page, list, indent))
		return;
	for (const struct json_value *v = list->first; v != NULL;
	    v = v->next) {
		if (findings)
			finding_write(page, v, indent);
		else
			object_write(page, v, indent, depth + 1);
		if (!findings && v->next != NULL)
			buf_byte(page->out, '\n');
	}
}

/* An array that is more than a line. */
static void
array_write(const struct page *page, const struct place *at,
    const struct json_value *list)
{
	const struct json_value *columns = json_get(at->object, "columns");
	unsigned indent = at->indent + 2;

	heading(page, list->name, at->indent);
	if (span_is(list->name, "rows") && columns != NULL) {
		page_table_rows(page, columns, list, indent);
		return;
	}
	if (all_objects(list)) {
		list_write(page, list, indent, at->depth);
		return;
	}
	for (const struct json_value *v = list->first; v != NULL;
	    v = v->next) {
		page_spaces(page->out, indent);
		if (v->kind == JSON_ARRAY && all_scalars(v)) {
			scalars_write(page, v, indent);
			continue;
		}
		buf_span(page->out, v->raw);
		buf_byte(page->out, '\n');
	}
}

static void
empty_write(const struct page *page, const struct place *at, struct span key)
{
	if (!span_is(key, "quality"))
		return;
	lead(page, key, at->indent, at->width);
	buf_text(page->out, "nothing known limits this answer\n");
}

static void
member_write(const struct page *page, const struct place *at,
    const struct json_value *v)
{
	if (page_is_scalar(v)) {
		lead(page, v->name, at->indent, at->width);
		page_value(page->out, v->name, v);
		buf_byte(page->out, '\n');
	} else if (v->n == 0) {
		empty_write(page, at, v->name);
	} else if (v->kind == JSON_ARRAY && all_scalars(v)) {
		lead(page, v->name, at->indent, at->width);
		scalars_write(page, v, at->indent + at->width);
	} else if (v->kind == JSON_ARRAY) {
		array_write(page, at, v);
	} else {
		heading(page, v->name, at->indent);
		object_write(page, v, at->indent + 2, at->depth + 1);
	}
}

static void
object_write(const struct page *page, const struct json_value *object,
    unsigned indent, unsigned depth)
{
	const struct place at = { object, indent, depth,
		label_width(object) };
	bool table = json_get(object, "rows") != NULL;

	if (depth > DEPTH_MAX) {
		buf_text(page->out, "...\n");
		return;
	}
	for (const struct json_value *v = object->first; v != NULL;
	    v = v->next)
		if (!(table && span_is(v->name, "columns")) &&
		    !is_said_better(object, v))
			member_write(page, &at, v);
}

void
page_write(const struct page *page, const struct json_value *answer)
{
	if (answer->kind == JSON_OBJECT)
		object_write(page, answer, 0, 0);
	else
		buf_span(page->out, answer->raw);
}
