#include "fetch/fetch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "fetch/address.h"
#include "fetch/store.h"
#include "server.h"
#include "entries.h"
#include "tap.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define END "\r\n\r\n"
#define TO(where) "HTTP/1.1 302 Found\r\nLocation: " where END
#define CHUNKED OK "Transfer-Encoding: chunked" END
#define OTHER_PORT "@@@@@" /* replaced by the second server's */
#define BIG 65536

static char other_port[64] = TO("http://server.test:" OTHER_PORT "/pcap");
static char many_fields[4096], huge_head[20000], big_body[BIG];

static const struct script scripts[] = {
	{ "/pcap", OK "Content-Length: 54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/case", "HTTP/1.1 200\r\ncontent-LENGTH:54 \t" END, "@pcap", 0, 0,
	    0, 0, 0 },
	{ "/bytes", OK "Content-Length: 54" END, "@pcap", 0, 1, 1, 0, 0 },
	{ "/hold", OK "Content-Length: 54" END, "@pcap", 0, 0, 0, 1, 0 },
	{ "/gzip", OK "Content-Length: 10" END, "@gzip", 0, 0, 0, 0, 0 },
	{ "/twice", OK "Content-Length: 54\r\nContent-Length: 54" END,
	    "@pcap", 0, 0, 0, 0, 0 },
	{ "/identity", OK "Content-Encoding: identity\r\n"
	    "Content-Length: 54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/chunks", CHUNKED "4;a=b\r\n\xd4\xc3\xb2\xa1\r\n"
	    "2 \r\nab\r\n000\r\nX: y" END, NULL, 0, 0, 0, 0, 0 },
	{ "/chunk-bytes", CHUNKED "2\r\n\xd4\xc3\r\n2\r\n\xb2\xa1\r\n0" END,
	    NULL, 0, 1, 1, 0, 0 },
	{ "/close", OK "Connection: foo, Close" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/old", "HTTP/1.0 200 OK" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/interim", "HTTP/1.1 100 Continue" END "HTTP/1.1 103 Early Hints"
	    END OK "Content-Length: 54" END, "@pcap", 0, 0, 0, 0, 0 },
	/* Bodies that lie */
	{ "/less", OK "Content-Length: 55" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/more", OK "Content-Length: 53" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/later", OK "Content-Length: 54" END, "@pcap", 2, 10, 0, 0, 0 },
	{ "/chunk-more", CHUNKED "4\r\n\xd4\xc3\xb2\xa1\r\n0" END "x", NULL,
	    0, 0, 0, 0, 0 },
	{ "/chunk-cut", CHUNKED "400\r\n\xd4\xc3\xb2\xa1", NULL, 0, 0, 0, 0,
	    0 },
	{ "/chunk-no-end", CHUNKED "4\r\n\xd4\xc3\xb2\xa1\r\n", NULL, 0, 0,
	    0, 0, 0 },
	{ "/reset", OK "Content-Length: 99999" END, "@pcap", 0, 0, 0, 0, 1 },
	{ "/endless", OK "Connection: close" END, big_body, 1000000, 0, 0, 0,
	    0 },
	{ "/endless-chunks", CHUNKED "4\r\n\xd4\xc3\xb2\xa1\r\n",
	    "5\r\nabcde\r\n", 1000000, 0, 0, 0, 0 },
	{ "/huge", OK "Content-Length: 999999999999" END, "@pcap", 0, 0, 0, 0,
	    0 },
	{ "/no-length", OK END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/trailers", CHUNKED "0\r\n", "Field: of a trailer\r\n", 1000000, 0,
	    0, 0, 0 },
	/* Chunks that are none */
	{ "/chunk-word", CHUNKED "zz\r\n", "@pcap", 0, 0, 0, 0, 0 },
	{ "/chunk-none", CHUNKED "\r\n", "@pcap", 0, 0, 0, 0, 0 },
	{ "/chunk-minus", CHUNKED "-1\r\n", "@pcap", 0, 0, 0, 0, 0 },
	{ "/chunk-0x", CHUNKED "0x4\r\n\xd4\xc3\xb2\xa1\r\n0" END, NULL, 0, 0,
	    0, 0, 0 },
	{ "/chunk-wide", CHUNKED "ffffffffffffffffff\r\n", "@pcap", 0, 0, 0,
	    0, 0 },
	{ "/chunk-lf", CHUNKED "4\n\xd4\xc3\xb2\xa1\n0\n\n", NULL, 0, 0, 0, 0,
	    0 },
	{ "/chunk-long", CHUNKED "4\r\n\xd4\xc3\xb2\xa1xx\r\n0" END, NULL, 0,
	    0, 0, 0, 0 },
	/* Heads that are none */
	{ "/both", OK "Content-Length: 54\r\nTransfer-Encoding: chunked" END,
	    "@pcap", 0, 0, 0, 0, 0 },
	{ "/two-lengths", OK "Content-Length: 54\r\nContent-Length: 5" END,
	    "@pcap", 0, 0, 0, 0, 0 },
	{ "/list-length", OK "Content-Length: 54, 54" END, "@pcap", 0, 0, 0,
	    0, 0 },
	{ "/minus", OK "Content-Length: -54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/plus", OK "Content-Length: +54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/hex", OK "Content-Length: 0x36" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/wide", OK "Content-Length: 99999999999999999999" END, "@pcap", 0,
	    0, 0, 0, 0 },
	{ "/blank", OK "Content-Length:" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/coding", OK "Transfer-Encoding: gzip, chunked" END, "@pcap", 0, 0,
	    0, 0, 0 },
	{ "/codings", OK "Transfer-Encoding: chunked\r\n"
	    "Transfer-Encoding: chunked" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/old-chunks", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked" END,
	    "@pcap", 0, 0, 0, 0, 0 },
	{ "/space", OK "Content-Length : 54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/fold", OK "X: a\r\n b\r\nContent-Length: 54" END, "@pcap", 0, 0, 0,
	    0, 0 },
	{ "/lf", "HTTP/1.1 200 OK\nContent-Length: 54\n\n", "@pcap", 0, 0, 0,
	    0, 0 },
	{ "/some-lf", OK "X: a\nContent-Length: 54" END, "@pcap", 0, 0, 0, 0,
	    0 },
	{ "/cr", OK "X: a\rb\r\nContent-Length: 54" END, "@pcap", 0, 0, 0, 0,
	    0 },
	{ "/no-colon", OK "Content-Length 54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/status", "HTTP/1.1 2x0 OK" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/status-4", "HTTP/1.1 2000 OK" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/http2", "HTTP/2 200 OK" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/http9", NULL, "@pcap", 0, 0, 0, 1, 0 },
	{ "/ssh", "SSH-2.0-OpenSSH_9.2\r\n", NULL, 0, 0, 0, 1, 0 },
	{ "/fields", many_fields, "@pcap", 0, 0, 0, 0, 0 },
	{ "/huge-head", huge_head, "@pcap", 0, 0, 0, 0, 0 },
	{ "/upgrade", "HTTP/1.1 101 Switching" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/interims", NULL, "HTTP/1.1 100 Continue" END, 1000, 0, 0, 0, 0 },
	/* Not what was asked for */
	{ "/encoded", OK "Content-Encoding: gzip\r\nContent-Length: 10" END,
	    "@gzip", 0, 0, 0, 0, 0 },
	{ "/html", OK "Content-Length: 14" END, "<!DOCTYPE html", 0, 0, 0, 0,
	    0 },
	{ "/secret", OK "Content-Length: 23" END, "root:x:0:0:CANARY-77321",
	    0, 0, 0, 0, 0 },
	{ "/empty", OK "Content-Length: 0" END, NULL, 0, 0, 0, 0, 0 },
	{ "/tiny", OK "Content-Length: 3" END, "\x0a\x0d\x0d", 0, 0, 0, 0, 0 },
	{ "/missing", "HTTP/1.1 404 CANARY-77321\r\nContent-Length: 54" END,
	    "@pcap", 0, 0, 0, 0, 0 },
	{ "/broken", "HTTP/1.1 500 No" END, NULL, 0, 0, 0, 0, 0 },
	{ "/part", "HTTP/1.1 206 Part\r\nContent-Length: 54" END, "@pcap", 0,
	    0, 0, 0, 0 },
	{ "/nothing", "HTTP/1.1 204 None" END, NULL, 0, 0, 0, 0, 0 },
	/* Slow, or gone */
	{ "/gone", NULL, NULL, 0, 0, 0, 0, 0 },
	{ "/silent", NULL, NULL, 0, 0, 0, 1, 0 },
	{ "/slow-head", OK "Content-Length: 54" END, "@pcap", 0, 50, 1, 0, 0 },
	{ "/slow", OK "Connection: close" END, "@pcap", 9999, 40, 0, 0, 0 },
	{ "/stall", OK "Content-Length: 99" END, "@pcap", 0, 0, 0, 1, 0 },
	/* Elsewhere */
	{ "/to", TO("/pcap"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-3", TO("to-2"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-2", TO("to-1"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-1", TO("./pcap#top"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-4", TO("/to-3"), NULL, 0, 0, 0, 0, 0 },
	{ "/loop", TO("/loop"), NULL, 0, 0, 0, 0, 0 },
	{ "/301", "HTTP/1.1 301 x\r\nLocation: /pcap" END, 0, 0, 0, 0, 0, 0 },
	{ "/303", "HTTP/1.1 303 x\r\nLocation: /pcap" END, 0, 0, 0, 0, 0, 0 },
	{ "/307", "HTTP/1.1 307 x\r\nLocation: /pcap" END, 0, 0, 0, 0, 0, 0 },
	{ "/308", "HTTP/1.1 308 x\r\nLocation: /pcap" END, 0, 0, 0, 0, 0, 0 },
	{ "/304", "HTTP/1.1 304 x\r\nLocation: /pcap" END, 0, 0, 0, 0, 0, 0 },
	{ "/to-nowhere", "HTTP/1.1 302 Found" END, NULL, 0, 0, 0, 0, 0 },
	{ "/to-two", "HTTP/1.1 302 x\r\nLocation: /a\r\nLocation: /pcap" END,
	    NULL, 0, 0, 0, 0, 0 },
	{ "/to-private", TO("http://10.0.0.1/pcap"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-loopback", TO("http://127.0.0.1/pcap"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-metadata", TO("http://169.254.169.254/latest"), NULL, 0, 0, 0,
	    0, 0 },
	{ "/to-mapped", TO("http://[::ffff:127.0.0.1]/"), NULL, 0, 0, 0, 0,
	    0 },
	{ "/to-number", TO("http://2130706433/"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-inside", TO("http://inside.test/"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-mixed", TO("http://mixed.test/"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-port", other_port, NULL, 0, 0, 0, 0, 0 },
	{ "/to-user", TO("http://a:b@server.test/"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-file", TO("file:///etc/passwd"), NULL, 0, 0, 0, 0, 0 },
	{ "/to-crlf", TO("/a%0d%0aX:y"), NULL, 0, 0, 0, 0, 0 },
	{ .path = NULL },
};

static const struct {
	const char *path;
	enum fetch_error error;
	uint64_t received;    /* when there is none */
	unsigned connections; /* 0: one */
} cases[] = {
	{ "/pcap", 0, 54, 0 }, { "/case", 0, 54, 0 }, { "/bytes", 0, 54, 0 },
	{ "/hold", 0, 54, 0 }, { "/gzip", 0, 10, 0 }, { "/twice", 0, 54, 0 },
	{ "/identity", 0, 54, 0 }, { "/chunks", 0, 6, 0 },
	{ "/chunk-bytes", 0, 4, 0 }, { "/close", 0, 54, 0 },
	{ "/old", 0, 54, 0 }, { "/interim", 0, 54, 0 },
	{ "/less", FETCH_CUT, 0, 0 }, { "/more", FETCH_MORE, 0, 0 },
	{ "/later", FETCH_MORE, 0, 0 }, { "/chunk-more", FETCH_MORE, 0, 0 },
	{ "/chunk-cut", FETCH_CUT, 0, 0 },
	{ "/chunk-no-end", FETCH_CUT, 0, 0 },
	{ "/reset", FETCH_BROKEN, 0, 0 },
	{ "/endless", FETCH_TOO_LARGE, 0, 0 },
	{ "/endless-chunks", FETCH_TOO_LARGE, 0, 0 },
	{ "/huge", FETCH_TOO_LARGE, 0, 0 },
	{ "/no-length", FETCH_NO_LENGTH, 0, 0 },
	{ "/trailers", FETCH_ANSWER, 0, 0 },
	{ "/chunk-word", FETCH_ANSWER, 0, 0 },
	{ "/chunk-none", FETCH_ANSWER, 0, 0 },
	{ "/chunk-minus", FETCH_ANSWER, 0, 0 },
	{ "/chunk-0x", FETCH_ANSWER, 0, 0 },
	{ "/chunk-wide", FETCH_ANSWER, 0, 0 },
	{ "/chunk-lf", FETCH_ANSWER, 0, 0 },
	{ "/chunk-long", FETCH_ANSWER, 0, 0 },
	{ "/both", FETCH_ANSWER, 0, 0 }, { "/two-lengths", FETCH_ANSWER, 0, 0 },
	{ "/list-length", FETCH_ANSWER, 0, 0 }, { "/minus", FETCH_ANSWER, 0, 0 },
	{ "/plus", FETCH_ANSWER, 0, 0 }, { "/hex", FETCH_ANSWER, 0, 0 },
	{ "/wide", FETCH_ANSWER, 0, 0 }, { "/blank", FETCH_ANSWER, 0, 0 },
	{ "/coding", FETCH_ANSWER, 0, 0 }, { "/codings", FETCH_ANSWER, 0, 0 },
	{ "/old-chunks", FETCH_ANSWER, 0, 0 }, { "/space", FETCH_ANSWER, 0, 0 },
	{ "/fold", FETCH_ANSWER, 0, 0 }, { "/lf", FETCH_ANSWER, 0, 0 },
	{ "/some-lf", FETCH_ANSWER, 0, 0 }, { "/cr", FETCH_ANSWER, 0, 0 },
	{ "/no-colon", FETCH_ANSWER, 0, 0 }, { "/status", FETCH_ANSWER, 0, 0 },
	{ "/status-4", FETCH_ANSWER, 0, 0 }, { "/http2", FETCH_ANSWER, 0, 0 },
	{ "/http9", FETCH_ANSWER, 0, 0 }, { "/ssh", FETCH_ANSWER, 0, 0 },
	{ "/fields", FETCH_ANSWER, 0, 0 }, { "/huge-head", FETCH_ANSWER, 0, 0 },
	{ "/upgrade", FETCH_ANSWER, 0, 0 }, { "/interims", FETCH_ANSWER, 0, 0 },
	{ "/encoded", FETCH_ENCODING, 0, 0 },
	{ "/html", FETCH_NO_CAPTURE, 0, 0 },
	{ "/secret", FETCH_NO_CAPTURE, 0, 0 }, { "/empty", FETCH_EMPTY, 0, 0 },
	{ "/tiny", FETCH_NO_CAPTURE, 0, 0 }, { "/missing", FETCH_STATUS, 0, 0 },
	{ "/broken", FETCH_STATUS, 0, 0 }, { "/part", FETCH_STATUS, 0, 0 },
	{ "/nothing", FETCH_STATUS, 0, 0 }, { "/gone", FETCH_BROKEN, 0, 0 },
	{ "/silent", FETCH_SLOW, 0, 0 }, { "/slow-head", FETCH_SLOW, 0, 0 },
	{ "/slow", FETCH_SLOW, 0, 0 }, { "/stall", FETCH_SLOW, 0, 0 },
	{ "/to", 0, 54, 2 }, { "/to-3", 0, 54, 4 },
	{ "/to-4", FETCH_REDIRECTS, 0, 4 }, { "/loop", FETCH_REDIRECTS, 0, 4 },
	{ "/301", 0, 54, 2 }, { "/303", 0, 54, 2 }, { "/307", 0, 54, 2 },
	{ "/308", 0, 54, 2 }, { "/304", FETCH_STATUS, 0, 0 },
	{ "/to-nowhere", FETCH_REDIRECT, 0, 0 },
	{ "/to-two", FETCH_ANSWER, 0, 0 },
	{ "/to-private", FETCH_ADDRESS, 0, 0 },
	{ "/to-loopback", FETCH_ADDRESS, 0, 0 },
	{ "/to-metadata", FETCH_ADDRESS, 0, 0 },
	{ "/to-mapped", FETCH_ADDRESS, 0, 0 },
	{ "/to-number", FETCH_REDIRECT, 0, 0 },
	{ "/to-inside", FETCH_ADDRESS, 0, 0 },
	{ "/to-mixed", FETCH_ADDRESS, 0, 0 }, { "/to-port", FETCH_PORT, 0, 0 },
	{ "/to-user", FETCH_REDIRECT, 0, 0 },
	{ "/to-file", FETCH_REDIRECT, 0, 0 },
	{ "/to-crlf", FETCH_REDIRECT, 0, 0 },
};

static struct addr
address(const char *text)
{
	struct addr a = { .kind = ADDR_NONE };

	(void)addr_read(span_text(text), &a);
	return a;
}

/* A resolver that a stranger might have: counts how often it is asked. */
static int
lookup(void *context, const char *host, struct addr *found)
{
	unsigned n = ++*(unsigned *)context;

	found[0] = address("127.0.0.1");
	if (strcmp(host, "mixed.test") == 0) {
		found[0] = address("8.8.8.8");
		found[1] = address("2606:4700::1111");
		found[2] = address("127.0.0.1");
		return 3;
	}
	if (strcmp(host, "turns.test") == 0 && n % 2 == 1)
		found[0] = address("8.8.8.8");
	if (strcmp(host, "first-dead.test") == 0) {
		found[0] = address("127.0.0.2");
		found[1] = address("127.0.0.1");
		return 2;
	}
	return strcmp(host, "unknown.test") == 0 ? 0 : 1;
}

static unsigned lookups;
static const struct resolver resolver = { lookup, &lookups };
static char host[64];
static const char *const hosts[] = { "elsewhere.example", host };
static char folder[] = "/tmp/fetch-XXXXXX";

/* So patient that a busy machine is not taken for a slow server; cases of
 * FETCH_SLOW have less. */
static const struct fetch common = {
	.hosts = hosts, .n_hosts = 2, .resolver = &resolver,
	.limits = { .max_bytes = 1 << 20, .timeout = 60, .connect_ms = 20000,
	    .head_ms = 20000, .window_ms = 20000, .least = 1024 },
};

/* Fetches into a new file; *size is what stands in it. */
static enum fetch_error
fetch_path(struct fetch *f, const char *at, uint16_t port, const char *path,
    uint64_t *size)
{
	enum fetch_error error;
	struct stat st;
	char url[256];

	(void)snprintf(url, sizeof(url), "http://%s:%u%s", at, port, path);
	f->url = span_text(url);
	f->out = store_open(folder, &error);
	if (f->out < 0)
		return error;
	error = fetch_run(f);
	*size = fstat(f->out, &st) == 0 ? (uint64_t)st.st_size : UINT64_MAX;
	close(f->out);
	return error;
}

static void
test_cases(const struct server *s)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		unsigned before = *s->connections;
		struct fetch f = common;
		uint64_t size = 0;
		enum fetch_error error;
		struct buf text;
		bool good;

		if (cases[i].error == FETCH_SLOW) {
			f.limits.head_ms = 400;
			f.limits.window_ms = 300;
		}
		lookups = 0;
		error = fetch_path(&f, "server.test", s->port, cases[i].path,
		    &size);
		good = ok_int(error, cases[i].error);
		if (error == FETCH_OK) {
			good = ok_int(size, cases[i].received) && good;
			good = ok_int(f.received, size) && good;
		}
		if (error == FETCH_NO_CAPTURE || error == FETCH_STATUS)
			good = ok_int(size, 0) && good;
		good = ok(size <= common.limits.max_bytes) && good;
		good = ok_int(*s->connections - before, cases[i].connections >
		    0 ? cases[i].connections : 1) && good;
		buf_init(&text, 4096);
		fetch_explain(&f, error, &text);
		good = ok(span_find(buf_bytes(&text), span_text("CANARY")) ==
		    text.n) && good;
		buf_free(&text);
		if (!good)
			printf("# %s\n", cases[i].path);
	}
}

static void
test_told(const struct server *s)
{
	const char *any_port = "server.test";
	char url[64];
	struct fetch f = common;
	uint64_t size;

	ok_int(fetch_path(&f, "server.test", s->port, "/close", &size), 0);
	ok(f.no_length);
	f = common;
	ok_int(fetch_path(&f, "server.test", s->port, "/pcap", &size), 0);
	ok(!f.no_length && !f.old_clock);
	/* The time for all of it. */
	f = common;
	f.limits.timeout = 1;
	f.limits.least = 1;
	ok_int(fetch_path(&f, "server.test", s->port, "/slow", &size),
	    FETCH_TIMEOUT);
	/* The limit is exact. */
	f = common;
	f.limits.max_bytes = 54;
	ok_int(fetch_path(&f, "server.test", s->port, "/old", &size), 0);
	f = common;
	f.limits.max_bytes = 53;
	ok_int(fetch_path(&f, "server.test", s->port, "/old", &size),
	    FETCH_TOO_LARGE);
	/* A port where nobody is, a store that takes nothing. */
	f = common;
	f.hosts = &any_port;
	ok_int(fetch_path(&f, "server.test", 9, "/pcap", &size),
	    FETCH_CONNECT);
	f.url = span_of(url, (size_t)snprintf(url, sizeof(url),
	    "http://server.test:%u/pcap", s->port));
	f.out = -1;
	ok_int(fetch_run(&f), FETCH_STORE);
	f = common;
	ok_int(fetch_path(&f, "first-dead.test", s->port, "/pcap", &size),
	    FETCH_PORT);
}

static bool
stop_soon(void *context, uint64_t done, uint64_t total)
{
	*(uint64_t *)context = done;
	return total == 0;
}

static void
test_progress(const struct server *s)
{
	struct fetch f = common;
	uint64_t size, done = 0;

	f.progress = stop_soon;
	f.context = &done;
	ok_int(fetch_path(&f, "server.test", s->port, "/pcap", &size),
	    FETCH_STOPPED);
	ok(done <= 54);
	done = 0;
	ok_int(fetch_path(&f, "server.test", s->port, "/close", &size), 0);
	ok_int(done, 54);
}

/* Who may be asked, by name, port and address. */
static void
test_hosts(const struct server *s)
{
	static const char *const valid[] = { "a.example", "a.example:8080",
		"10.0.0.1", "[fd00::1]:80", "[::1]", "localhost" };
	static const char *const invalid[] = { "", "http://a", "a/b", "a b",
		"a?", "a:0", "a@b", "::1", "*.example", "10.0.0.0/8", "a#" };
	char literal[32], name[32];
	const char *allowed = literal;
	struct fetch f = common;
	uint64_t size;

	for (size_t i = 0; i < LENGTH(valid); i++)
		ok(fetch_host_is_valid(valid[i]));
	for (size_t i = 0; i < LENGTH(invalid); i++)
		ok(!fetch_host_is_valid(invalid[i]));
	f.hosts = &allowed;
	f.n_hosts = 1;
	(void)snprintf(literal, sizeof(literal), "127.0.0.1:%u", s->port);
	ok_int(fetch_path(&f, "127.0.0.1", s->port, "/pcap", &size), 0);
	/* The address of a name that is not named is not enough. */
	f = common;
	f.hosts = &allowed;
	f.n_hosts = 1;
	ok_int(fetch_path(&f, "server.test", s->port, "/pcap", &size),
	    FETCH_PORT);
	(void)snprintf(literal, sizeof(literal), "FIRST-dead.test");
	(void)snprintf(name, sizeof(name), "first-dead.test.");
	f = common;
	f.hosts = &allowed;
	f.n_hosts = 1;
	ok_int(fetch_path(&f, name, s->port, "/pcap", &size), 0);
	(void)snprintf(literal, sizeof(literal), "127.0.0.1:%u",
	    s->port == 1 ? 2 : s->port - 1);
	ok_int(fetch_path(&f, "127.0.0.1", s->port, "/pcap", &size),
	    FETCH_PORT);
}

/* Public and private in turn: each look counts for itself, and there is one
 * look a request. */
static void
test_turns(void)
{
	struct addr found[RESOLVE_MAX];
	struct url u;
	size_t n;

	lookups = 0;
	ok_int(url_read(span_text("http://turns.test/"), &u), 0);
	for (unsigned i = 0; i < 6; i++) {
		enum fetch_error error = resolve(&resolver, &u, false, found,
		    &n);

		ok_int(error, i % 2 == 0 ? FETCH_OK : FETCH_ADDRESS);
		ok_int(n, i % 2 == 0);
		ok_int(lookups, i + 1);
		if (n == 1)
			ok(address_is_public(&found[0]));
	}
	ok_int(url_read(span_text("http://mixed.test/"), &u), 0);
	ok_int(resolve(&resolver, &u, false, found, &n), FETCH_ADDRESS);
	ok_int(n, 0);
	ok_int(resolve(&resolver, &u, true, found, &n), FETCH_OK);
	ok_int(n, 3);
	ok_int(url_read(span_text("http://unknown.test/"), &u), 0);
	ok_int(resolve(&resolver, &u, false, found, &n), FETCH_NAME);
}

static void
test_store(void)
{
	enum fetch_error error;
	int fd = store_open("/nowhere/at/all", &error);

	ok_int(fd, -1);
	ok_int(error, FETCH_TMP_DIR);
	/* Without a folder of its own there is always a place. */
	(void)setenv("TMPDIR", "/nowhere/at/all", 1);
	fd = store_open(NULL, &error);
	ok(fd >= 0);
	ok(store_write(fd, span_text("1234")));
	ok_int(lseek(fd, 0, SEEK_END), 4);
	ok(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	(void)setenv("TMPDIR", folder, 1);
	fd = store_open(NULL, &error);
	ok(fd >= 0);
	ok_int(entries_count(folder), 2);
	close(fd);
}

/* What the texts and the long answers need. */
static void
prepare(const struct server *first, const struct server *second)
{
	char port[8];
	char *at = strstr(other_port, OTHER_PORT);

	(void)snprintf(host, sizeof(host), "server.test:%u", first->port);
	(void)snprintf(port, sizeof(port), "%05u", second->port);
	if (at != NULL)
		memcpy(at, port, 5);
	(void)strcpy(many_fields, OK);
	for (unsigned i = 0; i < 120; i++)
		(void)strcat(many_fields, "X-Field: value\r\n");
	(void)strcat(many_fields, "Content-Length: 54" END);
	memset(huge_head, 'a', sizeof(huge_head) - 1);
	memcpy(huge_head, OK "X: ", strlen(OK "X: "));
	memset(big_body, 'b', sizeof(big_body) - 1);
	memcpy(big_body, server_pcap, 4);
}

int
main(void)
{
	struct server first, second;
	unsigned descriptors;

	if (!ok(server_listen(&first, 0) && server_listen(&second, 0)) ||
	    !ok(mkdtemp(folder) != NULL))
		return tap_done();
	prepare(&first, &second);
	server_run(&first, scripts);
	server_run(&second, scripts);
	descriptors = entries_count("/proc/self/fd");
	test_cases(&first);
	test_told(&first);
	test_progress(&first);
	test_hosts(&first);
	test_turns();
	test_store();
	/* Nobody went where he was led, and nothing is left. */
	ok_int(*second.connections, 0);
	ok_int(entries_count("/proc/self/fd"), descriptors);
	ok_int(entries_count(folder), 2);
	server_stop(&first);
	server_stop(&second);
	ok(waitpid(-1, NULL, WNOHANG) < 0);
	ok(rmdir(folder) == 0);
	return tap_done();
}
