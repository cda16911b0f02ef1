#include "proto/dns_rdata.h"

#include "proto/dns_words.h"

/* EDNS options (RFC 6891) and service parameters (RFC 9460): both are lists
 * of code, length, value. */

/* RFC 7871: as much of the address as the prefix needs. */
static void
subnet_read(struct dns_rdata *d, struct cursor *c)
{
	struct field_list *l = d->fields;
	uint16_t family = read_be16(c, l, &dns_rows[DNS_OPT_CLIENT_FAMILY]);
	uint8_t bytes[16] = { 0 }, prefix;
	size_t size = family == 1 ? 4 : family == 2 ? 16 : 0, n;
	char text[ADDR_TEXT];
	struct span s;

	prefix = read_u8(c, l, &dns_rows[DNS_OPT_CLIENT_NETMASK]);
	(void)read_u8(c, l, &dns_rows[DNS_OPT_CLIENT_SCOPE]);
	s = cur_rest(c);
	if (!cur_ok(c))
		return;
	if (size == 0) {
		field_bytes(l, &dns_rows[DNS_OPT_CLIENT_ADDR], s);
		return;
	}
	memcpy(bytes, s.p, s.n < size ? s.n : size);
	if (l != NULL)
		field_put_bytes(l, &dns_rows[family == 1 ?
		    DNS_OPT_CLIENT_ADDR4 : DNS_OPT_CLIENT_ADDR6], s,
		    arena_copy(d->arena, span_of(bytes, size)));
	n = family == 1 ? addr_write_ipv4(text, bytes) :
	    addr_write_ipv6(text, bytes);
	dns_part_printf(d, "%.*s/%u", (int)n, text, prefix);
}

static void
bytes_read(struct dns_rdata *d, struct cursor *c, enum dns_row row)
{
	while (cur_left(c) > 0)
		dns_part_printf(d, "%u",
		    read_u8(c, d->fields, &dns_rows[row]));
}

static void
chain_read(struct dns_rdata *d, struct cursor *c)
{
	struct dns_names names = { .arena = d->arena };
	struct dns_name name = dns_name_read(&names, c);

	if (cur_ok(c) && d->fields != NULL)
		field_put_bytes(d->fields, &dns_rows[DNS_OPT_CHAIN_FQDN],
		    span_of(c->base, c->pos),
		    dns_name_shown(&name, d->arena));
}

static void
cookie_read(struct dns_rdata *d, struct cursor *c)
{
	struct span s = read_bytes(c, 8, d->fields,
	    &dns_rows[DNS_OPT_COOKIE_CLIENT]);

	if (!cur_ok(c))
		return;
	dns_part_hex(d, s);
	s = read_bytes(c, cur_left(c), d->fields,
	    &dns_rows[DNS_OPT_COOKIE_SERVER]);
	if (s.n > 0)
		dns_part_hex(d, s);
}

/* RFC 8914 */
static void
error_read(struct dns_rdata *d, struct cursor *c)
{
	uint16_t code = read_be16(c, d->fields,
	    &dns_rows[DNS_OPT_EXT_ERROR_INFO_CODE]);
	const char *name = value_name(dns_ext_errors, code);

	if (!cur_ok(c))
		return;
	dns_part_printf(d, "%u %s", code, name == NULL ? "" : name);
	if (cur_left(c) > 0)
		dns_part_quoted(d, read_bytes(c, cur_left(c), d->fields,
		    &dns_rows[DNS_OPT_EXT_ERROR_EXTRA_TEXT]));
}

static void
option_value(struct dns_rdata *d, struct cursor *c, uint16_t code)
{
	switch (code) {
	case 5:
		bytes_read(d, c, DNS_OPT_DAU);
		break;
	case 6:
		bytes_read(d, c, DNS_OPT_DHU);
		break;
	case 7:
		bytes_read(d, c, DNS_OPT_N3U);
		break;
	case 8:
	case 0x50fa: /* before the number was assigned */
		subnet_read(d, c);
		break;
	case 10:
		cookie_read(d, c);
		break;
	case 11:
		if (cur_left(c) > 0)
			dns_part_printf(d, "%u", read_be16(c, d->fields,
			    &dns_rows[DNS_OPT_EDNS_TCP_KEEPALIVE_TIMEOUT]));
		break;
	case 12:
		(void)read_bytes(c, cur_left(c), d->fields,
		    &dns_rows[DNS_OPT_PADDING]);
		break;
	case 13:
		chain_read(d, c);
		break;
	case 15:
		error_read(d, c);
		break;
	default:
		dns_part_hex(d, cur_rest(c));
		break;
	}
}

static void
option_name(struct dns_rdata *d, const struct value_name *names, uint16_t code,
    const char *otherwise)
{
	const char *name = value_name(names, code);

	if (name != NULL)
		dns_part_printf(d, "%s", name);
	else
		dns_part_printf(d, "%s%u", otherwise, code);
}

void
dns_opt_read(struct dns_rdata *d)
{
	struct field_list *l = d->fields;
	struct cursor value;
	uint16_t code, n;
	size_t entered;

	while (cur_left(&d->c) > 0) {
		entered = field_enter(l, &dns_rows[DNS_OPT],
		    span_of(d->c.base + d->c.pos, 0));
		code = read_be16(&d->c, l, &dns_rows[DNS_OPT_CODE]);
		n = read_be16(&d->c, l, &dns_rows[DNS_OPT_LEN]);
		value = cur_sub(&d->c, n);
		if (cur_ok(&d->c)) {
			field_bytes(l, &dns_rows[DNS_OPT_DATA],
			    span_of(value.base, n));
			option_name(d, dns_options, code, "OPT");
			option_value(d, &value, code);
		}
		field_leave(l, entered, d->c.base + d->c.pos);
		d->malformed = d->malformed || !cur_ok(&value);
	}
}

static void
addresses_read(struct dns_rdata *d, struct cursor *c, enum dns_row row,
    size_t size)
{
	char text[ADDR_TEXT];
	struct span s;
	size_t n;

	while (cur_left(c) > 0) {
		s = read_bytes(c, size, d->fields, &dns_rows[row]);
		if (!cur_ok(c))
			return;
		n = size == 4 ? addr_write_ipv4(text, s.p) :
		    addr_write_ipv6(text, s.p);
		dns_part_printf(d, "%.*s", (int)n, text);
	}
}

static void
alpn_read(struct dns_rdata *d, struct cursor *c)
{
	struct span s;
	uint8_t n;

	while (cur_left(c) > 0) {
		n = read_u8(c, d->fields,
		    &dns_rows[DNS_SVCB_SVCPARAM_ALPN_LENGTH]);
		s = read_bytes(c, n, d->fields,
		    &dns_rows[DNS_SVCB_SVCPARAM_ALPN]);
		if (cur_ok(c))
			dns_part_quoted(d, s);
	}
}

static void
param_value(struct dns_rdata *d, struct cursor *c, uint16_t key)
{
	switch (key) {
	case 0:
		while (cur_left(c) > 0)
			option_name(d, dns_svc_keys, read_be16(c, d->fields,
			    &dns_rows[DNS_SVCB_SVCPARAM_MANDATORY_KEY]),
			    "key");
		break;
	case 1:
		alpn_read(d, c);
		break;
	case 2:
		break;
	case 3:
		dns_part_printf(d, "%u", read_be16(c, d->fields,
		    &dns_rows[DNS_SVCB_SVCPARAM_PORT]));
		break;
	case 4:
		addresses_read(d, c, DNS_SVCB_SVCPARAM_IPV4HINT_IP, 4);
		break;
	case 5:
		dns_part_base64(d, read_bytes(c, cur_left(c), d->fields,
		    &dns_rows[DNS_SVCB_SVCPARAM_ECHCONFIG]));
		break;
	case 6:
		addresses_read(d, c, DNS_SVCB_SVCPARAM_IPV6HINT_IP, 16);
		break;
	case 32769:
		dns_part_base64(d, read_bytes(c, cur_left(c), d->fields,
		    &dns_rows[DNS_SVCB_SVCPARAM_ODOHCONFIG]));
		break;
	default:
		if (cur_left(c) > 0)
			dns_part_quoted(d, read_bytes(c, cur_left(c),
			    d->fields, &dns_rows[DNS_SVCB_SVCPARAM_VALUE]));
		break;
	}
}

void
dns_svcb_read(struct dns_rdata *d)
{
	struct field_list *l = d->fields;
	struct cursor value;
	uint16_t key, n;
	size_t entered;

	(void)dns_read_u16(d, DNS_SVCB_SVCPRIORITY);
	(void)dns_read_name(d, DNS_SVCB_TARGETNAME);
	while (cur_left(&d->c) > 0) {
		entered = field_enter(l, &dns_rows[DNS_SVCB_SVCPARAM],
		    span_of(d->c.base + d->c.pos, 0));
		key = read_be16(&d->c, l,
		    &dns_rows[DNS_SVCB_SVCPARAM_KEY]);
		n = read_be16(&d->c, l,
		    &dns_rows[DNS_SVCB_SVCPARAM_VALUE_LENGTH]);
		value = cur_sub(&d->c, n);
		if (cur_ok(&d->c)) {
			option_name(d, dns_svc_keys, key, "key");
			param_value(d, &value, key);
		}
		field_leave(l, entered, d->c.base + d->c.pos);
		d->malformed = d->malformed || !cur_ok(&value);
	}
}

/* RFC 1876: mantissa and exponent of centimetres, as metres. */
static void
loc_size(struct dns_rdata *d, enum dns_row row)
{
	uint8_t byte = read_u8(&d->c, d->fields, &dns_rows[row]);
	uint64_t cm = byte >> 4;

	for (unsigned i = byte & 0xf; i > 0 && i < 10; i--)
		cm *= 10;
	dns_part_printf(d, "%llu.%02llum", (unsigned long long)(cm / 100),
	    (unsigned long long)(cm % 100));
}

static void
loc_angle(struct dns_rdata *d, enum dns_row row, const char *sides)
{
	uint32_t value = read_be32(&d->c, d->fields, &dns_rows[row]);
	uint32_t n = value >= 1U << 31 ? value - (1U << 31) :
	    (1U << 31) - value;

	dns_part_printf(d, "%u %u %u.%03u %c", (unsigned)(n / 3600000),
	    (unsigned)(n / 60000 % 60), (unsigned)(n / 1000 % 60),
	    (unsigned)(n % 1000), value >= 1U << 31 ? sides[0] : sides[1]);
}

void
dns_loc_read(struct dns_rdata *d)
{
	struct dns_rdata sizes = *d;
	struct cursor ahead = d->c;
	int64_t altitude;

	if (cur_u8(&ahead) != 0) {
		(void)read_u8(&d->c, d->fields, &dns_rows[DNS_LOC_VERSION]);
		cur_seek(&d->c, d->c.pos - 1);
		(void)dns_read_hex(d, DNS_LOC_UNKNOWN_DATA,
		    cur_claimed_left(&d->c));
		return;
	}
	(void)read_u8(&d->c, d->fields, &dns_rows[DNS_LOC_VERSION]);
	/* The sizes stand first on the wire and last in the text. */
	sizes.c = d->c;
	sizes.fields = NULL;
	d->text = NULL;
	loc_size(d, DNS_LOC_SIZE);
	loc_size(d, DNS_LOC_HORIZONTAL_PRECISION);
	loc_size(d, DNS_LOC_VERTICAL_PRECISION);
	d->text = sizes.text;
	loc_angle(d, DNS_LOC_LATITUDE, "NS");
	loc_angle(d, DNS_LOC_LONGITUDE, "EW");
	altitude = (int64_t)read_be32(&d->c, d->fields,
	    &dns_rows[DNS_LOC_ALTITUDE]) - 10000000;
	dns_part_printf(d, "%s%lld.%02lldm", altitude < 0 ? "-" : "",
	    (long long)(altitude < 0 ? -altitude : altitude) / 100,
	    (long long)(altitude < 0 ? -altitude : altitude) % 100);
	sizes.first = d->first;
	if (!cur_ok(&d->c))
		return;
	loc_size(&sizes, DNS_LOC_SIZE);
	loc_size(&sizes, DNS_LOC_HORIZONTAL_PRECISION);
	loc_size(&sizes, DNS_LOC_VERTICAL_PRECISION);
}
