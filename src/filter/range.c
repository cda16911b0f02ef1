#include "filter/eval.h"

/* The first byte and the length of a range in `n` bytes; false: outside. */
static bool
range_resolve(const struct range *r, int64_t n, int64_t *start,
    int64_t *length)
{
	int64_t stop;

	*start = r->start < 0 ? n + r->start : r->start;
	if (*start < 0)
		return false;
	switch (r->kind) {
	case RANGE_LENGTH:
		*length = r->stop;
		break;
	case RANGE_END:
		stop = r->stop < 0 ? n + r->stop : r->stop;
		*length = stop - *start + 1;
		break;
	default:
		*length = n - *start;
		break;
	}
	return *length > 0 && *start + *length <= n;
}

bool
ranges_slice(const struct ranges *r, struct value *v, struct arena *arena)
{
	int64_t start, length, total = 0;
	struct span s = v->bytes;
	uint8_t *joined;

	*v = value_of_bytes(VALUE_BYTES, s);
	for (size_t i = 0; i < r->n; i++) {
		if (!range_resolve(&r->at[i], (int64_t)s.n, &start, &length))
			return false;
		total += length;
	}
	if (r->n == 1) {
		v->bytes = span_first(span_after(s, (size_t)start),
		    (size_t)length);
		return true;
	}
	joined = arena_alloc(arena, (size_t)total, 1);
	if (joined == NULL)
		return false;
	v->bytes = span_of(joined, (size_t)total);
	for (size_t i = 0; i < r->n; i++) {
		if (!range_resolve(&r->at[i], (int64_t)s.n, &start, &length))
			return false;
		memcpy(joined, s.p + start, (size_t)length);
		joined += length;
	}
	return true;
}

bool
ranges_have(const struct ranges *r, int64_t layer, int64_t total)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct range *at = &r->at[i];
		int64_t first = at->start, last;

		if (first < 0)
			first += total + 1;
		switch (at->kind) {
		case RANGE_LENGTH:
			last = first + at->stop - 1;
			break;
		case RANGE_END:
			last = at->stop < 0 ? at->stop + total + 1 : at->stop;
			break;
		default:
			last = total;
			break;
		}
		if (layer >= first && layer <= last)
			return true;
	}
	return false;
}
