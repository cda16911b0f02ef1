#include "proto/dhcpv6.h"

#include "base/buf.h"
#include "proto/dhcpv6_option.h"
#include "proto/dhcpv6_value.h"

#define LEVELS 64       /* options in options and messages in relays */
#define RELAY_HEAD 34

/* Options that are still to be read: of a message or inside an option. */
struct level {
	struct cursor c;
	uint16_t depth;      /* of the fields */
	bool own;            /* directly in the innermost message */
	struct dhcpv6_lease ia; /* kind 0: not inside an association */
};

struct reader {
	struct decode *d;
	struct field_list *l;
	struct dhcpv6_message *m;
	struct dhcpv6_lease *leases;
	struct dhcpv6_option *options;
	size_t lease_places, option_places; /* as many as the bytes can hold */
	struct level levels[LEVELS];
	size_t n;
};

static const struct field *
row(enum dhcpv6_row at)
{
	return &dhcpv6_rows[at];
}

static void
level_push(struct reader *r, struct cursor c, const struct level *from,
    bool own)
{
	struct level *level;

	if (r->n == LEVELS) {
		r->d->malformed = true;
		return;
	}
	level = &r->levels[r->n++];
	level->c = c;
	level->depth = r->l == NULL ? 0 : r->l->depth;
	level->own = own;
	if (from != NULL)
		level->ia = from->ia;
	else
		level->ia = (struct dhcpv6_lease){ .kind = 0 };
}

static struct addr
address_read(struct cursor *c, struct field_list *l, enum dhcpv6_row at)
{
	struct span s = read_bytes(c, 16, l, row(at));
	struct addr none = { .kind = ADDR_NONE };

	return s.n == 16 ? addr_of(ADDR_IPV6, s.p) : none;
}

/* The head of a message; its options become a level. */
static void
message_begin(struct reader *r, struct cursor c)
{
	struct dhcpv6_message *m = r->m;
	size_t left = cur_claimed_left(&c);

	m->type = read_u8(&c, r->l, row(DHCPV6_ROW_MSGTYPE));
	if (m->type != DHCPV6_RELAY_FORW && m->type != DHCPV6_RELAY_REPL) {
		m->xid = read_be24(&c, r->l, row(DHCPV6_ROW_XID));
		m->n_options = 0;
		m->has_xid = cur_ok(&c);
		if (cur_ok(&c))
			level_push(r, c, NULL, true);
	} else if (left < RELAY_HEAD || m->relays == DHCPV6_RELAYS) {
		cur_fail(&c);
	} else {
		m->relays++;
		(void)read_u8(&c, r->l, row(DHCPV6_ROW_HOPCOUNT));
		m->link = address_read(&c, r->l, DHCPV6_ROW_LINKADDR);
		m->peer = address_read(&c, r->l, DHCPV6_ROW_PEERADDR);
		if (cur_ok(&c))
			level_push(r, c, NULL, false);
	}
	if (!cur_ok(&c) && !c.cut)
		r->d->malformed = true;
}

static void
option_note(struct reader *r, uint16_t code, struct span value)
{
	struct dhcpv6_message *m = r->m;
	struct cursor c = cur_open(value);

	if (m->n_options < r->option_places)
		r->options[m->n_options++] = (struct dhcpv6_option){ code,
			value };
	switch (code) {
	case 1:
		m->client_id = value;
		break;
	case 2:
		m->server_id = value;
		break;
	case 13:
		m->status = cur_be16(&c);
		m->has_status = cur_ok(&c);
		break;
	case 14:
		m->rapid_commit = true;
		break;
	}
}

/* The heads of the options that hold options. */
static void
association_read(struct reader *r, struct level *in, uint16_t code,
    struct cursor *c)
{
	struct dhcpv6_lease *ia = &in->ia;

	ia->kind = (uint8_t)code;
	if (r->l != NULL && cur_left(c) >= 4)
		dhcpv6_hex_put(r->l, r->d->arena, code == DHCPV6_LEASE_TA ?
		    DHCPV6_ROW_IATA : DHCPV6_ROW_IAID,
		    span_of(c->base + c->pos, 4));
	ia->iaid = cur_be32(c);
	if (code != DHCPV6_LEASE_TA) {
		ia->t1 = read_be32(c, r->l, row(DHCPV6_ROW_IAID_T1));
		ia->t2 = read_be32(c, r->l, row(DHCPV6_ROW_IAID_T2));
	}
	if (!cur_ok(c))
		return;
	if (r->m->associations++ == 0) {
		r->m->iaid = ia->iaid;
		r->m->iaid_kind = code;
	}
}

static void
lease_read(struct reader *r, const struct level *in, bool prefix,
    struct cursor *c)
{
	struct dhcpv6_lease lease = in->ia;

	lease.prefix = 128;
	if (!prefix)
		lease.address = address_read(c, r->l, DHCPV6_ROW_IAADDR_IP);
	lease.preferred = read_be32(c, r->l, row(prefix ?
	    DHCPV6_ROW_IAPREFIX_PREF_LIFETIME :
	    DHCPV6_ROW_IAADDR_PREF_LIFETIME));
	lease.valid = read_be32(c, r->l, row(prefix ?
	    DHCPV6_ROW_IAPREFIX_VALID_LIFETIME :
	    DHCPV6_ROW_IAADDR_VALID_LIFETIME));
	if (prefix) {
		lease.prefix = read_u8(c, r->l,
		    row(DHCPV6_ROW_IAPREFIX_PREF_LEN));
		lease.address = address_read(c, r->l,
		    DHCPV6_ROW_IAPREFIX_PREF_ADDR);
	}
	if (cur_ok(c) && r->m->n_leases < r->lease_places)
		r->leases[r->m->n_leases++] = lease;
}

/* Bytes before the options inside; SIZE_MAX: there are none. */
static size_t
head_length(enum dhcpv6_kind kind)
{
	switch (kind) {
	case DHCPV6_IA:
		return 12;
	case DHCPV6_IA_TA:
		return 4;
	case DHCPV6_ADDRESS:
		return 24;
	case DHCPV6_PREFIX:
		return 25;
	case DHCPV6_LQ:
		return 17;
	case DHCPV6_OPTIONS:
		return 0;
	default:
		return SIZE_MAX;
	}
}

static void
container_read(struct reader *r, struct level *in, uint16_t code,
    struct cursor *c)
{
	struct level inside = *in;

	switch ((enum dhcpv6_kind)dhcpv6_option_row(code)->kind) {
	case DHCPV6_IA:
	case DHCPV6_IA_TA:
		association_read(r, &inside, code, c);
		break;
	case DHCPV6_ADDRESS:
		lease_read(r, in, false, c);
		break;
	case DHCPV6_PREFIX:
		lease_read(r, in, true, c);
		break;
	case DHCPV6_LQ:
		(void)read_u8(c, r->l, row(DHCPV6_ROW_LQ_QUERY));
		(void)address_read(c, r->l,
		    DHCPV6_ROW_LQ_QUERY_LINK_ADDRESS);
		break;
	default:
		break;
	}
	if (cur_left(c) > 0)
		level_push(r, *c, &inside, false);
}

static void
value_read(struct reader *r, struct level *in, uint16_t code, struct span s)
{
	enum dhcpv6_kind kind = dhcpv6_option_row(code)->kind;
	struct dhcpv6_value value = { .l = r->l, .arena = r->d->arena,
		.type = r->m->type };
	struct cursor c = cur_open(s);
	size_t head = head_length(kind);
	bool fits = true;

	if (kind == DHCPV6_RELAY && s.n > 0) {
		(void)field_enter(r->l, row(DHCPV6_ROW), s);
		message_begin(r, c);
		return;
	}
	if (head != SIZE_MAX)
		fits = s.n >= head;
	else
		fits = dhcpv6_value_read(&value, code, s);
	if (!fits && r->l != NULL)
		field_put_number(r->l, row(DHCPV6_ROW_MALFORMED_OPTION), s, 1);
	if (!fits)
		r->d->malformed = true;
	else if (head != SIZE_MAX)
		container_read(r, in, code, &c);
}

static void
option_name_put(struct field_list *l, uint16_t code, struct span where,
    struct arena *arena)
{
	const char *name = value_name(dhcpv6_options, code);
	struct span text;
	struct buf b;

	if (name != NULL) {
		text = span_text(name);
	} else {
		buf_init(&b, 32);
		buf_printf(&b, "DHCP option %u", code);
		text = arena_copy(arena, buf_bytes(&b));
		buf_free(&b);
	}
	field_put_bytes(l, row(DHCPV6_ROW_OPTION_TYPE_STR), where, text);
	l->depth++;
	field_put_number(l, row(DHCPV6_ROW_OPTION_TYPE), span_first(where, 2),
	    code);
	field_put_number(l, row(DHCPV6_ROW_OPTION_LENGTH),
	    span_first(span_after(where, 2), 2), where.n - 4);
}

/* One option of the deepest level. */
static void
option_read(struct reader *r)
{
	struct level *in = &r->levels[r->n - 1];
	const uint8_t *start = in->c.base + in->c.pos;
	uint16_t code = cur_be16(&in->c), n = cur_be16(&in->c);
	struct span value = cur_take(&in->c, n);

	if (r->l != NULL)
		r->l->depth = in->depth;
	if (!cur_ok(&in->c)) {
		if (!in->c.cut)
			r->d->malformed = true;
		return;
	}
	if (in->own)
		option_note(r, code, value);
	if (r->l != NULL)
		option_name_put(r->l, code, span_of(start, n + 4U),
		    r->d->arena);
	value_read(r, in, code, value);
}

static const void *
dhcpv6_decode(struct cursor *c, struct decode *d)
{
	struct dhcpv6_message *m = arena_new(d->arena, struct dhcpv6_message);
	struct reader *r = arena_new(d->arena, struct reader);
	struct cursor peek = *c;
	uint16_t depth;
	size_t entered;

	if (m == NULL || r == NULL || cur_left(c) < 1)
		return NULL;
	r->lease_places = cur_left(c) / 24 + 1;
	r->option_places = cur_left(c) / 4 + 1;
	r->leases = arena_array(d->arena, r->lease_places,
	    struct dhcpv6_lease);
	r->options = arena_array(d->arena, r->option_places,
	    struct dhcpv6_option);
	if (r->leases == NULL || r->options == NULL)
		return NULL;
	r->d = d;
	r->l = d->fields;
	r->m = m;
	m->client_id = m->server_id = span_empty();
	m->leases = r->leases;
	m->options = r->options;
	m->outer_type = cur_u8(&peek);
	depth = d->fields == NULL ? 0 : d->fields->depth;
	entered = field_enter(d->fields, row(DHCPV6_ROW),
	    span_of(c->base, c->end));
	message_begin(r, *c);
	/* Every round consumes bytes of a level or ends one. */
	while (r->n > 0) {
		if (cur_left(&r->levels[r->n - 1].c) == 0)
			r->n--;
		else
			option_read(r);
	}
	(void)cur_take(c, c->claimed);
	if (d->fields != NULL)
		d->fields->depth = (uint16_t)(depth + 1);
	field_leave(d->fields, entered, c->base + c->end);
	return m;
}

const struct dhcpv6_option *
dhcpv6_option(const struct dhcpv6_message *m, uint16_t code)
{
	for (size_t i = 0; i < m->n_options; i++)
		if (m->options[i].code == code)
			return &m->options[i];
	return NULL;
}

struct span
dhcpv6_duid_mac(struct span duid)
{
	struct cursor c = cur_open(duid);
	uint16_t type = cur_be16(&c), hardware = cur_be16(&c);

	if (type == 1)
		cur_skip(&c, 4);
	if ((type != 1 && type != 3) || hardware != 1 || cur_left(&c) != 6)
		return span_empty();
	return cur_rest(&c);
}

/* "SOLICIT XID: 0x100874" */
static void
dhcpv6_info(struct buf *out, const void *data)
{
	const struct dhcpv6_message *m = data;
	const char *name = value_name(dhcpv6_types, m->type);

	if (m->relays > 0)
		buf_printf(out, "%s, ", value_name(dhcpv6_types,
		    m->outer_type));
	if (name != NULL)
		buf_text(out, name);
	else
		buf_printf(out, "Message type %u", m->type);
	if (m->has_xid)
		buf_printf(out, " XID: 0x%06x", (unsigned)m->xid);
}

const struct proto proto_dhcpv6 = {
	.name = "dhcpv6",
	.title = "DHCPv6",
	.fields = &dhcpv6_table,
	.ports = (const struct proto_port[]){
		{ 17, 546, 547 }, { 0, 0, 0 },
	},
	.decode = dhcpv6_decode,
	.info = dhcpv6_info,
};
