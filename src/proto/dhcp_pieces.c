#include "base/buf.h"
#include "proto/dhcp_option.h"

/* RFC 3396, 5: pieces are put together in this order of areas. */
enum area {
	AREA_OPTIONS,
	AREA_FILE,
	AREA_NAME,
	AREAS
};

/* True: it was there before. */
static bool
code_note(uint64_t codes[4], uint8_t code)
{
	uint64_t bit = (uint64_t)1 << code % 64, before = codes[code / 64];

	codes[code / 64] |= bit;
	return (before & bit) != 0;
}

/*
 * Notes the options of one area; false: an option goes beyond the end.  The
 * loop consumes at least a byte a round.
 */
static bool
pieces_note(struct dhcp_pieces *p, struct dhcp_message *m, struct span s,
    enum area area)
{
	for (size_t n = 1; s.n > 0; s = span_after(s, n)) {
		uint8_t code = s.p[0];

		n = 1;
		if (code == 0)
			continue;
		if (code == 255) {
			m->end = m->end || area == AREA_OPTIONS;
			return true;
		}
		if (s.n < 2 || s.n - 2 < s.p[1])
			return false;
		n = 2U + s.p[1];
		if (p->n == p->places)
			continue;
		p->several |= code_note(p->seen, code);
		p->all[p->n++] = (struct dhcp_option){ code, (uint8_t)area,
			span_of(s.p + 2, s.p[1]) };
	}
	return true;
}

/* The value of `code`: its pieces together. */
static __attribute__((cold)) struct span
pieces_join(const struct dhcp_pieces *p, struct arena *arena, uint8_t code)
{
	struct buf all;
	struct span s;

	buf_init(&all, (size_t)64 << 10);
	for (unsigned area = 0; area < AREAS; area++)
		for (size_t i = 0; i < p->n; i++)
			if (p->all[i].code == code && p->all[i].area == area)
				buf_span(&all, p->all[i].data);
	s = arena_copy(arena, buf_bytes(&all));
	buf_free(&all);
	return s;
}

/* Each code once, where it stands first. */
static __attribute__((cold)) void
options_join(const struct dhcp_pieces *p, struct dhcp_message *m,
    struct arena *arena)
{
	struct dhcp_option *options = arena_room(arena, 256,
	    sizeof(*options));
	uint64_t seen[4] = { 0 }, again[4] = { 0 };

	m->options = options;
	m->n_options = 0;
	if (options == NULL)
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (code_note(seen, p->all[i].code))
			(void)code_note(again, p->all[i].code);
		else
			options[m->n_options++] = p->all[i];
	}
	for (size_t i = 0; i < m->n_options; i++)
		if (code_note(again, options[i].code))
			options[i].data = pieces_join(p, arena,
			    options[i].code);
}

bool
dhcp_pieces_read(struct dhcp_pieces *p, struct dhcp_message *m,
    struct arena *arena, struct cursor options, struct span name,
    struct span file)
{
	const struct dhcp_option *type;
	bool whole;

	/* An option has two bytes at least. */
	p->places = (cur_left(&options) + name.n + file.n) / 2;
	p->all = arena_room(arena, p->places, sizeof(*p->all));
	if (p->all == NULL)
		return false;
	whole = pieces_note(p, m, cur_rest(&options), AREA_OPTIONS);
	for (size_t i = 0; (p->seen[0] >> 52 & 1) != 0 && i < p->n; i++)
		if (p->all[i].code == 52 && p->all[i].data.n > 0)
			m->overload = p->all[i].data.p[0] & 3;
	if ((m->overload & 1) != 0)
		(void)pieces_note(p, m, file, AREA_FILE);
	if ((m->overload & 2) != 0)
		(void)pieces_note(p, m, name, AREA_NAME);
	m->options = p->all;
	m->n_options = p->n;
	if (p->several)
		options_join(p, m, arena);
	type = dhcp_option(m, 53);
	if (type != NULL && type->data.n > 0)
		m->type = type->data.p[0];
	return whole;
}

const struct dhcp_option *
dhcp_option(const struct dhcp_message *m, uint8_t code)
{
	for (size_t i = 0; i < m->n_options; i++)
		if (m->options[i].code == code)
			return &m->options[i];
	return NULL;
}
