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

const struct dns_name dns_name_root = {
	{ (const uint8_t *)".", 1 }, { (const uint8_t *)".", 1 },
	{ (const uint8_t *)"", 0 }, .plain = true
};

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
		if (skip > 0 && at->name->text.p[skip - 1] != '.')
			continue;
		name_suffix(at->name, skip, name);
		return true;
	}
	return false;
}

/* Labels with dots between, and what their bytes need; false: an escape. */
static __attribute__((noinline)) bool
text_fill(uint8_t *text, struct span wire, unsigned *flags)
{
	size_t dot = wire.p[0];

	for (size_t i = 0; i < wire.n - 1; i++) {
		uint8_t byte = wire.p[1 + i];

		if (i == dot) {
			text[i] = '.';
			dot += 1U + byte;
			continue;
		}
		text[i] = byte;
		*flags |= byte_flags[byte];
	}
	return (*flags & ESCAPED) == 0;
}

/* Labels on the wire, with their lengths. */
struct run {
	struct span wire;
	size_t labels;
	unsigned longest;
};

/* The labels, with dots between, then the tail; NULL: something needs an
 * escape, or there is no memory.  `before`: bytes that are before them. */
static inline __attribute__((always_inline)) const struct dns_name *
name_join(const struct run *run, size_t before, const struct dns_name *tail,
    struct arena *arena)
{
	const size_t own = run->wire.n - 1;
	size_t n = own + (tail->raw.n == 0 ? 0 : 1 + tail->raw.n);
	struct dns_name *name = arena_room(arena, 1,
	    sizeof(*name) + SIXTEEN + n);
	uint8_t *text;
	unsigned flags = 0;

	if (name == NULL)
		return NULL;
	text = (uint8_t *)(name + 1) + SIXTEEN;
	if ((run->longest > DNS_LABEL_SHORT || before + own + 1 < SIXTEEN ||
	    !dns_label_copy(text, run->wire.p + 1, own, run->labels - 1)) &&
	    !text_fill(text, run->wire, &flags))
		return NULL;
	if (tail->raw.n > 0) {
		text[own] = '.';
		bytes_copy(text + own + 1, tail->raw.p, tail->raw.n);
	}
	/* Each written by itself: what was just written is not read again. */
	name->text.p = name->raw.p = name->key.p = text;
	name->text.n = name->raw.n = name->key.n = n;
	name->bad = false;
	name->plain = (flags & QUOTE) == 0 && tail->plain;
	if ((flags & UPPER) != 0 || tail->key.p != tail->text.p)
		name->key = lower_copy(name->text, arena);
	return name;
}

/* One for which there is memory. */
static const struct dns_name *
name_keep(const struct dns_name *name, struct arena *arena)
{
	struct dns_name *kept = arena_room(arena, 1, sizeof(*kept));

	if (kept == NULL)
		return &dns_name_root;
	*kept = *name;
	return kept;
}

/*
 * Most names: labels in which nothing needs an escape, up to the final zero or
 * a pointer to such a name.  NULL: this is not one of them, and the cursor
 * has not moved.  *own: the bytes of its own labels.
 */
static inline __attribute__((always_inline)) const struct dns_name *
name_plain(const struct dns_names *names, struct cursor *c, size_t *own)
{
	const uint8_t *wire = c->base + c->pos;
	size_t left = cur_left(c), n = 0;
	size_t limit = left < NAME_MAX ? left : NAME_MAX;
	const struct dns_name *name, *tail = &dns_name_root;
	struct dns_name pointed BYTES_UNSET;
	struct run run = { .labels = 0 };

	for (; n < limit && wire[n] - 1U < 63; run.labels++) {
		run.longest = wire[n] > run.longest ? wire[n] : run.longest;
		n += 1U + wire[n];
	}
	if (n >= limit)
		return NULL;
	*own = n;
	if (wire[n] != 0) {
		if (wire[n] < 0xc0 || left - n < 2 ||
		    !name_pointed(names, word_be16(wire + n) & 0x3fff,
		    c->pos, &pointed) || n + 1 + pointed.raw.n >= NAME_MAX)
			return NULL;
		tail = &pointed;
	}
	run.wire = span_of(wire, n);
	name = n == 0 ? name_keep(tail, names->arena) :
	    name_join(&run, c->pos, tail, names->arena);
	if (name != NULL)
		cur_skip(c, n + (wire[n] != 0 ? 2 : 1));
	return name;
}

static __attribute__((cold)) struct dns_name
name_of(struct labels *w, struct arena *arena)
{
	struct dns_name name = { .plain = true };

	if (w->n == 0)
		return dns_name_root;
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

/* The root, or a pointer alone to a name that was read before; NULL: it is
 * neither. */
static inline const struct dns_name *
name_known(const struct dns_names *names, struct cursor *c)
{
	const uint8_t *wire = c->base + c->pos;
	const struct dns_name *name;

	if (cur_left(c) < 2)
		return NULL;
	if (wire[0] == 0) {
		cur_skip(c, 1);
		return &dns_name_root;
	}
	if (wire[0] < 0xc0)
		return NULL;
	name = dns_name_kept(names, word_be16(wire) & 0x3fff, c->pos);
	if (name != NULL)
		cur_skip(c, 2);
	return name;
}

static __attribute__((cold, noinline)) const struct dns_name *
name_walked(struct dns_names *names, struct cursor *c, bool partial)
{
	struct dns_name name = name_walk(names, c, partial);

	return name_keep(&name, names->arena);
}

static __attribute__((noinline)) const struct dns_name *
name_read(struct dns_names *names, struct cursor *c, bool partial)
{
	size_t offset = c->pos, labels = 0;
	const struct dns_name *name = name_plain(names, c, &labels);

	if (name == NULL) {
		name = name_walked(names, c, partial);
		if (name->bad)
			return name;
		labels = 0;
	}
	names->kept[names->n % DNS_NAMES_KEPT] = (struct dns_name_at){
		(uint32_t)offset,
		labels == 0 ? 0 : (uint32_t)(offset + labels), name };
	names->n++;
	return name;
}

const struct dns_name *
dns_name_take_first(struct dns_names *names, struct cursor *c)
{
	return name_read(names, c, false);
}

__attribute__((noinline)) const struct dns_name *
dns_name_take(struct dns_names *names, struct cursor *c)
{
	const struct dns_name *name = name_known(names, c);

	return name != NULL ? name : name_read(names, c, false);
}

struct dns_name
dns_name_read(struct dns_names *names, struct cursor *c)
{
	return *dns_name_take(names, c);
}

__attribute__((cold)) struct dns_name
dns_name_read_partial(struct dns_names *names, struct cursor *c)
{
	return *name_read(names, c, true);
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
