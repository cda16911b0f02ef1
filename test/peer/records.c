/*
 * Prints the records of a capture as tshark does with
 *     -T fields -e frame.number -e frame.time_epoch -e frame.len
 *     -e frame.cap_len -e frame.interface_id
 * and, with -v, what the file says of itself.  The last line goes to standard
 * error: the status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture.h"

static void
print_record(const struct capture *c, const struct record *r)
{
	printf("%llu\t", (unsigned long long)r->number);
	if (r->time.known)
		printf("%lld.%09u", (long long)r->time.seconds,
		    r->time.nanoseconds);
	printf("\t%u\t%zu\t", r->len, r->bytes.n);
	if (capture_format(c) == CAPTURE_PCAPNG)
		printf("%u", capture_interface(c, r->interface)->id);
	putchar('\n');
}

static void
print_text(const char *name, struct span s)
{
	if (s.n > 0)
		printf("%s: %.*s\n", name, (int)s.n, (const char *)s.p);
}

static void
print_facts(const struct capture *c)
{
	const struct capture_facts *f = capture_facts(c);

	printf("variant: %s %s %u.%u snaplen %u\n", f->variant, f->order,
	    f->major, f->minor, f->snaplen);
	printf(
	    "sections %u interfaces %u records %llu comments %llu names "
	    "%llu secrets %llu custom %llu unknown %llu simple %llu bad %llu "
	    "undeclared %llu dropped %llu received %llu\n",
	    f->sections, f->interfaces, (unsigned long long)f->records,
	    (unsigned long long)f->comments, (unsigned long long)f->names,
	    (unsigned long long)f->secrets,
	    (unsigned long long)f->custom_blocks,
	    (unsigned long long)f->unknown_blocks,
	    (unsigned long long)f->simple_packets,
	    (unsigned long long)f->bad_records,
	    (unsigned long long)f->undeclared_interface,
	    (unsigned long long)f->dropped, (unsigned long long)f->received);
	print_text("hardware", f->hardware);
	print_text("os", f->os);
	print_text("application", f->application);
	for (size_t i = 0; i < capture_interfaces(c); i++) {
		const struct capture_interface *n = capture_interface(c, i);

		printf("interface %zu: link %u %s snaplen %u fcs %u tsresol "
		       "%u digits %u offset %lld packets %llu\n",
		    i, n->link, link_name(n->link) ? link_name(n->link) : "?",
		    n->snaplen, n->fcs_len, n->tsresol, n->time_digits,
		    (long long)n->tsoffset, (unsigned long long)n->packets);
		print_text("  name", n->name);
		print_text("  description", n->description);
		print_text("  filter", n->filter);
		print_text("  os", n->os);
		print_text("  hardware", n->hardware);
		print_text("  comment", n->comment);
	}
	for (size_t i = 0; i < capture_comments(c); i++)
		print_text("comment", capture_comment(c, i));
}

int
main(int argc, char **argv)
{
	bool verbose = argc == 3 && strcmp(argv[1], "-v") == 0;
	bool quiet = argc == 3 && strcmp(argv[1], "-q") == 0;
	const char *name = argc > 1 ? argv[argc - 1] : "-";
	int fd = strcmp(name, "-") == 0 ? dup(0) : open(name, O_RDONLY);
	struct capture_quality quality = { 0 };
	enum capture_error error;
	struct capture *c;
	struct record records[64];
	size_t n;

	if (fd < 0) {
		perror(name);
		return 2;
	}
	c = capture_open(fd, true, NULL, &error);
	if (c == NULL) {
		fprintf(
		    stderr, "open %d: %s\n", error, capture_error_text(error));
		return 2;
	}
	if (quiet)
		capture_watch(c, &quality);
	while ((n = capture_read(c, records, 64)) > 0) {
		for (size_t i = 0; i < n && !quiet && !verbose; i++)
			print_record(c, &records[i]);
	}
	if (verbose)
		print_facts(c);
	if (quiet)
		printf("%llu packets %llu bytes\n",
		    (unsigned long long)quality.packets,
		    (unsigned long long)quality.bytes);
	fprintf(stderr, "status %d: %s\n", capture_status(c),
	    capture_error_text(capture_status(c)));
	n = capture_status(c) != CAPTURE_OK;
	capture_close(c);
	return (int)n;
}
