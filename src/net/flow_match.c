#include "net/flow_match.h"

#include "base/word.h"

unsigned
flow_match_ipv6(const struct flow *f, const uint8_t *ends, uint32_t ports)
{
	uint32_t there = flow_two_ports(&f->a_port);
	const uint8_t *a, *b;
	uint64_t forth, back;

	if (!f->wide || f->wide_more->addr[0].kind != ADDR_IPV6)
		return 0;
	a = f->wide_more->addr[0].bytes;
	b = f->wide_more->addr[1].bytes;
	forth = (word_le64(a) ^ word_le64(ends)) |
	    (word_le64(a + 8) ^ word_le64(ends + 8)) |
	    (word_le64(b) ^ word_le64(ends + 16)) |
	    (word_le64(b + 8) ^ word_le64(ends + 24)) | (there ^ ports);
	back = (word_le64(b) ^ word_le64(ends)) |
	    (word_le64(b + 8) ^ word_le64(ends + 8)) |
	    (word_le64(a) ^ word_le64(ends + 16)) |
	    (word_le64(a + 8) ^ word_le64(ends + 24)) |
	    (there ^ (ports << 16 | ports >> 16));
	forth = forth == 0;
	return (unsigned)(forth | ((back == 0) & (forth ^ 1)) << 1);
}

unsigned
flow_match(const struct flow *f, const struct record *r,
    const struct glance *g)
{
	return flow_match_now(f, r, g);
}
