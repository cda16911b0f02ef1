#include "cli/options.h"

#include <string.h>

#include "base/span.h"
#include "tap.h"
#include "tools/registry.h"

static struct serve_options o;
static struct buf error;

/* Words of a command line, cut at the spaces. */
static bool
read_options(const char *line)
{
	static char text[512];
	char *argv[32] = { text }, *word;
	int argc = 1;

	(void)strncpy(text, line, sizeof(text) - 1);
	buf_cut(&error, 0);
	for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	return options_read(&o, argc, argv, &error);
}

static void
refused(const char *line, const char *why)
{
	ok(!read_options(line));
	ok_span(buf_bytes(&error), why);
}

static void
test_values(void)
{
	ok(read_options(""));
	ok(!o.http);
	ok_int(o.port, 8080);
	ok_int(o.limits.jobs, 4);
	ok(o.tools == TOOLS_ALL);
	ok(read_options("--transport http --port=9 --host ::1 --max-packets "
	    "10 --max-memory 2G --max-file=3k --timeout 0 --root /a,/b "
	    "--root /c --no-sandbox --modules capinfos"));
	ok(o.http);
	ok_int(o.port, 9);
	ok_text(o.host, "::1");
	ok_int(o.limits.max_packets, 10);
	ok_int(o.limits.max_memory, INT64_C(2) << 30);
	ok_int(o.limits.max_file, 3 << 10);
	ok_int(o.limits.timeout, 0);
	ok_int(o.roots.n, 3);
	ok_text(o.roots.item[1], "/b");
	ok(o.no_sandbox && !o.require_sandbox);
	ok_int(o.tools, 1);
}

static void
test_refusals(void)
{
	refused("--port 65536", "--port: \"65536\" is not accepted; give N "
	    "(of HTTP; default: 8080)");
	refused("--port", "--port needs a value: N");
	refused("--ports 1", "unknown option \"--ports\"; did you mean "
	    "--port?");
	refused("--no-sandbox=1", "unknown option \"--no-sandbox=1\"; did you "
	    "mean --no-sandbox?");
	refused("--max-memory 1T", "--max-memory: \"1T\" is not accepted; "
	    "give BYTES (of a call, as in 512M; default: 1G)");
	refused("--root a,,b", "--root: \"a\" is not accepted; give FOLDER "
	    "(open captures below it only; may be repeated)");
	refused("stray", "unknown option \"stray\"");
}

static void
test_sizes(void)
{
	uint64_t n = 0;

	ok(options_size("18446744073709551615", &n) && n == UINT64_MAX);
	ok(!options_size("18446744073709551615k", &n));
	ok(!options_size("", &n) && !options_size("K", &n));
	ok(!options_size("-1", &n) && !options_size("1.5M", &n));
}

int
main(void)
{
	buf_init(&error, 4096);
	test_values();
	test_refusals();
	test_sizes();
	buf_free(&error);
	return tap_done();
}
