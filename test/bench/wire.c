#include "bench/wire.h"

#include <string.h>

#define START UINT64_C(1714550400000000)
#define GAP 1000 /* microseconds, twice the mean */
#define FRAME_MIN 60
#define ETHER 14
#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ICMPV6 58

/* SplitMix64: a counter, well stirred. */
uint32_t
wire_random(struct wire *w)
{
	uint64_t z = w->seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

uint32_t
wire_pick(struct wire *w, uint32_t n)
{
	return (uint32_t)((uint64_t)wire_random(w) * n >> 32);
}

uint32_t
wire_skewed(struct wire *w, uint32_t n)
{
	return wire_pick(w, wire_pick(w, wire_pick(w, n) + 1) + 1);
}

bool
wire_chance(struct wire *w, uint32_t percent)
{
	return wire_pick(w, 100) < percent;
}

const uint8_t *
wire_noise(struct wire *w, size_t n)
{
	return w->noise + wire_pick(w, (uint32_t)(WIRE_NOISE - n));
}

void
put16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void
put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static void
put32_le(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

void
wire_open(struct wire *w, FILE *out, uint64_t seed)
{
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4 };

	w->out = out;
	w->seed = seed;
	w->now = START;
	w->packets = 0;
	for (size_t i = 0; i < WIRE_NOISE; i += 4)
		put32(w->noise + i, wire_random(w));
	put32_le(head + 16, 262144);
	put32_le(head + 20, 1);
	fwrite(head, sizeof(head), 1, out);
}

static void
send_frame(struct wire *w, size_t n)
{
	uint8_t head[16];

	if (n < FRAME_MIN) {
		memset(w->frame + n, 0, FRAME_MIN - n);
		n = FRAME_MIN;
	}
	w->now += 1 + wire_pick(w, GAP);
	w->packets++;
	put32_le(head, (uint32_t)(w->now / 1000000));
	put32_le(head + 4, (uint32_t)(w->now % 1000000));
	put32_le(head + 8, (uint32_t)n);
	put32_le(head + 12, (uint32_t)n);
	fwrite(head, sizeof(head), 1, w->out);
	fwrite(w->frame, n, 1, w->out);
}

/* RFC 1071, without the last turn. */
static uint32_t
sum(uint32_t so_far, const uint8_t *p, size_t n)
{
	for (; n > 1; n -= 2, p += 2)
		so_far += (uint32_t)p[0] << 8 | p[1];
	return n > 0 ? so_far + ((uint32_t)p[0] << 8) : so_far;
}

static unsigned
checksum(uint32_t so_far)
{
	while (so_far > 0xffff)
		so_far = (so_far & 0xffff) + (so_far >> 16);
	return ~so_far & 0xffff;
}

static uint32_t
pseudo_sum(const struct host *from, const struct host *to, unsigned protocol,
    size_t n)
{
	size_t bytes = from->v6 ? 16 : 4;
	uint32_t so_far = sum(0, from->address, bytes);

	return sum(so_far, to->address, bytes) + protocol + (uint32_t)n;
}

size_t
wire_ip_header(struct wire *w, uint8_t *p, const struct host *from,
    const struct host *to, unsigned protocol, size_t n)
{
	if (from->v6) {
		put32(p, 0x60000000);
		put16(p + 4, (unsigned)n);
		p[6] = (uint8_t)protocol;
		p[7] = (uint8_t)(64 - (from->mac[5] & 7));
		memcpy(p + 8, from->address, 16);
		memcpy(p + 24, to->address, 16);
		return 40;
	}
	put16(p, 0x4500);
	put16(p + 2, 20 + (unsigned)n);
	put16(p + 4, wire_random(w) & 0xffff);
	put16(p + 6, 0x4000);
	p[8] = (uint8_t)(64 - (from->mac[5] & 7));
	p[9] = (uint8_t)protocol;
	put16(p + 10, 0);
	memcpy(p + 12, from->address, 4);
	memcpy(p + 16, to->address, 4);
	put16(p + 10, checksum(sum(0, p, 20)));
	return 20;
}

static size_t
ethernet(struct wire *w, const struct host *from, const uint8_t *to,
    unsigned vlan, unsigned type)
{
	uint8_t *p = w->frame;

	memcpy(p, to, 6);
	memcpy(p + 6, from->mac, 6);
	p += 12;
	if (vlan > 0) {
		put16(p, 0x8100);
		put16(p + 2, vlan);
		p += 4;
	}
	put16(p, type);
	return (size_t)(p + 2 - w->frame);
}

/* Down to the IP header; where the rest begins. */
static size_t
headers(struct wire *w, const struct host *from, const struct host *to,
    unsigned protocol, size_t n)
{
	unsigned vlan = from->vlan > 0 ? from->vlan : to->vlan;
	size_t at = ethernet(w, from, to->mac, vlan,
	    from->v6 ? 0x86dd : 0x0800);

	return at + wire_ip_header(w, w->frame + at, from, to, protocol, n);
}

void
wire_udp(struct wire *w, const struct host *from, unsigned from_port,
    const struct host *to, unsigned to_port, const uint8_t *payload, size_t n)
{
	size_t at = headers(w, from, to, PROTO_UDP, 8 + n);
	uint8_t *p = w->frame + at;
	unsigned crc;

	put16(p, from_port);
	put16(p + 2, to_port);
	put16(p + 4, 8 + (unsigned)n);
	put16(p + 6, 0);
	memcpy(p + 8, payload, n);
	crc = checksum(sum(pseudo_sum(from, to, PROTO_UDP, 8 + n), p, 8 + n));
	put16(p + 6, crc == 0 ? 0xffff : crc);
	send_frame(w, at + 8 + n);
}

void
wire_tcp(struct wire *w, const struct segment *s)
{
	size_t head = 20 + s->n_options, n = head + s->n;
	size_t at = headers(w, s->from, s->to, PROTO_TCP, n);
	uint8_t *p = w->frame + at;

	put16(p, s->from_port);
	put16(p + 2, s->to_port);
	put32(p + 4, s->seq);
	put32(p + 8, s->ack);
	put16(p + 12, (unsigned)(head / 4) << 12 | s->flags);
	put16(p + 14, (s->flags & FLAG_RST) != 0 ? 0 : 501);
	put32(p + 16, 0);
	if (s->n_options > 0)
		memcpy(p + 20, s->options, s->n_options);
	if (s->n > 0)
		memcpy(p + head, s->payload, s->n);
	put16(p + 16,
	    checksum(sum(pseudo_sum(s->from, s->to, PROTO_TCP, n), p, n)));
	send_frame(w, at + n);
}

void
wire_icmp(struct wire *w, const struct host *from, const struct host *to,
    uint8_t *message, size_t n)
{
	unsigned protocol = from->v6 ? PROTO_ICMPV6 : PROTO_ICMP;
	uint32_t so_far = from->v6 ? pseudo_sum(from, to, protocol, n) : 0;
	size_t at;

	put16(message + 2, 0);
	put16(message + 2, checksum(sum(so_far, message, n)));
	at = headers(w, from, to, protocol, n);
	memcpy(w->frame + at, message, n);
	send_frame(w, at + n);
}

void
wire_arp(struct wire *w, const struct host *from, const struct host *to)
{
	static const uint8_t everyone[6] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t head[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	size_t at = ethernet(w, from, everyone, from->vlan, 0x0806);
	uint8_t *p = w->frame + at;

	memset(p, 0, 28);
	memcpy(p, head, sizeof(head));
	memcpy(p + 8, from->mac, 6);
	memcpy(p + 14, from->address, 4);
	memcpy(p + 24, to->address, 4);
	send_frame(w, at + 28);
}
