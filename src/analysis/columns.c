#include "analysis/columns.h"

#include <stdlib.h>

#include "analysis/field_json.h"
#include "analysis/packet_info.h"
#include "base/text.h"
#include "filter/names.h"
#include "net/field_text.h"
#include "proto/proto.h"

#define NONE UINT32_MAX
#define LINKS_MAX 65536
#define TEXT_ROOM 65536

struct column_row {
	const struct field *field;
	uint32_t column;
};

struct column_link {
	uint32_t value; /* in p->fields */
	uint32_t next;
};

static const struct {
	const char *name;
	const char *tshark;
	enum column_kind kind;
} words[] = {
	{ "number", "_ws.col.No.", COLUMN_NUMBER },
	{ "time", "_ws.col.Time", COLUMN_TIME },
	{ "source", "_ws.col.Source", COLUMN_SOURCE },
	{ "destination", "_ws.col.Destination", COLUMN_DESTINATION },
	{ "protocol", "_ws.col.Protocol", COLUMN_PROTOCOL },
	{ "length", "_ws.col.Length", COLUMN_LENGTH },
	{ "info", "_ws.col.Info", COLUMN_INFO },
};

static void
columns_init(struct columns *c)
{
	memset(c, 0, sizeof(*c));
	buf_init(&c->text, TEXT_ROOM);
}

void
columns_default(struct columns *c)
{
	columns_init(c);
	for (size_t i = 0; i < LENGTH(words); i++) {
		c->at[c->n].kind = words[i].kind;
		c->at[c->n++].name = words[i].name;
	}
}

void
columns_free(struct columns *c)
{
	field_wants_free(c->wants);
	free(c->rows);
	free(c->links);
	buf_free(&c->text);
	c->wants = NULL;
	c->rows = NULL;
	c->links = NULL;
	c->n = 0;
}

bool
columns_need_messages(const struct columns *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->at[i].kind == COLUMN_PROTOCOL ||
		    c->at[i].kind == COLUMN_INFO)
			return true;
	}
	return false;
}

static bool
column_word(struct column *column, struct span name)
{
	for (size_t i = 0; i < LENGTH(words); i++) {
		bool ours = span_is(name, words[i].name);

		if (!ours && !span_is_nocase(name, words[i].tshark))
			continue;
		column->kind = words[i].kind;
		column->name = ours ? words[i].name : words[i].tshark;
		return true;
	}
	return false;
}

static size_t
row_slot(const struct columns *c, const struct field *f)
{
	uintptr_t address = (uintptr_t)f / sizeof(void *);

	return (size_t)(address * 0x9e3779b97f4a7c15u >> 20) &
	    (c->n_slots - 1);
}

static void
row_add(struct columns *c, const struct field *f, size_t column)
{
	size_t i = row_slot(c, f);

	while (c->rows[i].field != NULL)
		i = (i + 1) & (c->n_slots - 1);
	c->rows[i].field = f;
	c->rows[i].column = (uint32_t)column;
	c->n_rows++;
	field_wants_add(c->wants, f);
}

/* All rows of all field columns, into a table of twice the size. */
static bool
columns_resolve(struct columns *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct span name = span_text(c->at[i].name);

		if (c->at[i].kind != COLUMN_FIELD)
			continue;
		for (size_t k = 0; field_find(name, k) != NULL; k++)
			n++;
	}
	if (n == 0)
		return true;
	for (c->n_slots = 16; c->n_slots < n * 2; c->n_slots *= 2)
		continue;
	c->rows = calloc(c->n_slots, sizeof(*c->rows));
	c->wants = field_wants_new();
	if (c->rows == NULL || c->wants == NULL)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		struct span name = span_text(c->at[i].name);
		const struct field *f;

		if (c->at[i].kind != COLUMN_FIELD)
			continue;
		for (size_t k = 0; (f = field_find(name, k)) != NULL; k++)
			row_add(c, f, i);
	}
	return true;
}

static bool
column_read(struct column *column, struct span name, struct buf *error)
{
	const struct field *f = field_find(name, 0);

	column->field = f;
	if (f != NULL) {
		column->kind = COLUMN_FIELD;
		column->name = span_is(name, f->name) ? f->name : f->also;
		return true;
	}
	if (column_word(column, name))
		return true;
	buf_text(error, "fields: ");
	names_unknown(error, name);
	return false;
}

bool
columns_read(struct columns *c, const struct span *names, size_t n,
    struct buf *error)
{
	columns_init(c);
	if (n > COLUMNS_MAX) {
		buf_printf(error, "fields: %zu names, at most %d fit", n,
		    COLUMNS_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!column_read(&c->at[i], span_trim(names[i]), error))
			return false;
		c->n++;
	}
	if (columns_resolve(c))
		return true;
	buf_text(error, "fields: no memory");
	return false;
}

/* The place of a new link, or NONE at the cap. */
static uint32_t
link_new(struct columns *c)
{
	if (c->n_links == c->links_size) {
		size_t size = c->links_size == 0 ? 256 : c->links_size * 2;
		struct column_link *links;

		if (size > LINKS_MAX)
			return NONE;
		links = realloc(c->links, size * sizeof(*links));
		if (links == NULL) {
			c->no_memory = true;
			return NONE;
		}
		c->links = links;
		c->links_size = size;
	}
	return (uint32_t)c->n_links++;
}

static void
column_add(struct columns *c, struct column *column, uint32_t value)
{
	uint32_t link = link_new(c);

	if (link == NONE)
		return;
	c->links[link].value = value;
	c->links[link].next = NONE;
	if (column->first == NONE)
		column->first = link;
	else
		c->links[column->last].next = link;
	column->last = link;
}

void
columns_collect(struct columns *c, const struct packet *p)
{
	const struct field_list *l = p->fields;

	for (size_t i = 0; i < c->n; i++)
		c->at[i].first = NONE;
	c->n_links = 0;
	if (l == NULL || c->n_slots == 0)
		return;
	for (size_t v = 0; v < l->n; v++) {
		const struct field *f = l->values[v].field;
		size_t i = row_slot(c, f);

		for (; c->rows[i].field != NULL; i = (i + 1) & (c->n_slots - 1))
			if (c->rows[i].field == f)
				column_add(c, &c->at[c->rows[i].column],
				    (uint32_t)v);
	}
}

size_t
columns_values(const struct columns *c, const struct packet *p,
    size_t column, const struct field_value **values, size_t max)
{
	uint32_t link = c->at[column].first;
	size_t n = 0;

	if (c->at[column].kind != COLUMN_FIELD)
		return 0;
	for (; link != NONE; link = c->links[link].next) {
		if (n < max)
			values[n] = &p->fields->values[c->links[link].value];
		n++;
	}
	return n;
}

static void
word_text(struct buf *out, const struct packet *p, enum column_kind kind)
{
	char text[NUMBER_TEXT];

	switch (kind) {
	case COLUMN_NUMBER:
		buf_add(out, text, number_uint(text, p->record->number));
		break;
	case COLUMN_TIME:
		if (p->record->time.known)
			buf_add(out, text, time_iso(text, p->record->time));
		break;
	case COLUMN_LENGTH:
		buf_add(out, text, number_uint(text, p->record->len));
		break;
	case COLUMN_SOURCE:
		packet_source(out, p);
		break;
	case COLUMN_DESTINATION:
		packet_destination(out, p);
		break;
	case COLUMN_PROTOCOL:
		packet_protocol(out, p);
		break;
	case COLUMN_INFO:
		packet_info(out, p, COLUMN_INFO_MAX);
		break;
	case COLUMN_FIELD:
		break;
	}
}

void
columns_word(const struct columns *c, const struct packet *p, size_t column,
    struct buf *out)
{
	word_text(out, p, c->at[column].kind);
}

/* An empty scratch text; one that was full once must be made anew. */
static struct buf *
scratch(struct columns *c)
{
	if (c->text.full) {
		buf_free(&c->text);
		buf_init(&c->text, TEXT_ROOM);
	}
	buf_cut(&c->text, 0);
	return &c->text;
}

static void
word_json(struct columns *c, const struct column *column,
    const struct packet *p, struct json *j, const char *name)
{
	const struct record *r = p->record;

	if (column->kind == COLUMN_NUMBER) {
		json_uint(j, name, r->number);
	} else if (column->kind == COLUMN_LENGTH) {
		json_uint(j, name, r->len);
	} else {
		word_text(scratch(c), p, column->kind);
		json_span(j, name, buf_bytes(&c->text));
	}
}

static void
cell_json(struct columns *c, const struct column *column,
    const struct packet *p, struct json *j, bool object)
{
	const char *name = object ? column->name : NULL;
	const struct field_value *values;

	if (column->kind != COLUMN_FIELD) {
		word_json(c, column, p, j, name);
		return;
	}
	if (column->first == NONE) {
		if (!object)
			json_null(j, NULL);
		return;
	}
	values = p->fields->values;
	if (column->first == column->last) {
		field_json(j, name, &values[c->links[column->first].value]);
		return;
	}
	json_array(j, name);
	for (uint32_t i = column->first; i != NONE; i = c->links[i].next)
		field_json(j, NULL, &values[c->links[i].value]);
	json_end(j);
}

void
columns_header(const struct columns *c, struct json *j, const char *name)
{
	json_array(j, name);
	for (size_t i = 0; i < c->n; i++)
		json_text(j, NULL, c->at[i].name);
	json_end(j);
}

void
columns_row(struct columns *c, const struct packet *p, struct json *j,
    bool object)
{
	if (object)
		json_object(j, NULL);
	else
		json_array(j, NULL);
	for (size_t i = 0; i < c->n; i++)
		cell_json(c, &c->at[i], p, j, object);
	json_end(j);
}

void
columns_tsv_header(const struct columns *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		if (i > 0)
			buf_byte(out, '\t');
		buf_text(out, c->at[i].name);
	}
}

void
columns_tsv(struct columns *c, const struct packet *p, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct column *column = &c->at[i];

		if (i > 0)
			buf_byte(out, '\t');
		if (column->kind != COLUMN_FIELD) {
			word_text(out, p, column->kind);
			continue;
		}
		for (uint32_t k = column->first; k != NONE;
		    k = c->links[k].next) {
			if (k != column->first)
				buf_byte(out, ',');
			field_text(out,
			    &p->fields->values[c->links[k].value]);
		}
	}
}
