/* Where a capture comes from, what is refused, and the limits. */
#include <signal.h>
#include <sys/wait.h>

#include "open.h"

static enum capture_error
refused(int fd, bool any_file)
{
	enum capture_error error = CAPTURE_OK;
	struct capture *c = capture_open(fd, any_file, NULL, &error);

	ok(c == NULL);
	capture_close(c);
	/* The descriptor was taken over and closed. */
	ok(fd < 0 || fcntl(fd, F_GETFD) == -1);
	return error;
}

static enum capture_error
refused_text(const char *text, size_t n)
{
	return refused(memory_file(span_of(text, n)), false);
}

static void
not_captures(void)
{
	char path[] = "/tmp/mcpcap-test-XXXXXX", fifo[64];

	ok_int(refused_text("", 0), CAPTURE_EMPTY);
	ok_int(refused_text("\xd4\xc3\xb2", 3), CAPTURE_TOO_SHORT);
	ok_int(refused_text("\xd4\xc3\xb2\xa1\2\0\4\0", 8), CAPTURE_TOO_SHORT);
	ok_int(refused_text("\n\r\r\n\0\0\0\0", 8), CAPTURE_TOO_SHORT);
	ok_int(refused_text("\n\r\r\nand so on, a text of some length\n", 38),
	    CAPTURE_NOT_A_CAPTURE);
	ok_int(refused_text("root:x:0:0:root:/root:/bin/sh\n", 30),
	    CAPTURE_NOT_A_CAPTURE);
	ok_int(
	    refused(fixture_file("snoop.snoop"), false), CAPTURE_NOT_A_CAPTURE);
	ok_int(refused(fixture_file("gzip-text.gz"), false),
	    CAPTURE_NOT_A_CAPTURE);
	ok_int(
	    refused(open("/dev/zero", O_RDONLY), false), CAPTURE_NOT_REGULAR);
	ok_int(
	    refused(open("/dev/zero", O_RDONLY), true), CAPTURE_NOT_A_CAPTURE);
	ok_int(refused(open("/dev/null", O_RDONLY), true), CAPTURE_EMPTY);
	ok_int(refused(open("/", O_RDONLY), false), CAPTURE_NOT_REGULAR);
	ok_int(refused(open("/", O_RDONLY), true), CAPTURE_NOT_REGULAR);
	ok_int(refused(-1, true), CAPTURE_READ_ERROR);
	if (mkdtemp(path) == NULL)
		return;
	snprintf(fifo, sizeof(fifo), "%s/fifo", path);
	ok_int(mkfifo(fifo, 0600), 0);
	ok_int(refused(open(fifo, O_RDONLY | O_NONBLOCK), false),
	    CAPTURE_NOT_REGULAR);
	unlink(fifo);
	rmdir(path);
}

/* A file that begins in the middle of another, and is read twice. */
static void
again(void)
{
	struct span s = fixture_bytes("tcp-mixed.pcap");
	uint8_t *bytes = malloc(77 + s.n);
	enum capture_error error = CAPTURE_OK;
	struct capture *first, *second;
	struct record records[64];
	uint64_t n = 0, n_again = 0;
	int fd;

	if (bytes == NULL)
		exit(1);
	memset(bytes, 'x', 77);
	memcpy(bytes + 77, s.p, s.n);
	fd = memory_file(span_of(bytes, 77 + s.n));
	ok(lseek(fd, 77, SEEK_SET) == 77);
	first = capture_open(fd, false, NULL, &error);
	ok(first != NULL);
	for (size_t got; (got = capture_read(first, records, 64)) > 0;)
		n += got;
	second = capture_again(first, &error);
	ok(second != NULL);
	while (second != NULL) {
		size_t got = capture_read(second, records, 64);

		n_again += got;
		if (got == 0)
			break;
	}
	ok(n > 0);
	ok_int(n_again, n);
	ok_int(capture_facts(first)->records, n);
	capture_close(first);
	capture_close(second);
	free(bytes);
	free((void *)s.p);
}

/* Every error has its own text. */
static void
texts(void)
{
	for (int i = CAPTURE_OK; i <= CAPTURE_INTERFACES; i++)
		for (int k = CAPTURE_OK; k < i; k++)
			ok(strcmp(capture_error_text((enum capture_error)i),
			    capture_error_text((enum capture_error)k)) != 0);
}

/* A pipe into which a child writes `s` in pieces of `piece` bytes. */
static int
pipe_of(struct span s, size_t piece)
{
	int ends[2];

	if (pipe(ends) != 0)
		exit(1);
	if (fork() == 0) {
		close(ends[0]);
		while (s.n > 0) {
			size_t n = span_first(s, piece).n;

			if (write(ends[1], s.p, n) != (ssize_t)n)
				_exit(1);
			s = span_after(s, n);
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static void
pipes(const char *name, uint64_t records, enum capture_error status)
{
	struct span s = fixture_bytes(name);
	static const size_t pieces[] = { 1, 7, 64, 65536 };

	for (size_t i = 0; i < LENGTH(pieces); i++) {
		enum capture_error error;
		size_t piece = s.n > 4000 && pieces[i] < 64 ? 64 : pieces[i];
		struct capture *c =
		    capture_open(pipe_of(s, piece), true, NULL, &error);

		printf("# %s in pieces of %zu\n", name, piece);
		ok_int(error, CAPTURE_OK);
		if (c == NULL)
			continue;
		ok_int(capture_size(c), 0);
		ok_int(read_all(c), records);
		ok_int(capture_status(c), status);
		ok_int(capture_position(c), s.n);
		capture_close(c);
		wait(NULL);
	}
	free((void *)s.p);
}

static void
gzips(void)
{
	struct capture *c = fixture_open("gzip-pcap.pcap.gz");
	struct record r;

	ok(capture_is_gzip(c));
	ok_int(next_record(c).number, 1);
	ok_int(read_all(c), 1);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_int(capture_facts(c)->unpacked_bytes, 24 + 2 * 58);
	ok_int(capture_facts(c)->file_bytes, capture_size(c));
	capture_close(c);

	c = fixture_open("gzip-members.pcapng.gz");
	r = next_record(c);
	ok_int(r.bytes.n, 40);
	ok_int(r.bytes.p[39], 'a');
	ok_int(read_all(c), 1);
	ok_int(capture_status(c), CAPTURE_OK);
	capture_close(c);

	c = fixture_open("gzip-bad-crc.pcap.gz");
	ok_int(read_all(c), 1);
	ok_int(capture_status(c), CAPTURE_GZIP_DAMAGED);
	capture_close(c);

	c = fixture_open("gzip-bad-size.pcap.gz");
	ok_int(read_all(c), 1);
	ok_int(capture_status(c), CAPTURE_GZIP_DAMAGED);
	capture_close(c);
}

static void
limits(void)
{
	struct capture_limits limit = { .max_bytes = 24 + 58 + 20 };
	struct span s = fixture_bytes("pcap-lengths.pcap");
	enum capture_error error;
	struct capture *c = capture_open(memory_file(s), false, &limit, &error);

	ok_int(error, CAPTURE_OK);
	ok_int(read_all(c), 1);
	ok_int(capture_status(c), CAPTURE_TOO_LARGE);
	ok_int(capture_position(c), limit.max_bytes);
	capture_close(c);

	/* Exactly the limit is no more than the limit. */
	limit.max_bytes = s.n;
	c = capture_open(memory_file(s), false, &limit, &error);
	ok_int(error, CAPTURE_OK);
	ok_int(read_all(c), 6);
	ok_int(capture_status(c), CAPTURE_OK);
	capture_close(c);

	limit.max_bytes = 10;
	c = capture_open(memory_file(s), false, &limit, &error);
	ok(c == NULL);
	ok_int(error, CAPTURE_TOO_LARGE);
	free((void *)s.p);
}

/* The limit is named. */
static void
interfaces(void)
{
	struct buf b;
	enum capture_error error;
	struct capture *c;

	buf_init(&b, SIZE_MAX);
	buf_add(&b, "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0"
	    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0", 28);
	for (int i = 0; i < 65537; i++)
		buf_add(&b, "\1\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0"
		    "\x14\0\0\0", 20);
	c = capture_open(memory_file(buf_bytes(&b)), false, NULL, &error);
	ok_int(error, CAPTURE_OK);
	ok_int(read_all(c), 0);
	ok_int(capture_interfaces(c), 65536);
	ok_int(capture_status(c), CAPTURE_INTERFACES);
	capture_close(c);
	buf_free(&b);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	not_captures();
	again();
	texts();
	pipes("pcap-little-micro.pcap", 3, CAPTURE_OK);
	pipes("pcapng-blocks.pcapng", 4, CAPTURE_OK);
	pipes("pcap-cut-tail.pcap", 1, CAPTURE_CUT);
	pipes("pcap-dbus-large.pcap", 3, CAPTURE_OK);
	gzips();
	limits();
	interfaces();
	return tap_done();
}
