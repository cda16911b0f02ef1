#include "net/step.h"

/*
 * LINKTYPE_NETLINK: what the Linux kernel told its users.  Only packets that
 * netfilter logs or queues are read on; messages are in the byte order of
 * the capturing host.
 */
#define FAMILY_NETFILTER 12
#define SUBSYSTEM_QUEUE 3
#define SUBSYSTEM_LOG 4
#define ATTRIBUTE_HEADER 1
#define ATTRIBUTE_PAYLOAD_LOG 9
#define ATTRIBUTE_PAYLOAD_QUEUE 10

/* What the attributes of one message lead to. */
struct payload {
	bool found;
	uint8_t family;
	uint16_t hardware;     /* ethertype, for bridges */
	size_t pos, length;
};

static uint16_t
host16(struct cursor *c, bool big)
{
	return big ? cur_be16(c) : cur_le16(c);
}

static uint32_t
host32(struct cursor *c, bool big)
{
	return big ? cur_be32(c) : cur_le32(c);
}

void
netlink_read(struct step *s)
{
	uint16_t family;

	cur_skip(&s->c, 14);
	family = cur_be16(&s->c);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (family != FAMILY_NETFILTER)
		step_undecoded(s, "netlink.family", family);
	else
		step_to(s, NEXT_NETLINK_MESSAGE, 0);
}

static void
attributes_read(struct cursor *c, bool big, bool queue,
    struct payload *p)
{
	uint16_t length, type, wanted = queue ? ATTRIBUTE_PAYLOAD_QUEUE :
	    ATTRIBUTE_PAYLOAD_LOG;
	struct cursor value;

	p->family = cur_u8(c);
	cur_skip(c, 3);
	while (cur_left(c) >= 4) {
		length = host16(c, big);
		type = host16(c, big) & 0x3fff;
		if (length < 4 || length - 4U > cur_claimed_left(c))
			break;
		if (type == wanted) {
			p->found = true;
			p->pos = c->pos;
			p->length = length - 4U;
		}
		value = cur_sub(c, length - 4U);
		if (type == ATTRIBUTE_HEADER) {
			cur_skip(&value, queue ? 4 : 0);
			p->hardware = cur_be16(&value);
		}
		if (cur_left(c) != 0)
			cur_skip(c, (4U - length % 4) % 4);
	}
}

static void
payload_next(struct step *s, const struct payload *p)
{
	cur_seek(&s->c, p->pos);
	step_trim(s, p->length);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (p->family == 2)
		step_to(s, NEXT_IP, 0);
	else if (p->family == 10)
		step_to(s, NEXT_IPV6, 0);
	else
		step_to(s, NEXT_ETHERTYPE, p->hardware);
}

void
netlink_message_read(struct step *s)
{
	struct cursor order = s->c, body;
	uint32_t length = cur_le32(&order);
	size_t start = s->c.pos, end;
	struct payload p = { .found = false };
	bool big;
	uint16_t type;

	big = length > cur_claimed_left(&s->c);
	length = host32(&s->c, big);
	type = host16(&s->c, big);
	cur_skip(&s->c, 10);
	if (!cur_ok(&s->c) || length < 16) {
		step_fail(s);
		return;
	}
	end = start + (length + 3U) / 4 * 4;
	body = s->c;
	if (length < body.claimed - start) {
		body.claimed = start + length;
		body.end = body.end < body.claimed ? body.end : body.claimed;
	}
	if (end + 16 <= s->c.end) {
		s->more = NEXT_NETLINK_MESSAGE;
		s->rest = step_place(&s->c);
		s->rest.pos = (uint32_t)end;
	}
	if (type == SUBSYSTEM_LOG << 8 || type == SUBSYSTEM_QUEUE << 8)
		attributes_read(&body, big, type >> 8 == SUBSYSTEM_QUEUE,
		    &p);
	if (p.found)
		payload_next(s, &p);
	else
		step_undecoded(s, "netlink.type", type);
}
