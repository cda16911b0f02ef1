#include "filter/filter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/table.h"
#include "filter/program.h"
#include "net/walk.h"
#include "tap.h"

/*
 * filter_quick() on a packet walked without anything must agree with
 * filter_match() on its fields, or be unsure.  Over the captures given, or
 * over those of the fixtures.
 */
static const char *const filters[] = {
	"eth.type == 0x0800", "eth.type == 0x8100", "vlan.etype == 0x86dd",
	"ip.version == 6", "ip.flags.rb == 1", "ip.flags.mf == 0",
	"ip.frag_offset == 0", "ipv6.plen > 50", "ipv6.nxt == 58",
	"tcp.urgent_pointer == 0", "icmp.checksum > 5", "icmp.ident > 5",
	"icmp.seq > 0", "icmpv6.checksum != 0", "icmpv6.echo.identifier > 2",
	"icmpv6.echo.sequence_number == 1", "frame.time",
	"frame.time > \"2024-01-01\"", "frame.time_epoch < 1700000000.5",
	"frame.time_epoch", "frame matches \"he+l\"",
	"tcp contains 00", "udp contains \"e\"", "ip contains 01:02",
	"ipv6 contains \"a\"", "tcp.payload contains \"HTTP\"",
	"not tcp.payload contains \"x\"", "udp.payload matches \"^.\"",
	"tcp matches \"(?i)host\"", "tcp.payload matches \"$\"",
	"frame matches \"(?-i)GET|POST\" && tcp", "frame contains \"e\"",
	"frame contains 00:00:00", "not frame contains \"hello\" && tcp",
	"frame.number > 3", "frame.len >= 100", "frame.cap_len < 60",
	"frame", "eth", "vlan", "arp", "ip", "ipv6", "tcp", "udp", "icmp",
	"icmpv6", "eth.src > 80:00:00:00:00:00",
	"eth.dst == ff:ff:ff:ff:ff:ff", "eth.addr != 00:00:00:00:00:00",
	"vlan.id", "vlan.id == 10", "vlan.id != 10", "all vlan.id > 10",
	"ip.src", "ip.src == 10.0.0.0/8", "ip.dst > 128.0.0.0",
	"ip.addr == 192.168.0.0/16", "ip.addr != 10.0.0.0/8",
	"ip.addr in {10.0.0.0/8, 192.0.2.1}", "ip.proto == 17",
	"ip.proto in {1, 6}", "ip.ttl < 64", "ipv6.src", "ipv6.dst",
	"ipv6.addr == fe80::/10", "ipv6.hlim == 255", "ipv6.addr != ::",
	"tcp.port == 80", "tcp.srcport > 1023", "tcp.dstport in {1 .. 1023}",
	"tcp.port != 80", "all tcp.port > 1000", "udp.port == 53",
	"udp.srcport", "udp.dstport == 53", "tcp.len > 0",
	"tcp.window_size_value < 1000", "tcp.seq_raw > 2147483648",
	"tcp.ack_raw == 0", "tcp.flags == 2", "tcp.flags.syn == 1",
	"tcp.flags.ack", "tcp.flags.fin == 1", "tcp.flags.reset == 1",
	"tcp.flags.push == 0", "icmp.type == 8", "icmp.code != 0",
	"icmpv6.type in {133 .. 137}", "icmpv6.code == 0", "arp.opcode == 1",
	"ip.src == 10.0.0.0/8 && tcp.port == 80", "!tcp || udp.port == 53",
	"ip.src == 10.0.0.1", "ip.addr != 10.0.0.1", "all ip.addr != 10.0.0.2",
	"ip.dst >= 10.0.0.2", "ip.src == 10.0.0.1 && tcp.port == 443",
	"ipv6.src == 2001:db8::1", "ipv6.addr != 2001:db8::2",
	"eth.src == 02:00:00:00:00:01", "eth.addr != 02:00:00:00:00:02",
	"tcp.port >= 1024", "tcp.port <= 80",
	"ip.dsfield != 0", "ip.dsfield.dscp == 0", "ip.len > 100",
	"ip.id == 0", "ip.flags.df == 1", "ip.checksum != 0",
	"udp.length >= 50", "udp.checksum == 0", "tcp.hdr_len == 20",
	"tcp.checksum > 32767",
	"tcp.flags.ae == 1", "tcp.flags.cwr", "tcp.flags.ece == 0",
	"tcp.flags.urg == 0", "icmp.type", "icmpv6.type == 128",
	"udp.port in {53, 67 .. 68}", "all udp.port != 53", "vlan.id <= 5",
	"ip.dsfield.dscp > 3", "eth.addr != 02:00:00:00:00:01",
	"tcp.hdr_len > 20", "ipv6.src != 2001:db8::1",
	"ip.src < 10.0.0.0/8", "ip.dst >= 10.0.0.0/8", "ip.src <= 10.0.0.1",
	"ip.src > 10.0.0.0/9", "ip.addr in {10.0.0.0/8, 192.0.2.1 .. "
	"192.0.2.9} or ipv6", "tcp.port in {0 .. 79, 81, 443 .. 65535}",
	"tcp.srcport >= 0", "tcp.srcport < 0", "all tcp.port >= 443",
	"eth.src in {02:00:00:00:00:01 .. 02:00:00:00:00:09}",
	"eth.dst <= 7f:ff:ff:ff:ff:ff", "eth.src < 80:00:00:00:00:00",
	"frame.len in {60, 64 .. 80}", "tcp.len <= 0 or udp.length < 20",
	"tcp xor udp xor ip.ttl > 64", "not (tcp.port == 80 xor ip)",
	"ip.addr == 10.0.0.0/31", "ip.src != 10.0.0.2/31", "ip.dst == 0.0.0.0/0",
	"not ip xor tcp", "!(ip.addr == 10.0.0.0/8 or ipv6) and not arp",
};

/* Which headers decide, though not the walked packet. */
static const char *const parted[] = {
	"eth.src[0:3] == 02:00:00", "ip[9] == 6", "ip[8:2] == 40:06",
	"tcp[13] & 2", "tcp[13] & 0x10 && udp", "udp[0:2] == 00:35",
	"frame[12:2] == 08:00", "frame[-1] == 0", "tcp.payload[0:3] == \"GET\"",
	"len(tcp.payload) > 10", "len(udp.payload) < 30", "ip.src == ip.dst",
	"ip.src < ip.dst", "tcp.srcport == tcp.dstport", "len(ip) == 20",
	"len(tcp) > 20", "len(frame) > 60", "len(udp) == 8",
	"tcp.srcport + 1 > tcp.dstport", "count(ip.addr) == 2",
	"count(tcp.port) > 1 && ip", "string(ip.src) contains \"10.\"",
	"ip.ttl & 1", "tcp.flags & 2",
	"ip.addr == ip.src", "all ip.addr != ip.src", "eth.src == eth.dst",
	"ip[-4:4] contains 00", "tcp[20:] contains 01", "ip.id % 2 == 0",
	"tcp.seq_raw - tcp.ack_raw > 100", "ipv6[6] == 6", "ipv6.src[0:2] == fe:80",
	"upper(string(ip.dst)) contains \"1\"", "tcp.len + 20 > ip.ttl",
	"ip.len - tcp.len >= 40", "tcp.payload contains tcp.payload[0:1]",
	"max(tcp.srcport, tcp.dstport) > 1024", "vlan.id & 1", "ip.hdr_len == 20",
	"tcp.checksum.status == 2", "ip.checksum.status != 2",
	"ip.checksum.status", "ip.hdr_len * 2 > 40", "frame.len - ip.len == 14",
	"frame.number % 2 == 1", "tcp.options.mss_val xor tcp",
	"ip xor tcp.options.timestamp.tsval > 0",
	"frame.protocols", "frame.protocols contains \"tcp\" || arp",
	"frame.protocols == \"eth:ethertype:ip:udp\"",
	"frame.protocols matches \"vlan.*icmp\"",
	"frame.protocols in {\"eth:ethertype:ipv6:tcp\", \"eth:ethertype:arp\"}",
	"len(frame.protocols) > 22", "frame.protocols > \"eth:ethertype:ip:\"",
};

/* Of all of these and of every field alone a plain packet's layers may say
 * something: messages are none here. */
#define FIELDS_MAX 4000

struct judged {
	struct filter *at[LENGTH(filters)];
	uint64_t sure[LENGTH(filters)];
	struct field_wants *wants;
	struct filter *parted[LENGTH(parted)];
	struct filter *fields[FIELDS_MAX];
	size_t n_fields;
	uint64_t packets, plain, others, headers_sure;
};

static void
judge_answer(enum filter_answer answer, const struct filter *f,
    const struct packet *listened, const char *path, const char *who)
{
	if (answer == FILTER_UNSURE ||
	    (answer == FILTER_YES) == filter_match(f, listened))
		return;
	tap_check(false, who, __FILE__, __LINE__);
	printf("# %s frame %llu: %s say %s\n", path,
	    (unsigned long long)listened->record->number, who,
	    answer == FILTER_YES ? "yes" : "no");
}

/* The bytes again, and behind them nothing that could be read. */
static struct span
at_edge(struct span bytes)
{
	static uint8_t *edge;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = 64 * page;

	if (edge == NULL) {
		edge = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (edge == MAP_FAILED ||
		    mprotect(edge + room, page, PROT_NONE) != 0)
			abort();
		edge += room;
	}
	if (bytes.n > room)
		return bytes;
	memcpy(edge - bytes.n, bytes.p, bytes.n);
	return span_of(edge - bytes.n, bytes.n);
}

/* What headers say where they stand, of several packets: one of them is this
 * one. */
static void
judge_headers(struct judged *j, const struct filter *f,
    const struct glance *g, const struct packet *listened, const char *path)
{
	struct record records[4] = { *listened->record, *listened->record,
		*listened->record, *listened->record };
	struct glance glances[4] = { *g, *g, *g, *g };
	struct filter_answers answers;
	enum filter_answer answer;

	records[1].bytes = records[3].bytes = at_edge(records[1].bytes);
	answers = filter_glances(f,
	    &(struct filter_seen){ .records = records, .glances = glances },
	    0xa);
	answer = answers.yes != 0 ? FILTER_YES :
	    answers.no != 0 ? FILTER_NO : FILTER_UNSURE;
	if ((answers.yes != 0 && answers.yes != 0xa) ||
	    (answers.no != 0 && answers.no != 0xa) ||
	    (answers.yes & answers.no) != 0)
		tap_check(false, "one answer", __FILE__, __LINE__);
	j->headers_sure += answer != FILTER_UNSURE;
	judge_answer(answer, f, listened, path, "headers");
}

static void
judge_plain(struct judged *j, const struct packet *listened, const char *path)
{
	static struct glance_near near;
	static bool begun;
	struct glance g;
	uint32_t look;

	if (!begun)
		plain_near_begin(&near);
	begun = true;
	if (plain_glances(listened->record, 1, 1, &plain_asks, &g).plain != 1 &&
	    plain_far(listened->record, 1, &near, &g,
	    &look) != 1)
		return;
	j->others += g.kind >= PLAIN_ECHO;
	j->plain++;
	for (size_t i = 0; i < LENGTH(filters); i++)
		judge_headers(j, j->at[i], &g, listened, path);
	for (size_t i = 0; i < LENGTH(parted); i++)
		judge_headers(j, j->parted[i], &g, listened, path);
	for (size_t i = 0; i < j->n_fields; i++)
		judge_headers(j, j->fields[i], &g, listened, path);
}

static void
fields_add(struct judged *j)
{
	struct filter_error error;

	for (size_t i = 0; i < field_tables(); i++) {
		const struct field_table *table = field_table_at(i);

		for (size_t k = 0; k < table->n; k++) {
			struct filter *f = filter_compile(
			    span_text(table->rows[k].name), &error);

			if (f == NULL || j->n_fields == FIELDS_MAX)
				continue;
			j->fields[j->n_fields++] = f;
			filter_wants(f, j->wants);
		}
	}
}

static void
judge(struct judged *j, const struct packet *walked,
    const struct packet *listened, const char *path)
{
	for (size_t i = 0; i < LENGTH(filters); i++) {
		enum filter_answer quick = filter_quick(j->at[i], walked, false);

		if (quick == FILTER_UNSURE)
			continue;
		j->sure[i]++;
		if ((quick == FILTER_YES) == filter_match(j->at[i], listened))
			continue;
		tap_check(false, filters[i], __FILE__, __LINE__);
		printf("# %s frame %llu: quick says %s\n", path,
		    (unsigned long long)listened->record->number,
		    quick == FILTER_YES ? "yes" : "no");
	}
}

static void
read_capture(struct judged *j, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum capture_error error;
	struct capture *c = capture_open(fd, false, NULL, &error);
	struct arena arena;
	struct field_list list;
	struct record r;
	struct walk full = { .fields = &list, .defrag = defrag_new(NULL) };

	if (c == NULL)
		goto out;
	arena_init(&arena, (size_t)1 << 26);
	field_list_init(&list, &arena);
	while (capture_read(c, &r, 1) == 1) {
		static const struct walk bare;
		struct packet walked, listened;

		arena_reset(&arena);
		memset(&walked, 0xa5, sizeof(walked));
		memset(&listened, 0xa5, sizeof(listened));
		walked.messages = listened.messages = NULL;
		walked.fields = NULL;
		walked.arena = listened.arena = &arena;
		packet_walk(&bare, &r, &arena, &walked);
		field_list_start(&list, r.bytes);
		list.wants = j->wants;
		listened.fields = &list;
		packet_walk(&full, &r, &arena, &listened);
		judge(j, &walked, &listened, path);
		judge_plain(j, &listened, path);
		j->packets++;
	}
	field_list_free(&list);
	arena_free(&arena);
	capture_close(c);
out:
	defrag_free(full.defrag);
}

/* Every test is of a kind that filter_quick() knows. */
static bool
all_quick(const struct filter *f)
{
	for (size_t i = 0; i < f->n_tests; i++)
		if (f->tests[i].quick == QUICK_NONE)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	static const char *const fixtures[] = { "builder-layers.pcap",
		"pcap-lengths.pcap", "pcapng-links.pcapng",
		"net-layers.pcapng", "net-links.pcapng", "net-shims.pcapng",
		"ip-tunnel-pieces.pcap", "icmp-mixed.pcap",
		"tcp-mixed.pcap", "tcp-options.pcap", "dns-basic.pcap" };
	static struct judged j;
	char path[512];

	hash_key_init();
	j.wants = field_wants_new();
	fields_add(&j);
	ok(j.n_fields > 500 && j.n_fields < FIELDS_MAX);
	for (size_t i = 0; i < LENGTH(filters); i++) {
		struct filter_error error;

		j.at[i] = filter_compile(span_text(filters[i]), &error);
		if (!ok(j.at[i] != NULL && all_quick(j.at[i]))) {
			printf("# %s: %s\n", filters[i], error.text);
			return tap_done();
		}
		filter_wants(j.at[i], j.wants);
	}
	for (size_t i = 0; i < LENGTH(parted); i++) {
		struct filter_error error;

		j.parted[i] = filter_compile(span_text(parted[i]), &error);
		if (!ok(j.parted[i] != NULL)) {
			printf("# %s: %s\n", parted[i], error.text);
			return tap_done();
		}
		filter_wants(j.parted[i], j.wants);
	}
	for (int i = 1; i < argc; i++)
		read_capture(&j, argv[i]);
	for (size_t i = 0; argc < 2 && i < LENGTH(fixtures); i++) {
		snprintf(path, sizeof(path), FIXTURES "/%s", fixtures[i]);
		read_capture(&j, path);
	}
	ok(j.packets > 0);
	ok(argc > 1 || j.others > 1);
	ok(argc > 1 || (j.plain > 5 && j.headers_sure > j.plain * 540));
	for (size_t i = 0; i < LENGTH(filters); i++) {
		printf("# %s: sure of %llu in %llu\n", filters[i],
		    (unsigned long long)j.sure[i],
		    (unsigned long long)j.packets);
		filter_free(j.at[i]);
	}
	for (size_t i = 0; i < LENGTH(parted); i++)
		filter_free(j.parted[i]);
	for (size_t i = 0; i < j.n_fields; i++)
		filter_free(j.fields[i]);
	field_wants_free(j.wants);
	return tap_done();
}
