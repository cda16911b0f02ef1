#include "service.h"

#include <limits.h>

#include "../fetch/server.h"

/*
 * The protocol as the program speaks it over HTTP: events, cancelling,
 * sessions, batches, back-pressure, folders.
 */
#define OK "HTTP/1.1 200 OK\r\n"
#define END "\r\n\r\n"
#define MODERN_META "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":" \
	"\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}"
#define MODERN(method) "MCP-Protocol-Version: 2026-07-28\r\n" \
	"Mcp-Method: " method "\r\n"
#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define HELLO "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"," \
	"\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}"
#define CANARY "CANARY-8c1d"

static const struct script scripts[] = {
	{ "/slow.pcap", OK "Content-Length: 54" END, "@pcap", 0, 15, 1, 0, 0 },
	{ .path = NULL },
};

static struct server remote;
static char folder[] = "/tmp/service-XXXXXX";
static char allowed[32], stalled[32];
static int stall = -1; /* takes connections and says nothing */
static uint16_t stall_port;

static const char *
at(const char *name)
{
	static char text[4][128];
	static unsigned turn;
	char *out = text[turn++ % 4];

	(void)snprintf(out, sizeof(text[0]), "%s/%s", folder, name);
	return out;
}

static void
file_make(const char *name, const void *bytes, size_t n, mode_t mode)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	(void)fchmod(fd, mode);
	close(fd);
}

static const char *
call(int id, const char *file, const char *meta)
{
	static char text[1024];

	(void)snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":%d,"
	    "\"method\":\"tools/call\",\"params\":{\"name\":"
	    "\"analyze_capinfos\",\"arguments\":{\"pcap_file\":\"%s\"}%s%s%s}}",
	    id, file, meta[0] != '\0' ? "," : "", meta,
	    meta[0] != '\0' ? "}" : "");
	return text;
}

static const char *
url(uint16_t port, const char *path)
{
	static char text[64];

	(void)snprintf(text, sizeof(text), "http://localhost:%u%s", port,
	    path);
	return text;
}

/* ---- Events ---------------------------------------------------------------- */

/* Progress turns an answer into a stream of events; who takes none gets the
 * answer alone. */
static void
test_events(const struct service *s)
{
	const char *slow = url(remote.port, "/slow.pcap");
	const char *token = "\"_meta\":{\"progressToken\":\"t\"";
	const char *result;

	ok_int(service_ask(s, "Accept: application/json, text/event-stream\r\n",
	    call(7, slow, token)), 200);
	ok(service_has("Content-Type: text/event-stream\r\n"));
	ok(service_has("Transfer-Encoding: chunked\r\n"));
	ok(service_has("event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/progress\",\"params\":{\"progressToken\":\"t\""));
	result = strstr(service_heard, "\"id\":7,\"result\"");
	ok(result != NULL && strstr(result, "\"packet_count\":1") != NULL &&
	    strstr(result, "progress") == NULL &&
	    strstr(result, "\r\n0\r\n\r\n") != NULL);
	ok_int(service_ask(s, "Accept: application/json\r\n",
	    call(8, slow, token)), 200);
	ok(service_has("Content-Type: application/json\r\n"));
	ok(strstr(service_heard, "progress") == NULL);
	ok_int(service_ask(s, MODERN("tools/call")
	    "Mcp-Name: analyze_capinfos\r\n", call(9, slow, MODERN_META
	    ",\"progressToken\":5")), 200);
	ok(service_has("\"progressToken\":5,"));
	ok(service_has("\"resultType\":\"complete\""));
}

/* Up to 2025-11-25 a notification cancels, and leaving does; since then
 * leaving alone. */
static void
test_cancel(const struct service *s)
{
	unsigned fds = service_fds(s);
	char session[64] = "", cancel[] = "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\",\"params\":{\"requestId\":21}}";
	const char *id;
	int fd;

	/* The worker of the question before may still be on its way out. */
	ok(service_settles(s, UINT_MAX, 0));
	ok_int(service_ask(s, "", HELLO), 200);
	id = strstr(service_heard, "Mcp-Session-Id: ");
	if (ok(id != NULL))
		(void)snprintf(session, sizeof(session), "%.50s", id);
	fd = service_client(s);
	service_post(fd, session, call(21, url(stall_port, "/"), ""));
	for (int i = 0; i < 3000 && service_children(s) == 0; i++)
		service_sleep(10);
	ok_int(service_children(s), 1);
	ok_int(service_ask(s, "", cancel), 202); /* somebody else's 21 */
	service_sleep(100);
	ok_int(service_children(s), 1);
	ok_int(service_ask(s, session, cancel), 202);
	ok(service_hears(fd, "\r\n\r\n", 5000));
	ok(strstr(service_heard, "\"id\":21") == NULL);
	close(fd);
	ok(service_settles(s, fds, 0));
	fd = service_client(s);
	service_post(fd, MODERN("tools/call") "Mcp-Name: analyze_capinfos\r\n",
	    call(22, url(stall_port, "/"), MODERN_META));
	for (int i = 0; i < 3000 && service_children(s) == 0; i++)
		service_sleep(10);
	ok_int(service_children(s), 1);
	close(fd);
	ok(service_settles(s, fds, 0));
}

static void
test_listen(const struct service *s)
{
	unsigned fds = service_fds(s);
	int fd = service_client(s);

	service_post(fd, MODERN("subscriptions/listen"), "{\"jsonrpc\":\"2.0\","
	    "\"id\":\"l\",\"method\":\"subscriptions/listen\",\"params\":{"
	    "\"notifications\":{\"toolsListChanged\":true}," MODERN_META
	    "}}}");
	ok(service_hears(fd, "\n\n", 5000));
	ok(service_has("text/event-stream"));
	ok(service_has("notifications/subscriptions/acknowledged"));
	ok(service_has("\"io.modelcontextprotocol/subscriptionId\":\"l\""));
	ok(!service_hears(fd, "x", 200)); /* stays open, and quiet */
	ok_int(recv(fd, service_heard, 1, MSG_DONTWAIT), -1);
	close(fd);
	ok(service_settles(s, fds, 0));
}

/* ---- Legacy ------------------------------------------------------------------ */

static void
test_batch(const struct service *s)
{
	const char *array;

	ok_int(service_ask(s, "MCP-Protocol-Version: 2025-03-26\r\n",
	    "[" PING ",{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"},"
	    "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"nothing\"},"
	    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\","
	    "\"params\":{\"name\":\"list_fields\",\"arguments\":"
	    "{\"prefix\":\"dns\"}}}]"), 200);
	array = strstr(service_heard, "\r\n\r\n[");
	ok(array != NULL && service_has("\"id\":1,\"result\":{}"));
	ok(service_has("\"id\":\"b\",\"error\":{\"code\":-32601"));
	ok(service_has("\"id\":3,\"result\":{"));
	ok(service_has("dns.qry.name"));
	ok_int(service_ask(s, "MCP-Protocol-Version: 2025-03-26\r\n",
	    "[" HELLO "]"), 200);
	ok(service_has("initialize must not be in a batch"));
	ok_int(service_ask(s, "MCP-Protocol-Version: 2025-03-26\r\n",
	    "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}]"), 202);
	ok_int(service_ask(s, "MCP-Protocol-Version: 2025-06-18\r\n",
	    "[" PING "]"), 400);
	ok_int(service_ask(s, "MCP-Protocol-Version: 2025-03-26\r\n", "[]"),
	    400);
}

/* The longest unused of 64 makes room; those who use theirs keep it. */
static void
test_sessions(const struct service *s)
{
	char first[64] = "", second[64] = "", *now;

	for (int i = 0; i < 65; i++) {
		(void)service_ask(s, "", HELLO);
		now = strstr(service_heard, "Mcp-Session-Id: ");
		if (now == NULL && ok(now != NULL))
			break;
		if (i < 2)
			(void)snprintf(i == 0 ? first : second, 51, "%s", now);
		if (i == 63)
			ok_int(service_ask(s, first, PING), 200);
	}
	ok_int(service_ask(s, first, PING), 200);
	ok_int(service_ask(s, second, PING), 404);
	ok(service_has("initialize again"));
	ok_int(service_ask(s, "Mcp-Session-Id: 00\r\n", PING), 404);
	ok_int(service_ask(s, "MCP-Protocol-Version: 1999-01-01\r\n", PING),
	    400);
}

/* ---- Too much ---------------------------------------------------------------- */

/* How many of them hear now that there is no place. */
static unsigned
answered(const int *clients, size_t n)
{
	unsigned busy = 0;

	for (size_t i = 0; i < n; i++) {
		if (service_hears(clients[i], "\"isError\":true", 0))
			busy += service_has("the server is busy: too many "
			    "calls are waiting. Try again in a few seconds.");
	}
	return busy;
}

/* Those who wait are told so; nobody is refused by silence. */
static void
test_pressure(void)
{
	const char *const options[] = { "--jobs", "1", "--tmp-dir", folder,
		"--allow-host", stalled, NULL };
	struct service s;
	unsigned fds, busy = 0;
	int clients[70];

	if (!ok(service_start(&s, options)))
		return;
	fds = service_fds(&s);
	for (size_t i = 0; i < LENGTH(clients); i++) {
		clients[i] = service_client(&s);
		service_post(clients[i], "", call((int)i,
		    url(stall_port, "/"), ""));
	}
	/* One runs, 64 wait. */
	for (int i = 0; i < 500 && busy < LENGTH(clients) - 65; i++) {
		service_sleep(10);
		busy += answered(clients, LENGTH(clients));
	}
	ok_int(busy, LENGTH(clients) - 65);
	service_sleep(100);
	ok_int(answered(clients, LENGTH(clients)), 0);
	ok_int(service_children(&s), 1);
	ok_int(service_ask(&s, "", PING), 200);
	for (size_t i = 0; i < LENGTH(clients); i++)
		close(clients[i]);
	ok(service_settles(&s, fds, 0));
	ok_int(service_stop(&s), 0);
}

/* ---- Who and where ----------------------------------------------------------- */

/* On all addresses: a token, and one folder. */
static void
test_confined(void)
{
	static const char token[] = "0123456789abcdef0123456789abcdef";
	const char *const options[] = { "--host", "0.0.0.0", "--root",
		at("in"), "--token-file", at("token"), NULL };
	const char *const outside[] = { at("secret.pcap"), "../secret.pcap",
		"link.pcap", "up/secret.pcap", "/etc/passwd",
		"/proc/self/environ", "/proc/self/fd/3", "/dev/zero",
		"in/../../secret.pcap", "./../secret.pcap" };
	char bearer[80], told[4096];
	struct service s;

	(void)snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s\r\n",
	    token);
	if (!ok(service_start(&s, options)))
		return;
	ok_int(service_ask(&s, "", PING), 401);
	ok(service_has("WWW-Authenticate: Bearer"));
	ok_int(service_ask(&s, bearer, PING), 200);
	ok_int(service_ask(&s, bearer, call(1, "a.pcap", "")), 200);
	ok(service_has("\"packet_count\":1"));
	ok_int(service_ask(&s, bearer, call(1, at("in/a.pcap"), "")), 200);
	ok(service_has("\"packet_count\":1"));
	for (size_t i = 0; i < LENGTH(outside); i++) {
		ok_int(service_ask(&s, bearer, call(1, outside[i], "")), 200);
		ok(service_has("\"isError\":true"));
		ok(service_has("no such capture, or it is not in a folder"));
		ok(strstr(service_heard, CANARY) == NULL);
	}
	ok_int(service_ask(&s, bearer, call(1, "secret.txt", "")), 200);
	ok(service_has("\"isError\":true"));
	ok(strstr(service_heard, CANARY) == NULL);
	/* Nothing of the token shows. */
	(void)service_read(&s, "cmdline", told, sizeof(told));
	ok(strstr(told, token) == NULL && strstr(s.said, token) == NULL);
	ok_int(service_stop(&s), 0);
}

/* A socket file: for its owner alone, gone at the end. */
static void
test_unix(void)
{
	const char *const options[] = { "--unix", at("socket"), NULL };
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct service s;
	struct stat st;
	int fd;

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", folder);
	/* One that nobody listens on is in the way. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	close(fd);
	if (!ok(service_start(&s, options)))
		return;
	ok(stat(a.sun_path, &st) == 0 && (st.st_mode & 0777) == 0600);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok(connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	service_post(fd, "", PING);
	ok(service_hears(fd, "\"result\":{}", 5000));
	service_send(fd, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ok(service_hears(fd, "</html>", 5000));
	ok(service_has("<code>/mcp</code>"));
	service_send(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
	ok(service_hears(fd, "\r\n\r\nok\n", 5000));
	close(fd);
	ok_int(service_stop(&s), 0);
	ok(stat(a.sun_path, &st) != 0 && errno == ENOENT);
}

static void
prepare(void)
{
	static const char token[] = "0123456789abcdef0123456789abcdef\r\n";
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	ok(mkdir(at("in"), 0700) == 0);
	file_make("in/a.pcap", server_pcap, sizeof(server_pcap), 0600);
	file_make("in/secret.txt", CANARY, strlen(CANARY), 0600);
	file_make("secret.pcap", server_pcap, sizeof(server_pcap), 0600);
	file_make("token", token, strlen(token), 0600);
	ok(symlink("../secret.pcap", at("in/link.pcap")) == 0);
	ok(symlink("..", at("in/up")) == 0);
	stall = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok(bind(stall, (struct sockaddr *)&a, n) == 0 && listen(stall, 64) == 0);
	ok(getsockname(stall, (struct sockaddr *)&a, &n) == 0);
	stall_port = ntohs(a.sin_port);
	(void)snprintf(stalled, sizeof(stalled), "localhost:%u", stall_port);
	(void)snprintf(allowed, sizeof(allowed), "localhost:%u", remote.port);
}

static void
clean(void)
{
	static const char *const names[] = { "in/a.pcap", "in/secret.txt",
		"secret.pcap", "token", "in/link.pcap", "in/up" };

	for (size_t i = 0; i < LENGTH(names); i++)
		ok(unlink(at(names[i])) == 0);
	ok(rmdir(at("in")) == 0);
	ok(rmdir(folder) == 0); /* nothing else was left there */
}

int
main(void)
{
	const char *const options[] = { "--tmp-dir", folder, "--allow-host",
		allowed, "--allow-host", stalled, NULL };
	struct service s;
	unsigned fds;

	if (!ok(service_find()) || !ok(mkdtemp(folder) != NULL) ||
	    !ok(server_listen(&remote, 0)))
		return tap_done();
	prepare();
	server_run(&remote, scripts);
	if (ok(service_start(&s, options))) {
		fds = service_fds(&s);
		test_events(&s);
		test_cancel(&s);
		test_listen(&s);
		test_batch(&s);
		test_sessions(&s);
		ok(service_settles(&s, fds, 0));
		ok_int(service_stop(&s), 0);
	}
	test_pressure();
	test_confined();
	test_unix();
	server_stop(&remote);
	close(stall);
	clean();
	return tap_done();
}
