/*
 * Bytes that wait, beside a plain array of the same ones: what is there, in
 * which order it comes out, and that nothing of it is lost.
 */
#include "net/stream_pieces.h"

#include "noise.h"
#include "tap.h"

#define SPACE 20000 /* offsets */
#define ROUNDS 4000

struct pair {
	struct stream_pieces *l;
	uint8_t bytes[SPACE];
	bool have[SPACE];
	size_t n, from; /* bytes there; first offset not yet taken out */
	unsigned wrong;
};

static void
add(struct pair *p, uint64_t offset, size_t n)
{
	uint8_t bytes[64];

	for (size_t i = 0; i < n; i++) {
		bytes[i] = (uint8_t)noise(256);
		if (p->have[offset + i])
			continue;
		p->have[offset + i] = true;
		p->bytes[offset + i] = bytes[i];
		p->n++;
	}
	if (!stream_pieces_add(p->l, offset, span_of(bytes, n), 0, n))
		p->wrong++;
	if (stream_pieces_bytes(p->l) != p->n)
		p->wrong++;
}

static void
compare(struct pair *p, uint64_t offset, size_t n)
{
	uint8_t bytes[64];
	size_t common = 0;
	bool differ = false, wanted = noise(4) == 0;

	for (size_t i = 0; i < n; i++) {
		bytes[i] = p->bytes[offset + i];
		common += p->have[offset + i];
	}
	if (wanted) {
		size_t at = noise((uint32_t)n);

		bytes[at] ^= 1;
		wanted = p->have[offset + at];
	}
	if (stream_pieces_compare(p->l, offset, span_of(bytes, n), &differ) !=
	    common || differ != wanted)
		p->wrong++;
}

static void
take(struct pair *p)
{
	const struct stream_piece *first = stream_pieces_first(p->l);
	struct span s;

	if (first == NULL) {
		p->wrong += p->n != 0;
		return;
	}
	s = stream_piece_bytes(first);
	for (; p->from < first->offset; p->from++)
		p->wrong += p->have[p->from];
	for (size_t i = 0; i < s.n; i++, p->from++) {
		p->wrong += !p->have[p->from] ||
		    p->bytes[p->from] != s.p[i];
		p->have[p->from] = false;
		p->n--;
	}
	stream_pieces_drop_first(p->l);
}

static void
run(unsigned longest, unsigned takes)
{
	static struct pair p;

	p = (struct pair){ .l = stream_pieces_new() };
	for (unsigned i = 0; i < ROUNDS && p.from < SPACE - 100; i++) {
		size_t n = 1 + noise(longest);
		uint64_t at = p.from + noise((uint32_t)(SPACE - 64 - p.from));

		if (noise(100) < takes)
			take(&p);
		else if (noise(3) == 0)
			compare(&p, at, n);
		else
			add(&p, at, n);
	}
	while (stream_pieces_first(p.l) != NULL && p.wrong == 0)
		take(&p);
	ok_int(p.wrong, 0);
	ok_int(p.n, 0);
	ok_int(stream_pieces_bytes(p.l), 0);
	stream_pieces_free(p.l);
}

/* What comes at one end while it leaves at the other: the row of leaves walks
 * through its memory, which stays what it was. */
static void
walk(size_t waiting)
{
	static struct pair p;
	uint64_t at = 0;
	size_t most = 0;

	p = (struct pair){ .l = stream_pieces_new() };
	for (; at < 2 * waiting; at += 2)
		add(&p, at, 1);
	most = stream_pieces_memory(p.l);
	for (; at < SPACE; at += 2) {
		take(&p);
		add(&p, at, 1);
		compare(&p, at, 1);
	}
	ok(stream_pieces_memory(p.l) < most * 2);
	while (stream_pieces_first(p.l) != NULL && p.wrong == 0)
		take(&p);
	ok_int(p.wrong, 0);
	ok_int(p.n, 0);
	stream_pieces_free(p.l);
}

int
main(void)
{
	noise_state = 88675123;
	walk(70);
	walk(1500);
	run(1, 0);
	run(1, 20);
	run(20, 0);
	run(20, 10);
	run(64, 2);
	run(64, 40);
	return tap_done();
}
