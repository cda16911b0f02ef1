#ifndef FILTER_PROGRAM_H
#define FILTER_PROGRAM_H

#include "filter/lexer.h"
#include "filter/regex.h"
#include "filter/value.h"

/*
 * A compiled filter: a flat list of steps over a table of tests; a test
 * compares the values of expressions.  Made by parse.c and check.c, run by
 * eval.c and, as far as it goes, quick.c.
 */
enum range_kind {
	RANGE_LENGTH, /* [i:j] and [i] */
	RANGE_END,    /* [i-j], inclusive */
	RANGE_REST,   /* [i:] */
};

struct range {
	enum range_kind kind;
	int64_t start, stop; /* negative: from the end */
};

struct ranges {
	struct range *at;
	size_t n;
};

enum op_kind {
	OP_LEAF,
	OP_MATH,     /* of the two values before it */
	OP_NEGATE,   /* these change the value before it */
	OP_ABS,
	OP_SLICE,
	OP_UPPER,
	OP_LOWER,
	OP_LEN,
	OP_STRING,
};

struct op {
	enum op_kind kind;
	enum value_operator operator;
	uint16_t leaf;
	size_t offset;                /* in the text, for errors */
	const struct ranges *ranges;  /* SLICE */
	const struct field *field;    /* STRING, LEN: what is converted */
};

/* How many of the values before it a step needs. */
static inline size_t
op_takes(const struct op *op)
{
	return op->kind == OP_LEAF ? 0 : op->kind == OP_MATH ? 2 : 1;
}

enum leaf_kind {
	LEAF_LITERAL,
	LEAF_FIELD,
	LEAF_COUNT,   /* how many values the field has */
	LEAF_MAX,
	LEAF_MIN,
};

struct leaf {
	enum leaf_kind kind;
	struct token token;
	struct value value;              /* LITERAL */
	const struct field **rows;       /* FIELD, COUNT: all of the name */
	size_t n_rows;
	const struct ranges *layers;     /* NULL: any */
	const struct field *layer_row;   /* of the protocol that counts */
	struct expr **arguments;         /* MAX, MIN */
	size_t n_arguments;
};

#define EXPR_OPS 64
#define EXPR_LEAVES 16

/* Postfix; several values when its fields have several. */
struct expr {
	struct op *ops;
	size_t n_ops;
	struct leaf *leaves;
	size_t n_leaves;
	size_t offset; /* in the text */
};

struct element {
	struct value low, high; /* the same, unless it is a range */
};

struct set {
	struct element *at;
	size_t n, size;
	struct expr **fields;   /* elements that are not constant */
	size_t n_fields, fields_size;
};

enum test_kind {
	TEST_EXISTS,
	TEST_IS_SET,   /* a bitwise and alone */
	TEST_COMPARE,
	TEST_CONTAINS,
	TEST_MATCHES,
	TEST_IN,
};

enum test_operator {
	TEST_EQ, TEST_NE, TEST_GT, TEST_LT, TEST_GE, TEST_LE,
};

/* What quick.c reads out of struct packet. */
enum quick_kind {
	QUICK_NONE, /* not known without the field list */
	QUICK_NUMBER, QUICK_LEN, QUICK_CAP_LEN, /* of every record */
	QUICK_LAYER,
	QUICK_ETH_SRC, QUICK_ETH_DST, QUICK_ETH_ADDR,
	QUICK_VLAN_ID,
	QUICK_IP_SRC, QUICK_IP_DST, QUICK_IP_ADDR, QUICK_IP_PROTO,
	QUICK_IP_TTL, QUICK_IP_DSFIELD, QUICK_IP_DSCP, QUICK_IP_LEN,
	QUICK_IP_ID, QUICK_IP_DF, QUICK_IP_CHECKSUM,
	QUICK_IPV6_SRC, QUICK_IPV6_DST, QUICK_IPV6_ADDR, QUICK_IPV6_HLIM,
	QUICK_SRCPORT, QUICK_DSTPORT, QUICK_PORT,
	QUICK_TCP_LEN, QUICK_TCP_WINDOW, QUICK_TCP_SEQ, QUICK_TCP_ACK,
	QUICK_TCP_HDR_LEN, QUICK_TCP_CHECKSUM,
	QUICK_TCP_FLAGS, QUICK_TCP_FLAG,
	QUICK_UDP_LENGTH, QUICK_UDP_CHECKSUM,
	QUICK_ICMP_TYPE, QUICK_ICMP_CODE, QUICK_ARP_OPCODE,
	/* Which only plain packets tell: whether its bytes contain something,
	 * when it came, how long after others, and what has a place in it. */
	QUICK_BYTES, QUICK_TIME, QUICK_SINCE, QUICK_PLACE,
	/* Which the flow tracker tells. */
	QUICK_STREAM, QUICK_ANALYSIS, QUICK_COUNTED,
};

/* Ranges of a duration are in the order of signed numbers. */
static inline uint64_t
quick_signed(uint64_t nanoseconds)
{
	return nanoseconds ^ (uint64_t)1 << 63;
}

/* Of struct flow_numbers. */
enum {
	QUICK_REL_SEQ, QUICK_REL_NEXT, QUICK_REL_ACK, QUICK_REL_WINDOW,
	QUICK_REL_COMPLETE,
	QUICK_REL_TIME, QUICK_REL_DELTA, /* durations */
};

/* Where the bytes begin that QUICK_BYTES is about; they end with the packet,
 * those of the frame with that. */
enum {
	QUICK_FROM_FRAME, QUICK_FROM_NETWORK, QUICK_FROM_TRANSPORT,
	QUICK_FROM_PAYLOAD,
};

enum quick_base {
	QUICK_RECORD, /* not as such in its bytes */
	QUICK_FRAME, QUICK_NETWORK, QUICK_TRANSPORT,
};

#define QUICK_PARTS 8

struct test {
	enum test_kind kind;
	enum test_operator operator;
	bool all;              /* every value has to, not any */
	struct expr *left, *right;
	struct regex *regex;
	struct set *set;
	enum quick_kind quick;
	/* enum layer, IP protocol of the ports, TCP_A_* of the classes,
	 * QUICK_FROM_*, QUICK_REL_*. */
	uint16_t quick_which;
	enum value_class quick_class; /* of the field */
	/* What a number, or an address of IPv4 as one, has to be in, or not to
	 * be in; none where that does not say it. */
	struct quick_range {
		uint64_t low, span; /* low .. low + span */
	} *quick_ranges;
	size_t n_quick_ranges;
	bool quick_outside;
	/* Where a plain packet (net/plain.h) has the field, counted from the
	 * start of the frame, of the network header or of what follows it:
	 * `size` bytes, 0 where that is not known, or a pair of these. */
	struct quick_place {
		uint8_t base, at, size; /* enum quick_base */
		bool pair;
		uint16_t mask; /* 0: all of it */
		uint8_t shift; /* to the right, of what is left */
	} quick_place;
	/* Where one of these is not there, the test is false: a layer of
	 * these of a plain packet, or a message; and a TCP option of that
	 * kind, where it is not 0, which no option is that has a row. */
	struct need {
		uint64_t layers;
		bool message;
		uint8_t option;
	} needs[2];
	uint8_t n_needs;
	/* Of plain packets of these kinds, a bit each, it is false, or true. */
	uint32_t kinds_no, kinds_yes;
	/* Of QUICK_NONE: the rows that it is about, each as a test of whether
	 * it is there, where plain packets have all of them; or none. */
	struct test *parts;
	size_t n_parts;
	const struct field *row; /* of such a part */
};

enum code_kind {
	CODE_TEST,    /* the answer is that of test `to` */
	CODE_NOT,
	CODE_AND,     /* no: goes to `to`; else keeps the answer so far */
	CODE_AND_END, /* joins it with the answer */
	CODE_OR,
	CODE_OR_END,
	CODE_XOR,
	CODE_XOR_END,
};

struct code {
	enum code_kind kind;
	uint32_t to;
};

#define CODE_STACK (4 * FILTER_DEPTH + 16)

struct filter {
	struct arena arena;
	struct code *code;
	size_t n_code;
	struct test *tests;
	size_t n_tests;
	/* These change while it runs. */
	uint64_t *gave_up;
	struct arena *scratch; /* of a test of one packet */
};

/* The only leaf of an expression that is nothing else, or NULL. */
const struct leaf *expr_single(const struct expr *e);

/* parse.c: text to f->code and f->tests. */
bool parse_filter(struct filter *f, struct span text,
    struct filter_error *error);

/* quick_known.c: sets test->quick, its place and test->needs. */
void quick_prepare(struct test *test, struct arena *arena);
void needs_prepare(struct test *test, struct arena *arena);
/* quick_protocols.c: what plain packets answer to a test of frame.protocols. */
void protocols_prepare(const struct filter *f, struct test *test);

#endif
