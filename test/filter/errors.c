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
	{ "foo(ip.src) == 1", 0, { "no such function", "upper" } },
	/* types */
	{ "ip.src == 300.1.1.1", 10, { "IPv4", "192.0.2.0/24" } },
	{ "ip.src == ::1", 10, { "IPv4", "ipv6.addr" } },
	{ "ip.src == www.example.org", 10, { "www.example.org" } },
	{ "udp.port == 65536", 12, { "too large", "65535" } },
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
	{ "udp.port matches \"5\"", 0, { "string(udp.srcport)" } },
	{ "tcp.analysis.retransmission == 1", 0, { "no value" } },
	{ "tcp.flags.syn + 1 == 2", 14, { "True or False", "added" } },
	{ "udp.port[0] == 00", 8, { "sliced" } },
	{ "upper(udp.port) == \"A\"", 0, { "strings" } },
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
	{ "select * from t where ip.src = 10.0.0.1;", 0,
	    { "write: ip.src == 10.0.0.1" } },
};

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
	test_undecoded();
	test_sizes();
	test_rubbish();
	return tap_done();
}
