#ifndef NET_FIELD_H
#define NET_FIELD_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/cursor.h"

/*
 * Named fields.  A protocol's table of rows says what can be filtered and
 * shown: name, type and meaning are Wireshark's (4.0); where we cannot mean
 * exactly the same we do not use the name.  The statements that decode also
 * hand out values, when and only when somebody listens (a list is given).
 */
enum field_type {
	FIELD_NONE,     /* there or not there: tcp.analysis.retransmission */
	FIELD_PROTOCOL, /* a whole layer; a subtree */
	FIELD_BOOL,
	FIELD_UINT,
	FIELD_INT,
	FIELD_DOUBLE,
	FIELD_STRING,
	FIELD_BYTES,
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_ETHER,
	FIELD_TIME,     /* absolute */
	FIELD_DURATION, /* relative, ns */
	FIELD_FRAME,    /* a frame number: dns.response_in */
	FIELD_GUID,
};

enum field_base {
	FIELD_DEC = 0,
	FIELD_HEX,
	FIELD_OCT,
};

struct value_name {
	uint64_t value;
	const char *name;
};

struct field {
	const char *name; /* "ip.src" */
	enum field_type type;
	uint8_t bits;     /* width of numbers: 1 to 64 (printed hex digits) */
	uint8_t base;     /* enum field_base */
	char separator;   /* of FIELD_BYTES as text: 0, ':' ... */
	const char *help; /* one line, our words */
	const struct value_name *names; /* ends in a NULL name; or NULL */
	const char *also; /* "ip.addr": the row answers to this name too */
};

/* One protocol's rows.  rows[0] is the FIELD_PROTOCOL row of its name. */
struct field_table {
	const char *title; /* "Domain Name System" */
	const struct field *rows;
	size_t n;
};

const char *value_name(const struct value_name *names, uint64_t value);

/* One value met in a packet. */
struct field_value {
	const struct field *field;
	uint32_t offset; /* in its source */
	uint32_t length; /* 0: made by us (tcp.stream) */
	uint16_t depth;  /* of the tree; protocols stand at 0 */
	uint8_t source;  /* 0 the frame, 1... reassembled data */
	uint64_t number; /* BOOL UINT INT FRAME, DURATION as int64 ns */
	double real;
	struct span bytes; /* STRING BYTES IPV4 IPV6 ETHER GUID */
	struct timestamp_value {
		int64_t seconds;
		uint32_t nanoseconds;
	} time;
};

/*
 * The values of one packet, in the order of decoding; a subtree is a value
 * followed by deeper ones.  `wants`, when set, holds the rows that the
 * listener asked for: others are skipped.  Spans point into the packet or
 * into `arena` and live until the next packet.
 */
#define FIELD_SOURCES 8

struct field_list {
	struct field_value *values;
	size_t n, size, max; /* max: cap, default 4096 */
	uint64_t refused;    /* values beyond it */
	uint16_t depth;
	uint8_t source, n_sources;
	struct span sources[FIELD_SOURCES];
	const char *source_names[FIELD_SOURCES];
	const struct field_wants *wants;
	struct arena *arena; /* of the packet, for text made by decoders */
};

struct field_wants;

void field_list_init(struct field_list *l, struct arena *arena);
void field_list_free(struct field_list *l);
/* Empties the list; the frame's bytes become source 0. */
void field_list_start(struct field_list *l, struct span frame);
/* Reassembled bytes become a source of their own; the number is for
 * field_source_set() around their decoding.  Falls back to 0 at the cap. */
uint8_t field_source_add(struct field_list *l, const char *name, struct span s);
uint8_t field_source_set(struct field_list *l, uint8_t source);

/* A set of rows, by name: all rows of all tables whose `name` or `also` is
 * given.  Lookups are by the row's address. */
struct field_wants *field_wants_new(void);
void field_wants_add(struct field_wants *w, const struct field *f);
bool field_wants_has(const struct field_wants *w, const struct field *f);
void field_wants_free(struct field_wants *w);

/*
 * Handing out.  `l` may be NULL: nobody listens, nothing is done.  `where`
 * is the bytes on the wire (may be empty for what we worked out).
 */
void field_put_number(struct field_list *l, const struct field *f,
    struct span where, uint64_t number);
void field_put_bytes(struct field_list *l, const struct field *f,
    struct span where, struct span bytes);
void field_put_real(struct field_list *l, const struct field *f,
    struct span where, double real);
void field_put_time(struct field_list *l, const struct field *f,
    struct span where, int64_t seconds, uint32_t nanoseconds);
/* A subtree: the values put until field_leave() are deeper.  Returns what to
 * give to field_leave(), which also sets the length to what `c` reached. */
size_t field_enter(struct field_list *l, const struct field *f,
    struct span where);
void field_leave(struct field_list *l, size_t entered, const uint8_t *end);
/* The same for a subtree that has a value of its own. */
size_t field_enter_number(struct field_list *l, const struct field *f,
    struct span where, uint64_t number);
size_t field_enter_bytes(struct field_list *l, const struct field *f,
    struct span where);

inline void
field_number(struct field_list *l, const struct field *f, struct span where,
    uint64_t number)
{
	if (l != NULL)
		field_put_number(l, f, where, number);
}

inline void
field_bytes(struct field_list *l, const struct field *f, struct span where)
{
	if (l != NULL)
		field_put_bytes(l, f, where, where);
}

/* Present, no value. */
inline void
field_mark(struct field_list *l, const struct field *f, struct span where)
{
	if (l != NULL)
		field_put_number(l, f, where, 1);
}

/* Copies with one argument less, a file each, are no gain. */
#if defined(__GNUC__) && !defined(__clang__)
#define FIELD_ONE_COPY __attribute__((noclone))
#else
#define FIELD_ONE_COPY
#endif

/*
 * Read and hand out in one statement.  A failed read hands out nothing.
 *
 *	h.id = read_be16(c, l, &rows[DNS_ID]);
 */
inline FIELD_ONE_COPY uint8_t
read_u8(struct cursor *c, struct field_list *l, const struct field *f)
{
	struct span s = cur_take(c, 1);

	if (s.n == 0)
		return 0;
	if (l != NULL)
		field_put_number(l, f, s, s.p[0]);
	return s.p[0];
}

inline FIELD_ONE_COPY uint16_t
read_be16(struct cursor *c, struct field_list *l, const struct field *f)
{
	const uint8_t *p = c->base + c->pos;
	uint16_t v = cur_be16(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, span_of(p, 2), v);
	return v;
}

inline uint32_t
read_be24(struct cursor *c, struct field_list *l, const struct field *f)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t v = cur_be24(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, span_of(p, 3), v);
	return v;
}

inline FIELD_ONE_COPY uint32_t
read_be32(struct cursor *c, struct field_list *l, const struct field *f)
{
	const uint8_t *p = c->base + c->pos;
	uint32_t v = cur_be32(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, span_of(p, 4), v);
	return v;
}

inline uint64_t
read_be64(struct cursor *c, struct field_list *l, const struct field *f)
{
	const uint8_t *p = c->base + c->pos;
	uint64_t v = cur_be64(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, span_of(p, 8), v);
	return v;
}

/* Also for addresses: n is 4, 16 or 6. */
inline FIELD_ONE_COPY struct span
read_bytes(struct cursor *c, size_t n, struct field_list *l,
    const struct field *f)
{
	struct span s = cur_take(c, n);

	if (l != NULL && cur_ok(c))
		field_put_bytes(l, f, s, s);
	return s;
}

/* Bits of a number that was read: (word & mask) shifted down. */
inline void
field_bits(struct field_list *l, const struct field *f, struct span where,
    uint64_t word, uint64_t mask)
{
	if (l != NULL && mask != 0)
		field_put_number(l, f, where,
		    (word & mask) / (mask & (~mask + 1)));
}

#endif
