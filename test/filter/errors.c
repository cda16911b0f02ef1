#include "filter/filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "tap.h"

/* A wrong filter, where it is wrong, and words that the error must have. */
static const struct {
	const char *text;
	size_t offset;
	const char *words[3];
} cases[] = {
	/* names */
	{ "ip.source == 10.0.0.1", 0, { "ip.source", "ip.src" } },
	{ "tcp && dns.qry.nam", 7, { "dns.qry.nam", "dns.qry.name" } },
	{ "nothing.like.this", 0, { "no field", "list_fields" } },
	{ "ip.src == ip.dest", 10, { "ip.dst" } },
	{ "tcp && _ws.malformed", 7, { "no field named _ws.malformed" } },
	{ "foo(ip.src) == 1", 0, { "no such function", "upper" } },
	/* types */
	{ "ip.src == 300.1.1.1", 10, { "IPv4", "192.0.2.0/24" } },
	{ "ip.src == ::1", 10, { "IPv4", "ipv6.addr" } },
	{ "ip.src == www.example.org", 10, { "www.example.org" } },
	{ "udp.port == 65536", 12, { "too large", "udp.port", "65535" } },
	{ "udp.srcport == 65536", 15, { "too large", "udp.srcport" } },
	{ ".ip.addr contains 10", 0, { "ip.addr == 192.0.2.0/24" } },
	{ "ip.addr == 10", 11, { "as ip.addr is" } },
	{ "eth.addr == 00:00", 12, { "eth.addr[0:3]" } },
	{ "dhcpv6.xid == 0x1000000", 14, { "too large", "16777215" } },
	{ "udp.port == http", 12, { "number", "0x1f" } },
	{ "udp.port == \"53\"", 12, { "number" } },
	{ "eth.src == 00:00", 11, { "6 bytes", "eth.src[0:3]" } },
	{ "eth.src == zz", 11, { "bytes" } },
	{ "frame.time > \"yesterday\"", 13, { "date", "2004-05-13" } },
	{ "frame.time_relative > soon", 22, { "duration", "1.5" } },
	{ "tcp.flags.syn == maybe", 17, { "True" } },
	{ "ip.src == eth.src", 10, { "IPv4 address", "bytes" } },
	{ "ip.proto == udp", 12, { "double quotes" } },
	{ "ip.src contains 10", 0, { "192.0.2.0/24" } },
	{ "udp.port matches \"5\"", 0, { "string(udp.port)" } },
	{ "tcp.analysis.retransmission == 1", 0, { "no value" } },
	{ "tcp.flags.syn + 1 == 2", 14, { "True or False", "added" } },
	{ "udp.port[0] == 00", 8, { "sliced" } },
	{ "upper(udp.port) == \"A\"", 0, { "strings" } },
	{ "ip.src == -192.0.2.1", 10, { "IPv4 address", "no sign" } },
	{ "udp == -64", 7, { "bytes", "no sign" } },
	{ "dns.qry.name > -\"a\"", 15, { "string", "no sign" } },
	{ "frame.time == -\"2024-01-01\"", 14, { "date", "no sign" } },
	{ "ip.src in {-192.0.2.1}", 11, { "IPv4 address", "no sign" } },
	{ "tcp.flags.syn == -1", 17, { "True or False", "no sign" } },
	{ "-tcp.flags.syn", 0, { "True or False", "no sign" } },
	{ "len(dns.qry.name)", 0, { "compared", "> 20" } },
	{ "1 == 1", 0, { "needs a field" } },
	{ "\"abc\"", 0, { "begins with a field" } },
	/* grammar */
	{ "ip.src ==", 9, { "ends here" } },
	{ "ip.src == 1.2.3.4 tcp", 18, { "tcp is not expected" } },
	{ "(tcp or udp", 11, { ") is missing" } },
	{ "tcp)", 3, { ") is not expected" } },
	{ "tcp and and udp", 8, { "and is not expected" } },
	{ "udp.port in 53", 12, { "in is followed by a set" } },
	{ "udp.port in {1 2}", 15, { "commas" } },
	{ "udp.port in {1,", 15, { "ends here" } },
	{ "any tcp", 7, { "before a comparison" } },
	{ "eth.src[0:0] == 00", 8, { "at least 1" } },
	{ "eth.src[3-1] == 00", 8, { "ends before" } },
	{ "eth.src[x] == 00", 8, { "range of bytes" } },
	{ "eth.src[0:3 == 00", 8, { "range of bytes" } },
	{ "ip.src#x", 7, { "number of a layer" } },
	{ "count(3) == 1", 6, { "count(ip.addr)" } },
	{ "${ip.src} == 1.1.1.1", 0, { "selected frame" } },
	{ "ip ? tcp", 3, { "no meaning" } },
	/* strings and expressions */
	{ "dns.qry.name == \"abc", 16, { "closing \"" } },
	{ "dns.qry.name == \"a\\.b\"", 18, { "escape", "r\"" } },
	{ "dns.qry.name matches abc", 21, { "double quotes" } },
	{ "dns.qry.name matches \"a(\"", 21, { "regular expression" } },
	{ "dns.qry.name matches \"(?=a)\"", 21, { "lookaround" } },
	{ "dns.qry.name matches r\"(a)\\1\"", 21, { "backreference" } },
	/* what functions, steps and sides take */
	{ "frame.time_relative == -", 24, { "ends here" } },
	{ "radiotap.datarate == abc", 21, { "12.5" } },
	{ "radiotap.datarate == \"1.5\"", 21, { "12.5" } },
	{ "radiotap.datarate % 2 == 1", 18, { "cannot be divided" } },
	{ "frame.time_relative * 2 == 3", 20, { "cannot be multiplied" } },
	{ "frame.time + 1 > 3", 11, { "cannot be added" } },
	{ "ip.src + 1 == 3", 7, { "cannot be added" } },
	{ "udp + 1 == 3", 4, { "cannot be added" } },
	{ "ip.src / 1 == 3", 7, { "cannot be divided" } },
	{ "dns.qry.name - 1 == 3", 13, { "cannot be subtracted" } },
	{ "-ip.src == 10.0.0.1", 0, { "no sign" } },
	{ "abs(dns.qry.name) == 1", 0, { "no sign" } },
	{ "abs(5) == 1", 0, { "needs a field" } },
	{ "len(\"abc\") == 3", 0, { "needs a field" } },
	{ "len(tcp.analysis.retransmission) == 0", 0, { "no length" } },
	{ "string(dns.qry.name) == \"a\"", 0, { "numbers and addresses" } },
	{ "string(tcp.flags.syn) == \"1\"", 0, { "numbers and addresses" } },
	{ "string(udp) == \"1\"", 0, { "numbers and addresses" } },
	{ "string(udp.payload) == \"1\"", 0, { "numbers and addresses" } },
	{ "lower(ip.src) == \"a\"", 0, { "strings" } },
	{ "max(1, 2) == 2", 3, { "max() and min() need" } },
	{ "max() == 2", 4, { "not expected" } },
	{ "max(ip.src, udp.port) == 2", 12, { "cannot be compared" } },
	{ "max(udp.srcport udp.dstport) == 2", 16,
	    { "of the function is missing" } },
	{ "max(len(1), 2) == 2", 4, { "needs a field" } },
	{ "count(len(ip.src)) == 2", 6, { "count(ip.addr)" } },
	{ "count(ip.src == 2", 13, { "of the function is missing" } },
	{ "count(", 6, { "ends here" } },
	{ "ip.addr == 10.0.0.1/33", 11, { "192.0.2.0/24" } },
	{ "ip.addr == 10.0.0.1/", 20, { "ends here" } },
	{ "ip.src == \"10.0.0\"", 10, { "192.0.2.0/24" } },
	{ "ipv6.src == 10.0.0.1", 12, { "IPv6" } },
	{ "ipv6.src contains 20", 0, { "2001:db8::/32" } },
	{ "ipv6.src == 2001:db8::/129", 12, { "IPv6" } },
	{ "eth.src == \"02:00:00:00:00:01\"", 11, { "00:11:22" } },
	{ "eth.src[5] == 256", 14, { "bytes" } },
	{ "eth.src == 0:1", 11, { "bytes" } },
	{ "eth.src contains :", 17, { "bytes" } },
	{ "eth.src[0:2] == ::1", 16, { "bytes" } },
	{ "eth.src contains 02_03", 17, { "bytes" } },
	{ "udp.port == 0x", 12, { "number" } },
	{ "udp.port == 089", 12, { "number" } },
	{ "udp.port == 0b12", 12, { "number" } },
	{ "udp.port == 18446744073709551616", 12, { "is not a number" } },
	{ "udp.port == 'ab'", 12, { "is not a number" } },
	{ "udp.port == 1e2", 12, { "number" } },
	{ "udp.port == \"\"", 12, { "number" } },
	{ "ip.ttl == \"x\"", 10, { "is not a number" } },
	{ "icmp.type == \"Nothing\"", 13, { "names" } },
	{ "tcp.flags.syn == \"Sat\"", 17, { "True" } },
	{ "tcp.flags.syn == 12x", 17, { "is not a number" } },
	{ "udp.port in {1 .. ip.src}", 18, { "cannot be compared" } },
	{ "udp.port in {1 .. udp.srcport}", 13, { "range is of constants" } },
	{ "udp.port in {ip.src}", 13, { "cannot be compared" } },
	{ "udp.port in {1 ..", 17, { "ends here" } },
	{ "udp.port in {}", 13, { "not expected" } },
	{ "udp.port in {1 / 0}", 13, { "no result" } },
	{ "udp.port in {99999}", 13, { "too large" } },
	{ "udp.port in {1 .. 99999}", 18, { "too large" } },
	{ "1 in {2}", 0, { "needs a field" } },
	{ "port in {2}", 0, { "port" } },
	{ "tcp.analysis.retransmission in {1}", 0, { "no value to look for" } },
	{ "len(1) in {1}", 0, { "needs a field" } },
	{ "udp.port in \"a", 12, { "closing \"" } },
	{ "udp.port in {1 \"a", 15, { "closing \"" } },
	{ "udp.port not in 5", 16, { "followed by a set" } },
	{ "tcp.analysis.retransmission contains 1", 0, { "without a value" } },
	{ "udp.port == tcp.analysis.retransmission", 0, { "no value" } },
	{ "\"a\" contains \"b\"", 0, { "needs a field" } },
	{ "abc contains \"b\"", 0, { "abc" } },
	{ "\"b\" matches \"c\"", 0, { "needs a field" } },
	{ "dns.qry.name contains ip.src", 22, { "cannot be compared" } },
	{ "dns.qry.name contains", 21, { "ends here" } },
	{ "dns.qry.name matches", 20, { "ends here" } },
	{ "dns.qry.name matches lower(dns.qry.name)", 21, { "double quotes" } },
	{ "len(1) contains \"a\"", 0, { "needs a field" } },
	{ "dns.qry.name contains len(1)", 22, { "needs a field" } },
	{ "len(1) == 1", 0, { "needs a field" } },
	{ "udp.port == len(1)", 12, { "needs a field" } },
	{ "len(1) matches \"a\"", 0, { "needs a field" } },
	{ "len(1)", 0, { "needs a field" } },
	{ "10.0.0.1", 0, { "begins with a field" } },
	{ "5 + 5", 0, { "begins with a field" } },
	{ "http", 0, { "http" } },
	{ "upper(dns.qry.name)", 0, { "compared" } },
	{ "count(ip.addr)", 0, { "compared" } },
	{ "max(ip.ttl)", 0, { "compared" } },
	{ "dns.qry.name contains \"\\x\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\xg\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\u12\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\ud800\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\U00110000\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\U0001\"", 23, { "escape" } },
	{ "dns.qry.name contains \"\\", 23, { "escape" } },
	{ "dns.qry.name contains 'w", 22, { "closing '" } },
	{ "dns.qry.name contains \"\\q\"", 23, { "escape" } },
	{ "dns.qry.name contains r\"\\", 22, { "closing \"" } },
	{ "ip.src#[x]", 8, { "range" } },
	{ "ip.src#", 7, { "number of a layer" } },
	{ "ip.src#-", 7, { "number of a layer" } },
	{ "ip.src#[1", 9, { "is missing" } },
	{ "ip.src#\"a", 7, { "# is followed" } },
	{ "eth.src[-1-0] == 00", 8, { "both from the end" } },
	{ "eth.src[1--1] == 00", 8, { "both" } },
	{ "eth.src[99999999999] == 00", 8, { "range of bytes" } },
	{ "eth.src[a-1] == 00", 8, { "range of bytes" } },
	{ "eth.src[1-a] == 00", 8, { "range of bytes" } },
	{ "eth.src[a:1] == 00", 8, { "range of bytes" } },
	{ "eth.src[1:a] == 00", 8, { "range of bytes" } },
	{ "eth.src[1:-1] == 00", 8, { "at least 1" } },
	{ "eth.src[] == 00", 8, { "range of bytes" } },
	{ "ip.ttl == {1 + 2", 16, { "} is missing" } },
	{ "ip.ttl == {\"a", 11, { "closing \"" } },
	{ "ip.ttl == 1 +", 13, { "ends here" } },
	{ "ip.ttl == 1 *", 13, { "ends here" } },
	{ "ip.ttl & ", 9, { "ends here" } },
	{ "ip.ttl == -", 11, { "ends here" } },
	{ "all ip", 6, { "before a comparison" } },
	{ "ip and", 6, { "ends here" } },
	{ "ip or", 5, { "ends here" } },
	{ "ip xor", 6, { "ends here" } },
	{ "not", 3, { "ends here" } },
	{ "(", 1, { "ends here" } },
	{ "ip ;", 3, { "is not expected" } },
	{ "ip.src == 10.0.0.1 |", 19, { "is not expected" } },
	{ "(ip", 3, { ") is missing" } },
	{ ".", 0, { "begins with a field" } },
	{ "ip..src", 2, { "is not expected" } },
	{ "{ip.ttl} == 1 2", 14, { "2 is not expected" } },
	/* other languages, answered with the right spelling */
	{ "host 10.0.0.1", 0, { "write: ip.addr == 10.0.0.1" } },
	{ "port 80", 0, { "(tcp.port == 80 || udp.port == 80)" } },
	{ "tcp port 80", 4, { "write: tcp.port == 80" } },
	{ "udp src port 53", 4, { "write: udp.srcport == 53" } },
	{ "src host 10.0.0.1 and dst port 443", 0, { "ip.src == 10.0.0.1 "
	    "and (tcp.dstport == 443 || udp.dstport == 443)" } },
	{ "net 10.0.0.0/8", 0, { "write: ip.addr == 10.0.0.0/8" } },
	{ "host fe80::1", 0, { "write: ipv6.addr == fe80::1" } },
	{ "ether host 00:11:22:33:44:55", 0, { "eth.addr == " } },
	{ "tcp portrange 8000-8080", 4, { "tcp.port in {8000 .. 8080}" } },
	{ "not port 22", 4, { "not (tcp.port == 22" } },
	{ "icmp6", 0, { "write: icmpv6" } },
	{ "greater 1000", 0, { "write: frame.len >= 1000" } },
	{ "tcp[tcpflags] & (tcp-syn|tcp-ack) != 0", 4,
	    { "(tcp.flags.syn == 1 || tcp.flags.ack == 1)" } },
	{ "ip.src = 10.0.0.1", 7, { "write: ip.src == 10.0.0.1" } },
	{ "tcp AND udp", 4, { "write: tcp and udp" } },
	{ "tcp.port <> 80", 9, { "write: tcp.port != 80" } },
	{ "tcp.port IN (80, 443)", 9, { "tcp.port in {80, 443}" } },
	{ "tcp.port BETWEEN 1 AND 5", 9, { "tcp.port in {1 .. 5}" } },
	{ "dns.qry.name LIKE '%abc%'", 13, { "contains \"abc\"" } },
	{ "dns.qry.name = 'abc'", 13, { "dns.qry.name == \"abc\"" } },
	{ "port http", 0, { "(tcp.port == 80 || udp.port == 80)" } },
	{ "ip6 dst host fe80::1", 0, { "write: ipv6.dst == fe80::1" } },
	{ "ip src 10.0.0.1 or 10.0.0.2", 3, { "ip.src == 10.0.0.1 or "
	    "ip.addr == 10.0.0.2" } },
	{ "ether src 00:11:22:33:44:55", 0, { "eth.src == 00:11" } },
	{ "src port 80-90", 0, { "tcp.srcport in {80 .. 90}" } },
	{ "tcp portrange 80-x", 4, { "portrange is not expected" } },
	{ "tcp portrange x-80", 4, { "portrange is not expected" } },
	{ "tcp port x", 4, { "port is not expected" } },
	{ "udp port 65536", 4, { "port is not expected" } },
	{ "src host x", 0, { "src" } },
	{ "less 64 and vlan 5", 0, { "frame.len <= 64 and vlan.id == 5" } },
	{ "proto 6", 0, { "ip.proto == 6" } },
	{ "less x", 0, { "less" } },
	{ "tcp[tcpflags] & tcp-rst != 0", 4, { "(tcp.flags.reset == 1)" } },
	{ "tcp[tcpflags] & tcp-rst == 4", 4, { "range of bytes" } },
	{ "tcp[tcpflags] & (tcp-syn|tcp-x) != 0", 4, { "range of bytes" } },
	{ "tcp[tcpflags] & 2 != 0", 4, { "range of bytes" } },
	{ "tcp[tcpflags] & tcp-syn != 5", 4, { "range of bytes" } },
	{ "(port 80 AND NOT port 81) Or host 10.0.0.1", 1,
	    { "(tcp.port == 80 || udp.port == 80) and not (" } },
	{ "ip.src IS NOT NULL", 7, { "write: ip.src" } },
	{ "ip.src IS NULL", 7, { "IS is not expected" } },
	{ "ip.src is not x", 7, { "is is not expected" } },
	{ "dns.qry.name LIKE \"%a\\\"b\\\\c%\"", 13,
	    { "contains \"a\\\"b\\\\c\"" } },
	{ "dns.qry.name LIKE '%'", 13, { "contains \"\"" } },
	{ "dns.qry.name LIKE abc", 13, { "LIKE is not expected" } },
	{ "dns.qry.name IN ('a', 'bc')", 13, { "in {\"a\", \"bc\"}" } },
	{ "tcp.port BETWEEN 1 OR 5", 9, { "BETWEEN is not expected" } },
	{ "ip.ttl Eq 64 XOR tcp", 7, { "eq 64 xor tcp" } },
	{ "dns.qry.name =~ \"a\"", 13, { "matches \"a\"" } },
	{ "tcp | udp", 4, { "tcp || udp" } },
	{ "SELECT ip.src", 0, { "SELECT" } },
	{ "select * from t where ip.src = 10.0.0.1;", 0,
	    { "write: ip.src == 10.0.0.1" } },
};

/* Dates and durations that are none; tshark 4.0 refuses most, too. */
static const char *const dates[] = {
	"\"2023-01-32\"", "\"2023-13-01\"", "\"2023-00-01\"", "\"2023-01-00\"",
	"\"2023/01/01\"", "\"2023-01/01\"", "\"2023-1-1\"", "\"2023-01-1\"",
	"\"2023-01-01 25:00:00\"", "\"2023-01-01 10:60:00\"",
	"\"2023-01-01 10:00:61\"", "\"2023-01-01 10\"", "\"2023-01-01 10:0\"",
	"\"2023-01-01 10:00:0\"", "\"2023-01-01 10:00:00.\"",
	"\"2023-01-01x10:00:00\"", "\"2023-01-01 10:00:00+5\"",
	"\"2023-01-01 10:00:00*05\"", "\"2023-01-01 10:00:00+05:3\"",
	"\"2023-01-01 10:00:00+15:00\"", "\"2023-01-01 10:00:00+05:60\"",
	"\"2023-01-01 10:00:00Zx\"", "\"Jan 32, 2023 10:00:00\"",
	"\"Jan 0, 2023 10:00:00\"", "\"Jan 1 2023 10:00:00\"",
	"\"Jan 1,2023 10:00:00\"", "\"Jan x\"", "\"Jan 1, 23 10:00:00\"",
	"\"Jan 1, 2023\"", "\"Jan 1, 2023 10\"", "\"Foo 1, 2023 10:00:00\"",
	"\"Jan 1, 2023 10:00:00 CET\"", "\"\"", "\"Ja\"", "\"123\"",
};

static const char *const durations[] = {
	"1.x", "1.", "99999999999", "9999999999", "1s", ".5",
};

static void
test_times(void)
{
	struct filter_error error;
	char text[128];

	for (size_t i = 0; i < LENGTH(dates); i++) {
		(void)snprintf(text, sizeof(text), "frame.time > %s",
		    dates[i]);
		tap_check(filter_compile(span_text(text), &error) == NULL &&
		    error.offset == 13 && strstr(error.text, "date") != NULL,
		    text, __FILE__, __LINE__);
	}
	for (size_t i = 0; i < LENGTH(durations); i++) {
		(void)snprintf(text, sizeof(text),
		    "frame.time_relative == %s", durations[i]);
		tap_check(filter_compile(span_text(text), &error) == NULL &&
		    error.offset == 23 &&
		    strstr(error.text, "duration") != NULL,
		    text, __FILE__, __LINE__);
	}
}

static void
test_cases(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct filter_error error = { 0 };
		struct filter *f = filter_compile(span_text(cases[i].text),
		    &error);

		if (!tap_check(f == NULL, cases[i].text, __FILE__, __LINE__)) {
			filter_free(f);
			continue;
		}
		for (size_t k = 0; k < 3 && cases[i].words[k] != NULL; k++) {
			if (!ok(strstr(error.text, cases[i].words[k]) !=
			    NULL))
				printf("# %s: at %zu: %s\n# wanted: %s\n",
				    cases[i].text, error.offset, error.text,
				    cases[i].words[k]);
		}
		if (!ok_int(error.offset, cases[i].offset))
			printf("# %s: %s\n", cases[i].text, error.text);
	}
}

/* A filter of `n` times `part` between `before` and `after`. */
static struct filter *
repeated(const char *before, const char *part, size_t n, const char *after,
    struct filter_error *error)
{
	struct filter *f;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_text(&text, before);
	for (size_t i = 0; i < n; i++)
		buf_text(&text, part);
	buf_text(&text, after);
	f = filter_compile(buf_bytes(&text), error);
	buf_free(&text);
	return f;
}

static void
refused(const char *before, const char *part, size_t n, const char *words)
{
	struct filter_error error;
	struct filter *f = repeated(before, part, n, "tcp", &error);

	ok(f == NULL);
	if (!ok(strstr(error.text, words) != NULL))
		printf("# %s\n", error.text);
	filter_free(f);
}

static void
accepted(const char *before, const char *part, size_t n, const char *after)
{
	struct filter_error error;
	struct filter *f = repeated(before, part, n, after, &error);

	if (!ok(f != NULL))
		printf("# %s\n", error.text);
	filter_free(f);
}

static void
test_sizes(void)
{
	refused("", "tcp or ", 15000, "at most 16384");
	refused("", "(", 10000, "nested too deep");
	refused("", "(", FILTER_DEPTH + 1, "nested too deep");
	refused("ip.ttl == ", "{", 100, "nested too deep");
	refused("ip.ttl == ", "max(", 100, "nested too deep");
	refused("ip.ttl == ", "abs(", 100, "nested too deep");
	refused("ip.ttl == 1", "+1", 100, "too ");
	refused("eth.src[0", ",1", 100, "too many ranges");
	accepted("", "tcp or ", 2000, "udp");
	accepted("", "! ", 8000, "udp");
	accepted("", "!", 16001, "udp");
	accepted("udp.port in {1", ",1", 8000, "}");
	accepted("udp.port == 1", "||ip", 4000, "");
	accepted("frame.number", "<frame.len", 1000, "");
	accepted("dns.qry.name matches \"", "(a|", 10, "b))))))))))\"");
}

/* Each byte and each pair of tokens: an error or a filter, never a crash. */
static void
test_rubbish(void)
{
	static const char *const words[] = { "ip.src", "10.0.0.1", "==", "in",
		"{", "}", "(", ")", "[", "]", "0:3", "not", "any", "\"a\"",
		"'a'", "#", "1", "..", ",", "&", "-", "matches", "contains",
		"len(", "max(", "r\"", "\\", "host", "=", "LIKE", "tcp" };
	struct filter_error error;
	char text[64];
	size_t n = 0;

	for (unsigned b = 0; b < 256; b++) {
		uint8_t byte = (uint8_t)b;

		filter_free(filter_compile(span_of(&byte, 1), &error));
	}
	for (size_t i = 0; i < LENGTH(words); i++)
		for (size_t k = 0; k < LENGTH(words); k++)
			for (size_t m = 0; m < LENGTH(words); m++) {
				snprintf(text, sizeof(text), "%s %s %s",
				    words[i], words[k], words[m]);
				filter_free(filter_compile(span_text(text),
				    &error));
				n++;
			}
	ok_int(n, LENGTH(words) * LENGTH(words) * LENGTH(words));
}

/* What is offered instead of a protocol that is not decoded compiles. */
static void
test_undecoded(void)
{
	static const char *const names[] = { "http", "tls", "ssh", "ftp",
		"smtp", "smb2", "kerberos", "snmp", "radius", "quic" };
	struct filter_error error, none;

	for (size_t i = 0; i < LENGTH(names); i++) {
		struct span text, instead;
		struct filter *f;
		size_t at;

		ok(filter_compile(span_text(names[i]), &error) == NULL);
		text = span_text(error.text);
		at = span_find(text, span_text("by port: "));
		ok(at < text.n);
		instead = span_after(text, at + 9);
		instead = span_first(instead, span_find_byte(instead, ';'));
		f = filter_compile(instead, &none);
		ok(f != NULL);
		filter_free(f);
	}
}

int
main(void)
{
	hash_key_init();
	test_cases();
	test_times();
	test_undecoded();
	test_sizes();
	test_rubbish();
	return tap_done();
}
