#include "net/ip.h"
#include "net/ipv6.h"

/* What IPv4 and IPv6 call the same things. */
struct rows {
	const struct field *fragments, *fragment, *count, *overlap, *conflict;
	const struct field *length, *data;
	const char *name;
};

static void
piece_fields(struct field_list *l, const struct rows *rows,
    const struct defrag_piece *piece, struct span whole)
{
	struct span at = span_first(span_after(whole, piece->offset),
	    piece->length);
	size_t entered = field_enter_number(l, rows->fragment, at,
	    piece->frame);

	if (piece->overlap)
		field_put_number(l, rows->overlap, at, 1);
	if (piece->conflict)
		field_put_number(l, rows->conflict, at, 1);
	field_leave(l, entered, NULL);
}

static void
whole_fields(struct step *s, const struct rows *rows, struct span whole)
{
	struct defrag_whole g = defrag_whole(s->walk->defrag);
	struct field_list *l = s->l;
	struct span none = span_empty();
	size_t entered, i;

	entered = field_enter(l, rows->fragments, whole);
	if (entered < l->n)
		l->values[entered].bytes = whole;
	for (i = 0; i < g.n; i++)
		piece_fields(l, rows, &g.pieces[i], whole);
	field_put_number(l, rows->count, none, g.fragments);
	field_put_number(l, rows->length, none, whole.n);
	field_put_bytes(l, rows->data, whole, whole);
	field_leave(l, entered, NULL);
}

bool
ip_defragment(struct step *s, uint32_t id, uint8_t protocol,
    uint32_t offset, bool more)
{
	static const struct rows ipv4 = {
		&ip_rows[IP_ROW_FRAGMENTS], &ip_rows[IP_ROW_FRAGMENT],
		&ip_rows[IP_ROW_FRAGMENT_COUNT],
		&ip_rows[IP_ROW_FRAGMENT_OVERLAP],
		&ip_rows[IP_ROW_FRAGMENT_CONFLICT],
		&ip_rows[IP_ROW_REASSEMBLED_LENGTH],
		&ip_rows[IP_ROW_REASSEMBLED_DATA], "Reassembled IPv4"
	};
	static const struct rows ipv6 = {
		&ipv6_rows[IPV6_ROW_FRAGMENTS],
		&ipv6_rows[IPV6_ROW_FRAGMENT],
		&ipv6_rows[IPV6_ROW_FRAGMENT_COUNT],
		&ipv6_rows[IPV6_ROW_FRAGMENT_OVERLAP],
		&ipv6_rows[IPV6_ROW_FRAGMENT_CONFLICT],
		&ipv6_rows[IPV6_ROW_REASSEMBLED_LENGTH],
		&ipv6_rows[IPV6_ROW_REASSEMBLED_DATA], "Reassembled IPv6"
	};
	const struct rows *rows = s->ip->version == 4 ? &ipv4 : &ipv6;
	struct span piece = cur_rest(&s->c), whole;
	struct defrag_key key = {
		.src = *s->src, .dst = *s->dst, .id = id,
		.protocol = protocol
	};

	for (size_t i = 0; i < s->p->n_vlans && i < LENGTH(s->p->vlans); i++)
		key.vlans = key.vlans << 12 | s->p->vlans[i];
	if (!defrag_add(s->walk->defrag, &key, s->p->record, offset, more,
	    piece, piece.n, s->arena, &whole))
		return false;
	s->source = 1;
	if (s->l != NULL) {
		s->source = field_source_add(s->l, rows->name, whole);
		field_source_set(s->l, s->source);
		whole_fields(s, rows, whole);
	}
	s->c = cur_open(whole);
	s->ip->reassembled = true;
	return true;
}
