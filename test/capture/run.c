/*
 * A file whose records are looked at where they stand, beside the same file
 * read record by record: each record, and what is known of all in the end.
 */
#include "capture/run.h"
#include "made.h"
#include "open.h"
#include "same.h"

#define RECORDS 60000
#define SEEDS 48
#define SNAPLEN 65535
#define LARGE 262144 /* as large as a packet can be */

static struct record wanted[RECORDS];
static size_t n_wanted;

/* Mostly behind the middle: before, there is nothing to be looked at again. */
static bool
now_and_then(bool ever, uint32_t seed)
{
	return ever && (size > ROOM / 2 || seed % 3 == 1) && noise(1000) == 0;
}

/* Larger than any packet, where the buffer has it all. */
static void
too_large(uint32_t seconds)
{
	size -= (size_t)2 * LARGE;
	for (uint32_t i = 0; i < 2; i++) {
		put32(seconds);
		put32(0);
		put32(LARGE + i);
		put32(LARGE + i);
		size += LARGE + i;
	}
}

/* By the bits of the seed: nanoseconds; times that step back; fractions of
 * more than a second; packets that are cut; lengths that cannot be; packets
 * that no buffer holds with others; times of 2038, or of 2106, when they begin
 * anew. */
static void
capture_make(uint32_t seed)
{
	uint32_t second = seed & 1 ? 1000000000 : 1000000;
	uint32_t seconds = seed % 7 == 6 ? 0x7ffffff8 :
	    seed % 7 == 5 ? 0xfffffff8 : 1700000000;
	uint32_t fraction = 0;

	noise_state = seed * 2654435761u + 1;
	size = 0;
	put32(seed & 1 ? 0xa1b23c4d : 0xa1b2c3d4);
	put32(0x00040002);
	put32(0);
	put32(0);
	put32(SNAPLEN);
	put32(1);
	while (size < ROOM - LARGE - 16) {
		/* Some begin with their longest. */
		uint32_t captured = seed % 11 == 3 && size < 40000 ?
		    900 - (uint32_t)size / 50 : noise(100 + seed % 11 * 60);
		uint32_t length = captured, then = seconds, extra = 0;

		if (now_and_then(seed & 32, seed))
			length = captured = noise(3) == 0 ? LARGE : 70000;
		fraction += noise(second / 500);
		if (fraction >= second) {
			fraction -= second;
			then = ++seconds;
		}
		if (now_and_then(seed & 2, seed))
			then -= noise(4);
		/* What follows is of the next second, and earlier. */
		if ((seed & 4) != 0 && fraction + second / 500 >= second &&
		    noise(5) == 0)
			extra = second * noise(3);
		if (now_and_then(seed & 8, seed))
			length += noise(900);
		if (now_and_then(seed & 16, seed))
			length = captured / 2;
		put32(then);
		put32(fraction + extra);
		put32(captured);
		put32(length);
		memset(file + size, (int)noise(256), captured);
		size += captured;
	}
	if (seed % 5 == 4)
		size -= 3;
	if (seed % 5 == 3)
		too_large(seconds);
}

static bool
same_record(const struct record *a, const struct record *b)
{
	return a->number == b->number && a->offset == b->offset &&
	    a->len == b->len && a->bytes.n == b->bytes.n &&
	    a->link == b->link && a->flags == b->flags &&
	    a->fcs_len == b->fcs_len && a->pack_flags == b->pack_flags &&
	    a->interface == b->interface && a->comment.n == b->comment.n &&
	    a->time.digits == b->time.digits && a->time.known &&
	    time_diff(a->time, b->time) == 0;
}

static void
read_wanted(struct capture *c, struct capture_quality *q)
{
	size_t n;

	n_wanted = 0;
	capture_watch(c, q);
	while ((n = capture_read(c, wanted + n_wanted, 32)) > 0 &&
	    n_wanted < RECORDS - 64)
		n_wanted += n;
	capture_watch(c, NULL);
}

/* As many records of a run as the seed says, or all. */
static size_t
run_compare(struct capture *c, struct capture_run *run, size_t from,
    size_t most, bool *same)
{
	struct record r;

	while (run->n < most && capture_run_next(run)) {
		capture_run_record(c, run->at, run->n, &r);
		*same = *same && from + run->n <= n_wanted &&
		    same_record(&r, &wanted[from + run->n - 1]) &&
		    run->captured == r.bytes.n && run->len == r.len &&
		    run->at == r.bytes.p;
	}
	return run->n;
}

static size_t
run_read(struct capture *c, struct capture_quality *q, uint32_t seed,
    size_t *in_runs)
{
	struct capture_run run;
	struct record records[32];
	bool same = true;
	size_t at = 0, n, most;

	capture_watch(c, q);
	do {
		most = 32;
		if (capture_run_begin(c, &run)) {
			n = run_compare(c, &run, at,
			    seed % 3 == 0 ? 1 + noise(500) : SIZE_MAX, &same);
			capture_run_end(c, &run);
			*in_runs += n;
			at += n;
			most = 1;
		}
		n = capture_read(c, records, most);
		for (size_t i = 0; i < n; i++)
			same = same && same_record(&records[i],
			    &wanted[at + i]);
		at += n;
	} while (n > 0);
	capture_watch(c, NULL);
	ok(same);
	return at;
}

/* How many records were in runs. */
static size_t
compare(uint32_t seed)
{
	struct capture_quality q = { 0 }, of_runs = { 0 };
	enum capture_error error;
	struct capture *one = memory_open(span_of(file, size), &error);
	struct capture *other = memory_open(span_of(file, size), &error);
	size_t in_runs = 0;

	read_wanted(one, &q);
	ok_int(run_read(other, &of_runs, seed, &in_runs), n_wanted);
	ok(same_quality(&q, &of_runs));
	ok(same_facts(one, other));
	ok_int(capture_status(other), capture_status(one));
	capture_close(one);
	capture_close(other);
	return in_runs;
}

static void
runs(void)
{
	size_t in_runs = 0, all = 0;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		capture_make(seed);
		in_runs += compare(seed);
		all += n_wanted;
	}
	/* Many records are read so. */
	ok(in_runs > all / 3);
}

/* A second that is carried over beyond 32 bits, and then earlier times: behind
 * it there is no run. */
static void
carried(void)
{
	static const uint32_t times[3][2] = { { 0xffffffff, 1500000 },
		{ 5, 0 }, { 6, 0 } };

	size = 0;
	put32(0xa1b2c3d4);
	size = 24;
	for (size_t i = 0; i < LENGTH(times); i++) {
		put32(times[i][0]);
		put32(times[i][1]);
		put32(4);
		put32(4);
		size += 4;
	}
	ok_int(compare(1), 0);
}

/* Of other files none is: the ways of the headers are pcap_read()'s. */
static void
others(void)
{
	static const char *const names[] = { "pcap-big-micro.pcap",
		"pcap-little-modified.pcap", "pcap-old-2.2.pcap",
		"pcapng-basic.pcapng" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		enum capture_error error;
		struct span bytes = fixture_bytes(names[i]);
		struct capture *c = memory_open(bytes, &error);
		struct record records[32];
		struct capture_run run;

		ok(c != NULL && !capture_run_begin(c, &run));
		while (capture_read(c, records, 32) > 0)
			ok(!capture_run_begin(c, &run));
		capture_close(c);
		free((void *)(uintptr_t)bytes.p);
	}
}

int
main(void)
{
	runs();
	carried();
	others();
	return tap_done();
}
