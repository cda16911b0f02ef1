#ifndef NET_RARE_H
#define NET_RARE_H

#include "net/field.h"

extern const struct field_table pim_table, fddi_table, pktap_table;

#endif
