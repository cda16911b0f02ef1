#include "analysis/field_help.h"
#include "base/text.h"
#include "filter/names.h"
#include "tools/tool.h"

#define VALUES_SHOWN 60 /* names of values, when one field is asked for */
#define TEXT_ROOM 4096

static const struct param params[] = {
	{ .name = "pcap_file", .type = PARAM_CAPTURE,
	    .help = "Only protocols of this capture" },
	{ .name = "protocol", .type = PARAM_TEXT,
	    .help = "e.g. dns" },
	{ .name = "prefix", .type = PARAM_TEXT,
	    .help = "e.g. tcp.analysis" },
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static const char *const columns[] = { "field", "type", "help", "example" };
static const char *const protocol_columns[] = { "protocol", "title",
	"fields" };

/* ---- What the capture has --------------------------------------------- */

#define TABLES_MAX 128

struct met {
	bool table[TABLES_MAX];
};

static void
met_packet(void *state, const struct packet *p)
{
	struct met *met = state;

	for (size_t i = 0; p->fields != NULL && i < p->fields->n; i++) {
		const struct field *f = p->fields->values[i].field;
		const struct field_table *t;

		for (size_t k = 0; k < TABLES_MAX &&
		    (t = field_table_at(k)) != NULL; k++)
			if (f >= t->rows && f < t->rows + t->n)
				met->table[k] = true;
	}
}

static const struct analyzer analyzer_met = {
	.name = "fields_met",
	.wants = WANT_WALK | WANT_FIELDS | WANT_DEFRAG,
	.size = sizeof(struct met),
	.packet = met_packet,
};

/* The tables of the protocols in the capture, or NULL with the error. */
static const struct met *
fields_met(struct tool_call *call)
{
	struct scan_request request = { .analyzer = &analyzer_met };
	struct field_wants *wants = field_wants_new();
	const struct field_table *t;
	bool good = false;

	request.fields = wants;
	for (size_t i = 0; wants != NULL &&
	    (t = field_table_at(i)) != NULL; i++)
		for (size_t k = 0; k < t->n; k++)
			if (t->rows[k].type == FIELD_PROTOCOL)
				field_wants_add(wants, &t->rows[k]);
	if (wants == NULL)
		buf_text(call->error, "out of memory");
	else
		good = tool_scan(call, &request, 1);
	field_wants_free(wants);
	return good ? request.state : NULL;
}

/* ---- Rows ------------------------------------------------------------- */

static void
row_write(struct rows *r, const char *const *names, const struct span *cells,
    size_t n)
{
	bool object = r->format == ROWS_NDJSON;
	struct buf *line;
	struct json *j;

	if (r->format == ROWS_TSV) {
		line = rows_text(r);
		if (line == NULL)
			return;
		for (size_t i = 0; i < n; i++) {
			if (i > 0)
				buf_byte(line, '\t');
			buf_span(line, cells[i]);
		}
		rows_done(r);
		return;
	}
	j = rows_next(r);
	if (j == NULL)
		return;
	if (object)
		json_object(j, NULL);
	else
		json_array(j, NULL);
	for (size_t i = 0; i < n; i++) {
		uint64_t number;

		if (span_read_uint(cells[i], UINT32_MAX, &number))
			json_uint(j, object ? names[i] : NULL, number);
		else
			json_span(j, object ? names[i] : NULL, cells[i]);
	}
	json_end(j);
	rows_done(r);
}

static void
field_write(struct rows *r, const struct field *f, const char *name,
    const char *help)
{
	struct buf type, example;
	struct span cells[LENGTH(columns)];

	buf_init(&type, TEXT_ROOM);
	buf_init(&example, TEXT_ROOM);
	field_type_text(&type, f);
	field_example(&example, f, name);
	cells[0] = span_text(name);
	cells[1] = buf_bytes(&type);
	cells[2] = span_text(help);
	cells[3] = buf_bytes(&example);
	row_write(r, columns, cells, LENGTH(cells));
	buf_free(&type);
	buf_free(&example);
}

/* Names that several rows answer to: "ip.src or ip.dst". */
static void
shared_write(struct rows *r, const struct field *f)
{
	struct span name = span_text(f->also);
	const struct field *other;
	struct buf help;

	if (field_find(name, 0) != f)
		return; /* told with the first of them */
	buf_init(&help, TEXT_ROOM);
	for (size_t i = 0; (other = field_find(name, i)) != NULL && i < 8; i++)
		buf_printf(&help, "%s%s", i > 0 ? " or " : "", other->name);
	buf_byte(&help, 0);
	if (!help.full)
		field_write(r, f, f->also, (const char *)help.p);
	buf_free(&help);
}

static void
table_write(struct rows *r, const struct field_table *t, struct span prefix)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->rows[i];
		struct span name = span_text(f->name);

		if (prefix.n <= name.n && span_equal_nocase(prefix,
		    span_first(name, prefix.n)) && field_find(name, 0) == f)
			field_write(r, f, f->name, f->help);
		if (f->also == NULL)
			continue;
		name = span_text(f->also);
		if (prefix.n <= name.n && span_equal_nocase(prefix,
		    span_first(name, prefix.n)))
			shared_write(r, f);
	}
}

static void
protocol_write(struct rows *r, const struct field_table *t)
{
	char text[NUMBER_TEXT];
	struct span cells[LENGTH(protocol_columns)] = {
		span_text(t->rows[0].name), span_text(t->title),
		span_of(text, number_uint(text, t->n - 1)) };

	row_write(r, protocol_columns, cells, LENGTH(cells));
}

/* A protocol's own rows: tables may hold those of several. */
static bool
is_protocol(const struct field_table *t, struct span name)
{
	return name.n == 0 || span_is_nocase(name, t->rows[0].name);
}

static void
head_write(struct rows *r, const char *const *names, size_t n)
{
	struct buf *line = rows_head(r);

	for (size_t i = 0; line != NULL && i < n; i++)
		buf_printf(line, "%s%c", names[i], i + 1 < n ? '\t' : '\n');
}

static void
columns_write(struct json *j, const char *const *names, size_t n)
{
	json_array(j, "columns");
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, names[i]);
	json_end(j);
}

/* The names of the values of the one field that was asked for. */
static void
values_write(struct json *j, struct span name)
{
	const struct field *f = field_find(name, 0);
	size_t n = 0;

	if (f == NULL || f->names == NULL)
		return;
	json_array(j, "values");
	for (const struct value_name *v = f->names; v->name != NULL; v++) {
		if (n++ >= VALUES_SHOWN)
			continue;
		json_array(j, NULL);
		json_uint(j, NULL, v->value);
		json_text(j, NULL, v->name);
		json_end(j);
	}
	json_end(j);
	if (n > VALUES_SHOWN)
		json_uint(j, "values_left_out", n - VALUES_SHOWN);
}

/* ---- The tool --------------------------------------------------------- */

static bool
fields_absent(const struct tool_call *call, struct span name)
{
	buf_text(call->error, "nothing is called so: ");
	names_unknown(call->error, name);
	buf_text(call->error, "; without arguments list_fields lists the "
	    "protocols");
	return false;
}

/* Does any field or protocol begin (or is it called) so? */
static bool
is_known(struct span name, bool begins)
{
	const struct field_table *t;

	for (size_t i = 0; (t = field_table_at(i)) != NULL; i++) {
		if (!begins && is_protocol(t, name))
			return true;
		for (size_t k = 0; begins && k < t->n; k++) {
			struct span row = span_text(t->rows[k].name);

			if (span_equal_nocase(name, span_first(row, name.n)))
				return true;
		}
	}
	return name.n == 0;
}

static bool
fields_run(struct tool_call *call)
{
	const struct arg *prefix = args_get(call->args, "prefix");
	const struct arg *protocol = args_get(call->args, "protocol");
	bool overview = !prefix->given && !protocol->given;
	struct span begin = prefix->given ? prefix->text : span_empty();
	struct span owner = protocol->given ? protocol->text : span_empty();
	const char *const *names = overview ? protocol_columns : columns;
	size_t n = overview ? LENGTH(protocol_columns) : LENGTH(columns);
	const struct met *met = NULL;
	const struct field_table *t;

	if (call->capture != NULL) {
		met = fields_met(call);
		if (met == NULL)
			return false;
	}
	head_write(call->rows, names, n);
	for (size_t i = 0; (t = field_table_at(i)) != NULL; i++) {
		if (met != NULL && i < TABLES_MAX && !met->table[i])
			continue;
		if (overview)
			protocol_write(call->rows, t);
		else if (is_protocol(t, owner))
			table_write(call->rows, t, begin);
	}
	if (call->rows->matched == 0 && (met == NULL ||
	    !is_known(prefix->given ? begin : owner, prefix->given)))
		return fields_absent(call, prefix->given ? begin : owner);
	if (call->capture != NULL)
		tool_begin(call, false);
	else
		json_object(call->json, NULL);
	columns_write(call->json, names, n);
	rows_report(call->rows, call->json, "rows");
	if (call->rows->matched == 1 && prefix->given)
		values_write(call->json, begin);
	if (call->rows->matched == 0)
		json_text(call->json, "message", "This capture has nothing of "
		    "it; without pcap_file all fields are listed");
	rows_counts(call->rows, call->json, call->seal);
	return true;
}

const struct tool tool_list_fields = {
	.name = "list_fields",
	.module = "packets",
	.title = "List fields",
	.help = "Field names for filter, fields and group_by: protocols, or the "
	    "fields of a protocol or prefix with type, meaning, example; of "
	    "one whole name its values too.",
	.params = params,
	.output = "file columns rows values values_left_out message matched "
	    "returned truncated next_cursor",
	.run = fields_run,
};
