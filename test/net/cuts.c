/*
 * Every packet of the fixtures that hold rare layers, cut at every byte as a
 * snapshot length would cut it, its bytes flush against a page that nobody
 * may touch.  What is left reads as the beginning of the whole, with fields
 * or without.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/table.h"
#include "capture/capture.h"
#include "fuzz/packets.h"
#include "tap.h"

static unsigned n_walks;

struct way {
	struct road road;
	struct field_list fields;
};

static void
way_init(struct way *w, bool loud)
{
	arena_init(&w->road.arena, (size_t)16 << 20);
	field_list_init(&w->fields, &w->road.arena);
	w->road.fields = loud ? &w->fields : NULL;
}

static void
way_free(struct way *w)
{
	field_list_free(&w->fields);
	arena_free(&w->road.arena);
}

static const struct packet *
walk_cut(struct way *w, const struct record *r, size_t n)
{
	struct record cut = *r;

	cut.bytes = ask_wall(span_first(r->bytes, n));
	if (n < r->bytes.n)
		cut.flags |= RECORD_CUT;
	road_walk(&w->road, &cut);
	n_walks++;
	return &w->road.packet;
}

/* The layers of `part` are the first ones of `whole`; where the bytes that
 * tell are cut off, the last one may be what they tell by default. */
static bool
begins(const struct packet *whole, const struct packet *part)
{
	size_t n = part->n_stack;

	if (part->n_stack > whole->n_stack + 1 ||
	    part->n_transports > whole->n_transports ||
	    part->n_tunnels > whole->n_tunnels ||
	    part->n_vlans > whole->n_vlans)
		return false;
	if (n > 0 && part->cut)
		n--;
	for (size_t i = 0; i < n; i++)
		if (part->stack[i].layer != whole->stack[i].layer ||
		    part->stack[i].offset != whole->stack[i].offset)
			return false;
	return true;
}

static bool
packet_cut(const struct record *r)
{
	struct way whole = { .road = { .defrag = NULL } };
	struct way loud = whole, silent = whole;
	bool good = true;

	way_init(&whole, true);
	way_init(&loud, true);
	way_init(&silent, false);
	(void)walk_cut(&whole, r, r->bytes.n);
	for (size_t n = 0; n <= r->bytes.n && good; n++) {
		const struct packet *a = walk_cut(&loud, r, n);
		const struct packet *b = walk_cut(&silent, r, n);

		fields_check(&loud.fields);
		good = (whole.road.packet.malformed || (!a->malformed &&
		    begins(&whole.road.packet, a))) && begins(a, b) &&
		    begins(b, a) && a->cut == b->cut &&
		    a->malformed == b->malformed &&
		    a->undecoded == b->undecoded;
		if (!good)
			(void)printf("# packet %llu cut to %zu bytes\n",
			    (unsigned long long)r->number, n);
	}
	way_free(&whole);
	way_free(&loud);
	way_free(&silent);
	return good;
}

static void
capture_cut(const char *name)
{
	char path[4096];
	enum capture_error error;
	struct capture *c;
	struct record r;
	struct span whole;
	unsigned n = 0, bad = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
	whole = ask_read(path);
	c = capture_open(ask_file(whole), false, NULL, &error);
	while (c != NULL && capture_read(c, &r, 1) == 1) {
		bad += !packet_cut(&r);
		n++;
	}
	if (!ok(n > 5 && bad == 0))
		(void)printf("# %s: %u of %u\n", name, bad, n);
	if (c != NULL)
		capture_close(c);
	free((void *)whole.p);
}

int
main(void)
{
	static const char *const names[] = { "net-layers.pcapng",
		"net-links.pcapng", "net-shims.pcapng", "tcp-options.pcap",
		"tcp-classes.pcapng", "builder-layers.pcap" };

	hash_key_init();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		capture_cut(names[i]);
	ok(n_walks > 50000);
	return tap_done();
}
