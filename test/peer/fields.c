/*
 * Prints fields of a capture as `tshark -T fields -E header=y` does: the
 * layer walk and defragmentation alone, no flows and no protocols above.
 *	fields CAPTURE FIELD,FIELD,...
 * With --names instead of a capture: every field that there is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "capture/capture.h"
#include "net/field_text.h"
#include "net/frame.h"
#include "net/walk.h"

#define COLUMNS 1200
#define BATCH 32

struct column {
	char name[80];
	const struct field *rows[16];
	size_t n;
};

static struct column columns[COLUMNS];
static size_t n_columns;

static bool
answers(const struct field *f, const char *name)
{
	return strcmp(f->name, name) == 0 ||
	    (f->also != NULL && strcmp(f->also, name) == 0);
}

static void
column_add(struct field_wants *wants, const char *name)
{
	struct column *c = &columns[n_columns++];

	snprintf(c->name, sizeof(c->name), "%s", name);
	for (size_t t = 0; t < net_table_count; t++)
		for (size_t i = 0; i < net_tables[t]->n; i++) {
			const struct field *f = &net_tables[t]->rows[i];

			if (f->name == NULL || !answers(f, name) ||
			    c->n == LENGTH(c->rows))
				continue;
			c->rows[c->n++] = f;
			field_wants_add(wants, f);
		}
}

static bool
column_has(const struct column *c, const struct field *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->rows[i] == f)
			return true;
	return false;
}

static void
row_print(struct buf *out, const struct field_list *l)
{
	bool first;

	for (size_t i = 0; i < n_columns; i++) {
		if (i > 0)
			buf_byte(out, '\t');
		first = true;
		for (size_t v = 0; v < l->n; v++) {
			if (!column_has(&columns[i], l->values[v].field))
				continue;
			if (!first)
				buf_byte(out, ',');
			first = false;
			field_text(out, &l->values[v]);
		}
	}
	buf_byte(out, '\n');
}

static void
facts_set(struct frame_facts *facts, const struct capture *c,
    const struct record *r)
{
	if (r->number == 1)
		facts->first = r->time;
	if (capture_format(c) != CAPTURE_PCAPNG)
		return;
	facts->interface = capture_interface(c, r->interface);
	facts->interface_id = r->interface;
	facts->interface_name = facts->interface->name;
	facts->section = facts->interface->section + 1;
}

static void
capture_print(struct capture *c, const struct field_wants *wants)
{
	static struct record records[BATCH];
	static struct packet packet;
	struct frame_facts facts = { 0 };
	struct defrag *defrag = defrag_new(NULL);
	struct field_list list;
	struct arena arena;
	struct buf out;
	struct walk walk = { .fields = &list, .defrag = defrag,
		.frame = &facts };
	size_t n;

	facts.interface_name = span_empty();
	arena_init(&arena, (size_t)1 << 24);
	field_list_init(&list, &arena);
	list.max = 1 << 20;
	list.wants = wants;
	buf_init(&out, (size_t)1 << 26);
	while ((n = capture_read(c, records, BATCH)) > 0) {
		for (size_t i = 0; i < n; i++) {
			facts_set(&facts, c, &records[i]);
			field_list_start(&list, records[i].bytes);
			packet_walk(&walk, &records[i], &arena, &packet);
			row_print(&out, &list);
			facts.previous = facts.displayed = records[i].time;
			fwrite(out.p, 1, out.n, stdout);
			buf_cut(&out, 0);
			arena_reset(&arena);
		}
	}
	buf_free(&out);
	field_list_free(&list);
	arena_free(&arena);
	defrag_free(defrag);
}

static int
names_print(void)
{
	for (size_t t = 0; t < net_table_count; t++)
		for (size_t i = 0; i < net_tables[t]->n; i++) {
			const struct field *f = &net_tables[t]->rows[i];

			if (f->name == NULL) {
				printf("# hole in %s at %zu\n",
				    net_tables[t]->title, i);
				continue;
			}
			printf("%s\t%d\t%d\t%d\t%s\n", f->name,
			    (int)f->type, (int)f->bits, (int)f->base,
			    f->also == NULL ? "" : f->also);
		}
	return 0;
}

int
main(int argc, char **argv)
{
	struct capture_limits limits = { 0 };
	struct field_wants *wants = field_wants_new();
	enum capture_error error;
	struct capture *c;

	if (argc == 2 && strcmp(argv[1], "--names") == 0)
		return names_print();
	if (argc != 3 || wants == NULL)
		return 2;
	hash_key_init();
	for (char *name = strtok(argv[2], ","); name != NULL &&
	    n_columns < COLUMNS; name = strtok(NULL, ","))
		column_add(wants, name);
	c = capture_open(open(argv[1], O_RDONLY), false, &limits, &error);
	if (c == NULL) {
		fprintf(stderr, "%s\n", capture_error_text(error));
		return 1;
	}
	for (size_t i = 0; i < n_columns; i++)
		printf("%s%s", i > 0 ? "\t" : "", columns[i].name);
	printf("\n");
	capture_print(c, wants);
	capture_close(c);
	field_wants_free(wants);
	return 0;
}
