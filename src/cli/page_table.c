#include "cli/page.h"

#include <stdlib.h>

#define COLUMNS 48
#define CELL_MAX 60 /* columns of a cell of a list of objects */

struct table_shape {
	struct span keys[COLUMNS];
	size_t width[COLUMNS];
	size_t n;
	struct buf cell;
};

static void
shape_init(struct table_shape *s)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->cell, 65536);
}

/* Number of the column of `key`, new if need be; COLUMNS: too many. */
static size_t
shape_column(struct table_shape *s, struct span key)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (span_equal(s->keys[i], key))
			return i;
	if (s->n == COLUMNS)
		return COLUMNS;
	s->keys[s->n] = key;
	buf_cut(&s->cell, 0);
	page_label(&s->cell, key);
	s->width[s->n] = page_columns(buf_bytes(&s->cell));
	return s->n++;
}

static struct span
cell_text(struct table_shape *s, size_t column, const struct json_value *v)
{
	buf_cut(&s->cell, 0);
	if (v->kind == JSON_ARRAY) {
		for (v = v->first; v != NULL; v = v->next) {
			if (page_is_scalar(v))
				page_value(&s->cell, s->keys[column], v);
			if (v->next != NULL)
				buf_byte(&s->cell, ',');
		}
	} else if (v->kind != JSON_NULL) {
		page_value(&s->cell, s->keys[column], v);
	}
	return buf_bytes(&s->cell);
}

static void
shape_cell(struct table_shape *s, size_t column, const struct json_value *v)
{
	struct span text = cell_text(s, column, v);
	size_t n = page_columns(text);

	if (span_find_byte(text, '\n') < text.n)
		n = CELL_MAX + 1; /* more than a line is no cell */
	if (n > s->width[column])
		s->width[column] = n;
}

/* False: the list is no table. */
static bool
shape_objects(struct table_shape *s, const struct json_value *list)
{
	for (const struct json_value *o = list->first; o != NULL; o = o->next)
		for (const struct json_value *v = o->first; v != NULL;
		    v = v->next) {
			size_t column = shape_column(s, v->name);

			if (column == COLUMNS || !page_is_scalar(v))
				return false;
			shape_cell(s, column, v);
			if (s->width[column] > CELL_MAX)
				return false;
		}
	return s->n > 0;
}

static size_t
shape_width(const struct table_shape *s)
{
	size_t width = 0;

	for (size_t i = 0; i < s->n; i++)
		width += s->width[i] + 2;
	return width;
}

/* Nothing follows the last cell of a line. */
static void
cell_write(const struct page *page, const struct table_shape *s,
    size_t column, struct span text)
{
	buf_span(page->out, text);
	if (column + 1 < s->n)
		page_spaces(page->out,
		    s->width[column] + 2 - page_columns(text));
}

static void
head_write(const struct page *page, struct table_shape *s, unsigned indent)
{
	page_spaces(page->out, indent);
	for (size_t i = 0; i < s->n; i++) {
		buf_cut(&s->cell, 0);
		page_label(&s->cell, s->keys[i]);
		cell_write(page, s, i, buf_bytes(&s->cell));
	}
	buf_byte(page->out, '\n');
}

/* Cells that a line ends with are not padded. */
static void
line_end(const struct page *page)
{
	while (page->out->n > 0 && page->out->p[page->out->n - 1] == ' ')
		buf_cut(page->out, page->out->n - 1);
	buf_byte(page->out, '\n');
}

static const struct json_value *
member_named(const struct json_value *object, struct span name)
{
	for (const struct json_value *v = object->first; v != NULL;
	    v = v->next)
		if (span_equal(v->name, name))
			return v;
	return NULL;
}

bool
page_table_objects(const struct page *page, const struct json_value *list,
    unsigned indent)
{
	struct table_shape s;
	bool fits;

	shape_init(&s);
	fits = shape_objects(&s, list) &&
	    shape_width(&s) + indent <= page->width + 2;
	if (fits)
		head_write(page, &s, indent);
	for (const struct json_value *o = fits ? list->first : NULL;
	    o != NULL; o = o->next) {
		page_spaces(page->out, indent);
		for (size_t i = 0; i < s.n; i++) {
			const struct json_value *v =
			    member_named(o, s.keys[i]);

			cell_write(page, &s, i, v == NULL ? span_empty() :
			    cell_text(&s, i, v));
		}
		line_end(page);
	}
	buf_free(&s.cell);
	return fits;
}

void
page_table_rows(const struct page *page, const struct json_value *columns,
    const struct json_value *rows, unsigned indent)
{
	struct table_shape s;
	size_t i;

	shape_init(&s);
	for (const struct json_value *v = columns->first;
	    v != NULL && s.n < COLUMNS; v = v->next) {
		s.keys[s.n] = v->text;
		s.width[s.n++] = page_columns(v->text);
	}
	for (const struct json_value *row = rows->first; row != NULL;
	    row = row->next) {
		i = 0;
		for (const struct json_value *v = row->first;
		    v != NULL && i < s.n; v = v->next)
			shape_cell(&s, i++, v);
	}
	page_spaces(page->out, indent);
	for (i = 0; i < s.n; i++)
		cell_write(page, &s, i, s.keys[i]);
	line_end(page);
	for (const struct json_value *row = rows->first; row != NULL;
	    row = row->next) {
		page_spaces(page->out, indent);
		i = 0;
		for (const struct json_value *v = row->first;
		    v != NULL && i < s.n; v = v->next, i++)
			cell_write(page, &s, i, cell_text(&s, i, v));
		line_end(page);
	}
	buf_free(&s.cell);
}
