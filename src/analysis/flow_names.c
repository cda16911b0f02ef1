#include "analysis/flow_names.h"

#include <stdlib.h>

#define NAME_MAX_BYTES 128
#define NAMES_MEMORY ((size_t)32 << 20)

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
	for (size_t i = 0; i < LENGTH(n->at); i++)
		free(n->at[i]);
	arena_free(&n->arena);
	arena_free(&n->entries);
	flow_names_init(n);
}

/* LENGTH(at): none that has flows. */
static size_t
kind_of(uint8_t protocol)
{
	static const uint8_t protocols[] = { 6, 17, 132, 136 };
	size_t i = 0;

	while (i < LENGTH(protocols) && protocols[i] != protocol)
		i++;
	return i;
}

static bool
grow(struct flow_names *n, size_t kind, uint32_t stream)
{
	size_t size = n->size[kind] < 64 ? 64 : n->size[kind];
	struct flow_name **at;

	while (size <= stream)
		size *= 2;
	at = realloc(n->at[kind], size * sizeof(struct flow_name *));
	if (at == NULL)
		return false;
	for (size_t i = n->size[kind]; i < size; i++)
		at[i] = NULL;
	n->at[kind] = at;
	n->size[kind] = size;
	return true;
}

/* NULL, and counted, beyond the cap. */
static struct flow_name *
entry_of(struct flow_names *n, uint8_t protocol, uint32_t stream)
{
	size_t kind = kind_of(protocol);
	struct flow_name **entry;

	if (kind == LENGTH(n->at))
		return NULL;
	if (stream < n->size[kind] && n->at[kind][stream] != NULL)
		return n->at[kind][stream];
	if (n->n == FLOW_NAMES_MAX ||
	    (stream >= n->size[kind] && !grow(n, kind, stream))) {
		n->refused++;
		return NULL;
	}
	entry = &n->at[kind][stream];
	*entry = arena_new(&n->entries, struct flow_name);
	n->n += *entry != NULL;
	n->refused += *entry == NULL;
	return *entry;
}

static void
name_add(struct flow_names *n, struct flow_name *f, struct span name)
{
	struct span copy;
	unsigned i;

	for (i = 0; i < f->n_names; i++)
		if (span_equal(f->names[i], name))
			return;
	copy = f->n_names < LENGTH(f->names) ?
	    arena_copy(&n->arena, name) : span_empty();
	if (copy.n == 0)
		f->more_names = true;
	else
		f->names[f->n_names++] = copy;
}

void
flow_names_add(struct flow_names *n, const struct message *m)
{
	const struct transport *t = m->transport;
	struct span name = span_empty();
	struct flow_name *f;

	if (t == NULL || t->stream == STREAM_NONE)
		return;
	f = entry_of(n, t->protocol, t->stream);
	if (f == NULL)
		return;
	if (m->proto->subject != NULL)
		name = span_first(m->proto->subject(m->data), NAME_MAX_BYTES);
	if (f->messages++ == 0) {
		f->proto = m->proto;
		f->odd_port = m->odd_port;
	}
	if (name.n > 0)
		name_add(n, f, name);
}

const struct flow_name *
flow_names_find(const struct flow_names *n, uint8_t protocol,
    uint32_t stream)
{
	size_t kind = kind_of(protocol);

	if (kind == LENGTH(n->at) || stream >= n->size[kind])
		return NULL;
	return n->at[kind][stream];
}
