/*
 * A file read by two, one up to a seam and one from there, beside the same
 * file read by one: what is known of it in the end is the same.
 */
#include "capture/seam.h"
#include "made.h"
#include "open.h"
#include "same.h"

#define MADE ((size_t)1 << 20) /* bytes */
#define SEEDS 60

/* Times step back now and then, packets are cut now and then: how often the
 * seed says.  `timid`: only behind the middle. */
static void
capture_make(uint32_t seed)
{
	uint32_t seconds = 1700000000, back = seed % 3 * 4, cut = seed % 4 * 5;
	bool timid = seed % 5 == 0;

	noise_state = seed * 2654435761u + 1;
	size = 0;
	put32(0xa1b2c3d4);
	put32(0x00040002);
	put32(0);
	put32(0);
	put32(65535);
	put32(1);
	while (size < MADE - 2000) {
		uint32_t captured = 60 + noise(600), length = captured;
		bool odd = !timid || size > MADE / 2;

		seconds += noise(2);
		if (odd && noise(1000) < back)
			seconds -= noise(5);
		if (odd && noise(1000) < cut)
			length += noise(900);
		put32(seconds);
		put32(noise(1000000));
		put32(captured);
		put32(length);
		memset(file + size, 0xff, captured);
		size += captured;
	}
}

static void
read_with(struct capture *c, struct capture_quality *q)
{
	struct record records[32];
	size_t n;

	*q = (struct capture_quality){ 0 };
	capture_watch(c, q);
	while ((n = capture_read(c, records, 32)) > 0)
		continue;
	capture_watch(c, NULL);
}

/* True when the second part began where the first ended; then the third, the
 * rest, is read by who goes on. */
static bool
two_read(const struct capture *one, const struct capture_quality *q,
    uint64_t seam, uint64_t end)
{
	enum capture_error error;
	struct span s = span_of(file, size);
	struct capture *front = memory_open(s, &error);
	struct capture *behind = memory_open(s, &error);
	struct capture_quality sum, part;
	struct capture_rest all = { .end = capture_offset(front) }, rest;
	bool met;

	ok(capture_part(front, all.end, false, seam));
	read_with(front, &sum);
	ok(capture_stopped(front) && capture_rest(front, &rest));
	capture_rest_add(&all, &rest);
	met = capture_part(behind, seam, true, end) &&
	    capture_offset(behind) == all.end;
	if (met) {
		read_with(behind, &part);
		ok(capture_rest(behind, &rest));
		ok(rest.records > 0 && capture_stopped(behind) == (end > 0));
		quality_append(&sum, &part);
		capture_rest_add(&all, &rest);
		capture_resume(front, &all);
		read_with(front, &part);
		quality_append(&sum, &part);
		ok(same_quality(&sum, q));
		ok(same_facts(front, one));
	}
	capture_close(front);
	capture_close(behind);
	return met;
}

static void
seams(void)
{
	unsigned met = 0;

	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		enum capture_error error;
		struct capture_quality q;
		struct capture *one;

		capture_make(seed);
		one = memory_open(span_of(file, size), &error);
		read_with(one, &q);
		for (unsigned hundredths = 30; hundredths < 95;
		     hundredths += 13)
			met += two_read(one, &q, size / 100 * hundredths,
			    seed % 4 == 0 ? 0 :
			    size / 100 * (hundredths + 4));
		capture_close(one);
	}
	ok(met > SEEDS * 4);
}

/* A part without packets, or without times, adds nothing of them. */
static void
parts(void)
{
	struct capture_quality none = { 0 }, some = { 0 }, sum;
	struct record r = { .number = 1, .len = 70, .flags = RECORD_CUT,
		.bytes = span_of(file, 60),
		.time = { .seconds = 5, .known = true } };

	ok_int(quality_add(&some, &r, 1, 60), 0);
	sum = some;
	quality_append(&sum, &none);
	ok(same_quality(&sum, &some));
	sum = none;
	quality_append(&sum, &some);
	ok(same_quality(&sum, &some));
	/* The first that has a time is the second of all. */
	r.time.known = false;
	ok_int(quality_add(&none, &r, 1, 60), 0);
	quality_append(&none, &some);
	ok_int(none.first_timed, 2);
	ok_int(none.no_time, 1);
}

/* Gzip and pcapng are not split; where there is no chain of headers, no part
 * begins. */
static void
refused(void)
{
	struct capture *c = fixture_open("gzip-pcap.pcap.gz");
	enum capture_error error;

	ok(!capture_splits(c));
	capture_close(c);
	c = fixture_open("pcapng-basic.pcapng");
	ok(!capture_splits(c));
	capture_close(c);
	c = fixture_open("pcap-large.pcap");
	ok(capture_splits(c));
	capture_close(c);
	capture_make(1);
	memset(file + size / 3, 0x55, size - size / 3);
	c = memory_open(span_of(file, size), &error);
	ok(!capture_part(c, size / 2, true, 0));
	ok(capture_part(c, size / 8, true, 0));
	capture_close(c);
}

/* A part that ends before its first record, one inside a record, and the
 * last. */
static void
edges(void)
{
	enum capture_error error;
	struct capture *c;
	struct capture_rest rest;
	struct record r;
	uint64_t first, second;

	capture_make(3);
	c = memory_open(span_of(file, size), &error);
	first = capture_offset(c);
	ok(capture_part(c, first, false, first));
	ok_int(capture_read(c, &r, 1), 0);
	ok(capture_rest(c, &rest) && rest.end == first && rest.records == 0);
	ok(capture_part(c, first, false, first + 1));
	ok_int(capture_read(c, &r, 1), 1);
	second = capture_offset(c);
	ok_int(capture_read(c, &r, 1), 0);
	ok(capture_rest(c, &rest) && rest.end == second && rest.records == 1);
	ok(capture_part(c, first, false, second));
	ok_int(capture_read(c, &r, 1), 1);
	ok_int(capture_read(c, &r, 1), 0);
	ok(capture_rest(c, &rest) && rest.end == second && rest.records == 1);
	ok(capture_part(c, size, false, 0));
	ok_int(capture_read(c, &r, 1), 0);
	ok(!capture_stopped(c) && capture_rest(c, &rest) && rest.end == size);
	ok(capture_part(c, size - 5, false, 0));
	ok_int(capture_read(c, &r, 1), 0);
	ok(!capture_rest(c, &rest));
	ok(capture_part(c, first, false, 0));
	ok_int(capture_read(c, &r, 1), 1);
	ok_int(capture_status(c), CAPTURE_OK);
	capture_close(c);
}

int
main(void)
{
	seams();
	parts();
	refused();
	edges();
	return tap_done();
}
