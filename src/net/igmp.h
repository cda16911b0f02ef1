#ifndef NET_IGMP_H
#define NET_IGMP_H

#include "net/field.h"

extern const struct field_table igmp_table;

#endif
