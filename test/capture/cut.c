/*
 * Every fixture of this floor cut at every byte: what is read is what the
 * whole file begins with, and reading ends.
 */
#include <dirent.h>

#include "open.h"

/* Files over this many bytes are cut at some bytes only. */
#define SMALL 3000
#define RECORDS_MAX 4096

struct seen {
	uint64_t number, offset, sum;
	uint32_t len, captured, interface;
};

static uint64_t
sum_of(struct span s)
{
	uint64_t sum = s.n;

	for (size_t i = 0; i < s.n; i++)
		sum = sum * 31 + s.p[i];
	return sum;
}

static size_t
collect(struct capture *c, struct seen *seen)
{
	struct record records[7];
	size_t n = 0, got;

	while ((got = capture_read(c, records, LENGTH(records))) > 0) {
		for (size_t i = 0; i < got && n < RECORDS_MAX; i++) {
			const struct record *r = &records[i];

			seen[n++] = (struct seen){ r->number, r->offset,
				sum_of(r->bytes) + sum_of(r->comment), r->len,
				(uint32_t)r->bytes.n, r->interface };
		}
	}
	return n;
}

/* The first `n` bytes of a file, against all of its records. */
static bool
prefix_is_good(
    struct span whole, size_t n, const struct seen *all, size_t n_all)
{
	static struct seen seen[RECORDS_MAX];
	enum capture_error error;
	struct capture *c = memory_open(span_first(whole, n), &error);
	size_t got;
	bool good;

	if (c == NULL)
		return error != CAPTURE_OK;
	got = collect(c, seen);
	good = got <= n_all;
	for (size_t i = 0; good && i < got; i++)
		good = memcmp(&seen[i], &all[i], sizeof(seen[i])) == 0;
	capture_close(c);
	return good;
}

static void
cut_everywhere(const char *name)
{
	static struct seen all[RECORDS_MAX];
	struct span whole = fixture_bytes(name);
	size_t step = whole.n <= SMALL ? 1 : whole.n / SMALL * 4 + 1;
	enum capture_error error;
	struct capture *c = memory_open(whole, &error);
	size_t n_all = 0, bad = 0;

	if (c != NULL)
		n_all = collect(c, all);
	capture_close(c);
	for (size_t n = 0; n < whole.n; n += step) {
		if (prefix_is_good(whole, n, all, n_all))
			continue;
		if (bad++ == 0)
			printf("# %s cut to %zu bytes\n", name, n);
	}
	printf("# %s\n", name);
	ok_int(bad, 0);
	free((void *)whole.p);
}

int
main(void)
{
	DIR *folder = opendir(FIXTURES);
	struct dirent *entry;
	unsigned n = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (strncmp(entry->d_name, "pcap", 4) != 0 &&
		    strncmp(entry->d_name, "gzip", 4) != 0)
			continue;
		/* Cut to one record it looks like another kind of file. */
		if (strncmp(entry->d_name, "pcap-patched", 12) == 0)
			continue;
		cut_everywhere(entry->d_name);
		n++;
	}
	if (folder != NULL)
		closedir(folder);
	ok(n >= 20);
	return tap_done();
}
