#include "base/text.h"
#include "fuzz/packets.h"
#include "fuzz/target.h"
#include "proto/dhcp.h"
#include "proto/dhcpv6.h"
#include "proto/dns.h"
#include "proto/nbns.h"
#include "proto/rtp.h"
#include "proto/sdp.h"
#include "proto/sip.h"

#define MEMORY ((size_t)64 << 20)

static const struct transport over_udp = { .protocol = 17, .sport = 5000,
	.dport = 53, .src = { ADDR_IPV4, { 10, 0, 0, 1 } },
	.dst = { ADDR_IPV4, { 10, 0, 0, 2 } } };

static void
data_check(const struct proto *proto, const void *data)
{
	struct buf text;

	buf_init(&text, 65536);
	if (proto->info != NULL)
		proto->info(&text, data);
	fuzz_check(text_is_utf8(buf_bytes(&text)));
	if (proto->subject != NULL)
		(void)span_equal(proto->subject(data), span_text("x"));
	buf_free(&text);
}

/* One message with and without a listener: the verdict is the same. */
static void
decode(const struct proto *proto, struct span in, size_t claimed,
    bool over_stream)
{
	struct arena arena;
	struct field_list fields;
	static struct packet packet;
	struct record record = { .number = 1, .bytes = in };
	bool was = false, malformed = false;

	arena_init(&arena, MEMORY);
	field_list_init(&fields, &arena);
	packet.bytes = in;
	packet.fields = NULL;
	packet.record = &record;
	packet.arena = &arena;
	for (int i = 0; i < 2; i++) {
		struct cursor c = cur_open_cut(in, claimed);
		struct decode d = { .arena = &arena, .packet = &packet,
			.transport = &over_udp, .over_stream = over_stream };
		const void *data;

		if (i == 1) {
			field_list_start(&fields, in);
			d.fields = packet.fields = &fields;
		}
		data = proto->decode(&c, &d);
		fuzz_check(c.pos <= in.n);
		if (data != NULL)
			data_check(proto, data);
		if (i == 1)
			fuzz_check(was == (data != NULL) &&
			    malformed == d.malformed);
		was = data != NULL;
		malformed = d.malformed;
	}
	fields_check(&fields);
	field_list_free(&fields);
	arena_free(&arena);
}

static void
run_proto(const struct proto *proto, struct span in)
{
	/* An odd number of bytes is a message that was cut. */
	decode(proto, in, in.n + (in.n & 1) * 100, false);
	if (proto->looks_like != NULL)
		(void)proto->looks_like(in, in.n, &over_udp);
	if (proto->frame == NULL)
		return;
	for (int end = 0; end < 2; end++) {
		struct span left = in;
		size_t n;

		for (n = proto->frame(left, end != 0);
		     n != FRAME_MORE && n != FRAME_NOT && n <= left.n;
		     n = proto->frame(left, end != 0)) {
			decode(proto, span_first(left, n), n, true);
			left = span_after(left, n);
			if (left.n == 0)
				break;
		}
	}
}

static void
run_dns(struct span in)
{
	run_proto(&proto_dns, in);
}

static void
run_mdns(struct span in)
{
	run_proto(&proto_mdns, in);
}

static void
run_nbns(struct span in)
{
	run_proto(&proto_nbns, in);
}

static void
run_dhcp(struct span in)
{
	run_proto(&proto_dhcp, in);
}

static void
run_dhcpv6(struct span in)
{
	run_proto(&proto_dhcpv6, in);
}

static void
run_sip(struct span in)
{
	run_proto(&proto_sip, in);
}

static void
run_sdp(struct span in)
{
	run_proto(&proto_sdp, in);
}

static void
run_rtp(struct span in)
{
	run_proto(&proto_rtp, in);
}

/* The text of every record of a message. */
static void
run_dns_records(struct span in)
{
	struct arena arena;
	struct cursor c = cur_open(in);
	struct decode d = { .arena = &arena, .transport = &over_udp };
	const struct dns_message *m;
	struct buf text;

	arena_init(&arena, MEMORY);
	buf_init(&text, (size_t)1 << 20);
	m = proto_dns.decode(&c, &d);
	for (size_t i = 0; m != NULL && i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];
		struct dns_name name;
		struct addr a;

		buf_cut(&text, 0);
		dns_record_text(&text, m, r, &arena);
		for (size_t k = 0; k < text.n; k++)
			fuzz_check(text.p[k] >= 0x20 && text.p[k] < 0x7f);
		(void)dns_record_name(m, r, &arena, &name);
		(void)dns_record_address(r, &a);
		(void)dns_name_address(r->owner->key, &a);
	}
	buf_free(&text);
	arena_free(&arena);
}

static void
run_dispatch(struct span in)
{
	const struct dispatch_limits limits = { .max_message = 4096,
		.max_bytes = 20000 };
	struct cursor c = cur_open(in);
	static struct road road;
	struct field_list fields;
	struct record r;
	uint64_t number = 0;

	road_begin(&road);
	road.defrag = defrag_new(NULL);
	road.flows = flows_new(NULL);
	road.dispatch = dispatch_new(&limits);
	field_list_init(&fields, &road.arena);
	if (in.n > 0 && (in.p[in.n - 1] & 1) != 0)
		road.fields = &fields;
	while (road.flows != NULL && packets_next(&c, &r, &number)) {
		road_walk(&road, &r);
		for (const struct message *m = road.packet.messages;
		     m != NULL; m = m->next)
			data_check(m->proto, m->data);
		if (road.fields != NULL)
			fields_check(&fields);
	}
	if (road.flows != NULL && road.dispatch != NULL)
		dispatch_finish(road.dispatch, road.flows);
	field_list_free(&fields);
	road_end(&road);
}

const struct fuzz_target fuzz_proto[] = {
	{ "dns", SEED_PAYLOAD, run_dns },
	{ "mdns", SEED_PAYLOAD, run_mdns },
	{ "dns_records", SEED_PAYLOAD, run_dns_records },
	{ "nbns", SEED_PAYLOAD, run_nbns },
	{ "dhcp", SEED_PAYLOAD, run_dhcp },
	{ "dhcpv6", SEED_PAYLOAD, run_dhcpv6 },
	{ "sip", SEED_PAYLOAD, run_sip },
	{ "sdp", SEED_PAYLOAD, run_sdp },
	{ "rtp", SEED_PAYLOAD, run_rtp },
	{ "dispatch", SEED_PACKETS, run_dispatch },
	{ NULL, SEED_BYTES, NULL },
};
