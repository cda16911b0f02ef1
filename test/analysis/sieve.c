#include "analysis/packet_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

/*
 * Which way packets go through a filter depends on what else is asked of
 * them, and must not be seen in the answer: the frames that pass are the same
 * where nobody asks anything else and where all fields of all packets are
 * wanted.  Over the captures given, or over the fixtures.
 */
static const char *const filters[] = {
	"dns", "dns.flags.rcode == 3", "mdns || llmnr || nbns", "sip", "rtp",
	"sdp", "dhcp || dhcpv6", "sip || rtp", "!dns", "!(udp || tcp)",
	"dns && ip.src == 10.0.0.0/8", "ip.id == 0 || dns.id == 1",
	"dns.response_to", "sip.Method == \"INVITE\" xor udp.port == 5060",
	"ip.id > 100", "tcp.options.mss_val", "udp.length > 100",
	"ip.dsfield.dscp != 0", "frame contains \"sip\"", "icmp.seq == 1",
	"udp", "tcp.flags.syn == 1 && tcp.flags.ack == 0", "ip.fragments",
	"frame.number < 5", "eth.type == 0x0800", "vxlan || gre || gtp",
	"not tcp.len > 0", "frame.protocols contains \"dns\"",
	"frame.protocols == \"eth:ethertype:ip:tcp\" || sip",
	"!(frame.protocols contains \"ip\")",
	"tcp.seq == 1", "tcp.stream == 0", "frame.time_delta > 1",
	"tcp.stream in {1, 3 .. 5} || udp.stream != 2", "udp.stream",
	"tcp.analysis.flags", "!tcp.analysis.flags && tcp.len > 0",
	"tcp.analysis.retransmission && ip.ttl > 1",
	"tcp.analysis.fast_retransmission",
	"tcp.analysis.spurious_retransmission", "tcp.analysis.out_of_order",
	"tcp.analysis.reused_ports || tcp.analysis.window_update",
	"tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment",
	"tcp.analysis.window_full || tcp.analysis.zero_window",
	"tcp.analysis.keep_alive xor tcp.analysis.keep_alive_ack",
	"tcp.analysis.duplicate_ack && frame.len > 60",
	"tcp.analysis.zero_window_probe",
	"tcp.analysis.zero_window_probe_ack", "tcp.analysis.ack_rtt > 0.01",
	"icmp.type == 8 || arp.opcode == 1", "icmpv6.type == 128",
	"ip.addr == 10.0.0.0/8 && tcp.port in {80, 443}", "eth.dst[0] & 1",
	"frame.time_relative > 0.5", "frame.time_delta <= 0.001 && !dns",
	"frame.time_delta_displayed > 0.01 || ip.ttl == 1",
	"frame.time_epoch > 1000000000 && eth.type == 0x0800",
	"tcp.options.mss", "tcp.options.sack_le > 0", "!tcp.options.wscale",
	"tcp.options.timestamp.tsval > 1", "tcp.options.sack_perm || udp",
	"tcp.seq > 1 || udp.stream == 1", "tcp.nxtseq in {1, 5 .. 900}",
	"tcp.ack == 0", "tcp.ack > 1 && tcp.flags.fin == 1", "tcp.ack",
	"tcp.window_size > 10000", "tcp.window_size == 0 || arp",
	"tcp.completeness == 7 || tcp.completeness == 31",
	"tcp.completeness < 7", "tcp.time_relative > 0.05",
	"tcp.time_delta == 0", "!(tcp.time_delta > 0.001)",
	"ip.addr == 10.0.0.0/8 xor tcp.port == 80 xor frame.number > 4",
	"(dns || tcp.port in {80, 443}) && !(ip.src >= 10.0.0.2)",
	"arp || icmp || ip.ttl in {64 .. 255}", "frame.number > 2 || dns",
	"frame.time_delta_displayed > 0 && tcp.port != 80",
	"tcp.nxtseq < 2 && tcp.stream > 0", "udp.stream == 1 && !tcp.seq",
};

/* The frames that passed. */
struct passed {
	uint64_t *at;
	size_t n, size;
};

static bool
begin(void *state, struct scan *scan, const void *options)
{
	(void)scan;
	*(struct passed **)state = *(struct passed *const *)options;
	return true;
}

static void
note(void *state, const struct packet *p)
{
	struct passed *f = *(struct passed **)state;

	if (f->n == f->size) {
		f->size = f->size * 2 + 64;
		f->at = realloc(f->at, f->size * sizeof(*f->at));
	}
	f->at[f->n++] = p->record->number;
}

static const struct analyzer alone = {
	.name = "alone", .wants = WANT_WALK | WANT_DEFRAG, .glances = true,
	.size = sizeof(struct passed *), .begin = begin, .packet = note,
};
static const struct analyzer walked = {
	.name = "walked", .wants = WANT_WALK | WANT_DEFRAG,
	.size = sizeof(struct passed *), .begin = begin, .packet = note,
};
static const struct analyzer all = {
	.name = "all", .wants = WANT_WALK | WANT_DEFRAG | WANT_FLOWS |
	    WANT_MESSAGES | WANT_FIELDS,
	.size = sizeof(struct passed *), .begin = begin, .packet = note,
};

static bool
run(const char *path, const struct filter *filter, const struct analyzer *a,
    struct passed *passed)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum capture_error error;
	struct capture *c = capture_open(fd, false, NULL, &error);
	struct scan_request request = { .analyzer = a, .options = &passed,
		.all_fields = a == &all };
	struct scan s;

	passed->n = 0;
	if (c == NULL)
		return false;
	scan_init(&s, c);
	s.filter = filter;
	if (!scan_run(&s, &request, 1))
		passed->n = 0;
	scan_free(&s);
	capture_close(c);
	return true;
}

static bool
same(const struct passed *a, const struct passed *b)
{
	return a->n == b->n &&
	    (a->n == 0 || memcmp(a->at, b->at, a->n * sizeof(*a->at)) == 0);
}

static uint64_t matches;

static void
check(const char *path, const char *text)
{
	static struct passed one, two, three;
	struct filter_error error;
	struct filter *f = filter_compile(span_text(text), &error);

	if (f == NULL) {
		ok(f != NULL);
		printf("# %s: %s\n", text, error.text);
		return;
	}
	if (run(path, f, &alone, &one) && run(path, f, &walked, &two) &&
	    run(path, f, &all, &three)) {
		matches += three.n;
		if (!same(&one, &three) || !same(&two, &three)) {
			tap_check(false, text, __FILE__, __LINE__);
			printf("# %s: %zu, %zu and %zu frames\n", path, one.n,
			    two.n, three.n);
		}
	}
	filter_free(f);
}

static void
check_all(const char *path)
{
	for (size_t i = 0; i < LENGTH(filters); i++)
		check(path, filters[i]);
}

int
main(int argc, char **argv)
{
	DIR *dir = argc > 1 ? NULL : opendir(FIXTURES);
	struct dirent *entry;
	char path[512];

	for (int i = 1; i < argc; i++)
		check_all(argv[i]);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), FIXTURES "/%s", entry->d_name);
		check_all(path);
	}
	if (dir != NULL)
		closedir(dir);
	ok(argc > 1 || matches > 1000);
	return tap_done();
}
