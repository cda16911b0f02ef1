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
#include "cli/requests.h"
#include "cli/web.h"
#include "tap.h"

/* The HTTP server in a child process, and what comes back from it. */
#define TOKEN "0123456789abcdef0123456789abcdef"
#define QUIET_MS 80
#define FIRST_MS 5000 /* the machine may be busy */

static struct span
no_tools(void *context)
{
	(void)context;
	return span_text("[]");
}

/* Says that it is at work, and never answers. */
static void
call_later(void *context, struct mcp_call *call)
{
	(void)context;
	mcp_log(call, MCP_LOG_INFO, "at work");
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
	bool token, reachable; /* by other machines */
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
	struct web web = { .guard = { .names = names, .n_names = 1,
	    .origins = origins, .n_origins = 1 } };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* should a test abort */
	hash_key_init();
	loop_init(&loop);
	web.loop = &loop;
	web.mcp = mcp_new(&provider);
	web.guard.token = setting->token ? span_text(TOKEN) : span_empty();
	web.guard.loopback = !setting->reachable;
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

/* All that comes until the end, or until it is quiet for so long after the
 * first byte. */
static bool
hear(int fd, char *out, size_t size, int quiet_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	out[0] = '\0';
	while (n + 1 < size && poll(&p, 1, n == 0 && quiet_ms < FIRST_MS
	    ? FIRST_MS : quiet_ms) > 0) {
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
	pid_t pid = server_start(&port, (struct setting){ .token = false });

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
		/* An end is waited for, and that there is none only so long. */
		closed = hear(fd, heard, sizeof(heard),
		    strstr(row->wanted, " x") != NULL ? FIRST_MS : QUIET_MS);
		close(fd);
		statuses(heard, closed, got);
		tap_text(got, row->wanted, "row", (int)i);
	}
	server_stop(pid);
}

/* Those who guess wait all at the same time; those who know do not. */
static void
test_guessing(uint16_t port)
{
	static const char bad[] = POST(JSON SIZED "Authorization: Bearer x\r\n"
	    "\r\n" PING);
	static const char good[] = POST(JSON SIZED CLOSE
	    "Authorization: Bearer " TOKEN "\r\n\r\n" PING);
	char heard[8192], got[64];
	int64_t start = clock_monotonic();
	int guess[20], fd;

	for (size_t i = 0; i < LENGTH(guess); i++) {
		guess[i] = client(port);
		(void)send(guess[i], bad, strlen(bad), MSG_NOSIGNAL);
	}
	fd = client(port);
	(void)send(fd, good, strlen(good), MSG_NOSIGNAL);
	ok(hear(fd, heard, sizeof(heard), 1000));
	statuses(heard, true, got);
	ok_text(got, "200 x");
	/* None of the others has its answer yet. */
	if (clock_monotonic() - start < 90000000)
		ok_int(recv(guess[0], heard, sizeof(heard), MSG_DONTWAIT), -1);
	close(fd);
	for (size_t i = 0; i < LENGTH(guess); i++) {
		ok(hear(guess[i], heard, sizeof(heard), 2000));
		statuses(heard, true, got);
		ok_text(got, "401 x");
		close(guess[i]);
	}
	ok(clock_monotonic() - start < 20 * 100000000 + FIRST_MS * 1000000LL);
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
	pid_t pid = server_start(&port, (struct setting){ .token = true });

	for (size_t i = 0; i < LENGTH(tries); i++) {
		int64_t start = clock_monotonic();
		int fd = client(port);
		bool closed;

		(void)snprintf(request, sizeof(request), "%s%s\r\n" PING,
		    POST(JSON SIZED CLOSE), tries[i].header);
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		closed = hear(fd, heard, sizeof(heard), 1000);
		statuses(heard, closed, got);
		ok_text(got, tries[i].wanted);
		close(fd);
		if (strcmp(got, "401 x") != 0)
			continue;
		ok(strstr(heard, "WWW-Authenticate: Bearer") != NULL);
		ok(strstr(heard, TOKEN) == NULL);
		ok(clock_monotonic() - start >= 100000000);
	}
	test_guessing(port);
	server_stop(pid);
}

/* Pages of named origins are shown the answers, others are not. */
static void
test_origins(void)
{
	static const struct {
		const char *origin, *allowed;
	} pages[] = {
		{ "https://app.example",
		    "Access-Control-Allow-Origin: https://app.example\r\n" },
		{ "http://localhost:3000", NULL },
		{ "https://evil.example", NULL },
	};
	char heard[8192], request[512];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ .token = true });

	for (size_t i = 0; i < 2 * LENGTH(pages); i++) {
		const char *allowed = pages[i / 2].allowed;
		int fd = client(port);

		(void)snprintf(request, sizeof(request), "%sOrigin: %s\r\n"
		    "%s\r\n" PING, POST(JSON SIZED CLOSE), pages[i / 2].origin,
		    i % 2 == 0 ? "Authorization: Bearer " TOKEN "\r\n" : "");
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		ok(hear(fd, heard, sizeof(heard), 2000));
		ok(allowed == NULL
			? strstr(heard, "Access-Control") == NULL
			: strstr(heard, allowed) != NULL);
		close(fd);
	}
	server_stop(pid);
}

/* Where others come, too, an address that a page is from tells that it is not
 * ours; one that we are called by does not. */
static void
test_reachable(void)
{
	static const struct {
		const char *host, *origin, *wanted;
	} tries[] = {
		{ "10.0.0.1:8080", "http://10.0.0.1:8080", "200 x" },
		{ "10.0.0.1", "http://6.6.6.6", "403 x" },
		{ "10.0.0.1", "http://[2001:db8::6]", "403 x" },
		{ "[2001:DB8::1]", "http://[2001:db8::1]:3000", "200 x" },
		{ "10.0.0.1", "https://cap.example", "200 x" },
		{ "cap.example", "http://10.0.0.1", "403 x" },
		{ "evil.example", "http://evil.example", "403 x" },
	};
	char heard[8192], got[64], request[512];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ .token = true,
	    .reachable = true });

	for (size_t i = 0; i < LENGTH(tries); i++) {
		int fd = client(port);
		bool closed;

		(void)snprintf(request, sizeof(request), "POST /mcp HTTP/1.1"
		    "\r\nHost: %s\r\nOrigin: %s\r\n" JSON SIZED CLOSE
		    "Authorization: Bearer " TOKEN "\r\n\r\n" PING,
		    tries[i].host, tries[i].origin);
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		closed = hear(fd, heard, sizeof(heard), FIRST_MS);
		statuses(heard, closed, got);
		ok_text(got, tries[i].wanted);
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
	pid_t pid = server_start(&port, (struct setting){
	    .short_deadlines = true });
	int silent = client(port), slow = client(port), body = client(port);
	int64_t start = clock_monotonic();
	bool closed;

	(void)send(slow, "GET / HTTP", 10, MSG_NOSIGNAL);
	(void)send(body, POST(JSON SIZED "\r\n{"),
	    strlen(POST(JSON SIZED "\r\n{")), MSG_NOSIGNAL);
	for (int i = 0; i < 5; i++) {
		(void)usleep(150000);
		(void)send(slow, "x", 1, MSG_NOSIGNAL);
	}
	ok(hear(silent, heard, sizeof(heard), 3000));
	ok_text(heard, "");
	closed = hear(slow, heard, sizeof(heard), 3000);
	statuses(heard, closed, got);
	ok_text(got, "408 x");
	closed = hear(body, heard, sizeof(heard), 3000);
	statuses(heard, closed, got);
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
	pid_t pid = server_start(&port, (struct setting){ .max_conns = 4 });
	bool closed;
	int fds[8];

	for (int i = 0; i < 8; i++) {
		fds[i] = client(port);
		(void)usleep(5000);
	}
	ok(hear(fds[0], heard, sizeof(heard), 1000));
	(void)send(fds[7], POST(JSON SIZED CLOSE "\r\n" PING),
	    strlen(POST(JSON SIZED CLOSE "\r\n" PING)), MSG_NOSIGNAL);
	closed = hear(fds[7], heard, sizeof(heard), 1000);
	statuses(heard, closed, got);
	ok_text(got, "200 x");
	for (int i = 0; i < 8; i++)
		close(fds[i]);
	server_stop(pid);
}

#define CALL POST(JSON "Content-Length: 68\r\n\r\n" \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"," \
	"\"params\":{\"name\":\"x\"}}")

/* All are being worked for: who comes later is told when to come again. */
static void
test_busy(void)
{
	char heard[4096], got[64];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ .max_conns = 3 });
	int fds[3], late;

	for (int i = 0; i < 3; i++) {
		fds[i] = client(port);
		(void)send(fds[i], CALL, strlen(CALL), MSG_NOSIGNAL);
		(void)hear(fds[i], heard, sizeof(heard), QUIET_MS);
		ok(strstr(heard, "at work") != NULL);
	}
	late = client(port);
	ok(hear(late, heard, sizeof(heard), 1000));
	statuses(heard, true, got);
	ok_text(got, "503 x");
	ok(strstr(heard, "\r\nRetry-After: 5\r\n") != NULL);
	close(late);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	server_stop(pid);
}

/* Leaving cancels what was asked for; the provider then ends the child. */
static void
test_leave(void)
{
	char heard[4096];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ .token = false });
	int fd = client(port), status = 0, ms = 0;

	(void)send(fd, CALL, strlen(CALL), MSG_NOSIGNAL);
	(void)hear(fd, heard, sizeof(heard), QUIET_MS);
	ok(strstr(heard, "at work") != NULL);
	ok(waitpid(pid, &status, WNOHANG) == 0);
	close(fd);
	while (waitpid(pid, &status, WNOHANG) == 0 && ms++ < FIRST_MS)
		(void)usleep(1000);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	if (ms > FIRST_MS)
		server_stop(pid);
}

static void
test_session(void)
{
	static const char hello[] = POST(JSON "Content-Length: 88\r\n\r\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{\"protocolVersion\":\"2025-06-18\"}}");
	char heard[8192], got[64], id[40] = "", request[1024];
	uint16_t port;
	pid_t pid = server_start(&port, (struct setting){ .token = false });
	int fd = client(port);
	const char *at;
	bool closed;

	(void)send(fd, hello, strlen(hello), MSG_NOSIGNAL);
	(void)hear(fd, heard, sizeof(heard), QUIET_MS);
	at = strstr(heard, "Mcp-Session-Id: ");
	ok(at != NULL);
	if (at != NULL)
		(void)sscanf(at + 16, "%33[0-9a-f]", id);
	ok_int(strlen(id), 32);
	close(fd);
	for (int round = 0; round < 2; round++) {
		(void)snprintf(request, sizeof(request),
		    "%sMcp-Session-Id: %s\r\n\r\n" PING
		    "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" CLOSE
		    "Mcp-Session-Id: %s\r\n\r\n", POST(JSON SIZED), id, id);
		fd = client(port);
		(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
		closed = hear(fd, heard, sizeof(heard), FIRST_MS);
		statuses(heard, closed, got);
		ok_text(got, round == 0 ? "200 204 x" : "404 404 x");
		close(fd);
	}
	server_stop(pid);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	test_rows();
	test_token();
	test_origins();
	test_reachable();
	test_slow();
	test_full();
	test_busy();
	test_leave();
	test_session();
	return tap_done();
}
