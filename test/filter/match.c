#include "filter/filter.h"

#include <stdio.h>

#include "base/table.h"
#include "tap.h"

/*
 * Every operator and type over one made-up packet: two IPv4 layers around a
 * DNS query over UDP, and some fields of other types.
 */
static struct arena arena;
static struct field_list list;
static struct packet packet;
static struct record record;
static uint8_t frame[128];

static const struct field *
row(const char *name)
{
	const struct field *f = field_find(span_text(name), 0);

	if (!tap_check(f != NULL, name, __FILE__, __LINE__))
		return field_table_at(0)->rows;
	return f;
}

static void
number(const char *name, uint64_t value)
{
	field_put_number(&list, row(name), span_empty(), value);
}

static void
bytes(const char *name, const void *p, size_t n)
{
	field_put_bytes(&list, row(name), span_empty(), span_of(p, n));
}

static size_t
layer(const char *name, size_t offset, size_t n)
{
	return field_enter(&list, row(name), span_of(frame + offset, n));
}

static void
packet_make(void)
{
	static const char text[] = "GET /index.html";
	size_t at;

	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = (uint8_t)i;
	memcpy(frame + 100, text, sizeof(text) - 1);
	record = (struct record){ .number = 7, .len = 128,
		.bytes = span_of(frame, sizeof(frame)) };
	packet.record = &record;
	packet.bytes = span_of(frame, sizeof(frame));
	packet.arena = &arena;
	packet.fields = &list;
	field_list_start(&list, packet.bytes);
	at = layer("frame", 0, 128);
	number("frame.number", 7);
	number("frame.len", 128);
	field_put_number(&list, row("frame.time_relative"), span_empty(),
	    1500000000);
	field_put_time(&list, row("frame.time"), span_empty(), 1112172466,
	    496046000);
	field_leave(&list, at, frame + 128);
	at = layer("eth", 0, 14);
	bytes("eth.dst", "\xff\xff\xff\xff\xff\xff", 6);
	bytes("eth.src", "\x00\x00\x01\x02\x03\x04", 6);
	number("eth.type", 0x0800);
	field_leave(&list, at, frame + 14);
	at = layer("ip", 14, 20);
	number("ip.ttl", 64);
	number("ip.proto", 4);
	bytes("ip.src", "\x0a\x00\x00\x01", 4);
	bytes("ip.dst", "\x0a\x00\x00\x02", 4);
	field_leave(&list, at, frame + 34);
	at = layer("ip", 34, 20);
	number("ip.ttl", 10);
	number("ip.proto", 17);
	bytes("ip.src", "\xc0\xa8\x01\x01", 4);
	bytes("ip.dst", "\xc0\xa8\x01\x02", 4);
	field_leave(&list, at, frame + 54);
	at = layer("udp", 54, 8);
	number("udp.srcport", 53);
	number("udp.dstport", 40000);
	field_leave(&list, at, frame + 62);
	at = layer("dns", 62, 66);
	number("dns.flags", 0x8180);
	number("dns.flags.response", 1);
	bytes("dns.qry.name", "www.Example.org", 15);
	bytes("ipv6.src", "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	number("dns.resp.ttl", 30);
	number("dns.resp.ttl", 300);
	number("tcp.analysis.retransmission", 1);
	field_put_real(&list, row("radiotap.datarate"), span_empty(), 8);
	field_put_number(&list, row("radiotap.dbm_antsignal"), span_empty(),
	    (uint64_t)-60);
	number("tcp.seq_raw", 4294967295u);
	number("radiotap.mactime", UINT64_MAX);
	field_leave(&list, at, frame + 128);
}

static const char *const yes[] = {
	"", "  ", "dns", "ip.src", "tcp.analysis.retransmission", ".ip",
	/* numbers */
	"frame.number == 7", "frame.number eq 7", "frame.number == 0x7",
	"frame.number == 07", "frame.number == 0b111", "frame.len > 127",
	"frame.len >= 128", "frame.len <= 128", "frame.len < 129",
	"frame.number != 8", "frame.number ne 8", "frame.len == '\\x80'",
	"ip.ttl == 64", "ip.ttl == 10", "ip.ttl != 5", "ip.ttl !== 64",
	"ip.ttl ~= 64", "any ip.ttl != 64", "all ip.ttl > 9",
	"ip.proto == \"udp\"", "ip.proto == UDP", "eth.type == \"IPv4\"",
	"8 > frame.number",
	"0 < frame.number < 8 < frame.len",
	"dns.flags.response == True", "dns.flags.response == 5",
	"dns.flags.response != FALSE", "dns.flags.response == \"Set\"",
	"dns.flags.response != \"Not set\"",
	/* addresses */
	"ip.src == 10.0.0.1", "ip.addr == 192.168.1.2",
	"ip.addr == 10.0.0.0/8", "ip.src == 10.9.9.9/8",
	"ip.addr != 172.16.0.0/12", "ip.src < ip.dst", "ip.src > 9.0.0.0",
	"ip.src <= 10.0.0.0/24", "ip.src & 255.0.0.0 == 10.0.0.0",
	"ipv6.addr == 2001:db8::/32", "ipv6.src == 2001:db8::1",
	"ipv6.src > 2000::", "eth.dst == ff:ff:ff:ff:ff:ff",
	"eth.src == 00-00-01-02-03-04", "eth.src == 0000.0102.0304",
	"eth.addr[0] & 1", "eth.src < eth.dst",
	/* strings */
	"dns.qry.name == \"www.Example.org\"",
	"dns.qry.name == www.Example.org", "dns.qry.name contains \"Exa\"",
	"dns.qry.name contains Exa", "dns.qry.name contains 'E'",
	"dns.qry.name matches \"EXAMPLE\"", "dns.qry.name ~ \"^w{3}\\\\.\"",
	"dns.qry.name matches r\"\\.org$\"", "dns.qry.name > \"www\"",
	"dns.qry.name == \"www.\\x45xample.org\"",
	"dns.qry.name == \"www.\\105xample.org\"",
	"dns.qry.name in {\"a\", \"www.Example.org\"}",
	"dns.qry.name in {\"w\" .. \"x\"}",
	/* slices */
	"eth.src[0:3] == 00:00:01", "eth.src[2-3] == 01:02",
	"eth.src[2] == 01", "eth.src[2] == 0x01", "eth.src[:3] == 00:00:01",
	"eth.src[3:] == 02:03:04", "eth.src[-2:] == 03:04",
	"eth.src[-2:1] == 03", "eth.src[0,2-3,5:] == 00:01:02:04",
	"eth.src[2:3][1] == 02", "dns.qry.name[0:3] == \"www\"",
	"dns.qry.name[0:3] == 77:77:77", "ip.src[0] == 0a",
	"frame[100:3] == \"GET\"", "udp[0:2] == 36:37",
	"eth.src[2:2] & ff:00 == 01:00", "dns.qry.name[0] == 'w'",
	/* bytes */
	"frame contains \"GET /\"", "dns contains 47:45:54",
	"udp contains \"index\"", "frame matches \"get.*html\"",
	"len(eth) == 14", "len(frame) == 128", "eth.src contains 01:02",
	/* calculations */
	"frame.number + 1 == 8", "frame.number * 2 - 4 == 10",
	"frame.number == {1 + 2} * 2 + 1", "frame.number % 4 == 3",
	"frame.number / 2 == 3", "frame.number - 8 < 0",
	"-frame.number == -7", "dns.flags & 0x8000",
	"dns.flags & 0x8000 == 32768", "frame.time_relative + 1 == 2.5",
	"udp.dstport == udp.srcport + 39947", "abs(frame.number - 10) == 3",
	/* functions */
	"len(dns.qry.name) == 15", "count(ip.addr) == 4",
	"count(ip.src#2) == 1", "upper(dns.qry.name) contains \"EXAMPLE\"",
	"lower(dns.qry.name) == \"www.example.org\"",
	"string(ip.src) matches \"^192\"", "string(ip.ttl) == \"64\"",
	"string(eth.src) == \"00:00:01:02:03:04\"",
	"max(udp.srcport, udp.dstport) == 40000",
	"min(ip.ttl, 20) == 10", "max(udp.srcport + 1, 5) == 54",
	/* sets */
	"ip.ttl in {1, 64}", "udp.port in {50 .. 60, 443}",
	"ip.addr in {10.0.0.0/8}", "ip.addr in {192.168.1.0..192.168.1.5}",
	"udp.port not in {80, 443}", "udp.port !in {80}",
	"udp.port in {udp.srcport}", "all udp.port in {1 .. 65535}",
	"frame.number in {1, 2, 9, 7, 8, 5 .. 6}",
	/* layers */
	"ip.src#1 == 10.0.0.1", "ip.src#2 == 192.168.1.1", "ip#2",
	"ip.addr#[1-2] == 192.168.1.2", "ip.src#[2:] == 192.168.1.1",
	"ip.src#[-1] == 192.168.1.1", "udp.port#1 == 53",
	/* times */
	"frame.time_relative > 1.4", "frame.time_relative == 1.5",
	"frame.time_relative in {1 .. 2}", "frame.time_relative > -1",
	"frame.time > \"2005-03-30 08:47:46\"",
	"frame.time == \"2005-03-30T08:47:46.496046Z\"",
	"frame.time == \"2005-03-30 09:47:46.496046+01:00\"",
	"frame.time < \"Mar 30, 2005 08:47:47\"",
	"frame.time < \"Apr  1, 2005 00:00:00 UTC\"",
	"frame.time >= \"2005-03-30\"",
	/* logic */
	"ip and dns", "tcp or dns", "not tcp", "!tcp && ip", "!!ip",
	"tcp or ip and dns", "(tcp or ip) and dns", "ip xor tcp",
	"!(ip ^^ dns)", "not ip.ttl == 5", "ip || tcp && tcp",
	"not (tcp and not (udp or arp))",
	/* real and signed numbers, as tshark 4.0 answers of a packet with
	 * the same values */
	"radiotap.datarate == 8", "radiotap.datarate > 7.5",
	"radiotap.datarate + 0.5 == 8.5", "radiotap.datarate - 1 == 7",
	"radiotap.datarate * 2 == 16", "radiotap.datarate / 4 == 2",
	"-radiotap.datarate == -8", "abs(radiotap.datarate) == 8",
	"abs(-radiotap.datarate) == 8", "radiotap.datarate in {7.5 .. 8.5}",
	"radiotap.dbm_antsignal == -60", "radiotap.dbm_antsignal < 0",
	"radiotap.dbm_antsignal > -61 and radiotap.dbm_antsignal < -59",
	"radiotap.dbm_antsignal + 100 == 40",
	"abs(radiotap.dbm_antsignal) == 60", "-radiotap.dbm_antsignal == 60",
	"string(radiotap.dbm_antsignal) == \"-60\"",
	"tcp.seq_raw == 4294967295", "radiotap.mactime > 0",
	"abs(radiotap.mactime) > 0", "+frame.number == 7",
	"string(ipv6.src) == \"2001:db8::1\"",
	"len(frame.number) == 4", "len(tcp.seq_raw) == 4",
	"len(ip.ttl) == 1", "len(radiotap.mactime) == 8",
	"len(dns.flags.response) == 0", "len(frame.time) == 0",
	"len(frame.time_relative) == 0", "len(radiotap.datarate) == 0",
	"len(ip.src) == 4", "len(ipv6.src) == 16",
	"-frame.time_relative < 0", "abs(frame.time_relative) > 0",
	"abs(-frame.time_relative) == 1.5", "frame.time_relative - 0.25 > 0",
	/* dates */
	"frame.time > \"2005-03-30 08:47\"",
	"frame.time > \"2005-03-30 08:47:46.49\"",
	"frame.time < \"2005-03-30 08:47:46-05:00\"",
	"frame.time > \"2005-03-30 08:47:46+0530\"",
	"frame.time > \"2005-03-30 08:47:46+05\"",
	"frame.time > \"Mar 30, 2005 08:47:46 UTC\"",
	"frame.time > \"Jan  1, 2005 10:00\"",
	"frame.time > \"0000-01-01\"", "frame.time < \"2005-12-31\"",
	/* sets */
	"all ip.ttl not in {80}", "any ip.ttl not in {80}",
	"ip.src in {10.0.0.0/30, 172.16.0.0/12}",
	"ip.src in {1.0.0.0 .. 10.0.0.1, 10.0.0.0 .. 10.0.0.200}",
	"udp.port in {50 .. 60, 52 .. 70, 1 .. 2}",
	"ip.ttl in {tcp.port, frame.number, frame.number + 57}",
	"ip.addr in {ip.dst}", "ip.ttl in {1 + 9}", "ip.ttl in {5 .. 3, 64}",
	"ipv6.src in {2001:db8::/32}", "ipv6.addr == 2001:db8::/33",
	"udp.port in {udp.port, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, frame.len, "
	"frame.number, ip.ttl, ip.proto, eth.type, dns.flags, "
	"tcp.port, udp.srcport, udp.dstport}",
	/* slices and masks */
	"ipv6.src & ffff:: == 2001::", "ipv6.src[0:2] == 20:01",
	"ip.src & 255.255.255.0 == 10.0.0.0", "dns.qry.name[-3--1] == \"org\"",
	"dns.qry.name[0,1,2] == \"www\"", "eth.src[0:2][1] == 00",
	"eth.src contains 01", "eth.src contains 01-02",
	"eth.src contains 0102.0304", "eth.src[2:1] == 1",
	/* strings */
	"dns.qry.name contains \"\\u0077ww\"",
	"dns.qry.name contains \"\\U00000077ww\"",
	"dns.qry.name contains R\"www\"", "dns.qry.name[0] == '\\x77'",
	"dns.qry.name[0] == '\\167'", "dns.qry.name contains \"\\56Ex\"",
	"not dns.qry.name contains \"\\u00e9\\u20ac\\U0001f600\"",
	"not dns.qry.name contains \"\\a\\b\\f\\n\\r\\t\\v\\'\\\"\"",
	"dns.qry.name contains \"\"",
	/* numbers in other words */
	"udp.dstport == 0x9c40", "udp.dstport == 0116100",
	"udp.dstport == 0b1001110001000000", "frame.len == 0X80",
	"dns.flags.response == TRUE", "dns.flags.response == 0x1",
};

static const char *const no[] = {
	"tcp", "tcp.port", "arp or tcp", "ip and tcp", "not ip", "!!tcp",
	"ip.ttl != 64", "ip.ttl === 64", "all ip.ttl == 64",
	"ip.addr != 10.0.0.0/8", "ip.addr === 10.0.0.0/8",
	"frame.len > 128", "frame.number == 8", "tcp.port != 80",
	"tcp.port == 80", "count(tcp.port) == 0", "not not tcp",
	"dns.qry.name == \"www.example.org\"",
	"dns.qry.name matches \"(?-i)example\"",
	"dns.qry.name[0:30] contains \"www\"", "dns.qry.name[20] == 00",
	"eth.src[6] == 00", "eth.src[-7:1] == 00", "ip.src#3",
	"ip.src#1 == 192.168.1.1", "ip.addr#[:1]", "ip.addr#0",
	"udp.port in {1 .. 52, 54 .. 100}", "ip.ttl in {64 .. 10}",
	"udp.port not in {53}", "frame.number / 0 == 0",
	"frame.number % 0 == 0", "ip.ttl & 1 == 1", "frame.number & 8",
	"ip xor dns", "tcp && ip || arp", "udp contains \"HTTP\"",
	"udp[8:2] == 00:00", "max(tcp.port, 1) == 1",
	"all ip.addr == ip.addr", "frame.number < frame.len < 100",
	"9223372036854775807 + frame.number > 0",
	"radiotap.datarate < 7.5", "radiotap.datarate / 0 == 2",
	"radiotap.datarate == 8.5", "radiotap.datarate in {1 .. 2.5}",
	"frame.number * 9223372036854775807 > 0",
	"-9223372036854775807 - frame.number < 0",
	"frame.number + tcp.port > 0", "radiotap.mactime + 1 > 0",
	"-radiotap.mactime < 0", "frame.number - radiotap.mactime < 0",
	("frame.time_relative + 9000000000 > 0 && "
	"frame.time_relative + 9000000000 + 9000000000 > 0"),
	"ipv6.addr == 2001:db8:8000::/33", "ip.src == 10.128.0.0/9",
	"ip.src & 255.255.255.0 == 10.0.0.1/32",
	"ip.addr in {172.16.0.0/12}", "all ip.ttl not in {10}",
	"ip.ttl not in {64}", "all ip.ttl in {64}",
	"ip.ttl in {tcp.port}", "ip.ttl in {frame.number}",
	"eth.src & 00:00:00:00:00:00", "eth.src & 00:01", "ip.src & 0.0.0.0",
	"frame.time < \"2005-03-30\"",
	"frame.time_relative < -1", "frame.time_relative > 9223372035",
};

static bool
matches(const char *text)
{
	struct filter_error error;
	struct filter *f = filter_compile(span_text(text), &error);
	bool answer;

	if (f == NULL) {
		printf("# %s: at %zu: %s\n", text, error.offset, error.text);
		return false;
	}
	answer = filter_match(f, &packet);
	filter_free(f);
	return answer;
}

/* What the filter wants is what it was compiled for. */
static void
test_wants(void)
{
	static const char *const names[] = { "ip.src", "ip.dst", "udp.srcport",
		"dns.qry.name", "ip" };
	struct field_wants *w = field_wants_new();
	struct filter_error error;
	struct filter *f = filter_compile(span_text("ip.addr#2 == 1.2.3.4 && "
	    "udp.port in {53} && max(udp.srcport, len(dns.qry.name)) > 1"),
	    &error);
	const char *protocols[8];

	filter_wants(f, w);
	for (size_t i = 0; i < LENGTH(names); i++)
		ok(field_wants_has(w, row(names[i])));
	ok(!field_wants_has(w, row("tcp.srcport")));
	ok_int(filter_protocols(f, protocols, LENGTH(protocols)), 3);
	filter_free(f);
	field_wants_free(w);
}

int
main(void)
{
	hash_key_init();
	arena_init(&arena, 1 << 24);
	field_list_init(&list, &arena);
	packet_make();
	for (size_t i = 0; i < LENGTH(yes); i++)
		tap_check(matches(yes[i]), yes[i], __FILE__, __LINE__);
	for (size_t i = 0; i < LENGTH(no); i++)
		tap_check(!matches(no[i]), no[i], __FILE__, __LINE__);
	test_wants();
	field_list_free(&list);
	arena_free(&arena);
	return tap_done();
}
