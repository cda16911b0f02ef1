#include "base/table.h"

#include <stdio.h>

#include "tap.h"

#define KEY 40
#define MANY ((size_t)200000)

static struct span
key_of(char *text, size_t i)
{
	int n = snprintf(text, KEY, "host-%zu.example", i);

	return span_of(text, (size_t)n);
}

static void
test_few(void)
{
	struct table t;
	int *value;

	table_init(&t, sizeof(int), 10);
	ok(table_find(&t, span_text("a")) == NULL);
	ok(table_index(&t, span_text("a")) == SIZE_MAX);
	value = table_add(&t, span_text("a"));
	ok(value != NULL && *value == 0);
	*value = 7;
	ok(table_add(&t, span_text("a")) == value);
	ok(table_find(&t, span_text("a")) == value);
	ok_int(t.n, 1);
	/* Any bytes are a key, none too. */
	ok(table_add(&t, span_empty()) != NULL);
	ok(table_add(&t, span_of("a\0b", 3)) != NULL);
	ok(table_add(&t, span_of("a\0c", 3)) != NULL);
	ok_int(t.n, 4);
	ok_int(table_index(&t, span_of("a\0c", 3)), 3);
	ok_int(table_index(&t, span_empty()), 1);
	table_free(&t);
	ok_int(t.n, 0);
	ok(table_find(&t, span_text("a")) == NULL);
}

static void
test_many(void)
{
	struct table t;
	unsigned wrong = 0;
	char text[KEY];

	table_init(&t, sizeof(size_t), SIZE_MAX);
	for (size_t i = 0; i < MANY; i++) {
		size_t *value = table_add(&t, key_of(text, i));

		if (value == NULL || *value != 0)
			wrong++;
		else
			*value = i + 1;
	}
	ok_int(wrong, 0);
	ok_int(t.n, MANY);
	for (size_t i = 0; i < MANY; i++) {
		size_t *value = table_find(&t, key_of(text, i));

		if (value == NULL || *value != i + 1)
			wrong++;
		/* In the order of insertion, at a stable address. */
		if (table_value(&t, i) != value ||
		    !span_equal(table_key(&t, i), key_of(text, i)))
			wrong++;
		if (table_index(&t, key_of(text, i)) != i)
			wrong++;
		if (table_find(&t, key_of(text, MANY + i)) != NULL)
			wrong++;
	}
	ok_int(wrong, 0);
	ok_int(t.refused, 0);
	table_free(&t);
}

static void
test_cap(void)
{
	struct table t;
	char text[KEY];
	unsigned wrong = 0;

	table_init(&t, 0, 100);
	for (size_t i = 0; i < 150; i++)
		wrong += (table_intern(&t, key_of(text, i)) == i) != (i < 100);
	ok_int(wrong, 0);
	ok_int(t.n, 100);
	ok_int(t.refused, 50);
	ok(table_intern(&t, key_of(text, 99)) == 99);
	ok_int(t.refused, 50);
	ok(table_add(&t, key_of(text, 100)) == NULL);
	ok_int(t.refused, 51);
	table_free(&t);
	table_init(&t, 4, 0);
	ok(table_add(&t, span_text("x")) == NULL);
	ok_int(t.refused, 1);
	table_free(&t);
}

int
main(void)
{
	test_few();
	test_many();
	test_cap();
	return tap_done();
}
