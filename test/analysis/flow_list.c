/* What list_flows says of flows made by hand, and that its filters select
 * them. */
#include "sessions.h"

extern const struct tool tool_list_flows, tool_list_packets;

static struct session s;
static struct asked a;

static void
ask(const char *arguments)
{
	ask_free(&a);
	session_ask(&s, &tool_list_flows, arguments, &a);
}

/* 10.0.0.1:4000 and more of it; a ping; DNS on its port. */
static void
session_make(void)
{
	static const uint8_t ping[] = { 8, 0, 0, 0, 0, 7, 0, 1, 'h', 'i' };
	static const uint8_t pong[] = { 0, 0, 0, 0, 0, 7, 0, 1, 'h', 'i' };
	static const uint8_t ask_a[] = { 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
		1, 'a', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1 };
	static const uint8_t ask_b[] = { 0, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
		1, 'b', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1 };

	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "hello");
	session_tcp(&s, 4000, true, SESSION_ACK, 501, 106, "");
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "hello");
	session_tcp(&s, 4000, false, SESSION_FIN, 106, 501, "");
	session_tcp(&s, 4000, true, SESSION_FIN, 501, 107, "");
	session_tcp(&s, 4001, false, SESSION_SYN, 9, 0, "");
	session_tcp(&s, 4002, false, SESSION_SYN, 9, 0, "");
	session_tcp(&s, 4002, true, SESSION_RST | SESSION_ACK, 0, 10, "");
	session_ip(&s, false, 1, span_of(ping, sizeof(ping)), span_empty());
	session_ip(&s, true, 1, span_of(pong, sizeof(pong)), span_empty());
	session_udp(&s, false, 5000, 53, span_of(ask_a, sizeof(ask_a)));
	session_udp(&s, false, 5000, 53, span_of(ask_b, sizeof(ask_b)));
	session_udp(&s, false, 5000, 53, span_of(ask_a, sizeof(ask_a)));
}

static void
rows_check(void)
{
	ask("{}");
	ok(asked_has(&a, "\"flows_total\":5"));
	/* Zeek's state and letters; SYN to ACK; data to ACK. */
	ok(asked_has(&a, "[\"tcp\",0,\"10.0.0.1:4000\",\"10.0.0.2:80\",\"SF\","
	    "\"ShADaTFf\",null,null,5,3,10,0,\"2023-11-14T22:13:20.000000Z\","
	    "0.007,2,1,1,null,"));
	ok(asked_has(&a, "\"10.0.0.2:80\",\"S0\",\"S\",null,null,1,0,0,0"));
	ok(asked_has(&a, "\"10.0.0.2:80\",\"REJ\",\"Sr\""));
	ok(asked_has(&a, "\"dns\",\"a.test, b.test\",3,0,72,0"));
	ok(asked_has(&a, "[\"icmp\",0,\"10.0.0.1\",\"10.0.0.2\",null,null,"
	    "null,null,1,1,"));
}

static void
order_check(void)
{
	const char *first[][2] = {
		{ "client_packets", "[[\"tcp\",0" },
		{ "rtt", "[[\"tcp\",0" },
		{ "app", "[[\"udp\",0" },
		{ "state", "[[\"tcp\",2" },   /* REJ */
		{ "history", "[[\"udp\",0" }, /* D */
		{ "protocol", "[[\"icmp\",0" },
		{ "duration", "[[\"tcp\",0" },
		{ "server", "[[\"icmp\",0" }, /* no port */
	};
	char arguments[80];

	for (size_t i = 0; i < LENGTH(first); i++) {
		(void)snprintf(arguments, sizeof(arguments),
		    "{\"sort_by\":\"%s\"}", first[i][0]);
		ask(arguments);
		ok(asked_has(&a, first[i][1]));
	}
	ask("{\"sort_by\":\"beauty\"}");
	ok(!a.good && asked_has(&a, "sort_by: no such column"));
	ask("{\"group\":\"host\",\"sort_by\":\"bytes_in\"}");
	ok(asked_has(&a, "\"groups\":[[\"10.0.0.2\",5,1,"));
	ask("{\"group\":\"service\",\"sort_by\":\"flows\"}");
	ok(asked_has(&a, "\"groups\":[[\"tcp/80\",3,1,"));
	ask("{\"group\":\"service\",\"sort_by\":\"rtt\"}");
	ok(!a.good);
}

/* Behind the name of the list, as far as there are rows. */
static struct span
rows_of(const struct asked *asked)
{
	const char *from = strstr((const char *)asked->answer.p,
	    "\"flows\":[[");
	const char *to = from == NULL ? NULL : strstr(from, "]],");

	return to == NULL ? span_empty() : span_of(from, (size_t)(to - from));
}

/* Are so many rows the first of all of them?  Their bytes are added. */
static bool
few_are_first(const struct session *t, const char *word, unsigned limit,
    size_t *bytes)
{
	struct asked all = { .good = false }, few = { .good = false };
	char arguments[100];
	struct span some;
	bool same;

	(void)snprintf(arguments, sizeof(arguments), "{\"sort_by\":\"%s\","
	    "\"limit\":10000,\"max_bytes\":65536}", word);
	session_ask(t, &tool_list_flows, arguments, &all);
	(void)snprintf(arguments, sizeof(arguments), "{\"sort_by\":\"%s\","
	    "\"limit\":%u,\"max_bytes\":65536}", word, limit);
	session_ask(t, &tool_list_flows, arguments, &few);
	some = rows_of(&few);
	same = span_equal(span_first(rows_of(&all), some.n), some);
	*bytes += some.n;
	ask_free(&all);
	ask_free(&few);
	return same;
}

static void
few_check(void)
{
	static const char *const words[] = { "start", "bytes", "packets",
		"client_bytes", "server_bytes", "client_packets",
		"server_packets", "duration", "last_frame", "protocol",
		"stream", "client", "server", "state", "history", "filter",
		"community_id", "tunnel" };
	static struct session many;
	size_t differ = 0, bytes = 0;

	session_open(&many);
	for (unsigned i = 0; i < 120; i++) {
		session_udp(&many, i * 5 % 3 == 0,
		    (uint16_t)(6000 + i * 7 % 40), 9000,
		    span_of("seventeen letters", i * 11 % 18));
		if (i % 7 == 0)
			session_tcp(&many, (uint16_t)(5000 - i), false,
			    SESSION_SYN, 9, 0, "");
	}
	for (unsigned i = 0; i < LENGTH(words) * 6; i++)
		differ += !few_are_first(&many, words[i / 6],
		    1 + i % 6 * (i % 6) * 9, &bytes);
	ok_int(differ, 0);
	ok(bytes > 100000);
	buf_free(&many.b);
}

/* Each row's filter gives the packets that the row counts. */
static void
filters_check(void)
{
	const char *rows[][2] = {
		{ "tcp.stream == 0", "\"matched\":8" },
		{ "tcp.stream == 1", "\"matched\":1" },
		{ "udp.stream == 0", "\"matched\":3" },
		{ "all icmp.type in {0, 8} && icmp.ident == 7 && "
		    "ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2",
		    "\"matched\":2" },
	};
	char arguments[300];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		ask("{}");
		ok(asked_has(&a, rows[i][0]));
		ask_free(&a);
		(void)snprintf(arguments, sizeof(arguments),
		    "{\"filter\":\"%s\",\"limit\":0}", rows[i][0]);
		session_ask(&s, &tool_list_packets, arguments, &a);
		ok(asked_has(&a, rows[i][1]));
	}
	/* A filter that one packet of a flow passes shows all of it. */
	ask("{\"filter\":\"tcp.flags.fin == 1\"}");
	ok(asked_has(&a, "\"flows_total\":1"));
	ok(asked_has(&a, "\"ShADaTFf\",null,null,5,3,10,0"));
	ask("{\"filter\":\"tcp.port == 1\"}");
	ok(asked_has(&a, "No flow has a packet that matches the filter"));
}

/* The outer UDP, then a VLAN and a TCP SYN in VXLAN 42. */
static void
path_check(void)
{
	static const uint8_t inner[] = { 8, 0, 0, 0, 0, 0, 42, 0,
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0,
		0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0,
		192, 0, 2, 1, 192, 0, 2, 2,
		0x12, 0x34, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2,
		32, 0, 0, 0, 0, 0 };

	/* bytes 4 to 6 of the header are the VNI */
	uint8_t packet[sizeof(inner)];

	memcpy(packet, inner, sizeof(inner));
	packet[4] = 0;
	packet[5] = 0;
	packet[6] = 42;
	session_open(&s);
	session_udp(&s, false, 5000, 4789, span_of(packet, sizeof(packet)));
	ask("{}");
	ok(asked_has(&a, "\"vxlan 42, vlan 7\""));
	/* The tag is not around the tunnel. */
	ok(asked_has(&a, "\"10.0.0.2:4789\",\"S0\",\"D\",null,null,1,0,66,0,"
	    "\"2023-11-14T22:13:20.000000Z\",0,null,null,null,null,"));
	/* Both begin with the same frame. */
	ok(few_are_first(&s, "start", 2, &(size_t){ 0 }));
	buf_free(&s.b);
}

int
main(void)
{
	buf_init(&a.answer, 1);
	buf_init(&a.error, 1);
	session_make();
	rows_check();
	order_check();
	few_check();
	filters_check();
	buf_free(&s.b);
	path_check();
	ask_free(&a);
	return tap_done();
}
