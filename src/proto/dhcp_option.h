#ifndef PROTO_DHCP_OPTION_H
#define PROTO_DHCP_OPTION_H

#include "proto/dhcp.h"
#include "proto/dhcp_rows.h"

/* What the files of DHCP share; not for others. */
struct dhcp_fields {
	struct field_list *l; /* never NULL */
	struct arena *arena;
	struct span class_id; /* option 60: what option 43 means */
	struct span domains;  /* option 119, all of its pieces */
	unsigned domain_pieces, domain_piece;
};

void dhcp_put_bytes(struct dhcp_fields *f, enum dhcp_row row, struct span s);
void dhcp_put(struct dhcp_fields *f, enum dhcp_row row, struct span where,
    uint64_t number);
/* The options of a message as they stand in it. */
struct dhcp_pieces {
	struct dhcp_option *all;
	size_t n, places;
	uint64_t seen[4]; /* a bit a code */
	bool several;     /* of some code */
};

/*
 * All options of the areas, `name` and `file` if the message says so, to the
 * message; false: something was cut off.
 */
bool dhcp_pieces_read(struct dhcp_pieces *p, struct dhcp_message *m,
    struct arena *arena, struct cursor options, struct span name,
    struct span file);

/* The fields of one option's value. */
void dhcp_option_put(struct dhcp_fields *f, uint8_t code, struct span value);
/* Those that are no plain list; false: the length cannot be. */
bool dhcp_special_put(struct dhcp_fields *f, enum dhcp_kind kind,
    struct cursor *c);
void dhcp_relay_put(struct dhcp_fields *f, struct cursor *c);

#endif
