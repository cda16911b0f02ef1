#include "net/field.h"

#include <stdlib.h>

#include "net/packet.h"

#define VALUES_FIRST 64
#define VALUES_MAX 4096
#define ENTERED_NOTHING SIZE_MAX

#define MAYBE 1024 /* a power of two */

/* Addresses of rows, open addressing, at most half full.  Most rows are not
 * wanted, and `maybe` says so at once. */
struct field_wants {
	const struct field **slots;
	size_t n, size;
	bool all; /* memory was refused: nothing is skipped, which is slow */
	bool maybe[MAYBE]; /* by maybe_at() */
};

const char *
value_name(const struct value_name *names, uint64_t value)
{
	if (names == NULL)
		return NULL;
	for (; names->name != NULL; names++) {
		if (names->value == value)
			return names->name;
	}
	return NULL;
}

/* Rows stand side by side: the middle of the address tells them apart. */
static inline uint32_t
maybe_at(const struct field *f)
{
	return (uint32_t)((uintptr_t)f >> 3) * UINT32_C(2654435761) >> 22;
}

/* Out of line only for what is likely wanted. */
static inline bool
is_wanted(const struct field_list *l, const struct field *f)
{
	const struct field_wants *w = l == NULL ? NULL : l->wants;

	if (w == NULL)
		return l != NULL;
	return w->maybe[maybe_at(f)] && field_wants_has(w, f);
}

static const struct field **
wants_slot(const struct field_wants *w, const struct field *f)
{
	size_t at = (size_t)(((uintptr_t)f >> 3) * 2654435761U);

	for (at &= w->size - 1; w->slots[at] != NULL; at = (at + 1) &
	    (w->size - 1)) {
		if (w->slots[at] == f)
			break;
	}
	return &w->slots[at];
}

__attribute__((cold)) struct field_wants *
field_wants_new(void)
{
	return calloc(1, sizeof(struct field_wants));
}

static __attribute__((cold)) bool
wants_grow(struct field_wants *w)
{
	struct field_wants old = *w;
	size_t i;

	w->size = old.size == 0 ? 32 : old.size * 2;
	w->slots = calloc(w->size, sizeof(const struct field *));
	if (w->slots == NULL) {
		*w = old;
		return false;
	}
	for (i = 0; i < old.size; i++) {
		if (old.slots[i] != NULL)
			*wants_slot(w, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
	return true;
}

__attribute__((cold)) void
field_wants_add(struct field_wants *w, const struct field *f)
{
	const struct field **slot;

	w->maybe[maybe_at(f)] = true;
	if (w->n * 2 >= w->size && !wants_grow(w)) {
		w->all = true;
		memset(w->maybe, true, sizeof(w->maybe));
		return;
	}
	slot = wants_slot(w, f);
	if (*slot == NULL)
		w->n++;
	*slot = f;
}

bool
field_wants_has(const struct field_wants *w, const struct field *f)
{
	if (w->all)
		return true;
	return w->n != 0 && *wants_slot(w, f) == f;
}

void
field_wants_free(struct field_wants *w)
{
	if (w == NULL)
		return;
	free(w->slots);
	free(w);
}

__attribute__((cold)) void
field_list_init(struct field_list *l, struct arena *arena)
{
	*l = (struct field_list){ .max = VALUES_MAX, .arena = arena };
	field_list_start(l, span_empty());
}

__attribute__((cold)) void
field_list_free(struct field_list *l)
{
	free(l->values);
	l->values = NULL;
	l->n = l->size = 0;
}

void
field_list_start(struct field_list *l, struct span frame)
{
	l->n = 0;
	l->refused = 0;
	l->depth = 0;
	l->source = 0;
	l->n_sources = 1;
	l->sources[0] = frame;
	l->source_names[0] = "Frame";
}

__attribute__((cold)) uint8_t
field_source_add(struct field_list *l, const char *name, struct span s)
{
	if (l == NULL || l->n_sources == FIELD_SOURCES)
		return 0;
	l->sources[l->n_sources] = s;
	l->source_names[l->n_sources] = name;
	return l->n_sources++;
}

uint8_t
field_source_set(struct field_list *l, uint8_t source)
{
	uint8_t before;

	if (l == NULL)
		return 0;
	before = l->source;
	if (source < l->n_sources)
		l->source = source;
	return before;
}

static bool
list_grow(struct field_list *l)
{
	size_t size = l->size == 0 ? VALUES_FIRST : l->size * 2;
	struct field_value *values;

	if (size > l->max)
		size = l->max;
	if (size <= l->n)
		return false;
	values = realloc(l->values, size * sizeof(*values));
	if (values == NULL)
		return false;
	l->values = values;
	l->size = size;
	return true;
}

static struct field_value *
value_add(struct field_list *l, const struct field *f, struct span where)
{
	uintptr_t from = (uintptr_t)l->sources[l->source].p;
	uintptr_t at = (uintptr_t)where.p;
	struct field_value *v;

	if (l->n == l->size && !list_grow(l)) {
		l->refused++;
		return NULL;
	}
	v = &l->values[l->n++];
	*v = (struct field_value){
		.field = f, .depth = l->depth, .source = l->source,
		.bytes = span_empty()
	};
	if (at >= from && at - from <= l->sources[l->source].n) {
		v->offset = (uint32_t)(at - from);
		v->length = (uint32_t)where.n;
	}
	return v;
}

static __attribute__((noinline)) void
number_add(struct field_list *l, const struct field *f, struct span where,
    uint64_t number)
{
	struct field_value *v = value_add(l, f, where);
	uint64_t sign;

	if (v == NULL)
		return;
	if (f->type == FIELD_INT && f->bits > 0 && f->bits < 64) {
		sign = (uint64_t)1 << (f->bits - 1);
		number = ((number & (sign * 2 - 1)) ^ sign) - sign;
	}
	v->number = number;
}

void
field_put_number(struct field_list *l, const struct field *f,
    struct span where, uint64_t number)
{
	if (is_wanted(l, f))
		number_add(l, f, where, number);
}

static struct field_value *
value_new(struct field_list *l, const struct field *f, struct span where)
{
	return is_wanted(l, f) ? value_add(l, f, where) : NULL;
}

void
field_put_bytes(struct field_list *l, const struct field *f,
    struct span where, struct span bytes)
{
	struct field_value *v = value_new(l, f, where);

	if (v != NULL)
		v->bytes = bytes;
}

__attribute__((cold)) void
field_put_real(struct field_list *l, const struct field *f,
    struct span where, double real)
{
	struct field_value *v = value_new(l, f, where);

	if (v != NULL)
		v->real = real;
}

void
field_put_time(struct field_list *l, const struct field *f,
    struct span where, int64_t seconds, uint32_t nanoseconds)
{
	struct field_value *v = value_new(l, f, where);

	if (v != NULL) {
		v->time.seconds = seconds;
		v->time.nanoseconds = nanoseconds;
	}
}

size_t
field_enter(struct field_list *l, const struct field *f, struct span where)
{
	size_t at = ENTERED_NOTHING;

	if (l == NULL)
		return at;
	if (value_new(l, f, where) != NULL)
		at = l->n - 1;
	l->depth++;
	return at;
}

size_t
field_enter_number(struct field_list *l, const struct field *f,
    struct span where, uint64_t number)
{
	size_t at = field_enter(l, f, where);

	if (l != NULL && at < l->n)
		l->values[at].number = number;
	return at;
}

size_t
field_enter_bytes(struct field_list *l, const struct field *f,
    struct span where)
{
	size_t at = field_enter(l, f, where);

	if (l != NULL && at < l->n)
		l->values[at].bytes = where;
	return at;
}

void
field_leave(struct field_list *l, size_t entered, const uint8_t *end)
{
	struct field_value *v;
	struct span source;

	if (l == NULL)
		return;
	if (l->depth > 0)
		l->depth--;
	if (entered >= l->n || end == NULL)
		return;
	v = &l->values[entered];
	source = l->sources[v->source];
	if ((uintptr_t)end >= (uintptr_t)source.p + v->offset &&
	    (uintptr_t)end - (uintptr_t)source.p <= source.n)
		v->length = (uint32_t)((uintptr_t)end - (uintptr_t)source.p) -
		    v->offset;
}

/* Where the compiler does not inline, one copy serves all files. */
extern inline void field_number(struct field_list *l, const struct field *f,
    struct span where, uint64_t number);
extern inline void field_bytes(struct field_list *l, const struct field *f,
    struct span where);
extern inline void field_mark(struct field_list *l, const struct field *f,
    struct span where);
extern inline uint8_t read_u8(struct cursor *c, struct field_list *l,
    const struct field *f);
extern inline uint16_t read_be16(struct cursor *c, struct field_list *l,
    const struct field *f);
extern inline uint32_t read_be24(struct cursor *c, struct field_list *l,
    const struct field *f);
extern inline uint32_t read_be32(struct cursor *c, struct field_list *l,
    const struct field *f);
extern inline uint64_t read_be64(struct cursor *c, struct field_list *l,
    const struct field *f);
extern inline struct span read_bytes(struct cursor *c, size_t n,
    struct field_list *l, const struct field *f);
extern inline void field_bits(struct field_list *l, const struct field *f,
    struct span where, uint64_t word, uint64_t mask);
