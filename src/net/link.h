#ifndef NET_LINK_H
#define NET_LINK_H

#include "net/field.h"

/* Names and tables of the link layers. */
extern const struct value_name ethertype_names[];
extern const struct field_table eth_table, vlan_table, ieee8021ad_table,
    llc_table, sll_table, null_table, pflog_table, nflog_table, ppp_table,
    pppoe_table, pppoed_table, chdlc_table, frame_relay_table, mpls_table,
    wlan_table, radiotap_table, ppi_table, prism_table, avs_table;

/* `n` bytes of text, which a zero byte may end before. */
void read_stringz(struct cursor *c, size_t n, struct field_list *l,
    const struct field *f);

#endif
