#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/summary.h"
#include "base/word.h"
#include "captures.h"
#include "dice.h"
#include "tap.h"

/*
 * The summary of a capture is the same whether plain packets are walked
 * or only glanced at: of the fixtures, and of frames made at random.
 */
static uint64_t glanced;

static void
glanced_count(void *state, const struct record *records,
    const struct glance *glances, struct flow *const *flows, uint32_t which,
    const uint8_t *said)
{
	glanced += word_bits(which);
	analyzer_summary.plain(state, records, glances, flows, which, said);
}

static struct capture *
open_path(const char *path)
{
	enum capture_error error;

	return capture_open(open(path, O_RDONLY | O_CLOEXEC), false, NULL,
	    &error);
}

/* False: no capture. */
static bool
summarize(const char *path, bool walked, struct buf *out)
{
	struct analyzer list = analyzer_flow_list_nameless;
	struct analyzer summary = analyzer_summary;
	struct scan_request requests[] = {
		{ .analyzer = &list }, { .analyzer = &summary }
	};
	struct capture *c = open_path(path);
	struct scan scan;
	struct json j;

	if (c == NULL)
		return false;
	list.known = walked ? NULL : list.known;
	summary.plain = walked ? NULL : glanced_count;
	scan_init(&scan, c);
	if (scan_run(&scan, requests, 2)) {
		summary_read(requests[1].state, requests[0].state);
		json_init(&j, out);
		json_object(&j, NULL);
		summary_report(requests[1].state, &j);
		json_end(&j);
	}
	scan_free(&scan);
	capture_close(c);
	return true;
}

static void
check(const char *path)
{
	struct buf a, b;

	buf_init(&a, SIZE_MAX);
	buf_init(&b, SIZE_MAX);
	if (summarize(path, true, &a) && summarize(path, false, &b) &&
	    !span_equal(buf_bytes(&a), buf_bytes(&b)))
		tap_check(false, path, __FILE__, __LINE__);
	buf_free(&a);
	buf_free(&b);
}

/* ---- Frames ------------------------------------------------------------ */

static void
put(struct buf *b, unsigned n, uint64_t value)
{
	while (n-- > 0)
		buf_byte(b, (uint8_t)(value >> 8 * n));
}

static void
put_addr(struct buf *b, bool ipv6, unsigned host)
{
	put(b, ipv6 ? 8 : 0, UINT64_C(0x20010db800000000));
	put(b, ipv6 ? 8 : 4, 0x0a000000 + host);
}

static void
put_network(struct buf *b, bool ipv6, unsigned protocol, unsigned n)
{
	if (ipv6) {
		put(b, 4, 0x60000000);
		put(b, 4, n << 16 | protocol << 8 | 64);
	} else {
		put(b, 4, 0x45000000 + 20 + n);
		put(b, 4, 0);
		put(b, 4, (uint32_t)64 << 24 | protocol << 16);
	}
}

static void
put_ethernet(struct buf *f, bool ipv6)
{
	buf_cut(f, 0);
	put(f, 6, dice(9) == 0 ? 0xffffffffffff :
	    dice(9) == 0 ? 0x01005e000001 : 0x020000000001);
	put(f, 6, 0x020000000002);
	if (dice(4) == 0)
		put(f, 4, 0x81000005);
	put(f, 2, ipv6 ? 0x86dd : 0x0800);
}

/* A few ends that talk, in a few ways. */
static void
frame_make(struct buf *f)
{
	bool ipv6 = dice(3) == 0, tcp = dice(3) != 0, back = dice(2) == 0;
	unsigned from = dice(3), to = 3 + dice(3);
	unsigned data = dice(2) * dice(200);
	unsigned sport = 40000 + dice(3), dport = 7000 + dice(2);

	put_ethernet(f, ipv6);
	put_network(f, ipv6, tcp ? 6 : 17, (tcp ? 20 : 8) + data);
	put_addr(f, ipv6, back ? to : from);
	put_addr(f, ipv6, back ? from : to);
	put(f, 2, back ? dport : sport);
	put(f, 2, back ? sport : dport);
	if (tcp) {
		put(f, 4, dice(100000));
		put(f, 4, dice(100000));
		put(f, 4, 0x50101000);
		put(f, 4, 0);
	} else {
		put(f, 4, (8 + data) << 16);
	}
	for (unsigned i = 0; i < data; i++)
		buf_byte(f, (uint8_t)(128 + dice(100)));
}

static void
put_le32(struct buf *b, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(value >> 8 * i));
}

struct frames {
	struct buf b, f; /* the capture, and the frame at hand */
	uint64_t now;
};

static void
frame_put(struct frames *frames)
{
	struct buf *b = &frames->b;
	/* Some are cut, some padded. */
	unsigned n = (unsigned)frames->f.n;
	unsigned kept = dice(5) == 0 ? dice(n + 1) : n;

	frames->now += dice(3000000) - (dice(9) == 0 ? 1000000U : 0);
	put_le32(b, (uint32_t)(frames->now / 1000000));
	put_le32(b, (uint32_t)(frames->now % 1000000));
	put_le32(b, kept);
	put_le32(b, n);
	buf_add(b, frames->f.p, kept);
}

/* Some bytes between ports, with a sequence number those of TCP. */
static void
bytes_put(struct frames *frames, struct span bytes, uint32_t ports,
    uint32_t seq)
{
	struct buf *f = &frames->f;
	bool ipv6 = seq == 0 && dice(3) == 0, tcp = seq != 0;
	unsigned n = (unsigned)bytes.n + (tcp ? 20 : 8);
	unsigned from = dice(3);

	put_ethernet(f, ipv6);
	put_network(f, ipv6, tcp ? 6 : 17, n);
	put_addr(f, ipv6, tcp ? 1 : from);
	put_addr(f, ipv6, 3 + (tcp ? 1 : dice(3)));
	put(f, 4, ports);
	if (tcp) {
		put(f, 4, seq);
		put(f, 4, 1);
		put(f, 4, 0x50101000);
		put(f, 4, 0);
	} else {
		put(f, 4, n << 16);
	}
	buf_add(f, bytes.p, bytes.n);
	frame_put(frames);
}

/* A call that says where its media go, and some of these.  Over TCP it is in
 * two parts between ports of nobody. */
static void
call_put(struct frames *frames, unsigned number)
{
	static const char sdp[] = "v=0\r\no=- 1 1 IN IP4 10.0.0.4\r\ns=-\r\n"
	    "c=IN IP4 10.0.0.4\r\nt=0 0\r\nm=audio ";
	static const uint8_t media[40] = { 0x80, 0, 1 };
	struct buf text;
	struct span all;
	uint32_t ports = (46000U + number) << 16 | 15060;
	unsigned port = 20000 + number * 2;
	size_t n;

	buf_init(&text, SIZE_MAX);
	buf_printf(&text, "INVITE sip:b@10.0.0.4 SIP/2.0\r\nCall-ID: c%u\r\n"
	    "CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n"
	    "Content-Length: %u\r\n\r\n%s%u RTP/AVP 0\r\n", number,
	    (unsigned)sizeof(sdp) - 1 + 17, sdp, port);
	all = buf_bytes(&text);
	if (dice(2) == 0) {
		bytes_put(frames, all, 5060U << 16 | 5060, 0);
	} else {
		n = 60 + dice(100);
		bytes_put(frames, span_first(all, n), ports, 1000);
		bytes_put(frames, span_after(all, n), ports,
		    1000 + (uint32_t)n);
	}
	for (unsigned i = 0; i < 6; i++)
		bytes_put(frames, span_of(media, sizeof(media)),
		    40000U << 16 | port, 0);
	buf_free(&text);
}

static void
query_put(struct frames *frames)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	put(&b, 4, (uint32_t)dice(65536) << 16 | (dice(2) == 0 ? 0x0100U :
	    dice(3) == 0 ? 0x8183U : 0x8180U));
	put(&b, 8, dice(9) == 0 ? dice(65536) : UINT64_C(1) << 48);
	put(&b, 7, 0x04686f73740000 + dice(3));
	put(&b, 4, (uint32_t)(1 + dice(3)) << 16 | 1);
	bytes_put(frames, span_first(buf_bytes(&b), dice(7) == 0 ?
	    dice((unsigned)b.n) : b.n), dice(2) == 0 ? 53U << 16 | 40000 :
	    (uint32_t)(40000 + dice(50)) << 16 | 53, 0);
	buf_free(&b);
}

static void
check_random(void)
{
	FILE *file = tmpfile();
	struct frames frames = { .now = 1700000000000000 };
	struct buf *b = &frames.b;
	char path[64];

	buf_init(b, SIZE_MAX);
	buf_init(&frames.f, SIZE_MAX);
	put_le32(b, 0xa1b2c3d4);
	put_le32(b, 2 | 4 << 16);
	put_le32(b, 0);
	put_le32(b, 0);
	put_le32(b, 262144);
	put_le32(b, 1);
	for (unsigned i = 0; i < 2000; i++) {
		frame_make(&frames.f);
		frame_put(&frames);
		if (dice(5) == 0)
			query_put(&frames);
		if (dice(200) == 0)
			call_put(&frames, i);
	}
	fwrite(b->p, 1, b->n, file);
	fflush(file);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	check(path);
	fclose(file);
	buf_free(b);
	buf_free(&frames.f);
}

int
main(int argc, char **argv)
{
	hash_key_init();
	captures_each(argc, argv, check);
	for (unsigned i = 0; argc == 1 && i < 20; i++)
		check_random();
	ok(argc > 1 || glanced > 20000);
	return tap_done();
}
