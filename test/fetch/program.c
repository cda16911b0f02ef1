#include <errno.h>
#include <poll.h>

#include "server.h"
#include "entries.h"
#include "tap.h"

/*
 * The program itself fetches: sandbox, workers and all, on the command line
 * and for an MCP client.
 */
#define OK "HTTP/1.1 200 OK\r\n"
#define END "\r\n\r\n"

static const struct script scripts[] = {
	{ "/a.pcap", OK "Content-Length: 54" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/slow.pcap", OK "Content-Length: 54" END, "@pcap", 0, 15, 1, 0, 0 },
	{ "/stall.pcap", OK "Content-Length: 99" END, "@pcap", 0, 0, 0, 1, 0 },
	{ "/open.pcap", OK "Connection: close" END, "@pcap", 0, 0, 0, 0, 0 },
	{ "/away", "HTTP/1.1 302 x\r\nLocation: http://127.0.0.1/a" END, NULL,
	    0, 0, 0, 0, 0 },
	{ "/secret", OK "Content-Length: 12" END, "CANARY-55117", 0, 0, 0, 0,
	    0 },
	{ .path = NULL },
};

static struct server server;
static char program[256], folder[] = "/tmp/program-XXXXXX";
static char allowed[64], text[65536];

static const char *
url(const char *path)
{
	static char out[128];

	(void)snprintf(out, sizeof(out), "http://localhost:%u%s", server.port,
	    path);
	return out;
}

/* Runs a question; what it says on both outputs is in `text`. */
static int
ask(const char *path, const char *option, const char *value)
{
	int fds[2], status = -1;
	size_t n = 0;
	ssize_t got = 1;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], 1);
		(void)dup2(fds[1], 2);
		(void)execl(program, program, "analyze_capinfos", url(path),
		    "--tmp-dir", folder, option, value, (char *)NULL);
		_exit(99);
	}
	close(fds[1]);
	while (got > 0 && n + 1 < sizeof(text)) {
		got = read(fds[0], text + n, sizeof(text) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	text[n] = '\0';
	close(fds[0]);
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
has(const char *words)
{
	if (strstr(text, words) != NULL)
		return true;
	printf("# no \"%s\" in: %.300s\n", words, text);
	return false;
}

static void
test_questions(void)
{
	unsigned before;

	ok_int(ask("/a.pcap", "--allow-host", allowed), 0);
	ok(has("\"packet_count\":1"));
	ok_int(ask("/a.pcap", "--allow-host", "localhost"), 0);
	ok_int(ask("/open.pcap", "--allow-host", "localhost"), 0);
	ok(has("did not say how long the file is"));
	ok_int(ask("/none", "--allow-host", allowed), 1);
	ok(has("fetch failed"));
	ok_int(ask("/secret", "--allow-host", allowed), 1);
	ok(has("not a capture file") && strstr(text, "CANARY") == NULL);
	ok_int(ask("/away", "--allow-host", allowed), 1);
	ok(has("address not allowed"));
	ok_int(ask("/stall.pcap", "--allow-host=localhost",
	    "--fetch-timeout=1"), 1);
	ok(has("--fetch-timeout"));
	ok_int(ask("/a.pcap", "--allow-host=localhost", "--max-download=53"),
	    1);
	ok(has("--max-download"));
	ok_int(ask("/a.pcap", "--allow-host", "no/host"), 2);
	before = *server.connections;
	ok_int(ask("/a.pcap", "--allow-host", "localhost:1"), 1);
	ok(has("not allowed"));
	ok_int(ask("/a.pcap", "--no-fetch", allowed), 1);
	ok(has("--no-fetch"));
	ok_int(*server.connections, before);
	ok_int(entries_count(folder), 2);
}

/* ---- As an MCP server ------------------------------------------------------ */

struct client {
	pid_t pid;
	int in, out;
	size_t n; /* bytes in `text` */
};

static bool
client_start(struct client *c, const char *option, const char *value)
{
	int in[2], out[2];

	*c = (struct client){ .n = 0 };
	if (pipe(in) != 0 || pipe(out) != 0)
		return false;
	c->pid = fork();
	if (c->pid == 0) {
		(void)setpgid(0, 0);
		(void)dup2(in[0], 0);
		(void)dup2(out[1], 1);
		for (int fd = 3; fd < 64; fd++)
			close(fd);
		(void)execl(program, program, "--tmp-dir", folder, option,
		    value, (char *)NULL);
		_exit(99);
	}
	close(in[0]);
	close(out[1]);
	c->in = in[1];
	c->out = out[0];
	text[0] = '\0';
	return c->pid > 0;
}

static void
client_say(struct client *c, const char *line)
{
	ok(write(c->in, line, strlen(line)) == (ssize_t)strlen(line));
	ok(write(c->in, "\n", 1) == 1);
}

/* Reads until the words have come; false: not within 20 seconds. */
static bool
client_hear(struct client *c, const char *words)
{
	while (strstr(text, words) == NULL) {
		struct pollfd p = { .fd = c->out, .events = POLLIN };
		ssize_t got = 0;

		if (poll(&p, 1, 20000) > 0)
			got = read(c->out, text + c->n,
			    sizeof(text) - 1 - c->n);
		if (got <= 0)
			return has(words);
		c->n += (size_t)got;
		text[c->n] = '\0';
	}
	return true;
}

static void
client_forget(struct client *c)
{
	c->n = 0;
	text[0] = '\0';
}

static void
client_call(struct client *c, int id, const char *path)
{
	char line[512];

	client_forget(c);
	(void)snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":%d,"
	    "\"method\":\"tools/call\",\"params\":{\"name\":"
	    "\"analyze_capinfos\",\"arguments\":{\"pcap_file\":\"%s\"},"
	    "\"_meta\":{\"progressToken\":\"t%d\"}}}", id, url(path), id);
	client_say(c, line);
}

static void
client_greet(struct client *c)
{
	client_say(c, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":"
	    "{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
	ok(client_hear(c, "\"id\":1"));
	client_say(c, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/initialized\"}");
}

static int
client_end(struct client *c)
{
	int status = -1;

	close(c->in);
	(void)waitpid(c->pid, &status, 0);
	close(c->out);
	return status;
}

static unsigned
descriptors_of(pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	return entries_count(path);
}

static void
wait_connections(unsigned wanted)
{
	for (int i = 0; i < 500 && *server.connections < wanted; i++)
		server_sleep(10);
}

static void
test_server(void)
{
	struct client c;
	unsigned before, descriptors;

	if (!ok(client_start(&c, "--allow-host", allowed)))
		return;
	client_greet(&c);
	client_say(&c, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"tools/list\"}");
	ok(client_hear(&c, "\"id\":2"));
	ok(client_hear(&c, "\"openWorldHint\":true"));
	client_call(&c, 3, "/a.pcap");
	ok(client_hear(&c, "\"id\":3"));
	ok(has("\"packet_count\":1"));
	descriptors = descriptors_of(c.pid);
	client_call(&c, 4, "/slow.pcap");
	ok(client_hear(&c, "\"id\":4"));
	ok(has("bytes of the capture fetched") && has("\"packet_count\":1"));
	client_call(&c, 5, "/none");
	ok(client_hear(&c, "\"isError\":true"));
	ok(has("fetch failed"));
	before = *server.connections;
	client_call(&c, 6, "/stall.pcap");
	wait_connections(before + 1);
	client_say(&c, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\",\"params\":{\"requestId\":6}}");
	client_call(&c, 7, "/a.pcap");
	ok(client_hear(&c, "\"id\":7"));
	ok(has("\"packet_count\":1"));
	/* The worker that was ended may still be on its way out. */
	for (int i = 0; i < 500 && descriptors_of(c.pid) > descriptors; i++)
		server_sleep(10);
	ok_int(descriptors_of(c.pid), descriptors);
	ok_int(entries_count(folder), 2);
	ok_int(client_end(&c), 0);
}

static void
test_no_fetch(void)
{
	unsigned before = *server.connections;
	struct client c;

	if (!ok(client_start(&c, "--no-fetch", "--allow-host=localhost")))
		return;
	client_greet(&c);
	client_say(&c, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"tools/list\"}");
	ok(client_hear(&c, "\"id\":2"));
	ok(client_hear(&c, "\"openWorldHint\":false"));
	ok(strstr(text, "\"openWorldHint\":true") == NULL);
	client_call(&c, 3, "/a.pcap");
	ok(client_hear(&c, "--no-fetch"));
	ok_int(*server.connections, before);
	ok_int(client_end(&c), 0);
}

/* The server is killed in the middle: nothing of it stays. */
static void
test_killed(void)
{
	unsigned before = *server.connections;
	struct client c;
	int gone = 0;

	if (!ok(client_start(&c, "--allow-host", allowed)))
		return;
	client_greet(&c);
	client_call(&c, 3, "/stall.pcap");
	wait_connections(before + 1);
	ok_int(*server.connections, before + 1);
	ok_int(entries_count(folder), 2);
	ok(kill(c.pid, SIGKILL) == 0);
	(void)client_end(&c);
	for (int i = 0; i < 200 && gone == 0; i++) {
		gone = kill(-c.pid, 0) != 0 && errno == ESRCH;
		server_sleep(10);
	}
	ok(gone);
	ok_int(entries_count(folder), 2);
}

int
main(void)
{
	const char *build = getenv("BUILD");

	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(program, sizeof(program), "%s/mcpcap",
	    build == NULL ? "build" : build);
	if (!ok(access(program, X_OK) == 0) || !ok(server_listen(&server, 0)) ||
	    !ok(mkdtemp(folder) != NULL))
		return tap_done();
	(void)snprintf(allowed, sizeof(allowed), "localhost:%u", server.port);
	server_run(&server, scripts);
	test_questions();
	test_server();
	test_no_fetch();
	test_killed();
	server_stop(&server);
	ok(rmdir(folder) == 0);
	return tap_done();
}
