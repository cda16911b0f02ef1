#include "net/field_text.h"
#include "net/walk.h"
#include "tap.h"

/* Errors with extensions (RFC 4884), and what both versions keep of bytes 4
 * to 7. */
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

int
main(void)
{
	arena_init(&arena, (size_t)1 << 20);
	field_list_init(&list, &arena);
	lengths();
	routers();
	field_list_free(&list);
	arena_free(&arena);
	return tap_done();
}
