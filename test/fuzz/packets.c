#include "fuzz/packets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "fuzz/target.h"
#include "net/field_text.h"
#include "net/frame.h"

void
fuzz_must(bool holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

#define ROAD_MEMORY ((size_t)64 << 20)

void
road_begin(struct road *road)
{
	road->defrag = NULL;
	road->flows = NULL;
	road->dispatch = NULL;
	road->fields = NULL;
	arena_init(&road->arena, ROAD_MEMORY);
}

void
road_end(struct road *road)
{
	dispatch_free(road->dispatch);
	flows_free(road->flows);
	defrag_free(road->defrag);
	arena_free(&road->arena);
}

struct record
packet_of(struct span in, uint64_t number)
{
	struct cursor c = cur_open(in);
	uint16_t link = cur_be16(&c);
	struct span bytes = cur_rest(&c);

	/* The upper bit of the link type makes it a packet that was cut. */
	return (struct record){
		.number = number,
		.bytes = bytes,
		.len = (uint32_t)bytes.n + (link >> 15) * 60000u,
		.link = link & 0x1ff,
		.flags = link >> 15 ? RECORD_CUT : 0,
		.fcs_len = link >> 14 & 1 ? 4 : 0,
		.time = { (int64_t)number / 7, (uint32_t)(number % 7) * 1000,
		    6, true },
		.comment = span_empty(),
	};
}

bool
packets_next(struct cursor *c, struct record *r, uint64_t *number)
{
	size_t n = cur_be16(c);

	if (!cur_ok(c) || cur_left(c) < 2)
		return false;
	*r = packet_of(cur_take(c, n < cur_left(c) ? n : cur_left(c)),
	    ++*number);
	return true;
}

static void
track(void *context, struct packet *p, struct transport *t)
{
	struct road *road = context;

	if (road->flows != NULL)
		flow_track(road->flows, p, t, p->fields);
	if (road->dispatch != NULL)
		dispatch_stream(road->dispatch, p, t);
}

static void
payload(void *context, struct packet *p, struct transport *t)
{
	struct road *road = context;

	fuzz_check(t->payload.n <= t->payload_claimed);
	if (road->dispatch != NULL)
		dispatch_payload(road->dispatch, p, t);
}

void
road_walk(struct road *road, const struct record *r)
{
	static const struct capture_interface interface;
	struct frame_facts facts = { .interface = &interface,
		.interface_name = span_text("eth0"), .section = 1 };
	struct packet *p = &road->packet;
	const struct walk walk = {
		.fields = road->fields,
		.defrag = road->defrag,
		.transport = track,
		.payload = payload,
		.context = road,
		.frame = &facts,
	};

	facts.first = facts.previous = facts.displayed = r->time;
	arena_reset(&road->arena);
	road->record = *r;
	p->messages = p->last_message = NULL;
	p->arena = &road->arena;
	p->fields = road->fields;
	if (road->fields != NULL)
		field_list_start(road->fields, r->bytes);
	packet_walk(&walk, &road->record, &road->arena, p);
}

void
fields_check(const struct field_list *l)
{
	struct buf text;

	buf_init(&text, (size_t)1 << 22);
	for (size_t i = 0; i < l->n; i++) {
		const struct field_value *v = &l->values[i];
		size_t end = (size_t)v->offset + v->length;

		fuzz_check(v->source < FIELD_SOURCES);
		/* What was cut off is told with the length it claims. */
		if (v->length != 0 && end > l->sources[v->source].n)
			fuzz_must(false, v->field->name, __FILE__, __LINE__);
		/* Text is slow: of a quarter of the lists. */
		if (l->n % 4 != 0)
			continue;
		buf_cut(&text, 0);
		field_text(&text, v);
		fuzz_check(text_is_utf8(buf_bytes(&text)));
	}
	buf_free(&text);
}
