#include "cli/page.h"

#include "base/text.h"

#define DEPTH_MAX 12
#define LABEL_MAX 30

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

	if (!page_ends_with(v->name, "_time") || v->name.n + 5 > sizeof(name))
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
	buf_text(page->out, page_unit(key));
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

/* Values separated by commas; under each other when they are too long for
 * a line. */
static void
scalars_write(const struct page *page, const struct json_value *list,
    size_t indent)
{
	size_t line = page->out->n;
	const struct json_value *v;

	for (v = list->first; v != NULL; v = v->next) {
		page_value(page->out, list->name, v);
		buf_text(page->out, v->next != NULL ? ", " : "\n");
	}
	if (page->out->n - line + indent <= page->width || list->n < 2)
		return;
	buf_cut(page->out, line);
	for (v = list->first; v != NULL; v = v->next) {
		page_value(page->out, list->name, v);
		buf_byte(page->out, '\n');
		if (v->next != NULL)
			page_spaces(page->out, indent);
	}
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
		page_words(out, v->name);
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
	if (span_is(list->name, "fields") && page_tree(page, list, indent))
		return;
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
	if (span_is(v->name, "hex") && page_is_long_hex(v)) {
		heading(page, v->name, at->indent);
		page_hex(page, v->text, json_get(at->object, "offset"),
		    at->indent + 2);
	} else if (page_is_scalar(v)) {
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
