#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/number.h"
#include "base/table.h"
#include "cli/web.h"
#include "tap.h"

/*
 * Raw requests against the HTTP server in a child process, and the statuses
 * of all answers that come back: "200 200", or "400 x" when the connection is
 * closed after it.
 */
#define TOKEN "0123456789abcdef0123456789abcdef"
#define QUIET_MS 80

struct row {
	const char *wanted;
	const char *request;
	size_t n; /* 0: a text */
};

#define POST(headers) \
	"POST /mcp HTTP/1.1\r\nHost: localhost\r\n" headers
#define JSON "Content-Type: application/json\r\n"
#define CLOSE "Connection: close\r\n"
#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define PING_N "40"
#define SIZED "Content-Length: " PING_N "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNKS "10\r\n{\"jsonrpc\":\"2.0\"\r\n18\r\n,\"id\":1,\"method\":" \
	"\"ping\"}\r\n0\r\n\r\n"
#define HUNDRED \
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define TEN "A: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\n" \
	"A: 1\r\nA: 1\r\n"

static const struct row rows[] = {
	/* What is welcome. */
	{ "200", POST(JSON SIZED "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 200 x", POST(JSON SIZED "\r\n" PING)
	    POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "\r\n") CHUNKS, 0 },
	{ "200 200 x", POST(JSON CHUNKED "\r\n") CHUNKS
	    POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 x", POST(JSON "Transfer-Encoding: Chunked\r\n" CLOSE "\r\n")
	    CHUNKS, 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "\r\n") "28;ext=\"v\"\r\n" PING
	    "\r\n0;e\r\n\r\n", 0 },
	{ "100 200 x", POST(JSON SIZED CLOSE "Expect: 100-continue\r\n\r\n"),
	    0 },
	{ "200 x", "POST http://localhost/mcp HTTP/1.1\r\nHost: localhost\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp?x=1 HTTP/1.1\r\nHost: localhost:80\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nhost:127.0.0.1\r\n"
	    "content-type:\tapplication/json; charset=utf-8 \r\n"
	    SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: [::1]:8080\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: cap.example\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: http://localhost:3000\r\n"
	    "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: https://app.example\r\n"
	    "\r\n" PING), 0 },
	{ "202 x", POST(JSON SIZED CLOSE "\r\n"
	    "{\"jsonrpc\":\"2.0\",\"method\":\"abcdefghijk\"}"), 0 },
	{ "200 x", "GET / HTTP/1.1\r\nHost: localhost\r\n" CLOSE "\r\n", 0 },
	{ "200 x", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" CLOSE
	    "\r\n", 0 },
	{ "200 200 x", "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	    "GET / HTTP/1.1\r\nHost: localhost\r\n" CLOSE "\r\n", 0 },
	/* Paths and verbs. */
	{ "404 x", "POST /other HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "GET /mcp/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
	    0 },
	{ "405 x", "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "PUT /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405", "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404", "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n"
	    "Mcp-Session-Id: x\r\n\r\n", 0 },
	/* Strangers. */
	{ "400 x", "POST /mcp HTTP/1.1\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "400 x", POST("Host: localhost\r\n" JSON SIZED "\r\n" PING), 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: evil.example\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: localhost.evil.example\r\n"
	    JSON SIZED "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: 10.0.0.1\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: localhost:x\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost:\r\n" JSON SIZED "\r\n" PING,
	    0 },
	{ "400 x", "POST http://evil.example/mcp HTTP/1.1\r\n"
	    "Host: localhost\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "400 x", "POST https://localhost/mcp HTTP/1.1\r\n"
	    "Host: localhost\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "403 x", POST(JSON SIZED "Origin: null\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://evil.example\r\n\r\n" PING),
	    0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost.evil\r\n\r\n"
	    PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: file://\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Sec-Fetch-Site: cross-site\r\n\r\n" PING),
	    0 },
	{ "400 x", POST(JSON SIZED "Origin: http://localhost\r\n"
	    "Origin: http://evil.example\r\n\r\n" PING), 0 },
	{ "415 x", POST(SIZED "\r\n" PING), 0 },
	{ "415 x", POST("Content-Type: text/plain\r\n" SIZED "\r\n" PING), 0 },
	{ "415 x", POST("Content-Type: application/jsonx\r\n" SIZED "\r\n"
	    PING), 0 },
	/* Lengths that two readers could understand differently. */
	{ "400 x", POST(JSON SIZED CHUNKED "\r\n") CHUNKS, 0 },
	{ "400 x", POST(JSON SIZED SIZED "\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 40, 40\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: +40\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: -1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 0x28\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 4 0\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length:\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 99999999999999999999\r\n\r\n"),
	    0 },
	{ "413 x", POST(JSON "Content-Length: 10000000000\r\n\r\n"), 0 },
	{ "413 x", POST(JSON "Content-Length: 1048577\r\n"
	    "Expect: 100-continue\r\n\r\n"), 0 },
	{ "400 x", POST(JSON "Transfer-Encoding: gzip, chunked\r\n\r\n")
	    CHUNKS, 0 },
	{ "400 x", POST(JSON "Transfer-Encoding: xchunked\r\n\r\n") CHUNKS,
	    0 },
	{ "400 x", POST(JSON "Transfer-Encoding: identity\r\n" SIZED "\r\n"
	    PING), 0 },
	{ "400 x", POST(JSON CHUNKED CHUNKED "\r\n") CHUNKS, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "zz\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "-1\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "0x28\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") " 28\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28\n" PING, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "000000028\r\n", 0 },
	{ "413 x", POST(JSON CHUNKED "\r\n") "ffffffff\r\nx", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "2\r\n{}x", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28\r\n" PING
	    "\r\n0\r\nTrailer: 1\r\n\r\n", 0 },
	/* Heads. */
	{ "400 x", POST(JSON SIZED " folded: 1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "Name : 1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "no colon\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED ": empty\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\rB: 2\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: \x01\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: \x7f\r\n\r\n" PING), 0 },
	{ "400 x", "GET / HTTP/1.1\nHost: localhost\n\n", 0 },
	{ "400 x", "GET / HTTP/1.1\r\nHost: loc\0alhost\r\n\r\n", 36 },
	{ "400 x", "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET /\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET relative HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11 },
	{ "505 x", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", 0 },
	{ "505 x", "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 0 },
	{ "417 x", POST(JSON SIZED "Expect: tea\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "Mcp-Method: a\r\nMcp-Method: b\r\n\r\n"
	    PING), 0 },
	{ "431 x", "GET / HTTP/1.1\r\nHost: localhost\r\n" HUNDRED TEN "\r\n",
	    0 },
	/* What the protocol core says. */
	{ "400 x", POST(JSON "Content-Length: 1\r\n" CLOSE "\r\n{"), 0 },
	{ "400 x", POST(JSON "Content-Length: 0\r\n" CLOSE "\r\n"), 0 },
	{ "400 x", POST(JSON CLOSE "\r\n"), 0 },
	{ "404", POST(JSON SIZED "Mcp-Session-Id: 0123\r\n\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Mcp-Session-Id: 0123\r\n"
	    "MCP-Protocol-Version: 2026-07-28\r\n\r\n" PING), 0 },
};

/* The last row of all is a modern header on a message without a claim: the
 * core refuses it, whatever the session. */
#define LAST_WANTED "400 x"

static struct span
no_tools(void *context)
{
	(void)context;
	return span_text("[]");
}

static void
call_later(void *context, struct mcp_call *call)
{
	(void)context;
	(void)call;
}

/* Cancelling leaves a mark where the client can see it: the status page of a
 * test has none, so the child ends with it. */
static void
call_cancelled(void *context, struct mcp_call *call)
{
	(void)context;
	(void)call;
	_exit(42);
}

static int
listen_here(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (bind(fd, (struct sockaddr *)&a, n) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		abort();
	*port = ntohs(a.sin_port);
	return fd;
}

struct setting {
	bool token;
	bool short_deadlines;
	size_t max_conns;
};

static void
serve_here(int fd, const struct setting *setting)
{
	static const char *const names[] = { "cap.example" };
	static const char *const origins[] = { "https://app.example" };
	struct mcp_provider provider = { .name = "t", .version = "1",
		.tools = no_tools, .tools_call = call_later,
		.cancel = call_cancelled };
	struct loop loop;
	struct web web = { .guard = { .loopback = true, .names = names,
	    .n_names = 1, .origins = origins, .n_origins = 1 } };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* should a test abort */
	hash_key_init();
	loop_init(&loop);
	web.loop = &loop;
	web.mcp = mcp_new(&provider);
	web.guard.token = setting->token ? span_text(TOKEN) : span_empty();
	web_open(&web);
	if (setting->short_deadlines)
		web.server.limits.head_seconds =
		    web.server.limits.body_seconds =
		    web.server.limits.idle_seconds = 1;
	if (setting->max_conns > 0)
		web.server.limits.max_conns = setting->max_conns;
	(void)http_listen(&web.server, fd);
	loop_run(&loop);
	_exit(1);
}

static pid_t
server_start(uint16_t *port, struct setting setting)
{
	int fd = listen_here(port);
	pid_t pid = fork();

	if (pid == 0)
		serve_here(fd, &setting);
	close(fd);
	return pid;
}

static void
server_stop(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static int
client(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		abort();
	return fd;
}

/* All that comes until the end, or until it is quiet for so long. */
static bool
hear(int fd, char *out, size_t size, int quiet_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	out[0] = '\0';
	while (n + 1 < size && poll(&p, 1, quiet_ms) > 0) {
		ssize_t got = recv(fd, out + n, size - n - 1, 0);

		if (got <= 0)
			return true;
		n += (size_t)got;
		out[n] = '\0';
	}
	return false;
}

static void
statuses(const char *heard, bool closed, char *out)
{
	const char *at = heard;

	out[0] = '\0';
	while ((at = strstr(at, "HTTP/1.1 ")) != NULL) {
		(void)sprintf(out + strlen(out), "%s%.3s",
		    out[0] != '\0' ? " " : "", at + 9);
		at += 9;
	}
	if (closed)
		strcat(out, " x");
}

static void
test_rows(void)
{
	static char heard[65536];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ false, false, 0 });

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		size_t n = row->n > 0 ? row->n : strlen(row->request);
		char got[256];
		int fd = client(port);
		bool closed;

		(void)send(fd, row->request, n, MSG_NOSIGNAL);
		if (strstr(row->wanted, "100 ") == row->wanted) {
			(void)usleep(30000);
			(void)send(fd, PING, strlen(PING), MSG_NOSIGNAL);
		}
		closed = hear(fd, heard, sizeof(heard), QUIET_MS);
		close(fd);
		statuses(heard, closed, got);
		tap_text(got, i + 1 < LENGTH(rows) ? row->wanted
		    : LAST_WANTED, "row", (int)i);
	}
	server_stop(pid);
}

static void
test_token(void)
{
	static const struct {
		const char *header, *wanted;
	} tries[] = {
		{ "", "401 x" },
		{ "Authorization: Bearer " TOKEN "\r\n", "200 x" },
		{ "authorization: bearer  " TOKEN "\r\n", "200 x" },
		{ "Authorization: Bearer " TOKEN "0\r\n", "401 x" },
		{ "Authorization: Bearer 0123456789abcdef\r\n", "401 x" },
		{ "Authorization: Bearer \r\n", "401 x" },
		{ "Authorization: Basic " TOKEN "\r\n", "401 x" },
		{ "Authorization: " TOKEN "\r\n", "401 x" },
	};
	char heard[8192], got[64], request[1024];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ true, false, 0 });

	for (size_t i = 0; i < LENGTH(tries); i++) {
		int fd = client(port);
		bool closed;

		(void)snprintf(request, sizeof(request), "%s%s\r\n" PING,
		    POST(JSON SIZED CLOSE), tries[i].header);
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		closed = hear(fd, heard, sizeof(heard), 1000);
		statuses(heard, closed, got);
		ok_text(got, tries[i].wanted);
		if (strcmp(got, "401 x") == 0)
			ok(strstr(heard, "WWW-Authenticate: Bearer") != NULL);
		close(fd);
	}
	server_stop(pid);
}

/* A client that sends a byte now and then, and one that says nothing. */
static void
test_slow(void)
{
	char heard[4096], got[64];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ false, true, 0 });
	int silent = client(port), slow = client(port), body = client(port);
	int64_t start = clock_monotonic();

	(void)send(slow, "GET / HTTP", 10, MSG_NOSIGNAL);
	(void)send(body, POST(JSON SIZED "\r\n{"),
	    strlen(POST(JSON SIZED "\r\n{")), MSG_NOSIGNAL);
	for (int i = 0; i < 5; i++) {
		(void)usleep(150000);
		(void)send(slow, "x", 1, MSG_NOSIGNAL);
	}
	ok(hear(silent, heard, sizeof(heard), 3000));
	ok_text(heard, "");
	statuses(heard, hear(slow, heard, sizeof(heard), 3000), got);
	statuses(heard, true, got);
	ok_text(got, "408 x");
	(void)hear(body, heard, sizeof(heard), 3000);
	statuses(heard, true, got);
	ok_text(got, "408 x");
	ok(clock_monotonic() - start < 3000000000);
	close(silent);
	close(slow);
	close(body);
	server_stop(pid);
}

/* When all places are taken the longest idle makes room. */
static void
test_full(void)
{
	char heard[4096], got[64];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ false, false, 4 });
	int fds[8];

	for (int i = 0; i < 8; i++) {
		fds[i] = client(port);
		(void)usleep(5000);
	}
	ok(hear(fds[0], heard, sizeof(heard), 1000));
	(void)send(fds[7], POST(JSON SIZED CLOSE "\r\n" PING),
	    strlen(POST(JSON SIZED CLOSE "\r\n" PING)), MSG_NOSIGNAL);
	(void)hear(fds[7], heard, sizeof(heard), 1000);
	statuses(heard, true, got);
	ok_text(got, "200 x");
	for (int i = 0; i < 8; i++)
		close(fds[i]);
	server_stop(pid);
}

/* Leaving cancels what was asked for; the provider then ends the child. */
static void
test_leave(void)
{
	static const char call[] = POST(JSON "Content-Length: 68\r\n\r\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
	    "\"params\":{\"name\":\"x\"}}");
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ false, false, 0 });
	int fd = client(port), status = 0;

	(void)send(fd, call, strlen(call), MSG_NOSIGNAL);
	(void)usleep(100000);
	ok(waitpid(pid, &status, WNOHANG) == 0);
	close(fd);
	(void)usleep(200000);
	ok(waitpid(pid, &status, WNOHANG) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	(void)kill(pid, SIGKILL);
}

static void
test_session(void)
{
	static const char hello[] = POST(JSON "Content-Length: 88\r\n\r\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{\"protocolVersion\":\"2025-06-18\"}}");
	char heard[8192], got[64], id[40] = "", request[1024];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ false, false, 0 });
	int fd = client(port);
	const char *at;

	(void)send(fd, hello, strlen(hello), MSG_NOSIGNAL);
	(void)hear(fd, heard, sizeof(heard), QUIET_MS);
	at = strstr(heard, "Mcp-Session-Id: ");
	ok(at != NULL);
	if (at != NULL)
		(void)sscanf(at + 16, "%33[0-9a-f]", id);
	ok_int(strlen(id), 32);
	for (int round = 0; round < 2; round++) {
		(void)snprintf(request, sizeof(request),
		    "%sMcp-Session-Id: %s\r\n\r\n" PING
		    "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n"
		    "Mcp-Session-Id: %s\r\n\r\n", POST(JSON SIZED), id, id);
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		(void)hear(fd, heard, sizeof(heard), QUIET_MS);
		statuses(heard, false, got);
		ok_text(got, round == 0 ? "200 204" : "404 404");
	}
	close(fd);
	server_stop(pid);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	test_rows();
	test_token();
	test_slow();
	test_full();
	test_leave();
	test_session();
	return tap_done();
}
