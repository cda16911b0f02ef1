#ifndef CAPTURE_RUN_H
#define CAPTURE_RUN_H

#include "base/fetch.h"
#include "base/word.h"
#include "capture/capture.h"

/*
 * Records where they stand, in a loop of the caller's own: for those who ask
 * of most packets no more than a look at their bytes, so that no struct record
 * is made of these.  Only of the usual pcap file (little-endian, the standard
 * record header), and as far as the buffer goes; all else, the next bytes of
 * the file among it, is capture_read()'s:
 *
 *	if (capture_run_begin(c, &begun)) {
 *		run = begun; (for speed: of it nobody has the address)
 *		while (capture_run_next(&run))
 *			... run.at, run.captured, run.len ...
 *		begun = run;
 *		capture_run_end(c, &begun);
 *	}
 */
#define CAPTURE_RUN_HEADER 16

struct capture_run {
	const uint8_t *at; /* the record at hand: what was captured of it */
	uint32_t captured, len;
	size_t n;          /* records so far, with that one */
	/* Of the next one, what is left from there on and must be. */
	const uint8_t *next;
	size_t left, least;
	/* For struct capture_quality: seconds and fraction of the last one, the
	 * lengths so far, and whether one record needs another look. */
	uint64_t time;
	uint32_t shortest, spread; /* the longest is that much longer */
	uint32_t last_fraction;    /* of a second */
	bool again;
};

/* False: capture_read() is the way, for a while at least. */
bool capture_run_begin(struct capture *c, struct capture_run *run);
/* The one at `at`, of that number in the run, as capture_read() would have
 * given it. */
void capture_run_record(const struct capture *c, const uint8_t *at,
    uint64_t number, struct record *r);
/* To its end. */
void capture_run_pass(struct capture_run *run);
/* What was taken counts as read. */
void capture_run_end(struct capture *c, const struct capture_run *run);

/* Hardly any record goes another way than the one before: branches. */
static inline __attribute__((always_inline)) bool
capture_run_next(struct capture_run *run)
{
	const uint8_t *p = run->next;
	uint32_t captured, len;
	uint64_t time;

	if (run->left < run->least)
		return false;
	captured = word_le32(p + 8);
	if (captured > run->left - CAPTURE_RUN_HEADER)
		return false;
	/* Whoever looks into it finds its headers near. */
	fetch(p + 64);
	len = word_le32(p + 12);
	time = word_le64(p);
	time = time << 32 | time >> 32;
	if (__builtin_expect(time < run->time ||
	    (uint32_t)time > run->last_fraction || len != captured, 0))
		run->again = true;
	if (__builtin_expect(len - run->shortest > run->spread, 0)) {
		if (len < run->shortest) {
			run->spread += run->shortest - len;
			run->shortest = len;
		} else {
			run->spread = len - run->shortest;
		}
	}
	run->time = time;
	run->at = p + CAPTURE_RUN_HEADER;
	run->captured = captured;
	run->len = len;
	run->n++;
	run->next = run->at + captured;
	run->left -= CAPTURE_RUN_HEADER + (size_t)captured;
	return true;
}

#endif
