#include "filter/eval.h"

#include "net/plain.h"
#include "net/transport.h"
#include "net/walk.h"

/* Of struct quick_place. */
#define NOWHERE { QUICK_FRAME, 0, 0, false, 0, 0 }
#define RECORD { QUICK_RECORD, 0, 8, false, 0, 0 }
#define PLACE(base, at, size) { base, at, size, false, 0, 0 }
#define PAIR(base, at, size) { base, at, size, true, 0, 0 }
#define BITS(base, at, size, mask, shift) \
	{ base, at, size, false, mask, shift }

/* Which tests quick.c knows, and those that a packet's layers answer. */
static const struct {
	const char *name;
	uint8_t kind; /* enum quick_kind */
	uint16_t which;
	struct quick_place place;
} known[] = {
	{ "frame.number", QUICK_NUMBER, 0, RECORD },
	{ "frame.len", QUICK_LEN, 0, RECORD },
	{ "frame.cap_len", QUICK_CAP_LEN, 0, RECORD },
	{ "frame.time", QUICK_TIME, 0, RECORD },
	{ "frame.time_epoch", QUICK_TIME, 1, RECORD },
	{ "frame.time_relative", QUICK_SINCE, 0, RECORD },
	{ "frame.time_delta", QUICK_SINCE, 1, RECORD },
	{ "frame.time_delta_displayed", QUICK_SINCE, 2, RECORD },
	{ "eth.type", QUICK_PLACE, 0, PLACE(QUICK_FRAME, 12, 2) },
	{ "vlan.etype", QUICK_PLACE, 0, PLACE(QUICK_FRAME, 16, 2) },
	{ "ip.hdr_len", QUICK_PLACE, 0, BITS(QUICK_NETWORK, 0, 2, 0xf00, 6) },
	/* Always 2, "unverified": a bit that IPv4 and IPv6 begin with. */
	{ "ip.checksum.status", QUICK_PLACE, 0,
	    BITS(QUICK_NETWORK, 0, 1, 0x40, 5) },
	{ "tcp.checksum.status", QUICK_PLACE, 0,
	    BITS(QUICK_NETWORK, 0, 1, 0x40, 5) },
	{ "ip.version", QUICK_PLACE, 0, BITS(QUICK_NETWORK, 0, 1, 0xf0, 4) },
	{ "ip.flags.rb", QUICK_PLACE, 0,
	    BITS(QUICK_NETWORK, 6, 2, 0x8000, 15) },
	{ "ip.flags.mf", QUICK_PLACE, 0,
	    BITS(QUICK_NETWORK, 6, 2, 0x2000, 13) },
	{ "ip.frag_offset", QUICK_PLACE, 0,
	    BITS(QUICK_NETWORK, 6, 2, 0x1fff, 0) },
	{ "ipv6.plen", QUICK_PLACE, 0, PLACE(QUICK_NETWORK, 4, 2) },
	{ "ipv6.nxt", QUICK_PLACE, 0, PLACE(QUICK_NETWORK, 6, 1) },
	{ "tcp.urgent_pointer", QUICK_PLACE, 0,
	    PLACE(QUICK_TRANSPORT, 18, 2) },
	{ "icmp.checksum", QUICK_PLACE, 0, PLACE(QUICK_TRANSPORT, 2, 2) },
	{ "icmp.ident", QUICK_PLACE, 0, PLACE(QUICK_TRANSPORT, 4, 2) },
	{ "icmp.seq", QUICK_PLACE, 0, PLACE(QUICK_TRANSPORT, 6, 2) },
	{ "icmpv6.checksum", QUICK_PLACE, 0, PLACE(QUICK_TRANSPORT, 2, 2) },
	{ "icmpv6.echo.identifier", QUICK_PLACE, 0,
	    PLACE(QUICK_TRANSPORT, 4, 2) },
	{ "icmpv6.echo.sequence_number", QUICK_PLACE, 0,
	    PLACE(QUICK_TRANSPORT, 6, 2) },
	{ "eth.src", QUICK_ETH_SRC, 0, PLACE(QUICK_FRAME, 6, 6) },
	{ "eth.dst", QUICK_ETH_DST, 0, PLACE(QUICK_FRAME, 0, 6) },
	{ "eth.addr", QUICK_ETH_ADDR, 0, PAIR(QUICK_FRAME, 0, 6) },
	{ "vlan.id", QUICK_VLAN_ID, 0, BITS(QUICK_FRAME, 14, 2, 0xfff, 0) },
	{ "ip.src", QUICK_IP_SRC, 0, PLACE(QUICK_NETWORK, 12, 4) },
	{ "ip.dst", QUICK_IP_DST, 0, PLACE(QUICK_NETWORK, 16, 4) },
	{ "ip.addr", QUICK_IP_ADDR, 0, PAIR(QUICK_NETWORK, 12, 4) },
	{ "ip.proto", QUICK_IP_PROTO, 0, PLACE(QUICK_NETWORK, 9, 1) },
	{ "ip.ttl", QUICK_IP_TTL, 0, PLACE(QUICK_NETWORK, 8, 1) },
	{ "ip.dsfield", QUICK_IP_DSFIELD, 0, PLACE(QUICK_NETWORK, 1, 1) },
	{ "ip.dsfield.dscp", QUICK_IP_DSCP, 0,
	    BITS(QUICK_NETWORK, 1, 1, 0, 2) },
	{ "ip.len", QUICK_IP_LEN, 0, PLACE(QUICK_NETWORK, 2, 2) },
	{ "ip.id", QUICK_IP_ID, 0, PLACE(QUICK_NETWORK, 4, 2) },
	{ "ip.flags.df", QUICK_IP_DF, 0,
	    BITS(QUICK_NETWORK, 6, 2, 0x4000, 14) },
	{ "ip.checksum", QUICK_IP_CHECKSUM, 0, PLACE(QUICK_NETWORK, 10, 2) },
	{ "ipv6.src", QUICK_IPV6_SRC, 0, PLACE(QUICK_NETWORK, 8, 16) },
	{ "ipv6.dst", QUICK_IPV6_DST, 0, PLACE(QUICK_NETWORK, 24, 16) },
	{ "ipv6.addr", QUICK_IPV6_ADDR, 0, PAIR(QUICK_NETWORK, 8, 16) },
	{ "ipv6.hlim", QUICK_IPV6_HLIM, 0, PLACE(QUICK_NETWORK, 7, 1) },
	{ "tcp.srcport", QUICK_SRCPORT, 6, PLACE(QUICK_TRANSPORT, 0, 2) },
	{ "tcp.dstport", QUICK_DSTPORT, 6, PLACE(QUICK_TRANSPORT, 2, 2) },
	{ "tcp.port", QUICK_PORT, 6, PAIR(QUICK_TRANSPORT, 0, 2) },
	{ "udp.srcport", QUICK_SRCPORT, 17, PLACE(QUICK_TRANSPORT, 0, 2) },
	{ "udp.dstport", QUICK_DSTPORT, 17, PLACE(QUICK_TRANSPORT, 2, 2) },
	{ "udp.port", QUICK_PORT, 17, PAIR(QUICK_TRANSPORT, 0, 2) },
	{ "udp.length", QUICK_UDP_LENGTH, 0, PLACE(QUICK_TRANSPORT, 4, 2) },
	{ "udp.checksum", QUICK_UDP_CHECKSUM, 0, PLACE(QUICK_TRANSPORT, 6, 2) },
	{ "tcp.len", QUICK_TCP_LEN, 0, RECORD },
	{ "tcp.window_size_value", QUICK_TCP_WINDOW, 0,
	    PLACE(QUICK_TRANSPORT, 14, 2) },
	{ "tcp.seq_raw", QUICK_TCP_SEQ, 0, PLACE(QUICK_TRANSPORT, 4, 4) },
	{ "tcp.ack_raw", QUICK_TCP_ACK, 0, PLACE(QUICK_TRANSPORT, 8, 4) },
	{ "tcp.hdr_len", QUICK_TCP_HDR_LEN, 0,
	    BITS(QUICK_TRANSPORT, 12, 1, 0xf0, 2) },
	{ "tcp.checksum", QUICK_TCP_CHECKSUM, 0,
	    PLACE(QUICK_TRANSPORT, 16, 2) },
	{ "tcp.flags", QUICK_TCP_FLAGS, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, 0xfff, 0) },
	{ "tcp.flags.ae", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_AE, 8) },
	{ "tcp.flags.cwr", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_CWR, 7) },
	{ "tcp.flags.ece", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_ECE, 6) },
	{ "tcp.flags.urg", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_URG, 5) },
	{ "tcp.flags.ack", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_ACK, 4) },
	{ "tcp.flags.push", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_PSH, 3) },
	{ "tcp.flags.reset", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_RST, 2) },
	{ "tcp.flags.syn", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_SYN, 1) },
	{ "tcp.flags.fin", QUICK_TCP_FLAG, 0,
	    BITS(QUICK_TRANSPORT, 12, 2, TCP_FIN, 0) },
	{ "icmp.type", QUICK_ICMP_TYPE, 4, PLACE(QUICK_TRANSPORT, 0, 1) },
	{ "icmp.code", QUICK_ICMP_CODE, 4, PLACE(QUICK_TRANSPORT, 1, 1) },
	{ "icmpv6.type", QUICK_ICMP_TYPE, 6, PLACE(QUICK_TRANSPORT, 0, 1) },
	{ "icmpv6.code", QUICK_ICMP_CODE, 6, PLACE(QUICK_TRANSPORT, 1, 1) },
	{ "arp.opcode", QUICK_ARP_OPCODE, 0, PLACE(QUICK_NETWORK, 6, 2) },
	{ "tcp.stream", QUICK_STREAM, 6, NOWHERE },
	{ "udp.stream", QUICK_STREAM, 17, NOWHERE },
	{ "tcp.analysis.flags", QUICK_ANALYSIS, UINT16_MAX, NOWHERE },
	{ "tcp.analysis.retransmission", QUICK_ANALYSIS,
	    TCP_A_RETRANSMISSION | TCP_A_FAST_RETRANSMISSION |
	    TCP_A_SPURIOUS_RETRANSMISSION, NOWHERE },
	{ "tcp.analysis.fast_retransmission", QUICK_ANALYSIS,
	    TCP_A_FAST_RETRANSMISSION, NOWHERE },
	{ "tcp.analysis.spurious_retransmission", QUICK_ANALYSIS,
	    TCP_A_SPURIOUS_RETRANSMISSION, NOWHERE },
	{ "tcp.analysis.out_of_order", QUICK_ANALYSIS, TCP_A_OUT_OF_ORDER,
	    NOWHERE },
	{ "tcp.analysis.reused_ports", QUICK_ANALYSIS, TCP_A_REUSED_PORTS,
	    NOWHERE },
	{ "tcp.analysis.lost_segment", QUICK_ANALYSIS, TCP_A_LOST_SEGMENT,
	    NOWHERE },
	{ "tcp.analysis.ack_lost_segment", QUICK_ANALYSIS,
	    TCP_A_ACK_LOST_SEGMENT, NOWHERE },
	{ "tcp.analysis.window_update", QUICK_ANALYSIS, TCP_A_WINDOW_UPDATE,
	    NOWHERE },
	{ "tcp.analysis.window_full", QUICK_ANALYSIS, TCP_A_WINDOW_FULL,
	    NOWHERE },
	{ "tcp.analysis.keep_alive", QUICK_ANALYSIS, TCP_A_KEEP_ALIVE,
	    NOWHERE },
	{ "tcp.analysis.keep_alive_ack", QUICK_ANALYSIS,
	    TCP_A_KEEP_ALIVE_ACK, NOWHERE },
	{ "tcp.analysis.duplicate_ack", QUICK_ANALYSIS, TCP_A_DUPLICATE_ACK,
	    NOWHERE },
	{ "tcp.analysis.zero_window", QUICK_ANALYSIS, TCP_A_ZERO_WINDOW,
	    NOWHERE },
	{ "tcp.analysis.zero_window_probe", QUICK_ANALYSIS,
	    TCP_A_ZERO_WINDOW_PROBE, NOWHERE },
	{ "tcp.analysis.zero_window_probe_ack", QUICK_ANALYSIS,
	    TCP_A_ZERO_WINDOW_PROBE_ACK, NOWHERE },
	{ "tcp.seq", QUICK_COUNTED, QUICK_REL_SEQ, NOWHERE },
	{ "tcp.nxtseq", QUICK_COUNTED, QUICK_REL_NEXT, NOWHERE },
	{ "tcp.ack", QUICK_COUNTED, QUICK_REL_ACK, NOWHERE },
	{ "tcp.window_size", QUICK_COUNTED, QUICK_REL_WINDOW, NOWHERE },
	{ "tcp.completeness", QUICK_COUNTED, QUICK_REL_COMPLETE, NOWHERE },
	{ "tcp.time_relative", QUICK_COUNTED, QUICK_REL_TIME, NOWHERE },
	{ "tcp.time_delta", QUICK_COUNTED, QUICK_REL_DELTA, NOWHERE },
	{ "frame", QUICK_LAYER, LAYER_FRAME, NOWHERE },
	{ "eth", QUICK_LAYER, LAYER_ETH, NOWHERE },
	{ "vlan", QUICK_LAYER, LAYER_VLAN, NOWHERE },
	{ "arp", QUICK_LAYER, LAYER_ARP, NOWHERE },
	{ "ip", QUICK_LAYER, LAYER_IP, NOWHERE },
	{ "ipv6", QUICK_LAYER, LAYER_IPV6, NOWHERE },
	{ "tcp", QUICK_LAYER, LAYER_TCP, NOWHERE },
	{ "udp", QUICK_LAYER, LAYER_UDP, NOWHERE },
	{ "icmp", QUICK_LAYER, LAYER_ICMP, NOWHERE },
	{ "icmpv6", QUICK_LAYER, LAYER_ICMPV6, NOWHERE },
};

static bool
constant_side(const struct expr *e)
{
	const struct leaf *leaf = expr_single(e);

	return leaf != NULL && leaf->kind == LEAF_LITERAL;
}

static enum value_class
kind_class(enum quick_kind kind)
{
	switch (kind) {
	case QUICK_ETH_SRC:
	case QUICK_ETH_DST:
	case QUICK_ETH_ADDR:
		return VALUE_BYTES;
	case QUICK_IP_SRC:
	case QUICK_IP_DST:
	case QUICK_IP_ADDR:
		return VALUE_IPV4;
	case QUICK_IPV6_SRC:
	case QUICK_IPV6_DST:
	case QUICK_IPV6_ADDR:
		return VALUE_IPV6;
	default:
		return VALUE_NUMBER;
	}
}

/* A value as one number, in `bits` of them; false: it is none. */
static bool
ranges_number(const struct test *t, const struct value *v, unsigned bits,
    uint64_t *number)
{
	*number = v->number;
	if (t->quick == QUICK_COUNTED && t->quick_which >= QUICK_REL_TIME) {
		*number = quick_signed(v->number);
		return v->class == VALUE_DURATION;
	}
	if (bits == 0)
		return v->class == VALUE_NUMBER && !v->negative;
	if (v->bytes.n * 8 != bits || bits > 48)
		return false;
	*number = 0;
	for (size_t i = 0; i < v->bytes.n; i++)
		*number = *number << 8 | v->bytes.p[i];
	return true;
}

/* From the first of a network to the last: a constant is one range. */
static bool
ranges_add(struct test *t, const struct value *low, const struct value *high)
{
	unsigned bits = t->quick_class == VALUE_NUMBER ? 0 :
	    t->quick_place.size * 8U;
	uint64_t first, last, rest = 0;

	if (!ranges_number(t, low, bits, &first) ||
	    !ranges_number(t, high, bits, &last))
		return false;
	if (low->prefix < bits)
		rest = ((uint64_t)1 << (bits - low->prefix)) - 1;
	first &= ~rest;
	last |= rest;
	t->quick_ranges[t->n_quick_ranges++] = (struct quick_range){
		first, last - first
	};
	return true;
}

/* What is compared with: all up to it, or all before it, or it. */
static bool
ranges_compare(struct test *t, const struct value *v)
{
	struct quick_range *range = &t->quick_ranges[0];
	enum test_operator operator = t->operator;

	if (!ranges_add(t, v, v))
		return false;
	t->quick_outside = operator == TEST_NE || operator == TEST_GT ||
	    operator == TEST_GE;
	if (operator == TEST_GT || operator == TEST_LE) {
		range->span += range->low;
		range->low = 0;
	} else if (operator == TEST_LT || operator == TEST_GE) {
		if (range->low == 0)
			return false; /* all or none */
		range->span = range->low - 1;
		range->low = 0;
	}
	return true;
}

static void
ranges_prepare(struct test *t, struct arena *arena)
{
	size_t n = t->kind == TEST_IN ? t->set->n : 1;
	bool done = false;

	if (t->kind == TEST_EXISTS)
		return;
	t->quick_ranges = arena_array(arena, n + 1, struct quick_range);
	if (t->quick_ranges == NULL)
		return;
	if (t->kind == TEST_COMPARE)
		done = ranges_compare(t, &t->right->leaves[0].value);
	for (size_t i = 0; t->kind == TEST_IN && i < n; i++)
		done = (i == 0 || done) && ranges_add(t, &t->set->at[i].low,
		    &t->set->at[i].high);
	if (!done)
		t->n_quick_ranges = 0;
}

/* Those of the packet's bytes that the name stands for. */
static bool
bytes_find(struct test *t, struct span name)
{
	static const struct {
		const char *name;
		uint16_t from;
	} bytes[] = {
		{ "frame", QUICK_FROM_FRAME }, { "ip", QUICK_FROM_NETWORK },
		{ "ipv6", QUICK_FROM_NETWORK }, { "tcp", QUICK_FROM_TRANSPORT },
		{ "udp", QUICK_FROM_TRANSPORT },
		{ "tcp.payload", QUICK_FROM_PAYLOAD },
		{ "udp.payload", QUICK_FROM_PAYLOAD },
	};
	static const struct quick_place record = RECORD;

	for (size_t i = 0; i < LENGTH(bytes); i++) {
		if (!span_is(name, bytes[i].name))
			continue;
		t->quick = QUICK_BYTES;
		t->quick_which = bytes[i].from;
		t->quick_place = record;
		return true;
	}
	return false;
}

static bool
known_find(struct test *t, struct span name)
{
	for (size_t i = 0; i < LENGTH(known); i++) {
		if (!span_is(name, known[i].name))
			continue;
		t->quick = known[i].kind;
		t->quick_which = known[i].which;
		t->quick_place = known[i].place;
		t->quick_class = kind_class(t->quick);
		return true;
	}
	return false;
}

/* Whether bytes of the packet contain or match something. */
static bool
asks_bytes(const struct test *t)
{
	return t->kind == TEST_MATCHES ||
	    (t->kind == TEST_CONTAINS && constant_side(t->right));
}

void
quick_prepare(struct test *t, struct arena *arena)
{
	const struct leaf *leaf = expr_single(t->left);

	t->quick = QUICK_NONE;
	if (leaf == NULL || leaf->kind != LEAF_FIELD || leaf->layers != NULL)
		return;
	if ((asks_bytes(t) && bytes_find(t, leaf->token.text)) ||
	    !(t->kind == TEST_EXISTS ||
	    (t->kind == TEST_COMPARE && constant_side(t->right)) ||
	    (t->kind == TEST_IN && t->set->n_fields == 0)))
		return;
	if (!known_find(t, leaf->token.text))
		return;
	if ((t->quick == QUICK_LAYER || t->quick == QUICK_ANALYSIS) &&
	    t->kind != TEST_EXISTS)
		t->quick = QUICK_NONE;
	else
		ranges_prepare(t, arena);
}

/* ---- By layers alone ---------------------------------------------------- */

/* Of a plain packet with these layers, and no message. */
static enum filter_answer
layers_answer(const struct test *t, uint64_t layers)
{
	for (size_t i = 0; i < t->n_needs; i++)
		if ((layers & t->needs[i].layers) == 0)
			return FILTER_NO;
	if (t->quick == QUICK_TIME || t->quick == QUICK_SINCE)
		return FILTER_UNSURE;
	return t->quick == QUICK_LAYER ||
	    (t->kind == TEST_EXISTS && t->quick_place.size > 0) ? FILTER_YES :
	    FILTER_UNSURE;
}

/* The layers without which a plain packet (net/plain.h) has no row of a
 * table. */
static uint64_t
layers_of(const struct field_table *table)
{
	static const struct {
		const char *name;
		enum layer layer;
	} plain[] = {
		{ "frame", LAYER_FRAME }, { "eth", LAYER_ETH },
		{ "vlan", LAYER_VLAN }, { "ip", LAYER_IP },
		{ "ipv6", LAYER_IPV6 }, { "tcp", LAYER_TCP },
		{ "udp", LAYER_UDP }, { "icmp", LAYER_ICMP },
		{ "icmpv6", LAYER_ICMPV6 }, { "arp", LAYER_ARP },
	};

	for (size_t i = 0; i < LENGTH(plain); i++)
		if (strcmp(table->rows[0].name, plain[i].name) == 0)
			return (uint64_t)1 << plain[i].layer;
	return 0;
}

static bool
has_row(const struct field_table *table, const struct field *row)
{
	for (size_t i = 0; i < table->n; i++)
		if (&table->rows[i] == row)
			return true;
	return false;
}

/* The kind of TCP option that a row is of, of those that are common. */
static uint8_t
option_of(const struct field *row)
{
	static const struct {
		uint8_t first, last, kind;
	} options[] = {
		{ TCP_ROW_OPTIONS_MSS, TCP_ROW_OPTIONS_MSS_VAL, 2 },
		{ TCP_ROW_OPTIONS_WSCALE, TCP_ROW_OPTIONS_WSCALE_MULTIPLIER,
		    3 },
		{ TCP_ROW_OPTIONS_SACK_PERM, TCP_ROW_OPTIONS_SACK_PERM, 4 },
		{ TCP_ROW_OPTIONS_SACK, TCP_ROW_OPTIONS_SACK_COUNT, 5 },
		{ TCP_ROW_OPTIONS_TIMESTAMP,
		    TCP_ROW_OPTIONS_TIMESTAMP_TSECR, 8 },
	};
	const struct field *tcp = tcp_rows;

	for (size_t i = 0; i < LENGTH(options); i++)
		if (row >= tcp + options[i].first &&
		    row <= tcp + options[i].last)
			return options[i].kind;
	return 0;
}

static void
need_row(struct need *need, const struct field *row)
{
	for (size_t i = 0; i < field_tables(); i++) {
		const struct field_table *table = field_table_at(i);

		if (!has_row(table, row))
			continue;
		if (i < net_table_count)
			need->layers |= layers_of(table);
		else
			need->message = true;
	}
}

/* A test of fields is false where one of them is not there. */
static void
needs_add(struct test *t, const struct expr *e)
{
	for (size_t i = 0; e != NULL && i < e->n_leaves; i++) {
		const struct leaf *leaf = &e->leaves[i];
		struct need *need = &t->needs[t->n_needs];

		if (leaf->kind != LEAF_FIELD ||
		    t->n_needs == LENGTH(t->needs))
			continue;
		for (size_t k = 0; k < leaf->n_rows; k++)
			need_row(need, leaf->rows[k]);
		if (leaf->n_rows == 1)
			need->option = option_of(leaf->rows[0]);
		t->n_needs++;
	}
}

static void
kinds_prepare(struct test *t)
{
	for (unsigned kind = 0; kind < PLAIN_KINDS; kind++) {
		enum filter_answer answer = layers_answer(t,
		    plain_layers(kind));

		t->kinds_no |= (uint32_t)(answer == FILTER_NO) << kind;
		t->kinds_yes |= (uint32_t)(answer == FILTER_YES) << kind;
	}
}

/* ---- Tests of several fields, or of what is made of one ---------------- */

/* False: a plain packet does not have the row at its place, nor as some of its
 * bytes. */
static bool
part_prepare(struct test *part, const struct field *row)
{
	struct span name = span_text(row->name);

	*part = (struct test){ .kind = TEST_MATCHES, .row = row, .n_needs = 1 };
	need_row(&part->needs[0], row);
	kinds_prepare(part);
	return bytes_find(part, name) || (known_find(part, name) &&
	    part->quick_place.size > 0 && part->quick != QUICK_TIME &&
	    part->quick != QUICK_SINCE);
}

static bool
parts_add(struct test *t, const struct expr *e)
{
	bool all = true;

	for (size_t i = 0; e != NULL && i < e->n_leaves && all; i++) {
		const struct leaf *leaf = &e->leaves[i];

		all = leaf->kind <= LEAF_COUNT && leaf->layers == NULL;
		for (size_t k = 0; all && k < leaf->n_rows; k++)
			all = t->n_parts < QUICK_PARTS &&
			    part_prepare(&t->parts[t->n_parts++],
			    leaf->rows[k]);
	}
	return all;
}

static void
parts_prepare(struct test *t, struct arena *arena)
{
	t->parts = arena_array(arena, QUICK_PARTS, struct test);
	if (t->parts == NULL || !parts_add(t, t->left) ||
	    !parts_add(t, t->right) ||
	    (t->set != NULL && t->set->n_fields > 0))
		t->n_parts = 0;
}

void
needs_prepare(struct test *t, struct arena *arena)
{
	t->n_needs = 0;
	needs_add(t, t->left);
	needs_add(t, t->right);
	kinds_prepare(t);
	if (t->quick == QUICK_NONE)
		parts_prepare(t, arena);
}
