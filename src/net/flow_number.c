#include "net/flow_number.h"

#include "base/cursor.h"

#define BER_SEQUENCE 0x30
#define BER_INTEGER 0x02
#define BER_LONG 0x80

enum socks_step {
	SOCKS_START,
	SOCKS_V4_REPLY,
	SOCKS_V5_METHOD,
	SOCKS_V5_USER, /* name and password, then its answer */
	SOCKS_V5_USER_REPLY,
	SOCKS_V5_REQUEST,
	SOCKS_V5_REPLY,
	SOCKS_DONE,
	SOCKS_OVER,    /* or never was */
};

#define SOCKS_V4_GRANTED 90
#define SOCKS_NO_METHOD 0
#define SOCKS_BY_USER 2
#define SOCKS_IPV4 1
#define SOCKS_NAME 3
#define SOCKS_IPV6 4

/* RFC 1157: a sequence, not longer than the payload, of the version and
 * more. */
bool
flow_number_snmp(const struct transport *t)
{
	struct cursor c = cur_open_cut(t->payload, t->payload_claimed);
	uint32_t length, more;

	if (cur_u8(&c) != BER_SEQUENCE)
		return false;
	length = cur_u8(&c);
	if ((length & BER_LONG) != 0) {
		more = length & (BER_LONG - 1U);
		for (length = 0; more > 0; more--)
			length = length << 8 | cur_u8(&c);
	}
	return length <= cur_claimed_left(&c) && cur_u8(&c) == BER_INTEGER &&
	    cur_ok(&c);
}

/* SOCKS 4, 4A or RFC 1928, by its first byte. */
static enum socks_step
socks_start(struct tcp_socks *socks, struct cursor *c, unsigned direction)
{
	uint8_t version = cur_u8(c);

	socks->client = (uint8_t)direction;
	if (version == 5)
		return SOCKS_V5_METHOD;
	if (version != 4)
		return SOCKS_OVER;
	cur_skip(c, 1);
	socks->port = cur_be16(c);
	return SOCKS_V4_REPLY;
}

static enum socks_step
socks_request(struct tcp_socks *socks, struct cursor *c)
{
	cur_skip(c, 3);
	switch (cur_u8(c)) {
	case SOCKS_IPV4:
		cur_skip(c, 4);
		break;
	case SOCKS_NAME:
		cur_skip(c, cur_u8(c));
		break;
	case SOCKS_IPV6:
		cur_skip(c, 16);
		break;
	default: /* Wireshark goes on */
		break;
	}
	socks->port = cur_be16(c);
	return SOCKS_V5_REPLY;
}

static enum socks_step
socks_method(struct cursor *c)
{
	cur_skip(c, 1);
	switch (cur_u8(c)) {
	case SOCKS_NO_METHOD:
		return SOCKS_V5_REQUEST;
	case SOCKS_BY_USER:
		return SOCKS_V5_USER;
	default:
		return SOCKS_OVER;
	}
}

static enum socks_step
socks_move(struct tcp_socks *socks, struct cursor *c, unsigned direction)
{
	enum socks_step step = (enum socks_step)socks->step;
	bool client = step == SOCKS_V5_USER || step == SOCKS_V5_REQUEST;

	if (step == SOCKS_START)
		return socks_start(socks, c, direction);
	if (client != (direction == socks->client))
		return step;
	switch (step) {
	case SOCKS_V4_REPLY:
		cur_skip(c, 1);
		return cur_u8(c) == SOCKS_V4_GRANTED ? SOCKS_DONE : SOCKS_OVER;
	case SOCKS_V5_METHOD:
		return socks_method(c);
	case SOCKS_V5_USER:
		return SOCKS_V5_USER_REPLY;
	case SOCKS_V5_USER_REPLY:
		return SOCKS_V5_REQUEST;
	case SOCKS_V5_REQUEST:
		return socks_request(socks, c);
	default:
		return SOCKS_DONE;
	}
}

bool
flow_number_socks(struct tcp_state *s, const struct transport *t,
    struct transport *other)
{
	struct tcp_socks *socks = &s->socks;
	struct cursor c = cur_open(t->payload);

	if (socks->step == SOCKS_OVER || t->payload.n == 0)
		return false;
	if (socks->step != SOCKS_DONE) {
		socks->step = (uint8_t)socks_move(socks, &c, t->direction);
		if (!cur_ok(&c))
			socks->step = SOCKS_OVER;
		return false;
	}
	socks->step = SOCKS_OVER;
	other->src = t->src;
	other->dst = t->dst;
	other->protocol = t->protocol;
	other->sport = t->direction == socks->client ? t->sport : socks->port;
	other->dport = t->direction == socks->client ? socks->port : t->dport;
	return true;
}
