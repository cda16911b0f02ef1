#include "service.h"

#include <limits.h>
#include <sys/resource.h>

/*
 * Clients that mean no good, one after the other against one server.  It
 * answers others all the while, and in the end it holds what it held before:
 * descriptors, processes, memory.
 */
#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define HEAD "POST /mcp HTTP/1.1\r\nHost: localhost\r\n" \
	"Content-Type: application/json\r\n"
#define BODY_MAX (1024 * 1024)

static char big[BODY_MAX + 1];

/* Is somebody decent served, and soon? */
static bool
serves(const struct service *s)
{
	int64_t start = clock_monotonic();

	return service_ask(s, "", PING) == 200 &&
	    service_has("\"result\":{}") &&
	    clock_monotonic() - start < 10000000000;
}

static const char *
repeated(const char *before, const char *what, size_t n, const char *after)
{
	size_t length = strlen(what), at = strlen(before);

	(void)strcpy(big, before);
	for (size_t i = 0; i < n && at + length + 64 < sizeof(big); i++) {
		memcpy(big + at, what, length);
		at += length;
	}
	(void)strcpy(big + at, after);
	return big;
}

/* A message with `member` in it. */
static const char *
with(const char *member)
{
	static char text[2048];

	(void)snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"ping\",%s}", member);
	return text;
}

/* ---- JSON -------------------------------------------------------------------- */

static void
test_bombs(const struct service *s)
{
	static const char *const members[] = { "\"a\":\"\\u0000\"",
		"\"a\":\"\\ud800\"", "\"a\":\"\\udc00\\ud800\"",
		"\"a\":\"\x01\"", "\"a\":\"\xff\"", "\"a\":\"\xc0\x80\"",
		"\"a\":\"\xed\xa0\x80\"", "\"a\":NaN", "\"a\":-Infinity",
		"\"a\":01", "\"a\":+1", "\"a\":.5", "\"a\":0x10",
		"\"a\":1,\"a\":2", "\"id\":2", "\"a\":'x'", "a:1",
		"\"a\":1,", "\"a\":[1,]", "/**/\"a\":1", "\"a\":\"\\x41\"",
		"\"a\":\"\n\"", "\"a\":tru", "\"a\":1}{\"b\":2" };
	const struct {
		const char *before, *what, *after;
	} bombs[] = {
		{ "", "[", "" },
		{ "", "{\"a\":", "" },
		{ "[", "[],", "[]]" },
		{ "[", PING ",", PING "]" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":"
		  "{\"a\":[", "{},", "{}]}}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":\"", "x", "\",\"method\":1}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":", "9", ",\"method\":\"ping\"}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1e", "9", ",\"method\":1}" },
		{ "{\"", "k", "\":1}" },
		{ "", "\\", "" },
		{ "\"", "\\u00", "\"" },
		{ "", " ", "" },
		{ "", "\xef\xbb\xbf", "" },
	};
	int64_t start = clock_monotonic();

	for (size_t i = 0; i < LENGTH(members); i++) {
		int status = service_ask(s, "", with(members[i]));

		if (!ok_int(status, 400))
			printf("# %s\n", members[i]);
		ok(service_has("\"error\":{\"code\":-32"));
	}
	for (size_t i = 0; i < LENGTH(bombs); i++) {
		ok_int(service_ask(s, "", repeated(bombs[i].before,
		    bombs[i].what, BODY_MAX, bombs[i].after)), 400);
		ok(service_has("\"error\":{\"code\":-32"));
		/* Nothing of it comes back. */
		ok(strlen(service_heard) < 1000);
	}
	ok(clock_monotonic() - start < 60000000000);
	ok(serves(s));
}

/* ---- Bodies ------------------------------------------------------------------ */

static void
test_bodies(const struct service *s)
{
	int fd = service_client(s);
	long before = service_memory(s);
	ssize_t sent = 1;
	size_t all = 0;

	service_send(fd, HEAD "Content-Length: 10737418240\r\n\r\n");
	ok(service_hears(fd, "HTTP/1.1 413 ", 5000));
	close(fd);
	/* Chunks without an end. */
	fd = service_client(s);
	service_send(fd, HEAD "Transfer-Encoding: chunked\r\n\r\n");
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	while (all < 64 * BODY_MAX && (sent > 0 || errno == EAGAIN)) {
		struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

		(void)poll(&p, 1, 1000);
		if (p.revents & (POLLIN | POLLHUP | POLLERR))
			break;
		sent = send(fd, "8\r\n        \r\n", 13, MSG_NOSIGNAL);
		all += sent > 0 ? (size_t)sent : 0;
	}
	ok(service_hears(fd, "HTTP/1.1 413 ", 5000));
	ok(all < 8 * BODY_MAX);
	close(fd);
	/* As much as is allowed, and a byte more. */
	memset(big, ' ', BODY_MAX);
	big[BODY_MAX] = '\0';
	memcpy(big, PING, strlen(PING));
	ok_int(service_ask(s, "", big), 200);
	ok(service_memory(s) < before + 4096);
	ok(serves(s));
}

/* Many bodies that never end are more than is kept of them all. */
static void
test_many_bodies(const struct service *s)
{
	static int fds[200];
	unsigned before_fds = service_fds(s);
	long before = service_memory(s), most = 0;

	memset(big, ' ', BODY_MAX);
	for (unsigned i = 0; i < LENGTH(fds); i++) {
		size_t all = 0;
		ssize_t sent = 1;

		fds[i] = service_client(s);
		service_send(fds[i], HEAD "Content-Length: 1048576\r\n\r\n");
		while (sent > 0 && all < BODY_MAX - 1) {
			sent = send(fds[i], big + all, BODY_MAX - 1 - all,
			    MSG_NOSIGNAL);
			all += sent > 0 ? (size_t)sent : 0;
		}
		if (service_memory(s) > most)
			most = service_memory(s);
	}
	ok(serves(s));
	if (!ok(most - before < 96 * 1024))
		printf("# %ld kB more\n", most - before);
	ok(service_hears(fds[0], "HTTP/1.1 503 ", 1000) ||
	    service_hears(fds[1], "HTTP/1.1 503 ", 1000));
	for (unsigned i = 0; i < LENGTH(fds); i++)
		close(fds[i]);
	ok(service_settles(s, before_fds, 0));
}

/* ---- Leaving ------------------------------------------------------------------ */

static void
reset(int fd)
{
	const struct linger now = { 1, 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void
test_aborts(const struct service *s, const char *capture)
{
	static const char *const begun[] = { "", "P", "POST /mcp HTTP/1.1\r\n",
		HEAD "Content-Length: 40\r\n", HEAD "Content-Length: 40\r\n\r\n",
		HEAD "Content-Length: 40\r\n\r\n{\"jsonrpc\"",
		HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
		HEAD "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
		HEAD "Content-Length: 40\r\n\r\n" PING,
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n" };
	unsigned fds = service_fds(s);
	char call[PATH_MAX + 256];

	(void)snprintf(call, sizeof(call), "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"tools/call\",\"params\":{\"name\":"
	    "\"summarize_capture\",\"arguments\":{\"pcap_file\":\"%s\"}}}",
	    capture);
	for (unsigned i = 0; i < 300; i++) {
		int fd = service_client(s);

		if (i % 3 == 0)
			service_post(fd, "", call);
		else
			service_send(fd, begun[i % LENGTH(begun)]);
		if (i % 5 == 0)
			service_sleep(1);
		if (i % 2 == 0)
			reset(fd);
		else
			close(fd);
	}
	ok(serves(s));
	ok(service_settles(s, fds, 0));
}

/* The client has said all and closes its side: what was asked is answered,
 * as far as the answer is there at once. */
static void
test_half_closed(const struct service *s)
{
	unsigned fds = service_fds(s);
	int fd = service_client(s);

	service_post(fd, "", PING);
	(void)shutdown(fd, SHUT_WR);
	ok(service_hears(fd, NULL, 5000));
	ok(service_has("\"result\":{}"));
	close(fd);
	/* In the middle: there is nothing to answer, and nothing to keep. */
	fd = service_client(s);
	service_send(fd, HEAD "Content-Length: 40\r\n\r\n{");
	(void)shutdown(fd, SHUT_WR);
	ok(service_hears(fd, NULL, 5000));
	ok_text(service_heard, "");
	close(fd);
	ok(service_settles(s, fds, 0));
}

/* Asks much and reads nothing: the server reads no more from it. */
static void
test_unread(const struct service *s)
{
	static const char list[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"tools/list\"}";
	long before = service_memory(s);
	unsigned fds = service_fds(s);
	char request[512];
	ssize_t sent = 1;
	size_t all = 0;
	int fd = service_client(s);

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){ 4096 },
	    sizeof(int));
	(void)snprintf(request, sizeof(request), HEAD
	    "Content-Length: %zu\r\n\r\n%s", strlen(list), list);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	for (unsigned i = 0; i < 100000 && all < 32 * BODY_MAX; i++) {
		sent = send(fd, request, strlen(request), MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN && i > 20000)
			break;
		if (sent < 0)
			service_sleep(0);
		all += sent > 0 ? (size_t)sent : 0;
	}
	ok(all < 32 * BODY_MAX);
	ok(serves(s));
	ok(service_memory(s) < before + 2048);
	close(fd);
	ok(service_settles(s, fds, 0));
}

/* ---- Slow --------------------------------------------------------------------- */

/* More sockets than there is room for, each in the middle of something: who
 * comes with a whole request is served, and questions find their process. */
static void
test_crowd(const struct service *s, const char *capture)
{
	static int crowd[1500];
	unsigned fds = service_fds(s), n = 0;
	char call[PATH_MAX + 256];

	(void)snprintf(call, sizeof(call), "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"tools/call\",\"params\":{\"name\":"
	    "\"analyze_capinfos\",\"arguments\":{\"pcap_file\":\"%s\"}}}",
	    capture);
	for (; n < LENGTH(crowd); n++) {
		crowd[n] = service_client(s);
		if (crowd[n] < 0)
			break;
		service_send(crowd[n], n % 2 == 0 ? "GET / HTTP/1.1\r\nA: "
		    : HEAD "Content-Length: 40\r\n\r\n{");
	}
	ok_int(n, LENGTH(crowd));
	ok(serves(s));
	ok_int(service_ask(s, "", call), 200);
	ok(service_has("\"packet_count\":"));
	for (unsigned i = 0; i < n; i++)
		close(crowd[i]);
	ok(service_settles(s, fds, 0));
}

static void
all_of_it(const struct service *s, const char *capture)
{
	for (int round = 0; round < 2; round++) {
		test_bodies(s);
		test_aborts(s, capture);
		test_half_closed(s);
		test_unread(s);
	}
	test_many_bodies(s);
	test_crowd(s, capture);
}

int
main(void)
{
	const char *build = getenv("BUILD");
	const char *const options[] = { NULL };
	struct rlimit limit = { 4096, 4096 };
	char capture[PATH_MAX + 32];
	struct service s;
	unsigned fds;
	long before;

	if (!ok(service_find()) || !ok(service_start(&s, options)))
		return tap_done();
	ok(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	if (realpath(FIXTURES, capture) == NULL)
		(void)snprintf(capture, sizeof(capture), "%s/fixtures",
		    build == NULL ? "build" : build);
	(void)strcat(capture, "/dns-basic.pcap");
	ok(serves(&s));
	test_bombs(&s);
	fds = service_fds(&s);
	before = service_memory(&s);
	all_of_it(&s, capture);
	ok(service_settles(&s, fds, 0));
	/* What is free may yet be counted as held until somebody needs it, and
	 * how much that is depends on who came when.  What was lost would be
	 * lost again. */
	if (service_memory(&s) >= before + 1024) {
		before = service_memory(&s);
		printf("# %ld kB\n", before);
		all_of_it(&s, capture);
		ok(service_settles(&s, fds, 0));
	}
	ok(service_memory(&s) < before + 1024);
	if (service_memory(&s) >= before + 1024)
		printf("# %ld kB, before %ld kB\n", service_memory(&s),
		    before);
	ok_int(service_stop(&s), 0);
	return tap_done();
}
