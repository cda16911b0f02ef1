/* What follow_stream says of streams made by hand. */
#include "sessions.h"

extern const struct tool tool_follow_stream;

static struct session s;
static struct asked a;

static void
ask(const char *arguments)
{
	session_ask(&s, &tool_follow_stream, arguments, &a);
}

static void
done(void)
{
	ask_free(&a);
}

static void
whole_check(void)
{
	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "GET /");
	session_tcp(&s, 4000, true, SESSION_DATA, 501, 106, "200 \033[31m");
	session_tcp(&s, 4000, false, SESSION_DATA, 106, 510, "more");
	session_tcp(&s, 4000, false, SESSION_FIN, 110, 510, "");
	session_tcp(&s, 4000, true, SESSION_FIN, 510, 111, "");

	ask("{\"stream\":0}");
	ok(asked_has(&a, "\"client_bytes\":9,\"server_bytes\":9"));
	ok(asked_has(&a, "\"complete\":true"));
	ok(asked_has(&a, "{\"frame\":4,\"from\":\"client\",\"offset\":0,"
	    "\"length\":5,\"text\":\"GET /\"}"));
	/* An escape sequence of a terminal is text for nobody. */
	ok(asked_has(&a, "\"text\":\"200 \\\\x1b[31m\""));
	done();
	/* By a frame, one direction, a part of it. */
	ask("{\"frame\":6,\"direction\":\"client\",\"offset\":3,"
	    "\"length\":4,\"view\":\"hex\"}");
	ok(asked_has(&a, "\"offset\":3,\"length\":2,\"hex\":\"202f\""));
	ok(asked_has(&a, "\"offset\":5,\"length\":2,\"hex\":\"6d6f\""));
	ok(asked_has(&a, "\"truncated\":true,\"next_offset\":7"));
	done();
	/* Over the border of two segments. */
	ask("{\"stream\":0,\"direction\":\"client\",\"search\":\"/mo\"}");
	ok(asked_has(&a, "\"found\":true,\"found_at\":4,\"found_frame\":4"));
	done();
	ask("{\"stream\":0,\"search\":\"absent\"}");
	ok(asked_has(&a, "\"found\":false"));
	done();
	ask("{\"stream\":0,\"offset\":18}");
	ok(asked_has(&a, "The offset is behind the last of 18 bytes"));
	done();
	ask("{\"stream\":7}");
	ok(!a.good && asked_has(&a, "there is no TCP stream 7: the capture "
	    "has 1 of them"));
	done();
	ask("{\"frame\":99}");
	ok(!a.good && asked_has(&a, "frame: 99 is beyond the last of 8 "
	    "packets; give 1 to 8"));
	done();
	ask("{\"stream\":0,\"protocol\":\"udp\"}");
	ok(!a.good && asked_has(&a, "there is no UDP stream 0"));
	done();
	buf_free(&s.b);
}

/* The receiver acknowledged what the capture lost: with bare ACKs only. */
static void
gap_check(void)
{
	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "abc");
	session_tcp(&s, 4000, false, SESSION_DATA, 107, 501, "ghi");
	for (int i = 0; i < 9; i++)
		session_tcp(&s, 4000, true, SESSION_ACK, 501, 110, "");
	/* Late, and a retransmission: before the FIN nothing was given up. */
	session_tcp(&s, 4000, false, SESSION_FIN, 113, 501, "");
	session_tcp(&s, 4000, true, SESSION_ACK, 501, 114, "");
	session_tcp(&s, 4000, false, SESSION_DATA, 110, 501, "jkl");
	ask("{\"stream\":0}");
	ok(asked_has(&a, "\"gap\":\"[gap 3 bytes after frame 4]\""));
	ok(asked_has(&a, "{\"frame\":17,\"from\":\"client\",\"offset\":9,"
	    "\"length\":3,\"text\":\"jkl\"}"));
	ok(asked_has(&a, "\"complete\":false,\"incomplete_because\":"
	    "[\"1 gaps, 3 bytes in all\"]"));
	done();
	/* A match does not reach over a gap. */
	ask("{\"stream\":0,\"search\":\"cg\"}");
	ok(asked_has(&a, "\"found\":false"));
	done();
	buf_free(&s.b);
}

/* Of a capture that began with the SYN, but hears one side or cuts packets,
 * nothing else is told. */
static void
part_check(void)
{
	const size_t kept = 45, length = 51;

	session_open(&s);
	session_tcp(&s, 4000, true, SESSION_SYN_ACK, 500, 101, "");
	session_tcp(&s, 4000, true, SESSION_DATA, 501, 106, "200");
	session_tcp(&s, 4000, true, SESSION_FIN, 504, 107, "");
	ask("{\"stream\":0}");
	ok(asked_has(&a, "\"incomplete_because\":["
	    "\"only one direction was captured\"]"));
	done();
	buf_free(&s.b);

	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "GET /hidden");
	s.b.p[s.b.n - length - 8] = (uint8_t)kept;
	buf_cut(&s.b, s.b.n - length + kept);
	session_tcp(&s, 4000, true, SESSION_FIN, 501, 112, "");
	session_tcp(&s, 4000, false, SESSION_FIN, 112, 502, "");
	ask("{\"stream\":0}");
	ok(asked_has(&a, "\"incomplete_because\":["
	    "\"1 gaps, 6 bytes in all\","
	    "\"packets were cut by the snapshot length\"]"));
	done();
	buf_free(&s.b);
}

/* Five GB of which a few bytes were captured: numbers wrap. */
static void
large_check(void)
{
	uint64_t at = 101;

	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "0");
	for (int i = 1; i <= 5; i++) {
		at += 1000000000;
		session_tcp(&s, 4000, false, SESSION_DATA, (uint32_t)at, 501,
		    "x");
		for (int k = 0; k < 9; k++)
			session_tcp(&s, 4000, true, SESSION_ACK, 501,
			    (uint32_t)at + 1, "");
	}
	session_tcp(&s, 4000, false, SESSION_FIN, (uint32_t)at + 1, 501, "");
	session_tcp(&s, 4000, true, SESSION_FIN, 501, (uint32_t)at + 2, "");
	ask("{\"stream\":0}");
	ok(asked_has(&a, "\"total_length\":5000000001"));
	ok(asked_has(&a, "\"client_bytes\":6"));
	ok(asked_has(&a, "\"truncated\":true,\"next_offset\":1000000000"));
	ok(asked_has(&a, "5 gaps, 4999999995 bytes in all"));
	done();
	ask("{\"stream\":0,\"offset\":4999999999,\"length\":2}");
	ok(asked_has(&a, "\"offset\":5000000000,\"length\":1"));
	done();
	buf_free(&s.b);
}

/* Nothing but holes: acknowledged data, none of it captured. */
static void
empty_check(void)
{
	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "a");
	for (uint32_t i = 1; i < 2000; i++)
		session_tcp(&s, 4000, true, SESSION_ACK, 501, 102 + i * 1000,
		    "");
	session_tcp(&s, 4001, false, SESSION_SYN, 100, 0, "");
	ask("{\"stream\":0,\"direction\":\"client\"}");
	ok(asked_has(&a, "\"gap\":\"[gap 1999000 bytes after frame 4]\""));
	ok(asked_has(&a, "\"total_length\":1999001"));
	done();
	ask("{\"stream\":1}");
	ok(asked_has(&a, "The stream has no payload bytes"));
	done();
	buf_free(&s.b);
}

static void
datagrams_check(void)
{
	session_open(&s);
	session_udp(&s, false, 9000, 9001, span_text("one"));
	session_udp(&s, true, 9001, 9000, span_text("two"));
	ask("{\"stream\":0,\"protocol\":\"udp\"}");
	ok(asked_has(&a, "\"protocol\":\"udp\""));
	ok(asked_has(&a, "{\"frame\":2,\"from\":\"server\",\"offset\":3,"
	    "\"length\":3,\"text\":\"two\"}"));
	ok(asked_has(&a, "\"complete\":true"));
	done();
	buf_free(&s.b);
}

int
main(void)
{
	whole_check();
	gap_check();
	part_check();
	large_check();
	empty_check();
	datagrams_check();
	return tap_done();
}
