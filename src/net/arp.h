#ifndef NET_ARP_H
#define NET_ARP_H

#include "net/field.h"

extern const struct field_table arp_table;
extern const struct value_name arp_opcode_names[];

#endif
