#include "analysis/metric.h"

#include <stdlib.h>

#include "base/text.h"
#include "net/field_text.h"
#include "proto/proto.h"

#define VALUES_MAX 256 /* of one field in one packet */
#define CLASS_SHIFT 46 /* leaves sign, exponent and 6 bits of a double */

static const struct {
	const char *name;
	enum metric_kind kind;
	bool numeric;
} functions[] = {
	{ "count", METRIC_VALUES, false },
	{ "sum", METRIC_SUM, true },
	{ "min", METRIC_MIN, true },
	{ "max", METRIC_MAX, true },
	{ "avg", METRIC_AVG, true },
	{ "p50", METRIC_P50, true },
	{ "p95", METRIC_P95, true },
	{ "distinct", METRIC_DISTINCT, false },
	{ "first", METRIC_FIRST, false },
	{ "last", METRIC_LAST, false },
};

/* ---- Reading ---------------------------------------------------------- */

static bool
metric_refuse(struct buf *error, struct span name)
{
	buf_text(error, "metrics: \"");
	text_escape(error, name, 60);
	buf_text(error, "\" is not accepted; give count, bytes, or "
	    "count sum min max avg p50 p95 distinct first last of a field, "
	    "for example avg(tcp.len)");
	return false;
}

bool
metric_is_numeric(const struct field *f)
{
	return f->type == FIELD_UINT || f->type == FIELD_INT ||
	    f->type == FIELD_BOOL || f->type == FIELD_DOUBLE ||
	    f->type == FIELD_DURATION || f->type == FIELD_FRAME;
}

/* "avg(tcp.len)": the function, and its field into *field. */
static bool
function_read(struct metric *m, struct span *field, struct buf *error)
{
	size_t open = span_find_byte(m->name, '(');
	struct span word = span_trim(span_first(m->name, open));
	const struct field *f;
	size_t i;

	if (open + 2 > m->name.n ||
	    !span_is(span_after(m->name, m->name.n - 1), ")"))
		return metric_refuse(error, m->name);
	*field = span_trim(span_of(m->name.p + open + 1,
	    m->name.n - open - 2));
	for (i = 0; i < LENGTH(functions); i++) {
		if (span_is_nocase(word, functions[i].name))
			break;
	}
	if (i == LENGTH(functions))
		return metric_refuse(error, m->name);
	m->kind = functions[i].kind;
	f = field_find(*field, 0);
	if (f == NULL || !functions[i].numeric ||
	    metric_is_numeric(f))
		return true; /* columns_read() tells of unknown names */
	buf_printf(error, "metrics: %s needs numbers and %s has none; "
	    "use distinct, count, first or last", functions[i].name, f->name);
	return false;
}

bool
metrics_read(struct metrics *m, const struct span *names, size_t n,
    struct buf *error)
{
	struct span fields[METRICS_MAX];
	size_t n_fields = 0;

	memset(m, 0, sizeof(*m));
	table_init(&m->classes, sizeof(uint64_t), METRIC_CLASSES_MAX);
	table_init(&m->distinct, 0, METRIC_DISTINCT_MAX);
	if (n > METRICS_MAX) {
		buf_printf(error, "metrics: at most %d", METRICS_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct metric *one = &m->at[m->n++];

		one->name = span_trim(names[i]);
		if (span_is_nocase(one->name, "count")) {
			one->kind = METRIC_COUNT;
		} else if (span_is_nocase(one->name, "bytes")) {
			one->kind = METRIC_BYTES;
		} else if (function_read(one, &fields[n_fields], error)) {
			one->column = n_fields++;
		} else {
			return false;
		}
	}
	if (!columns_read(&m->fields, fields, n_fields, error))
		return false;
	for (size_t i = 0; i < m->n; i++) {
		struct metric *one = &m->at[i];

		if (one->kind <= METRIC_BYTES)
			continue;
		one->field = m->fields.at[one->column].field;
		if (one->field == NULL) /* "info": a word, no field */
			return metric_refuse(error, one->name);
	}
	return true;
}

void
metrics_free(struct metrics *m)
{
	columns_free(&m->fields);
	table_free(&m->classes);
	table_free(&m->distinct);
	free(m->order);
	m->order = NULL;
}

/* ---- Adding ----------------------------------------------------------- */

static double
number_of(const struct field_value *v)
{
	switch (v->field->type) {
	case FIELD_DOUBLE:
		return v->real;
	case FIELD_DURATION:
		return (double)(int64_t)v->number / 1e9;
	case FIELD_INT:
		return (double)(int64_t)v->number;
	default:
		return (double)v->number;
	}
}

static void
sum_add(struct metric_value *to, const struct field_value *v)
{
	int64_t sum;

	to->real += number_of(v);
	if (v->field->type == FIELD_DOUBLE || v->number > INT64_MAX ||
	    __builtin_add_overflow(to->sum, (int64_t)v->number, &sum))
		to->inexact = true;
	else
		to->sum = sum;
}

/* Classes sort as the numbers do: bits of negative ones are turned round. */
static uint64_t
class_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	bits = bits >> 63 != 0 ? ~bits : bits | (uint64_t)1 << 63;
	return bits >> CLASS_SHIFT;
}

/* The middle of a class; of whole numbers the whole one in it. */
static double
class_number(uint64_t class, bool whole)
{
	uint64_t bits = class << CLASS_SHIFT | (uint64_t)1 << (CLASS_SHIFT - 1);
	double number;

	bits = bits >> 63 != 0 ? bits & ~((uint64_t)1 << 63) : ~bits;
	memcpy(&number, &bits, sizeof(number));
	if (class == class_of(0))
		return 0;
	if (whole && number < 9e15 && number > -9e15)
		number = (double)(int64_t)number;
	return number;
}

/* Group and metric in front, so that the classes of both sort together. */
static uint64_t
class_key(uint32_t group, size_t metric, uint64_t class)
{
	return (uint64_t)group << 24 | (uint64_t)metric << 20 | class;
}

static void
class_add(struct metrics *m, uint32_t group, size_t metric, double number)
{
	uint64_t key = class_key(group, metric, class_of(number));
	uint64_t *n = table_add(&m->classes, span_of(&key, sizeof(key)));

	if (n != NULL)
		(*n)++;
}

static void
text_keep(struct metric_value *to, const struct field_value *v)
{
	char time[NUMBER_TEXT];
	struct buf text;

	buf_init(&text, 65536);
	if (v->field->type == FIELD_TIME)
		buf_add(&text, time, time_iso(time, (struct timestamp){
		    .seconds = v->time.seconds, .digits = 9,
		    .nanoseconds = v->time.nanoseconds, .known = true }));
	else
		field_text(&text, v);
	to->text_n = (uint8_t)(text.n < METRIC_TEXT ? text.n : METRIC_TEXT);
	if (to->text_n > 0)
		memcpy(to->text, text.p, to->text_n);
	while (to->text_n == METRIC_TEXT && text.n > METRIC_TEXT &&
	    to->text_n > 0 && !text_is_utf8(span_of(to->text, to->text_n)))
		to->text_n--;
	buf_free(&text);
}

static void
distinct_add(struct metrics *m, struct metric_value *to, uint32_t group,
    size_t metric, const struct field_value *v)
{
	uint64_t prefix = class_key(group, metric, 0);
	size_t before = m->distinct.n;
	struct buf key;

	buf_init(&key, 65536);
	buf_add(&key, &prefix, sizeof(prefix));
	field_text(&key, v);
	(void)table_intern(&m->distinct, buf_bytes(&key));
	to->n += m->distinct.n - before;
	buf_free(&key);
}

static void
value_add(struct metrics *m, size_t i, struct metric_value *to,
    uint32_t group, const struct field_value *v)
{
	double number;

	switch (m->at[i].kind) {
	case METRIC_DISTINCT:
		distinct_add(m, to, group, i, v);
		return;
	case METRIC_SUM:
	case METRIC_AVG:
		sum_add(to, v);
		break;
	case METRIC_MIN:
	case METRIC_MAX:
		number = number_of(v);
		if (to->n == 0 || (m->at[i].kind == METRIC_MIN ?
		    number < to->real : number > to->real))
			to->real = number;
		break;
	case METRIC_P50:
	case METRIC_P95:
		number = number_of(v);
		if (to->n == 0 || number < to->least)
			to->least = number;
		if (to->n == 0 || number > to->real)
			to->real = number;
		class_add(m, group, i, number);
		break;
	case METRIC_FIRST:
		if (to->n == 0)
			text_keep(to, v);
		break;
	case METRIC_LAST:
		text_keep(to, v);
		break;
	default:
		break;
	}
	to->n++;
}

void
metrics_add(struct metrics *m, struct metric_value *values, uint32_t group,
    const struct packet *p)
{
	const struct field_value *found[VALUES_MAX];

	for (size_t i = 0; i < m->n; i++) {
		size_t n;

		if (m->at[i].kind == METRIC_COUNT) {
			values[i].n++;
			continue;
		}
		if (m->at[i].kind == METRIC_BYTES) {
			values[i].n += p->record->len;
			continue;
		}
		n = columns_values(&m->fields, p, m->at[i].column, found,
		    VALUES_MAX);
		for (size_t k = 0; k < n && k < VALUES_MAX; k++)
			value_add(m, i, &values[i], group, found[k]);
	}
}

/* ---- Reporting -------------------------------------------------------- */

static uint64_t
class_at(const struct metrics *m, size_t i)
{
	uint64_t key;

	memcpy(&key, table_key(&m->classes, i).p, sizeof(key));
	return key;
}

static int
class_order(const void *context, uint32_t a, uint32_t b)
{
	uint64_t x = class_at(context, a), y = class_at(context, b);

	return (x > y) - (x < y);
}

bool
metrics_finish(struct metrics *m)
{
	size_t n = m->classes.n;
	uint32_t *order = malloc((n + 1) * sizeof(*order));
	uint32_t *scratch = malloc((n + 1) * sizeof(*scratch));
	bool good = order != NULL && scratch != NULL;

	m->order = malloc((n + 1) * sizeof(*m->order));
	good = good && m->order != NULL;
	if (good) {
		sort_order(order, scratch, n, class_order, m);
		for (size_t i = 0; i < n; i++)
			m->order[i] = order[i];
		m->n_order = n;
	}
	free(order);
	free(scratch);
	return good;
}

static double
within(double number, const struct metric_value *value)
{
	if (number > value->real)
		return value->real;
	return number < value->least ? value->least : number;
}

static bool
is_whole(const struct metric *m)
{
	return m->field->type != FIELD_DOUBLE &&
	    m->field->type != FIELD_DURATION;
}

/* The number below which `share` of the group's values are. */
static double
percentile(const struct metrics *m, size_t metric, uint32_t group,
    const struct metric_value *value, double share)
{
	const uint64_t n = value->n;
	uint64_t begin = class_key(group, metric, 0), seen = 0, want;
	size_t low = 0, high = m->n_order;
	bool whole = is_whole(&m->at[metric]);

	want = (uint64_t)(share * (double)n);
	if ((double)want < share * (double)n || want == 0)
		want++;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (class_at(m, m->order[middle]) < begin)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < m->n_order; low++) {
		uint64_t key = class_at(m, m->order[low]);

		if (key >> 20 != begin >> 20)
			break;
		seen += *(const uint64_t *)table_value(&m->classes,
		    m->order[low]);
		if (seen >= want)
			return within(class_number(key & 0xfffff, whole),
			    value);
	}
	return 0;
}

double
metric_weight(const struct metrics *m, size_t i,
    const struct metric_value *value, uint32_t group)
{
	switch (m->at[i].kind) {
	case METRIC_SUM:
	case METRIC_MIN:
	case METRIC_MAX:
		return value->real;
	case METRIC_AVG:
		return value->n > 0 ? value->real / (double)value->n : 0;
	case METRIC_P50:
		return percentile(m, i, group, value, 0.5);
	case METRIC_P95:
		return percentile(m, i, group, value, 0.95);
	default:
		return (double)value->n;
	}
}

void
metric_write(const struct metrics *m, size_t i,
    const struct metric_value *value, uint32_t group, struct json *j,
    const char *name)
{
	const struct metric *one = &m->at[i];
	double number;

	if (one->kind <= METRIC_VALUES || one->kind == METRIC_DISTINCT) {
		json_uint(j, name, value->n);
		return;
	}
	if (value->n == 0) {
		json_null(j, name);
		return;
	}
	if (one->kind == METRIC_FIRST || one->kind == METRIC_LAST) {
		json_foreign(j, name, span_of(value->text, value->text_n));
		return;
	}
	if (one->kind == METRIC_SUM && is_whole(one) && !value->inexact) {
		json_int(j, name, value->sum);
		return;
	}
	if (one->kind == METRIC_SUM && !value->inexact &&
	    one->field->type == FIELD_DURATION) {
		json_seconds(j, name, value->sum);
		return;
	}
	number = metric_weight(m, i, value, group);
	if (one->kind == METRIC_AVG && number > -1e12 && number < 1e12)
		number = (double)(int64_t)(number * 1e6 + (number < 0 ? -0.5 :
		    0.5)) / 1e6;
	json_double(j, name, number);
}
