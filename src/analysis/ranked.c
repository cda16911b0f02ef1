#include "analysis/ranked.h"

#include <stdlib.h>

#define END 4 /* bytes that close the list */

static void
columns_write(struct json *j, const char *columns)
{
	struct span rest = span_text(columns);
	size_t n;

	json_array(j, "columns");
	while (rest.n > 0) {
		n = span_find_byte(rest, ' ');
		json_span(j, NULL, span_first(rest, n));
		rest = span_after(rest, n + 1);
	}
	json_end(j);
}

void
ranked_begin(struct ranked *r, struct json *j, const char *name,
    const char *columns, uint64_t total, size_t max_bytes)
{
	r->j = j;
	r->total = total;
	r->shown = 0;
	r->full = false;
	r->begin = json_mark(j);
	r->limit = json_size(j) + max_bytes;
	if (total == 0)
		return;
	json_object(j, name);
	json_uint(j, "total", total);
	columns_write(j, columns);
	json_array(j, "rows");
}

bool
ranked_row(struct ranked *r)
{
	if (r->full || r->total == 0)
		return false;
	r->row = json_mark(r->j);
	json_array(r->j, NULL);
	return true;
}

void
ranked_row_end(struct ranked *r)
{
	json_end(r->j);
	if (json_size(r->j) + END > r->limit) {
		json_rewind(r->j, r->row);
		r->full = true;
		return;
	}
	r->shown++;
}

void
ranked_end(struct ranked *r)
{
	if (r->total == 0)
		return;
	json_end(r->j);
	json_uint(r->j, "shown", r->shown);
	json_end(r->j);
}

/* Stable, by one byte of the ranks; the greatest come first. */
static void
order_by_byte(const uint64_t *ranks, unsigned shift, const uint32_t *from,
    uint32_t *to, size_t n)
{
	uint32_t places[256] = { 0 }, place = 0;

	for (size_t i = 0; i < n; i++)
		places[ranks[i] >> shift & 255]++;
	for (unsigned byte = 256; byte-- > 0;) {
		uint32_t here = places[byte];

		places[byte] = place;
		place += here;
	}
	for (size_t i = 0; i < n; i++)
		to[places[ranks[from[i]] >> shift & 255]++] = from[i];
}

/* From the lowest byte to the highest that is not 0 in all of them; returns
 * where the order ends up. */
static uint32_t *
order_by_ranks(const uint64_t *ranks, uint32_t *order, uint32_t *other,
    size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++) {
		order[i] = (uint32_t)i;
		bits |= ranks[i];
	}
	for (unsigned shift = 0; shift < 64 && bits >> shift != 0;
	    shift += 8) {
		uint32_t *swap = order;

		order_by_byte(ranks, shift, order, other, n);
		order = other;
		other = swap;
	}
	return order;
}

uint32_t *
ranked_order(size_t n, uint64_t (*rank)(const void *context, size_t i),
    const void *context)
{
	uint64_t *ranks = malloc((n + 1) * sizeof(*ranks));
	uint32_t *order = malloc((n + 1) * sizeof(*order) * 2);
	const uint32_t *ordered;

	if (ranks == NULL || order == NULL) {
		free(ranks);
		free(order);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		ranks[i] = rank(context, i);
	ordered = order_by_ranks(ranks, order, order + n, n);
	if (ordered != order)
		memcpy(order, ordered, n * sizeof(*order));
	free(ranks);
	return order;
}

void
ranked_cap(struct json *j, const char *what, uint64_t kept, uint64_t refused)
{
	if (refused == 0)
		return;
	json_object(j, NULL);
	json_text(j, "what", what);
	json_uint(j, "kept", kept);
	json_uint(j, "refused", refused);
	json_end(j);
}
