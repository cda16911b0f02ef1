#include "analysis/dhcp.h"

#include <stdio.h>

#include "base/text.h"
#include "proto/dhcp_rows.h"
#include "proto/dhcpv6_option.h"
#include "proto/dns_name.h"

#define BYTES_MAX 128  /* of an option in a row */
#define ITEMS_MAX 64   /* of a list in a row */
#define NUMBER_NAME 16 /* "255" as a member's name */

void
dhcp_colons_write(struct json *j, const char *name, struct span s)
{
	struct buf text;

	buf_init(&text, BYTES_MAX * 3 + 16);
	text_hex(&text, span_first(s, BYTES_MAX), ':');
	if (s.n > BYTES_MAX)
		buf_printf(&text, "...(+%lu)", (unsigned long)(s.n -
		    BYTES_MAX));
	json_span(j, name, buf_bytes(&text));
	buf_free(&text);
}

void
dhcp_bytes_write(struct json *j, const char *name, struct span s)
{
	if (text_is_printable(s))
		json_foreign(j, name, s);
	else
		dhcp_colons_write(j, name, s);
}

void
dhcp_row_head(const struct packet *p, const struct message *m, struct json *j)
{
	const struct transport *t = m->transport;

	json_object(j, NULL);
	json_uint(j, "packet_number", p->record->number);
	json_epoch(j, "timestamp", p->record->time);
	json_time(j, "time", p->record->time);
	json_addr(j, "src_ip", t != NULL ? &t->src : &p->src);
	json_addr(j, "dst_ip", t != NULL ? &t->dst : &p->dst);
	if (t != NULL) {
		json_uint(j, "src_port", t->sport);
		json_uint(j, "dst_port", t->dport);
	}
}

void
dhcp_row_tail(const struct message *m, struct json *j)
{
	if (m->malformed)
		json_bool(j, "malformed", true);
	if (m->cut)
		json_bool(j, "cut_by_snaplen", true);
	if (m->transport != NULL && m->transport->in_error)
		json_bool(j, "quoted_in_icmp_error", true);
	json_end(j);
}

/* mcpcap gives one address as text; several are an array. */
static void
addresses_write(struct json *j, const char *name, struct span data)
{
	struct cursor c = cur_open(data);
	struct addr a;

	if (data.n == 4) {
		a = addr_of(ADDR_IPV4, data.p);
		json_addr(j, name, &a);
		return;
	}
	json_array(j, name);
	for (size_t i = 0; i < ITEMS_MAX && cur_left(&c) >= 4; i++) {
		a = addr_of(ADDR_IPV4, cur_take(&c, 4).p);
		json_addr(j, NULL, &a);
	}
	json_end(j);
}

static void
numbers_write(struct json *j, const char *name, struct span data, size_t size)
{
	struct cursor c = cur_open(data);

	json_array(j, name);
	for (size_t i = 0; i < 255 && cur_left(&c) >= size; i++)
		json_uint(j, NULL, size == 1 ? cur_u8(&c) : cur_be16(&c));
	json_end(j);
}

static void
domains_write(struct json *j, const char *name, struct span data,
    struct arena *arena)
{
	struct cursor c = cur_open(data);
	struct dns_names names = { .arena = arena };
	struct dns_name domain;

	json_array(j, name);
	for (size_t i = 0; i < ITEMS_MAX && cur_left(&c) > 0; i++) {
		domain = dns_name_read(&names, &c);
		if (cur_ok(&c))
			json_span(j, NULL, domain.text);
	}
	json_end(j);
}

static void
routes_write(struct json *j, const char *name, struct span data)
{
	struct cursor c = cur_open(data);
	char net_text[ADDR_TEXT], router_text[ADDR_TEXT];
	struct addr net, router;
	uint8_t prefix;

	json_array(j, name);
	for (size_t i = 0; i < ITEMS_MAX; i++) {
		if (!dhcp_route_read(&c, &net, &prefix, &router))
			break;
		json_textf(j, NULL, "%.*s/%u via %.*s",
		    (int)addr_write(net_text, &net), net_text, prefix,
		    (int)addr_write(router_text, &router), router_text);
	}
	json_end(j);
}

/* Circuit and remote identifiers, subscriber; others by number. */
static void
relay_write(struct json *j, const char *name, struct span data)
{
	static const char *const names[] = { NULL, "circuit_id", "remote_id",
		NULL, "docsis_device_class", "link_selection",
		"subscriber_id" };
	struct cursor c = cur_open(data);
	bool seen[256] = { false };
	struct span value;
	struct buf text;
	uint8_t code;

	buf_init(&text, NUMBER_NAME);
	json_object(j, name);
	while (cur_left(&c) >= 2) {
		code = cur_u8(&c);
		value = cur_take(&c, cur_u8(&c));
		if (!cur_ok(&c) || seen[code])
			continue;
		seen[code] = true;
		buf_cut(&text, 0);
		buf_printf(&text, "%u%c", code, '\0');
		dhcp_bytes_write(j, code < LENGTH(names) &&
		    names[code] != NULL ? names[code] : (char *)text.p,
		    value);
	}
	json_end(j);
	buf_free(&text);
}

static void
number_write(struct json *j, const char *name, enum dhcp_kind kind,
    struct span data)
{
	struct cursor c = cur_open(data);

	switch (kind) {
	case DHCP_U8:
	case DHCP_OVERLOAD:
		json_uint(j, name, cur_u8(&c));
		break;
	case DHCP_BOOL:
		json_bool(j, name, cur_u8(&c) != 0);
		break;
	case DHCP_U16:
		json_uint(j, name, cur_be16(&c));
		break;
	case DHCP_I32:
		json_int(j, name, (int32_t)cur_be32(&c));
		break;
	case DHCP_SECONDS:
		json_textf(j, name, "%lu seconds",
		    (unsigned long)cur_be32(&c));
		break;
	default:
		json_uint(j, name, cur_be32(&c));
		break;
	}
}

static size_t
number_size(enum dhcp_kind kind)
{
	switch (kind) {
	case DHCP_U8:
	case DHCP_BOOL:
	case DHCP_OVERLOAD:
		return 1;
	case DHCP_U16:
		return 2;
	case DHCP_U32:
	case DHCP_I32:
	case DHCP_SECONDS:
	case DHCP_TIME:
		return 4;
	default:
		return 0;
	}
}

/* A value that does not fit its kind is shown as bytes. */
static void
option_write(struct json *j, const struct dhcp_message *m,
    const struct dhcp_option *o, const char *name, struct arena *arena)
{
	enum dhcp_kind kind = dhcp_option_row(o->code)->kind;
	size_t size = number_size(kind);

	if (size > 0 && o->data.n == size) {
		number_write(j, name, kind, o->data);
		return;
	}
	switch (kind) {
	case DHCP_IPV4:
	case DHCP_IPV4S:
	case DHCP_PAIRS:
		addresses_write(j, name, o->data);
		break;
	case DHCP_TEXT:
		json_foreign(j, name, o->data);
		break;
	case DHCP_U8S:
		numbers_write(j, name, o->data, 1);
		break;
	case DHCP_U16S:
		numbers_write(j, name, o->data, 2);
		break;
	case DHCP_MARK:
		json_bool(j, name, true);
		break;
	case DHCP_DOMAINS:
		domains_write(j, name, o->data, arena);
		break;
	case DHCP_ROUTES:
		routes_write(j, name, o->data);
		break;
	case DHCP_FQDN:
		json_foreign(j, name, dhcp_fqdn(m, arena));
		break;
	case DHCP_RELAY:
		relay_write(j, name, o->data);
		break;
	default:
		dhcp_bytes_write(j, name, o->data);
		break;
	}
}

/* These have members of their own. */
static bool
is_member(uint8_t code)
{
	return code == 50 || code == 53 || code == 54 || code == 61;
}

static void
options_write(struct json *j, const struct dhcp_message *m,
    struct arena *arena)
{
	struct buf text;

	buf_init(&text, NUMBER_NAME);
	json_object(j, "options");
	for (size_t i = 0; i < m->n_options; i++) {
		const struct dhcp_option *o = &m->options[i];
		const char *name = dhcp_option_row(o->code)->name;

		if (is_member(o->code))
			continue;
		if (name == NULL) {
			buf_cut(&text, 0);
			buf_printf(&text, "%u%c", o->code, '\0');
			name = (const char *)text.p;
		}
		option_write(j, m, o, name, arena);
	}
	json_end(j);
	buf_free(&text);
}

static void
members_write(struct json *j, const struct dhcp_message *m)
{
	static const struct {
		uint8_t code;
		const char *name;
	} seconds[] = {
		{ 51, "lease_time" }, { 58, "renewal_time" },
		{ 59, "rebinding_time" },
	};
	const struct dhcp_option *id = dhcp_option(m, 61);
	struct addr a;
	uint32_t n;

	for (size_t i = 0; i < LENGTH(seconds); i++)
		if (dhcp_option_u32(m, seconds[i].code, &n))
			json_uint(j, seconds[i].name, n);
	if (dhcp_option_ipv4(m, 54, &a))
		json_addr(j, "server_id", &a);
	if (dhcp_option_ipv4(m, 50, &a))
		json_addr(j, "requested_ip", &a);
	if (id != NULL)
		dhcp_colons_write(j, "client_id", id->data);
	if (m->server_name.n > 0)
		json_foreign(j, "server_name", m->server_name);
	if (m->file.n > 0)
		json_foreign(j, "boot_file", m->file);
}

const char *
dhcp_type_name(char room[DHCP_TYPE_ROOM], bool v6, unsigned type)
{
	const char *name = value_name(v6 ? dhcpv6_types : dhcp_types, type);

	if (!v6 && (type == DHCP_BOOTP || type == DHCP_UNKNOWN))
		return type == DHCP_BOOTP ? "BOOTP" : "UNKNOWN";
	if (name == NULL)
		(void)snprintf(room, DHCP_TYPE_ROOM, "UNKNOWN_%u", type);
	return name != NULL ? name : room;
}

void
dhcp_row_write(const struct packet *p, const struct message *message,
    struct json *j)
{
	const struct dhcp_message *m = message->data;
	char type[DHCP_TYPE_ROOM];

	dhcp_row_head(p, message, j);
	json_text(j, "op", m->op == 1 ? "Request" : m->op == 2 ? "Reply" :
	    "Unknown");
	json_textf(j, "transaction_id", "0x%08x", (unsigned)m->xid);
	json_addr(j, "client_ip", &m->client);
	json_addr(j, "your_ip", &m->your);
	json_addr(j, "server_ip", &m->server);
	json_addr(j, "relay_ip", &m->relay);
	dhcp_colons_write(j, "client_mac", m->hardware);
	json_text(j, "message_type", dhcp_type_name(type, false, m->type));
	if (m->type != DHCP_BOOTP && m->type != DHCP_UNKNOWN)
		json_uint(j, "message_type_code", m->type);
	members_write(j, m);
	options_write(j, m, p->arena);
	dhcp_row_tail(message, j);
}
