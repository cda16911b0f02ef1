#include "analysis/summary_names.h"

#include "base/bytes.h"

#define NAMES_MEMORY ((size_t)8 << 20)

void
summary_names_init(struct summary_names *n)
{
	table_init(&n->table, sizeof(struct span), SUMMARY_NAMES_MAX);
	arena_init(&n->arena, NAMES_MEMORY);
}

void
summary_names_free(struct summary_names *n)
{
	table_free(&n->table);
	arena_free(&n->arena);
}

void
summary_names_settle(struct summary_names *n)
{
	table_later_come(&n->later, &n->table);
	for (size_t i = 0; i < n->later.n; i++) {
		size_t at = table_later_intern(&n->later, &n->table, i);
		struct span *name;

		if (at == SIZE_MAX)
			continue;
		name = table_value(&n->table, at);
		if (name->p == NULL)
			*name = arena_copy(&n->arena,
			    span_of(n->texts[i], n->sizes[i]));
	}
	table_later_end(&n->later);
}

void
summary_names_add(struct summary_names *n, const struct addr *a,
    struct span text)
{
	size_t at;

	if (n->table.n == SUMMARY_NAMES_MAX)
		return;
	text = span_first(text, SUMMARY_NAME);
	at = table_later_add(&n->later, &n->table, span_of(a, sizeof(*a)));
	n->sizes[at] = (uint8_t)text.n;
	bytes_copy(n->texts[at], text.p, text.n);
	if (table_later_full(&n->later))
		summary_names_settle(n);
}

const struct span *
summary_names_find(const struct summary_names *n, const struct addr *a)
{
	return table_find(&n->table, span_of(a, sizeof(*a)));
}
