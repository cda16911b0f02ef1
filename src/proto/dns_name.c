#include "proto/dns_name.h"

#include "base/addr.h"
#include "base/bytes.h"
#include "base/text.h"
#include "base/word.h"
#include "proto/dns_label.h"

#define NAME_MAX 255     /* on the wire, the final zero included */
#define POINTERS_MAX 127 /* one a label */
#define ESCAPED 1
#define UPPER 2
#define QUOTE 4 /* plain here, but not inside a JSON string */

/* Labels as on the wire, pointers followed, without the final zero. */
struct labels {
	uint8_t wire[NAME_MAX];
	size_t n;
	unsigned flags;
	bool too_long;
	bool partial; /* the last byte may end it */
};

enum walked {
	WALK_END,
	WALK_BROKEN, /* short, a label of an unknown kind, or beyond */
	WALK_LOOP,
	WALK_FORWARD,
};

/* By byte: what a name has to do for it. */
static const uint8_t byte_flags[256] = {
	[0 ... ' '] = ESCAPED,
	['"'] = QUOTE,
	['.'] = ESCAPED,
	['A' ... 'Z'] = UPPER,
	['\\'] = ESCAPED,
	[127 ... 255] = ESCAPED,
};

static __attribute__((cold)) void
label_add(struct labels *w, struct span label)
{
	unsigned flags = 0;
	uint8_t *to;

	if (w->n + 1 + label.n >= NAME_MAX) {
		w->too_long = true;
		return;
	}
	to = w->wire + w->n;
	*to++ = (uint8_t)label.n;
	for (size_t i = 0; i < label.n; i++) {
		to[i] = label.p[i];
		flags |= byte_flags[label.p[i]];
	}
	w->flags |= flags;
	w->n += 1 + label.n;
}

/*
 * Every round consumes a label or follows a pointer to before `limit`, which
 * then moves there.  `c` ends up behind the name as it stands at its place.
 */
static __attribute__((cold)) enum walked
labels_walk(struct cursor *c, struct labels *w)
{
	struct cursor at = *c;
	size_t limit = c->pos, pointers = 0, target;
	uint8_t first;

	for (;;) {
		if (w->partial && pointers == 0 && w->n > 0 &&
		    cur_left(&at) == 0) {
			*c = at;
			return WALK_END;
		}
		first = cur_u8(&at);
		if (!cur_ok(&at) || (first > 63 && first < 0xc0))
			break;
		if (first == 0) {
			if (pointers == 0)
				*c = at;
			return WALK_END;
		}
		if (first <= 63) {
			label_add(w, cur_take(&at, first));
			if (w->too_long && pointers > 0)
				return WALK_END;
			continue;
		}
		target = (size_t)(first & 0x3f) << 8;
		target |= cur_u8(&at);
		if (!cur_ok(&at) || target >= at.claimed)
			break;
		if (pointers++ == 0)
			*c = at;
		if (target >= limit || pointers > POINTERS_MAX)
			return target > limit ? WALK_FORWARD : WALK_LOOP;
		limit = target;
		cur_seek(&at, target);
	}
	c->cut = c->cut || at.cut;
	cur_fail(c);
	return WALK_BROKEN;
}

/* Turns the lengths into dots; the first byte is then no part of the name. */
static __attribute__((cold)) void
labels_dot(struct labels *w)
{
	size_t at = 0, next;

	for (; at < w->n; at = next) {
		next = at + 1 + w->wire[at];
		w->wire[at] = '.';
	}
}

static __attribute__((cold)) size_t
byte_escape(uint8_t *out, uint8_t byte)
{
	size_t n = 0;

	if ((byte_flags[byte] & ESCAPED) == 0) {
		out[n++] = byte;
		return n;
	}
	out[n++] = '\\';
	if (byte == '.' || byte == '\\') {
		out[n++] = byte;
		return n;
	}
	out[n++] = (uint8_t)('0' + byte / 100);
	out[n++] = (uint8_t)('0' + byte / 10 % 10);
	out[n++] = (uint8_t)('0' + byte % 10);
	return n;
}

/* From the labels as they are on the wire: RFC 4343 text. */
static __attribute__((cold)) struct span
labels_escape(const struct labels *w, struct arena *arena)
{
	uint8_t text[NAME_MAX * 4] BYTES_UNSET;
	size_t n = 0, at = 0, end;

	while (at < w->n) {
		end = at + 1 + w->wire[at];
		if (at > 0)
			text[n++] = '.';
		for (at++; at < end; at++)
			n += byte_escape(text + n, w->wire[at]);
	}
	return arena_copy(arena, span_of(text, n));
}

static struct span
lower_copy(struct span s, struct arena *arena)
{
	uint8_t *out = arena_bytes(arena, s.n);

	if (out == NULL)
		return span_empty();
	for (size_t i = 0; i < s.n; i++)
		out[i] = (uint8_t)(s.p[i] +
		    ((byte_flags[s.p[i]] & UPPER) != 0 ? 'a' - 'A' : 0));
	return span_of(out, s.n);
}

static struct dns_name
name_root(void)
{
	return (struct dns_name){ span_text("."), span_text("."),
		span_empty(), .plain = true };
}

/* Behind the first `skip` bytes of a plain one, where a label begins. */
static inline void
name_suffix(const struct dns_name *whole, size_t skip, struct dns_name *name)
{
	name->text = name->raw = span_after(whole->text, skip);
	name->key = span_after(whole->key, skip);
	name->bad = false;
	name->plain = whole->plain;
}

/* What a pointer at `from` means, when it is to a plain name that was read
 * before or to a label of it. */
static inline bool
name_pointed(const struct dns_names *names, size_t target, size_t from,
    struct dns_name *name)
{
	for (size_t i = 0; i < DNS_NAMES_KEPT && i < names->n; i++) {
		const struct dns_name_at *at = &names->kept[i];
		size_t skip = target - at->offset;

		if (target < at->offset || target >= at->end ||
		    at->end > from)
			continue;
		if (skip > 0 && at->name.text.p[skip - 1] != '.')
			continue;
		name_suffix(&at->name, skip, name);
		return true;
	}
	return false;
}

/*
 * What the bytes of labels with dots between need; `dots`: how many there
 * should be.  Most are '-' to '9' or '_' to 'z', where only a dot is not
 * plain; what is behind them is filled with such.
 */
static unsigned
text_flags(uint8_t *text, size_t n, size_t dots)
{
	const sixteen fill = 'a' - (sixteen){ 0 };
	sixteen here, odd = { 0 }, found = { 0 };
	unsigned flags = 0;
	two words;

	memcpy(text + n, &fill, SIXTEEN);
	for (size_t i = 0; i < n; i += SIXTEEN) {
		memcpy(&here, text + i, SIXTEEN);
		odd |= dns_label_odd(here);
		found -= (sixteen)(here == '.');
	}
	words = (two)odd;
	if ((words[0] | words[1]) == 0) {
		words = (two)found;
		if ((words[0] + words[1]) * WORD_EACH(1) >> 56 == dots)
			return 0;
	}
	for (size_t i = 0; i < n; i++) {
		flags |= text[i] == '.' ? 0 : byte_flags[text[i]];
		dots -= text[i] == '.';
	}
	return dots == 0 ? flags : ESCAPED;
}

/* The labels of `wire`, of which there are so many, with dots between, then
 * the tail; false: something needs an escape, or there is no memory. */
static inline __attribute__((always_inline)) bool
name_join(struct span wire, size_t labels, size_t longest,
    const struct dns_name *tail, struct arena *arena, struct dns_name *name)
{
	size_t n = wire.n - 1 + (tail->raw.n == 0 ? 0 : 1 + tail->raw.n);
	size_t dot = wire.p[0];
	uint8_t *text = arena_bytes(arena, n + SIXTEEN);
	unsigned flags;
	bool plain;

	if (text == NULL)
		return false;
	plain = dns_label_copy(text, wire.p + 1, wire.n - 1, labels - 1) &&
	    longest <= DNS_LABEL_SHORT;
	for (; dot < wire.n - 1; dot += 1U + wire.p[1 + dot])
		text[dot] = '.';
	flags = plain ? 0 : text_flags(text, wire.n - 1, labels - 1);
	if ((flags & ESCAPED) != 0)
		return false;
	if (tail->raw.n > 0) {
		text[wire.n - 1] = '.';
		bytes_copy(text + wire.n, tail->raw.p, tail->raw.n);
	}
	name->text = name->raw = name->key = span_of(text, n);
	name->bad = false;
	name->plain = (flags & QUOTE) == 0 && tail->plain;
	if ((flags & UPPER) != 0 || tail->key.p != tail->text.p)
		name->key = lower_copy(name->text, arena);
	return true;
}

/*
 * Most names: labels in which nothing needs an escape, up to the final zero or
 * a pointer to such a name.  False: this is not one of them, and the cursor
 * has not moved.  *own: the bytes of its own labels.
 */
static bool
name_plain(const struct dns_names *names, struct cursor *c,
    struct dns_name *name, size_t *own)
{
	struct span wire = span_of(c->base + c->pos, cur_left(c));
	size_t limit = wire.n < NAME_MAX ? wire.n : NAME_MAX, n = 0;
	size_t labels = 0, longest = 0;
	struct dns_name tail = name_root();

	for (; n < limit && wire.p[n] - 1U < 63; labels++) {
		longest = wire.p[n] > longest ? wire.p[n] : longest;
		n += 1U + wire.p[n];
	}
	if (n >= limit)
		return false;
	*own = n;
	if (wire.p[n] != 0) {
		if (wire.p[n] < 0xc0 || wire.n - n < 2 ||
		    !name_pointed(names, word_be16(wire.p + n) & 0x3fff,
		    c->pos, &tail) || n + 1 + tail.raw.n >= NAME_MAX)
			return false;
		wire.n = n + 2;
	} else {
		wire.n = n + 1;
	}
	if (n == 0)
		*name = tail;
	else if (!name_join(span_first(wire, n), labels, longest, &tail,
	    names->arena, name))
		return false;
	cur_skip(c, wire.n);
	return true;
}

static __attribute__((cold)) struct dns_name
name_of(struct labels *w, struct arena *arena)
{
	struct dns_name name = { .plain = true };

	if (w->n == 0)
		return name_root();
	if ((w->flags & ESCAPED) != 0)
		name.text = labels_escape(w, arena);
	labels_dot(w);
	name.raw = arena_copy(arena, span_of(w->wire + 1, w->n - 1));
	if ((w->flags & ESCAPED) == 0)
		name.text = name.raw;
	name.key = name.text;
	name.plain = (w->flags & (ESCAPED | QUOTE)) == 0;
	if ((w->flags & UPPER) != 0)
		name.key = lower_copy(name.text, arena);
	return name;
}

static __attribute__((cold)) struct dns_name
name_bad(const char *why)
{
	struct span text = span_text(why);

	return (struct dns_name){ text, text, text, .bad = true,
		.plain = true };
}

static __attribute__((cold)) struct dns_name
name_walk(struct dns_names *names, struct cursor *c, bool partial)
{
	struct labels w BYTES_UNSET;

	w.partial = partial;
	w.n = 0;
	w.flags = 0;
	w.too_long = false;
	switch (labels_walk(c, &w)) {
	case WALK_LOOP:
		return name_bad("<Name contains a pointer that loops>");
	case WALK_FORWARD:
		return name_bad("<Name contains a pointer forwards>");
	case WALK_BROKEN:
		return name_bad("");
	case WALK_END:
		break;
	}
	if (w.too_long)
		return name_bad("<Name too long>");
	return name_of(&w, names->arena);
}

/* The root, or a pointer alone to a name that was read before. */
static bool
name_known(const struct dns_names *names, struct cursor *c,
    struct dns_name *name)
{
	const uint8_t *wire = c->base + c->pos;
	size_t offset;

	if (cur_left(c) < 2)
		return false;
	if (wire[0] == 0) {
		cur_skip(c, 1);
		*name = name_root();
		return true;
	}
	offset = word_be16(wire);
	if (offset < 0xc000)
		return false;
	offset &= 0x3fff;
	for (size_t i = 0; i < DNS_NAMES_KEPT && i < names->n; i++) {
		if (names->kept[i].offset != offset || offset >= c->pos)
			continue;
		cur_skip(c, 2);
		*name = names->kept[i].name;
		return true;
	}
	return false;
}

static __attribute__((noinline)) void
name_read(struct dns_names *names, struct cursor *c, bool partial,
    struct dns_name *name)
{
	size_t offset = c->pos, labels = 0;

	if (partial && name_known(names, c, name))
		return;
	if (!name_plain(names, c, name, &labels)) {
		*name = name_walk(names, c, partial);
		if (name->bad)
			return;
		labels = 0;
	}
	names->kept[names->n % DNS_NAMES_KEPT] = (struct dns_name_at){ offset,
		labels == 0 ? 0 : offset + labels, *name };
	names->n++;
}

void
dns_name_take(struct dns_names *names, struct cursor *c,
    struct dns_name *name)
{
	if (!name_known(names, c, name))
		name_read(names, c, false, name);
}

struct dns_name
dns_name_read(struct dns_names *names, struct cursor *c)
{
	struct dns_name name;

	dns_name_take(names, c, &name);
	return name;
}

__attribute__((cold)) struct dns_name
dns_name_read_partial(struct dns_names *names, struct cursor *c)
{
	struct dns_name name;

	name_read(names, c, true, &name);
	return name;
}

/* Letters after a backslash for BEL to CR. */
static __attribute__((cold)) void
shown_byte(struct buf *out, uint8_t byte)
{
	if (byte >= 7 && byte <= 13)
		buf_printf(out, "\\%c", "abtnvfr"[byte - 7]);
	else if (byte < ' ' || byte == 127)
		buf_printf(out, "\\%03o", byte);
	else
		buf_byte(out, byte);
}

static __attribute__((cold)) void
shown_character(struct buf *out, struct span s, uint32_t character)
{
	if (character < 128)
		shown_byte(out, (uint8_t)character);
	else if (!text_is_hidden(character))
		buf_span(out, s);
	else if (character < 0x10000)
		buf_printf(out, "\\u%04X", (unsigned)character);
	else
		buf_printf(out, "\\U%08X", (unsigned)character);
}

__attribute__((cold)) struct span
dns_text_shown(struct span raw, struct arena *arena)
{
	struct cursor c = cur_open(raw);
	struct span s;
	struct buf out;
	uint32_t character;
	size_t n;

	if (text_is_printable(raw))
		return raw;
	buf_init(&out, raw.n * 10 + 16);
	while (cur_left(&c) > 0) {
		s = span_of(c.base + c.pos, cur_left(&c));
		n = text_utf8(s, &character);
		if (n == 0)
			buf_text(&out, "\xef\xbf\xbd");
		else
			shown_character(&out, span_first(s, n), character);
		cur_skip(&c, n == 0 ? 1 : n);
	}
	s = arena_copy(arena, buf_bytes(&out));
	buf_free(&out);
	return s;
}

__attribute__((cold)) struct span
dns_name_shown(const struct dns_name *name, struct arena *arena)
{
	if (name->raw.n == 0 && !name->bad)
		return span_text("<Root>");
	if (name->plain)
		return name->raw;
	return dns_text_shown(name->raw, arena);
}

/* One label from the end of `rest`, which loses it and its dot. */
static __attribute__((cold)) struct span
last_label(struct span *rest)
{
	size_t n = rest->n;
	struct span label;

	while (n > 0 && rest->p[n - 1] != '.')
		n--;
	label = span_after(*rest, n);
	*rest = span_first(*rest, n == 0 ? 0 : n - 1);
	return label;
}

static __attribute__((cold)) bool
is_under(struct span key, const char *suffix, struct span *rest)
{
	size_t n = strlen(suffix);

	if (key.n <= n || !span_is(span_after(key, key.n - n), suffix))
		return false;
	*rest = span_first(key, key.n - n);
	return true;
}

static __attribute__((cold)) bool
nibble_read(struct span label, uint8_t *value)
{
	size_t at;

	if (label.n != 1)
		return false;
	at = span_find(span_text("0123456789abcdef"), label);
	*value = (uint8_t)at;
	return at < 16;
}

__attribute__((cold)) bool
dns_name_address(struct span key, struct addr *a)
{
	uint8_t bytes[16] = { 0 }, nibble;
	uint64_t number;
	struct span rest;
	size_t i;

	if (is_under(key, ".in-addr.arpa", &rest)) {
		for (i = 0; i < 4; i++) {
			if (!span_read_uint(last_label(&rest), 255, &number))
				return false;
			bytes[i] = (uint8_t)number;
		}
		*a = addr_of(ADDR_IPV4, bytes);
		return rest.n == 0;
	}
	if (!is_under(key, ".ip6.arpa", &rest))
		return false;
	for (i = 0; i < 32; i++) {
		if (!nibble_read(last_label(&rest), &nibble))
			return false;
		bytes[i / 2] |= (uint8_t)(i % 2 == 0 ? nibble << 4 : nibble);
	}
	*a = addr_of(ADDR_IPV6, bytes);
	return rest.n == 0;
}
