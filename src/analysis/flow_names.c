#include "analysis/flow_names.h"

#define NAME_MAX_BYTES 128
#define NAMES_MEMORY ((size_t)32 << 20)

void
flow_names_init(struct flow_names *n)
{
	arena_init(&n->arena, NAMES_MEMORY);
	table_init(&n->table, sizeof(struct flow_name), FLOW_NAMES_MAX);
}

void
flow_names_free(struct flow_names *n)
{
	table_free(&n->table);
	arena_free(&n->arena);
}

static struct span
key_of(uint8_t *key, uint8_t protocol, uint32_t stream)
{
	key[0] = protocol;
	for (unsigned i = 0; i < 4; i++)
		key[1 + i] = (uint8_t)(stream >> 8 * i);
	return span_of(key, 5);
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
	uint8_t key[5];

	if (t == NULL || t->stream == STREAM_NONE)
		return;
	f = table_add(&n->table, key_of(key, t->protocol, t->stream));
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
	uint8_t key[5];

	return table_find(&n->table, key_of(key, protocol, stream));
}
