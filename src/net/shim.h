#ifndef NET_SHIM_H
#define NET_SHIM_H

#include "net/field.h"

struct step;

extern const struct field_table cmd_table, vntag_table, ieee8021ah_table,
    nsh_table, macsec_table, isl_table;

/* True when what looks like Ethernet is ISL or FabricPath around it; the
 * walk then stands before the frame inside. */
bool shim_before_eth(struct step *s);

#endif
