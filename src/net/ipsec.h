#ifndef NET_IPSEC_H
#define NET_IPSEC_H

#include "net/field.h"

extern const struct field_table ah_table, esp_table, etherip_table;

#endif
