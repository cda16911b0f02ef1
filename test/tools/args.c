#include "tools/args.h"

#include "tap.h"
#include "tools/schema.h"

static const char *const kinds[] = { "text", "hex", "regex", NULL };

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "server_ip", .type = PARAM_ADDR, .help = "Server" },
	{ .name = "server_port", .type = PARAM_PORT, .help = "Its port" },
	{ .name = "focus", .type = PARAM_NET, .help = "Network" },
	{ .name = "threshold", .type = PARAM_NUMBER, .max = 1,
	    .initial = "0.02", .help = "Share" },
	{ .name = "detailed", .type = PARAM_BOOL, .initial = "false",
	    .help = "All" },
	{ .name = "kind", .type = PARAM_ENUM, .choices = kinds,
	    .initial = "text", .help = "Kind" },
	{ .name = "fields", .type = PARAM_LIST, .help = "Columns" },
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static const struct tool tool = {
	.name = "probe",
	.module = "test",
	.title = "Probe",
	.help = "For tests.",
	.params = params,
	.output = "file packets quality",
};

struct reading {
	struct arena arena;
	struct args args;
	struct buf error;
	bool good;
};

static void
read_json(struct reading *r, const char *text)
{
	enum json_error error;
	size_t offset;

	arena_init(&r->arena, 1 << 20);
	buf_init(&r->error, 4096);
	r->good = args_read_json(&r->args, &tool,
	    json_read(&r->arena, span_text(text), &error, &offset),
	    &r->arena, &r->error);
}

static void
done(struct reading *r)
{
	args_free(&r->args);
	arena_free(&r->arena);
	buf_free(&r->error);
}

static void
refused(const char *text, const char *why)
{
	struct reading r;

	read_json(&r, text);
	ok(!r.good);
	ok_span(buf_bytes(&r.error), why);
	done(&r);
}

static void
test_forms(void)
{
	struct reading r;

	read_json(&r, "{\"pcap_file\":\"a.pcap\",\"server_ip\":\"192.0.2.1\","
	    "\"server_port\":\"443\",\"focus\":\"10.0.0.0/8\","
	    "\"threshold\":\"0.5\",\"detailed\":\"true\",\"kind\":\"HEX\","
	    "\"fields\":[\"ip.src\",\"ip.dst\"],\"limit\":10.0,"
	    "\"cursor\":null,\"max_bytes\":\"\"}");
	ok(r.good);
	ok_span(buf_bytes(&r.error), "");
	ok_span(args_get(&r.args, "pcap_file")->text, "a.pcap");
	ok_int(args_get(&r.args, "server_ip")->addr.kind, ADDR_IPV4);
	ok_int(args_get(&r.args, "server_port")->number, 443);
	ok_int(args_get(&r.args, "focus")->prefix, 8);
	ok(args_get(&r.args, "threshold")->real == 0.5);
	ok_int(args_get(&r.args, "detailed")->number, 1);
	ok_span(args_get(&r.args, "kind")->text, "hex");
	ok_int(args_get(&r.args, "fields")->n, 2);
	ok_span(args_get(&r.args, "fields")->list[1], "ip.dst");
	ok_int(args_get(&r.args, "limit")->number, 10);
	ok(!args_get(&r.args, "limit")->defaulted);
	ok(!args_get(&r.args, "cursor")->given);
	ok_int(args_get(&r.args, "max_bytes")->number, 12000);
	ok(args_get(&r.args, "max_bytes")->defaulted);
	done(&r);
}

static void
test_defaults(void)
{
	struct reading r;

	read_json(&r, "{\"pcap_file\":\"a\",\"fields\":\" a , b,,c \"}");
	ok(r.good);
	ok(!args_get(&r.args, "server_ip")->given);
	ok(args_get(&r.args, "threshold")->real == 0.02);
	ok_int(args_get(&r.args, "detailed")->number, 0);
	ok(args_get(&r.args, "detailed")->given);
	ok_span(args_get(&r.args, "kind")->text, "text");
	ok_int(args_get(&r.args, "fields")->n, 3);
	ok_span(args_get(&r.args, "fields")->list[0], "a");
	ok_span(args_get(&r.args, "fields")->list[2], "c");
	done(&r);
}

static void
test_refusals(void)
{
	refused("{}", "pcap_file is missing; give the path or URL of a pcap "
	    "or pcapng file, for example \"captures/dns.pcap\"");
	refused("{\"pcap_file\":\"\"}", "pcap_file is missing; give the path "
	    "or URL of a pcap or pcapng file, for example "
	    "\"captures/dns.pcap\"");
	refused("[]", "the arguments must be an object, for example "
	    "{\"pcap_file\":\"capture.pcap\"}");
	refused("{\"pcap_file\":\"a\",\"server_prt\":1}",
	    "unknown parameter \"server_prt\": did you mean \"server_port\"? "
	    "probe takes pcap_file, server_ip, server_port, focus, threshold, "
	    "detailed, kind, fields, limit, cursor, max_bytes");
	refused("{\"pcap_file\":\"a\",\"server_port\":65536}",
	    "server_port: \"65536\" is not accepted; give a port number from "
	    "0 to 65535, for example 443");
	refused("{\"pcap_file\":\"a\",\"server_port\":-1}",
	    "server_port: \"-1\" is not accepted; give a port number from 0 "
	    "to 65535, for example 443");
	refused("{\"pcap_file\":\"a\",\"limit\":1.5}",
	    "limit: \"1.5\" is not accepted; give a whole number from 0 to "
	    "100000, for example 50");
	refused("{\"pcap_file\":\"a\",\"max_bytes\":10}",
	    "max_bytes: \"10\" is not accepted; give a whole number from "
	    "1000 to 65536, for example 12000");
	refused("{\"pcap_file\":\"a\",\"threshold\":2}",
	    "threshold: \"2\" is not accepted; give a number from 0 to 1, "
	    "for example 0.02");
	refused("{\"pcap_file\":\"a\",\"server_ip\":\"host.example\"}",
	    "server_ip: \"host.example\" is not accepted; give an IPv4 or "
	    "IPv6 address, for example \"192.0.2.1\"");
	refused("{\"pcap_file\":\"a\",\"server_ip\":\"00:11:22:33:44:55\"}",
	    "server_ip: \"00:11:22:33:44:55\" is not accepted; give an IPv4 "
	    "or IPv6 address, for example \"192.0.2.1\"");
	refused("{\"pcap_file\":\"a\",\"kind\":\"glob\"}",
	    "kind: \"glob\" is not accepted; give one of text, hex, regex, "
	    "for example text");
	refused("{\"pcap_file\":\"a\",\"detailed\":\"maybe\"}",
	    "detailed: \"maybe\" is not accepted; give true or false, for "
	    "example false");
	refused("{\"pcap_file\":{\"x\":1}}",
	    "pcap_file: \"an object\" is not accepted; give the path or URL "
	    "of a pcap or pcapng file, for example \"captures/dns.pcap\"");
	refused("{\"pcap_file\":[\"a\"]}",
	    "pcap_file: \"an array\" is not accepted; give the path or URL "
	    "of a pcap or pcapng file, for example \"captures/dns.pcap\"");
	refused("{\"pcap_file\":\"a\",\"fields\":[{}]}",
	    "fields: \"an array of other things\" is not accepted; give an "
	    "array of texts, or words with commas, for example "
	    "[\"ip.src\",\"ip.dst\"]");
}

/* What is shown of a wrong value is short and harmless. */
static void
test_hostile(void)
{
	refused("{\"pcap_file\":\"a\",\"kind\":\"\\u202e\\u001b[2J\"}",
	    "kind: \"\\xe2\\x80\\xae\\x1b[2J\" is not accepted; give one of "
	    "text, hex, regex, for example text");
}

static void
test_words(void)
{
	const struct arg_word words[] = {
		{ span_text("pcap_file"), span_text("a.pcap") },
		{ span_text("server_port"), span_text("53") },
		{ span_text("fields"), span_text("a,b") },
	};
	const struct arg_word twice[] = { words[0], words[1], words[1] };
	struct reading r;

	arena_init(&r.arena, 1 << 20);
	buf_init(&r.error, 4096);
	ok(args_read_words(&r.args, &tool, words, 3, &r.arena, &r.error));
	ok_int(args_get(&r.args, "server_port")->number, 53);
	ok_int(args_get(&r.args, "fields")->n, 2);
	ok(!args_read_words(&r.args, &tool, twice, 3, &r.arena, &r.error));
	ok_span(buf_bytes(&r.error), "server_port: given twice");
	done(&r);
}

static void
test_schema(void)
{
	struct buf out;
	struct json j;

	buf_init(&out, 1 << 16);
	json_init(&j, &out);
	schema_tool(&tool, false, &j);
	ok_span(buf_bytes(&out),
	    "{\"name\":\"probe\",\"title\":\"Probe\",\"description\":"
	    "\"For tests.\",\"inputSchema\":{\"type\":\"object\","
	    "\"properties\":{\"pcap_file\":{\"type\":\"string\"},"
	    "\"server_ip\":{\"type\":\"string\",\"description\":\"Server\"},"
	    "\"server_port\":{\"type\":\"integer\",\"description\":"
	    "\"Its port\"},"
	    "\"focus\":{\"type\":\"string\",\"description\":\"Network\"},"
	    "\"threshold\":{\"type\":\"number\",\"description\":\"Share\","
	    "\"maximum\":1,\"default\":0.02},"
	    "\"detailed\":{\"type\":\"boolean\",\"description\":\"All\"},"
	    "\"kind\":{\"type\":\"string\","
	    "\"description\":\"Kind\",\"enum\":[\"text\",\"hex\",\"regex\"],"
	    "\"default\":\"text\"},\"fields\":{\"type\":\"array\","
	    "\"description\":\"Columns\",\"items\":{\"type\":\"string\"}},"
	    "\"limit\":{\"type\":\"integer\"},\"cursor\":{\"type\":"
	    "\"string\"},\"max_bytes\":{\"type\":\"integer\"}},"
	    "\"required\":[\"pcap_file\"],"
	    "\"additionalProperties\":false},\"outputSchema\":{\"type\":"
	    "\"object\"},\"annotations\":"
	    "{\"readOnlyHint\":true,\"destructiveHint\":false,"
	    "\"idempotentHint\":true,\"openWorldHint\":false}}");
	buf_free(&out);
}

/* Surface.md, rule 11: what every client pays for each conversation. */
static void
test_budget(void)
{
	struct buf out;
	struct json j;

	buf_init(&out, 1 << 20);
	json_init(&j, &out);
	schema_tools(UINT64_MAX, false, &j);
	ok(!out.full);
	ok_int(out.n <= 14 * 1024 ? 0 : out.n, 0);
	buf_free(&out);
}

/* Rows are sound: names that providers take, defaults that are accepted. */
static void
test_rows(void)
{
	for (size_t i = 0; i < tool_count; i++) {
		const struct tool *t = tools[i];
		size_t n = param_count(t);

		ok(strlen(t->name) <= 40 && strlen(t->help) <= 2000);
		ok(n < TOOL_PARAMS && t->params[n].name == NULL);
		ok(strcmp(t->params[0].name, "pcap_file") == 0);
		for (size_t k = 0; k < n; k++) {
			const struct param *p = &t->params[k];

			ok(p->help != NULL && *p->help != '\0');
			ok((p->type == PARAM_ENUM) == (p->choices != NULL));
		}
	}
}

int
main(void)
{
	test_forms();
	test_defaults();
	test_refusals();
	test_hostile();
	test_words();
	test_schema();
	test_budget();
	test_rows();
	return tap_done();
}
