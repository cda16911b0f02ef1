#include "proto/dns_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "tap.h"

static struct arena arena;

/* The name at byte `at` of the message `hex`; *end is where it ends there, or
 * SIZE_MAX when it cannot be read. */
static struct dns_name
name_at(const char *hex, size_t at, size_t *end)
{
	struct dns_names names = { .arena = &arena };
	struct span s = tap_hex(hex);
	struct cursor c;
	struct dns_name name;
	uint8_t *copy = malloc(s.n + 1);

	if (copy == NULL)
		abort();
	memcpy(copy, s.p, s.n);
	c = cur_open(span_of(copy, s.n));
	cur_skip(&c, at);
	name = dns_name_read(&names, &c);
	*end = cur_ok(&c) ? c.pos : SIZE_MAX;
	free(copy);
	return name;
}

static void
test_plain(void)
{
	size_t end;
	struct dns_name name = name_at("03777777 07457861 6d706c65 00", 0,
	    &end);

	ok_int(end, 13);
	ok(!name.bad);
	ok_span(name.text, "www.Example");
	ok_span(name.key, "www.example");
	ok_span(name.raw, "www.Example");
	name = name_at("00", 0, &end);
	ok_int(end, 1);
	ok_span(name.text, ".");
	ok_span(name.raw, "");
	ok_span(dns_name_shown(&name, &arena), "<Root>");
}

static void
test_pointers(void)
{
	size_t end;
	/* 0: a.b, 5: x and a pointer to 2 */
	struct dns_name name = name_at("0161 0162 00 0178 c002 ff", 5, &end);

	ok_int(end, 9);
	ok_span(name.text, "x.b");
	/* A pointer to a pointer, each before the other. */
	name = name_at("0161 00 c000 c003 0179 c005", 7, &end);
	ok_int(end, 11);
	ok_span(name.text, "y.a");
	/* To the root alone. */
	name = name_at("00 c000", 1, &end);
	ok_int(end, 3);
	ok_span(name.text, ".");
}

static void
test_loops(void)
{
	static const char loops[] = "<Name contains a pointer that loops>";
	size_t end;
	struct dns_name name = name_at("c000", 0, &end);

	ok(name.bad);
	ok_int(end, 2);
	ok_span(name.text, loops);
	/* Through a label in front of it. */
	name = name_at("0161 c000", 0, &end);
	ok(name.bad);
	ok_int(end, 4);
	ok_span(name.text, loops);
	/* Backwards, and from there forwards to where it began. */
	name = name_at("c002 c000", 2, &end);
	ok(name.bad);
	ok_int(end, 4);
}

static void
test_forward(void)
{
	size_t end;
	struct dns_name name = name_at("c002 016100", 0, &end);

	ok(name.bad);
	ok_int(end, 2);
	ok_span(name.text, "<Name contains a pointer forwards>");
	/* Within what the name itself is made of. */
	name = name_at("0161 c003", 0, &end);
	ok(name.bad);
	/* Beyond the message: nothing is there. */
	(void)name_at("c0ff", 0, &end);
	ok_int(end, SIZE_MAX);
}

static void
labels_fill(char *hex, size_t labels, size_t length, size_t last)
{
	char *at = hex;

	for (size_t i = 0; i <= labels; i++) {
		size_t n = i < labels ? length : last;

		at += sprintf(at, "%02x", (unsigned)n);
		for (size_t k = 0; k < n; k++)
			at += sprintf(at, "61");
	}
	sprintf(at, "00");
}

static void
test_longest(void)
{
	char hex[1200];
	struct dns_name name;
	size_t end;

	/* 3 * 64 + 62 + 1 bytes on the wire are 255. */
	labels_fill(hex, 3, 63, 61);
	name = name_at(hex, 0, &end);
	ok(!name.bad);
	ok_int(end, 255);
	ok_int(name.text.n, 253);
	labels_fill(hex, 3, 63, 62);
	name = name_at(hex, 0, &end);
	ok(name.bad);
	ok_int(end, 256);
	ok_span(name.text, "<Name too long>");
}

/* 63 bytes that a chain of pointers repeats. */
static void
test_long_by_pointers(void)
{
	char hex[4000], *at = hex;
	struct dns_name name;
	size_t end, from = 0;

	at += sprintf(at, "016100");
	for (size_t i = 0; i < 200; i++) {
		size_t target = from;

		from = (size_t)(at - hex) / 2;
		at += sprintf(at, "0162%04x", (unsigned)(0xc000 | target));
	}
	name = name_at(hex, from, &end);
	ok(name.bad);
	ok_int(end, from + 4);
}

static void
test_escapes(void)
{
	size_t end;
	struct dns_name name = name_at(
	    "06 612e625c6300 05 41 0a ff 20 7e 03 e280ae 00", 0, &end);

	ok_int(end, 18);
	ok_span(name.text,
	    "a\\.b\\\\c\\000.A\\010\\255\\032~.\\226\\128\\174");
	ok_span(name.key,
	    "a\\.b\\\\c\\000.a\\010\\255\\032~.\\226\\128\\174");
	/* As tshark prints it: bytes of no character, direction marks. */
	name = name_at("06 6107620a7f63 01 ff 03 e280ae 02 c3a9 00", 0,
	    &end);
	ok_span(dns_name_shown(&name, &arena),
	    "a\\ab\\n\\177c.\xef\xbf\xbd.\\u202E.\xc3\xa9");
}

static void
test_other_labels(void)
{
	size_t end;

	(void)name_at("41 61 00", 0, &end);
	ok_int(end, SIZE_MAX);
	(void)name_at("80 00", 0, &end);
	ok_int(end, SIZE_MAX);
	(void)name_at("", 0, &end);
	ok_int(end, SIZE_MAX);
	(void)name_at("c0", 0, &end);
	ok_int(end, SIZE_MAX);
}

static void
test_cut(void)
{
	static const char whole[] = "03777777076578616d706c6500";
	char hex[sizeof(whole)];
	size_t end;

	for (size_t n = 0; n < sizeof(whole) - 1; n += 2) {
		memcpy(hex, whole, n);
		hex[n] = '\0';
		(void)name_at(hex, 0, &end);
		ok_int(end, SIZE_MAX);
	}
}

static struct span
partial(const char *hex)
{
	struct dns_names names = { .arena = &arena };
	struct span s = tap_hex(hex);
	struct cursor c = cur_open(s);
	struct dns_name name = dns_name_read_partial(&names, &c);

	return cur_ok(&c) ? name.text : span_text("(short)");
}

static void
test_partial(void)
{
	ok_span(partial("04 6465736b"), "desk");
	ok_span(partial("04 6465736b 02 6578"), "desk.ex");
	ok_span(partial("04 6465736b 02 6578 00"), "desk.ex");
	ok_span(partial("04 6465736b 02 65"), "(short)");
	ok_span(partial(""), "(short)");
}

static void
test_kept(void)
{
	struct dns_names names = { .arena = &arena };
	struct cursor c = cur_open(tap_hex("0161 0162 00 c000 c002 c005"));
	struct dns_name first = dns_name_read(&names, &c), again, tail, far;

	again = dns_name_read(&names, &c);
	tail = dns_name_read(&names, &c);
	far = dns_name_read(&names, &c);
	ok(cur_ok(&c) && cur_left(&c) == 0);
	ok_span(first.text, "a.b");
	ok_span(again.text, "a.b");
	ok(first.text.p == again.text.p);
	ok_span(tail.text, "b");
	ok_span(far.text, "a.b");
}

/* A message of names: labels of a few letters, some that need an escape or
 * are no label at all, and pointers to labels and to anywhere before. */
static size_t
names_fill(uint8_t *p, size_t size, uint32_t *random)
{
	static const char letters[] = "aB1.!\"\\\x01";
	uint8_t starts[256];
	size_t n = 0, n_starts = 0;

	while (n + 70 < size) {
		uint32_t r = *random = *random * 1664525 + 1013904223;
		unsigned what = r >> 24 & 15, length = r >> 16 & 3;

		if (what == 0)
			length = 1 + (r >> 8 & 63);
		if (what < 3 && n > 0) {
			p[n++] = 0xc0;
			p[n] = (r >> 20 & 15) == 0 ? (uint8_t)((r >> 8) % n) :
			    starts[(r >> 8) % n_starts];
			n++;
			continue;
		}
		starts[n_starts++] = (uint8_t)n;
		p[n++] = (uint8_t)length;
		for (; length > 0; length--, r = r * 69069 + 1)
			p[n++] = (uint8_t)letters[what > 4 ? r >> 28 & 1 :
			    r >> 28 & 7];
	}
	return n;
}

static bool
same(const struct dns_name *a, const struct dns_name *b)
{
	return span_equal(a->text, b->text) && span_equal(a->key, b->key) &&
	    span_equal(a->raw, b->raw) && a->bad == b->bad &&
	    (a->bad || !a->plain || b->plain);
}

/* What is remembered of the names before changes nothing. */
static void
test_remembered(void)
{
	uint32_t random = 1;
	unsigned wrong = 0, read = 0, pointed = 0;

	for (unsigned round = 0; round < 4000; round++) {
		uint8_t bytes[258];
		size_t n = names_fill(bytes, 256, &random);
		struct cursor c = cur_open(span_of(bytes, n));
		struct dns_names names;

		bytes[n] = 0xc0;
		dns_names_init(&names, &arena);
		while (cur_left(&c) > 0) {
			struct cursor alone = c;
			struct dns_names none;
			struct dns_name name = dns_name_read(&names, &c), want;

			bytes[n + 1] = (uint8_t)alone.pos;
			dns_names_init(&none, &arena);
			want = dns_name_read(&none, &alone);
			wrong += !same(&name, &want) || alone.pos != c.pos ||
			    alone.bad != c.bad || alone.cut != c.cut;
			/* A pointer to what nobody knows is followed. */
			alone = cur_open(span_of(bytes, n + 2));
			cur_seek(&alone, n);
			dns_names_init(&none, &arena);
			want = dns_name_read(&none, &alone);
			wrong += cur_ok(&c) && (!cur_ok(&alone) ||
			    !same(&name, &want));
			read++;
			pointed += c.pos >= 2 && name.raw.n > 0 &&
			    c.base[c.pos - 2] == 0xc0;
		}
		arena_reset(&arena);
	}
	ok_int(wrong, 0);
	ok(read > 40000);
	ok(pointed > 10000);
}

/* Labels of all lengths, in most of which nothing needs an escape, read at once
 * and through a pointer. */
static void
test_labels(void)
{
	static const char letters[] = "-./0123456789_`abcdefghijklmnopqrstuvwxyz";
	static const uint8_t odd[] = { 0, 1, 44, '.', ':', 'A', 'Z', '[', '^',
		'"', '\\', '{', 127, 128, 174, 255 };
	unsigned wrong = 0, plain = 0;

	for (unsigned round = 0; round < 40000; round++) {
		uint8_t bytes[300];
		size_t n = 0, labels = 1 + dice(4);
		struct cursor c, through;
		struct dns_names names;
		struct dns_name name, want;

		while (labels-- > 0) {
			unsigned length = dice(3) == 0 ? 40 + dice(20) :
			    1 + dice(dice(2) == 0 ? 12 : 60);

			bytes[n++] = (uint8_t)length;
			for (; length > 0; length--)
				bytes[n++] = (uint8_t)letters[dice(300) == 0 ?
				    dice(3) : 3 + dice(sizeof(letters) - 4)];
		}
		if (dice(3) == 0)
			bytes[1 + dice((unsigned)n - 1)] =
			    odd[dice(sizeof(odd))];
		bytes[n] = 0;
		bytes[n + 1] = 0xc0;
		bytes[n + 2] = 0;
		c = through = cur_open(span_of(bytes, n + 3));
		cur_seek(&through, n + 1);
		dns_names_init(&names, &arena);
		name = dns_name_read(&names, &c);
		dns_names_init(&names, &arena);
		want = dns_name_read(&names, &through);
		wrong += cur_ok(&c) != cur_ok(&through) ||
		    (cur_ok(&c) && !same(&name, &want));
		plain += name.plain && !name.bad && name.raw.n >= 16;
		arena_reset(&arena);
	}
	ok_int(wrong, 0);
	ok(plain > 10000);
}

/* Labels before one that is remembered: no longer than any other name. */
static void
test_long_by_memory(void)
{
	uint8_t bytes[300] = { 0 };
	struct dns_names names;
	struct dns_name name;
	struct cursor c;

	for (size_t i = 0; i < 4; i++) {
		memset(bytes + i * 61, 'a', 61);
		bytes[i * 61] = 60;
	}
	memset(bytes + 245, 'b', 40);
	bytes[245] = 9;
	bytes[255] = bytes[268] = 0xc0;
	bytes[256] = bytes[269] = 0;
	bytes[257] = 10;
	dns_names_init(&names, &arena);
	c = cur_open(span_of(bytes, 270));
	name = dns_name_read(&names, &c);
	ok_int(name.raw.n, 243);
	name = dns_name_read(&names, &c);
	ok(!name.bad);
	ok_int(name.raw.n, 253);
	name = dns_name_read(&names, &c);
	ok(name.bad);
	ok_int(cur_left(&c), 0);
}

static void
address_is(const char *name, const char *wanted)
{
	struct addr a;
	char text[ADDR_TEXT];
	size_t n;

	if (!dns_name_address(span_text(name), &a)) {
		ok_text("none", wanted);
		return;
	}
	n = addr_write(text, &a);
	ok_span(span_of((const uint8_t *)text, n), wanted);
}

static void
test_addresses(void)
{
	address_is("1.2.0.192.in-addr.arpa", "192.0.2.1");
	address_is("b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0."
	    "1.2.3.4.ip6.arpa", "4321:0:1:2:3:4:567:89ab");
	address_is("2.0.192.in-addr.arpa", "none");
	address_is("0.1.2.0.192.in-addr.arpa", "none");
	address_is("256.2.0.192.in-addr.arpa", "none");
	address_is("x.2.0.192.in-addr.arpa", "none");
	address_is("1.ip6.arpa", "none");
	address_is("in-addr.arpa", "none");
	address_is("www.example.com", "none");
}

int
main(void)
{
	arena_init(&arena, 1 << 22);
	test_plain();
	test_pointers();
	test_loops();
	test_forward();
	test_longest();
	test_long_by_pointers();
	test_escapes();
	test_other_labels();
	test_cut();
	test_partial();
	test_kept();
	test_remembered();
	test_labels();
	test_long_by_memory();
	test_addresses();
	arena_free(&arena);
	return tap_done();
}
