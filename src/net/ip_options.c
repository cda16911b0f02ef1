#include "net/ip.h"

/* Options of IPv4, RFC 791 section 3.1. */
enum {
	OPT_EOL = 0,
	OPT_NOP = 1,
	OPT_RECORD_ROUTE = 7,
	OPT_MTU_PROBE = 11,
	OPT_MTU_REPLY = 12,
	OPT_TIMESTAMP = 68,
	OPT_TRACEROUTE = 82,
	OPT_SECURITY = 130,
	OPT_LOOSE_ROUTE = 131,
	OPT_STREAM = 136,
	OPT_STRICT_ROUTE = 137,
	OPT_ROUTER_ALERT = 148,
};

static enum ip_row
option_row(uint8_t type)
{
	switch (type) {
	case OPT_EOL:
		return IP_ROW_OPT_EOL;
	case OPT_NOP:
		return IP_ROW_OPT_NOP;
	case OPT_RECORD_ROUTE:
		return IP_ROW_OPT_RECORD_ROUTE;
	case OPT_MTU_PROBE:
		return IP_ROW_OPT_MTU_PROBE;
	case OPT_MTU_REPLY:
		return IP_ROW_OPT_MTU_REPLY;
	case OPT_TIMESTAMP:
		return IP_ROW_OPT_TIMESTAMP;
	case OPT_TRACEROUTE:
		return IP_ROW_OPT_TRACEROUTE;
	case OPT_SECURITY:
		return IP_ROW_OPT_SECURITY;
	case OPT_LOOSE_ROUTE:
		return IP_ROW_OPT_ROUTE;
	case OPT_STREAM:
		return IP_ROW_OPT_STREAM;
	case OPT_STRICT_ROUTE:
		return IP_ROW_OPT_SOURCE_ROUTE;
	case OPT_ROUTER_ALERT:
		return IP_ROW_OPT_ROUTERALERT;
	default:
		return IP_ROWS;
	}
}

static void
stop_put(struct field_list *l, enum ip_row row, enum ip_row host,
    struct span addr)
{
	if (l == NULL)
		return;
	field_put_bytes(l, &ip_rows[row], addr, addr);
	ip_host(l, &ip_rows[host], addr);
}

/*
 * A route: what stands before the pointer was passed, what stands behind it
 * lies ahead.  The last stop of a source route is the real destination.
 */
static void
route_read(struct cursor *c, struct field_list *l, uint8_t type,
    struct span *dst)
{
	unsigned at = 4, next = read_u8(c, l, &ip_rows[IP_ROW_OPT_PTR]);
	struct span stop;

	if (next < 4 || next % 4 != 0)
		return;
	for (; cur_left(c) >= 4; at += 4) {
		stop = cur_take(c, 4);
		if (at < next)
			stop_put(l, IP_ROW_REC_RT, IP_ROW_REC_RT_HOST, stop);
		else if (type == OPT_RECORD_ROUTE)
			stop_put(l, IP_ROW_EMPTY_RT, IP_ROW_EMPTY_RT_HOST,
			    stop);
		else if (cur_left(c) >= 4)
			stop_put(l, IP_ROW_SRC_RT, IP_ROW_SRC_RT_HOST, stop);
		else
			*dst = stop;
	}
}

static void
timestamp_read(struct cursor *c, struct field_list *l)
{
	struct span where;
	bool with_address;
	uint8_t flags;

	read_u8(c, l, &ip_rows[IP_ROW_OPT_PTR]);
	where = span_of(c->base + c->pos, 1);
	flags = cur_u8(c);
	if (!cur_ok(c))
		return;
	field_bits(l, &ip_rows[IP_ROW_OPT_OVERFLOW], where, flags, 0xf0);
	field_bits(l, &ip_rows[IP_ROW_OPT_FLAG], where, flags, 0x0f);
	with_address = (flags & 0x0f) == 1 || (flags & 0x0f) == 3;
	while (cur_left(c) >= (with_address ? 8 : 4)) {
		if (with_address)
			read_bytes(c, 4, l, &ip_rows[IP_ROW_OPT_TIME_ADDR]);
		read_be32(c, l, &ip_rows[IP_ROW_OPT_TIME]);
	}
}

/* The bytes behind type and length. */
static void
body_read(struct cursor *c, struct field_list *l, uint8_t type,
    struct span *dst)
{
	switch (type) {
	case OPT_RECORD_ROUTE:
	case OPT_LOOSE_ROUTE:
	case OPT_STRICT_ROUTE:
		route_read(c, l, type, dst);
		break;
	case OPT_TIMESTAMP:
		timestamp_read(c, l);
		break;
	case OPT_MTU_PROBE:
	case OPT_MTU_REPLY:
		read_be16(c, l, &ip_rows[IP_ROW_OPT_MTU]);
		break;
	case OPT_STREAM:
		read_be16(c, l, &ip_rows[IP_ROW_OPT_SID]);
		break;
	case OPT_ROUTER_ALERT:
		read_be16(c, l, &ip_rows[IP_ROW_OPT_RA]);
		break;
	case OPT_TRACEROUTE:
		read_be16(c, l, &ip_rows[IP_ROW_OPT_ID_NUMBER]);
		read_be16(c, l, &ip_rows[IP_ROW_OPT_OHC]);
		read_be16(c, l, &ip_rows[IP_ROW_OPT_RHC]);
		read_bytes(c, 4, l, &ip_rows[IP_ROW_OPT_ORIGINATOR]);
		break;
	default:
		break;
	}
}

/* Lengths that RFCs fix; an option of another length is not looked into. */
static bool
length_fits(uint8_t type, size_t length)
{
	switch (type) {
	case OPT_MTU_PROBE:
	case OPT_MTU_REPLY:
	case OPT_STREAM:
	case OPT_ROUTER_ALERT:
		return length == 4;
	case OPT_TRACEROUTE:
		return length == 12;
	case OPT_RECORD_ROUTE:
	case OPT_LOOSE_ROUTE:
	case OPT_STRICT_ROUTE:
		return length >= 3;
	case OPT_TIMESTAMP:
		return length >= 4;
	default:
		return true;
	}
}

static void
type_fields(struct field_list *l, struct span where, uint8_t type)
{
	size_t entered = field_enter_number(l, &ip_rows[IP_ROW_OPT_TYPE],
	    where, type);

	field_bits(l, &ip_rows[IP_ROW_OPT_COPY], where, type, 0x80);
	field_bits(l, &ip_rows[IP_ROW_OPT_CLASS], where, type, 0x60);
	field_bits(l, &ip_rows[IP_ROW_OPT_NUMBER], where, type, 0x1f);
	field_leave(l, entered, NULL);
}

void
ip_options(struct step *s, struct span options, struct span *dst)
{
	struct cursor c = cur_open(options), body;
	struct field_list *l = s->l;
	size_t entered, length;
	struct span at;
	enum ip_row row;
	uint8_t type;

	while (cur_left(&c) > 0) {
		at = span_of(c.base + c.pos, 1);
		type = cur_u8(&c);
		length = 1;
		if (type != OPT_EOL && type != OPT_NOP) {
			length = cur_u8(&c);
			if (length < 2 || length - 2 > cur_left(&c)) {
				if (l != NULL)
					field_mark(l, &ip_rows[
					    IP_ROW_OPT_LEN_INVALID], at);
				break;
			}
		}
		row = option_row(type);
		if (row == IP_ROWS) {
			cur_skip(&c, length - 2);
			continue;
		}
		entered = field_enter(l, &ip_rows[row],
		    span_of(at.p, length));
		if (l != NULL && entered < l->n)
			l->values[entered].bytes = span_of(at.p, length);
		type_fields(l, at, type);
		if (length > 1) {
			field_number(l, &ip_rows[IP_ROW_OPT_LEN],
			    span_of(at.p + 1, 1), length);
			body = cur_sub(&c, length - 2);
			if (length_fits(type, length))
				body_read(&body, l, type, dst);
			else
				field_mark(l, &ip_rows[IP_ROW_OPT_LEN_INVALID],
				    at);
		}
		field_leave(l, entered, NULL);
		if (type == OPT_EOL)
			break;
	}
}
