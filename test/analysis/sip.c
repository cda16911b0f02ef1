#include "trace.h"

#include <stdlib.h>

#include "analysis/rtp.h"

static void
sip(struct trace *t, uint32_t from, uint32_t to, const char *text)
{
	trace_udp(t, from, 5060, to, 5060, span_text(text));
}

#define ENDS(tag) "From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>" tag "\r\n"
#define INVITE(id) "INVITE sip:b@x SIP/2.0\r\n" ENDS("") "Call-ID: " id \
	"\r\nCSeq: 1 INVITE\r\n"
#define REPLY(line, id, tag) "SIP/2.0 " line "\r\n" ENDS(tag) "Call-ID: " id \
	"\r\nCSeq: 1 INVITE\r\n\r\n"
#define SDP(address, port) "Content-Type: application/sdp\r\n\r\n" \
	"v=0\r\no=- 1 1 IN IP4 " address "\r\ns=-\r\nc=IN IP4 " address \
	"\r\nt=0 0\r\nm=audio " port " RTP/AVP 96\r\n" \
	"a=rtpmap:96 X/8000\r\n"

static void
test_calls(void)
{
	struct trace t;

	trace_open(&t);
	/* Rings at two telephones; the second answers, the caller hangs up. */
	sip(&t, 1, 9, INVITE("one") "\r\n");
	sip(&t, 1, 9, INVITE("one") "\r\n");             /* sent again */
	t.now = 300;
	sip(&t, 9, 1, REPLY("180 Ringing", "one", ";tag=p1"));
	sip(&t, 9, 1, REPLY("180 Ringing", "one", ";tag=p2"));
	t.now = 2000;
	sip(&t, 9, 1, REPLY("200 OK", "one", ";tag=p2"));
	t.now = 7500;
	sip(&t, 1, 9, "BYE sip:b@x SIP/2.0\r\n" ENDS(";tag=p2")
	    "Call-ID: one\r\nCSeq: 2 BYE\r\n\r\n");
	/* Busy; given up; in the middle. */
	sip(&t, 1, 9, INVITE("two") "\r\n");
	sip(&t, 9, 1, REPLY("486 Busy Here", "two", ";tag=q"));
	sip(&t, 1, 9, INVITE("three") "\r\n");
	sip(&t, 1, 9, "CANCEL sip:b@x SIP/2.0\r\n" ENDS("")
	    "Call-ID: three\r\nCSeq: 1 CANCEL\r\n\r\n");
	sip(&t, 9, 1, REPLY("487 Request Terminated", "three", ";tag=q"));
	sip(&t, 9, 1, REPLY("200 OK", "four", ";tag=q"));
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "\"requests\":6,\"responses\":6,\"methods\":{\"INVITE\":4,"
	    "\"BYE\":1,\"CANCEL\":1},\"response_classes\":{\"1xx\":2,"
	    "\"2xx\":2,\"4xx\":2}");
	said(&t, "\"call_id\":\"one\",\"state\":\"ended\",\"from\":\"sip:a@x\","
	    "\"to\":\"sip:b@x\",\"from_tag\":\"1\",\"to_tag\":\"p2\","
	    "\"to_tag_changes\":1,\"caller_ip\":\"192.0.2.1\","
	    "\"callee_ip\":\"192.0.2.9\",\"final_code\":200,"
	    "\"post_dial_delay_ms\":300,\"setup_ms\":2000,"
	    "\"talk_seconds\":5.5,\"ended_by\":\"caller\","
	    "\"invite_retransmissions\":1,\"messages\":6,");
	said(&t, "\"call_id\":\"two\",\"state\":\"failed\"");
	said(&t, "\"call_id\":\"three\",\"state\":\"cancelled\"");
	said(&t, "\"call_states\":{\"answered\":1,\"ended\":1,"
	    "\"cancelled\":1,\"failed\":1}");
	trace_end(&t);
}

/* A call that was answered before, or rings, is not without a response. */
static void
test_middle(void)
{
	struct trace t;

	trace_open(&t);
	sip(&t, 9, 1, REPLY("200 OK", "held", ";tag=q"));
	t.now = 1000;
	sip(&t, 1, 9, "INVITE sip:b@x SIP/2.0\r\n" ENDS(";tag=q")
	    "Call-ID: held\r\nCSeq: 2 INVITE\r\n\r\n");
	sip(&t, 9, 1, REPLY("180 Ringing", "overtook", ";tag=q"));
	t.now = 2000;
	sip(&t, 1, 9, INVITE("overtook") "\r\n");
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "\"call_states\":{\"ringing\":1,\"answered\":1}");
	unsaid(&t, "_ms\":");
	trace_end(&t);
}

static void
rtp_of(struct trace *t, uint32_t type, uint32_t ms, uint16_t seq,
    uint32_t timestamp)
{
	struct buf b;

	buf_init(&b, 100);
	trace_be(&b, (0x8000U | type) << 16 | seq, 4);
	trace_be(&b, timestamp, 4);
	trace_be(&b, 0xabcd, 4);
	t->now = ms;
	trace_udp(t, 1, 40000, 9, 41000, buf_bytes(&b));
	buf_free(&b);
}

static void
rtp(struct trace *t, uint32_t ms, uint16_t seq, uint32_t timestamp)
{
	rtp_of(t, 96, ms, seq, timestamp);
}

/* A telephone-event between voice, all in time: it keeps its timestamp while
 * it lasts (RFC 4733), which is no jitter. */
static void
test_rtp_event(void)
{
	struct trace t;

	trace_open(&t);
	sip(&t, 1, 9, INVITE("one") SDP("192.0.2.1", "40000"));
	sip(&t, 9, 1, "SIP/2.0 200 OK\r\n" ENDS(";tag=b")
	    "Call-ID: one\r\nCSeq: 1 INVITE\r\n" SDP("192.0.2.9", "41000"));
	rtp(&t, 100, 1, 0);
	rtp_of(&t, 101, 120, 2, 160);
	rtp_of(&t, 101, 140, 3, 160);
	rtp_of(&t, 101, 160, 4, 160);
	rtp(&t, 180, 5, 640);
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "\"packets\":5,");
	said(&t, "\"lost\":0,");
	said(&t, "\"jitter_ms\":0,\"jitter_max_ms\":0,\"largest_gap_ms\":20,");
	trace_end(&t);
}

/* RFC 3550, A.8, by hand: the third packet is 8 ms = 64 ticks late, jitter
 * 64/16 = 4, then 8 ms early: 4 + (64 - 4)/16 = 7.75 ticks = 0.96875 ms. */
static void
test_rtp(void)
{
	struct trace t;

	trace_open(&t);
	sip(&t, 1, 9, INVITE("one") SDP("192.0.2.1", "40000"));
	sip(&t, 9, 1, "SIP/2.0 200 OK\r\n" ENDS(";tag=b")
	    "Call-ID: one\r\nCSeq: 1 INVITE\r\n" SDP("192.0.2.9", "41000"));
	rtp(&t, 100, 65534, 4294967136U);
	rtp(&t, 120, 65535, 0);             /* both wrap */
	rtp(&t, 148, 0, 160);
	rtp(&t, 160, 1, 320);
	rtp(&t, 200, 3, 640);               /* 2 is lost; on time */
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "[\"audio\",\"192.0.2.9:41000\",\"X/8000\",5,\"one\",2]");
	said(&t, "[\"audio\",\"192.0.2.1:40000\",\"X/8000\",0,\"one\",1]");
	said(&t, "\"call_id\":\"one\",\"payload_type\":96,"
	    "\"clock_rate_hz\":8000,\"packets\":5,\"payload_bytes\":0,"
	    "\"lost\":1,\"loss\":0.16666666666666666,\"out_of_order\":0,"
	    "\"duplicates\":0,");
	said(&t, "\"jitter_max_ms\":0.96875");
	said(&t, "\"jitter_ms\":0.908203125");
	said(&t, "\"largest_gap_ms\":40");
	/* The last one quoted in an ICMP error is not another one. */
	t.now = 220;
	trace_ip(&t, 9, 1, 1, tap_hex("03030000 00000000"
	    "4500002800090000 40110000 c0000201 c0000209"
	    "9c40a028 00140000 80600003 00000280 0000abcd"));
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "\"total_packets_in_file\":8");
	said(&t, "\"clock_rate_hz\":8000,\"packets\":5,");
	trace_end(&t);
}

/* Compact names, a folded header, several messages in one TCP segment. */
static void
test_forms(void)
{
	const char *two = "OPTIONS sip:b@x SIP/2.0\r\nf: <sip:a@x>;tag=1\r\n"
	    "t: <sip:b@x>\r\ni: c1\r\nCSeq: 1 OPTIONS\r\n"
	    "Subject: first\r\n  second\r\nl: 0\r\n\r\n"
	    "OPTIONS sip:b@x SIP/2.0\r\nf: <sip:a@x>;tag=1\r\n"
	    "t: <sip:b@x>\r\ni: c2\r\nCSeq: 2 OPTIONS\r\nl: 3\r\n\r\nabc";
	struct trace t;

	trace_open(&t);
	trace_tcp(&t, 1, 4000, 9, 5060, SYN, 99, 0, span_empty());
	trace_tcp(&t, 9, 5060, 1, 4000, SYN | ACK, 499, 100, span_empty());
	trace_tcp(&t, 1, 4000, 9, 5060, ACK | PSH, 100, 500,
	    span_text(two));
	trace_ask(&t, "analyze_sip_packets", "{}");
	said(&t, "\"sip_packets_found\":1");
	said(&t, "\"requests\":2");
	said(&t, "\"call_ids\":[\"c1\",\"c2\"]");
	said(&t, "\"transports\":{\"TCP\":2}");
	said(&t, "\"subject\":\"first second\"");
	said(&t, "\"content_length\":3,\"body_length\":3");
	trace_end(&t);
}

static void
register_as(struct trace *t, const char *credentials)
{
	char text[1000];

	(void)snprintf(text, sizeof(text), "REGISTER sip:x SIP/2.0\r\n"
	    "From: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: r\r\n"
	    "CSeq: %u REGISTER\r\n%s\r\n", 1 + t->id, credentials);
	sip(t, 1, 9, text);
	(void)snprintf(text, sizeof(text), "SIP/2.0 %s\r\n"
	    "From: <sip:a@x>;tag=1\r\nTo: <sip:a@x>;tag=2\r\nCall-ID: r\r\n"
	    "CSeq: %u REGISTER\r\n%s\r\n", credentials[0] == '\0' ?
	    "401 Unauthorized" : "403 Forbidden", t->id,
	    credentials[0] == '\0' ? "WWW-Authenticate: Digest "
	    "realm=\"r\", nonce=\"n\"\r\n" : "");
	sip(t, 9, 1, text);
}

static void
test_registrations(void)
{
	struct trace t;

	trace_open(&t);
	register_as(&t, "");
	register_as(&t, "Authorization: Digest username=\"u\", realm=\"r\", "
	    "nonce=\"n\", uri=\"sip:x\", response=\"0\"\r\n");
	trace_ask(&t, "analyze_sip_packets", "{\"max_bytes\":65536}");
	said(&t, "\"address_of_record\":\"sip:a@x\",\"client_ip\":"
	    "\"192.0.2.1\",\"registrar_ip\":\"192.0.2.9\",\"attempts\":2,"
	    "\"challenged\":1,\"accepted\":0,\"refused\":1,"
	    "\"last_code\":403");
	said(&t, "{\"scheme\":\"Digest\",\"realm\":\"r\",\"username\":\"u\","
	    "\"challenges\":0,\"responses\":1,");
	trace_end(&t);
}

/* A header line of a megabyte over TCP, no headers at all, many calls: told
 * within the answer's budget. */
static void
test_hostile(void)
{
	char text[400], chunk[1461];
	uint32_t seq = 100;
	struct trace t;

	memset(chunk, 'x', sizeof(chunk));
	trace_open(&t);
	sip(&t, 1, 9, "INVITE sip:b@x SIP/2.0\r\n\r\n");
	sip(&t, 1, 9, "SIP/2.0 200");
	trace_tcp(&t, 1, 4000, 9, 5060, SYN, 99, 0, span_empty());
	trace_tcp(&t, 1, 4000, 9, 5060, ACK, seq, 500,
	    span_text("OPTIONS sip:b@x SIP/2.0\r\nSubject: "));
	seq += 34;
	for (unsigned i = 0; i < 720; i++, seq += 1460)
		trace_tcp(&t, 1, 4000, 9, 5060, ACK, seq, 500,
		    span_of(chunk, 1460));
	trace_tcp(&t, 1, 4000, 9, 5060, ACK, seq, 500,
	    span_text("\r\nCall-ID: big\r\nl: 0\r\n\r\n"));
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(text, sizeof(text), INVITE("many%u") "%s", i,
		    SDP("192.0.2.1", "40000"));
		sip(&t, 1, 9, text);
	}
	trace_ask(&t, "analyze_sip_packets", "{}");
	ok(t.asked.good && ask_is_sound(&t.asked));
	ok(t.asked.answer.n <= 12000);
	said(&t, "\"calls_total\":300");
	said(&t, "\"truncated\":true");
	trace_end(&t);
}

/* Two calls that announce one port in turn: more often than their Call-IDs
 * would have room for, were they copied each time. */
static void
test_announced(void)
{
	struct sdp sdp = { .n_media = 1 };
	const struct rtp_announced *announced;
	struct rtp_streams s;
	char id[256];

	memset(id, 'x', sizeof(id));
	sdp.media[0].address = addr_of(ADDR_IPV4, (const uint8_t[4]){ 9 });
	sdp.media[0].port = 40000;
	rtp_streams_init(&s);
	for (unsigned i = 0; i < 70000; i++) {
		id[0] = (char)('a' + i % 2);
		rtp_streams_announce(&s, &sdp, span_of(id, sizeof(id)), i + 1);
	}
	announced = table_value(&s.announced, 0);
	ok_int(s.announced.n, 1);
	ok(announced->shared);
	ok_int(announced->last_call.n, sizeof(id));
	ok_int(announced->call_id.p[0], 'a');
	ok_int(announced->last_call.p[0], 'b');
	rtp_streams_free(&s);
}

int
main(void)
{
	hash_key_init();
	test_calls();
	test_middle();
	test_rtp();
	test_rtp_event();
	test_announced();
	test_forms();
	test_registrations();
	test_hostile();
	return tap_done();
}
