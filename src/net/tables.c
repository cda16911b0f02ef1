#include "net/arp.h"
#include "net/frame.h"
#include "net/icmp.h"
#include "net/igmp.h"
#include "net/ip.h"
#include "net/ipsec.h"
#include "net/link.h"
#include "net/rare.h"
#include "net/shim.h"
#include "net/transport.h"
#include "net/tunnel.h"
#include "net/walk.h"

/* Every layer of this floor, from outside in. */
const struct field_table *const net_tables[] = {
	&frame_table,
	&eth_table,
	&vlan_table,
	&ieee8021ad_table,
	&llc_table,
	&sll_table,
	&null_table,
	&ppp_table,
	&pppoe_table,
	&pppoed_table,
	&chdlc_table,
	&frame_relay_table,
	&pflog_table,
	&nflog_table,
	&wlan_table,
	&radiotap_table,
	&ppi_table,
	&prism_table,
	&avs_table,
	&fddi_table,
	&pktap_table,
	&isl_table,
	&cmd_table,
	&vntag_table,
	&ieee8021ah_table,
	&nsh_table,
	&macsec_table,
	&mpls_table,
	&arp_table,
	&ip_table,
	&ipv6_table,
	&ah_table,
	&esp_table,
	&etherip_table,
	&gre_table,
	&erspan_table,
	&vxlan_table,
	&geneve_table,
	&gtp_table,
	&teredo_table,
	&l2tp_table,
	&icmp_table,
	&icmpv6_table,
	&igmp_table,
	&pim_table,
	&tcp_table,
	&udp_table,
	&udplite_table,
	&sctp_table,
};

const size_t net_table_count = LENGTH(net_tables);

static bool
is_wanted(const struct field_wants *wants, const struct field_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		if (field_wants_has(wants, &table->rows[i]))
			return true;
	return false;
}

unsigned
walk_deaf(const struct field_wants *wants)
{
	unsigned deaf = 0;

	if (!is_wanted(wants, &frame_table))
		deaf |= WALK_DEAF_FRAME;
	/* What may stand before Ethernet is read where it is. */
	if (!is_wanted(wants, &eth_table) && !is_wanted(wants, &isl_table))
		deaf |= WALK_DEAF_ETH;
	if (!is_wanted(wants, &tcp_table))
		deaf |= WALK_DEAF_TCP;
	if (!is_wanted(wants, &udp_table) && !is_wanted(wants, &udplite_table))
		deaf |= WALK_DEAF_UDP;
	return deaf;
}
