#include "proto/dhcp_option.h"

#include "base/addr.h"
#include "base/text.h"
#include "proto/dns_name.h"

/*
 * Options that are no plain list: parts in the order of the wire, each
 * handed out as it is read.  A function gives false when the length cannot
 * be.
 */
static const struct field *
row(enum dhcp_row at)
{
	return &dhcp_rows[at];
}

static void
link_address_put(struct dhcp_fields *f, uint16_t hardware, struct span s)
{
	struct buf b;

	buf_init(&b, 600);
	text_hex(&b, s, hardware == 1 && s.n == 6 ? ':' : 0);
	field_put_bytes(f->l, row(DHCP_ROW_CLIENT_ID_LINK_LAYER_ADDRESS), s,
	    arena_copy(f->arena, buf_bytes(&b)));
	buf_free(&b);
}

/* RFC 4361: IAID and DUID. */
static bool
duid_put(struct dhcp_fields *f, struct cursor *c)
{
	struct span iaid = cur_take(c, 4);
	uint16_t type, hardware;
	struct buf hex;

	buf_init(&hex, 16);
	text_hex(&hex, iaid, 0);
	field_put_bytes(f->l, row(DHCP_ROW_CLIENT_ID_IAID), iaid,
	    arena_copy(f->arena, buf_bytes(&hex)));
	buf_free(&hex);
	type = read_be16(c, f->l, row(DHCP_ROW_CLIENT_ID_DUID_TYPE));
	if (type == 1) {
		hardware = read_be16(c, f->l,
		    row(DHCP_ROW_CLIENT_ID_DUID_LLT_HW_TYPE));
		(void)read_be32(c, f->l, row(DHCP_ROW_CLIENT_ID_TIME));
		link_address_put(f, hardware, cur_rest(c));
	} else if (type == 2) {
		(void)read_be32(c, f->l,
		    row(DHCP_ROW_CLIENT_ID_ENTERPRISE_NUM));
		(void)read_bytes(c, cur_left(c), f->l,
		    row(DHCP_ROW_CLIENT_ID));
	} else if (type == 3) {
		hardware = read_be16(c, f->l,
		    row(DHCP_ROW_CLIENT_ID_DUID_LL_HW_TYPE));
		link_address_put(f, hardware, cur_rest(c));
	}
	return true;
}

/* Of 16 bytes.  The first three parts are little-endian on the wire (PXE). */
static void
uuid_put(struct dhcp_fields *f, struct span s)
{
	static const uint8_t from[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10,
		11, 12, 13, 14, 15 };
	uint8_t uuid[16];

	for (size_t i = 0; i < sizeof(uuid); i++)
		uuid[i] = s.p[from[i]];
	field_put_bytes(f->l, row(DHCP_ROW_CLIENT_ID_UUID), s,
	    arena_copy(f->arena, span_of(uuid, sizeof(uuid))));
}

/* RFC 2132, 9.14 */
static bool
client_id_put(struct dhcp_fields *f, struct cursor *c)
{
	size_t n = cur_left(c);
	struct span where = span_of(c->base, n < 1 ? 0 : 1);
	uint8_t type = cur_u8(c);

	if (type == 0 && n == 17) {
		uuid_put(f, cur_rest(c));
	} else if (type == 0 && n > 1) {
		dhcp_put(f, DHCP_ROW_CLIENT_ID_TYPE, where, 0);
		dhcp_put_bytes(f, DHCP_ROW_CLIENT_ID_UNDEF, cur_rest(c));
	} else if (type == 255 && n > 7) {
		return duid_put(f, c);
	} else if (n == 7 && type > 0 && type < 48) {
		dhcp_put(f, DHCP_ROW_HW_TYPE, where, type);
		dhcp_put_bytes(f, DHCP_ROW_HW_MAC_ADDR, cur_rest(c));
	}
	return true;
}

/* RFC 4702: flags, two results, the name as text or as in DNS. */
static bool
fqdn_put(struct dhcp_fields *f, struct cursor *c)
{
	static const struct {
		uint8_t mask;
		uint16_t row;
	} bits[] = {
		{ 0xf0, DHCP_ROW_FQDN_MBZ }, { 8, DHCP_ROW_FQDN_N },
		{ 4, DHCP_ROW_FQDN_E }, { 2, DHCP_ROW_FQDN_O },
		{ 1, DHCP_ROW_FQDN_S },
	};
	struct span where = span_of(c->base, 1), s;
	struct dns_names names = { .arena = f->arena };
	struct dns_name name;
	uint8_t flags;

	if (cur_left(c) < 3)
		return false;
	flags = read_u8(c, f->l, row(DHCP_ROW_FQDN_FLAGS));
	for (size_t i = 0; i < LENGTH(bits); i++)
		field_bits(f->l, row(bits[i].row), where, flags,
		    bits[i].mask);
	(void)read_u8(c, f->l, row(DHCP_ROW_FQDN_RCODE1));
	(void)read_u8(c, f->l, row(DHCP_ROW_FQDN_RCODE2));
	s = cur_rest(c);
	if (s.n == 0)
		return true;
	if ((flags & 4) == 0) {
		dhcp_put_bytes(f, DHCP_ROW_FQDN_NAME, s);
		return true;
	}
	*c = cur_open(s);
	name = dns_name_read_partial(&names, c);
	field_put_bytes(f->l, row(DHCP_ROW_FQDN_NAME), s,
	    cur_ok(c) ? dns_name_shown(&name, f->arena) : s);
	return true;
}

/* RFC 3397: the names of all pieces stand with the last one. */
static bool
domains_put(struct dhcp_fields *f)
{
	struct cursor c = cur_open(f->domains);
	struct dns_names names = { .arena = f->arena };
	struct dns_name name;
	size_t start;

	if (++f->domain_piece < f->domain_pieces)
		return true;
	while (cur_left(&c) > 0) {
		start = c.pos;
		name = dns_name_read(&names, &c);
		if (!cur_ok(&c))
			break;
		field_put_bytes(f->l,
		    row(DHCP_ROW_O_DHCP_DNS_DOMAIN_SEARCH_LIST_FQDN),
		    span_of(c.base + start, c.pos - start),
		    dns_name_shown(&name, f->arena));
	}
	return true;
}

static bool
routes_put(struct dhcp_fields *f, struct cursor *c)
{
	struct addr net, router;
	uint8_t prefix;
	size_t start;

	if (cur_left(c) < 5)
		return false;
	while (cur_left(c) > 0) {
		start = c->pos;
		if (!dhcp_route_read(c, &net, &prefix, &router))
			return true;
		dhcp_put_bytes(f, DHCP_ROW_O_CLASSLESS_STATIC_ROUTE,
		    span_of(c->base + start, c->pos - start));
	}
	return true;
}

/* RFC 3004; some send text without lengths. */
static bool
user_class_put(struct dhcp_fields *f, struct cursor *c)
{
	struct span s;
	unsigned number = 0;
	uint8_t n;

	if (cur_left(c) < 2)
		return false;
	while (cur_left(c) > 0) {
		struct span all = span_of(c->base + c->pos, cur_left(c));

		n = cur_u8(c);
		if (n > cur_left(c)) {
			dhcp_put_bytes(f, DHCP_ROW_O_USER_CLASS_TEXT, all);
			return true;
		}
		s = cur_take(c, n);
		dhcp_put(f, DHCP_ROW_O_USER_CLASS, span_first(all, n + 1U),
		    number++);
		dhcp_put(f, DHCP_ROW_O_USER_CLASS_LENGTH, span_first(all, 1),
		    n);
		if (n == 0)
			return false;
		dhcp_put_bytes(f, DHCP_ROW_O_USER_CLASS_DATA, s);
	}
	return true;
}

/* RFC 3361 */
static bool
sip_put(struct dhcp_fields *f, struct cursor *c)
{
	uint8_t encoding = read_u8(c, f->l,
	    row(DHCP_ROW_O_SIP_SERVER_ENCODING));
	struct dns_names names = { .arena = f->arena };
	struct dns_name name;
	struct cursor value = cur_open(cur_rest(c));
	size_t start;

	if (encoding == 1) {
		if (cur_left(&value) == 0 || cur_left(&value) % 4 != 0)
			return false;
		while (cur_left(&value) > 0)
			dhcp_put_bytes(f, DHCP_ROW_O_SIP_SERVER_ADDRESS,
			    cur_take(&value, 4));
	}
	while (encoding == 0 && cur_left(&value) > 0) {
		start = value.pos;
		name = dns_name_read(&names, &value);
		if (cur_ok(&value))
			field_put_bytes(f->l, row(DHCP_ROW_O_SIP_SERVER_NAME),
			    span_of(value.base + start, value.pos - start),
			    dns_name_shown(&name, f->arena));
	}
	return true;
}

/* RFC 4776, 3.1 */
static bool
civic_put(struct dhcp_fields *f, struct cursor *c)
{
	uint8_t n;

	if (cur_left(c) < 3)
		return true;
	(void)read_u8(c, f->l, row(DHCP_ROW_O_CIVIC_LOCATION_WHAT));
	(void)read_bytes(c, 2, f->l, row(DHCP_ROW_O_CIVIC_LOCATION_COUNTRY));
	while (cur_left(c) >= 2) {
		(void)read_u8(c, f->l, row(DHCP_ROW_O_CIVIC_LOCATION_CA_TYPE));
		n = read_u8(c, f->l,
		    row(DHCP_ROW_O_CIVIC_LOCATION_CA_LENGTH));
		(void)read_bytes(c, n, f->l,
		    row(DHCP_ROW_O_CIVIC_LOCATION_CA_VALUE));
	}
	return true;
}

/* RFC 3118; protocol 1 is delayed authentication, of which a client that has
 * no key yet says nothing more. */
static bool
auth_put(struct dhcp_fields *f, struct cursor *c)
{
	bool delayed;

	if (cur_left(c) < 11)
		return false;
	delayed = read_u8(c, f->l,
	    row(DHCP_ROW_O_DHCP_AUTHENTICATION_PROTOCOL)) == 1;
	(void)read_u8(c, f->l, row(delayed ?
	    DHCP_ROW_O_DHCP_AUTHENTICATION_ALG_DELAY :
	    DHCP_ROW_O_DHCP_AUTHENTICATION_ALGORITHM));
	(void)read_u8(c, f->l, row(DHCP_ROW_O_DHCP_AUTHENTICATION_RDM));
	(void)read_be64(c, f->l,
	    row(DHCP_ROW_O_DHCP_AUTHENTICATION_RDM_REPLAY_DETECTION));
	if (delayed && cur_left(c) > 0) {
		if (cur_left(c) < 20)
			return false;
		(void)read_be32(c, f->l,
		    row(DHCP_ROW_O_DHCP_AUTHENTICATION_SECRET_ID));
		(void)read_bytes(c, 16, f->l,
		    row(DHCP_ROW_O_DHCP_AUTHENTICATION_HMAC_MD5_HASH));
		return true;
	}
	if (cur_left(c) > 0)
		dhcp_put_bytes(f, DHCP_ROW_O_DHCP_AUTHENTICATION_INFORMATION,
		    cur_rest(c));
	return true;
}

/* Vendor-identifying: enterprise, length, and there class or suboptions. */
static bool
enterprise_put(struct dhcp_fields *f, struct cursor *c, bool is_class)
{
	struct cursor part;
	uint8_t n;

	while (cur_left(c) >= 5) {
		(void)read_be32(c, f->l, row(is_class ?
		    DHCP_ROW_O_VI_CLASS_ENTERPRISE :
		    DHCP_ROW_O_VI_ENTERPRISE));
		n = read_u8(c, f->l, row(is_class ?
		    DHCP_ROW_O_VI_CLASS_LENGTH : DHCP_ROW_O_VI_LENGTH));
		part = cur_sub(c, n);
		if (is_class && cur_ok(&part))
			dhcp_put_bytes(f, DHCP_ROW_O_VI_CLASS_DATA,
			    cur_rest(&part));
		while (!is_class && cur_left(&part) >= 2) {
			(void)read_u8(&part, f->l,
			    row(DHCP_ROW_VENDOR_SUBOPTION));
			n = read_u8(&part, f->l,
			    row(DHCP_ROW_O_SUBOPTION_LENGTH));
			if (n > cur_left(&part)) {
				dhcp_put(f, DHCP_ROW_MISSING_SUBOPT_VALUE,
				    cur_rest(&part), 1);
				return false;
			}
			(void)read_bytes(&part, n, f->l,
			    row(DHCP_ROW_VENDOR_DATA));
		}
	}
	return cur_ok(c) && cur_left(c) == 0;
}

static bool
slp_put(struct dhcp_fields *f, struct cursor *c, bool agent)
{
	if (cur_left(c) == 0)
		return false;
	(void)read_u8(c, f->l, row(agent ?
	    DHCP_ROW_O_SLP_DIRECTORY_AGENT_VALUE :
	    DHCP_ROW_O_SLP_SERVICE_SCOPE_VALUE));
	if (!agent) {
		dhcp_put_bytes(f, DHCP_ROW_O_SLP_SERVICE_SCOPE_STRING,
		    cur_rest(c));
		return true;
	}
	while (cur_left(c) >= 4)
		dhcp_put_bytes(f, DHCP_ROW_O_SLP_DIRECTORY_AGENT_SLPDA_ADDRESS,
		    cur_take(c, 4));
	return cur_left(c) == 0;
}

/* RFC 6731 */
static bool
rdnss_put(struct dhcp_fields *f, struct cursor *c)
{
	struct span where = span_of(c->base, 1), s;
	struct dns_names names = { .arena = f->arena };
	struct dns_name name;
	uint8_t flags = cur_u8(c);

	if (cur_left(c) < 9)
		return false;
	field_bits(f->l, row(DHCP_ROW_O_RDNSS_RESERVED), where, flags, 0xfc);
	field_bits(f->l, row(DHCP_ROW_O_RDNSS_PREFERENCE), where, flags, 3);
	(void)read_bytes(c, 4, f->l, row(DHCP_ROW_O_RDNSS_PRIMARY_DNS));
	(void)read_bytes(c, 4, f->l, row(DHCP_ROW_O_RDNSS_SECONDARY_DNS));
	s = cur_rest(c);
	*c = cur_open(s);
	name = dns_name_read(&names, c);
	if (cur_ok(c))
		field_put_bytes(f->l, row(DHCP_ROW_O_RDNSS_DOMAIN), s,
		    dns_name_shown(&name, f->arena));
	return true;
}

/* RFC 5969 */
static bool
sixrd_put(struct dhcp_fields *f, struct cursor *c)
{
	if (cur_left(c) < 22)
		return true;
	(void)read_u8(c, f->l, row(DHCP_ROW_O_6RD_IPV4_MASK_LEN));
	(void)read_u8(c, f->l, row(DHCP_ROW_O_6RD_PREFIX_LEN));
	(void)read_bytes(c, 16, f->l, row(DHCP_ROW_O_6RD_PREFIX));
	while (cur_left(c) >= 4)
		(void)read_bytes(c, 4, f->l,
		    row(DHCP_ROW_O_6RD_BORDER_RELAY_IP));
	return cur_left(c) == 0;
}

/* RFC 4578, 2.2 */
static bool
network_id_put(struct dhcp_fields *f, struct cursor *c)
{
	if (cur_left(c) < 1)
		return false;
	if (cur_u8(c) != 1) /* UNDI */
		return true;
	(void)read_u8(c, f->l, row(DHCP_ROW_CLIENT_NETWORK_ID_MAJOR));
	(void)read_u8(c, f->l, row(DHCP_ROW_CLIENT_NETWORK_ID_MINOR));
	return cur_ok(c);
}

bool
dhcp_special_put(struct dhcp_fields *f, enum dhcp_kind kind, struct cursor *c)
{
	switch (kind) {
	case DHCP_CLIENT_ID:
		return client_id_put(f, c);
	case DHCP_UUID:
		if (cur_left(c) != 17)
			return true;
		cur_skip(c, 1);
		uuid_put(f, cur_rest(c));
		return true;
	case DHCP_NETWORK_ID:
		return network_id_put(f, c);
	case DHCP_FQDN:
		return fqdn_put(f, c);
	case DHCP_RELAY:
		dhcp_relay_put(f, c);
		return true;
	case DHCP_DOMAINS:
		return domains_put(f);
	case DHCP_ROUTES:
		return routes_put(f, c);
	case DHCP_VENDOR:
		if (!span_starts(f->class_id, "PXEClient"))
			dhcp_put_bytes(f, DHCP_ROW_O_VENDOR_VALUE,
			    cur_rest(c));
		return true;
	case DHCP_USER_CLASS:
		return user_class_put(f, c);
	case DHCP_VI_CLASS:
		return enterprise_put(f, c, true);
	case DHCP_VI:
		return enterprise_put(f, c, false);
	case DHCP_AUTH:
		return auth_put(f, c);
	case DHCP_CIVIC:
		return civic_put(f, c);
	case DHCP_SIP:
		return sip_put(f, c);
	case DHCP_SLP_AGENT:
		return slp_put(f, c, true);
	case DHCP_SLP_SCOPE:
		return slp_put(f, c, false);
	case DHCP_RDNSS:
		return rdnss_put(f, c);
	case DHCP_STATUS:
		if (cur_left(c) == 0)
			return false;
		(void)read_u8(c, f->l,
		    row(DHCP_ROW_O_BULK_LEASE_STATUS_CODE));
		dhcp_put_bytes(f, DHCP_ROW_O_BULK_LEASE_STATUS_CODE_MESSAGE,
		    cur_rest(c));
		return true;
	case DHCP_SIXRD:
		return sixrd_put(f, c);
	default:
		return true;
	}
}
