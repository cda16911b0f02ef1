#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The wire that the captures of the benchmark are taken from: frames with
 * all their lengths and checksums, written as records of a pcap file.  What
 * is on it depends on the seed alone, on every machine.
 */
#define WIRE_FRAME 2048
#define WIRE_NOISE (1 << 20)

struct wire {
	FILE *out;
	uint64_t seed;
	uint64_t now; /* microseconds since 1970 */
	uint64_t packets;
	uint8_t frame[WIRE_FRAME];
	uint8_t noise[WIRE_NOISE]; /* what encrypted payload looks like */
};

struct host {
	bool v6;
	uint8_t address[16];
	uint8_t mac[6];
	unsigned vlan; /* 0: untagged */
};

struct segment {
	const struct host *from, *to;
	unsigned from_port, to_port;
	uint32_t seq, ack;
	unsigned flags;
	const uint8_t *options;
	size_t n_options; /* a multiple of four */
	const uint8_t *payload;
	size_t n;
};

#define FLAG_FIN 1
#define FLAG_SYN 2
#define FLAG_RST 4
#define FLAG_PSH 8
#define FLAG_ACK 16

/* Writes the head of the file. */
void wire_open(struct wire *w, FILE *out, uint64_t seed);

uint32_t wire_random(struct wire *w);
/* 0 to n - 1, all alike */
uint32_t wire_pick(struct wire *w, uint32_t n);
/* 0 to n - 1, the small ones far more often */
uint32_t wire_skewed(struct wire *w, uint32_t n);
bool wire_chance(struct wire *w, uint32_t percent);
const uint8_t *wire_noise(struct wire *w, size_t n);

void put16(uint8_t *p, unsigned value);
void put32(uint8_t *p, uint32_t value);

void wire_udp(struct wire *w, const struct host *from, unsigned from_port,
    const struct host *to, unsigned to_port, const uint8_t *payload, size_t n);
void wire_tcp(struct wire *w, const struct segment *s);
/* A message of ICMP or ICMPv6, as the hosts are; its checksum is set. */
void wire_icmp(struct wire *w, const struct host *from, const struct host *to,
    uint8_t *message, size_t n);
/* An ARP request of `from` for `to`. */
void wire_arp(struct wire *w, const struct host *from, const struct host *to);
/* The IP header alone, as an ICMP error quotes it; its length. */
size_t wire_ip_header(struct wire *w, uint8_t *p, const struct host *from,
    const struct host *to, unsigned protocol, size_t n);

#endif
