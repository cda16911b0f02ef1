#include "proto/dhcp_option.h"

#include "proto/dns_name.h"

#define HARDWARE_AT 28 /* behind the addresses */
#define HARDWARE 16
#define COOKIE 0x63825363U

struct reader {
	struct decode *d;
	struct field_list *l;
	struct dhcp_message *m;
	struct span name, file; /* the fields of 64 and 128 bytes */
	struct dhcp_pieces pieces;
	struct dhcp_fields fields;
};

static const struct field *
row(enum dhcp_row at)
{
	return &dhcp_rows[at];
}

/* ---- Their fields ----------------------------------------------------- */

/* Zeros in a row are one option of type 0. */
static __attribute__((cold)) void
padding_put(struct reader *r, struct cursor *c)
{
	const uint8_t *start = c->base + c->pos;
	struct cursor ahead = *c;
	struct span s;

	while (cur_left(&ahead) > 0 && cur_u8(&ahead) == 0)
		*c = ahead;
	s = span_of(start, (size_t)(c->base + c->pos - start));
	dhcp_put(&r->fields, DHCP_ROW_OPTION_TYPE, s, 0);
	r->l->depth++;
	dhcp_put_bytes(&r->fields, DHCP_ROW_OPTION_PADDING, s);
	r->l->depth--;
}

/* Wireshark shows 0 as the type of the end. */
static __attribute__((cold)) void
end_put(struct reader *r, struct span where)
{
	dhcp_put(&r->fields, DHCP_ROW_OPTION_TYPE, where, 0);
	r->l->depth++;
	dhcp_put(&r->fields, DHCP_ROW_OPTION_END, where, 255);
	r->l->depth--;
}

/* One option at the cursor; false at the end of the options. */
static __attribute__((cold)) bool
option_put(struct reader *r, struct cursor *c, uint8_t *code,
    struct span *data)
{
	struct span where = span_of(c->base + c->pos, 1);
	struct cursor ahead = *c;
	uint8_t n;

	*code = cur_u8(&ahead);
	if (*code == 0) {
		padding_put(r, c);
		return true;
	}
	*c = ahead;
	if (*code == 255) {
		end_put(r, where);
		return false;
	}
	if (cur_left(c) == 0)
		return false;
	n = cur_u8(c);
	dhcp_put(&r->fields, DHCP_ROW_OPTION_TYPE, span_of(where.p,
	    cur_left(c) < n ? 2 : n + 2U), *code);
	r->l->depth++;
	dhcp_put(&r->fields, DHCP_ROW_OPTION_LENGTH, span_of(where.p + 1, 1),
	    n);
	*data = cur_take(c, n);
	if (cur_ok(c))
		dhcp_option_put(&r->fields, *code, *data);
	r->l->depth--;
	return cur_ok(c);
}

/* The options in a field of the header. */
static __attribute__((cold)) void
overload_put(struct reader *r, struct span area)
{
	struct cursor c = cur_open(area);
	struct span data;
	uint8_t code;

	while (cur_left(&c) > 0 && option_put(r, &c, &code, &data))
		continue;
}

static __attribute__((cold)) void
options_put(struct reader *r, struct cursor c)
{
	struct span data;
	uint8_t code;

	while (cur_left(&c) > 0) {
		if (!option_put(r, &c, &code, &data))
			break;
		if (code != 52)
			continue;
		if ((r->m->overload & 2) != 0)
			overload_put(r, r->name);
		if ((r->m->overload & 1) != 0)
			overload_put(r, r->file);
	}
	data = cur_rest(&c);
	if (data.n > 0 && r->m->end)
		dhcp_put_bytes(&r->fields, DHCP_ROW_OPTION_PADDING, data);
	if (!r->m->end && cur_ok(&c))
		dhcp_put(&r->fields, DHCP_ROW_END_OPTION_MISSING, data, 1);
}

/* What one option must know of others. */
static __attribute__((cold)) void
fields_begin(struct reader *r)
{
	const struct dhcp_option *o;

	r->fields.l = r->l;
	r->fields.arena = r->d->arena;
	o = dhcp_option(r->m, 60);
	r->fields.class_id = o == NULL ? span_empty() : o->data;
	o = dhcp_option(r->m, 119);
	r->fields.domains = o == NULL ? span_empty() : o->data;
	for (size_t i = 0; i < r->pieces.n; i++)
		r->fields.domain_pieces += r->pieces.all[i].code == 119;
}

/* ---- The header ------------------------------------------------------- */

static void
address_read(struct cursor *c, struct field_list *l, enum dhcp_row at,
    struct addr *a)
{
	struct span s = read_bytes(c, 4, l, row(at));

	if (s.n != 4)
		return;
	a->kind = ADDR_IPV4;
	memcpy(a->bytes, s.p, 4);
}

static __attribute__((cold)) void
hardware_put(struct reader *r, size_t n, struct span padding)
{
	if (n == 0)
		dhcp_put(&r->fields, DHCP_ROW_CLIENT_ADDRESS_NOT_GIVEN,
		    padding, 1);
	else
		dhcp_put_bytes(&r->fields, n == 6 ? DHCP_ROW_HW_MAC_ADDR :
		    DHCP_ROW_HW_ADDR, n == 6 ? r->m->hardware :
		    span_of(r->m->hardware.p, HARDWARE));
	if (n > 0 && padding.n > 0)
		dhcp_put_bytes(&r->fields, DHCP_ROW_HW_ADDR_PADDING, padding);
}

/* An address of Ethernet and what is behind it, or as long as it says. */
static void
hardware_read(struct reader *r, struct cursor *c)
{
	struct dhcp_message *m = r->m;
	size_t n = m->hlen > HARDWARE ? 0 : m->hlen;
	struct span all;

	if (n == 6) {
		m->hardware = cur_take(c, 6);
		if (!cur_ok(c))
			return;
		all = cur_take(c, HARDWARE - 6);
	} else {
		all = cur_take(c, HARDWARE);
		m->hardware = all;
		if (!cur_ok(c))
			return;
		m->hardware = span_first(all, n);
		all = span_after(all, n);
	}
	if (r->l != NULL)
		hardware_put(r, n, all);
}

static __attribute__((cold)) void
secs_put(struct reader *r, struct span where)
{
	/* Some clients count in the other byte. */
	bool swapped = r->m->secs > 255 && (r->m->secs & 0xff) == 0;

	dhcp_put(&r->fields, DHCP_ROW_SECS, where,
	    swapped ? r->m->secs >> 8 : r->m->secs);
	if (swapped)
		dhcp_put(&r->fields, DHCP_ROW_SECS_LE, where, 1);
}

static __attribute__((cold)) void
flags_put(struct reader *r, struct span where)
{
	r->l->depth++;
	field_bits(r->l, row(DHCP_ROW_FLAGS_BC), where, r->m->flags, 0x8000);
	field_bits(r->l, row(DHCP_ROW_FLAGS_RESERVED), where, r->m->flags,
	    0x7fff);
	r->l->depth--;
}

static void
flags_read(struct reader *r, struct cursor *c)
{
	struct span where = span_of(c->base + c->pos, 2);

	r->m->secs = cur_be16(c);
	if (r->l != NULL && cur_ok(c))
		secs_put(r, where);
	where = span_of(c->base + c->pos, 2);
	r->m->flags = read_be16(c, r->l, row(DHCP_ROW_FLAGS));
	if (r->l != NULL && cur_ok(c))
		flags_put(r, where);
}

/* Small rather than fast: of what a message takes, the options are most. */
static __attribute__((cold, noinline)) void
header_read(struct reader *r, struct cursor *c)
{
	struct dhcp_message *m = r->m;

	m->op = read_u8(c, r->l, row(DHCP_ROW_TYPE));
	m->htype = read_u8(c, r->l, row(DHCP_ROW_HW_TYPE));
	m->hlen = read_u8(c, r->l, row(DHCP_ROW_HW_LEN));
	m->hops = read_u8(c, r->l, row(DHCP_ROW_HOPS));
	m->xid = read_be32(c, r->l, row(DHCP_ROW_ID));
	flags_read(r, c);
	address_read(c, r->l, DHCP_ROW_IP_CLIENT, &m->client);
	address_read(c, r->l, DHCP_ROW_IP_YOUR, &m->your);
	address_read(c, r->l, DHCP_ROW_IP_SERVER, &m->server);
	address_read(c, r->l, DHCP_ROW_IP_RELAY, &m->relay);
	hardware_read(r, c);
}

/* A field of fixed size holds text up to the first zero. */
static struct span
text_of(struct span s)
{
	return span_first(s, span_find_byte(s, 0));
}

static __attribute__((cold)) void
names_put(struct reader *r)
{
	bool name = (r->m->overload & 2) != 0, file = (r->m->overload & 1) != 0;

	if (r->name.n > 0)
		field_put_bytes(r->l, row(name ?
		    DHCP_ROW_SERVER_NAME_OVERLOADED_BY_DHCP :
		    DHCP_ROW_SERVER), r->name,
		    name ? r->name : text_of(r->name));
	if (r->file.n > 0)
		field_put_bytes(r->l, row(file ?
		    DHCP_ROW_BOOT_FILENAME_OVERLOADED_BY_DHCP :
		    DHCP_ROW_FILE), r->file,
		    file ? r->file : text_of(r->file));
}

/* From the server's name on. */
static void
rest_read(struct reader *r, struct cursor *c)
{
	struct dhcp_message *m = r->m;
	struct cursor options;
	struct span cookie;

	r->name = cur_take(c, 64);
	r->file = cur_take(c, 128);
	cookie = span_of(c->base + c->pos, 4);
	m->whole = cur_ok(c);
	m->cookie = cur_be32(c) == COOKIE;
	options = *c;
	if (m->cookie && cur_left(c) > 0)
		m->whole = dhcp_pieces_read(&r->pieces, m, r->d->arena,
		    options, r->name, r->file);
	if ((m->overload & 2) == 0)
		m->server_name = text_of(r->name);
	if ((m->overload & 1) == 0)
		m->file = text_of(r->file);
	if (r->l == NULL)
		return;
	names_put(r);
	if (r->file.n > 0 && m->type == 0)
		dhcp_put(&r->fields, DHCP_ROW_BOOTP, span_first(cookie, 0), 1);
	if (!m->cookie)
		return;
	dhcp_put_bytes(&r->fields, DHCP_ROW_COOKIE, cookie);
	fields_begin(r);
	if (cur_left(&options) > 0)
		options_put(r, options);
}

/*
 * What must be captured to be shown: the addresses and the client's hardware.
 * Wireshark reads as much of a request as its length says, be it more than the
 * field holds.
 */
static size_t
least_captured(struct cursor c)
{
	uint8_t op = cur_u8(&c), n;

	cur_skip(&c, 1);
	n = cur_u8(&c);
	return HARDWARE_AT + (op == 1 || n <= HARDWARE ? n : 0);
}

static const void *
dhcp_decode(struct cursor *c, struct decode *d)
{
	struct dhcp_message *m = arena_new(d->arena, struct dhcp_message);
	struct reader r = {
		.d = d, .l = d->fields, .m = m,
		.name = span_empty(), .file = span_empty(),
		.fields = { .l = d->fields, .arena = d->arena },
	};
	size_t entered, captured = cur_left(c);

	if (m == NULL || captured < least_captured(*c))
		return NULL;
	m->hardware = m->server_name = m->file = span_empty();
	entered = field_enter(d->fields, row(DHCP_ROW),
	    span_of(c->base, c->end));
	header_read(&r, c);
	if (cur_ok(c))
		rest_read(&r, c);
	if (!m->whole && captured == c->claimed)
		d->malformed = true;
	m->whole &= !m->cookie || m->end || captured == c->claimed;
	if (!m->whole && !m->end && m->type == DHCP_BOOTP)
		m->type = DHCP_UNKNOWN;
	field_leave(d->fields, entered, c->base + c->end);
	return m;
}

/* ---- For the others --------------------------------------------------- */

__attribute__((cold)) bool
dhcp_route_read(struct cursor *c, struct addr *net, uint8_t *prefix,
    struct addr *router)
{
	uint8_t bytes[4] = { 0 };
	struct span s;

	if (cur_left(c) == 0)
		return false;
	*prefix = cur_u8(c);
	if (*prefix > 32)
		cur_fail(c);
	s = cur_take(c, (*prefix + 7U) / 8);
	memcpy(bytes, s.p, s.n);
	*net = addr_of(ADDR_IPV4, bytes);
	s = cur_take(c, 4);
	if (!cur_ok(c))
		return false;
	*router = addr_of(ADDR_IPV4, s.p);
	return true;
}

__attribute__((cold)) struct span
dhcp_fqdn(const struct dhcp_message *m, struct arena *arena)
{
	const struct dhcp_option *o = dhcp_option(m, 81);
	struct dns_names names = { .arena = arena };
	struct dns_name name;
	struct cursor c;
	uint8_t flags;

	if (o == NULL || o->data.n <= 3)
		return span_empty();
	c = cur_open(o->data);
	flags = cur_u8(&c);
	cur_skip(&c, 2);
	if ((flags & 4) == 0)
		return cur_rest(&c);
	c = cur_open(span_after(o->data, 3));
	name = dns_name_read_partial(&names, &c);
	return cur_ok(&c) && !name.bad ? name.text : span_empty();
}

/* "DHCP DISCOVER - Transaction ID 0x3d1d" */
static __attribute__((cold)) void
dhcp_info(struct buf *out, const void *data)
{
	const struct dhcp_message *m = data;
	const char *type = value_name(dhcp_types, m->type);

	if (type != NULL)
		buf_printf(out, "DHCP %s - Transaction ID 0x%x", type,
		    (unsigned)m->xid);
	else if (m->op == 1)
		buf_text(out, "Boot Request");
	else if (m->op == 2)
		buf_text(out, "Boot Reply");
	else
		buf_printf(out, "BOOTP message type %u", m->op);
}

const struct proto proto_dhcp = {
	.name = "dhcp",
	.title = "Dynamic Host Configuration Protocol",
	.fields = &dhcp_table,
	.ports = (const struct proto_port[]){
		{ 17, 67, 68 }, { 17, 4011, 4011 }, { 0, 0, 0 },
	},
	.decode = dhcp_decode,
	.info = dhcp_info,
};
