#include "trace.h"

static const char *const names[] = { "analyze_tcp_connections",
	"analyze_tcp_anomalies", "analyze_tcp_retransmissions",
	"analyze_traffic_flow" };

static void
handshake(struct trace *t, uint16_t port, uint32_t isn)
{
	trace_tcp(t, 1, port, 9, 80, SYN, isn, 0, span_empty());
	trace_tcp(t, 9, 80, 1, port, SYN | ACK, 5000, isn + 1,
	    span_empty());
	trace_tcp(t, 1, port, 9, 80, ACK, isn + 1, 5001, span_empty());
}

/* Each way to begin and to end once. */
static void
test_ends(void)
{
	struct trace t;

	trace_open(&t);
	handshake(&t, 1001, 100);                      /* stays open */
	handshake(&t, 1002, 100);                      /* closed by both */
	trace_tcp(&t, 1, 1002, 9, 80, ACK | FIN, 101, 5001, span_empty());
	trace_tcp(&t, 9, 80, 1, 1002, ACK | FIN, 5001, 102, span_empty());
	trace_tcp(&t, 1, 1002, 9, 80, ACK, 102, 5002, span_empty());
	handshake(&t, 1003, 100);                      /* reset by server */
	trace_tcp(&t, 9, 80, 1, 1003, RST, 5001, 0, span_empty());
	trace_tcp(&t, 1, 1004, 9, 80, SYN, 1, 0, span_empty());
	trace_tcp(&t, 1, 1005, 9, 80, SYN, 1, 0, span_empty());
	trace_tcp(&t, 9, 80, 1, 1005, RST | ACK, 0, 2, span_empty());
	trace_tcp(&t, 1, 1006, 9, 80, SYN, 1, 0, span_empty());
	trace_tcp(&t, 9, 80, 1, 1006, SYN | ACK, 7, 2, span_empty());
	trace_ask(&t, "analyze_tcp_connections", "{\"max_bytes\":65536}");
	said(&t, "\"summary\":{\"total_connections\":6,"
	    "\"successful_handshakes\":3,\"failed_handshakes\":3,"
	    "\"established_connections\":3,\"reset_connections\":2,"
	    "\"normal_close\":1,\"active_connections\":1,"
	    "\"unknown_close\":2,\"incomplete_handshakes\":1,"
	    "\"refused_connections\":1,\"unanswered_syns\":1,");
	said(&t, "\"client\":\"192.0.2.1:1002\",\"server\":"
	    "\"192.0.2.9:80\",\"state\":\"closed\","
	    "\"handshake_completed\":true");
	/* A SYN that nobody answers closes nothing. */
	said(&t, "\"client\":\"192.0.2.1:1004\",\"server\":"
	    "\"192.0.2.9:80\",\"state\":\"active\","
	    "\"handshake_completed\":false,\"syn_count\":1,");
	said(&t, "\"conn_state\":\"S0\"");
	said(&t, "\"conn_state\":\"SF\"");
	said(&t, "\"conn_state\":\"REJ\"");
	said(&t, "\"one_way\":\"from the client only\"");
	said(&t, "1 connection attempt refused by RST");
	said(&t, "1 connection of which only one direction was captured");
	trace_ask(&t, "analyze_tcp_anomalies", "{}");
	said(&t, "\"handshake\":{\"successful\":3,\"failed\":2,"
	    "\"incomplete\":1,\"started_before_capture\":0}");
	said(&t, "\"by_source\":{\"192.0.2.9\":2}");
	said(&t, "\"by_direction\":{\"to_server\":0,\"from_server\":2,"
	    "\"unknown\":0}");
	said(&t, "3 of 6 connection attempts were completed (1 refused, "
	    "1 unanswered, 1 half open)");
	trace_end(&t);
}

/* Sequence numbers that wrap; the same ports again are a new connection. */
static void
test_wrap_and_reuse(void)
{
	struct trace t;

	trace_open(&t);
	handshake(&t, 1001, 0xfffffffa);
	trace_tcp(&t, 1, 1001, 9, 80, ACK, 0xfffffffb, 5001,
	    span_text("0123456789"));
	trace_tcp(&t, 9, 80, 1, 1001, ACK, 5001, 5, span_empty());
	trace_tcp(&t, 1, 1001, 9, 80, ACK, 5, 5001, span_text("abc"));
	t.now += 500;
	trace_tcp(&t, 1, 1001, 9, 80, ACK, 5, 5001, span_text("abc"));
	handshake(&t, 1001, 77777);
	trace_ask(&t, "analyze_tcp_connections", "{}");
	said(&t, "\"total_connections\":2,\"successful_handshakes\":2,");
	said(&t, "\"retransmissions\":1,\"client_bytes\":16,");
	said(&t, "\"reused_ports\":1");
	trace_ask(&t, "analyze_tcp_retransmissions", "{\"threshold\":0.1}");
	said(&t, "\"total_packets\":10,\"total_retransmissions\":1,"
	    "\"retransmission_rate\":0.1,\"threshold\":0.1,"
	    "\"exceeds_threshold\":false");
	trace_end(&t);
}

/* A capture that starts in the middle and sees one side. */
static void
test_middle(void)
{
	struct trace t;

	trace_open(&t);
	trace_tcp(&t, 9, 80, 1, 40001, ACK, 1000, 1, span_text("abc"));
	trace_tcp(&t, 9, 80, 1, 40001, ACK, 1003, 1, span_text("def"));
	trace_ask(&t, "analyze_tcp_connections", "{}");
	said(&t, "\"client\":\"192.0.2.1:40001\",\"server\":"
	    "\"192.0.2.9:80\"");
	said(&t, "\"started_before_capture\":1");
	said(&t, "\"roles\":\"guessed: the capture has no SYN of it\"");
	said(&t, "\"one_way\":\"from the server only\"");
	trace_ask(&t, "analyze_traffic_flow",
	    "{\"server_ip\":\"192.0.2.9\",\"server_port\":80}");
	said(&t, "\"server\":\"192.0.2.9:80\"");
	said(&t, "\"server_to_client\":{\"packet_count\":2,"
	    "\"byte_count\":6,");
	said(&t, "\"asymmetry_ratio\":0");
	said(&t, "Only one direction was captured");
	trace_end(&t);
}

/* One byte a segment, the last one first: the stream is whole. */
static void
test_reverse(void)
{
	const char *text = "GET /reverse HTTP/1.1\r\n\r\n";
	uint32_t n = (uint32_t)strlen(text);
	struct trace t;

	trace_open(&t);
	handshake(&t, 1001, 100);
	while (n-- > 0)
		trace_tcp(&t, 1, 1001, 9, 80, ACK | PSH, 101 + n, 5001,
		    span_of(text + n, 1));
	trace_ask(&t, "follow_stream", "{\"stream\":0}");
	said(&t, "\"total_length\":25,\"pieces\":[{\"frame\":28,\"from\":"
	    "\"client\",\"offset\":0,\"length\":1,\"text\":\"G\"}");
	said(&t, "{\"frame\":4,\"from\":\"client\",\"offset\":24,");
	trace_ask(&t, "analyze_tcp_connections", "{}");
	said(&t, "\"client_bytes\":25");
	trace_end(&t);
}

static void
test_arguments(void)
{
	struct trace t;

	trace_open(&t);
	handshake(&t, 1001, 100);
	for (size_t i = 0; i < 4; i++) {
		trace_ask(&t, names[i], "{\"server_ip\":\"192.0.2\"}");
		refused(&t, "server_ip");
		trace_ask(&t, names[i], "{\"server_ip\":\"2001:db8::1\"}");
		said(&t, "No TCP packets of this server");
	}
	trace_ask(&t, names[2], "{\"threshold\":1.5}");
	refused(&t, "threshold");
	trace_ask(&t, names[2], "{\"threshold\":-1}");
	refused(&t, "threshold");
	trace_ask(&t, names[0], "{\"server_port\":65536}");
	refused(&t, "server_port");
	trace_ask(&t, names[0], "{\"server_port\":81}");
	said(&t, "\"tcp_packets_found\":0");
	trace_ask(&t, names[3], "{}");
	refused(&t, "server_ip");
	trace_end(&t);
}

int
main(void)
{
	hash_key_init();
	test_ends();
	test_wrap_and_reuse();
	test_middle();
	test_reverse();
	test_arguments();
	return tap_done();
}
