#ifndef TEST_ANALYSIS_SESSIONS_H
#define TEST_ANALYSIS_SESSIONS_H

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "tap.h"

/* A capture of raw IPv4 packets made by hand, a millisecond apart, and what
 * tools say of it. */
struct session {
	struct buf b;
	uint32_t packets;
	unsigned server; /* its TCP port */
};

#define SESSION_SYN 0x02
#define SESSION_SYN_ACK 0x12
#define SESSION_ACK 0x10
#define SESSION_DATA 0x18
#define SESSION_FIN 0x11
#define SESSION_RST 0x04

static inline void
session_le32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(v >> 8 * i));
}

static inline void
session_be(uint8_t *p, unsigned n, uint32_t v)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> 8 * (n - 1 - i));
}

static inline void
session_open(struct session *s)
{
	buf_init(&s->b, SIZE_MAX);
	s->packets = 0;
	s->server = 80;
	session_le32(&s->b, 0xa1b2c3d4);
	session_le32(&s->b, 2 | 4 << 16);
	session_le32(&s->b, 0);
	session_le32(&s->b, 0);
	session_le32(&s->b, 262144);
	session_le32(&s->b, 101);
}

/* From 10.0.0.1 to 10.0.0.2, or back. */
static inline void
session_ip(struct session *s, bool back, unsigned protocol, struct span head,
    struct span body)
{
	uint8_t ip[20] = { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 0, 0, 0, 10, 0, 0, 1,
		10, 0, 0, 2 };
	size_t n = sizeof(ip) + head.n + body.n;

	session_be(ip + 2, 2, (uint32_t)n);
	ip[9] = (uint8_t)protocol;
	ip[15] = back ? 2 : 1;
	ip[19] = back ? 1 : 2;
	session_le32(&s->b, 1700000000 + s->packets / 1000);
	session_le32(&s->b, s->packets % 1000 * 1000);
	session_le32(&s->b, (uint32_t)n);
	session_le32(&s->b, (uint32_t)n);
	buf_add(&s->b, ip, sizeof(ip));
	buf_span(&s->b, head);
	buf_span(&s->b, body);
	s->packets++;
}

/* A segment between port `port` of the client and the server's. */
static inline void
session_segment(struct session *s, unsigned port, bool back, unsigned flags,
    const uint32_t numbers[2], struct span bytes)
{
	uint8_t head[20] = { 0 };

	session_be(head, 2, back ? s->server : port);
	session_be(head + 2, 2, back ? port : s->server);
	session_be(head + 4, 4, numbers[0]);
	session_be(head + 8, 4, numbers[1]);
	head[12] = 0x50;
	head[13] = (uint8_t)flags;
	session_be(head + 14, 2, 65535);
	session_ip(s, back, 6, span_of(head, sizeof(head)), bytes);
}

static inline void
session_tcp(struct session *s, unsigned port, bool back, unsigned flags,
    uint32_t seq, uint32_t ack, const char *text)
{
	const uint32_t numbers[2] = { seq, ack };

	session_segment(s, port, back, flags, numbers, span_text(text));
}

static inline void
session_udp(struct session *s, bool back, unsigned from, unsigned to,
    struct span body)
{
	uint8_t head[8] = { 0 };

	session_be(head, 2, from);
	session_be(head + 2, 2, to);
	session_be(head + 4, 2, (uint32_t)(sizeof(head) + body.n));
	session_ip(s, back, 17, span_of(head, sizeof(head)), body);
}

/* SYN 100, SYN-ACK 500, ACK: the client's data begin at 101. */
static inline void
session_shake(struct session *s, unsigned port)
{
	session_tcp(s, port, false, SESSION_SYN, 100, 0, "");
	session_tcp(s, port, true, SESSION_SYN_ACK, 500, 101, "");
	session_tcp(s, port, false, SESSION_ACK, 101, 501, "");
}

static inline void
session_ask(const struct session *s, const struct tool *tool,
    const char *arguments, struct asked *a)
{
	ask_bytes(a, tool, arguments, buf_bytes(&s->b));
	buf_byte(&a->answer, '\0');
	buf_byte(&a->error, '\0');
}

/* Does the answer (or the error) say this? */
static inline bool
asked_has(const struct asked *a, const char *text)
{
	const char *said = (const char *)(a->good ? a->answer.p : a->error.p);
	bool has = strstr(said, text) != NULL;

	if (!has)
		printf("# not in: %.1500s\n", said);
	return has;
}

#endif
