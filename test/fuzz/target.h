#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include "base/span.h"

/*
 * A fuzz target is a row: a name, what its inputs look like, and a function
 * that must come back from any bytes.  Adding one is a function and a line in
 * the array of its file.  fuzzer.c runs one of them under libFuzzer (make
 * fuzz), replay.c all of them over the seeds (make test).
 */
enum fuzz_seeds {
	SEED_CAPTURE,  /* a whole capture file */
	SEED_PACKET,   /* link type in two bytes, then a packet */
	SEED_PACKETS,  /* the same many times, each behind two bytes of length */
	SEED_PAYLOAD,  /* of UDP or TCP */
	SEED_TEXT,     /* filters, JSON, requests: see seed.c */
	SEED_BYTES,    /* anything */
};

struct fuzz_target {
	const char *name;
	enum fuzz_seeds seeds;
	void (*run)(struct span in);
};

/* One array a floor; each ends in a NULL name. */
extern const struct fuzz_target fuzz_base[], fuzz_capture[], fuzz_net[],
    fuzz_proto[], fuzz_filter[], fuzz_tools[], fuzz_wire[], fuzz_fetch[];
extern const struct fuzz_floor {
	const char *name;
	const struct fuzz_target *targets;
} fuzz_all[]; /* ends in a NULL name */

/* Ends the process loudly when the property does not hold (packets.c). */
#define fuzz_check(holds) fuzz_must((holds), #holds, __FILE__, __LINE__)
void fuzz_must(bool holds, const char *what, const char *file, int line);
/* NULL: there is none of that name. */
const struct fuzz_target *fuzz_find(const char *name);

#endif
