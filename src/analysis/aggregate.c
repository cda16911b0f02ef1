#include "analysis/aggregate.h"

#include <stdlib.h>

#include "base/text.h"
#include "net/field_text.h"

#define METRIC_NAME 120
#define CELL_MAX 256
#define KEY_MAX (AGGREGATE_FIELDS_MAX * (CELL_MAX + 2) + 8)
#define NS 1000000000

/* One row's state: frames, then a metric_value for each metric. */
struct group {
	uint64_t first, last, packets;
	struct metric_value values[];
};

/* The different values of one field of the group in a packet, as text. */
struct choices {
	struct span text[AGGREGATE_VALUES];
	size_t n;
};

/* ---- Collecting ------------------------------------------------------- */

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct aggregate *a = state;
	size_t size;

	a->scan = scan;
	a->o = *(const struct aggregate_options *)options;
	size = sizeof(struct group) +
	    a->o.metrics->n * sizeof(struct metric_value);
	table_init(&a->groups, size, AGGREGATE_GROUPS_MAX);
	buf_init(&a->key, KEY_MAX);
	buf_init(&a->cell, 65536);
	return true;
}

static void
choice_add(struct choices *c, struct span text)
{
	for (size_t i = 0; i < c->n; i++) {
		if (span_equal(c->text[i], text))
			return;
	}
	if (c->n < AGGREGATE_VALUES)
		c->text[c->n++] = text;
}

/* The text of a value with the name it has: "28 (AAAA)". */
static struct span
choice_text(struct aggregate *a, const struct packet *p,
    const struct field_value *v)
{
	const char *name = NULL;

	if (a->cell.full) {
		buf_free(&a->cell);
		buf_init(&a->cell, 65536);
	}
	buf_cut(&a->cell, 0);
	if (v->field->type == FIELD_STRING)
		text_escape(&a->cell, v->bytes, CELL_MAX / 2);
	else
		field_text(&a->cell, v);
	if (v->field->names != NULL && v->field->type == FIELD_UINT)
		name = value_name(v->field->names, v->number);
	if (name != NULL)
		buf_printf(&a->cell, " (%s)", name);
	return arena_copy(p->arena, span_first(buf_bytes(&a->cell),
	    CELL_MAX));
}

static void
choices_read(struct aggregate *a, const struct packet *p, size_t column,
    struct choices *c)
{
	const struct field_value *values[AGGREGATE_VALUES];
	const struct columns *g = a->o.group;
	size_t n;

	c->n = 0;
	if (g->at[column].kind != COLUMN_FIELD) {
		buf_cut(&a->cell, 0);
		columns_word(g, p, column, &a->cell);
		if (a->cell.n > 0)
			choice_add(c, arena_copy(p->arena,
			    span_first(buf_bytes(&a->cell), CELL_MAX)));
		return;
	}
	n = columns_values(g, p, column, values, AGGREGATE_VALUES);
	if (n > AGGREGATE_VALUES) {
		a->cut_short++;
		n = AGGREGATE_VALUES;
	}
	for (size_t i = 0; i < n; i++)
		choice_add(c, choice_text(a, p, values[i]));
}

static void
group_add(struct aggregate *a, const struct packet *p)
{
	struct span key = buf_bytes(&a->key);
	size_t number = table_intern(&a->groups, key);
	struct group *g;

	if (number == SIZE_MAX)
		return; /* refused: the table counts it */
	g = table_value(&a->groups, number);
	if (g->packets++ == 0)
		g->first = p->record->number;
	g->last = p->record->number;
	metrics_add(a->o.metrics, g->values, (uint32_t)number, p);
}

static void
key_begin(struct aggregate *a, uint64_t bucket)
{
	buf_cut(&a->key, 0);
	buf_add(&a->key, &bucket, sizeof(bucket));
}

static void
key_cell(struct aggregate *a, struct span cell)
{
	uint16_t n = (uint16_t)cell.n;

	buf_add(&a->key, &n, sizeof(n));
	buf_span(&a->key, cell);
}

/* Every combination of the choices, the last field turning fastest. */
static void
combinations_add(struct aggregate *a, const struct packet *p,
    uint64_t bucket, const struct choices *choices, size_t n)
{
	size_t at[AGGREGATE_FIELDS_MAX] = { 0 }, done = 0, i;

	do {
		key_begin(a, bucket);
		for (i = 0; i < n; i++)
			key_cell(a, choices[i].text[at[i]]);
		group_add(a, p);
		for (i = n; i > 0 && ++at[i - 1] == choices[i - 1].n; i--)
			at[i - 1] = 0;
	} while (i > 0 && ++done < AGGREGATE_COMBINATIONS);
	if (i > 0)
		a->cut_short++;
	if (done > 0)
		a->several++;
}

static bool
bucket_of(const struct aggregate *a, const struct packet *p, uint64_t *bucket)
{
	struct timestamp t = p->record->time;
	int64_t width = a->o.bucket, ns;

	*bucket = 0;
	if (width == 0)
		return true;
	if (!t.known || t.seconds < 0 || t.seconds > INT64_MAX / NS - 1)
		return false;
	ns = t.seconds * NS + t.nanoseconds;
	*bucket = (uint64_t)(ns - ns % width);
	return true;
}

static void
packet(void *state, const struct packet *p)
{
	struct aggregate *a = state;
	struct choices choices[AGGREGATE_FIELDS_MAX];
	uint64_t bucket;

	if (!bucket_of(a, p, &bucket)) {
		a->no_time++;
		return;
	}
	columns_collect(a->o.group, p);
	columns_collect(&a->o.metrics->fields, p);
	for (size_t i = 0; i < a->o.group->n; i++) {
		choices_read(a, p, i, &choices[i]);
		if (choices[i].n == 0) {
			a->no_value++;
			return;
		}
	}
	combinations_add(a, p, bucket, choices, a->o.group->n);
}

static const struct analyzer fields = {
	.name = "aggregate",
	.wants = WANT_WALK | WANT_FIELDS | WANT_DEFRAG,
	.size = sizeof(struct aggregate),
	.begin = begin,
	.packet = packet,
};

static const struct analyzer messages = {
	.name = "aggregate",
	.wants = WANT_WALK | WANT_FIELDS | WANT_DEFRAG | WANT_MESSAGES,
	.size = sizeof(struct aggregate),
	.begin = begin,
	.packet = packet,
};

const struct analyzer *
aggregate_analyzer(const struct columns *group)
{
	return columns_need_messages(group) ? &messages : &fields;
}

/* ---- Sorting ---------------------------------------------------------- */

bool
aggregate_sort_read(const struct aggregate_options *o, struct span text,
    struct aggregate_sort *sort, struct buf *error)
{
	const struct metrics *m = o->metrics;
	size_t space = span_find_byte(text, ' ');
	struct span name = span_trim(span_first(text, space));
	struct span order = span_trim(span_after(text, space));

	sort->metric = o->bucket != 0 || m->n == 0 ? SIZE_MAX : 0;
	sort->descending = sort->metric == 0;
	if (name.n == 0)
		return true;
	sort->metric = SIZE_MAX;
	sort->descending = !span_is_nocase(order, "asc");
	for (size_t i = 0; i < m->n; i++) {
		if (span_equal_nocase(name, m->at[i].name))
			sort->metric = i;
	}
	if (sort->metric != SIZE_MAX)
		return true;
	sort->descending = span_is_nocase(order, "desc");
	if (span_is_nocase(name, "time") || span_is_nocase(name, "group"))
		return true;
	buf_text(error, "sort: give time, group or one of the metrics, with "
	    "asc or desc behind it:");
	for (size_t i = 0; i < m->n; i++) {
		buf_byte(error, ' ');
		text_escape(error, m->at[i].name, 40);
	}
	return false;
}

struct sorting {
	const struct aggregate *a;
	double *weights; /* NULL: by the key */
	bool descending;
};

/* The bucket first, then the cells as text. */
static int
key_compare(struct span a, struct span b)
{
	uint64_t x, y;

	memcpy(&x, a.p, sizeof(x));
	memcpy(&y, b.p, sizeof(y));
	if (x != y)
		return x < y ? -1 : 1;
	return span_compare(span_after(a, sizeof(x)),
	    span_after(b, sizeof(y)));
}

static int
group_compare(const void *context, uint32_t a, uint32_t b)
{
	const struct sorting *s = context;
	int order = 0;

	if (s->weights != NULL && s->weights[a] != s->weights[b])
		order = s->weights[a] < s->weights[b] ? -1 : 1;
	else if (s->weights == NULL)
		order = key_compare(table_key(&s->a->groups, a),
		    table_key(&s->a->groups, b));
	return s->descending ? -order : order;
}

static double *
weights_make(const struct aggregate *a, size_t metric)
{
	double *weights = malloc((a->groups.n + 1) * sizeof(*weights));

	for (size_t i = 0; weights != NULL && i < a->groups.n; i++) {
		const struct group *g = table_value(&a->groups, i);

		weights[i] = metric_weight(a->o.metrics, metric,
		    &g->values[metric], (uint32_t)i);
	}
	return weights;
}

/* The numbers of the groups in the order of the answer, or NULL. */
static uint32_t *
order_make(const struct aggregate *a, const struct aggregate_sort *sort)
{
	size_t n = a->groups.n;
	struct sorting s = { .a = a, .descending = sort->descending };
	uint32_t *order = malloc((n + 1) * sizeof(*order));
	uint32_t *scratch = malloc((n + 1) * sizeof(*scratch));
	bool good = order != NULL && scratch != NULL;

	if (good && sort->metric != SIZE_MAX) {
		s.weights = weights_make(a, sort->metric);
		good = s.weights != NULL;
	}
	if (good)
		sort_order(order, scratch, n, group_compare, &s);
	free(s.weights);
	free(scratch);
	if (good)
		return order;
	free(order);
	return NULL;
}

/* ---- Reporting -------------------------------------------------------- */

static struct timestamp
bucket_time(uint64_t ns, int64_t width)
{
	unsigned digits = 0;

	for (int64_t unit = NS; digits < 9 && width % unit != 0; digits++)
		unit /= 10;
	return (struct timestamp){ .seconds = (int64_t)(ns / NS),
		.nanoseconds = (uint32_t)(ns % NS),
		.digits = (uint8_t)digits, .known = true };
}

/* Numbers stay numbers; everything else, digits of a name too, is text that
 * is safe already. */
static void
cell_write(struct json *j, const char *name, const struct column *column,
    struct span cell)
{
	uint64_t number;

	if (column->field != NULL && metric_is_numeric(column->field) &&
	    span_read_uint(cell, UINT64_MAX / 10, &number))
		json_uint(j, name, number);
	else
		json_foreign_max(j, name, cell, CELL_MAX);
}

/* Under "columns" an array, else an object a line. */
static void
values_write(const struct aggregate *a, const struct group *g, size_t number,
    struct json *j, bool object)
{
	const struct metrics *m = a->o.metrics;
	char name[METRIC_NAME];

	for (size_t i = 0; i < m->n; i++) {
		struct span text = span_first(m->at[i].name,
		    sizeof(name) - 1);

		memcpy(name, text.p, text.n);
		name[text.n] = 0;
		metric_write(m, i, &g->values[i], (uint32_t)number, j,
		    object ? name : NULL);
	}
	json_uint(j, object ? "first_frame" : NULL, g->first);
	json_uint(j, object ? "last_frame" : NULL, g->last);
	json_end(j);
}

static void
row_write(const struct aggregate *a, size_t number, struct json *j,
    bool object)
{
	struct span key = table_key(&a->groups, number);
	uint64_t bucket;
	uint16_t n;

	memcpy(&bucket, key.p, sizeof(bucket));
	key = span_after(key, sizeof(bucket));
	if (object)
		json_object(j, NULL);
	else
		json_array(j, NULL);
	if (a->o.bucket != 0)
		json_time(j, object ? "time" : NULL,
		    bucket_time(bucket, a->o.bucket));
	for (size_t i = 0; i < a->o.group->n; i++) {
		const struct column *column = &a->o.group->at[i];

		memcpy(&n, key.p, sizeof(n));
		key = span_after(key, sizeof(n));
		cell_write(j, object ? column->name : NULL, column,
		    span_first(key, n));
		key = span_after(key, n);
	}
	values_write(a, table_value(&a->groups, number), number, j, object);
}

static void
columns_write(const struct aggregate *a, struct json *j)
{
	const struct metrics *m = a->o.metrics;

	json_array(j, "columns");
	if (a->o.bucket != 0)
		json_text(j, NULL, "time");
	for (size_t i = 0; i < a->o.group->n; i++)
		json_text(j, NULL, a->o.group->at[i].name);
	for (size_t i = 0; i < m->n; i++)
		json_foreign(j, NULL, m->at[i].name);
	json_text(j, NULL, "first_frame");
	json_text(j, NULL, "last_frame");
	json_end(j);
}

/* A table that is not full could not grow. */
static const char *
room_left(size_t n, size_t most)
{
	return n < most ? ": out of memory (--max-memory)" : "";
}

static void
limits_write(const struct aggregate *a, struct json *j)
{
	const struct metrics *m = a->o.metrics;

	if (a->no_value > 0)
		json_uint(j, "packets_without_group", a->no_value);
	if (a->no_time > 0)
		json_uint(j, "packets_without_time", a->no_time);
	if (a->several > 0)
		json_uint(j, "packets_in_several_rows", a->several);
	if (a->cut_short > 0)
		json_uint(j, "packets_with_too_many_values", a->cut_short);
	if (a->groups.refused > 0)
		json_textf(j, "groups_limit", "%llu packets beyond %zu "
		    "groups are not counted%s",
		    (unsigned long long)a->groups.refused, a->groups.n,
		    room_left(a->groups.n, AGGREGATE_GROUPS_MAX));
	if (m->distinct.refused > 0)
		json_textf(j, "distinct_limit", "distinct is a lower bound: "
		    "more than %zu different values%s", m->distinct.n,
		    room_left(m->distinct.n, METRIC_DISTINCT_MAX));
	if (m->classes.n > 0)
		json_text(j, "percentiles", m->classes.refused > 0 ?
		    "some values are not in p50 and p95: too many groups" :
		    "p50 and p95 are within 0.8 %");
}

bool
aggregate_report(struct aggregate *a, const struct aggregate_sort *sort,
    struct rows *rows, struct json *j)
{
	uint32_t *order;

	if (!metrics_finish(a->o.metrics))
		return false;
	order = order_make(a, sort);
	if (order == NULL)
		return false;
	for (size_t i = 0; i < a->groups.n; i++) {
		struct json *row = rows_next(rows);

		if (row == NULL)
			continue;
		row_write(a, order[i], row, rows->format == ROWS_NDJSON);
		rows_done(rows);
	}
	free(order);
	columns_write(a, j);
	limits_write(a, j);
	rows_report(rows, j, "rows");
	return true;
}

void
aggregate_free(struct aggregate *a)
{
	table_free(&a->groups);
	buf_free(&a->key);
	buf_free(&a->cell);
}
