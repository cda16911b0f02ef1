#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "proto/proto.h"

/*
 * Wireshark's display filter language (4.0) over our fields: text to a
 * checked program, evaluated per packet without allocation.  Types and names
 * are checked before any file is opened.
 *
 * Beyond 4.0 it takes xor and ^^, constants on the left, and slices and
 * functions wherever a value stands.
 */
struct filter;
struct glance;

#define FILTER_TEXT_MAX 16384
#define FILTER_DEPTH 64

struct filter_error {
	size_t offset;     /* in the text */
	char text[240];    /* what is wrong, the nearest names, an example */
};

/* NULL on error.  A filter holds the caches of its regular expressions: one
 * thread at a time. */
struct filter *filter_compile(struct span text, struct filter_error *error);
void filter_free(struct filter *f);
/* Adds the rows that the program looks at. */
void filter_wants(const struct filter *f, struct field_wants *wants);
/* p->fields holds the wanted values. */
bool filter_match(const struct filter *f, const struct packet *p);

/*
 * What the walked packet alone says: no flow state, no messages, no field
 * list, not even defragmentation.  Any filter may be asked; FILTER_UNSURE
 * means that filter_match() has to decide.  `messages`: false when it is
 * known that there are none in it.
 */
enum filter_answer {
	FILTER_NO,
	FILTER_YES,
	FILTER_UNSURE,
};

enum filter_answer filter_quick(const struct filter *f,
    const struct packet *p, bool messages);
/*
 * The same of plain packets (net/plain.h) without messages, several at once, a
 * bit each: from their layers, their headers and what else is known of them.
 */
struct filter_flow {
	bool any;          /* it has one */
	uint32_t stream;
	uint16_t analysis; /* TCP_A_* */
	const struct flow_numbers *numbers; /* net/flow_plain.h; or NULL */
};
struct filter_seen {
	const struct record *records;
	const struct glance *glances;    /* at least the kind of each */
	const struct filter_flow *flows; /* NULL: not tracked */
	/* NULL: not known; else they are of all of them. */
	const struct frame_facts *frame;
	/* Asked of all packets of TCP that go between the same two ends. */
	bool of_ends;
};
struct filter_answers {
	uint32_t yes, no;
};
struct filter_answers filter_glances(const struct filter *f,
    const struct filter_seen *seen, uint32_t which);
/* Whether that asks for the numbers of a flow, or for frame facts. */
bool filter_asks_numbers(const struct filter *f);
bool filter_asks_frames(const struct filter *f);
/* Whether that with a flow is never unsure, frame facts or not. */
bool filter_glances_all(const struct filter *f);

/* Protocol names that the filter looks at: for "the capture has no SIP". */
size_t filter_protocols(const struct filter *f, const char **names,
    size_t max);
/* Comparisons given up because one packet had too many combinations of
 * values; such a test is false. */
uint64_t filter_gave_up(const struct filter *f);

#endif
