#ifndef NET_PLAIN_H
#define NET_PLAIN_H

#include "base/word.h"
#include "net/walk.h"

/*
 * The way of most packets: Ethernet, perhaps one VLAN tag, IPv4 without
 * options or IPv6 without extensions, TCP, UDP that is no tunnel or an ICMP
 * echo, nobody listening.  Sets in `p` what the readers would set, and calls
 * the hooks.  False for every other packet: then nothing was called, and the
 * readers start anew.
 */
bool plain_walk(const struct walk *w, const struct record *r,
    struct packet *p);
/*
 * The same packets for whoever asks nothing of
 * them but layers, hops left, and protocol, ports and payload of the
 * transport.  Those with few hops left are not: somebody may be tracing a
 * route.
 */
#define PLAIN_FEW_HOPS 32
#define PLAIN_KINDS 32 /* by the layers they have */
#define PLAIN_UDP 1
#define PLAIN_IPV6 2
#define PLAIN_VLAN 4
/* Only plain_far() tells of these: echo requests and replies, and ARP. */
#define PLAIN_ECHO 8
#define PLAIN_ARP 16

struct glance {
	struct span payload;    /* captured bytes of it */
	uint32_t claimed;       /* of the payload, as the layers claim */
	uint16_t sport, dport;
	uint8_t protocol, hops;
	uint8_t kind;
	uint8_t at;             /* of the transport's header in the record */
};

/*
 * What may be somebody's: ports, several in one place, so that these are
 * within a few lines of a cache, and first bytes of payloads.  Those of
 * tunnels are, from plain_near_begin() on.
 */
#define PORTS_NEAR 1024
#define NEAR_TCP 1
#define NEAR_UDP 2

struct glance_near {
	const uint64_t *more; /* of UDP, where they are many: a bit each */
	const uint64_t *sums; /* of TCP: a bit for each ports_sum(); or NULL */
	const uint64_t *here; /* of UDP: whose owners read all; or NULL */
	/* Whose of `first` and `second` are over which. */
	uint8_t over_tcp, over_udp;
	bool others;          /* echoes and ARP are near */
	bool all;             /* all packets: nobody asks */
	/* Whose the first bytes may be, and those behind them: a bit each. */
	uint8_t first[256], second[256];
	uint8_t ports[PORTS_NEAR]; /* NEAR_* */
};

/* Whether one of them is among `ports`, a bit each. */
static inline bool
ports_have(const uint64_t ports[1024], uint16_t a, uint16_t b)
{
	return ((ports[a / 64] >> a % 64 | ports[b / 64] >> b % 64) & 1) != 0;
}

/* The same where most often it is the lower one: of two random places in memory
 * mostly one is looked at. */
static inline bool
ports_have_low(const uint64_t ports[1024], uint16_t a, uint16_t b)
{
	uint16_t low = a < b ? a : b, high = a < b ? b : a;

	return (ports[low / 64] >> low % 64 & 1) != 0 ||
	    (ports[high / 64] >> high % 64 & 1) != 0;
}

/* The same for both directions. */
static inline uint16_t
ports_sum(uint16_t a, uint16_t b)
{
	return (uint16_t)(a + b);
}

/* A bit for each that is such a packet, and what most ask of all of them. */
struct glanced {
	uint32_t plain;
	uint32_t udp, ipv6, data; /* with a payload */
	uint32_t special; /* perhaps with a port that net/flow_number.h names */
	uint32_t asked;   /* perhaps with what somebody asks for */
};

/*
 * How payloads may begin: of several who know them a bit each, for the first
 * byte and the next one; for those over TCP and UDP, with less than
 * LOOKS_LEAST bytes, and with one of the bits in `zero` of the eight bytes
 * that follow.
 */
#define LOOKS_LEAST 10

struct glance_looks {
	uint8_t first[256], second[256];
	uint8_t may[2][2][2];
	uint64_t zero; /* in the order of the packet, the first byte lowest */
};

/* What somebody asks for, in a few lines of a cache: ports, several in one
 * place, and how payloads begin.  Those of tunnels and of net/flow_number.h
 * are in `plain_asks`, and nothing else. */
struct glance_asks {
	uint8_t ports[PORTS_NEAR];
	bool reads; /* there are `looks` */
	struct glance_looks looks;
};

extern const struct glance_asks plain_asks;
/* All ports of a bit each. */
void plain_asks_add(struct glance_asks *asks, const uint64_t ports[1024]);

/* Of at most 32 records, those of `which`. */
struct glanced plain_glances(const struct record *records, size_t n,
    uint32_t which, const struct glance_asks *asks, struct glance *glances);
/* Those that are and of which nobody is near, with echoes and ARP whose layers
 * are as simple; of each nothing but `kind` is set.  For most packets of most
 * captures this is all that is looked at.  In `look` those at which others may
 * look: not what is no plain packet. */
uint32_t plain_far(const struct record *records, size_t n,
    const struct glance_near *near, struct glance *glances, uint32_t *look);
/* One of those; true: it has a payload over UDP at a port of those that are
 * here, and is seen as plain_glances() would. */
bool plain_here(const struct record *r, const struct glance_near *near,
    struct glance *g);
void plain_near_begin(struct glance_near *near);
/* All ports of a bit each, over NEAR_*. */
void plain_near(struct glance_near *near, const uint64_t ports[1024],
    unsigned over);
/* Bits by enum layer. */
uint64_t plain_layers(unsigned kind);
/* Sets in `p` what was seen. */
void plain_packet(const struct record *r, const struct glance *g,
    struct packet *p);
/* And of a datagram what decoders and their readers ask: both ends, and that it
 * is in no tunnel and no flow. */
void plain_datagram(const struct record *r, const struct glance *g,
    struct packet *p);

static inline bool
plain_is_ipv6(const struct glance *g)
{
	return (g->kind & PLAIN_IPV6) != 0;
}

/* From a payload back to bytes of its headers. */
#define LOOKS_BACK 32

/* Whose payload it may be, by what it begins with: somebody's, or 0.  What that
 * is in a datagram that is nobody's is like thrown dice, and whether there is
 * enough of it, too: no branch. */
static inline __attribute__((always_inline)) unsigned
plain_begins(const struct glance_looks *looks, const struct glance *g)
{
	const bool less = ((uint64_t)g->payload.n - LOOKS_LEAST) >> 63 != 0;
	const uint8_t *p = g->payload.p - LOOKS_BACK * less;
	const bool set = (word_le64(p + 2) & looks->zero) != 0;

	return looks->first[p[0]] & looks->second[p[1]] &
	    looks->may[g->kind & PLAIN_UDP][less][set];
}

/* Both addresses, the source first. */
static inline const uint8_t *
plain_ends(const struct record *r, const struct glance *g)
{
	return r->bytes.p + g->at - (plain_is_ipv6(g) ? 32 : 8);
}

/* Of one behind a tag. */
static inline uint16_t
plain_vlan(const struct record *r)
{
	return word_be16(r->bytes.p + 14) & 0xfff;
}

/* The low eight of the flags of TCP. */
static inline unsigned
plain_tcp_flags(const struct record *r, const struct glance *g)
{
	return r->bytes.p[g->at + 13];
}

#endif
