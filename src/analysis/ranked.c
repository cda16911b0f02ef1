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

struct ranking {
	uint64_t (*rank)(const void *context, size_t i);
	const void *context;
};

static int
compare(const void *context, uint32_t a, uint32_t b)
{
	const struct ranking *r = context;
	uint64_t x = r->rank(r->context, a), y = r->rank(r->context, b);

	return x > y ? -1 : x < y;
}

uint32_t *
ranked_order(size_t n, uint64_t (*rank)(const void *context, size_t i),
    const void *context)
{
	const struct ranking r = { rank, context };
	uint32_t *order = malloc((n + 1) * sizeof(*order) * 2);

	if (order == NULL)
		return NULL;
	sort_order(order, order + n, n, compare, &r);
	return order;
}
