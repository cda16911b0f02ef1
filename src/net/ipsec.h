#ifndef NET_IPSEC_H
#define NET_IPSEC_H

#include "net/field.h"

/* Tables of what RFCs put between IP and a payload. */
extern const struct field_table ah_table, esp_table, etherip_table;

#endif
