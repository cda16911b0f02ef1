/* What summarize_capture says of a capture made by hand. */
#include "sessions.h"

extern const struct tool tool_summarize_capture;

static struct session s;
static struct asked a;

static void
ask(const char *arguments)
{
	ask_free(&a);
	session_ask(&s, &tool_summarize_capture, arguments, &a);
}

/* 10.0.0.2 is called "ev\033il.test" by the capture's DNS. */
static void
name_give(void)
{
	static const uint8_t answer[] = { 0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0,
		0, 0, 5, 'e', 'v', 033, 'i', 'l', 4, 't', 'e', 's', 't', 0,
		0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0,
		2 };

	session_udp(&s, true, 53, 5000, span_of(answer, sizeof(answer)));
}

int
main(void)
{
	buf_init(&a.answer, 1);
	buf_init(&a.error, 1);
	session_open(&s);
	name_give();
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "hello");
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "hello");
	for (unsigned i = 0; i < 60; i++)
		session_tcp(&s, 5000 + i, false, SESSION_SYN, 9, 0, "");

	ask("");
	ok(asked_has(&a, "\"total_packets\":66"));
	/* Two hosts, one of them named, the name harmless. */
	ok(asked_has(&a, "\"hosts_total\":2"));
	ok(asked_has(&a, "ev\\\\x5c027il.test"));
	ok(strchr((const char *)a.answer.p, '\033') == NULL);
	ok(asked_has(&a, "\"flows_total\":62"));
	/* 60 SYNs that nobody answered, one retransmission. */
	ok(asked_has(&a, "\"outliers\":{\"tcp_retransmissions\":1,"
	    "\"tcp_unanswered_connections\":60,"));
	/* The largest TCP stream is the one with data. */
	ok(asked_has(&a, "{\"tool\":\"follow_stream\",\"why\":\"the bytes of "
	    "the largest TCP stream\",\"arguments\":{\"pcap_file\":"
	    "\"capture\",\"stream\":0}}"));
	ok(a.answer.n < 10240);

	/* One client, one server, however many flows. */
	ok(asked_has(&a, "\"most_peers_of_one_client\":{\"client\":\"10.0.0.1\","
	    "\"peers\":1}"));

	/* One network: what has to do with it. */
	ask("{\"focus\":\"10.0.0.1\"}");
	ok(asked_has(&a, "\"packets_in_focus\":66"));
	ask("{\"focus\":\"192.0.2.0/24\"}");
	ok(asked_has(&a, "\"packets_in_focus\":0"));
	buf_free(&s.b);
	ask_free(&a);
	return tap_done();
}
