#ifndef TEST_ANALYSIS_TRACE_H
#define TEST_ANALYSIS_TRACE_H

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "base/table.h"
#include "tap.h"
#include "tools/registry.h"

/*
 * A capture made by hand (pcap, raw IP or Ethernet), and what a tool says about it.
 * Hosts are numbers N of 192.0.2.N, times milliseconds from 2024-01-01.
 */
struct trace {
	struct buf bytes;
	uint32_t now;      /* of the next packet, ms; moves on by 1 */
	uint8_t ttl;       /* of the next packets */
	uint16_t id;       /* of IPv4, counts up */
	bool ethernet;
	struct asked asked;
};

static inline void
trace_le32(struct buf *b, uint32_t n)
{
	for (unsigned i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(n >> 8 * i));
}

static inline void
trace_be(struct buf *b, uint32_t n, unsigned bytes)
{
	while (bytes-- > 0)
		buf_byte(b, (uint8_t)(n >> 8 * bytes));
}

static inline void
trace_open_link(struct trace *t, uint32_t link)
{
	memset(t, 0, sizeof(*t));
	t->ethernet = link == 1;
	t->ttl = 64;
	buf_init(&t->bytes, (size_t)256 << 20);
	trace_le32(&t->bytes, 0xa1b2c3d4);
	trace_le32(&t->bytes, 4 << 16 | 2);
	trace_le32(&t->bytes, 0);
	trace_le32(&t->bytes, 0);
	trace_le32(&t->bytes, 262144);
	trace_le32(&t->bytes, link);
}

static inline void
trace_open(struct trace *t)
{
	trace_open_link(t, 101);
}

static inline void
trace_close(struct trace *t)
{
	buf_free(&t->bytes);
}

static inline void
trace_ip_header(struct buf *b, uint32_t from, uint32_t to, uint8_t protocol,
    uint8_t ttl, uint16_t id, size_t payload)
{
	trace_be(b, 0x4500, 2);
	trace_be(b, (uint32_t)payload + 20, 2);
	trace_be(b, id, 2);
	trace_be(b, 0, 2);
	buf_byte(b, ttl);
	buf_byte(b, protocol);
	trace_be(b, 0, 2);
	trace_be(b, 0xc0000200 + from, 4);
	trace_be(b, 0xc0000200 + to, 4);
}

static inline void
trace_ip(struct trace *t, uint32_t from, uint32_t to, uint8_t protocol,
    struct span payload)
{
	uint32_t length = (uint32_t)payload.n + 20 + (t->ethernet ? 14 : 0);

	trace_le32(&t->bytes, 1704067200 + t->now / 1000);
	trace_le32(&t->bytes, t->now % 1000 * 1000);
	trace_le32(&t->bytes, length);
	trace_le32(&t->bytes, length);
	if (t->ethernet)
		buf_span(&t->bytes, span_of("\2\0\0\0\0\1\2\0\0\0\0\2\10\0",
		    14));
	trace_ip_header(&t->bytes, from, to, protocol, t->ttl, ++t->id,
	    payload.n);
	buf_span(&t->bytes, payload);
	t->now++;
}

static inline void
trace_udp(struct trace *t, uint32_t from, uint16_t sport, uint32_t to,
    uint16_t dport, struct span payload)
{
	struct buf b;

	buf_init(&b, 70000);
	trace_be(&b, sport, 2);
	trace_be(&b, dport, 2);
	trace_be(&b, (uint32_t)payload.n + 8, 2);
	trace_be(&b, 0, 2);
	buf_span(&b, payload);
	trace_ip(t, from, to, 17, buf_bytes(&b));
	buf_free(&b);
}

#define FIN 1
#define SYN 2
#define RST 4
#define PSH 8
#define ACK 16

static inline void
trace_tcp(struct trace *t, uint32_t from, uint16_t sport, uint32_t to,
    uint16_t dport, unsigned flags, uint32_t seq, uint32_t ack,
    struct span payload)
{
	struct buf b;

	buf_init(&b, 70000);
	trace_be(&b, sport, 2);
	trace_be(&b, dport, 2);
	trace_be(&b, seq, 4);
	trace_be(&b, ack, 4);
	trace_be(&b, 0x5000 | flags, 2);
	trace_be(&b, 8192, 2);
	trace_be(&b, 0, 4);
	buf_span(&b, payload);
	trace_ip(t, from, to, 6, buf_bytes(&b));
	buf_free(&b);
}

/* Asks and keeps the answer for said() until the next one. */
static inline void
trace_ask(struct trace *t, const char *tool, const char *arguments)
{
	const struct tool *found = tool_find(span_text(tool));

	if (t->asked.answer.p != NULL || t->asked.error.p != NULL)
		ask_free(&t->asked);
	ask_bytes(&t->asked, found, arguments, buf_bytes(&t->bytes));
}

static inline void
trace_end(struct trace *t)
{
	ask_free(&t->asked);
	trace_close(t);
}

static inline bool
span_has(struct span s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= s.n; i++)
		if (memcmp(s.p + i, text, n) == 0)
			return true;
	return false;
}

/* The answer holds this text. */
static inline void
trace_said(const struct trace *t, const char *text, int line)
{
	struct span s = buf_bytes(&t->asked.answer);
	bool has = span_has(s, text);

	if (!has)
		printf("# %.*s\n", s.n > 6000 ? 6000 : (int)s.n,
		    (const char *)s.p);
	(void)tap_check(has, text, __FILE__, line);
}

static inline void
trace_refused(const struct trace *t, const char *text, int line)
{
	bool has = !t->asked.good &&
	    span_has(buf_bytes(&t->asked.error), text);

	if (!has)
		printf("# %.*s\n", (int)t->asked.error.n,
		    (const char *)t->asked.error.p);
	(void)tap_check(has, text, __FILE__, line);
}

#define said(t, text) trace_said((t), (text), __LINE__)
#define unsaid(t, text) \
	ok(!span_has(buf_bytes(&(t)->asked.answer), (text)))
#define refused(t, text) trace_refused((t), (text), __LINE__)

#endif
