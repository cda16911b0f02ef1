#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "proto/proto.h"

/*
 * Wireshark's display filter language over our fields: text to a checked
 * program, evaluated per packet without allocation.  Types and names are
 * checked before any file is opened.
 */
struct filter;

#define FILTER_TEXT_MAX 16384
#define FILTER_DEPTH 64

struct filter_error {
	size_t offset;     /* in the text */
	char text[240];    /* what is wrong, the nearest names, an example */
};

/* NULL on error. */
struct filter *filter_compile(struct span text, struct filter_error *error);
void filter_free(struct filter *f);
/* Adds the rows that the program looks at. */
void filter_wants(const struct filter *f, struct field_wants *wants);
/* True when it can be decided from the walked packet alone (no flow state,
 * no messages, no field list): the fast path. */
bool filter_is_plain(const struct filter *f);
/* p->fields holds the wanted values unless the filter is plain. */
bool filter_match(const struct filter *f, const struct packet *p);
/* Protocol names that the filter needs and none of which was met in
 * `layers`/messages: for "the capture has no SIP".  May be empty. */
size_t filter_protocols(const struct filter *f, const char **names,
    size_t max);

#endif
