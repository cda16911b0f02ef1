#include "analysis/packet_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/table.h"
#include "tap.h"

/*
 * Rows that are made while the matches are counted are those that a second
 * reading, of the frames that were chosen, makes; or they are not whole, and
 * nobody shows them.  Over the captures given, or over the fixtures.
 */
static const char *const filters[] = {
	"tcp", "ip", "frame.number > 3", "tcp.port == 80 || tcp.port == 443",
	"ip.src == 10.0.0.0/8", "tcp.srcport < 1024 && tcp.len > 0",
	"tcp.flags.reset == 1 || tcp.flags.fin == 1",
	"!(tcp.port == 80) && !udp", "tcp.dstport > tcp.srcport",
	"vlan || gre || sll || vxlan", "ip.ttl < 33", "arp || icmp || icmpv6",
	"ipv6 && tcp", "ip.addr != 10.0.0.1 && tcp.ack_raw > 5",
	"tcp.dstport in {53, 80, 5060, 5061}", "tcp.options.mss || arp",
	"ip.src == 192.0.2.1", "ip.dst == 192.0.2.1 && tcp.dstport >= 80",
	"not vlan && tcp.flags.syn == 0", "tcp.payload contains \"e\"",
	"udp && !(udp.port == 5060)", "udp.port in {1024 .. 65535}",
	"tcp xor tcp.srcport == 80", "eth.type == 0x0800 && tcp", "!eth",
	"!vlan && ip.addr == 10.1.0.1", "vlan.id == 20 && tcp.port == 443",
	"vlan && tcp.dstport == 80 || tcp.flags.fin == 1",
};

static struct capture *
capture_at(const char *path)
{
	enum capture_error error;

	return capture_open(open(path, O_RDONLY | O_CLOEXEC), false, NULL,
	    &error);
}

static bool
late(const char *path, const struct packet_choice *choice,
    struct packet_list_options *o)
{
	struct capture *c = capture_at(path);
	struct scan_request request = { .options = o,
		.analyzer = packet_list_analyzer(o->columns) };
	struct scan s;
	bool done;

	scan_init(&s, c);
	s.only = choice->frames;
	s.n_only = choice->n;
	s.only_ports = choice->ports;
	s.stop_after = choice->frames[choice->n - 1];
	done = scan_run(&s, &request, 1);
	scan_free(&s);
	capture_close(c);
	return done;
}

static uint64_t whole, given_up;

static void
check(const char *path, const char *text, uint64_t limit, uint64_t budget)
{
	struct capture *c = capture_at(path);
	struct filter_error error;
	struct filter *f = filter_compile(span_text(text), &error);
	struct columns columns;
	struct rows rows, again;
	struct packet_choice_options choose = { 1, limit };
	struct packet_list_options early = { &columns, &rows, 0, 0, 0 };
	struct packet_list_options second = { &columns, &again, 0, 0, 0 };
	struct scan_request requests[] = {
		{ .analyzer = &packet_chooser, .options = &choose },
		{ .analyzer = &packet_list_early, .options = &early },
	};
	const struct packet_choice *choice;
	struct scan s;

	columns_default(&columns);
	rows_init(&rows);
	rows_init(&again);
	rows.limit = again.limit = limit;
	scan_init(&s, c);
	s.filter = f;
	s.early = budget;
	if (c != NULL && ok(f != NULL) && scan_run(&s, requests, 2)) {
		choice = requests[0].state;
		if (!packet_list_whole(requests[1].state))
			given_up++;
		else if (choice->n > 0) {
			whole++;
			if (!late(path, choice, &second) ||
			    !span_equal(buf_bytes(&rows.buf),
			    buf_bytes(&again.buf)) || rows.buf.n == 0)
				tap_check(false, text, __FILE__, __LINE__);
		}
	}
	scan_free(&s);
	filter_free(f);
	rows_free(&rows);
	rows_free(&again);
	columns_free(&columns);
	capture_close(c);
}

static void
check_all(const char *path)
{
	static const uint64_t limits[] = { 1, 7, 100 };

	for (size_t i = 0; i < LENGTH(filters); i++)
		for (size_t k = 0; k < LENGTH(limits); k++) {
			check(path, filters[i], limits[k], 100000);
			check(path, filters[i], limits[k], 1 + i % 9);
		}
}

int
main(int argc, char **argv)
{
	DIR *dir = argc > 1 ? NULL : opendir(FIXTURES);
	struct dirent *entry;
	char path[512];

	hash_key_init();
	for (int i = 1; i < argc; i++)
		check_all(argv[i]);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), FIXTURES "/%s", entry->d_name);
		if (entry->d_name[0] != '.')
			check_all(path);
	}
	if (dir != NULL)
		closedir(dir);
	printf("# %llu whole, %llu given up\n", (unsigned long long)whole,
	    (unsigned long long)given_up);
	ok(argc > 1 || (whole > 500 && given_up > 500));
	return tap_done();
}
