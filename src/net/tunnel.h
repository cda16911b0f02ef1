#ifndef NET_TUNNEL_H
#define NET_TUNNEL_H

#include "net/field.h"

/* Tables of the tunnels; their readers are in step.h. */
extern const struct field_table gre_table, erspan_table, vxlan_table,
    geneve_table, gtp_table, teredo_table, l2tp_table;

#endif
