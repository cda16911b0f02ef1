#include "analysis/dhcp.h"
#include "proto/dhcpv6_option.h"

#define ITEMS_MAX 64

static void
leases_write(struct json *j, const struct dhcpv6_message *m)
{
	char text[ADDR_TEXT];

	if (m->n_leases == 0)
		return;
	json_array(j, "leases");
	for (size_t i = 0; i < m->n_leases && i < ITEMS_MAX; i++) {
		const struct dhcpv6_lease *l = &m->leases[i];

		json_object(j, NULL);
		json_text(j, "kind", l->kind == DHCPV6_LEASE_PD ? "IA_PD" :
		    l->kind == DHCPV6_LEASE_TA ? "IA_TA" :
		    l->kind == DHCPV6_LEASE_NA ? "IA_NA" : "none");
		json_textf(j, "iaid", "0x%08x", (unsigned)l->iaid);
		if (l->kind == DHCPV6_LEASE_PD)
			json_textf(j, "prefix", "%.*s/%u",
			    (int)addr_write(text, &l->address), text,
			    l->prefix);
		else
			json_addr(j, "address", &l->address);
		json_uint(j, "preferred_seconds", l->preferred);
		json_uint(j, "valid_seconds", l->valid);
		json_end(j);
	}
	json_end(j);
}

static void
addresses_write(struct json *j, const char *name, struct span data)
{
	struct cursor c = cur_open(data);
	struct addr a;

	json_array(j, name);
	for (size_t i = 0; i < ITEMS_MAX && cur_left(&c) >= 16; i++) {
		a = addr_of(ADDR_IPV6, cur_take(&c, 16).p);
		json_addr(j, NULL, &a);
	}
	json_end(j);
}

/* Names as in DNS, without compression. */
static void
names_write(struct json *j, const char *name, struct span data)
{
	struct cursor c = cur_open(data);
	struct buf text;
	uint8_t n;

	buf_init(&text, 1024);
	json_array(j, name);
	for (size_t i = 0; i < ITEMS_MAX && cur_left(&c) > 0; i++) {
		buf_cut(&text, 0);
		while (cur_left(&c) > 0 && (n = cur_u8(&c)) != 0) {
			if (text.n > 0)
				buf_byte(&text, '.');
			buf_span(&text, cur_take(&c, n));
		}
		if (cur_ok(&c))
			json_foreign(j, NULL, buf_bytes(&text));
	}
	json_end(j);
	buf_free(&text);
}

static void
codes_write(struct json *j, const char *name, struct span data)
{
	struct cursor c = cur_open(data);

	json_array(j, name);
	for (size_t i = 0; i < 255 && cur_left(&c) >= 2; i++)
		json_uint(j, NULL, cur_be16(&c));
	json_end(j);
}

static void
option_write(struct json *j, const struct dhcpv6_option *o)
{
	struct cursor c = cur_open(o->data);

	switch (o->code) {
	case 6:
		codes_write(j, "requested_options", o->data);
		break;
	case 7:
		json_uint(j, "preference", cur_u8(&c));
		break;
	case 8:
		json_uint(j, "elapsed_ms", cur_be16(&c) * 10U);
		break;
	case 16:
		cur_skip(&c, 6);
		dhcp_bytes_write(j, "vendor_class", cur_rest(&c));
		break;
	case 23:
		addresses_write(j, "dns_servers", o->data);
		break;
	case 24:
		names_write(j, "domain_search", o->data);
		break;
	case 31:
		addresses_write(j, "sntp_servers", o->data);
		break;
	case 39:
		cur_skip(&c, 1);
		names_write(j, "client_fqdn", cur_rest(&c));
		break;
	case 59:
		json_foreign(j, "boot_file_url", o->data);
		break;
	case 64:
		names_write(j, "aftr_name", o->data);
		break;
	}
}

static void
options_write(struct json *j, const struct dhcpv6_message *m)
{
	bool seen[65] = { false };

	json_object(j, "options");
	for (size_t i = 0; i < m->n_options; i++) {
		const struct dhcpv6_option *o = &m->options[i];

		if (o->code >= LENGTH(seen) || seen[o->code])
			continue;
		seen[o->code] = true;
		option_write(j, o);
	}
	if (m->rapid_commit)
		json_bool(j, "rapid_commit", true);
	json_end(j);
	json_array(j, "option_codes");
	for (size_t i = 0; i < m->n_options && i < ITEMS_MAX; i++)
		json_uint(j, NULL, m->options[i].code);
	json_end(j);
}

static void
status_write(struct json *j, const struct dhcpv6_message *m)
{
	const struct dhcpv6_option *o = dhcpv6_option(m, 13);
	const char *name = value_name(dhcpv6_status, m->status);

	if (!m->has_status)
		return;
	json_object(j, "status");
	json_uint(j, "code", m->status);
	if (name != NULL)
		json_text(j, "name", name);
	if (o != NULL && o->data.n > 2)
		json_foreign(j, "message", span_after(o->data, 2));
	json_end(j);
}

static void
relay_write(struct json *j, const struct dhcpv6_message *m)
{
	if (m->relays == 0)
		return;
	json_object(j, "relay");
	json_text(j, "message_type",
	    value_name(dhcpv6_types, m->outer_type));
	json_uint(j, "relays", m->relays);
	json_addr(j, "link_address", &m->link);
	json_addr(j, "peer_address", &m->peer);
	json_end(j);
}

void
dhcpv6_row_write(const struct packet *p, const struct message *message,
    struct json *j)
{
	const struct dhcpv6_message *m = message->data;
	char type[DHCP_TYPE_ROOM];
	struct span mac = dhcpv6_duid_mac(m->client_id);

	dhcp_row_head(p, message, j);
	json_uint(j, "ip_version", 6);
	if (m->has_xid)
		json_textf(j, "transaction_id", "0x%06x",
		    (unsigned)m->xid);
	json_text(j, "message_type", dhcp_type_name(type, true, m->type));
	json_uint(j, "message_type_code", m->type);
	if (mac.n > 0)
		dhcp_colons_write(j, "client_mac", mac);
	if (m->client_id.n > 0)
		dhcp_colons_write(j, "client_id", m->client_id);
	if (m->server_id.n > 0)
		dhcp_colons_write(j, "server_id", m->server_id);
	relay_write(j, m);
	leases_write(j, m);
	status_write(j, m);
	options_write(j, m);
	dhcp_row_tail(message, j);
}
