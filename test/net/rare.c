#include "net/field_text.h"
#include "net/walk.h"
#include "tap.h"

/* What is seldom met: errors with extensions (RFC 4884), mobile IPv6, extension
 * headers of GTP, chunks that are too short. */
#define IP(length, protocol) \
	"4500" length "0001000040" protocol "00000a0000090a000001"
#define IP6(length, next) \
	"60000000" length next "4020010db8000000000000000000000009" \
	"20010db8000000000000000000000001"
#define ZEROS_20 "0000000000000000000000000000000000000000"
#define ZEROS_100 ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20
#define UDP "03e807d001340000"
#define LABEL "2000 9cf1 00080101 000641ff"

static struct arena arena;
static struct field_list list;
static struct packet packet;

/* The values of one field, one a line. */
static const char *
read_hex(uint16_t link, const char *hex, const char *name)
{
	static char text[512];
	struct walk w = { .fields = &list };
	struct record r = { .number = 1, .link = link };
	struct buf out;
	size_t i;

	r.bytes = tap_hex(hex);
	r.len = (uint32_t)r.bytes.n;
	arena_reset(&arena);
	field_list_start(&list, r.bytes);
	packet_walk(&w, &r, &arena, &packet);
	buf_init(&out, sizeof(text) - 1);
	for (i = 0; i < list.n; i++) {
		if (!span_is(span_text(name), list.values[i].field->name))
			continue;
		if (out.n > 0)
			buf_byte(&out, '\n');
		field_text(&out, &list.values[i]);
	}
	memcpy(text, out.p, out.n);
	text[out.n] = 0;
	buf_free(&out);
	return text;
}

static void
lengths(void)
{
	static const char expired[] = IP("00a8", "01") "0b000000 00200000"
	    IP("0148", "11") UDP ZEROS_100 LABEL;
	static const char too_big[] = IP("00a8", "01") "03040000 00200578"
	    IP("0148", "11") UDP ZEROS_100 LABEL;
	static const char wrong[] = IP("00a8", "01") "0c000000 09010000"
	    IP("0148", "11") UDP ZEROS_100 LABEL;
	static const char expired6[] = IP6("0094", "3a") "03000000 10000000"
	    IP6("0134", "11") UDP ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20 LABEL;

	ok_text(read_hex(228, expired, "icmp.length"), "32");
	ok_text(read_hex(228, expired, "icmp.unused"), "00\n0000");
	ok_text(read_hex(228, expired, "udp.payload"), ZEROS_100);
	ok_text(read_hex(228, too_big, "icmp.length"), "32");
	ok_text(read_hex(228, too_big, "icmp.unused"), "00");
	ok_text(read_hex(228, too_big, "icmp.mtu"), "1400");
	/* Too short to be one: told, but not believed. */
	ok_text(read_hex(228, wrong, "icmp.length"), "1");
	ok_text(read_hex(228, wrong, "icmp.unused"), "0000");
	ok_int(packet.icmp.quote_dport, 2000);
	ok_text(read_hex(229, expired6, "icmpv6.length"), "16");
	ok_text(read_hex(229, expired6, "icmpv6.reserved"), "000000");
	ok_text(read_hex(229, expired6, "udp.payload"), ZEROS_20 ZEROS_20
	    ZEROS_20 ZEROS_20);
}

static void
routers(void)
{
	ok_text(read_hex(228, IP("0024", "01") "09000000 01020708"
	    "0a000009 00000005", "icmp.lifetime"), "1800");
	ok_int(packet.icmp.word, 0x01020708);
}

#define HOME "20010db8000000000000000000000077"

/* RFC 6275: the home address is the one that the transport knows. */
static void
mobile(void)
{
	static const char option[] = IP6("0022", "3c") "1102010200 00 c910" HOME
	    "03e807d0000a0000 6869";
	static const char route[] = IP6("0022", "2b") "11020201 00000000" HOME
	    "03e807d0000a0000 6869";

	ok_text(read_hex(229, option, "ipv6.src"), "2001:db8::9");
	ok_int(packet.src.bytes[15], 0x77);
	ok_int(packet.transports[0].src.bytes[15], 0x77);
	ok_text(read_hex(229, route, "ipv6.routing.src.reserved"), "");
	ok_int(packet.dst.bytes[15], 0x77);
	/* The header of mobility itself is no option. */
	ok_text(read_hex(229, IP6("0008", "87") "3b00000000000000",
	    "ipv6.opt"), "");
	ok_text(packet.undecoded, "ip.proto");
	ok_int(packet.stack[packet.n_stack - 1].kind, 135);
}

static void
others(void)
{
	/* No checksum in what an error quotes is as it should be there. */
	ok_text(read_hex(229, IP6("003a", "3a") "0200000000000500"
	    IP6("000a", "11") "03e807d0000a0000 6869",
	    "udp.checksum.status"), "3");
	ok_text(read_hex(228, IP("0030", "11") "08680868001c0000"
	    "34ff000c00001234 00000085 01100900 45000000",
	    "gtp.ext_hdr.next"), "0x85\n0x00");
	/* A DATA chunk of 8 bytes has no room for its header. */
	(void)read_hex(228, IP("0028", "84") "03e807d01122334400000000"
	    "0003000800000001", "sctp.chunk_type");
	ok(packet.malformed && !packet.cut);
}

/* Padding of a chunk that the capture cut is not the next chunk. */
static void
padding_cut(void)
{
	struct walk w = { .defrag = NULL };
	struct record r = { .number = 1, .link = 228, .len = 52 };

	r.bytes = span_first(tap_hex(IP("0034", "84")
	    "03e807d01122334400000000 00030011000000010002000300000000"
	    "68000000"), 51);
	packet_walk(&w, &r, &arena, &packet);
	ok(packet.cut && !packet.malformed);
}

/* Names in fixed room end at their first zero; a wrapped control frame has no
 * second address. */
static void
links(void)
{
	ok_text(read_hex(117, "3d020100 656d3000000000000000000000000000"
	    "72730000000000000000000000000000 00000003 00000000 07000000"
	    "ffffffff 08000000 09000000 01000000"
	    "4500001d00010000401166cd0a0000010a000002 03e807d000090000 68",
	    "pflog.ifname"), "em0");
	ok_text(read_hex(239, "02000005 07000a00 61620000"
	    "20000900 4500001c00010000401166ce0a0000010a000002"
	    "03e807d000080000", "nflog.prefix"), "ab");
	ok_text(read_hex(105, "74000000 020000000001 d400 00000000",
	    "wlan.ra"), "02:00:00:00:00:01");
	ok_text(read_hex(105, "74000000 020000000001 d400 00000000",
	    "wlan.ta"), "");
}

int
main(void)
{
	arena_init(&arena, (size_t)1 << 20);
	field_list_init(&list, &arena);
	lengths();
	routers();
	mobile();
	others();
	padding_cut();
	links();
	field_list_free(&list);
	arena_free(&arena);
	return tap_done();
}
