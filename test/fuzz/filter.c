#include "filter/filter.h"

#include <stdlib.h>

#include "base/text.h"
#include "fuzz/packets.h"
#include "fuzz/target.h"
#include "net/plain.h"

#define MEMORY ((size_t)64 << 20)

static struct filter *
compile(struct span text)
{
	struct filter_error error = { 0, "" };
	struct filter *f = filter_compile(text, &error);

	if (f != NULL)
		return f;
	fuzz_check(error.text[0] != '\0' &&
	    memchr(error.text, '\0', sizeof(error.text)) != NULL);
	fuzz_check(error.offset <= text.n &&
	    text_is_utf8(span_text(error.text)));
	return NULL;
}

/* So do the headers of a plain packet without messages. */
static void
agree_plain(const struct filter *f, const struct packet *p, bool wanted)
{
	static struct glance_near near;
	static bool begun;
	struct glance g;
	uint32_t look;
	struct filter_answers answers;

	if (!begun)
		plain_near_begin(&near);
	begun = true;
	if (p->messages != NULL ||
	    (plain_glances(p->record, 1, 1, &plain_asks, &g).plain != 1 &&
	    plain_far(p->record, 1, &near, &g, &look) != 1))
		return;
	answers = filter_glances(f, &(struct filter_seen){
	    .records = p->record, .glances = &g }, 1);
	fuzz_check(answers.yes == 0 || (answers.no == 0 && wanted));
	fuzz_check(answers.no == 0 || !wanted);
}

/* The quick look and the long one agree, whenever the quick one is sure. */
static void
agree(const struct filter *f, struct span packets)
{
	struct cursor c = cur_open(packets);
	static struct road road;
	struct field_wants *wants = field_wants_new();
	struct field_list fields;
	struct record r;
	uint64_t number = 0;

	road_begin(&road);
	road.flows = flows_new(NULL);
	field_list_init(&fields, &road.arena);
	if (wants != NULL)
		filter_wants(f, wants);
	while (wants != NULL && road.flows != NULL &&
	    packets_next(&c, &r, &number)) {
		bool wanted, all;
		enum filter_answer quick;

		fields.wants = wants;
		road.fields = &fields;
		road_walk(&road, &r);
		wanted = filter_match(f, &road.packet);
		quick = filter_quick(f, &road.packet, true);
		fuzz_check(quick == FILTER_UNSURE ||
		    (quick == FILTER_YES) == wanted);
		agree_plain(f, &road.packet, wanted);
		fields.wants = NULL;
		road_walk(&road, &r);
		all = filter_match(f, &road.packet);
		(void)all;
	}
	field_list_free(&fields);
	field_wants_free(wants);
	road_end(&road);
}

/* The filter, NUL, packets. */
static void
run_filter_packets(struct span in)
{
	size_t at = span_find_byte(in, '\0');
	struct filter *f = compile(span_first(in, at));

	if (f != NULL)
		agree(f, span_after(in, at + 1));
	filter_free(f);
}

/* A filter of our own, chosen by the first byte, over noise. */
static void
run_filter_plain(struct span in)
{
	static const char *const texts[] = { "tcp.port == 443",
		"ip.addr == 10.0.0.0/8 and not udp", "eth.addr[0:3] == "
		"00:11:22", "frame.len > 100 or vlan.id == 5",
		"tcp.flags.syn == 1 && tcp.flags.ack == 0", "ipv6.dst == "
		"fe80::/10", "icmp.type in {0, 3..5, 8}", "udp.length < 20",
		"ip.ttl == 1 || ip.flags.mf", "!(arp or dns)", "tcp.len > 0",
		"frame contains 41:42", "ip.proto == 6 xor tcp",
		"udp.srcport != 53", "ip.src != ip.dst", "tcp.window_size < 9",
		"gre or vxlan or geneve or gtp", "sctp.chunk_type == 1",
		"ip.len == 40", "ip.id & 1", "mpls", "any ip.addr == 10.0.0.1",
		"all ip.addr == 10.0.0.1" };
	static struct filter *filters[LENGTH(texts)];
	size_t k;

	if (in.n == 0)
		return;
	k = in.p[0] % LENGTH(texts);
	/* Once: a filter is not changed by what it is asked. */
	if (filters[k] == NULL)
		filters[k] = compile(span_text(texts[k]));
	fuzz_check(filters[k] != NULL);
	agree(filters[k], span_after(in, 1));
}

static void
run_filter(struct span in)
{
	struct filter *f = compile(in);
	const char *names[8];

	if (f != NULL)
		fuzz_check(filter_protocols(f, names, LENGTH(names)) <=
		    LENGTH(names));
	filter_free(f);
}

const struct fuzz_target fuzz_filter[] = {
	{ "filter", SEED_TEXT, run_filter },
	{ "filter_packets", SEED_TEXT, run_filter_packets },
	{ "filter_plain", SEED_PACKETS, run_filter_plain },
	{ NULL, SEED_BYTES, NULL },
};
