/* The layers that fixtures can name, and how their headers look. */
#include "build/row.h"

#include <string.h>

static const struct row rows[] = {
	{ "eth",
	    .fields = "dst:mac=02:00:00:00:00:02 src:mac=02:00:00:00:00:01 "
		      "type:16=@next",
	    .space = ETHER, .number = { [ETHER] = 0x6558 } },
	{ "eth8023",
	    .fields = "dst:mac=01:80:c2:00:00:00 src:mac=02:00:00:00:00:01 "
		      "len:16=@rest" },
	{ "llc", .fields = "dsap:8=0x42 ssap:8=0x42 control:8=3" },
	{ "snap",
	    .fields =
		"dsap:8=0xaa ssap:8=0xaa control:8=3 oui:24 type:16=@next",
	    .space = ETHER },
	{ "vlan", .fields = "pcp:3 dei:1 id:12=1 type:16=@next", .space = ETHER,
	    .number = { [ETHER] = 0x8100 } },
	{ "qinq", .fields = "pcp:3 dei:1 id:12=1 type:16=@next", .space = ETHER,
	    .number = { [ETHER] = 0x88a8 } },
	{ "mpls", .fields = "label:20=16 tc:3 bottom:1=@last ttl:8=64",
	    .number = { [ETHER] = 0x8847, [PROTO] = 137, [PPP] = 0x281 } },
	{ "pppoe",
	    .fields = "version:4=1 type:4=1 code:8 session:16=1 len:16=@rest",
	    .number = { [ETHER] = 0x8864 } },
	{ "ppp", .fields = "proto:16=@next", .space = PPP },
	{ "chdlc", .fields = "address:8=0x0f control:8 type:16=@next",
	    .space = ETHER },
	{ "sll",
	    .fields = "kind:16 hardware:16=1 size:16=6 "
		      "address:mac=02:00:00:00:00:01 pad:16 type:16=@next",
	    .space = ETHER },
	{ "sll2",
	    .fields = "type:16=@next mbz:16 index:32=1 hardware:16=1 kind:8 "
		      "size:8=6 address:mac=02:00:00:00:00:01 pad:16",
	    .space = ETHER },
	{ "null", .fields = "family:32le=2" },
	{ "loop", .fields = "family:32=2" },
	{ "radiotap", .fields = "version:8 pad:8 len:16le=8 present:32le" },
	{ "wifi",
	    .fields = "type:8=8 flags:8=1 duration:16 "
		      "a1:mac=02:00:00:00:00:02 a2:mac=02:00:00:00:00:01 "
		      "a3:mac=02:00:00:00:00:02 sequence:16 opt:bytes1" },
	{ "arp",
	    .fields = "hardware:16=1 proto:16=0x800 hlen:8=6 plen:8=4 op:16=1 "
		      "smac:mac=02:00:00:00:00:01 src:ip=10.0.0.1 "
		      "tmac:mac=00:00:00:00:00:00 dst:ip=10.0.0.2",
	    .number = { [ETHER] = 0x806 } },
	{ "ip",
	    .fields =
		"version:4=4 head:4=@head4 tos:8 len:16=@all id:16 flags:3 "
		"offset:13 ttl:8=64 proto:8=@next sum:16=@sum src:ip=10.0.0.1 "
		"dst:ip=10.0.0.2 opt:bytes4",
	    .space = PROTO, .sum = SUM_HEADER,
	    .number = { [ETHER] = 0x800, [PROTO] = 4, [PPP] = 0x21 } },
	{ "ip6",
	    .fields = "version:4=6 class:8 label:20 len:16=@rest next:8=@next "
		      "hops:8=64 src:ip6=2001:db8::1 dst:ip6=2001:db8::2",
	    .space = PROTO,
	    .number = { [ETHER] = 0x86dd, [PROTO] = 41, [PPP] = 0x57 } },
	{ "hop", .fields = "next:8=@next len:8=@words8 opt:bytes1=010400000000",
	    .space = PROTO, .number = { [PROTO] = 0 } },
	{ "dstopt",
	    .fields = "next:8=@next len:8=@words8 opt:bytes1=010400000000",
	    .space = PROTO, .number = { [PROTO] = 60 } },
	{ "route",
	    .fields = "next:8=@next len:8=@words8 type:8 left:8 "
		      "opt:bytes1=00000000",
	    .space = PROTO, .number = { [PROTO] = 43 } },
	{ "frag", .fields = "next:8=@next res:8 offset:13 res2:2 more:1 id:32",
	    .space = PROTO, .number = { [PROTO] = 44 } },
	{ "ah",
	    .fields = "next:8=@next len:8=4 res:16 spi:32=1 seq:32=1 "
		      "icv:bytes1=000000000000000000000000",
	    .space = PROTO, .number = { [PROTO] = 51 } },
	{ "esp", .fields = "spi:32=1 seq:32=1", .number = { [PROTO] = 50 } },
	{ "tcp",
	    .fields =
		"sport:16=40000 dport:16=80 seq:32 ack:32 head:4=@head4 "
		"flags:12=A window:16=65535 sum:16=@sum urgent:16 opt:bytes4",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 6 } },
	{ "udp", .fields = "sport:16=40000 dport:16=53 len:16=@all sum:16=@sum",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 17 } },
	{ "udplite",
	    .fields = "sport:16=40000 dport:16=53 coverage:16 sum:16=@sum",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 136 } },
	{ "sctp",
	    .fields = "sport:16=40000 dport:16=2905 tag:32=1 sum:32le=@sum",
	    .sum = SUM_CRC32C, .number = { [PROTO] = 132 } },
	{ "chunk", .fields = "type:8 flags:8=3 len:16=@all" },
	{ "icmp", .fields = "type:8=8 code:8 sum:16=@sum id:16 seq:16",
	    .sum = SUM_ALL, .number = { [PROTO] = 1 } },
	{ "icmp6", .fields = "type:8=128 code:8 sum:16=@sum id:16 seq:16",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 58 } },
	{ "igmp",
	    .fields = "type:8=0x16 time:8 sum:16=@sum group:ip=224.0.0.251",
	    .sum = SUM_ALL, .number = { [PROTO] = 2 } },
	{ "gre", .fields = "flags:16 proto:16=@next opt:bytes4", .space = ETHER,
	    .number = { [PROTO] = 47 } },
	{ "vxlan", .fields = "flags:8=8 res:24 vni:24=1 res2:8" },
	{ "geneve",
	    .fields = "version:2 words:6 flags:8 proto:16=@next vni:24=1 res:8 "
		      "opt:bytes4",
	    .space = ETHER },
	{ "gtpu",
	    .fields = "flags:8=0x30 type:8=255 len:16=@rest teid:32=1 "
		      "opt:bytes1" },
	{ "l2tp", .fields = "flags:16=0x0002 tunnel:16=1 session:16=1" },

	{ "text", .kind = TEXT },
	{ "hex", .kind = HEX },
	{ "fill", .kind = FILL },
	{ "name", .kind = NAME },
	{ "u8", .kind = NUMBER, .width = 1 },
	{ "be16", .kind = NUMBER, .width = 2 },
	{ "be24", .kind = NUMBER, .width = 3 },
	{ "be32", .kind = NUMBER, .width = 4 },
	{ "be64", .kind = NUMBER, .width = 8 },
	{ "le16", .kind = NUMBER, .width = 2, .little = true },
	{ "le32", .kind = NUMBER, .width = 4, .little = true },
	{ "le64", .kind = NUMBER, .width = 8, .little = true },
	{ "(", .kind = GROUP, .width = 0 },
	{ "len8", .kind = GROUP, .width = 1 },
	{ "len16", .kind = GROUP, .width = 2 },
	{ "len24", .kind = GROUP, .width = 3 },
	{ "len32", .kind = GROUP, .width = 4 },
	{ "le16len", .kind = GROUP, .width = 2, .little = true },
	{ "le32len", .kind = GROUP, .width = 4, .little = true },
	{ ")", .kind = CLOSE },
};

const struct row *
row_find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
