#ifndef FILTER_VALUE_H
#define FILTER_VALUE_H

#include "net/packet.h"

/*
 * A value while a filter runs.  What can be compared with each other has the
 * same class; the type checker makes sure that nothing else meets.
 */
enum value_class {
	VALUE_NONE,     /* no value, or a type not known yet (a literal) */
	VALUE_NUMBER,   /* UINT, INT, BOOL, FRAME */
	VALUE_REAL,
	VALUE_STRING,
	VALUE_BYTES,    /* BYTES, ETHER, GUID, PROTOCOL, slices */
	VALUE_IPV4,
	VALUE_IPV6,
	VALUE_TIME,
	VALUE_DURATION,
};

struct value {
	uint8_t class;
	uint8_t prefix;    /* of a network: bits that count; else all */
	bool negative;     /* NUMBER: `number` is an int64_t below 0 */
	uint32_t nanoseconds; /* TIME */
	uint64_t number;   /* NUMBER; DURATION as int64_t ns */
	int64_t seconds;   /* TIME */
	double real;
	struct span bytes; /* STRING BYTES IPV4 IPV6 */
	size_t tail;       /* PROTOCOL: more bytes behind, for contains */
};

#define VALUE_ALL_BITS 255

enum value_class value_class_of(enum field_type type);
/* "a number", "an IPv4 address": for error texts. */
const char *value_class_name(enum value_class class);

struct value value_of_number(uint64_t number);
struct value value_of_signed(int64_t number);
struct value value_of_bytes(enum value_class class, struct span bytes);
/* A value of a packet. */
struct value value_of_field(const struct field_value *v,
    const struct packet *p);

/* -1, 0 or 1; only the bits of the shorter prefix count. */
int value_compare(const struct value *a, const struct value *b);
bool value_equal(const struct value *a, const struct value *b);
bool value_contains(const struct value *a, const struct value *b);
/* Not zero, not empty of bits: what `tcp.flags & 2` alone asks. */
bool value_is_set(const struct value *v);

enum value_operator {
	VALUE_ADD,
	VALUE_SUBTRACT,
	VALUE_MULTIPLY,
	VALUE_DIVIDE,
	VALUE_MODULO,
	VALUE_BITAND,
};

/* True when values of the class know the operator. */
bool value_can(enum value_class class, enum value_operator operator);
/*
 * *a becomes a operator b; false when there is no result: division by zero,
 * overflow, bit strings of different length.  New bytes come from `arena`.
 */
bool value_apply(struct value *a, enum value_operator operator,
    const struct value *b, struct arena *arena);
bool value_negate(struct value *v);

#endif
