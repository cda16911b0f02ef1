#include <math.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/inflate.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/number.h"
#include "base/table.h"
#include "base/text.h"
#include "filter/regex.h"
#include "fuzz/target.h"
#include "worker/result.h"

#define UNPACKED_MAX ((size_t)4 << 20)

/* ---- inflate: the same whatever the portions --------------------------- */

static enum inflate_status
unpack(struct span in, struct buf *out, size_t portion, size_t room)
{
	enum inflate_status status = INFLATE_MORE_INPUT;
	struct inflate *z = inflate_new();
	uint8_t bytes[512];

	while (z != NULL && out->n < UNPACKED_MAX) {
		struct span part = span_first(in, portion);
		size_t before = part.n, n = 0;

		status = inflate_read(z, &part, bytes, room, &n);
		fuzz_check(n <= room && part.n <= before);
		buf_add(out, bytes, n);
		in = span_after(in, before - part.n);
		if (status != INFLATE_MORE_INPUT &&
		    status != INFLATE_MORE_ROOM)
			break;
		if (before == 0 && n == 0)
			break;
	}
	inflate_free(z);
	return status;
}

static void
run_inflate(struct span in)
{
	struct buf whole, parts;
	enum inflate_status a, b;
	size_t portion = in.n == 0 ? 1 : in.p[in.n - 1] % 7 + 1u;

	buf_init(&whole, 2 * UNPACKED_MAX);
	buf_init(&parts, 2 * UNPACKED_MAX);
	a = unpack(in, &whole, SIZE_MAX, 512);
	b = unpack(in, &parts, portion, 1 + portion * 3);
	if (whole.n < UNPACKED_MAX && parts.n < UNPACKED_MAX)
		fuzz_check(a == b &&
		    span_equal(buf_bytes(&whole), buf_bytes(&parts)));
	buf_free(&whole);
	buf_free(&parts);
}

/* ---- JSON -------------------------------------------------------------- */

static bool
is_inside(struct span part, struct span whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

/* A value read again from its own source is the same value. */
static void
value_check(const struct json_value *v, struct span source)
{
	const struct json_value *again;
	enum json_error error;
	struct arena a;
	size_t offset, n = 0;

	fuzz_check(is_inside(v->raw, source));
	arena_init(&a, (size_t)16 << 20);
	again = json_read(&a, v->raw, &error, &offset);
	fuzz_check(again != NULL && again->kind == v->kind &&
	    again->n == v->n && span_equal(again->text, v->text));
	for (const struct json_value *c = v->first; c != NULL; c = c->next)
		n++;
	fuzz_check(n == v->n);
	arena_free(&a);
}

static void
run_json(struct span in)
{
	const struct json_value *v;
	enum json_error error = JSON_OK;
	size_t offset = 0;
	struct arena a;

	arena_init(&a, (size_t)64 << 20);
	v = json_read(&a, in, &error, &offset);
	fuzz_check((v == NULL) == (error != JSON_OK));
	fuzz_check(json_error_text(error) != NULL);
	if (v == NULL) {
		fuzz_check(offset <= in.n);
	} else {
		unsigned n = 0;

		value_check(v, in);
		for (v = v->first; v != NULL && n < 8; v = v->next, n++)
			value_check(v, in);
	}
	arena_free(&a);
}

/* Whatever strangers' bytes it is given, the writer writes JSON. */
static void
run_json_write(struct span in)
{
	struct buf b;
	struct json j;
	struct arena a;
	enum json_error error;
	struct cursor c = cur_open(in);
	size_t offset;

	buf_init(&b, (size_t)1 << 20);
	arena_init(&a, (size_t)16 << 20);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_array(&j, "rows");
	while (cur_left(&c) > 0 && j.depth < JSON_DEPTH - 2) {
		struct json_mark mark = json_mark(&j);
		uint8_t op = cur_u8(&c);
		struct span s = cur_take(&c, op >> 3 < cur_left(&c) ?
			op >> 3 : cur_left(&c));

		json_array(&j, NULL);
		json_foreign(&j, NULL, s);
		json_foreign_max(&j, NULL, s, op & 3);
		json_hex(&j, NULL, s);
		json_end(&j);
		json_object(&j, NULL);
		json_object_foreign(&j, s);
		/* Slow, and what the target "number" is about: now and then. */
		if (op >> 3 == 7)
			json_double(&j, "d", (double)cur_be64(&c) / 7);
		json_seconds(&j, "s", (int64_t)cur_be64(&c));
		json_end(&j);
		json_end(&j);
		if (op & 4)
			json_rewind(&j, mark);
	}
	while (j.depth > 0)
		json_end(&j);
	fuzz_check(result_is_object(buf_bytes(&b)));
	fuzz_check(json_read(&a, buf_bytes(&b), &error, &offset) != NULL);
	arena_free(&a);
	buf_free(&b);
}

/* What is taken from a worker is JSON to our reader too, but for what the
 * reader refuses beyond the grammar. */
static void
run_result(struct span in)
{
	enum json_error error = JSON_OK;
	size_t offset;
	struct arena a;

	if (!result_is_object(in))
		return;
	fuzz_check(text_is_utf8(in) && span_find_byte(in, '\n') == in.n);
	arena_init(&a, (size_t)64 << 20);
	if (json_read(&a, in, &error, &offset) == NULL)
		fuzz_check(error != JSON_SYNTAX);
	arena_free(&a);
}

/* ---- Text -------------------------------------------------------------- */

static unsigned
hex_value(uint8_t c)
{
	return c <= '9' ? c - 48u : c - 87u;
}

/* Takes \xNN back. */
static void
unescape(struct span s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\') {
			buf_byte(out, s.p[i]);
			continue;
		}
		fuzz_check(i + 3 < s.n && s.p[i + 1] == 'x');
		buf_byte(out, (uint8_t)(hex_value(s.p[i + 2]) << 4 |
				      hex_value(s.p[i + 3])));
		i += 3;
	}
}

static void
nothing_hidden(struct span s)
{
	while (s.n > 0) {
		uint32_t character = 0;
		size_t n = text_utf8(s, &character);

		fuzz_check(n > 0 && n <= s.n &&
		    (character == '\\' || !text_is_hidden(character)));
		fuzz_check(character >= 0x20 && character != 0x7f);
		s = span_after(s, n);
	}
}

static void
run_text(struct span in)
{
	size_t max = in.n == 0 ? 1 : in.p[0];
	struct buf out, back;

	buf_init(&out, SIZE_MAX);
	buf_init(&back, SIZE_MAX);
	text_escape(&out, in, SIZE_MAX);
	nothing_hidden(buf_bytes(&out));
	unescape(buf_bytes(&out), &back);
	fuzz_check(span_equal(buf_bytes(&back), in));
	buf_cut(&out, 0);
	text_escape(&out, in, max);
	nothing_hidden(buf_bytes(&out));
	fuzz_check(out.n <= 4 * max + 32);
	buf_cut(&out, 0);
	buf_cut(&back, 0);
	text_hex(&out, in, ':');
	fuzz_check(text_read_hex(buf_bytes(&out), &back) &&
	    span_equal(buf_bytes(&back), in));
	buf_free(&out);
	buf_free(&back);
}

/* Lines: the first is looked for among the others. */
static void
run_nearest(struct span in)
{
	const char *names[16], *near[4];
	char *copy = malloc(in.n + 1);
	struct span word = span_first(in, span_find_byte(in, '\n'));
	size_t n = 0, found, max = 1 + in.n % LENGTH(near);

	if (copy == NULL)
		return;
	memcpy(copy, in.p, in.n);
	copy[in.n] = '\0';
	for (char *at = copy; n < LENGTH(names); at++) {
		at = strchr(at, '\n');
		if (at == NULL)
			break;
		*at = '\0';
		names[n++] = at + 1;
	}
	found = text_nearest(word, names, n, near, max);
	fuzz_check(found <= max);
	for (size_t i = 0; i < found; i++) {
		size_t k = 0;

		while (k < n && names[k] != near[i])
			k++;
		fuzz_check(k < n);
	}
	/* What is there is the nearest. */
	for (size_t i = 0; i < n && word.n < 64; i++)
		if (span_is(word, names[i]))
			fuzz_check(found > 0 && span_is_nocase(word, near[0]));
	free(copy);
}

/* ---- Numbers, times and addresses -------------------------------------- */

static void
double_check(double value)
{
	char text[NUMBER_TEXT + 1];
	double back = 0;
	size_t n = number_double(text, value);

	fuzz_check(n > 0 && n < NUMBER_TEXT);
	if (!isfinite(value)) {
		fuzz_check(span_is(span_of(text, n), "null"));
		return;
	}
	fuzz_check(number_read_double(span_of(text, n), &back) &&
	    memcmp(&back, &value, sizeof(back)) == 0);
	text[n] = '\0';
	back = strtod(text, NULL);
	fuzz_check(memcmp(&back, &value, sizeof(back)) == 0);
}

static void
run_number(struct span in)
{
	struct cursor c = cur_open(in);
	char text[NUMBER_TEXT], word[400];
	struct timestamp t;
	uint64_t bits = cur_be64(&c), again;
	double value, wanted;

	memcpy(&value, &bits, sizeof(value));
	double_check(value);
	fuzz_check(span_read_uint(span_of(text, number_uint(text, bits)),
		       UINT64_MAX, &again) &&
	    again == bits);
	fuzz_check(number_int(text, (int64_t)bits) < NUMBER_TEXT);
	fuzz_check(number_hex(text, bits, 16) < NUMBER_TEXT);
	fuzz_check(time_duration(text, (int64_t)bits) < NUMBER_TEXT);
	t = (struct timestamp){ (int64_t)bits, cur_be32(&c) % 1000000000,
		cur_u8(&c) % 10, true };
	fuzz_check(time_iso(text, t) < NUMBER_TEXT);
	fuzz_check(time_epoch(text, t, t.digits) < NUMBER_TEXT);
	/* As text: what we take, strtod() takes, and means the same. */
	in = span_first(in, sizeof(word) - 1);
	if (!number_read_double(in, &value))
		return;
	memcpy(word, in.p, in.n);
	word[in.n] = '\0';
	wanted = strtod(word, NULL);
	fuzz_check(memcmp(&wanted, &value, sizeof(value)) == 0);
}

static void
run_addr(struct span in)
{
	char text[ADDR_TEXT];
	struct addr a, b;
	unsigned prefix;

	if (addr_read(in, &a)) {
		size_t n = addr_write(text, &a);

		fuzz_check(n <= ADDR_TEXT &&
		    addr_read(span_of(text, n), &b) && addr_equal(&a, &b));
	}
	if (addr_read_net(in, &a, &prefix)) {
		fuzz_check(prefix <= 8 * addr_size(a.kind));
		fuzz_check(addr_in_net(&a, &a, prefix));
	}
	if (in.n < 16)
		return;
	a = addr_of(ADDR_IPV6, in.p);
	fuzz_check(addr_read(span_of(text, addr_write(text, &a)), &b) &&
	    addr_equal(&a, &b));
}

/* ---- Regular expressions: pattern, NUL, text --------------------------- */

static bool
feed_in_parts(struct regex *re, struct span text, size_t part)
{
	void *state = malloc(regex_state_size(re));
	bool found = false;
	size_t end;

	if (state == NULL)
		return false;
	regex_begin(re, state);
	do {
		struct span s = span_first(text, part);
		bool last = s.n == text.n;

		found = regex_feed(re, state, s, last, &end);
		fuzz_check(!found || end <= s.n);
		text = span_after(text, s.n);
		if (last)
			break;
	} while (!found);
	free(state);
	return found;
}

static void
run_regex(struct span in)
{
	size_t at = span_find_byte(in, '\0');
	struct span pattern = span_first(in, at), text = span_after(in, at + 1);
	struct regex_error error = { 0, NULL };
	struct regex *re = regex_compile(pattern, text.n & 1, &error);
	bool found;

	if (re == NULL) {
		fuzz_check(error.text != NULL && error.offset <= pattern.n);
		return;
	}
	found = regex_match(re, text);
	fuzz_check(feed_in_parts(re, text, SIZE_MAX) == found);
	fuzz_check(feed_in_parts(re, text, 1) == found);
	fuzz_check(feed_in_parts(re, text, 3) == found);
	fuzz_check(regex_match(re, text) == found);
	fuzz_check(regex_start(re, text, text.n, false) <= text.n);
	regex_free(re);
}

const struct fuzz_target fuzz_base[] = {
	{ "inflate", SEED_CAPTURE, run_inflate },
	{ "json", SEED_TEXT, run_json },
	{ "json_write", SEED_BYTES, run_json_write },
	{ "result", SEED_TEXT, run_result },
	{ "text", SEED_PAYLOAD, run_text },
	{ "nearest", SEED_TEXT, run_nearest },
	{ "number", SEED_TEXT, run_number },
	{ "addr", SEED_TEXT, run_addr },
	{ "regex", SEED_TEXT, run_regex },
	{ NULL, SEED_BYTES, NULL },
};
