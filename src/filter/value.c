#include "filter/value.h"

enum value_class
value_class_of(enum field_type type)
{
	switch (type) {
	case FIELD_BOOL:
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_FRAME:
		return VALUE_NUMBER;
	case FIELD_DOUBLE:
		return VALUE_REAL;
	case FIELD_STRING:
		return VALUE_STRING;
	case FIELD_PROTOCOL:
	case FIELD_BYTES:
	case FIELD_ETHER:
	case FIELD_GUID:
		return VALUE_BYTES;
	case FIELD_IPV4:
		return VALUE_IPV4;
	case FIELD_IPV6:
		return VALUE_IPV6;
	case FIELD_TIME:
		return VALUE_TIME;
	case FIELD_DURATION:
		return VALUE_DURATION;
	case FIELD_NONE:
		break;
	}
	return VALUE_NONE;
}

const char *
value_class_name(enum value_class class)
{
	static const char *const names[] = {
		[VALUE_NONE] = "without a value",
		[VALUE_NUMBER] = "a number",
		[VALUE_REAL] = "a number with a fraction",
		[VALUE_STRING] = "a string",
		[VALUE_BYTES] = "bytes",
		[VALUE_IPV4] = "an IPv4 address",
		[VALUE_IPV6] = "an IPv6 address",
		[VALUE_TIME] = "a date and time",
		[VALUE_DURATION] = "a duration in seconds",
	};

	return names[class];
}

struct value
value_of_number(uint64_t number)
{
	return (struct value){ .class = VALUE_NUMBER, .number = number,
		.prefix = VALUE_ALL_BITS };
}

struct value
value_of_signed(int64_t number)
{
	return (struct value){ .class = VALUE_NUMBER,
		.number = (uint64_t)number, .negative = number < 0,
		.prefix = VALUE_ALL_BITS };
}

struct value
value_of_bytes(enum value_class class, struct span bytes)
{
	return (struct value){ .class = (uint8_t)class, .bytes = bytes,
		.prefix = VALUE_ALL_BITS };
}

/* A layer is the bytes of its header; `contains` looks on to the end of the
 * packet, for the link layer to the end of the frame. */
static struct value
value_of_layer(const struct field_value *v, const struct packet *p)
{
	const struct field_list *l = p->fields;
	struct span s = span_empty();
	struct value value;

	if (v->source < l->n_sources)
		s = l->sources[v->source];
	if (v->source == 0 && v->offset > 0 &&
	    v->offset + v->length <= p->bytes.n)
		s = span_first(s, p->bytes.n);
	s = span_after(s, v->offset);
	value = value_of_bytes(VALUE_BYTES, span_first(s, v->length));
	value.tail = s.n - value.bytes.n;
	return value;
}

struct value
value_of_field(const struct field_value *v, const struct packet *p)
{
	enum value_class class = value_class_of(v->field->type);
	struct value value = value_of_bytes(class, span_empty());

	if (v->field->type == FIELD_PROTOCOL)
		return value_of_layer(v, p);
	switch (class) {
	case VALUE_NUMBER:
		value.number = v->number;
		if (v->field->type == FIELD_BOOL)
			value.number = v->number != 0;
		value.negative = v->field->type == FIELD_INT &&
		    (int64_t)v->number < 0;
		break;
	case VALUE_DURATION:
		value.number = v->number;
		break;
	case VALUE_REAL:
		value.real = v->real;
		break;
	case VALUE_TIME:
		value.seconds = v->time.seconds;
		value.nanoseconds = v->time.nanoseconds;
		break;
	case VALUE_NONE:
		break;
	default:
		value.bytes = v->bytes;
		break;
	}
	return value;
}

static int
compare_unsigned(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_numbers(const struct value *a, const struct value *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	if (a->negative)
		return compare_signed((int64_t)a->number, (int64_t)b->number);
	return compare_unsigned(a->number, b->number);
}

static int
compare_addresses(const struct value *a, const struct value *b)
{
	size_t bits = a->prefix < b->prefix ? a->prefix : b->prefix;
	size_t n = a->bytes.n < b->bytes.n ? a->bytes.n : b->bytes.n;
	uint8_t mask;
	int order;

	if (bits >= n * 8)
		return span_compare(a->bytes, b->bytes);
	order = memcmp(a->bytes.p, b->bytes.p, bits / 8);
	if (order != 0 || bits % 8 == 0)
		return (order > 0) - (order < 0);
	mask = (uint8_t)(0xff00 >> bits % 8);
	return compare_unsigned(a->bytes.p[bits / 8] & mask,
	    b->bytes.p[bits / 8] & mask);
}

int
value_compare(const struct value *a, const struct value *b)
{
	int order;

	switch (a->class) {
	case VALUE_NUMBER:
		return compare_numbers(a, b);
	case VALUE_DURATION:
		return compare_signed((int64_t)a->number, (int64_t)b->number);
	case VALUE_REAL:
		return (a->real > b->real) - (a->real < b->real);
	case VALUE_TIME:
		order = compare_signed(a->seconds, b->seconds);
		if (order == 0)
			order = compare_unsigned(a->nanoseconds,
			    b->nanoseconds);
		return order;
	case VALUE_IPV4:
	case VALUE_IPV6:
		return compare_addresses(a, b);
	default:
		order = span_compare(a->bytes, b->bytes);
		return (order > 0) - (order < 0);
	}
}

bool
value_equal(const struct value *a, const struct value *b)
{
	if (a->class == VALUE_STRING || a->class == VALUE_BYTES)
		return span_equal(a->bytes, b->bytes);
	if (a->class == VALUE_REAL && (a->real != a->real ||
	    b->real != b->real))
		return false;
	return value_compare(a, b) == 0;
}

bool
value_contains(const struct value *a, const struct value *b)
{
	struct span text = span_of(a->bytes.p, a->bytes.n + a->tail);

	return b->bytes.n == 0 || span_find(text, b->bytes) < text.n;
}

bool
value_is_set(const struct value *v)
{
	if (v->class == VALUE_NUMBER)
		return v->number != 0;
	for (size_t i = 0; i < v->bytes.n; i++) {
		if (v->bytes.p[i] != 0)
			return true;
	}
	return false;
}

bool
value_can(enum value_class class, enum value_operator operator)
{
	switch (class) {
	case VALUE_NUMBER:
		return true;
	case VALUE_REAL:
		return operator <= VALUE_DIVIDE;
	case VALUE_DURATION:
		return operator <= VALUE_SUBTRACT;
	case VALUE_BYTES:
	case VALUE_IPV4:
	case VALUE_IPV6:
		return operator == VALUE_BITAND;
	default:
		return false;
	}
}

/* Within 64 bits with a sign; larger numbers give no result. */
static bool
apply_numbers(struct value *a, enum value_operator operator,
    const struct value *b)
{
	int64_t x = (int64_t)a->number, y = (int64_t)b->number, result = 0;

	if (operator == VALUE_BITAND) {
		*a = value_of_number(a->number & b->number);
		return true;
	}
	if ((!a->negative && x < 0) || (!b->negative && y < 0))
		return false;
	switch (operator) {
	case VALUE_ADD:
		if (__builtin_add_overflow(x, y, &result))
			return false;
		break;
	case VALUE_SUBTRACT:
		if (__builtin_sub_overflow(x, y, &result))
			return false;
		break;
	case VALUE_MULTIPLY:
		if (__builtin_mul_overflow(x, y, &result))
			return false;
		break;
	default:
		if (y == 0 || (x == INT64_MIN && y == -1))
			return false;
		result = operator == VALUE_DIVIDE ? x / y : x % y;
		break;
	}
	*a = value_of_signed(result);
	return true;
}

static bool
apply_reals(struct value *a, enum value_operator operator,
    const struct value *b)
{
	switch (operator) {
	case VALUE_ADD:
		a->real += b->real;
		break;
	case VALUE_SUBTRACT:
		a->real -= b->real;
		break;
	case VALUE_MULTIPLY:
		a->real *= b->real;
		break;
	default:
		if (b->real == 0)
			return false;
		a->real /= b->real;
		break;
	}
	return true;
}

static bool
apply_durations(struct value *a, enum value_operator operator,
    const struct value *b)
{
	int64_t x = (int64_t)a->number, y = (int64_t)b->number, result;

	if (operator == VALUE_ADD ? __builtin_add_overflow(x, y, &result) :
	    __builtin_sub_overflow(x, y, &result))
		return false;
	a->number = (uint64_t)result;
	return true;
}

static bool
apply_bits(struct value *a, const struct value *b, struct arena *arena)
{
	uint8_t *bits;

	if (a->bytes.n != b->bytes.n)
		return false;
	bits = arena_alloc(arena, a->bytes.n + 1, 1);
	if (bits == NULL)
		return false;
	for (size_t i = 0; i < a->bytes.n; i++)
		bits[i] = a->bytes.p[i] & b->bytes.p[i];
	a->bytes = span_of(bits, a->bytes.n);
	a->tail = 0;
	return true;
}

bool
value_apply(struct value *a, enum value_operator operator,
    const struct value *b, struct arena *arena)
{
	if (!value_can(a->class, operator))
		return false;
	switch (a->class) {
	case VALUE_NUMBER:
		return apply_numbers(a, operator, b);
	case VALUE_REAL:
		return apply_reals(a, operator, b);
	case VALUE_DURATION:
		return apply_durations(a, operator, b);
	default:
		return apply_bits(a, b, arena);
	}
}

bool
value_negate(struct value *v)
{
	int64_t x = (int64_t)v->number;

	switch (v->class) {
	case VALUE_REAL:
		v->real = -v->real;
		return true;
	case VALUE_DURATION:
		if (x == INT64_MIN)
			return false;
		v->number = (uint64_t)-x;
		return true;
	case VALUE_NUMBER:
		if ((!v->negative && x < 0) || x == INT64_MIN)
			return false;
		*v = value_of_signed(-x);
		return true;
	default:
		return false;
	}
}
