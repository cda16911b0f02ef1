#ifndef ANALYSIS_COLUMNS_H
#define ANALYSIS_COLUMNS_H

#include "base/json.h"
#include "net/packet.h"

/*
 * The columns of a packet table: any named field, or one of the words of a
 * packet list line (number, time, source, destination, protocol, length,
 * info; also by their tshark names, _ws.col.Info).
 */
enum column_kind {
	COLUMN_FIELD,
	COLUMN_NUMBER,
	COLUMN_TIME,
	COLUMN_SOURCE,
	COLUMN_DESTINATION,
	COLUMN_PROTOCOL,
	COLUMN_LENGTH,
	COLUMN_INFO,
};

#define COLUMNS_MAX 64
#define COLUMN_INFO_MAX 120 /* bytes of the info text in a table */

struct column {
	enum column_kind kind;
	const char *name;      /* constant: of the row, or our word */
	const struct field *field; /* the first of the name; NULL: a word */
	uint32_t first, last;  /* this packet's values; see columns_collect */
};

struct column_row;
struct column_link;

struct columns {
	struct column at[COLUMNS_MAX];
	size_t n;
	struct field_wants *wants; /* NULL: no column is a field */
	struct column_row *rows;   /* hashed: field to columns */
	size_t n_rows, n_slots;
	struct column_link *links; /* values of a packet, by column */
	size_t n_links, links_size;
	struct buf text;
	bool no_memory;
};

/* False: *error says which name is unknown, and the nearest ones. */
bool columns_read(struct columns *c, const struct span *names, size_t n,
    struct buf *error);
/* number, time, source, destination, protocol, length, info */
void columns_default(struct columns *c);
void columns_free(struct columns *c);
/* True when a column is made of the packet's messages. */
bool columns_need_messages(const struct columns *c);

/* Sorts the values of p->fields into the columns: before the writers. */
void columns_collect(struct columns *c, const struct packet *p);
/* The values of a field column, at most `max`; returns how many there are
 * in all. */
size_t columns_values(const struct columns *c, const struct packet *p,
    size_t column, const struct field_value **values, size_t max);
/* The text of a column that is no field. */
void columns_word(const struct columns *c, const struct packet *p,
    size_t column, struct buf *out);

/* The names, as array `name`. */
void columns_header(const struct columns *c, struct json *j,
    const char *name);
/* One packet: an array without names, or an object. */
void columns_row(struct columns *c, const struct packet *p, struct json *j,
    bool object);
/* As `tshark -T fields -E header=y` prints them, without the line's end. */
void columns_tsv_header(const struct columns *c, struct buf *out);
void columns_tsv(struct columns *c, const struct packet *p, struct buf *out);

#endif
