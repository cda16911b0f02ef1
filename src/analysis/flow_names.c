#include "analysis/flow_names.h"

#include <stdlib.h>

#include "analysis/flow_apps.h"

#define NAME_MAX_BYTES 128
#define NAMES_MEMORY ((size_t)32 << 20)
#define PART 256 /* flows */

_Static_assert(NAME_MAX_BYTES <= UINT8_MAX, "sizes are bytes");

void
flow_names_init(struct flow_names *n)
{
	*n = (struct flow_names){ .n = 0 };
	arena_init(&n->arena, NAMES_MEMORY);
	arena_init(&n->entries, SIZE_MAX);
}

void
flow_names_free(struct flow_names *n)
{
	for (size_t i = 0; i < LENGTH(n->parts); i++)
		free(n->parts[i]);
	arena_free(&n->arena);
	arena_free(&n->entries);
	flow_names_init(n);
}

/* The entry in a part that there was not yet; NULL: no memory. */
static struct flow_name *
part_make(struct flow_names *n, size_t kind, uint32_t stream)
{
	size_t part = stream / PART;
	size_t size = n->n_parts[kind] < 16 ? 16 : n->n_parts[kind];
	struct flow_name **parts = n->parts[kind];

	while (size <= part)
		size *= 2;
	if (size > n->n_parts[kind]) {
		parts = realloc(parts, size * sizeof(*parts));
		if (parts == NULL)
			return NULL;
		for (size_t i = n->n_parts[kind]; i < size; i++)
			parts[i] = NULL;
		n->parts[kind] = parts;
		n->n_parts[kind] = size;
	}
	parts[part] = arena_alloc(&n->entries, PART, sizeof(**parts));
	return parts[part] == NULL ? NULL : &parts[part][stream % PART];
}

/* NULL: it has none. */
static struct flow_name *
entry_at(const struct flow_names *n, size_t kind, uint32_t stream)
{
	size_t part = stream / PART;

	return part >= n->n_parts[kind] || n->parts[kind][part] == NULL ?
	    NULL : &n->parts[kind][part][stream % PART];
}

/* A first message; false, and counted, beyond the cap. */
static bool
entry_begin(struct flow_names *n, struct flow_name *f,
    const struct message *m)
{
	uint8_t app = 0;

	if (f == NULL || n->n == FLOW_NAMES_MAX) {
		n->refused++;
		return false;
	}
	while (app < proto_count && protos[app] != m->proto)
		app++;
	f->app = (uint8_t)(app + 1);
	f->odd_port = m->odd_port;
	n->n++;
	return true;
}

struct span
flow_name_text(const struct flow_name *f, unsigned i)
{
	const uint8_t *p = f->texts;

	for (unsigned k = 0; k < i; k++)
		p += f->sizes[k];
	return span_of(p, f->sizes[i]);
}

/* All names together, behind each other. */
static void
name_keep(struct flow_names *n, struct flow_name *f, struct span name)
{
	size_t before = 0;
	uint8_t *texts;

	for (unsigned i = 0; i < f->n_names; i++)
		before += f->sizes[i];
	texts = f->n_names < LENGTH(f->sizes) ?
	    arena_bytes(&n->arena, before + name.n) : NULL;
	if (texts == NULL) {
		f->more_names = true;
		return;
	}
	if (before > 0)
		memcpy(texts, f->texts, before);
	memcpy(texts + before, name.p, name.n);
	f->texts = texts;
	f->sizes[f->n_names++] = (uint8_t)name.n;
}

static void
name_add(struct flow_names *n, struct flow_name *f, struct span name)
{
	for (unsigned i = 0; i < f->n_names; i++)
		if (span_equal(flow_name_text(f, i), name))
			return;
	name_keep(n, f, name);
}

void
flow_names_add(struct flow_names *n, const struct message *m)
{
	const struct transport *t = m->transport;
	struct span name = span_empty();
	struct flow_name *f;
	size_t kind;

	if (t == NULL || t->stream == STREAM_NONE)
		return;
	kind = flow_apps_kind(t->protocol);
	if (kind == LENGTH(n->parts))
		return;
	f = entry_at(n, kind, t->stream);
	if (f == NULL && n->n < FLOW_NAMES_MAX)
		f = part_make(n, kind, t->stream);
	if ((f == NULL || f->app == 0) && !entry_begin(n, f, m))
		return;
	if (m->proto->subject != NULL)
		name = span_first(m->proto->subject(m->data), NAME_MAX_BYTES);
	if (name.n > 0)
		name_add(n, f, name);
}

const struct flow_name *
flow_names_find(const struct flow_names *n, uint8_t protocol,
    uint32_t stream)
{
	size_t kind = flow_apps_kind(protocol);
	const struct flow_name *f = kind == LENGTH(n->parts) ? NULL :
	    entry_at(n, kind, stream);

	return f == NULL || f->app == 0 ? NULL : f;
}
