#include "analysis/dhcp_clients.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/text.h"

#define CLIENTS_MAX 50000
#define SERVERS_MAX 2000
#define LEASES_MAX 50000
#define TEXTS_MEMORY ((size_t)16 << 20)
#define TEXT_MAX_KEPT 64
#define FINGERPRINT_MAX 60 /* options */
#define KEY_MAX 260

void
dhcp_clients_init(struct dhcp_clients *c)
{
	table_init(&c->clients, sizeof(struct dhcp_client), CLIENTS_MAX);
	table_init(&c->servers, sizeof(struct dhcp_server), SERVERS_MAX);
	table_init(&c->leases, sizeof(struct dhcp_lease), LEASES_MAX);
	arena_init(&c->texts, TEXTS_MEMORY);
}

void
dhcp_clients_free(struct dhcp_clients *c)
{
	table_free(&c->clients);
	table_free(&c->servers);
	table_free(&c->leases);
	arena_free(&c->texts);
}

/* The family and the bytes that identify somebody. */
static uint32_t
note(struct table *t, bool v6, struct span id)
{
	BYTES_UNSET uint8_t key[KEY_MAX];
	size_t n = id.n < KEY_MAX - 1 ? id.n : KEY_MAX - 1, at;
	struct span s = span_of(key, n + 1);

	key[0] = v6;
	memcpy(key + 1, id.p, n);
	at = table_intern_hashed(t, s, hash_text(s));
	return at == SIZE_MAX ? 0 : (uint32_t)at + 1;
}

struct dhcp_client *
dhcp_client_at(const struct dhcp_clients *c, uint32_t n)
{
	return n == 0 ? NULL : table_value(&c->clients, n - 1);
}

struct dhcp_server *
dhcp_server_at(const struct dhcp_clients *c, uint32_t n)
{
	return n == 0 ? NULL : table_value(&c->servers, n - 1);
}

/* Most often it is the one before. */
static uint32_t
client_note(struct dhcp_clients *c, bool v6, struct span id)
{
	if (c->last != 0) {
		const struct dhcp_client *client = dhcp_client_at(c, c->last);
		struct span key = table_key(&c->clients, c->last - 1);

		if (client->v6 == v6 && id.n < KEY_MAX && key.n == id.n + 1 &&
		    bytes_equal(key.p + 1, id.p, id.n))
			return c->last;
	}
	c->last = note(&c->clients, v6, id);
	return c->last;
}

/* The last word said counts. */
static void
text_keep(struct dhcp_clients *c, struct span *kept, struct span text)
{
	text = span_first(text, TEXT_MAX_KEPT);
	if (text.n > 0 && !span_equal(*kept, text))
		*kept = arena_copy(&c->texts, text);
}

/* `size` is that of a code. */
static void
asked_for_keep(struct dhcp_clients *c, struct dhcp_client *client,
    struct span codes, size_t size)
{
	if (codes.n == 0)
		return;
	codes = span_first(codes, FINGERPRINT_MAX * size);
	codes.n -= codes.n % size;
	if (!span_equal(client->asked_for, codes))
		client->asked_for = arena_copy(&c->texts, codes);
}

static struct dhcp_client *
client_begin(struct dhcp_clients *c, uint32_t n, bool v6, struct span mac,
    uint64_t frame)
{
	struct dhcp_client *client = dhcp_client_at(c, n);
	struct cursor first = cur_open(mac);

	if (client->first_frame == 0) {
		client->v6 = v6;
		client->first_frame = frame;
		client->mac = arena_copy(&c->texts, mac);
		client->local = mac.n == 6 && (cur_u8(&first) & 2) != 0;
		client->host_name = client->vendor_class =
		    client->asked_for = span_empty();
	}
	client->last_frame = frame;
	return client;
}

static struct span
option_data(const struct dhcp_message *m, uint8_t code)
{
	const struct dhcp_option *o = dhcp_option(m, code);

	return o == NULL ? span_empty() : o->data;
}

uint32_t
dhcp_client_note(struct dhcp_clients *c, const struct dhcp_message *m,
    struct arena *arena, uint64_t frame)
{
	struct span id = m->hardware.n > 0 ? m->hardware :
	    option_data(m, 61), name;
	struct dhcp_client *client;
	uint32_t n = client_note(c, false, id);

	if (n == 0)
		return 0;
	client = client_begin(c, n, false, m->hardware, frame);
	/* A server repeats what it was told. */
	if (m->op != 1)
		return n;
	name = option_data(m, 12);
	if (name.n == 0)
		name = dhcp_fqdn(m, arena);
	text_keep(c, &client->host_name, name);
	text_keep(c, &client->vendor_class, option_data(m, 60));
	asked_for_keep(c, client, option_data(m, 55), 1);
	return n;
}

static struct span
option_data_v6(const struct dhcpv6_message *m, uint16_t code)
{
	const struct dhcpv6_option *o = dhcpv6_option(m, code);

	return o == NULL ? span_empty() : o->data;
}

uint32_t
dhcp_client_note_v6(struct dhcp_clients *c, const struct dhcpv6_message *m,
    uint64_t frame)
{
	struct dhcp_client *client;
	uint32_t n;

	if (m->client_id.n == 0)
		return 0;
	n = client_note(c, true, m->client_id);
	if (n == 0)
		return 0;
	client = client_begin(c, n, true, dhcpv6_duid_mac(m->client_id),
	    frame);
	asked_for_keep(c, client, option_data_v6(m, 6), 2);
	/* Enterprise number and a length stand before the class. */
	text_keep(c, &client->vendor_class,
	    span_after(option_data_v6(m, 16), 6));
	return n;
}

uint32_t
dhcp_server_note(struct dhcp_clients *c, struct span id, bool v6,
    const struct addr *source, uint64_t frame)
{
	uint32_t n = note(&c->servers, v6, id);
	struct dhcp_server *server = dhcp_server_at(c, n);

	if (server == NULL)
		return 0;
	server->v6 = v6;
	if (server->first_frame == 0)
		server->first_frame = frame;
	server->last_frame = frame;
	if (source == NULL)
		return n;
	if (server->source.kind == ADDR_NONE)
		server->source = *source;
	else if (!addr_equal(&server->source, source))
		server->several_sources = true;
	return n;
}

struct dhcp_lease *
dhcp_lease_of(struct dhcp_clients *c, uint32_t client,
    const struct addr *address, uint8_t prefix)
{
	uint8_t key[sizeof(client) + sizeof(*address) + 1];
	struct dhcp_lease *lease;

	memcpy(key, &client, sizeof(client));
	memcpy(key + sizeof(client), address, sizeof(*address));
	key[sizeof(key) - 1] = prefix;
	lease = table_add(&c->leases, span_of(key, sizeof(key)));
	if (lease == NULL)
		return NULL;
	lease->client = client;
	lease->address = *address;
	lease->prefix = prefix;
	return lease;
}

/* ---- Reports ------------------------------------------------------------ */

static void
colons_write(struct json *j, struct span s)
{
	struct buf text;

	buf_init(&text, 1024);
	text_hex(&text, span_first(s, 64), ':');
	json_span(j, NULL, buf_bytes(&text));
	buf_free(&text);
}

void
dhcp_client_write(const struct dhcp_clients *c, struct json *j, uint32_t n)
{
	const struct dhcp_client *client = dhcp_client_at(c, n);

	if (client == NULL)
		json_null(j, NULL);
	else if (client->mac.n > 0)
		colons_write(j, client->mac);
	else
		colons_write(j, span_after(table_key(&c->clients, n - 1), 1));
}

void
dhcp_server_write(const struct dhcp_clients *c, struct json *j, uint32_t n)
{
	const struct dhcp_server *server = dhcp_server_at(c, n);
	struct span id;
	struct addr a;

	if (server == NULL) {
		json_null(j, NULL);
		return;
	}
	id = span_after(table_key(&c->servers, n - 1), 1);
	if (server->v6 || id.n != 4) {
		colons_write(j, id);
		return;
	}
	a = addr_of(ADDR_IPV4, id.p);
	json_addr(j, NULL, &a);
}

static void
text_write(struct json *j, struct span text)
{
	if (text.n == 0)
		json_null(j, NULL);
	else
		json_foreign(j, NULL, text);
}

/* "1,3,6,15": as fingerprints are written. */
static void
fingerprint_write(struct json *j, const struct dhcp_client *client)
{
	char text[FINGERPRINT_MAX * 6 + NUMBER_TEXT]; /* "65535," */
	struct cursor k = cur_open(client->asked_for);
	size_t n = 0;

	while (cur_left(&k) > 0) {
		if (n > 0)
			text[n++] = ',';
		n += number_uint(text + n,
		    client->v6 ? cur_be16(&k) : cur_u8(&k));
	}
	text_write(j, span_of(text, n));
}

static void
servers_report(const struct dhcp_clients *c, struct json *j,
    size_t max_bytes)
{
	struct ranked r;

	ranked_begin(&r, j, "servers", "server source offers acks naks "
	    "several_sources first_frame last_frame", c->servers.n,
	    max_bytes);
	for (size_t i = 0; i < r.total && ranked_row(&r); i++) {
		const struct dhcp_server *s = table_value(&c->servers, i);

		dhcp_server_write(c, j, (uint32_t)i + 1);
		if (s->source.kind == ADDR_NONE)
			json_null(j, NULL);
		else
			json_addr(j, NULL, &s->source);
		json_uint(j, NULL, s->offers);
		json_uint(j, NULL, s->acks);
		json_uint(j, NULL, s->naks);
		json_bool(j, NULL, s->several_sources);
		json_uint(j, NULL, s->first_frame);
		json_uint(j, NULL, s->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}

static uint64_t
client_rank(const void *context, size_t i)
{
	const struct dhcp_client *client = table_value(context, i);

	return client->discovers + client->requests;
}

void
dhcp_clients_report(const struct dhcp_clients *c, struct json *j,
    size_t clients_bytes, size_t servers_bytes)
{
	uint32_t *order = ranked_order(c->clients.n, client_rank,
	    &c->clients);
	struct ranked r;

	ranked_begin(&r, j, "clients", "client host_name vendor_class "
	    "fingerprint discovers requests got_address first_frame "
	    "last_frame", order == NULL ? 0 : c->clients.n, clients_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		const struct dhcp_client *client = table_value(&c->clients,
		    order[i]);

		dhcp_client_write(c, j, order[i] + 1);
		text_write(j, client->host_name);
		text_write(j, client->vendor_class);
		fingerprint_write(j, client);
		json_uint(j, NULL, client->discovers);
		json_uint(j, NULL, client->requests);
		json_bool(j, NULL, client->acked);
		json_uint(j, NULL, client->first_frame);
		json_uint(j, NULL, client->last_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
	servers_report(c, j, servers_bytes);
}

static void
lease_row(const struct dhcp_clients *c, const struct dhcp_lease *l,
    struct json *j)
{
	static const char *const states[] = { "bound", "released",
		"declined" };
	const struct dhcp_client *client = dhcp_client_at(c, l->client);
	char text[ADDR_TEXT];

	dhcp_client_write(c, j, l->client);
	text_write(j, client == NULL ? span_empty() : client->host_name);
	text_write(j, client == NULL ? span_empty() : client->vendor_class);
	if (l->prefix > 0)
		json_textf(j, NULL, "%.*s/%u", (int)addr_write(text,
		    &l->address), text, l->prefix);
	else
		json_addr(j, NULL, &l->address);
	dhcp_server_write(c, j, l->server);
	json_text(j, NULL, states[l->state]);
	if (l->seconds > 0)
		json_uint(j, NULL, l->seconds);
	else
		json_null(j, NULL);
	json_uint(j, NULL, l->acks);
	json_time(j, NULL, l->last);
	json_uint(j, NULL, l->first_frame);
	json_uint(j, NULL, l->last_frame);
}

void
dhcp_leases_report(const struct dhcp_clients *c, struct json *j,
    size_t max_bytes)
{
	struct ranked r;

	ranked_begin(&r, j, "leases", "client host_name vendor_class address "
	    "server state lease_seconds acks last_time first_frame "
	    "last_frame", c->leases.n, max_bytes);
	for (size_t i = 0; i < r.total && ranked_row(&r); i++) {
		lease_row(c, table_value(&c->leases, i), j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}
