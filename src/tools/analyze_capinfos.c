#include <errno.h>
#include <unistd.h>

#include "analysis/duplicates.h"
#include "base/digest.h"
#include "tools/tool.h"

#define DIGESTS_UP_TO ((uint64_t)64 << 20)
#define INTERFACES_SHOWN 20
#define COMMENTS_SHOWN 10
#define NAMES_SHOWN 20
#define PIECE ((size_t)64 << 10)

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "digests", .type = PARAM_BOOL,
	    .help = "MD5, SHA-1, SHA-256; default: up to 64 MB" },
	{ .name = "duplicates", .type = PARAM_BOOL, .initial = "false",
	    .help = "Count frames that repeat one of the 5 before" },
	{ .name = NULL },
};

/* ---- The file ---------------------------------------------------------- */

static struct span
base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return span_text(slash == NULL ? name : slash + 1);
}

/* "Ethernet", or "Per packet" as Wireshark says of several. */
static const char *
encapsulation(const struct capture *c)
{
	const char *name;
	uint16_t link;

	if (capture_interfaces(c) == 0)
		return "Unknown";
	link = capture_interface(c, 0)->link;
	for (size_t i = 1; i < capture_interfaces(c); i++)
		if (capture_interface(c, i)->link != link)
			return "Per packet";
	name = link_name(link);
	return name == NULL ? "Unknown" : name;
}

static void
foreign_if(struct json *j, const char *name, struct span text)
{
	if (text.n > 0)
		json_foreign(j, name, text);
}

static void
report_precision(const struct capture *c, struct json *j)
{
	static const char *const words[] = { "seconds", "deciseconds",
		"centiseconds", "milliseconds", "100 microseconds",
		"10 microseconds", "microseconds", "100 nanoseconds",
		"10 nanoseconds", "nanoseconds" };
	uint8_t digits;

	if (capture_interfaces(c) == 0)
		return;
	digits = capture_interface(c, 0)->time_digits;
	if (digits < LENGTH(words))
		json_text(j, "time_precision", words[digits]);
}

static void
report_file(const struct tool_call *call, struct json *j)
{
	const struct capture *c = call->capture;
	const struct capture_facts *f = capture_facts(c);

	json_foreign(j, "filename", base_name(call->name));
	json_text(j, "file_type", f->variant);
	json_textf(j, "file_version", "%u.%u", f->major, f->minor);
	json_text(j, "byte_order", f->order);
	json_text(j, "file_encapsulation", encapsulation(c));
	report_precision(c, j);
	if (f->snaplen != 0)
		json_uint(j, "packet_size_limit_bytes", f->snaplen);
	json_uint(j, "packet_count", call->scan->packets);
	json_uint(j, "file_size_bytes",
	    call->file_size != 0 ? call->file_size : f->file_bytes);
	if (capture_is_gzip(c)) {
		json_text(j, "compression", "gzip");
		json_uint(j, "unpacked_size_bytes", f->unpacked_bytes);
	}
}

/* ---- Sizes, times and rates -------------------------------------------- */

static void
report_times(const struct capture_quality *q, struct json *j)
{
	if (!q->first.known) {
		json_null(j, "first_packet_time");
		json_null(j, "last_packet_time");
		return;
	}
	json_epoch(j, "first_packet_time", q->earliest);
	json_epoch(j, "last_packet_time", q->latest);
	json_time(j, "first_packet_time_iso", q->earliest);
	json_time(j, "last_packet_time_iso", q->latest);
}

/* Without a duration there is no rate: 0, as capinfos says. */
static void
report_rates(const struct capture_quality *q, double seconds, struct json *j)
{
	double bytes = (double)q->bytes, packets = (double)q->packets;
	double rate = seconds > 0 ? bytes / seconds : 0;

	json_double(j, "data_rate_bytes", rate);
	json_double(j, "data_rate_bits", rate * 8);
	json_double(j, "average_packet_size_bytes",
	    q->packets == 0 ? 0 : bytes / packets);
	json_double(j, "average_packet_rate",
	    seconds > 0 ? packets / seconds : 0);
}

static void
report_sizes(const struct capture_quality *q, struct json *j)
{
	int64_t duration = 0;

	json_uint(j, "data_size_bytes", q->bytes);
	if (q->captured_bytes != q->bytes)
		json_uint(j, "captured_size_bytes", q->captured_bytes);
	if (q->first.known)
		duration = time_diff(q->latest, q->earliest);
	json_seconds(j, "capture_duration_seconds", duration);
	report_times(q, j);
	report_rates(q, (double)duration / 1e9, j);
	if (q->packets == 0)
		return;
	json_uint(j, "smallest_packet_bytes", q->shortest);
	json_uint(j, "largest_packet_bytes", q->longest);
	if (q->cut != 0)
		json_uint(j, "inferred_snaplen_bytes",
		    q->inferred_snaplen_max);
	json_bool(j, "strict_time_order", q->out_of_order == 0);
}

/* ---- Digests ------------------------------------------------------------ */

static const struct {
	const char *name;
	enum digest_kind kind;
} digests[] = {
	{ "md5", DIGEST_MD5 },
	{ "sha1", DIGEST_SHA1 },
	{ "sha256", DIGEST_SHA256 },
};

/* False: the file cannot be read from its start; errno says why. */
static bool
digest_file(int fd, struct digest *d, struct arena *arena)
{
	uint8_t *piece = arena_array(arena, PIECE, uint8_t);
	off_t at = 0;
	ssize_t n;

	if (piece == NULL) {
		errno = ENOMEM;
		return false;
	}
	for (size_t i = 0; i < LENGTH(digests); i++)
		digest_init(&d[i], digests[i].kind);
	while ((n = pread(fd, piece, PIECE, at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		for (size_t i = 0; i < LENGTH(digests); i++)
			digest_add(&d[i], span_of(piece, (size_t)n));
		at += n;
	}
	return true;
}

static void
report_digests(const struct tool_call *call, struct json *j)
{
	const struct arg *wanted = args_get(call->args, "digests");
	struct digest d[LENGTH(digests)];
	uint8_t out[DIGEST_MAX];

	if (wanted->given && wanted->number == 0)
		return;
	if (!wanted->given && call->file_size > DIGESTS_UP_TO) {
		json_text(j, "digests", "left out: the file is over 64 MB; "
		    "ask with digests=true");
		return;
	}
	if (!digest_file(call->fd, d, &call->scan->arena)) {
		json_text(j, "digests", errno == ESPIPE ?
		    "left out: a pipe is read only once" :
		    "left out: the file could not be read again");
		return;
	}
	for (size_t i = 0; i < LENGTH(digests); i++)
		json_hex(j, digests[i].name,
		    span_of(out, digest_end(&d[i], out)));
}

/* ---- What pcapng says besides ------------------------------------------- */

static void
report_interface(const struct capture *c, size_t i, struct json *j)
{
	const struct capture_interface *f = capture_interface(c, i);
	const char *name = link_name(f->link);

	json_object(j, NULL);
	json_uint(j, "id", i);
	if (capture_facts(c)->sections > 1)
		json_uint(j, "section", f->section);
	foreign_if(j, "name", f->name);
	foreign_if(j, "description", f->description);
	json_text(j, "encapsulation", name == NULL ? "Unknown" : name);
	json_uint(j, "link_type", f->link);
	if (f->snaplen != 0)
		json_uint(j, "snaplen_bytes", f->snaplen);
	json_uint(j, "time_digits", f->time_digits);
	if (f->fcs_len != 0)
		json_uint(j, "fcs_bytes", f->fcs_len);
	foreign_if(j, "filter", f->filter);
	foreign_if(j, "hardware", f->hardware);
	foreign_if(j, "os", f->os);
	foreign_if(j, "comment", f->comment);
	json_uint(j, "packets", f->packets);
	json_uint(j, "bytes", f->bytes);
	if (f->has_received)
		json_uint(j, "received", f->received);
	if (f->has_dropped)
		json_uint(j, "dropped", f->dropped);
	json_end(j);
}

static void
report_interfaces(const struct capture *c, struct json *j)
{
	size_t n = capture_interfaces(c);

	json_uint(j, "interface_count", n);
	json_array(j, "interfaces");
	for (size_t i = 0; i < n && i < INTERFACES_SHOWN; i++)
		report_interface(c, i, j);
	json_end(j);
}

static void
report_names(const struct capture *c, struct json *j)
{
	size_t n = capture_names(c);

	if (n == 0)
		return;
	json_uint(j, "resolved_names", n);
	json_array(j, "names");
	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
		const struct capture_name *name = capture_name(c, i);
		struct addr a = addr_of(name->kind == 4 ? ADDR_IPV4 :
		    ADDR_IPV6, name->bytes);

		json_object(j, NULL);
		json_addr(j, "address", &a);
		json_foreign(j, "name", name->name);
		json_end(j);
	}
	json_end(j);
}

static void
uint_if(struct json *j, const char *name, uint64_t value)
{
	if (value != 0)
		json_uint(j, name, value);
}

static void
report_section(const struct capture *c, struct json *j)
{
	const struct capture_facts *f = capture_facts(c);
	size_t n = capture_comments(c);

	foreign_if(j, "capture_hardware", f->hardware);
	foreign_if(j, "capture_os", f->os);
	foreign_if(j, "capture_application", f->application);
	if (n > 0) {
		json_array(j, "comments");
		for (size_t i = 0; i < n && i < COMMENTS_SHOWN; i++)
			json_foreign(j, NULL, capture_comment(c, i));
		json_end(j);
		if (n > COMMENTS_SHOWN)
			json_uint(j, "comment_count", n);
	}
	uint_if(j, "packet_comments", f->comments);
	if (f->sections > 1)
		json_uint(j, "sections", f->sections);
	if (f->has_dropped)
		json_uint(j, "dropped_packets", f->dropped);
	report_names(c, j);
	uint_if(j, "decryption_secrets", f->secrets);
	uint_if(j, "custom_blocks", f->custom_blocks);
	uint_if(j, "unknown_blocks", f->unknown_blocks);
}

static bool
run(struct tool_call *call)
{
	struct scan_request request = { .analyzer = &analyzer_duplicates };
	bool duplicates = args_get(call->args, "duplicates")->number != 0;
	struct json *j = call->json;

	if (!tool_scan(call, &request, duplicates))
		return false;
	json_object(j, NULL);
	report_file(call, j);
	report_sizes(&call->scan->quality, j);
	report_digests(call, j);
	report_section(call->capture, j);
	report_interfaces(call->capture, j);
	if (duplicates)
		duplicates_report(request.state, j, "duplicate_frames");
	if (call->scan->packets == 0)
		json_text(j, "message", "The capture holds no packets");
	scan_quality_report(call->scan, j);
	json_end(j);
	return true;
}

const struct tool tool_analyze_capinfos = {
	.name = "analyze_capinfos",
	.module = "capinfos",
	.title = "Capture file facts",
	.help = "The file itself: format, times, sizes, rates, "
	    "interfaces, drops, comments, digests, quality. To identify a "
	    "file or judge a capture; for its content: summarize_capture.",
	.params = params,
	.output = "filename file_type file_version byte_order "
	    "file_encapsulation time_precision packet_size_limit_bytes "
	    "packet_count file_size_bytes compression unpacked_size_bytes "
	    "data_size_bytes captured_size_bytes capture_duration_seconds "
	    "first_packet_time last_packet_time first_packet_time_iso "
	    "last_packet_time_iso data_rate_bytes data_rate_bits "
	    "average_packet_size_bytes average_packet_rate "
	    "smallest_packet_bytes largest_packet_bytes "
	    "inferred_snaplen_bytes strict_time_order md5 sha1 sha256 "
	    "digests capture_hardware capture_os capture_application "
	    "comments comment_count packet_comments sections dropped_packets "
	    "resolved_names names decryption_secrets custom_blocks "
	    "unknown_blocks interface_count interfaces duplicate_frames "
	    "message quality",
	.run = run,
};
