#include "proto/nbns.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "proto/rows.h"

#define LEAST 4 /* bytes: ID and flags; as in Wireshark */

enum nbns_row {
	NBNS_ROW,
	NBNS_ID,
	NBNS_FLAGS,
	NBNS_FLAGS_RESPONSE,
	NBNS_FLAGS_OPCODE,
	NBNS_FLAGS_AUTHORITATIVE,
	NBNS_FLAGS_TRUNCATED,
	NBNS_FLAGS_RECDESIRED,
	NBNS_FLAGS_RECAVAIL,
	NBNS_FLAGS_BROADCAST,
	NBNS_FLAGS_RCODE,
	NBNS_COUNT_QUERIES,
	NBNS_COUNT_ANSWERS,
	NBNS_COUNT_AUTH_RR,
	NBNS_COUNT_ADD_RR,
	NBNS_NAME_ROW,
	NBNS_TYPE,
	NBNS_CLASS,
	NBNS_TTL,
	NBNS_DATA_LENGTH,
	NBNS_NB_FLAGS,
	NBNS_NB_FLAGS_GROUP,
	NBNS_NB_FLAGS_ONT,
	NBNS_ADDR,
	NBNS_NUMBER_OF_NAMES,
	NBNS_NETBIOS_NAME,
	NBNS_NAME_FLAGS,
	NBNS_NAME_FLAGS_GROUP,
	NBNS_NAME_FLAGS_ONT,
	NBNS_NAME_FLAGS_DRG,
	NBNS_NAME_FLAGS_CNF,
	NBNS_NAME_FLAGS_ACT,
	NBNS_NAME_FLAGS_PRM,
	NBNS_UNIT_ID,
	NBNS_DATA,
	NBNS_ROWS
};

static const struct value_name opcodes[] = {
	{ 0, "QUERY" }, { 5, "REGISTRATION" }, { 6, "RELEASE" },
	{ 7, "WACK" }, { 8, "REFRESH" }, { 9, "REFRESH" },
	{ 15, "MULTI-HOMED REGISTRATION" }, { 0, NULL },
};

static const struct value_name types[] = {
	{ 1, "A" }, { 2, "NS" }, { 10, "NULL" }, { 32, "NB" },
	{ 33, "NBSTAT" }, { 0, NULL },
};

static const struct field rows[NBNS_ROWS] = {
	[NBNS_ROW] = LAYER("nbns", "NetBIOS Name Service"),
	[NBNS_ID] = HEX16("nbns.id", "Transaction ID"),
	[NBNS_FLAGS] = HEX16("nbns.flags", "Flags, all sixteen bits"),
	[NBNS_FLAGS_RESPONSE] = BOOL16("nbns.flags.response", "Response"),
	[NBNS_FLAGS_OPCODE] =
	    DEC16_NAMED("nbns.flags.opcode", "Kind of message", opcodes),
	[NBNS_FLAGS_AUTHORITATIVE] =
	    BOOL16("nbns.flags.authoritative", "Answer of an authority"),
	[NBNS_FLAGS_TRUNCATED] =
	    BOOL16("nbns.flags.truncated", "Message was cut to fit"),
	[NBNS_FLAGS_RECDESIRED] =
	    BOOL16("nbns.flags.recdesired", "Recursion desired"),
	[NBNS_FLAGS_RECAVAIL] =
	    BOOL16("nbns.flags.recavail", "Recursion available"),
	[NBNS_FLAGS_BROADCAST] = BOOL16("nbns.flags.broadcast", "Broadcast"),
	[NBNS_FLAGS_RCODE] = DEC16("nbns.flags.rcode", "Reply code"),
	[NBNS_COUNT_QUERIES] =
	    DEC16("nbns.count.queries", "Number of questions"),
	[NBNS_COUNT_ANSWERS] = DEC16("nbns.count.answers", "Answers"),
	[NBNS_COUNT_AUTH_RR] =
	    DEC16("nbns.count.auth_rr", "Authority records"),
	[NBNS_COUNT_ADD_RR] = DEC16("nbns.count.add_rr", "Additional records"),
	[NBNS_NAME_ROW] = TEXT("nbns.name", "Name with suffix"),
	[NBNS_TYPE] = DEC16_NAMED("nbns.type", "Type of record", types),
	[NBNS_CLASS] = DEC16("nbns.class", "Class of record"),
	[NBNS_TTL] = DEC32("nbns.ttl", "Time to live, seconds"),
	[NBNS_DATA_LENGTH] = DEC16("nbns.data_length", "Length of the data"),
	[NBNS_NB_FLAGS] = HEX16("nbns.nb_flags", "Flags of the name"),
	[NBNS_NB_FLAGS_GROUP] = BOOL16("nbns.nb_flags.group", "Group name"),
	[NBNS_NB_FLAGS_ONT] = DEC16("nbns.nb_flags.ont", "Kind of owner"),
	[NBNS_ADDR] = IPV4("nbns.addr", "Address"),
	[NBNS_NUMBER_OF_NAMES] =
	    DEC8("nbns.number_of_names", "Names of the node"),
	[NBNS_NETBIOS_NAME] = TEXT("nbns.netbios_name", "Name of the node"),
	[NBNS_NAME_FLAGS] = HEX16("nbns.name_flags", "Flags of the name"),
	[NBNS_NAME_FLAGS_GROUP] =
	    BOOL16("nbns.name_flags.group", "Group name"),
	[NBNS_NAME_FLAGS_ONT] = DEC16("nbns.name_flags.ont", "Kind of owner"),
	[NBNS_NAME_FLAGS_DRG] =
	    BOOL16("nbns.name_flags.drg", "Being deregistered"),
	[NBNS_NAME_FLAGS_CNF] = BOOL16("nbns.name_flags.cnf", "In conflict"),
	[NBNS_NAME_FLAGS_ACT] = BOOL16("nbns.name_flags.act", "Active"),
	[NBNS_NAME_FLAGS_PRM] = BOOL16("nbns.name_flags.prm", "Permanent"),
	[NBNS_UNIT_ID] = ETHER("nbns.unit_id", "MAC address of the node"),
	[NBNS_DATA] = BYTES("nbns.data", "Data of another type"),
};

static const struct field_table table = {
	"NetBIOS Name Service", rows, NBNS_ROWS,
};

struct flag {
	uint16_t mask, row;
	bool response; /* in responses only */
};

static const struct flag flags[] = {
	{ 0x8000, NBNS_FLAGS_RESPONSE, false },
	{ 0x7800, NBNS_FLAGS_OPCODE, false },
	{ 0x0400, NBNS_FLAGS_AUTHORITATIVE, true },
	{ 0x0200, NBNS_FLAGS_TRUNCATED, false },
	{ 0x0100, NBNS_FLAGS_RECDESIRED, false },
	{ 0x0080, NBNS_FLAGS_RECAVAIL, true },
	{ 0x0010, NBNS_FLAGS_BROADCAST, false },
	{ 0x000f, NBNS_FLAGS_RCODE, true },
};

static void
flags_read(struct nbns_message *m, struct cursor *c, struct field_list *l)
{
	struct span where = span_of(c->base + c->pos, 2);

	m->flags = read_be16(c, l, &rows[NBNS_FLAGS]);
	m->response = (m->flags & 0x8000) != 0;
	m->opcode = m->flags >> 11 & 0xf;
	m->rcode = m->flags & 0xf;
	if (l == NULL || !cur_ok(c))
		return;
	l->depth++;
	for (size_t i = 0; i < LENGTH(flags); i++)
		if (m->response || !flags[i].response)
			field_bits(l, &rows[flags[i].row], where, m->flags,
			    flags[i].mask);
	l->depth--;
}

/* What can be read stays, the rest becomes <xx>; at most NBNS_NAME. */
static size_t
character_write(char *out, size_t n, uint8_t byte)
{
	if (n + 8 > NBNS_NAME)
		return n;
	if (byte >= ' ' && byte <= '~') {
		out[n++] = (char)byte;
		return n;
	}
	return n + (size_t)snprintf(out + n, 8, "<%02x>", byte);
}

/* RFC 1001, 14.1: each half byte is a letter from A on. */
static bool
label_decode(struct span label, struct nbns_name *name)
{
	struct cursor c = cur_open(label);
	uint8_t bytes[16];
	size_t used, n = 0;

	if (label.n != 32)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		unsigned high = cur_u8(&c) - 'A', low = cur_u8(&c) - 'A';

		if (high > 15 || low > 15)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	for (used = 15; used > 0 && bytes[used - 1] == ' '; used--)
		continue;
	for (size_t i = 0; i < used; i++)
		n = character_write(name->text, n, bytes[i]);
	name->suffix = bytes[15];
	(void)snprintf(name->text + n, sizeof(name->text) - n, "<%02x>",
	    name->suffix);
	return true;
}

static void
scope_add(struct nbns_name *name, struct span label)
{
	struct cursor c = cur_open(label);
	size_t n = strlen(name->text);

	n = character_write(name->text, n, '.');
	while (cur_left(&c) > 0)
		n = character_write(name->text, n, cur_u8(&c));
	(void)snprintf(name->text + n, sizeof(name->text) - n, "%s",
	    n + 8 > NBNS_NAME ? "..." : "");
}

/* The first label is the name; a scope may follow.  One pointer, backwards. */
static struct nbns_name
name_read(struct cursor *c)
{
	struct nbns_name name = { .suffix = 0 };
	struct cursor at = *c;
	size_t start = c->pos;
	bool jumped = false;
	uint8_t n;

	for (size_t i = 0; i < 64; i++) {
		n = cur_u8(&at);
		if (n >= 0xc0) {
			size_t target = (size_t)(n & 0x3f) << 8 | cur_u8(&at);

			if (jumped || target >= start || !cur_ok(&at)) {
				cur_fail(c);
				return name;
			}
			*c = at;
			jumped = true;
			cur_seek(&at, target);
			continue;
		}
		if (n == 0 || n > 63 || !cur_ok(&at))
			break;
		struct span label = cur_take(&at, n);

		if (name.text[0] != '\0')
			scope_add(&name, label);
		else if (!label_decode(label, &name))
			(void)snprintf(name.text, sizeof(name.text),
			    "<not NetBIOS>");
	}
	if (n > 63 || !cur_ok(&at))
		cur_fail(c);
	else if (!jumped)
		*c = at;
	return name;
}

static void
name_put(struct decode *d, const struct nbns_name *name, struct span where)
{
	field_put_bytes(d->fields, &rows[NBNS_NAME_ROW], where,
	    arena_copy(d->arena, span_text(name->text)));
}

static void
addresses_read(struct nbns_record *r, struct cursor *c, struct field_list *l)
{
	struct span where, s;
	uint16_t nb_flags;

	while (cur_left(c) >= 6) {
		where = span_of(c->base + c->pos, 2);
		nb_flags = read_be16(c, l, &rows[NBNS_NB_FLAGS]);
		if (l != NULL)
			l->depth++;
		field_bits(l, &rows[NBNS_NB_FLAGS_GROUP], where, nb_flags,
		    0x8000);
		field_bits(l, &rows[NBNS_NB_FLAGS_ONT], where, nb_flags,
		    0x6000);
		if (l != NULL)
			l->depth--;
		s = read_bytes(c, 4, l, &rows[NBNS_ADDR]);
		if (!r->has_address)
			r->address = addr_of(ADDR_IPV4, s.p);
		r->has_address = true;
	}
}

static void
node_name_put(struct decode *d, struct span name)
{
	struct cursor c = cur_open(span_trim(span_first(name, 15)));
	char text[NBNS_NAME];
	size_t n = 0;

	while (cur_left(&c) > 0)
		n = character_write(text, n, cur_u8(&c));
	field_put_bytes(d->fields, &rows[NBNS_NETBIOS_NAME], name,
	    arena_copy(d->arena, span_of(text, n)));
}

static void
status_name_put(struct cursor *c, struct decode *d)
{
	static const struct flag bits[] = {
		{ 0x8000, NBNS_NAME_FLAGS_GROUP, false },
		{ 0x6000, NBNS_NAME_FLAGS_ONT, false },
		{ 0x1000, NBNS_NAME_FLAGS_DRG, false },
		{ 0x0800, NBNS_NAME_FLAGS_CNF, false },
		{ 0x0400, NBNS_NAME_FLAGS_ACT, false },
		{ 0x0200, NBNS_NAME_FLAGS_PRM, false },
	};
	struct field_list *l = d->fields;
	struct span name = cur_take(c, 16), where;
	uint16_t name_flags;

	where = span_of(c->base + c->pos, 2);
	name_flags = cur_be16(c);
	if (!cur_ok(c) || l == NULL)
		return;
	node_name_put(d, name);
	field_put_number(l, &rows[NBNS_NAME_FLAGS], where, name_flags);
	l->depth++;
	for (size_t i = 0; i < LENGTH(bits); i++)
		field_bits(l, &rows[bits[i].row], where, name_flags,
		    bits[i].mask);
	l->depth--;
}

static void
data_read(struct nbns_record *r, struct cursor *c, struct decode *d)
{
	uint8_t n;

	if (r->type == 32) {
		addresses_read(r, c, d->fields);
	} else if (r->type == 33) {
		n = read_u8(c, d->fields, &rows[NBNS_NUMBER_OF_NAMES]);
		for (; n > 0 && cur_left(c) > 0; n--)
			status_name_put(c, d);
		if (cur_left(c) >= 6)
			(void)read_bytes(c, 6, d->fields,
			    &rows[NBNS_UNIT_ID]);
	} else if (cur_left(c) > 0) {
		(void)read_bytes(c, cur_left(c), d->fields,
		    &rows[NBNS_DATA]);
	}
	if (!cur_ok(c))
		d->malformed = true;
}

static bool
record_read(struct cursor *c, struct decode *d, struct nbns_record *r)
{
	struct field_list *l = d->fields;
	size_t start = c->pos;
	struct cursor data;
	uint16_t n;

	r->name = name_read(c);
	if (l != NULL && cur_ok(c))
		name_put(d, &r->name, span_of(c->base + start,
		    c->pos - start));
	r->type = read_be16(c, l, &rows[NBNS_TYPE]);
	r->class = read_be16(c, l, &rows[NBNS_CLASS]);
	r->ttl = read_be32(c, l, &rows[NBNS_TTL]);
	n = read_be16(c, l, &rows[NBNS_DATA_LENGTH]);
	data = cur_sub(c, n);
	if (!cur_ok(c))
		return false;
	if (l != NULL)
		l->depth++;
	data_read(r, &data, d);
	if (l != NULL)
		l->depth--;
	return true;
}

static bool
question_read(struct cursor *c, struct decode *d, struct nbns_question *q)
{
	size_t start = c->pos;

	q->name = name_read(c);
	if (d->fields != NULL && cur_ok(c))
		name_put(d, &q->name, span_of(c->base + start,
		    c->pos - start));
	q->type = read_be16(c, d->fields, &rows[NBNS_TYPE]);
	q->class = read_be16(c, d->fields, &rows[NBNS_CLASS]);
	return cur_ok(c);
}

/* No more than the bytes can hold. */
static size_t
places(size_t claimed, const struct cursor *c, size_t each)
{
	size_t fit = cur_left(c) / each + 1;

	return claimed < fit ? claimed : fit;
}

static bool
sections_read(struct nbns_message *m, struct cursor *c, struct decode *d)
{
	size_t claimed = (size_t)m->counts[1] + m->counts[2] + m->counts[3];
	size_t n_q = places(m->counts[0], c, 5), n_r = places(claimed, c, 11);
	struct nbns_question *q = arena_array(d->arena, n_q + 1,
	    struct nbns_question);
	struct nbns_record *r = arena_array(d->arena, n_r + 1,
	    struct nbns_record);

	if (q == NULL || r == NULL)
		return false;
	m->questions = q;
	m->records = r;
	for (; m->n_questions < n_q; m->n_questions++)
		if (!question_read(c, d, &q[m->n_questions]))
			return false;
	for (; m->n_records < n_r; m->n_records++)
		if (!record_read(c, d, &r[m->n_records]))
			return false;
	return m->n_questions == m->counts[0] && m->n_records == claimed;
}

static const void *
nbns_decode(struct cursor *c, struct decode *d)
{
	struct nbns_message *m = arena_new(d->arena, struct nbns_message);
	size_t entered;

	if (m == NULL || cur_left(c) < LEAST)
		return NULL;
	entered = field_enter(d->fields, &rows[NBNS_ROW],
	    span_of(c->base, c->end));
	m->id = read_be16(c, d->fields, &rows[NBNS_ID]);
	flags_read(m, c, d->fields);
	for (size_t i = 0; i < LENGTH(m->counts); i++)
		m->counts[i] = read_be16(c, d->fields,
		    &rows[NBNS_COUNT_QUERIES + i]);
	m->whole = sections_read(m, c, d);
	if (!m->whole && !c->cut)
		d->malformed = true;
	field_leave(d->fields, entered, c->base + c->end);
	return m;
}

/* "Name QUERY NB FILES<20>" */
static void
nbns_info(struct buf *out, const void *data)
{
	const struct nbns_message *m = data;
	const char *opcode = value_name(opcodes, m->opcode);
	const struct nbns_name *name = NULL;
	uint16_t type = 32;

	if (m->n_questions > 0) {
		name = &m->questions[0].name;
		type = m->questions[0].type;
	} else if (m->n_records > 0) {
		name = &m->records[0].name;
		type = m->records[0].type;
	}
	buf_printf(out, "Name %s%s", opcode == NULL ? "?" : opcode,
	    m->response ? " response" : "");
	if (name != NULL)
		buf_printf(out, " %s %s", type == 33 ? "NBSTAT" : "NB",
		    name->text);
}

const struct proto proto_nbns = {
	.name = "nbns",
	.title = "NetBIOS Name Service",
	.fields = &table,
	.ports = (const struct proto_port[]){
		{ 17, 137, 137 }, { 0, 0, 0 },
	},
	.decode = nbns_decode,
	.info = nbns_info,
};
