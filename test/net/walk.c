#include <stdlib.h>

#include "base/table.h"
#include "net/field_text.h"
#include "net/frame.h"
#include "net/packets.h"
#include "net/walk.h"
#include "tap.h"

/* What the walk hands out, layer by layer, in the words of `tshark -T
 * fields`; and that hostile nests end. */
static struct arena arena;
static struct field_list list;
static struct packet packet;

static bool
answers(const struct field *f, struct span name)
{
	return span_is(name, f->name) ||
	    (f->also != NULL && span_is(name, f->also));
}

/* Values of one field, joined by commas. */
static void
value_text(struct buf *out, struct span name)
{
	bool first = true;
	size_t i;

	for (i = 0; i < list.n; i++) {
		if (!answers(list.values[i].field, name))
			continue;
		if (!first)
			buf_byte(out, ',');
		first = false;
		field_text(out, &list.values[i]);
	}
}

/* "ip.src ip.dst" to "10.0.0.1 10.0.0.2"; "-" for what is not there. */
static const char *
fields_text(const char *names)
{
	static char text[4096];
	struct buf out;
	struct span rest = span_text(names), name;
	size_t n, before;

	buf_init(&out, sizeof(text) - 1);
	while (rest.n > 0) {
		n = span_find_byte(rest, ' ');
		name = span_first(rest, n);
		rest = span_after(rest, n + 1);
		if (out.n > 0)
			buf_byte(&out, ' ');
		before = out.n;
		value_text(&out, name);
		if (out.n == before)
			buf_byte(&out, '-');
	}
	memcpy(text, out.p, out.n);
	text[out.n] = 0;
	buf_free(&out);
	return text;
}

static void
walk(struct walk *w, uint16_t link, struct span bytes, uint64_t number)
{
	struct record r = {
		.number = number, .link = link, .len = (uint32_t)bytes.n,
		.bytes = bytes,
		.time = { .seconds = 1112172466, .nanoseconds = 496046000,
		    .known = true }
	};

	arena_reset(&arena);
	field_list_start(&list, bytes);
	w->fields = &list;
	packet_walk(w, &r, &arena, &packet);
}

static const char *
read_hex(uint16_t link, const char *hex, const char *names)
{
	struct walk w = { 0 };

	walk(&w, link, tap_hex(hex), 1);
	return fields_text(names);
}

static const char *
read_sample(const char *sample, const char *names)
{
	size_t i;

	for (i = 0; i < LENGTH(samples); i++) {
		if (span_is(span_text(sample), samples[i].name))
			return read_hex(1, samples[i].hex, names);
	}
	return "no such sample";
}

#define IP_UDP "4500002100010000401166c90a0000010a00000215b31a0a000d0000" \
	"68656c6c6f"

static void
ethernet(void)
{
	ok_text(read_sample("eth_ip_udp",
	    "eth.dst eth.src eth.addr eth.type eth.src.lg eth.padding"),
	    "02:00:00:00:00:02 02:00:00:00:00:01 "
	    "02:00:00:00:00:02,02:00:00:00:00:01 0x0800 1 "
	    "00000000000000000000000000");
	ok_text(read_sample("qinq", "ieee8021ad.id vlan.id vlan.etype"),
	    "6 7 0x0800");
	ok_text(read_sample("vlan_ip_udp",
	    "vlan.id vlan.priority vlan.dei vlan.etype ip.src"),
	    "5 0 0 0x0800 10.0.0.1");
	ok_text(read_sample("snap",
	    "eth.len llc.dsap llc.control llc.oui llc.type ip.len"),
	    "41 0xaa 0x0003 0 0x0800 33");
	ok_text(read_sample("pppoe", "pppoe.session_id ppp.protocol ip.src"),
	    "0x0005 0x0021 10.0.0.1");
	ok_text(read_sample("mpls", "mpls.label mpls.bottom mpls.ttl ip.ttl"),
	    "16,17 0,1 64,64 64");
	ok_text(read_sample("arp", "arp.opcode arp.src.hw_mac "
	    "arp.src.proto_ipv4 arp.dst.proto_ipv4 arp.isgratuitous"),
	    "1 02:00:00:00:00:01 10.0.0.1 10.0.0.2 -");
	ok(packet_has(&packet, LAYER_ARP));
	/* Less than a header: nothing is told of it. */
	ok_text(read_hex(1, "020000000002020000000001 08", "eth.dst"), "-");
	ok(packet.malformed);
	ok_text(read_hex(1, "020000000002020000000001 88b5 0102", "eth.type"),
	    "0x88b5");
	ok_text(packet.undecoded, "ethertype");
	ok_int(packet.undecoded_number, 0x88b5);
}

static void
other_links(void)
{
	ok_text(read_hex(101, IP_UDP, "ip.src udp.dstport"), "10.0.0.1 6666");
	ok_text(read_hex(0, "02000000" IP_UDP, "null.family ip.src"),
	    "2 10.0.0.1");
	ok_text(read_hex(0, "00000002" IP_UDP, "null.family ip.src"),
	    "2 10.0.0.1");
	ok_text(read_hex(108, "00000002" IP_UDP, "null.family ip.src"),
	    "2 10.0.0.1");
	ok_text(read_hex(9, "ff030021" IP_UDP, "ppp.protocol ip.src"),
	    "0x0021 10.0.0.1");
	ok_text(read_hex(9, "21" IP_UDP, "ppp.protocol ip.src"),
	    "0x0021 10.0.0.1");
	ok_text(read_hex(104, "0f000800" IP_UDP, "chdlc.protocol ip.src"),
	    "0x0800 10.0.0.1");
	ok_text(read_hex(113, "0000000100060102030405060708 0800" IP_UDP,
	    "sll.pkttype sll.hatype sll.src.eth sll.unused sll.etype ip.src"),
	    "0 1 01:02:03:04:05:06 0708 0x0800 10.0.0.1");
	ok_text(read_hex(276, "08000000000000070001000601020304050607 08"
	    IP_UDP, "sll.ifindex sll.src.eth ip.src"),
	    "7 01:02:03:04:05:06 10.0.0.1");
	ok_text(read_hex(239, "02000000 2500 0900" IP_UDP,
	    "nflog.family ip.src"), "2 10.0.0.1");
	ok_text(read_hex(107, "1841 03 cc" IP_UDP, "fr.dlci ip.src"),
	    "100 10.0.0.1");
	ok_text(read_hex(117, "3d 02 00 00 656d3000000000000000000000000000"
	    "00000000000000000000000000000000 00000001 ffffffff 00000000"
	    "00000000 00000000 00000000 01 000000" IP_UDP,
	    "pflog.rulenr pflog.subrulenr pflog.ifname ip.src"),
	    "1 -1 em0 10.0.0.1");
	ok_text(read_hex(4000, "0102", "frame.len"), "2");
	ok_text(packet.undecoded, "link");
}

/* A QoS data frame from an access point; the same, encrypted. */
#define WLAN_HEAD "8802 2c00 cc61e5be1adb 9003b7eb2aa2 9003b7eb2aa3 0050 "

static void
wireless(void)
{
	ok_text(read_hex(105, WLAN_HEAD "0000 aaaa03000000 0800" IP_UDP,
	    "wlan.fc wlan.fc.type_subtype wlan.ra wlan.ta wlan.sa wlan.bssid "
	    "wlan.addr wlan.seq wlan.qos.tid llc.type ip.src"),
	    "0x8802 0x0028 cc:61:e5:be:1a:db 90:03:b7:eb:2a:a2 "
	    "90:03:b7:eb:2a:a3 90:03:b7:eb:2a:a2 cc:61:e5:be:1a:db,"
	    "90:03:b7:eb:2a:a2,90:03:b7:eb:2a:a3 1280 0 0x0800 10.0.0.1");
	ok_text(read_hex(127, "00000900 02000000 10" WLAN_HEAD
	    "0000 aaaa03000000 0800" IP_UDP "01020304",
	    "radiotap.length radiotap.flags wlan.fcs ip.src"),
	    "9 0x10 0x04030201 10.0.0.1");
	ok_text(read_hex(105, "8842 2c00 cc61e5be1adb 9003b7eb2aa2 "
	    "9003b7eb2aa3 0050 0000 0102030405060708",
	    "wlan.fc.protected ip.src"), "1 -");
	ok_text(packet.undecoded, "wlan.fc.protected");
	/* Two packets in one frame. */
	ok_text(read_hex(105, WLAN_HEAD "8000"
	    "020000000002020000000001 0029 aaaa03000000 0800" IP_UDP "00"
	    "020000000002020000000001 0029 aaaa03000000 0800" IP_UDP,
	    "ip.src wlan.qos.amsdupresent"), "10.0.0.1,10.0.0.1 1");
	ok_int(packet.n_transports, 2);
}

static void
internet(void)
{
	ok_text(read_sample("eth_ip_tcp", "ip.version ip.hdr_len ip.dsfield "
	    "ip.len ip.id ip.flags ip.frag_offset ip.ttl ip.proto ip.src "
	    "ip.dst ip.addr ip.host"),
	    "4 20 0x00 45 0x0001 0x00 0 64 6 10.0.0.1 10.0.0.2 "
	    "10.0.0.1,10.0.0.2 10.0.0.1,10.0.0.2");
	ok_text(read_sample("ip_options", "ip.hdr_len ip.opt.type ip.opt.len "
	    "ip.opt.ra ip.options.routeralert"), "24 148 4 0 94040000");
	ok_text(read_sample("source_route", "ip.dst ip.cur_rt ip.src_rt"),
	    "2.2.2.2 10.0.0.2 1.1.1.1");
	ok_text(read_sample("tso", "ip.len tcp.len"), "45 5");
	ok_text(read_sample("bad_ihl", "ip.hdr_len ip.len ip.src"),
	    "16 - -");
	ok(packet.malformed);
	ok_text(read_sample("eth_ipv6_udp", "ipv6.version ipv6.tclass "
	    "ipv6.flow ipv6.plen ipv6.nxt ipv6.hlim ipv6.src ipv6.dst"),
	    "6 0x00000000 0x000000 38 17 64 2001:db8::1 2001:db8::2");
	ok_text(read_sample("hopopts", "ipv6.nxt ipv6.hopopts.nxt "
	    "ipv6.hopopts.len_oct ipv6.opt.type ipv6.opt.router_alert "
	    "ipv6.opt.padn udp.srcport"), "0 17 8 0x05,0x01 0 <none> 5555");
	ok_text(read_sample("ah", "ah.next_header ah.spi ah.sequence ah.icv "
	    "udp.srcport"),
	    "17 0x00000001 2 000000000000000000000000 5555");
	ok_text(read_sample("igmp", "igmp.type igmp.version igmp.maddr"),
	    "0x16 2 224.0.0.251");
}

static void
transports(void)
{
	ok_text(read_sample("eth_ip_tcp", "tcp.srcport tcp.dstport tcp.port "
	    "tcp.len tcp.seq_raw tcp.ack_raw tcp.hdr_len tcp.flags "
	    "tcp.flags.push tcp.flags.str tcp.window_size_value "
	    "tcp.urgent_pointer tcp.payload"),
	    "1111 80 1111,80 5 100 50 20 0x0018 1 "
	    "\u00b7\u00b7\u00b7\u00b7\u00b7\u00b7\u00b7AP\u00b7\u00b7\u00b7 "
	    "1000 0 68656c6c6f");
	ok_int(packet.tcp.seq, 100);
	ok_int(packet.tcp.length, 5);
	ok_text(read_sample("eth_ip_tcp_options", "tcp.option_kind "
	    "tcp.options.timestamp.tsval tcp.options.timestamp.tsecr "
	    "tcp.options"), "1,1,8 1 2 0101080a0000000100000002");
	ok_int(packet.tcp.options, TCP_OPT_TIMESTAMP);
	ok_text(read_sample("eth_ip_udp", "udp.length udp.checksum "
	    "udp.checksum.status udp.payload"), "13 0x0000 3 68656c6c6f");
	ok_text(read_sample("sctp", "sctp.port sctp.verification_tag "
	    "sctp.chunk_type sctp.chunk_length sctp.data_tsn_raw "
	    "sctp.data_sid sctp.data_ssn sctp.data_payload_proto_id"),
	    "1000,2000 0x11223344 0 21 5 0x0001 2 99");
}

static void
tunnels(void)
{
	ok_text(read_sample("gre", "gre.proto gre.key ip.src"),
	    "0x0800 0x0000004d 10.0.0.1,192.168.0.1");
	ok_int(packet.n_tunnels, 1);
	ok_int(packet.tunnel_id, 77);
	ok_text(read_sample("vxlan", "vxlan.vni eth.type udp.dstport"),
	    "99 0x0800,0x0800 4789,6666");
	ok_int(packet.n_transports, 2);
	ok_int(packet.transports[0].depth, 0);
	ok_int(packet.transports[1].depth, 1);
	ok_text(read_sample("ip6_in_ip", "ip.proto ipv6.src udp.srcport"),
	    "41 2001:db8::1 5555");
}

static void
quotes(void)
{
	const struct transport *t;

	ok_text(read_sample("icmp_error", "icmp.type icmp.code ip.src "
	    "udp.dstport"), "3 3 10.0.0.1,10.0.0.2 6666");
	ok(packet.icmp.has_quote);
	ok_int(packet.icmp.quote_dport, 6666);
	ok_int(packet.icmp.quote_ip.protocol, 17);
	ok_int(packet.ip.protocol, 1);
	ok_int(packet.n_transports, 1);
	ok(packet.transports[0].in_error);
	t = packet_transport(&packet);
	ok(t == NULL);
	ok(!packet.malformed);
	ok_text(read_sample("icmp_echo", "icmp.type icmp.ident icmp.seq "
	    "icmp.checksum"), "8 7 9 0x1234");
}

static void
frame_rows(void)
{
	struct walk w = { 0 };
	struct frame_facts facts = { .interface_name = span_empty() };

	w.frame = &facts;
	walk(&w, 1, tap_hex(samples[0].hex), 42);
	ok_text(fields_text("frame.number frame.len frame.cap_len "
	    "frame.time_epoch frame.protocols frame.encap_type "
	    "frame.time_delta"), "42 59 59 1112172466.496046000 "
	    "eth:ethertype:ip:tcp 1 0.000000000");
	ok_text(fields_text("frame.time"),
	    "Mar 30, 2005 08:47:46.496046000 UTC");
}

/* A datagram in two frames: its UDP header is read with the second. */
static void
fragments(void)
{
	static const char first[] = "020000000002 020000000001 0800"
	    "4500001c00012000401146ce0a0000010a000002 15b31a0a000d0000";
	static const char second[] = "020000000002 020000000001 0800"
	    "4500001900010001401166d00a0000010a000002 68656c6c6f";
	struct walk w = { .defrag = defrag_new(NULL) };

	walk(&w, 1, tap_hex(first), 1);
	ok_text(fields_text("udp.srcport ip.fragment ip.flags.mf"), "- - 1");
	ok_int(packet.n_transports, 0);
	walk(&w, 1, tap_hex(second), 2);
	ok_text(fields_text("udp.srcport ip.fragment ip.fragment.count "
	    "ip.reassembled.length udp.payload"), "5555 1,2 2 13 68656c6c6f");
	ok(packet.ip.reassembled);
	ok_int(packet.stack[packet.n_stack - 1].source, 1);
	defrag_free(w.defrag);
	/* Nobody puts it together: the first one is read, the second not. */
	w.defrag = NULL;
	walk(&w, 1, tap_hex(first), 1);
	ok_text(fields_text("udp.srcport"), "5555");
	walk(&w, 1, tap_hex(second), 2);
	ok_text(fields_text("udp.srcport"), "-");
}

/* The next subframe of an aggregate is in the frame, whatever was put
 * together in the one before. */
static void
fragments_in_aggregate(void)
{
	static const char frame[] = "8802 0000 020000000001 020000000002"
	    "020000000003 0000 8000"
	    "020000000005 020000000006 0024 aaaa030000000800"
	    "4500001c00072000401146c80a0000010a000002 03e807d000180000 0000"
	    "020000000005 020000000006 002c aaaa030000000800"
	    "4500002400070001401166bf0a0000010a000002"
	    "41414141414141414141414141414141 0000"
	    "020000000005 020000000006 0038 aaaa030000000800"
	    "4500003000080000401166af0a0000030a000004 0bb80fa0001c0000"
	    "4242424242424242424242424242424242424242";
	struct walk w = { .defrag = defrag_new(NULL) };

	walk(&w, 105, tap_hex(frame), 1);
	ok(!packet.malformed);
	ok_text(fields_text("udp.srcport udp.dstport ip.src"),
	    "1000,3000 2000,4000 10.0.0.1,10.0.0.1,10.0.0.3");
	defrag_free(w.defrag);
}

#define PIECE_1 "4500002400092000401146be0a0000010a000002" \
	"03e807d000280000 4141414141414141"
#define PIECE_2 "4500002c00090002401166b40a0000010a000002" \
	"414141414141414141414141414141414141414141414141"

/* Nobody sent what an error quotes: it is no piece of a datagram, and its
 * ports are read even when the quote is whole. */
static void
fragments_quoted(void)
{
	struct walk w = { .defrag = defrag_new(NULL) };

	walk(&w, 228, tap_hex(PIECE_1), 1);
	walk(&w, 228, tap_hex("4500004800010000400166ab0a0000090a000001"
	    "0b00e5f000000000" PIECE_2), 2);
	ok_text(fields_text("icmp.type ip.fragment udp.srcport"), "11 - -");
	ok_int(defrag_counts(w.defrag)->fragments, 1);
	walk(&w, 228, tap_hex("4500004000010000400166b30a0000090a000001"
	    "0b00e41a00000000" PIECE_1), 3);
	ok_int(packet.icmp.quote_dport, 2000);
	walk(&w, 228, tap_hex(PIECE_2), 4);
	ok_text(fields_text("ip.fragment udp.srcport"), "1,4 1000");
	walk(&w, 229, tap_hex("6000000000403a40"
	    "20010db8000000000000000000000009 20010db8000000000000000000000001"
	    "0300000000000000 6000000000102c40"
	    "20010db8000000000000000000000001 20010db8000000000000000000000002"
	    "1100000100000005 03e807d000280000"), 5);
	ok_int(packet.icmp.quote_dport, 2000);
	ok_int(defrag_counts(w.defrag)->fragments, 2);
	defrag_free(w.defrag);
}

/* Other VLANs may have other hosts of the same addresses. */
static void
fragments_of_vlans(void)
{
#define TAG(id) "020000000002 020000000001 8100 00" id "0800"
	struct walk w = { .defrag = defrag_new(NULL) };

	walk(&w, 1, tap_hex(TAG("0a") PIECE_1), 1);
	walk(&w, 1, tap_hex(TAG("14") PIECE_2), 2);
	ok_text(fields_text("vlan.id ip.fragment"), "20 -");
	walk(&w, 1, tap_hex(TAG("0a") PIECE_2), 3);
	ok_text(fields_text("vlan.id ip.fragment"), "10 1,3");
	walk(&w, 1, tap_hex(TAG("14") PIECE_1), 4);
	ok_text(fields_text("vlan.id ip.fragment"), "20 4,2");
	defrag_free(w.defrag);
#undef TAG
}

/* GTP' for charging has no tunnel, and six bytes in front of its messages. */
static void
charging(void)
{
	ok_text(read_hex(228, "4500002200010000401166c80a0000010a000002"
	    "0d3a0d3a000e0000 0f010000 0007", "gtp.seq_number gtp.teid"),
	    "0x0007 -");
	ok(!packet.malformed);
	ok_text(packet.undecoded, "gtp.flags");
	ok_text(read_hex(228, "4500002600010000401166c40a0000010a000002"
	    "0d3a0d3a00120000 2f020004 0007 0e010101", "gtp.seq_number "
	    "gtp.teid gtp.flags.s"), "0x0007 - -");
	ok(!packet.malformed);
}

/* An option that was not captured whole is not of a wrong length. */
static void
options_cut(void)
{
	static const char frame[] = "4500003c00010000400666b90a0000010a000002"
	    "03e800500000000100000000 a00203e800000000"
	    "020405b4 0402 080a0000000100000000 01 030307";
	struct span bytes = tap_hex(frame);
	struct record r = { .number = 1, .link = 228, .len = 60 };
	struct walk w = { .fields = &list };

	r.bytes = span_first(bytes, 20 + 20 + 10);
	field_list_start(&list, r.bytes);
	packet_walk(&w, &r, &arena, &packet);
	ok(packet.cut && !packet.malformed);
	ok_text(fields_text("tcp.options.mss_val tcp.option.len.invalid"),
	    "1460 -");
}

/* The last address of a routing header is the destination; when it was cut
 * off, none of those before it is. */
static void
routing_cut(void)
{
	static const char frame[] = "6000000000352b40"
	    "20010db8000000000000000000000001 20010db8000000000000000000000002"
	    "1104000200000000"
	    "20010db800000000000000000000000a 20010db800000000000000000000000b"
	    "00010002000d0000 68656c6c6f";
	struct span bytes = tap_hex(frame);
	struct record r = {
		.number = 1, .link = 229, .len = (uint32_t)bytes.n
	};
	struct walk w = { .defrag = NULL };

	r.bytes = bytes;
	packet_walk(&w, &r, &arena, &packet);
	ok_int(packet.dst.bytes[15], 0x0b);
	r.bytes = span_first(bytes, 40 + 8 + 16 + 5);
	packet_walk(&w, &r, &arena, &packet);
	ok(packet.cut && !packet.malformed);
	ok_int(packet.dst.bytes[15], 2);
}

static void
append(struct buf *b, const char *hex, unsigned times)
{
	struct span s = tap_hex(hex);

	while (times-- > 0)
		buf_span(b, s);
}

/* A thousand tags, a thousand tunnels: a bounded part is read. */
static void
nests(void)
{
	struct walk w = { 0 };
	struct buf b;

	buf_init(&b, 1 << 20);
	append(&b, "020000000002 020000000001 8100", 1);
	append(&b, "0005 8100", 1000);
	append(&b, "0005 0800" IP_UDP, 1);
	walk(&w, 1, buf_bytes(&b), 1);
	ok_int(packet.n_vlans, 20);
	ok_text(packet.undecoded, "vlan tags");
	buf_cut(&b, 0);
	append(&b, "4500ffff00010000400400000a0000010a000002", 1000);
	walk(&w, 101, buf_bytes(&b), 1);
	ok_int(packet.n_tunnels, PACKET_TUNNELS);
	ok_text(packet.undecoded, "tunnel depth");
	buf_cut(&b, 0);
	append(&b, "00010040", 60000);
	append(&b, IP_UDP, 1);
	b.p[4 * 59999 + 2] |= 1;
	walk(&w, 101, buf_bytes(&b), 1);
	ok_int(packet.n_tunnels, 0);
	/* Extension headers of eight bytes, one behind the other. */
	buf_cut(&b, 0);
	append(&b, "60000000ffff3c40", 1);
	append(&b, "20010db8000000000000000000000001", 2);
	append(&b, "3c00010400000000", 1000);
	walk(&w, 229, buf_bytes(&b), 1);
	ok_text(packet.undecoded, "layers");
	buf_free(&b);
}

/* Each frame may be cut anywhere; the bytes end where they are allocated. */
static void
cuts(void)
{
	struct walk w = { .defrag = defrag_new(NULL) };
	size_t i, n;

	for (i = 0; i < LENGTH(samples); i++) {
		struct span s = tap_hex(samples[i].hex);

		for (n = 0; n <= s.n; n++) {
			uint8_t *copy = malloc(n + 1);

			memcpy(copy + 1, s.p, n);
			walk(&w, 1, span_of(copy + 1, n), n + 1);
			free(copy);
		}
	}
	defrag_free(w.defrag);
	ok(true);
}

/* A header that could not be read has nothing of the one before, which was in
 * the same struct; whether somebody listens or not. */
static void
cut_headers(void)
{
	static const char fragment[] = "0200000000020200000000010800"
	    "45000030123420014011" "00000a0000010a000002"
	    "00010203040506070001020304050607000102030405060700010203";
	static const char *const cut[] = {
		"02000000000202000000000108004500003012342001",
		"0200000000020200000000010800440000301234200140110000"
		"0a0000010a000002",
		"02000000000202000000000186dd6000000000151140",
	};
	struct walk w = { .defrag = NULL };

	for (size_t i = 0; i < 2 * LENGTH(cut); i++) {
		struct record r = {
			.number = i + 1, .link = 1, .len = 62,
			.bytes = tap_hex(fragment)
		};

		w.fields = i % 2 == 0 ? NULL : &list;
		field_list_start(&list, r.bytes);
		packet_walk(&w, &r, &arena, &packet);
		ok(packet.ip.fragment);
		ok_int(packet.ip.ttl, 64);
		r.bytes = tap_hex(cut[i / 2]);
		field_list_start(&list, r.bytes);
		packet_walk(&w, &r, &arena, &packet);
		ok(packet_has(&packet, LAYER_IP) ||
		    packet_has(&packet, LAYER_IPV6));
		ok(!packet.ip.fragment);
		ok_int(packet.ip.ttl, 0);
	}
}

int
main(void)
{
	hash_key_init();
	arena_init(&arena, (size_t)1 << 24);
	field_list_init(&list, &arena);
	ethernet();
	other_links();
	wireless();
	internet();
	transports();
	tunnels();
	quotes();
	frame_rows();
	fragments();
	fragments_in_aggregate();
	fragments_quoted();
	fragments_of_vlans();
	charging();
	options_cut();
	routing_cut();
	nests();
	cuts();
	cut_headers();
	field_list_free(&list);
	arena_free(&arena);
	return tap_done();
}
