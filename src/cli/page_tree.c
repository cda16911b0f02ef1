#include "cli/page.h"

#define TREE_DEPTH 16

/* "ip.proto: 6 (TCP)"; the list of what stands below it, or NULL. */
static const struct json_value *
node_write(const struct page *page, const struct json_value *node,
    unsigned indent)
{
	const struct json_value *v = node->first;
	const char *before = ": ", *after = "";

	page_spaces(page->out, indent);
	buf_span(page->out, v->text);
	for (v = v->next; v != NULL && page_is_scalar(v); v = v->next) {
		buf_text(page->out, before);
		if (v->kind == JSON_NUMBER)
			buf_span(page->out, v->text);
		else
			page_value(page->out, span_empty(), v);
		buf_text(page->out, after);
		before = " (";
		after = ")";
	}
	buf_byte(page->out, '\n');
	return v != NULL && v->kind == JSON_ARRAY ? v->first : NULL;
}

static bool
is_node(const struct json_value *v)
{
	return v->kind == JSON_ARRAY && v->first != NULL &&
	    v->first->kind == JSON_STRING;
}

bool
page_tree(const struct page *page, const struct json_value *list,
    unsigned indent)
{
	const struct json_value *open[TREE_DEPTH], *below;
	unsigned depth = 0;

	for (const struct json_value *v = list->first; v != NULL; v = v->next)
		if (!is_node(v))
			return false;
	open[0] = list->first;
	for (;;) {
		while (open[depth] == NULL)
			if (depth-- == 0)
				return true;
		below = node_write(page, open[depth], indent + 2 * depth);
		open[depth] = open[depth]->next;
		if (below == NULL)
			continue;
		if (depth + 1 == TREE_DEPTH || !is_node(below)) {
			page_spaces(page->out, indent + 2 * (depth + 1));
			buf_text(page->out, "...\n");
			continue;
		}
		open[++depth] = below;
	}
}
