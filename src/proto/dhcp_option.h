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

/* The fields of one option's value. */
void dhcp_option_put(struct dhcp_fields *f, uint8_t code, struct span value);
/* Those that are no plain list; false: the length cannot be. */
bool dhcp_special_put(struct dhcp_fields *f, enum dhcp_kind kind,
    struct cursor *c);
void dhcp_relay_put(struct dhcp_fields *f, struct cursor *c);

static inline void
dhcp_put_bytes(struct dhcp_fields *f, enum dhcp_row row, struct span s)
{
	field_put_bytes(f->l, &dhcp_rows[row], s, s);
}

static inline void
dhcp_put(struct dhcp_fields *f, enum dhcp_row row, struct span where,
    uint64_t number)
{
	field_put_number(f->l, &dhcp_rows[row], where, number);
}

#endif
