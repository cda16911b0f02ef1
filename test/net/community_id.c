#include "net/community_id.h"

#include <stdio.h>

#include "tap.h"

/* The vectors of the published specification's baseline (version 1, seed 0);
 * both directions of a flow give the same text. */
struct vector {
	uint8_t protocol;
	const char *src, *dst;
	uint16_t sport, dport;
	const char *id;
};

static const struct vector vectors[] = {
	{ 6, "128.232.110.120", "66.35.250.204", 34855, 80,
	    "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ 17, "192.168.1.52", "8.8.8.8", 54585, 53,
	    "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
	{ 132, "192.168.170.8", "192.168.170.56", 7, 80,
	    "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=" },
	{ 1, "192.168.0.89", "192.168.0.1", 8, 0,
	    "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=" },
	{ 58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135,
	    0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=" },
};

static void
check(const struct vector *v, bool backwards)
{
	struct addr src, dst;
	char id[COMMUNITY_ID_TEXT];
	size_t n;

	ok(addr_read(span_text(v->src), &src));
	ok(addr_read(span_text(v->dst), &dst));
	if (backwards)
		n = community_id(id, v->protocol, &dst, v->dport, &src,
		    v->sport);
	else
		n = community_id(id, v->protocol, &src, v->sport, &dst,
		    v->dport);
	ok_span(span_of(id, n), v->id);
}

int
main(void)
{
	for (size_t i = 0; i < LENGTH(vectors); i++) {
		check(&vectors[i], false);
		/* The way back of ICMP has another type: not the same call. */
		if (vectors[i].protocol != 1 && vectors[i].protocol != 58)
			check(&vectors[i], true);
	}
	return tap_done();
}
