#include "proto/dns_rdata.h"

/* Ports as bits, first of the first byte is port 0. */
void
dns_wks_read(struct dns_rdata *d)
{
	unsigned port = 0;

	while (cur_left(&d->c) > 0) {
		struct span where = span_of(d->c.base + d->c.pos, 1);
		uint8_t bits = cur_u8(&d->c);

		if (bits != 0 && d->fields != NULL)
			field_put_number(d->fields, &dns_rows[DNS_WKS_BITS],
			    where, bits);
		for (unsigned bit = 0; bit < 8; bit++, port++)
			if ((bits & 0x80 >> bit) != 0)
				dns_part_printf(d, "%u", port);
	}
}

void
dns_a6_read(struct dns_rdata *d)
{
	uint8_t prefix = dns_read_u8(d, DNS_A6_PREFIX_LEN);
	size_t n = prefix > 128 ? 0 : (size_t)(128 - prefix + 7) / 8;
	struct span s = cur_take(&d->c, n);
	uint8_t bytes[16] = { 0 };
	char text[ADDR_TEXT];

	if (!cur_ok(&d->c) || prefix > 128) {
		d->malformed = true;
		return;
	}
	memcpy(bytes + 16 - n, s.p, n);
	if (d->fields != NULL && n > 0)
		field_put_bytes(d->fields, &dns_rows[DNS_A6_ADDRESS_SUFFIX], s,
		    arena_copy(d->arena, span_of(bytes, 16)));
	dns_part_printf(d, "%.*s", (int)addr_write_ipv6(text, bytes), text);
	if (prefix > 0)
		(void)dns_read_name(d, DNS_A6_PREFIX_NAME);
}

static void
apl_address(struct dns_rdata *d, uint16_t family, uint8_t prefix, uint8_t n)
{
	struct span s = cur_take(&d->c, n & 0x7f);
	uint8_t bytes[16] = { 0 };
	char text[ADDR_TEXT];
	size_t size = family == 1 ? 4 : family == 2 ? 16 : 0, written;

	if (!cur_ok(&d->c))
		return;
	if (size == 0 || s.n > size) {
		field_bytes(d->fields, &dns_rows[DNS_APL_AFDPART_DATA], s);
		return;
	}
	memcpy(bytes, s.p, s.n);
	if (d->fields != NULL)
		field_put_bytes(d->fields, &dns_rows[family == 1 ?
		    DNS_APL_AFDPART_IPV4 : DNS_APL_AFDPART_IPV6], s,
		    arena_copy(d->arena, span_of(bytes, size)));
	written = family == 1 ? addr_write_ipv4(text, bytes) :
	    addr_write_ipv6(text, bytes);
	dns_part_printf(d, "%s%u:%.*s/%u", (n & 0x80) != 0 ? "!" : "", family,
	    (int)written, text, prefix);
}

/* RFC 3123 */
void
dns_apl_read(struct dns_rdata *d)
{
	struct span where;
	uint16_t family;
	uint8_t prefix, n;

	while (cur_left(&d->c) > 0) {
		family = read_be16(&d->c, d->fields,
		    &dns_rows[DNS_APL_ADDRESS_FAMILY]);
		prefix = read_u8(&d->c, d->fields,
		    &dns_rows[DNS_APL_CODED_PREFIX]);
		where = span_of(d->c.base + d->c.pos, 1);
		n = cur_u8(&d->c);
		if (!cur_ok(&d->c))
			return;
		field_bits(d->fields, &dns_rows[DNS_APL_NEGATION], where, n,
		    0x80);
		field_bits(d->fields, &dns_rows[DNS_APL_AFDLENGTH], where, n,
		    0x7f);
		apl_address(d, family, prefix, n);
	}
}

/* RFC 7477 */
void
dns_csync_read(struct dns_rdata *d)
{
	struct span where;
	uint16_t flags;

	(void)dns_read_u32(d, DNS_CSYNC_SOA);
	where = span_of(d->c.base + d->c.pos, 2);
	flags = dns_read_u16(d, DNS_CSYNC_FLAGS);
	if (!cur_ok(&d->c))
		return;
	field_bits(d->fields, &dns_rows[DNS_CSYNC_FLAGS_IMMEDIATE], where,
	    flags, 1);
	field_bits(d->fields, &dns_rows[DNS_CSYNC_FLAGS_SOAMINIMUM], where,
	    flags, 2);
	field_bytes(d->fields, &dns_rows[DNS_CSYNC_TYPE_BITMAP],
	    span_of(d->c.base + d->c.pos, cur_left(&d->c)));
	dns_read_types(d);
}

static void
wins_local(struct dns_rdata *d, enum dns_row row)
{
	struct span where = span_of(d->c.base + d->c.pos, 4);
	uint32_t flags = cur_be32(&d->c);

	if (!cur_ok(&d->c))
		return;
	field_bits(d->fields, &dns_rows[row], where, flags, 1);
	dns_part_printf(d, "%u", (unsigned)(flags & 1));
}

void
dns_wins_read(struct dns_rdata *d)
{
	uint32_t n;

	wins_local(d, DNS_WINS_LOCAL_FLAG);
	(void)dns_read_u32(d, DNS_WINS_LOOKUP_TIMEOUT);
	(void)dns_read_u32(d, DNS_WINS_CACHE_TIMEOUT);
	n = dns_read_u32(d, DNS_WINS_NB_WINS_SERVERS);
	for (; n > 0 && cur_left(&d->c) > 0; n--)
		dns_read_ipv4(d, DNS_WINS_WINS_SERVER);
}

void
dns_wins_r_read(struct dns_rdata *d)
{
	wins_local(d, DNS_WINSR_LOCAL_FLAG);
	(void)dns_read_u32(d, DNS_WINSR_LOOKUP_TIMEOUT);
	(void)dns_read_u32(d, DNS_WINSR_CACHE_TIMEOUT);
	(void)dns_read_name(d, DNS_WINSR_NAME_RESULT_DOMAIN);
}

void
dns_xpf_read(struct dns_rdata *d)
{
	struct span where = span_of(d->c.base + d->c.pos, 1);
	uint8_t version = cur_u8(&d->c) & 0xf;

	if (!cur_ok(&d->c))
		return;
	if (d->fields != NULL)
		field_put_number(d->fields, &dns_rows[DNS_XPF_IP_VERSION],
		    where, version);
	if (version != 4 && version != 6)
		return;
	(void)dns_read_u8(d, DNS_XPF_PROTOCOL);
	if (version == 4) {
		dns_read_ipv4(d, DNS_XPF_SOURCE_IPV4);
		dns_read_ipv4(d, DNS_XPF_DESTINATION_IPV4);
	} else {
		dns_read_ipv6(d, DNS_XPF_SOURCE_IPV6);
		dns_read_ipv6(d, DNS_XPF_DESTINATION_IPV6);
	}
	(void)dns_read_u16(d, DNS_XPF_SPORT);
	(void)dns_read_u16(d, DNS_XPF_DPORT);
}
