#include "trace.h"

/* The silence of a host begins behind its own packet, not behind whichever
 * frame of others was the last before it ended. */
int
main(void)
{
	struct trace t;

	hash_key_init();
	trace_open(&t);
	trace_udp(&t, 1, 4000, 2, 4001, span_text("x"));
	for (unsigned i = 0; i < 5; i++)
		trace_udp(&t, 3, 4000, 4, 4001, span_text("x"));
	t.now = 8000;
	trace_udp(&t, 1, 4000, 2, 4001, span_text("x"));
	trace_ask(&t, "summarize_capture", "{\"focus\":\"192.0.2.1\"}");
	said(&t, "\"longest_silence\":{\"seconds\":8,\"after_frame\":1}");
	trace_end(&t);
	return tap_done();
}
