#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/packet.h"

/* Reads the options (what was captured of them) into `h`. */
void tcp_options(struct field_list *l, struct span options,
    struct tcp_header *h);

#endif
