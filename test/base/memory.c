#include <stdio.h>
#include <stdlib.h>

#include "base/inflate.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/table.h"
#include "base/text.h"
#include "tap.h"

/*
 * Everything again and again, with the first request for memory refused,
 * then the second, and so on; once the request alone, once all after it too.
 * The allocator is ours: a pool from which pieces are cut and that is whole
 * again for every round.  Under a sanitizer, which has its own, nothing is
 * refused.
 */
#if defined(__SANITIZE_ADDRESS__)
#define OURS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OURS 0
#endif
#endif
#ifndef OURS
#define OURS 1
#endif

static size_t asked, refuse_at, live;
static bool refuse_all;

#if OURS
#define POOL ((size_t)8 << 20)

static _Alignas(max_align_t) uint8_t pool[POOL];
static size_t used;

/* In front of each piece. */
union head {
	size_t size;
	max_align_t align;
};

static void *
piece(size_t size)
{
	union head *head = (union head *)(void *)(pool + used);
	size_t whole = sizeof(*head) + (size + 63) / 64 * 64;

	asked++;
	if (asked == refuse_at || (asked > refuse_at && refuse_all))
		return NULL;
	if (size > POOL || whole > POOL - used)
		return NULL;
	used += whole;
	live++;
	head->size = size;
	return head + 1;
}

void *
malloc(size_t size)
{
	return piece(size);
}

void
free(void *p)
{
	if (p != NULL)
		live--;
}

void *
calloc(size_t n, size_t size)
{
	void *p = NULL;

	if (size == 0 || n <= SIZE_MAX / size)
		p = piece(n * size);
	if (p != NULL)
		memset(p, 0, n * size);
	return p;
}

void *
realloc(void *p, size_t size)
{
	void *fresh = piece(size);
	size_t old = p == NULL ? 0 : ((union head *)p - 1)->size;

	if (fresh == NULL)
		return NULL;
	if (p != NULL)
		memcpy(fresh, p, old < size ? old : size);
	free(p);
	return fresh;
}
#else
static size_t used;
#endif

/* Each works as far as it can and says whether that was all the way. */
static bool
fill_table(void)
{
	struct table t;
	bool whole = true, sound;
	char key[16];

	table_init(&t, 8, SIZE_MAX);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "key-%d", i);
		if (table_add(&t, span_text(key)) == NULL)
			whole = false;
	}
	sound = t.n + t.refused == 100;
	for (size_t i = 0; i < t.n; i++)
		sound = sound && table_index(&t, table_key(&t, i)) == i;
	table_free(&t);
	if (!sound)
		ok(sound);
	return whole;
}

static bool
fill_arena(void)
{
	struct arena a;
	bool whole;

	arena_init(&a, SIZE_MAX);
	for (size_t i = 0; i < 100; i++) {
		uint8_t *p = arena_alloc(&a, i, 100);

		if (p != NULL)
			memset(p, 1, i * 100);
		arena_copy(&a, span_text("abc"));
		if (i % 30 == 29 && !a.full)
			arena_reset(&a);
	}
	whole = !a.full;
	arena_free(&a);
	return whole;
}

static bool
write_json(void)
{
	struct buf b;
	struct json j;
	bool whole;

	buf_init(&b, SIZE_MAX);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_array_foreign(&j, span_text("\x01 name"));
	for (int i = 0; i < 40; i++) {
		json_foreign(&j, NULL, span_text("some \"text\" \\ \x01 \xff"));
		json_textf(&j, NULL, "%300d\n", i);
		json_hex(&j, NULL, span_text("hex"));
	}
	json_end(&j);
	json_end(&j);
	whole = !b.full;
	buf_drop(&b, 10);
	buf_free(&b);
	return whole;
}

static bool
read_json(void)
{
	struct buf b;
	struct arena a;
	enum json_error error = JSON_NO_MEMORY;
	size_t offset;
	bool whole = false;

	buf_init(&b, SIZE_MAX);
	arena_init(&a, SIZE_MAX);
	buf_byte(&b, '{');
	for (int i = 0; i < 300; i++)
		buf_printf(&b, "\"k\\u%04x\":[1,{}],", 0x100 + i);
	buf_text(&b, "\"z\":0}");
	if (!b.full)
		whole = json_read(&a, buf_bytes(&b), &error, &offset) != NULL;
	if (!whole && error != JSON_NO_MEMORY)
		ok_int(error, JSON_NO_MEMORY);
	arena_free(&a);
	buf_free(&b);
	return whole;
}

static bool
inflate_some(void)
{
	struct inflate *z = inflate_new();
	struct span in = span_text("\x1f\x8b");
	uint8_t room[8];
	size_t n;

	if (z != NULL)
		inflate_read(z, &in, room, sizeof(room), &n);
	inflate_free(z);
	return z != NULL;
}

static void
test(bool (*work)(void), bool all)
{
	unsigned leaks = 0, rounds = 0;
	/* The libc may have some of its own. */
	size_t theirs = used, before = live;
	bool whole = false;

	refuse_all = all;
	for (size_t at = 1; !whole && at < 500; at++) {
		used = theirs;
		asked = 0;
		refuse_at = at;
		whole = work();
		leaks += live != before;
		rounds += asked > 0;
	}
	refuse_at = SIZE_MAX;
	ok(whole);
	ok_int(leaks, 0);
	ok(rounds > 1 || !OURS);
}

int
main(void)
{
	static bool (*const works[])(void) = { fill_table, fill_arena,
		write_json, read_json, inflate_some };
	static char lines[BUFSIZ];

	setvbuf(stdout, lines, _IOLBF, sizeof(lines));
	for (size_t i = 0; i < LENGTH(works); i++) {
		test(works[i], false);
		test(works[i], true);
	}
	return tap_done();
}
