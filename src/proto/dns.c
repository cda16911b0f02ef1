#include "proto/dns.h"

enum {
	DNS, DNS_ID,
};

static const struct field rows[] = {
	[DNS] = { "dns", FIELD_PROTOCOL, .help = "Domain Name System" },
	[DNS_ID] = { "dns.id", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Transaction ID" },
};

static const struct field_table dns_table = {
	"Domain Name System", rows, LENGTH(rows),
};

static const void *
dns_decode(struct cursor *c, struct decode *d)
{
	struct dns_message *m = arena_new(d->arena, struct dns_message);

	if (m == NULL || cur_left(c) < 12)
		return NULL;
	m->bytes = span_of(c->base, c->end);
	m->id = read_be16(c, d->fields, &rows[DNS_ID]);
	m->flags = cur_be16(c);
	for (size_t i = 0; i < LENGTH(m->counts); i++)
		m->counts[i] = cur_be16(c);
	return m;
}

const struct proto proto_dns = {
	.name = "dns",
	.title = "Domain Name System",
	.fields = &dns_table,
	.ports = (const struct proto_port[]){
		{ 17, 53, 53 }, { 6, 53, 53 }, { 6, 5353, 5353 },
		{ 132, 53, 53 }, { 0, 0, 0 },
	},
	.decode = dns_decode,
};

const struct proto proto_mdns = {
	.name = "mdns",
	.title = "Multicast Domain Name System",
	.fields = &dns_table,
	.ports = (const struct proto_port[]){
		{ 17, 5353, 5353 }, { 0, 0, 0 },
	},
	.decode = dns_decode,
};

const struct proto proto_llmnr = {
	.name = "llmnr",
	.title = "Link-local Multicast Name Resolution",
	.fields = &dns_table,
	.ports = (const struct proto_port[]){
		{ 17, 5355, 5355 }, { 0, 0, 0 },
	},
	.decode = dns_decode,
};
