#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/packet.h"

/* Reads the options (what was captured of them) into `h`. */
void tcp_options(struct span options, struct tcp_header *h);
/* Hands them out; blocks of SACK are counted from `base`.  `cut`: there were
 * more of them than were captured. */
void tcp_options_fields(struct field_list *l, struct span options, bool cut,
    uint32_t base);

#endif
