#ifndef TEST_PROTO_MESSAGE_H
#define TEST_PROTO_MESSAGE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/field_text.h"
#include "proto/proto.h"
#include "tap.h"

/*
 * One message decoded from bytes made by hand.  They are copied to memory of
 * exactly their size, where a sanitizer sees a byte read beyond.
 */
struct reading {
	struct arena arena;
	struct field_list fields;
	struct packet packet;
	struct record record;
	struct decode decode;
	uint8_t *bytes;
	const void *message;
};

static inline const void *
reading_cut(struct reading *r, const struct proto *proto, struct span s,
    size_t claimed)
{
	struct cursor c;

	memset(r, 0, sizeof(*r));
	arena_init(&r->arena, 1 << 24);
	field_list_init(&r->fields, &r->arena);
	r->bytes = malloc(s.n == 0 ? 1 : s.n);
	if (r->bytes == NULL)
		abort();
	memcpy(r->bytes, s.p, s.n);
	s = span_of(r->bytes, s.n);
	r->record.number = 1;
	r->packet.record = &r->record;
	field_list_start(&r->fields, s);
	r->decode.arena = &r->arena;
	r->decode.fields = &r->fields;
	r->decode.packet = &r->packet;
	c = cur_open_cut(s, claimed);
	r->message = proto->decode(&c, &r->decode);
	return r->message;
}

static inline const void *
reading_open(struct reading *r, const struct proto *proto, const char *hex)
{
	struct span s = tap_hex(hex);

	return reading_cut(r, proto, s, s.n);
}

static inline void
reading_close(struct reading *r)
{
	field_list_free(&r->fields);
	arena_free(&r->arena);
	free(r->bytes);
}

static inline const struct field_value *
reading_value(const struct reading *r, const char *name, size_t i)
{
	for (size_t k = 0; k < r->fields.n; k++) {
		const struct field_value *v = &r->fields.values[k];

		if (strcmp(v->field->name, name) == 0 && i-- == 0)
			return v;
	}
	return NULL;
}

/* As list_packets prints it; "" when there is none. */
static inline const char *
reading_field(const struct reading *r, const char *name, size_t i)
{
	static char text[4096];
	const struct field_value *v = reading_value(r, name, i);
	struct buf out;

	text[0] = '\0';
	if (v == NULL)
		return text;
	buf_init(&out, sizeof(text) - 1);
	field_text(&out, v);
	snprintf(text, sizeof(text), "%.*s", (int)out.n,
	    (const char *)out.p);
	buf_free(&out);
	return text;
}

/* The line of info(). */
static inline const char *
reading_info(const struct reading *r, const struct proto *proto)
{
	static char text[4096];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	proto->info(&out, r->message);
	snprintf(text, sizeof(text), "%.*s", (int)out.n,
	    (const char *)out.p);
	buf_free(&out);
	return text;
}

/*
 * The message cut after each of its bytes, by the snapshot length and as if
 * it had been sent so: nothing is read beyond, no value lies outside.
 */
static inline void
reading_cut_everywhere(const struct proto *proto, struct span whole)
{
	struct reading r;
	size_t outside = 0;
	uint8_t *copy = malloc(whole.n + 1);

	if (copy == NULL)
		abort();
	memcpy(copy, whole.p, whole.n);
	for (size_t n = 0; n <= whole.n * 2 + 1; n++) {
		size_t at = n / 2;

		if (at > whole.n)
			break;
		(void)reading_cut(&r, proto, span_of(copy, at),
		    n % 2 == 0 ? whole.n : at);
		for (size_t i = 0; i < r.fields.n; i++)
			outside += r.fields.values[i].source == 0 &&
			    (size_t)r.fields.values[i].offset +
			    r.fields.values[i].length > at;
		if (r.message != NULL && proto->info != NULL)
			(void)reading_info(&r, proto);
		reading_close(&r);
	}
	ok_int(outside, 0);
	free(copy);
}

#endif
