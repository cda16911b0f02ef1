#include "net/packet.h"

const char *
layer_name(enum layer layer)
{
	static const char *const names[LAYER_COUNT] = {
		[LAYER_FRAME] = "frame",
		[LAYER_ETH] = "eth",
		[LAYER_LLC] = "llc",
		[LAYER_SNAP] = "llc",
		[LAYER_VLAN] = "vlan",
		[LAYER_MPLS] = "mpls",
		[LAYER_SLL] = "sll",
		[LAYER_SLL2] = "sll",
		[LAYER_NULL] = "null",
		[LAYER_PPP] = "ppp",
		[LAYER_PPPOE] = "pppoe",
		[LAYER_CHDLC] = "chdlc",
		[LAYER_WLAN] = "wlan",
		[LAYER_RADIOTAP] = "radiotap",
		[LAYER_PPI] = "ppi",
		[LAYER_PRISM] = "prism",
		[LAYER_AVS] = "wlancap",
		[LAYER_PFLOG] = "pflog",
		[LAYER_ARP] = "arp",
		[LAYER_IP] = "ip",
		[LAYER_IPV6] = "ipv6",
		[LAYER_IPV6_EXT] = "ipv6.ext",
		[LAYER_AH] = "ah",
		[LAYER_ESP] = "esp",
		[LAYER_GRE] = "gre",
		[LAYER_ERSPAN] = "erspan",
		[LAYER_VXLAN] = "vxlan",
		[LAYER_GENEVE] = "geneve",
		[LAYER_GTP] = "gtp",
		[LAYER_TEREDO] = "teredo",
		[LAYER_L2TP] = "l2tp",
		[LAYER_TCP] = "tcp",
		[LAYER_UDP] = "udp",
		[LAYER_UDPLITE] = "udplite",
		[LAYER_SCTP] = "sctp",
		[LAYER_ICMP] = "icmp",
		[LAYER_ICMPV6] = "icmpv6",
		[LAYER_IGMP] = "igmp",
		[LAYER_DATA] = "data",
	};

	return layer < LAYER_COUNT ? names[layer] : "";
}

