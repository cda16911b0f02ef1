/* Messages over TCP in segments that come late: marked as retransmissions, but
 * the first to bring their bytes. */
#include "sessions.h"

extern const struct tool tool_analyze_dns_packets;

#define QUERY 26

static struct session s;

/* One of three names, with the length in front. */
static void
query(uint32_t n)
{
	const uint8_t bytes[QUERY] = { 0, QUERY - 2, 0, (uint8_t)n, 1, 0, 0, 1,
		0, 0, 0, 0, 0, 0, 1, (uint8_t)('a' + n), 4, 't', 'e', 's', 't',
		0, 0, 1, 0, 1 };
	const uint32_t numbers[2] = { 101 + n * QUERY, 501 };

	session_segment(&s, 4000, false, SESSION_DATA, numbers,
	    span_of(bytes, sizeof(bytes)));
}

static void
acknowledge(uint32_t queries)
{
	session_tcp(&s, 4000, true, SESSION_ACK, 501, 101 + queries * QUERY,
	    "");
}

/* 14 bytes behind a hole that begin no message: no opcode is 15. */
static void
loose(uint32_t seq)
{
	session_tcp(&s, 4000, false, SESSION_DATA, seq, 501,
	    "\1\1no\177 messages");
}

/* So many of them that there is no room for another, and then what stands
 * just before the oldest, which goes and is not looked at any more. */
static void
test_room(void)
{
	struct asked a;

	session_open(&s);
	s.server = 53;
	session_shake(&s, 4000);
	query(0);
	for (uint32_t i = 0; i < 16; i++)
		loose(10000 + i * 100);
	loose(10000 - 14);
	session_ask(&s, &tool_analyze_dns_packets, "", &a);
	ok(asked_has(&a, "\"dns_packets_found\":1"));
	ok(asked_has(&a, "pieces given up for lack of room\",\"count\":1"));
	ask_free(&a);
	buf_free(&s.b);
}

int
main(void)
{
	struct asked a;

	test_room();
	session_open(&s);
	s.server = 53;
	session_shake(&s, 4000);
	query(2);
	for (int i = 0; i < 40; i++)
		acknowledge(3);
	query(0);
	query(1);
	/* Nothing new in these. */
	query(0);
	query(2);
	session_ask(&s, &tool_analyze_dns_packets, "", &a);
	ok(asked_has(&a, "\"dns_packets_found\":3"));
	ok(asked_has(&a, "c.test"));
	ok(asked_has(&a, "a.test"));
	ok(asked_has(&a, "b.test"));
	ask_free(&a);
	buf_free(&s.b);
	return tap_done();
}
