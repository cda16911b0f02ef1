#include "base/word.h"
#include "net/tcp.h"

#include "net/transport.h"

/* RFC 9293 section 3.2 and the registry of option kinds. */
enum {
	OPT_EOL = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_WSCALE = 3,
	OPT_SACK_PERMITTED = 4,
	OPT_SACK = 5,
	OPT_ECHO = 6,
	OPT_ECHO_REPLY = 7,
	OPT_TIMESTAMP = 8,
	OPT_CC = 11,
	OPT_CC_NEW = 12,
	OPT_CC_ECHO = 13,
	OPT_MD5 = 19,
	OPT_USER_TIMEOUT = 28,
	OPT_AO = 29,
	OPT_MPTCP = 30,
	OPT_TFO = 34,
	OPT_EXPERIMENT_1 = 253,
	OPT_EXPERIMENT_2 = 254,
};

#define EXID_TFO 0xf989 /* RFC 7413 before it had a number */

/* Words of options as most systems put them together: NOP NOP TIMESTAMP, and
 * what stands in a SYN. */
#define TIMESTAMP_ALIGNED 0x0101080a
#define MSS_WORD 0x02040000
#define SACK_TIMESTAMP 0x0402080a
#define NOP_WSCALE 0x01030300
#define NOP_NOP_SACK 0x01010402

/* Under which row an option stands; 0 is none. */
static const uint8_t option_rows[256] = {
	[OPT_EOL] = TCP_ROW_OPTIONS_EOL,
	[OPT_NOP] = TCP_ROW_OPTIONS_NOP,
	[OPT_MSS] = TCP_ROW_OPTIONS_MSS,
	[OPT_WSCALE] = TCP_ROW_OPTIONS_WSCALE,
	[OPT_SACK_PERMITTED] = TCP_ROW_OPTIONS_SACK_PERM,
	[OPT_SACK] = TCP_ROW_OPTIONS_SACK,
	[OPT_ECHO] = TCP_ROW_OPTIONS_ECHO,
	[OPT_ECHO_REPLY] = TCP_ROW_OPTIONS_ECHO_REPLY,
	[OPT_TIMESTAMP] = TCP_ROW_OPTIONS_TIMESTAMP,
	[OPT_CC] = TCP_ROW_OPTIONS_CC,
	[OPT_CC_NEW] = TCP_ROW_OPTIONS_CCNEW,
	[OPT_CC_ECHO] = TCP_ROW_OPTIONS_CCECHO,
	[OPT_MD5] = TCP_ROW_OPTIONS_MD5,
	[OPT_USER_TIMEOUT] = TCP_ROW_OPTIONS_USER_TO,
	[OPT_AO] = TCP_ROW_OPTIONS_AO,
	[OPT_TFO] = TCP_ROW_OPTIONS_TFO,
	[OPT_EXPERIMENT_1] = TCP_ROW_OPTIONS_EXPERIMENTAL,
	[OPT_EXPERIMENT_2] = TCP_ROW_OPTIONS_EXPERIMENTAL,
};

/* Lengths that are fixed; 0 is any. */
static const uint8_t option_lengths[256] = {
	[OPT_MSS] = 4, [OPT_WSCALE] = 3, [OPT_SACK_PERMITTED] = 2,
	[OPT_ECHO] = 6, [OPT_ECHO_REPLY] = 6, [OPT_TIMESTAMP] = 10,
	[OPT_CC] = 6, [OPT_CC_NEW] = 6, [OPT_CC_ECHO] = 6, [OPT_MD5] = 18,
	[OPT_USER_TIMEOUT] = 4,
};

static inline __attribute__((always_inline)) uint32_t
edge_read(struct cursor *c, struct field_list *l, enum tcp_row row,
    uint32_t base)
{
	struct span at = span_of(c->base + c->pos, 4);
	uint32_t edge = cur_be32(c);

	if (l != NULL)
		field_put_number(l, &tcp_rows[row], at,
		    (uint32_t)(edge - base));
	return edge;
}

static inline __attribute__((always_inline)) void
sack_read(struct cursor *c, struct field_list *l, uint32_t base,
    struct tcp_header *h)
{
	uint32_t left, right, n = 0;

	while (cur_left(c) >= 8) {
		left = edge_read(c, l, TCP_ROW_OPTIONS_SACK_LE, base);
		right = edge_read(c, l, TCP_ROW_OPTIONS_SACK_RE, base);
		n++;
		if (h->n_sack == LENGTH(h->sack))
			continue;
		h->sack[h->n_sack][0] = left;
		h->sack[h->n_sack][1] = right;
		h->n_sack++;
	}
	h->options |= TCP_OPT_SACK;
	field_number(l, &tcp_rows[TCP_ROW_OPTIONS_SACK_COUNT], span_empty(),
	    n);
}

/* What the tracker wants to know.  This and the loop around it are there
 * twice, with and without a listener. */
static inline __attribute__((always_inline)) void
known_read(struct cursor *c, struct field_list *l, uint8_t kind,
    uint32_t base, struct tcp_header *h)
{
	switch (kind) {
	case OPT_MSS:
		h->mss = read_be16(c, l, &tcp_rows[TCP_ROW_OPTIONS_MSS_VAL]);
		h->options |= TCP_OPT_MSS;
		break;
	case OPT_WSCALE:
		h->window_scale = read_u8(c, l,
		    &tcp_rows[TCP_ROW_OPTIONS_WSCALE_SHIFT]);
		h->options |= TCP_OPT_WSCALE;
		field_number(l, &tcp_rows[TCP_ROW_OPTIONS_WSCALE_MULTIPLIER],
		    span_of(c->base, 1), 1U << (h->window_scale > 14 ? 14 :
		    h->window_scale));
		break;
	case OPT_SACK_PERMITTED:
		h->options |= TCP_OPT_SACK_PERMITTED;
		break;
	case OPT_SACK:
		sack_read(c, l, base, h);
		break;
	case OPT_TIMESTAMP:
		h->ts_value = read_be32(c, l,
		    &tcp_rows[TCP_ROW_OPTIONS_TIMESTAMP_TSVAL]);
		h->ts_echo = read_be32(c, l,
		    &tcp_rows[TCP_ROW_OPTIONS_TIMESTAMP_TSECR]);
		h->options |= TCP_OPT_TIMESTAMP;
		break;
	default:
		break;
	}
}

static void
fast_open_fields(struct cursor *c, struct field_list *l)
{
	if (cur_left(c) == 0)
		field_mark(l, &tcp_rows[TCP_ROW_OPTIONS_TFO_REQUEST],
		    span_of(c->base, 0));
	else
		read_bytes(c, cur_left(c), l,
		    &tcp_rows[TCP_ROW_OPTIONS_TFO_COOKIE]);
}

static void
experiment_fields(struct cursor *c, struct field_list *l)
{
	uint16_t id;

	if (cur_left(c) < 2)
		return;
	id = read_be16(c, l, &tcp_rows[TCP_ROW_OPTIONS_EXPERIMENTAL_EXID]);
	if (id == EXID_TFO)
		fast_open_fields(c, l);
	else if (cur_left(c) != 0)
		read_bytes(c, cur_left(c), l,
		    &tcp_rows[TCP_ROW_OPTIONS_EXPERIMENTAL_DATA]);
}

static void
timeout_fields(struct cursor *c, struct field_list *l)
{
	struct span at = span_of(c->base + c->pos, 2);
	uint16_t word = cur_be16(c);

	field_bits(l, &tcp_rows[TCP_ROW_OPTIONS_USER_TO_GRANULARITY], at,
	    word, 0x8000);
	field_bits(l, &tcp_rows[TCP_ROW_OPTIONS_USER_TO_VAL], at, word,
	    0x7fff);
}

/* What only a listener wants to know. */
static void
other_fields(struct cursor *c, struct field_list *l, uint8_t kind)
{
	struct span at = span_of(c->base + c->pos, 1);

	switch (kind) {
	case OPT_ECHO:
	case OPT_ECHO_REPLY:
		read_be32(c, l, &tcp_rows[TCP_ROW_OPTIONS_ECHO_VALUE]);
		break;
	case OPT_CC:
	case OPT_CC_NEW:
	case OPT_CC_ECHO:
		read_be32(c, l, &tcp_rows[TCP_ROW_OPTIONS_CC_VALUE]);
		break;
	case OPT_MD5:
		read_bytes(c, 16, l, &tcp_rows[TCP_ROW_OPTIONS_MD5_DIGEST]);
		break;
	case OPT_USER_TIMEOUT:
		timeout_fields(c, l);
		break;
	case OPT_AO:
		read_u8(c, l, &tcp_rows[TCP_ROW_OPTIONS_AO_KEYID]);
		read_u8(c, l, &tcp_rows[TCP_ROW_OPTIONS_AO_RNEXTKEYID]);
		if (cur_left(c) != 0)
			read_bytes(c, cur_left(c), l,
			    &tcp_rows[TCP_ROW_OPTIONS_AO_MAC]);
		break;
	case OPT_MPTCP:
		if (cur_left(c) != 0)
			field_bits(l,
			    &tcp_rows[TCP_ROW_OPTIONS_MPTCP_SUBTYPE], at,
			    cur_u8(c), 0xf0);
		break;
	case OPT_TFO:
		fast_open_fields(c, l);
		break;
	case OPT_EXPERIMENT_1:
	case OPT_EXPERIMENT_2:
		experiment_fields(c, l);
		break;
	default:
		break;
	}
}

/* What an option is read with and into. */
struct reading {
	struct field_list *l;
	uint32_t base;
	bool cut; /* options end where the capture does */
	struct tcp_header *h;
};

/* One option of two bytes or more. */
static inline __attribute__((always_inline)) void
option_read(struct cursor *c, const struct reading *r, uint8_t kind,
    uint8_t length)
{
	struct cursor body = cur_open(cur_take(c, length - 2U));
	struct span at = span_of(body.base - 2, length);
	struct field_list *l = r->l;
	size_t entered = SIZE_MAX;
	bool fits = option_lengths[kind] == 0 ||
	    option_lengths[kind] == length;

	if (l != NULL) {
		if (option_rows[kind] != 0)
			entered = field_enter_bytes(l,
			    &tcp_rows[option_rows[kind]], at);
		field_put_number(l, &tcp_rows[TCP_ROW_OPTION_KIND],
		    span_first(at, 1), kind);
		field_put_number(l, &tcp_rows[TCP_ROW_OPTION_LEN],
		    span_first(span_after(at, 1), 1), length);
		if (!fits || (kind >= OPT_EXPERIMENT_1 &&
		    kind <= OPT_EXPERIMENT_2 && length < 4))
			field_mark(l, &tcp_rows[TCP_ROW_OPTION_LEN_INVALID],
			    at);
	}
	if (fits)
		known_read(&body, l, kind, r->base, r->h);
	if (fits && l != NULL)
		other_fields(&body, l, kind);
	if (l != NULL && option_rows[kind] != 0)
		field_leave(l, entered, NULL);
}

static void
single_fields(struct field_list *l, struct span at, uint8_t kind)
{
	size_t entered = field_enter_bytes(l, &tcp_rows[option_rows[kind]],
	    at);

	field_put_number(l, &tcp_rows[TCP_ROW_OPTION_KIND], at, kind);
	field_leave(l, entered, NULL);
}

/* Padding is shown zero by zero; what is not zero ends it. */
static bool
more_zeros(const struct cursor *c)
{
	struct cursor next = *c;

	return cur_left(&next) > 0 && cur_u8(&next) == 0;
}

static inline __attribute__((always_inline)) void
options_read(struct cursor *c, const struct reading *r)
{
	struct field_list *l = r->l;
	uint8_t kind, length;
	struct span at;

	while (cur_left(c) > 0) {
		at = span_of(c->base + c->pos, 1);
		kind = cur_u8(c);
		if (kind == OPT_EOL || kind == OPT_NOP) {
			if (l != NULL)
				single_fields(l, at, kind);
			if (kind == OPT_EOL && !more_zeros(c))
				break;
			continue;
		}
		length = cur_u8(c);
		if (length < 2 || length - 2U > cur_left(c)) {
			if (l != NULL &&
			    (!r->cut || (cur_ok(c) && length < 2)))
				field_mark(l,
				    &tcp_rows[TCP_ROW_OPTION_LEN_INVALID],
				    at);
			break;
		}
		option_read(c, r, kind, length);
	}
}

/* MSS SACK-PERMITTED TIMESTAMP NOP WSCALE, or MSS NOP WSCALE NOP NOP
 * SACK-PERMITTED; `fits`: but for MSS and scale it is one of these. */
static bool
syn_read(const uint8_t *p, uint32_t scale, bool fits, struct tcp_header *h)
{
	uint32_t mss = word_be32(p);

	if ((mss & 0xffff0000) != MSS_WORD ||
	    (scale & 0xffffff00) != NOP_WSCALE || !fits)
		return false;
	h->mss = (uint16_t)mss;
	h->window_scale = (uint8_t)scale;
	h->options = TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_PERMITTED;
	return true;
}

static void
timestamp_read(const uint8_t *p, struct tcp_header *h)
{
	h->ts_value = word_be32(p);
	h->ts_echo = word_be32(p + 4);
	h->options |= TCP_OPT_TIMESTAMP;
}

void
tcp_options(struct span options, struct tcp_header *h)
{
	const uint8_t *p = options.p;
	struct reading r = { .h = h };
	struct cursor c;

	if (options.n == 12 && word_be32(p) == TIMESTAMP_ALIGNED) {
		timestamp_read(p + 4, h);
		return;
	}
	if (options.n == 12 && syn_read(p, word_be32(p + 4),
	    word_be32(p + 8) == NOP_NOP_SACK, h))
		return;
	if (options.n == 20 && syn_read(p, word_be32(p + 16),
	    word_be32(p + 4) == SACK_TIMESTAMP, h)) {
		timestamp_read(p + 8, h);
		return;
	}
	c = cur_open(options);
	options_read(&c, &r);
}

void
tcp_options_fields(struct field_list *l, struct span options, bool cut,
    uint32_t base)
{
	struct tcp_header scratch = { 0 };
	struct reading r = { l, base, cut, &scratch };
	struct cursor c = cur_open(options);
	size_t entered = field_enter_bytes(l, &tcp_rows[TCP_ROW_OPTIONS],
	    options);

	options_read(&c, &r);
	field_leave(l, entered, NULL);
}
