#include "filter/names.h"

#include <stdlib.h>

#include "base/text.h"
#include "proto/proto.h"

#define NEAR_MAX 4
#define NAME_SHOWN 60

/* What Wireshark called it once, or what other tools call it. */
static const struct {
	const char *old, *now;
} renamed[] = {
	{ "bootp", "dhcp" },
	{ "ssl", "tls" },
	{ "ip6", "ipv6" },
	{ "ipv4", "ip" },
	{ "icmp6", "icmpv6" },
	{ "ether", "eth" },
	{ "host", "ip.addr" },
	{ "port", "tcp.port" },
	{ "dns.name", "dns.qry.name" },
	{ "dns.query", "dns.qry.name" },
	{ "ip.source", "ip.src" },
	{ "ip.destination", "ip.dst" },
	{ "tcp.sport", "tcp.srcport" },
	{ "tcp.dport", "tcp.dstport" },
	{ "udp.sport", "udp.srcport" },
	{ "udp.dport", "udp.dstport" },
	{ "tcp.syn", "tcp.flags.syn" },
	{ "tcp.rst", "tcp.flags.reset" },
	{ "tcp.ack_flag", "tcp.flags.ack" },
	{ "mac", "eth.addr" },
};

static size_t
names_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < field_tables(); i++)
		n += field_table_at(i)->n;
	return n;
}

static size_t
names_renamed(struct span word, const char **near)
{
	for (size_t i = 0; i < LENGTH(renamed); i++) {
		if (!span_is_nocase(word, renamed[i].old))
			continue;
		if (field_find(span_text(renamed[i].now), 0) == NULL)
			continue;
		near[0] = renamed[i].now;
		return 1;
	}
	return 0;
}

/* The same name may stand in several rows. */
static void
names_add(const char **all, size_t *n, const char *name)
{
	if (name == NULL || (*n > 0 && strcmp(all[*n - 1], name) == 0))
		return;
	all[(*n)++] = name;
}

static bool
names_have(const char *const *near, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(near[i], name) == 0)
			return true;
	}
	return false;
}

/* Fields below the word: tcp.flags.syn and the like below tcp.flags. */
static size_t
names_below(struct span word, const char *const *all, size_t n_all,
    const char **near, size_t n, size_t max)
{
	for (size_t i = 0; i < n_all && n < max; i++) {
		struct span name = span_text(all[i]);

		if (name.n <= word.n + 1 ||
		    !span_equal_nocase(span_first(name, word.n), word) ||
		    !span_starts(span_after(name, word.n), "."))
			continue;
		if (!names_have(near, n, all[i]))
			near[n++] = all[i];
	}
	return n;
}

/* At most `max` names of our fields near to the word, nearest first. */
static size_t
names_nearest(struct span word, const char **near, size_t max)
{
	const char *found[NEAR_MAX];
	const char **all;
	size_t n_all = 0, n, n_found;

	n = max > 0 ? names_renamed(word, near) : 0;
	all = malloc((names_count() * 2 + 1) * sizeof(*all));
	if (all == NULL)
		return n;
	for (size_t i = 0; i < field_tables(); i++) {
		const struct field_table *t = field_table_at(i);

		for (size_t k = 0; k < t->n; k++) {
			names_add(all, &n_all, t->rows[k].name);
			names_add(all, &n_all, t->rows[k].also);
		}
	}
	n_found = text_nearest(word, all, n_all, found, LENGTH(found));
	for (size_t i = 0; i < n_found && n < max; i++) {
		if (!names_have(near, n, found[i]))
			near[n++] = found[i];
	}
	n = names_below(word, all, n_all, near, n, max);
	free(all);
	return n;
}

/* Protocols that people ask for and that we do not decode, with their usual
 * ports (IANA): what can be asked instead. */
static const struct {
	const char *name, *instead;
} undecoded[] = {
	{ "http", "tcp.port in {80, 8000, 8080}" },
	{ "http2", "tcp.port == 443" },
	{ "tls", "tcp.port in {443, 465, 853, 993}" },
	{ "ssl", "tcp.port in {443, 465, 853, 993}" },
	{ "quic", "udp.port == 443" },
	{ "ssh", "tcp.port == 22" },
	{ "ftp", "tcp.port == 21" },
	{ "telnet", "tcp.port == 23" },
	{ "smtp", "tcp.port in {25, 465, 587}" },
	{ "imap", "tcp.port in {143, 993}" },
	{ "pop", "tcp.port in {110, 995}" },
	{ "smb", "tcp.port in {139, 445}" },
	{ "smb2", "tcp.port == 445" },
	{ "kerberos", "udp.port == 88 or tcp.port == 88" },
	{ "ldap", "tcp.port in {389, 636}" },
	{ "rdp", "tcp.port == 3389" },
	{ "mysql", "tcp.port == 3306" },
	{ "ntp", "udp.port == 123" },
	{ "snmp", "udp.port in {161, 162}" },
	{ "tftp", "udp.port == 69" },
	{ "syslog", "udp.port == 514" },
	{ "mqtt", "tcp.port in {1883, 8883}" },
	{ "modbus", "tcp.port == 502" },
	{ "bgp", "tcp.port == 179" },
	{ "radius", "udp.port in {1812, 1813}" },
};

static const char *
undecoded_instead(struct span name)
{
	struct span protocol = span_first(name, span_find_byte(name, '.'));

	for (size_t i = 0; i < LENGTH(undecoded); i++)
		if (span_is_nocase(protocol, undecoded[i].name))
			return undecoded[i].instead;
	return NULL;
}

void
names_unknown(struct buf *out, struct span name)
{
	const char *near[NEAR_MAX];
	const char *instead = undecoded_instead(name);
	size_t n = 0;

	buf_text(out, "no field named ");
	text_escape(out, name, NAME_SHOWN);
	if (instead != NULL) {
		buf_printf(out, "; this protocol is not decoded; by port: %s; "
		    "its text: search_payload, follow_stream", instead);
		return;
	}
	n = names_nearest(name, near, LENGTH(near));
	if (n == 0) {
		buf_text(out, "; list_fields shows what there is");
		return;
	}
	buf_text(out, "; nearest: ");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_text(out, ", ");
		buf_text(out, near[i]);
	}
}
