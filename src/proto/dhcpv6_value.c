#include "proto/dhcpv6_value.h"

#include "base/addr.h"
#include "base/buf.h"
#include "base/text.h"
#include "proto/dhcpv6.h"

#define SINCE_2000 946684800 /* seconds from 1970 (RFC 8415, 11.2) */

static const struct field *
row(enum dhcpv6_row at)
{
	return &dhcpv6_rows[at];
}

void
dhcpv6_hex_put(struct field_list *l, struct arena *arena, enum dhcpv6_row at,
    struct span s)
{
	struct buf b;

	if (l == NULL)
		return;
	buf_init(&b, s.n * 2 + 1);
	text_hex(&b, s, 0);
	field_put_bytes(l, row(at), s, arena_copy(arena, buf_bytes(&b)));
	buf_free(&b);
}

static void
link_address_put(struct dhcpv6_value *v, enum dhcpv6_row at,
    uint16_t hardware, struct span s)
{
	char text[ADDR_TEXT];

	if (hardware != 1 || s.n != 6) {
		dhcpv6_hex_put(v->l, v->arena, at, s);
		return;
	}
	field_put_bytes(v->l, row(at), s, arena_copy(v->arena,
	    span_of(text, addr_write_mac(text, s.p))));
}

static bool
duid_put(struct dhcpv6_value *v, struct cursor *c, struct span all)
{
	struct span where;
	uint16_t type, hardware;
	uint32_t seconds;

	if (all.n < 2)
		return false;
	field_bytes(v->l, row(DHCPV6_ROW_DUID_BYTES), all);
	type = read_be16(c, v->l, row(DHCPV6_ROW_DUID_TYPE));
	switch (type) {
	case 1:
		hardware = read_be16(c, v->l, row(DHCPV6_ROW_DUIDLLT_HWTYPE));
		where = span_of(c->base + c->pos, 4);
		seconds = cur_be32(c);
		if (!cur_ok(c))
			return false;
		field_put_time(v->l, row(DHCPV6_ROW_DUIDLLT_TIME), where,
		    (int64_t)seconds + SINCE_2000, 0);
		if (cur_left(c) > 0)
			link_address_put(v, DHCPV6_ROW_DUIDLLT_LINK_LAYER_ADDR,
			    hardware, cur_rest(c));
		break;
	case 2:
		(void)read_be32(c, v->l, row(DHCPV6_ROW_DUIDEN_ENTERPRISE));
		if (cur_left(c) > 0)
			(void)read_bytes(c, cur_left(c), v->l,
			    row(DHCPV6_ROW_DUIDEN_IDENTIFIER));
		break;
	case 3:
		hardware = read_be16(c, v->l, row(DHCPV6_ROW_DUIDLL_HWTYPE));
		if (cur_left(c) > 0)
			link_address_put(v, DHCPV6_ROW_DUIDLL_LINK_LAYER_ADDR,
			    hardware, cur_rest(c));
		break;
	case 4:
		(void)read_bytes(c, cur_left(c), v->l,
		    row(DHCPV6_ROW_DUIDUUID_BYTES));
		break;
	}
	return cur_ok(c);
}

/* Labels as in DNS but never compressed (RFC 8415, 10); a whole name ends
 * in a dot, a part of one does not. */
static bool
name_put(struct dhcpv6_value *v, struct cursor *c, enum dhcpv6_row at)
{
	struct span label, all = span_of(c->base + c->pos, cur_left(c));
	size_t start = c->pos;
	bool whole = false;
	struct buf b;
	uint8_t n;

	buf_init(&b, 512);
	while (cur_left(c) > 0 && !whole) {
		n = cur_u8(c);
		label = cur_take(c, n);
		whole = n == 0;
		if (v->l == NULL)
			continue;
		if (b.n > 0 || whole)
			buf_byte(&b, '.');
		buf_span(&b, label);
	}
	if (v->l != NULL && cur_ok(c) && !b.full)
		field_put_bytes(v->l, row(at), span_first(all, c->pos - start),
		    arena_copy(v->arena, buf_bytes(&b)));
	buf_free(&b);
	return cur_ok(c);
}

/* RFC 4704 */
static bool
fqdn_put(struct dhcpv6_value *v, struct cursor *c)
{
	struct span where = span_of(c->base, 1);
	bool client = v->type != DHCPV6_ADVERTISE && v->type != DHCPV6_REPLY;
	uint8_t flags;

	if (cur_left(c) < 1)
		return false;
	flags = read_u8(c, v->l, row(DHCPV6_ROW_CLIENT_FQDN_FLAGS));
	field_bits(v->l, row(client ? DHCPV6_ROW_CLIENTFQDN_CLIENT_N :
	    DHCPV6_ROW_CLIENTFQDN_SERVER_N), where, flags, 4);
	if (!client)
		field_bits(v->l, row(DHCPV6_ROW_CLIENTFQDN_SERVER_O), where,
		    flags, 2);
	field_bits(v->l, row(client ? DHCPV6_ROW_CLIENTFQDN_CLIENT_S :
	    DHCPV6_ROW_CLIENTFQDN_SERVER_S), where, flags, 1);
	if (cur_left(c) > 0)
		(void)name_put(v, c, DHCPV6_ROW_CLIENT_DOMAIN);
	return true;
}

static bool
auth_put(struct dhcpv6_value *v, struct cursor *c)
{
	if (cur_left(c) < 11)
		return false;
	(void)read_u8(c, v->l, row(DHCPV6_ROW_AUTH_PROTOCOL));
	(void)read_u8(c, v->l, row(DHCPV6_ROW_AUTH_ALGORITHM));
	(void)read_u8(c, v->l, row(DHCPV6_ROW_AUTH_RDM));
	(void)read_bytes(c, 8, v->l, row(DHCPV6_ROW_AUTH_REPLAY_DETECTION));
	if (cur_left(c) > 0)
		(void)read_bytes(c, cur_left(c), v->l,
		    row(DHCPV6_ROW_AUTH_INFO));
	return true;
}

static bool
user_class_put(struct dhcpv6_value *v, struct cursor *c)
{
	uint16_t n;

	while (cur_left(c) > 0) {
		n = read_be16(c, v->l, row(DHCPV6_ROW_USERCLASS_LENGTH));
		(void)read_bytes(c, n, v->l,
		    row(DHCPV6_ROW_USERCLASS_OPAQUE_DATA));
	}
	return cur_ok(c);
}

static bool
vendor_put(struct dhcpv6_value *v, struct cursor *c, bool is_class)
{
	uint16_t n;

	if (cur_left(c) < 4)
		return false;
	(void)read_be32(c, v->l, row(is_class ?
	    DHCPV6_ROW_VENDORCLASS_ENTERPRISE :
	    DHCPV6_ROW_VENDOROPTS_ENTERPRISE));
	while (cur_left(c) >= 4 || (is_class && cur_left(c) >= 2)) {
		if (!is_class)
			(void)read_be16(c, v->l, row(
			    DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_CODE));
		n = is_class ? cur_be16(c) : read_be16(c, v->l, row(
		    DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_LENGTH));
		(void)read_bytes(c, n, v->l, row(is_class ?
		    DHCPV6_ROW_VENDORCLASS_DATA :
		    DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_DATA));
	}
	return true;
}

/* RFC 5908 */
static bool
ntp_put(struct dhcpv6_value *v, struct cursor *c)
{
	struct cursor value;
	uint16_t type, n;

	if (cur_left(c) < 4)
		return false;
	while (cur_left(c) >= 4) {
		type = read_be16(c, v->l,
		    row(DHCPV6_ROW_NTPSERVER_OPTION_TYPE));
		n = read_be16(c, v->l,
		    row(DHCPV6_ROW_NTPSERVER_OPTION_LENGTH));
		value = cur_sub(c, n);
		if (!cur_ok(c))
			return false;
		if (type == 3)
			(void)name_put(v, &value, DHCPV6_ROW_NTPSERVER_FQDN);
		else if (n == 16)
			(void)read_bytes(&value, 16, v->l, row(type == 1 ?
			    DHCPV6_ROW_NTPSERVER_ADDR :
			    DHCPV6_ROW_NTPSERVER_MC_ADDR));
	}
	return true;
}

static bool
numbers_put(struct dhcpv6_value *v, struct cursor *c, enum dhcpv6_row at,
    size_t size, bool many)
{
	struct span where;
	uint64_t number;

	if (!many && cur_left(c) != size)
		return false;
	while (cur_left(c) >= size) {
		where = span_of(c->base + c->pos, size);
		number = 0;
		for (size_t i = 0; i < size; i++)
			number = number << 8 | cur_u8(c);
		/* Hundredths of a second; Wireshark shows milliseconds. */
		if (at == DHCPV6_ROW_ELAPSED_TIME)
			number *= 10;
		field_put_number(v->l, row(at), where, number);
	}
	return true;
}

static bool
addresses_put(struct dhcpv6_value *v, struct cursor *c, enum dhcpv6_row at,
    bool many)
{
	if (cur_left(c) % 16 != 0 || (!many && cur_left(c) != 16))
		return false;
	while (cur_left(c) > 0)
		(void)read_bytes(c, 16, v->l, row(at));
	return true;
}

static bool
status_put(struct dhcpv6_value *v, struct cursor *c)
{
	if (cur_left(c) < 2)
		return true;
	(void)read_be16(c, v->l, row(DHCPV6_ROW_STATUS_CODE));
	if (cur_left(c) > 0)
		(void)read_bytes(c, cur_left(c), v->l,
		    row(DHCPV6_ROW_STATUS_MSG));
	return true;
}

bool
dhcpv6_value_read(struct dhcpv6_value *v, uint16_t code, struct span s)
{
	const struct dhcpv6_option_row *o = dhcpv6_option_row(code);
	struct cursor c = cur_open(s);

	switch ((enum dhcpv6_kind)o->kind) {
	case DHCPV6_U8:
		return numbers_put(v, &c, o->row, 1, false);
	case DHCPV6_U16:
		return numbers_put(v, &c, o->row, 2, false);
	case DHCPV6_U16S:
		return numbers_put(v, &c, o->row, 2, true);
	case DHCPV6_U32:
		return numbers_put(v, &c, o->row, 4, false);
	case DHCPV6_IPV6:
		return addresses_put(v, &c, o->row, false);
	case DHCPV6_IPV6S:
		return addresses_put(v, &c, o->row, true);
	case DHCPV6_NAMES:
		while (cur_left(&c) > 0)
			if (!name_put(v, &c, o->row))
				break;
		return true;
	case DHCPV6_TEXT:
	case DHCPV6_BYTES:
		if (s.n > 0)
			field_bytes(v->l, row(o->row), s);
		return true;
	case DHCPV6_DUID:
		return duid_put(v, &c, s);
	case DHCPV6_STATUS:
		return status_put(v, &c);
	case DHCPV6_FQDN:
		return fqdn_put(v, &c);
	case DHCPV6_AUTH:
		return auth_put(v, &c);
	case DHCPV6_USER_CLASS:
		return user_class_put(v, &c);
	case DHCPV6_VENDOR_CLASS:
		return vendor_put(v, &c, true);
	case DHCPV6_VENDOR:
		return vendor_put(v, &c, false);
	case DHCPV6_REMOTE:
		if (s.n < 4)
			return false;
		(void)read_be32(&c, v->l, row(DHCPV6_ROW_REMOTEID_ENTERPRISE));
		(void)read_bytes(&c, cur_left(&c), v->l,
		    row(DHCPV6_ROW_REMOTEID_ENTERPRISE_ID));
		return true;
	case DHCPV6_NTP:
		return ntp_put(v, &c);
	case DHCPV6_EXCLUDE:
		if (s.n < 2)
			return false;
		(void)read_u8(&c, v->l, row(DHCPV6_ROW_PD_EXCLUDE_PREF_LEN));
		(void)read_bytes(&c, cur_left(&c), v->l,
		    row(DHCPV6_ROW_PD_EXCLUDE_SUBNET_ID));
		return true;
	default:
		return true;
	}
}
