/*
 * Zeros packed as tightly as deflate can (1032 to 1): 10 MB that would unpack
 * to 10 GB.  The limits end that at once, and what is no capture is not even
 * unpacked.
 */
#include <time.h>

#include "open.h"

#define PACKED ((size_t)10 << 20)

struct bits {
	uint8_t *p;
	size_t n; /* bits */
};

/* Bits in the order in which deflate reads them. */
static void
put(struct bits *b, const char *bits)
{
	for (; *bits != '\0'; bits++) {
		if (*bits == ' ')
			continue;
		if (*bits == '1')
			b->p[b->n / 8] |= (uint8_t)(1 << b->n % 8);
		b->n++;
	}
}

/*
 * A dynamic block in which the byte 0 is "10", a copy of 258 bytes from one
 * byte back is "1" less, "0" and "0": 2 bits for 258 bytes.
 */
static void
zeros_begin(struct bits *b)
{
	put(b, "1 01");  /* last block, dynamic codes */
	put(b, "10111"); /* 286 literal and length codes (29, lowest first) */
	put(b, "00000"); /* 1 distance code */
	put(b, "0111");  /* 18 lengths of the code of lengths */
	/* In the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1:
	 * 18 has 1 bit, 2 and 1 have 2. */
	put(b, "000 000 100 000 000 000 000 000 000");
	put(b, "000 000 000 000 000 000 010 000 010");
	/* 18 is "0" and 7 bits of count - 11; 1 is "10", 2 is "11". */
	put(b, "11");        /* byte 0: 2 bits */
	put(b, "0 1111111"); /* 138 and ... */
	put(b, "0 0101011"); /* 117 codes unused */
	put(b, "11");        /* end of block: 2 bits */
	put(b, "0 1000100"); /* 28 unused */
	put(b, "10");        /* length 258: 1 bit */
	put(b, "10");        /* distance 1: 1 bit */
	put(b, "10");        /* the first zero */
}

/* A gzip of `start` (stored) and of zeros; what follows start is all 0. */
static struct span
bomb(const void *start, size_t n)
{
	static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
		255 };
	uint8_t *p = calloc(1, PACKED);
	struct bits b = { p, 0 };

	if (p == NULL)
		exit(1);
	memcpy(p, header, sizeof(header));
	b.n = 8 * sizeof(header);
	if (n > 0) {
		b.n += 8; /* not the last, stored */
		p[b.n / 8] = (uint8_t)n;
		p[b.n / 8 + 2] = (uint8_t)~n;
		p[b.n / 8 + 3] = 0xff;
		memcpy(p + b.n / 8 + 4, start, n);
		b.n += 8 * (4 + n);
	}
	zeros_begin(&b);
	return span_of(p, PACKED);
}

static const uint8_t pcap_header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1 };

/* What ends the reading, and after how many records of 16 zeros. */
static void
limited(
    struct span s, struct capture_limits limits, uint64_t least, uint64_t most)
{
	enum capture_error error;
	clock_t begun = clock(); /* of the processor: others run, too */
	struct capture *c =
	    capture_open(memory_file(s), false, &limits, &error);
	uint64_t n;

	ok_int(error, CAPTURE_OK);
	if (c == NULL)
		return;
	n = read_all(c);
	ok_int(capture_status(c), CAPTURE_GZIP_LIMIT);
	ok(n >= least && n <= most);
	printf("# %llu records in %lld ms\n", (unsigned long long)n,
	    (long long)(clock() - begun) * 1000 / CLOCKS_PER_SEC);
	ok(clock() - begun < 2 * CLOCKS_PER_SEC);
	capture_close(c);
}

int
main(void)
{
	struct span s = bomb(pcap_header, sizeof(pcap_header));
	struct span zeros = bomb("", 0);
	enum capture_error error;

	limited(s, (struct capture_limits){ .max_unpacked = 100 << 20,
	    .max_ratio = 2000 },
	    (99 << 20) / 16, (101 << 20) / 16);
	limited(s, (struct capture_limits){ 0 }, (63 << 20) / 16,
	    (66 << 20) / 16);
	/* 64 MiB are let through whatever the ratio. */
	limited(s, (struct capture_limits){ .max_ratio = 1 }, (63 << 20) / 16,
	    (66 << 20) / 16);
	ok(memory_open(zeros, &error) == NULL);
	ok_int(error, CAPTURE_NOT_A_CAPTURE);
	free((void *)s.p);
	free((void *)zeros.p);
	return tap_done();
}
