/* What stands in a packet: headers in each other, payload and groups. */
#include <string.h>

#include "build/row.h"

static void
name_build(struct bytes *out, const struct words *w)
{
	for (size_t i = 1; i < w->n; i++) {
		const char *p =
		    w->at[i].value != NULL ? w->at[i].value : w->at[i].key;

		while (*p != '\0') {
			size_t n = strcspn(p, ".");

			bytes_uint(out, n, 1, true);
			bytes_add(out, p, n);
			p += n + (p[n] == '.');
		}
		bytes_fill(out, 0, 1);
	}
}

static void
payload_build(struct bytes *out, const struct layer *layer)
{
	const struct words *w = &layer->words;

	if (layer->row->kind == NAME) {
		name_build(out, w);
		return;
	}
	if (layer->row->kind == FILL) {
		if (w->n != 3)
			fail("fill BYTE COUNT");
		bytes_fill(
		    out, (int)number_of(w->at[1].key), number_of(w->at[2].key));
		return;
	}
	for (size_t i = 1; i < w->n; i++) {
		const struct word *word = &w->at[i];

		if (layer->row->kind == TEXT)
			bytes_add(out, word->value, word->n);
		else if (layer->row->kind == HEX)
			bytes_hex(out, word->key);
		else
			bytes_uint(out, number_of(word->key), layer->row->width,
			    !layer->row->little);
	}
}

static size_t
group_end(const struct layers *l, size_t at)
{
	size_t depth = 0;

	for (size_t i = at; i < l->n; i++) {
		if (l->at[i].row->kind == GROUP)
			depth++;
		if (l->at[i].row->kind == CLOSE && --depth == 0)
			return i;
	}
	fail("%s is not closed by )", l->at[at].row->name);
}

struct bytes
layers_build(const struct layers *l, size_t first)
{
	struct bytes out = { 0 };

	for (size_t i = first; i < l->n; i++) {
		const struct row *row = l->at[i].row;

		if (row->kind == HEADER) {
			struct bytes rest = layers_build(l, i + 1);
			struct bytes all = header_build(l, i, &rest);

			bytes_join(&out, &all);
			return out;
		}
		if (row->kind == GROUP) {
			size_t end = group_end(l, i);
			struct layers inner = { l->at, end };
			struct bytes body = layers_build(&inner, i + 1);

			bytes_uint(&out,
			    body.n + words_uint(&l->at[i].words, "add", 0),
			    row->width, !row->little);
			bytes_join(&out, &body);
			i = end;
			continue;
		}
		if (row->kind == CLOSE)
			fail(") closes nothing");
		payload_build(&out, &l->at[i]);
	}
	return out;
}

bool
layers_add(struct layers *l, const struct words *w)
{
	const struct row *row = row_find(w->at[0].key);

	if (row == NULL)
		return false;
	if (l->n == LAYERS_MAX)
		fail("over %d layers", LAYERS_MAX);
	l->at[l->n].row = row;
	l->at[l->n].words = *w;
	l->n++;
	return true;
}
