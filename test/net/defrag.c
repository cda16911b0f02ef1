#include <stdlib.h>

#include "base/table.h"
#include "net/walk.h"
#include "tap.h"

/* Pieces in any order, twice, overlapping, never complete, too many. */
struct piece {
	uint32_t offset;
	bool more;
	const char *text;
};

static struct arena arena;

static struct defrag_key
key_of(uint32_t id)
{
	static const uint8_t src[] = { 10, 0, 0, 1 }, dst[] = { 10, 0, 0, 2 };

	return (struct defrag_key){
		.src = addr_of(ADDR_IPV4, src),
		.dst = addr_of(ADDR_IPV4, dst), .id = id, .protocol = 17
	};
}

static struct record
record_at(uint64_t number, int64_t seconds)
{
	return (struct record){
		.number = number,
		.time = { .seconds = seconds, .known = true }
	};
}

/* Adds all; true when the last one completed the datagram as `text`. */
static bool
whole_is(struct defrag *d, const struct piece *pieces, size_t n,
    const char *text)
{
	struct defrag_key key = key_of(1);
	struct span whole = span_empty();
	bool done = false;
	size_t i;

	for (i = 0; i < n; i++) {
		struct record r = record_at(i + 1, (int64_t)i);
		struct span s = span_text(pieces[i].text);

		if (done)
			return false;
		done = defrag_add(d, &key, &r, pieces[i].offset,
		    pieces[i].more, s, s.n, &arena, &whole);
	}
	return done && span_is(whole, text);
}

static void
orders(void)
{
	static const struct piece forward[] = {
		{ 0, true, "01234567" }, { 8, true, "89abcdef" },
		{ 16, false, "gh" },
	};
	static const struct piece backward[] = {
		{ 16, false, "gh" }, { 8, true, "89abcdef" },
		{ 0, true, "01234567" },
	};
	static const struct piece twice[] = {
		{ 0, true, "01234567" }, { 0, true, "01234567" },
		{ 8, false, "89" },
	};
	struct defrag *d = defrag_new(NULL);
	struct defrag_whole g;

	ok(whole_is(d, forward, 3, "0123456789abcdefgh"));
	ok(whole_is(d, backward, 3, "0123456789abcdefgh"));
	g = defrag_whole(d);
	ok_int(g.n, 3);
	ok_int(g.fragments, 3);
	ok_int(g.pieces[0].frame, 3);
	ok_int(g.pieces[2].frame, 1);
	ok_int(defrag_counts(d)->overlaps, 0);
	ok(whole_is(d, twice, 3, "0123456789"));
	ok(defrag_whole(d).pieces[1].overlap);
	ok(!defrag_whole(d).pieces[1].conflict);
	ok_int(defrag_counts(d)->completed, 3);
	ok_int(defrag_counts(d)->open, 0);
	defrag_free(d);
}

/* Teardrop and friends: what came first stays, and the conflict is told. */
static void
overlaps(void)
{
	static const struct piece teardrop[] = {
		{ 0, true, "0123456789abcdef" }, { 8, false, "XXXXXXXXgh" },
	};
	static const struct piece inverted[] = {
		{ 8, false, "89abcdefgh" }, { 0, true, "01234567XXXXXXXX" },
	};
	static const struct piece inside[] = {
		{ 0, true, "0123456789abcdef" }, { 8, true, "XX" },
		{ 16, false, "gh" },
	};
	static const struct piece two_ends[] = {
		{ 8, false, "89" }, { 8, false, "89ab" },
		{ 0, true, "01234567" },
	};
	struct defrag *d = defrag_new(NULL);

	ok(whole_is(d, teardrop, 2, "0123456789abcdefgh"));
	ok(defrag_whole(d).pieces[1].conflict);
	ok(whole_is(d, inverted, 2, "0123456789abcdefgh"));
	ok(whole_is(d, inside, 3, "0123456789abcdefgh"));
	ok(whole_is(d, two_ends, 3, "0123456789"));
	ok_int(defrag_counts(d)->overlaps, 4);
	ok_int(defrag_counts(d)->conflicts, 4);
	defrag_free(d);
}

/* Ping of death: nothing beyond 65535 bytes is ever put together. */
static void
too_large(void)
{
	struct defrag *d = defrag_new(NULL);
	struct defrag_key key = key_of(7);
	struct record r = record_at(1, 0);
	struct span s = span_text("0123456789"), whole;

	ok(!defrag_add(d, &key, &r, 65528, false, s, s.n, &arena, &whole));
	ok_int(defrag_counts(d)->too_large, 1);
	ok_int(defrag_counts(d)->open, 0);
	ok(!defrag_add(d, &key, &r, 0, true, s, 65536, &arena, &whole));
	ok_int(defrag_counts(d)->too_large, 2);
	/* Cut by the snapshot length: it can never be whole. */
	ok(!defrag_add(d, &key, &r, 0, true, s, 20, &arena, &whole));
	ok_int(defrag_counts(d)->open, 0);
	defrag_free(d);
}

static void
times(void)
{
	struct defrag *d = defrag_new(NULL);
	struct span s = span_text("01234567"), whole;
	struct defrag_key key = key_of(1);
	struct record r = record_at(1, 1000);

	ok(!defrag_add(d, &key, &r, 0, true, s, s.n, &arena, &whole));
	r = record_at(2, 1061);
	ok(!defrag_add(d, &key, &r, 8, false, s, s.n, &arena, &whole));
	ok_int(defrag_counts(d)->expired, 1);
	ok_int(defrag_counts(d)->open, 1);
	/* A clock that steps back expires nothing. */
	r = record_at(3, 10);
	ok(defrag_add(d, &key, &r, 0, true, s, s.n, &arena, &whole));
	defrag_free(d);
}

/* Every byte of a datagram alone and the first one never: linear time, and
 * memory stays below the cap. */
static void
never_complete(void)
{
	struct defrag_limits limits = { .max_bytes = 1 << 20 };
	struct defrag *d = defrag_new(&limits);
	struct span s = span_text("x"), whole;
	struct record r = record_at(1, 0);
	uint32_t i;
	bool any = false;

	for (i = 0; i < 65536; i++) {
		struct defrag_key key = key_of(1);

		any |= defrag_add(d, &key, &r, 8 + i * 8 % 65520, true, s, 1,
		    &arena, &whole);
	}
	ok(!any);
	ok_int(defrag_counts(d)->fragments, 65536);
	ok_int(defrag_counts(d)->open, 1);
	for (i = 0; i < 65536; i++) {
		struct defrag_key key = key_of(i);

		any |= defrag_add(d, &key, &r, 65000, true, s, 1, &arena,
		    &whole);
	}
	ok(!any);
	ok(defrag_counts(d)->open <= 20);
	ok(defrag_counts(d)->given_up > 60000);
	defrag_free(d);
}

static void
many_datagrams(void)
{
	struct defrag_limits limits = { .max_datagrams = 3 };
	struct defrag *d = defrag_new(&limits);
	struct span s = span_text("01234567"), whole;
	struct record r = record_at(1, 0);
	uint32_t i;

	for (i = 0; i < 5; i++) {
		struct defrag_key key = key_of(i);

		ok(!defrag_add(d, &key, &r, 0, true, s, s.n, &arena, &whole));
	}
	ok_int(defrag_counts(d)->open, 3);
	ok_int(defrag_counts(d)->given_up, 2);
	defrag_free(d);
}

int
main(void)
{
	hash_key_init();
	arena_init(&arena, (size_t)1 << 24);
	orders();
	overlaps();
	too_large();
	times();
	never_complete();
	many_datagrams();
	arena_free(&arena);
	return tap_done();
}
