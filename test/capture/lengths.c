/*
 * Every 16-bit and 32-bit place of some captures set to the numbers that
 * break readers: reading ends, and no record is larger than the file.
 */
#include "open.h"

static const uint32_t edges[] = { 0, 1, 3, 4, 8, 11, 12, 16, 28, 31, 32, 0x80,
	0xffff, 0x10000, 0x40000, 0x40001, 0x7fffffff, 0x80000000, 0xfffffff0,
	0xfffffffd, 0xffffffff };

static void
put(uint8_t *p, uint32_t value, size_t n, bool big)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(value >> 8 * (big ? n - 1 - i : i));
}

static bool
reads_well(struct span s)
{
	enum capture_error error;
	struct capture *c = memory_open(s, &error);
	struct record records[16];
	uint64_t n = 0;
	size_t got;
	bool good = true;

	if (c == NULL)
		return error != CAPTURE_OK;
	while ((got = capture_read(c, records, 16)) > 0) {
		for (size_t i = 0; i < got; i++) {
			const struct record *r = &records[i];

			good = good && r->bytes.n <= s.n &&
			    r->comment.n <= s.n && r->number > n &&
			    r->time.nanoseconds < 1000000000 &&
			    r->interface < capture_interfaces(c);
			n = r->number;
		}
	}
	good = good && n <= s.n;
	capture_close(c);
	return good;
}

static void
edges_of(const char *name, bool big)
{
	struct span whole = fixture_bytes(name);
	uint8_t *bytes = malloc(whole.n);
	size_t bad = 0;

	for (size_t at = 0; bytes != NULL && at + 4 <= whole.n; at += 2) {
		for (size_t i = 0; i < LENGTH(edges); i++) {
			memcpy(bytes, whole.p, whole.n);
			put(bytes + at, edges[i], at % 4 == 0 ? 4 : 2, big);
			bad += !reads_well(span_of(bytes, whole.n));
		}
	}
	printf("# %s\n", name);
	ok_int(bad, 0);
	free(bytes);
	free((void *)whole.p);
}

int
main(void)
{
	edges_of("pcap-lengths.pcap", false);
	edges_of("pcap-old-2.3.pcap", false);
	edges_of("pcap-patched-ss990417.pcap", false);
	edges_of("pcapng-basic.pcapng", false);
	edges_of("pcapng-sections.pcapng", false);
	edges_of("pcapng-sections.pcapng", true);
	edges_of("pcapng-blocks.pcapng", false);
	edges_of("gzip-pcap.pcap.gz", false);
	return tap_done();
}
