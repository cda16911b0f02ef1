#include <stdlib.h>

#include "ask.h"
#include "capture/capture.h"
#include "fuzz/target.h"

#define RECORDS 32
#define SMALL_PART 3

/* A sum over all that is read, so that every byte of it is looked at. */
static uint64_t
sum_add(uint64_t sum, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		sum = sum * 31 + s.p[i];
	return sum + s.n;
}

static void
interfaces_check(const struct capture *c, uint64_t *sum)
{
	for (size_t i = 0; i < capture_interfaces(c); i++) {
		const struct capture_interface *f = capture_interface(c, i);

		*sum = sum_add(*sum, f->name);
		*sum = sum_add(*sum, f->description);
		*sum = sum_add(*sum, f->filter);
		*sum = sum_add(*sum, f->comment);
	}
	for (size_t i = 0; i < capture_comments(c); i++)
		*sum = sum_add(*sum, capture_comment(c, i));
	for (size_t i = 0; i < capture_names(c); i++)
		*sum = sum_add(*sum, capture_name(c, i)->name);
}

/* Reads all, `max` records at a time; gives a sum of what there was. */
static uint64_t
read_all(struct span in, size_t max, uint64_t *packets)
{
	const struct capture_limits limits = { .max_unpacked = 1 << 22 };
	enum capture_error error = CAPTURE_OK;
	int fd = ask_file(in);
	struct capture *c;
	struct record records[RECORDS];
	uint64_t sum = 0, number = 0;
	size_t n;

	if (fd < 0)
		return 0;
	c = capture_open(fd, false, &limits, &error);
	fuzz_check((c == NULL) == (error != CAPTURE_OK));
	fuzz_check(capture_error_text(error) != NULL);
	if (c == NULL)
		return error;
	while ((n = capture_read(c, records, max)) > 0) {
		fuzz_check(n <= max);
		for (size_t i = 0; i < n; i++) {
			const struct record *r = &records[i];

			fuzz_check(r->number > number);
			number = r->number;
			fuzz_check(r->interface < capture_interfaces(c));
			fuzz_check(!r->time.known ||
			    r->time.nanoseconds < 1000000000);
			sum = sum_add(sum, r->bytes);
			sum = sum_add(sum, r->comment);
			sum = sum * 31 + r->len + r->offset;
		}
	}
	fuzz_check(capture_facts(c)->records <= number);
	interfaces_check(c, &sum);
	*packets = number;
	sum = sum * 31 + capture_status(c);
	capture_close(c);
	return sum;
}

static void
run_capture(struct span in)
{
	uint64_t many = 0, few = 0;
	uint64_t a = read_all(in, RECORDS, &many);
	uint64_t b = read_all(in, SMALL_PART, &few);

	fuzz_check(a == b && many == few);
}

/* Behind a whole header, so that noise is about records. */
static void
run_behind(struct span in, const uint8_t *header, size_t n)
{
	uint8_t *p = malloc(n + in.n);

	if (p == NULL)
		return;
	memcpy(p, header, n);
	memcpy(p + n, in.p, in.n);
	run_capture(span_of(p, n + in.n));
	free(p);
}

static void
run_pcap(struct span in)
{
	static const uint8_t header[] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0 };

	run_capture(in);
	run_behind(in, header, sizeof(header));
}

static void
run_pcapng(struct span in)
{
	static const uint8_t header[] = { 0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28,
		0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 20,
		0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20 };

	run_behind(in, header, sizeof(header));
}

static void
run_gzip(struct span in)
{
	static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

	run_behind(in, header, sizeof(header));
}

const struct fuzz_target fuzz_capture[] = {
	{ "capture", SEED_CAPTURE, run_capture },
	{ "pcap", SEED_CAPTURE, run_pcap },
	{ "pcapng", SEED_CAPTURE, run_pcapng },
	{ "gzip", SEED_CAPTURE, run_gzip },
	{ NULL, SEED_BYTES, NULL },
};
