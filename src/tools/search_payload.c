#include "analysis/payload_search.h"
#include "analysis/search_pattern.h"
#include "base/text.h"
#include "tools/tool.h"

static const char *const kinds[] = { "text", "hex", "regex", NULL };
static const char *const places[] = { "streams", "packets", NULL };
static const char *const encodings[] = { "plain", "utf16", "base64", "all",
	NULL };

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "pattern", .type = PARAM_TEXT, .required = true,
	    .help = "What to look for" },
	{ .name = "kind", .type = PARAM_ENUM, .choices = kinds,
	    .initial = "text", .help = "Text, hex bytes or regex" },
	{ .name = "where", .type = PARAM_ENUM, .choices = places,
	    .initial = "streams",
	    .help = "Streams: across segment borders" },
	{ .name = "ignore_case", .type = PARAM_BOOL, .initial = "false",
	    .help = "ASCII letters of either case" },
	{ .name = "encoding", .type = PARAM_ENUM, .choices = encodings,
	    .initial = "plain",
	    .help = "Also in UTF-16 or base64" },
	PARAM_ROW_FILTER,
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static bool
is_choice(const struct tool_call *call, const char *name, const char *word)
{
	return span_is(args_get(call->args, name)->text, word);
}

static unsigned
forms_of(const struct tool_call *call)
{
	if (is_choice(call, "encoding", "utf16"))
		return SEARCH_UTF16;
	if (is_choice(call, "encoding", "base64"))
		return SEARCH_BASE64;
	if (is_choice(call, "encoding", "all"))
		return SEARCH_PLAIN | SEARCH_UTF16 | SEARCH_BASE64;
	return SEARCH_PLAIN;
}

/* The bytes to look for as an expression; false: call->error. */
static bool
bytes_pattern(struct tool_call *call, struct span pattern, struct buf *out)
{
	struct buf bytes;
	bool good = true;

	buf_init(&bytes, SEARCH_PATTERN_MAX);
	if (!is_choice(call, "kind", "hex"))
		buf_span(&bytes, pattern);
	else if (!text_read_hex(pattern, &bytes) && !bytes.full)
		good = false;
	if (!good)
		buf_text(call->error, "pattern: hex wants pairs of digits, "
		    "for example \"de:ad:be:ef\"");
	else if (bytes.full)
		buf_printf(call->error, "pattern: at most %u bytes",
		    SEARCH_PATTERN_MAX);
	else if (!search_pattern(out, buf_bytes(&bytes), forms_of(call)))
		buf_text(call->error, "pattern: too short to be known inside "
		    "base64; give at least five characters");
	buf_free(&bytes);
	return call->error->n == 0;
}

static struct regex *
regex_of(struct tool_call *call)
{
	struct span pattern = args_get(call->args, "pattern")->text;
	bool ignore_case = args_get(call->args, "ignore_case")->number != 0;
	struct regex_error why = { 0, NULL };
	struct regex *re = NULL;
	struct buf expression;

	if (pattern.n == 0) {
		buf_text(call->error, "pattern: it is empty; give at least "
		    "one character");
		return NULL;
	}
	if (is_choice(call, "kind", "regex") && forms_of(call) !=
	    SEARCH_PLAIN) {
		buf_text(call->error, "encoding: other than plain goes with "
		    "kind text or hex");
		return NULL;
	}
	buf_init(&expression, 65536);
	if (is_choice(call, "kind", "regex"))
		buf_span(&expression, pattern);
	else if (!bytes_pattern(call, pattern, &expression)) {
		buf_free(&expression);
		return NULL;
	}
	re = regex_compile(buf_bytes(&expression), ignore_case, &why);
	buf_free(&expression);
	if (re == NULL) {
		buf_printf(call->error, "pattern: at offset %zu: %s",
		    why.offset, why.text != NULL ? why.text : "no memory");
	} else if (regex_match(re, span_empty())) {
		buf_text(call->error, "pattern: it matches the empty text, "
		    "so it would hit everywhere; use + in place of *");
		regex_free(re);
		re = NULL;
	}
	return re;
}

static bool
run(struct tool_call *call)
{
	struct payload_search_options options = { .rows = call->rows,
		.streams = is_choice(call, "where", "streams") };
	struct scan_request request = { .options = &options };
	bool done;

	options.regex = regex_of(call);
	if (options.regex == NULL)
		return false;
	request.analyzer = payload_search_analyzer(options.streams);
	done = tool_scan(call, &request, 1);
	if (done) {
		tool_begin(call, false);
		scan_quality_report(call->scan, call->json);
		payload_search_report(request.state, call->json, call->seal);
	}
	regex_free(options.regex);
	return done;
}

const struct tool tool_search_payload = {
	.name = "search_payload",
	.module = "flows",
	.title = "Search payloads",
	.help = "Find text, hex bytes or a regex in payloads, also across TCP "
	    "segments, in UTF-16 or base64: frame, stream, offset, context. "
	    "Header fields: list_packets; around a hit: follow_stream.",
	.params = params,
	.output = "file quality searched_packets searched_bytes "
	    "frames_with_hits streams_with_hits hits matched returned "
	    "truncated next_cursor message",
	.run = run,
};
