#include "tools/absence.h"

/* True when the pass would have met this protocol and did not; of protocols
 * that it does not count nothing is said. */
static bool
missing(const struct scan *s, const char *name)
{
	bool known = false;

	for (unsigned layer = 0; layer < LAYER_COUNT; layer++) {
		if (strcmp(layer_name((enum layer)layer), name) != 0)
			continue;
		if (s->layer_packets[layer] > 0)
			return false;
		known = true;
	}
	for (size_t i = 0; i < proto_count && i < 64; i++) {
		if (strcmp(protos[i]->name, name) != 0)
			continue;
		if (s->proto_messages[i] > 0)
			return false;
		known = true;
	}
	return known;
}

void
absence_report(const struct tool_call *call, struct json *j)
{
	const struct scan *s = call->scan;
	const char *needs[8];
	struct buf text;
	size_t n = 0, told = 0;

	if (s->filter != NULL)
		n = filter_protocols(s->filter, needs, LENGTH(needs));
	buf_init(&text, 1000);
	buf_printf(&text, "No packet of %llu matches",
	    (unsigned long long)s->packets);
	for (size_t i = 0; i < n; i++) {
		if (missing(s, needs[i]))
			buf_printf(&text, "%s%s", told++ == 0 ?
			    "; this capture has no " : ", no ", needs[i]);
	}
	json_span(j, "message", buf_bytes(&text));
	buf_free(&text);
}

void
absence_of_frame(const struct tool_call *call, uint64_t frame)
{
	unsigned long long n = capture_frames(call->scan->capture);

	if (frame <= n) {
		buf_printf(call->error, "frame: %llu is a block of the file "
		    "that holds no packet", (unsigned long long)frame);
		return;
	}
	buf_printf(call->error, "frame: %llu is beyond the last of %llu "
	    "packets", (unsigned long long)frame,
	    (unsigned long long)call->scan->packets);
	if (n > 0)
		buf_printf(call->error, "; give 1 to %llu", n);
}
