#include "net/icmp.h"

/* IANA's registries, in mcpcap's capitals. */
const struct value_name icmp_types[] = {
	{ 0, "Echo Reply" },
	{ 3, "Destination Unreachable" },
	{ 4, "Source Quench" },
	{ 5, "Redirect" },
	{ 6, "Alternate Host Address" },
	{ 8, "Echo Request" },
	{ 9, "Router Advertisement" },
	{ 10, "Router Solicitation" },
	{ 11, "Time Exceeded" },
	{ 12, "Parameter Problem" },
	{ 13, "Timestamp Request" },
	{ 14, "Timestamp Reply" },
	{ 15, "Information Request" },
	{ 16, "Information Reply" },
	{ 17, "Address Mask Request" },
	{ 18, "Address Mask Reply" },
	{ 30, "Traceroute" },
	{ 40, "Photuris" },
	{ 42, "Extended Echo Request" },
	{ 43, "Extended Echo Reply" },
	{ 0, NULL },
};

const struct value_name icmpv6_types[] = {
	{ 1, "Destination Unreachable" },
	{ 2, "Packet Too Big" },
	{ 3, "Time Exceeded" },
	{ 4, "Parameter Problem" },
	{ 128, "Echo Request" },
	{ 129, "Echo Reply" },
	{ 130, "Multicast Listener Query" },
	{ 131, "Multicast Listener Report" },
	{ 132, "Multicast Listener Done" },
	{ 133, "Router Solicitation" },
	{ 134, "Router Advertisement" },
	{ 135, "Neighbor Solicitation" },
	{ 136, "Neighbor Advertisement" },
	{ 137, "Redirect" },
	{ 138, "Router Renumbering" },
	{ 139, "Node Information Query" },
	{ 140, "Node Information Response" },
	{ 141, "Inverse Neighbor Discovery Solicitation" },
	{ 142, "Inverse Neighbor Discovery Advertisement" },
	{ 143, "Multicast Listener Report v2" },
	{ 144, "Home Agent Address Discovery Request" },
	{ 145, "Home Agent Address Discovery Reply" },
	{ 146, "Mobile Prefix Solicitation" },
	{ 147, "Mobile Prefix Advertisement" },
	{ 148, "Certification Path Solicitation" },
	{ 149, "Certification Path Advertisement" },
	{ 151, "Multicast Router Advertisement" },
	{ 152, "Multicast Router Solicitation" },
	{ 153, "Multicast Router Termination" },
	{ 155, "RPL Control" },
	{ 160, "Extended Echo Request" },
	{ 161, "Extended Echo Reply" },
	{ 0, NULL },
};

/* Type times 256 and code. */
static const struct value_name codes[] = {
	{ 0x0300, "Network Unreachable" },
	{ 0x0301, "Host Unreachable" },
	{ 0x0302, "Protocol Unreachable" },
	{ 0x0303, "Port Unreachable" },
	{ 0x0304, "Fragmentation Needed" },
	{ 0x0305, "Source Route Failed" },
	{ 0x0306, "Destination Network Unknown" },
	{ 0x0307, "Destination Host Unknown" },
	{ 0x0308, "Source Host Isolated" },
	{ 0x0309, "Network Administratively Prohibited" },
	{ 0x030a, "Host Administratively Prohibited" },
	{ 0x030b, "Network Unreachable for TOS" },
	{ 0x030c, "Host Unreachable for TOS" },
	{ 0x030d, "Communication Administratively Prohibited" },
	{ 0x030e, "Host Precedence Violation" },
	{ 0x030f, "Precedence Cutoff" },
	{ 0x0500, "Redirect for Network" },
	{ 0x0501, "Redirect for Host" },
	{ 0x0502, "Redirect for TOS and Network" },
	{ 0x0503, "Redirect for TOS and Host" },
	{ 0x0b00, "TTL Exceeded in Transit" },
	{ 0x0b01, "Fragment Reassembly Time Exceeded" },
	{ 0x0c00, "Pointer Indicates Error" },
	{ 0x0c01, "Missing Required Option" },
	{ 0x0c02, "Bad Length" },
	{ 0, NULL },
};

static const struct value_name codes6[] = {
	{ 0x0100, "No Route to Destination" },
	{ 0x0101, "Administratively Prohibited" },
	{ 0x0102, "Beyond Scope of Source Address" },
	{ 0x0103, "Address Unreachable" },
	{ 0x0104, "Port Unreachable" },
	{ 0x0105, "Source Address Failed Policy" },
	{ 0x0106, "Reject Route to Destination" },
	{ 0x0300, "Hop Limit Exceeded in Transit" },
	{ 0x0301, "Fragment Reassembly Time Exceeded" },
	{ 0x0400, "Erroneous Header Field" },
	{ 0x0401, "Unrecognized Next Header Type" },
	{ 0x0402, "Unrecognized IPv6 Option" },
	{ 0, NULL },
};

const char *
icmp_type_name(uint8_t version, uint8_t type)
{
	return value_name(version == 6 ? icmpv6_types : icmp_types, type);
}

const char *
icmp_code_name(uint8_t version, uint8_t type, uint8_t code)
{
	return value_name(version == 6 ? codes6 : codes,
	    (uint64_t)type << 8 | code);
}
