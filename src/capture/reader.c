#include "capture/reader.h"

#include <stdlib.h>

void
reader_fail(struct capture *c, enum capture_error error)
{
	if (c->status == CAPTURE_OK)
		c->status = error;
}

/* Room for one more in an array of `n`, or NULL. */
static void *
room(void *array, size_t n, size_t *size, size_t item)
{
	size_t wanted = *size == 0 ? 16 : *size * 2;
	void *p;

	if (n < *size)
		return array;
	p = realloc(array, wanted * item);
	if (p != NULL)
		*size = wanted;
	return p;
}

struct reader_interface *
reader_add_interface(struct capture *c)
{
	struct reader_interface **p, *new;

	if (c->n_interfaces >= READER_INTERFACES) {
		reader_fail(c, CAPTURE_INTERFACES);
		return NULL;
	}
	p = room(c->interfaces, c->n_interfaces, &c->size_interfaces,
	    sizeof(c->interfaces[0]));
	if (p != NULL)
		c->interfaces = p;
	new = arena_new(&c->interface_memory, struct reader_interface);
	if (p == NULL || new == NULL) {
		reader_fail(c, CAPTURE_NO_MEMORY);
		return NULL;
	}
	new->number = (uint32_t)c->n_interfaces;
	new->shown.name = new->shown.description = new->shown.filter =
	    new->shown.os = new->shown.hardware = new->shown.comment =
		span_empty();
	c->interfaces[c->n_interfaces++] = new;
	c->facts.interfaces++;
	return new;
}

struct span
reader_keep(struct capture *c, struct span text)
{
	return arena_copy(&c->strings, text);
}

void
reader_add_comment(struct capture *c, struct span text)
{
	struct span kept;

	if (c->n_comments == READER_COMMENTS)
		return;
	kept = reader_keep(c, text);
	if (kept.n == text.n)
		c->comments[c->n_comments++] = kept;
}

void
reader_add_name(
    struct capture *c, uint8_t kind, struct span address, struct span name)
{
	struct capture_name *p;

	c->facts.names++;
	if (c->n_names == READER_NAMES)
		return;
	p = room(c->names, c->n_names, &c->size_names, sizeof(c->names[0]));
	if (p == NULL)
		return;
	c->names = p;
	p += c->n_names;
	*p = (struct capture_name){ .kind = kind };
	memcpy(p->bytes, address.p, span_first(address, 16).n);
	p->name = reader_keep(c, name);
	if (p->name.n == name.n)
		c->n_names++;
}
