#include "analysis/analyzer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/table.h"
#include "tap.h"

/* What an analyser heard, in one number a packet. */
struct heard {
	uint64_t packets, messages, bytes, gaps, finished;
	uint64_t hash;
	uint64_t fields;
	struct scan *scan;
	uint64_t stop_at;
};

static void
mix(struct heard *h, uint64_t value)
{
	h->hash = (h->hash ^ value) * UINT64_C(0x100000001b3) + 1;
}

static bool
heard_begin(void *state, struct scan *scan, const void *options)
{
	struct heard *h = state;

	h->scan = scan;
	if (options != NULL)
		h->stop_at = *(const uint64_t *)options;
	return true;
}

static void
heard_packet(void *state, const struct packet *p)
{
	struct heard *h = state;

	h->packets++;
	mix(h, p->record->number);
	mix(h, p->layers);
	if (p->layers != (uint64_t)1 << LAYER_FRAME) {
		mix(h, p->n_transports);
		for (size_t i = 0; i < p->n_transports; i++) {
			mix(h, p->transports[i].sport);
			mix(h, p->transports[i].payload_claimed);
		}
	}
	if (p->fields != NULL)
		h->fields += p->fields->n;
	if (p->record->number == h->stop_at)
		h->scan->stop = true;
}

static void
heard_flow(void *state, const struct packet *p)
{
	struct heard *h = state;

	heard_packet(state, p);
	for (size_t i = 0; i < p->n_transports; i++) {
		const struct transport *t = &p->transports[i];

		mix(h, t->flow == NULL ? 0 : t->stream + 1);
		mix(h, t->direction);
		mix(h, t->analysis);
	}
}

static void
heard_message(void *state, const struct packet *p, const struct message *m)
{
	struct heard *h = state;

	h->messages++;
	mix(h, p->record->number);
	mix(h, hash_bytes(span_text(m->proto->name)));
	mix(h, m->bytes.n);
}

static void
heard_stream(void *state, const struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct heard *h = state;

	(void)p;
	h->bytes += bytes.n;
	mix(h, flow_stream(f));
	mix(h, direction + offset + from);
}

static void
heard_gap(void *state, const struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, uint64_t missing)
{
	struct heard *h = state;

	(void)p;
	h->gaps++;
	mix(h, flow_stream(f) + direction + offset + missing);
}

static void
heard_finish(void *state, struct scan *scan)
{
	struct heard *h = state;

	h->finished += scan == h->scan;
}

static const struct analyzer records = { .name = "records",
	.size = sizeof(struct heard), .begin = heard_begin,
	.packet = heard_packet, .finish = heard_finish };
static const struct analyzer packets = { .name = "packets",
	.wants = WANT_WALK, .size = sizeof(struct heard),
	.begin = heard_begin, .packet = heard_packet,
	.finish = heard_finish };
static const struct analyzer flows = { .name = "flows",
	.wants = WANT_FLOWS, .size = sizeof(struct heard),
	.begin = heard_begin, .packet = heard_flow,
	.finish = heard_finish };
static const struct analyzer everything = { .name = "everything",
	.wants = WANT_FLOWS | WANT_MESSAGES | WANT_STREAMS,
	.size = sizeof(struct heard), .begin = heard_begin,
	.packet = heard_flow, .message = heard_message,
	.stream = heard_stream, .gap = heard_gap,
	.finish = heard_finish };
static const struct analyzer dns = { .name = "dns",
	.wants = WANT_MESSAGES, .size = sizeof(struct heard),
	.begin = heard_begin, .proto = "dns", .message = heard_message };
static const struct analyzer fields = { .name = "fields",
	.wants = WANT_FIELDS, .size = sizeof(struct heard),
	.begin = heard_begin, .packet = heard_packet };

static struct capture *
open_fixture(const char *name)
{
	char path[512];
	enum capture_error error;

	(void)snprintf(path, sizeof(path), FIXTURES "/%s", name);
	return capture_open(open(path, O_RDONLY), false, NULL, &error);
}

/* Runs the requests over a fixture; the scan is to be freed. */
static bool
scan_fixture(struct scan *s, const char *name, const char *filter,
    struct scan_request *requests, size_t n)
{
	struct capture *c = open_fixture(name);
	struct filter_error error;
	struct filter *f = NULL;
	bool good;

	scan_init(s, c);
	if (c == NULL)
		return false;
	if (filter != NULL)
		f = filter_compile(span_text(filter), &error);
	s->filter = f;
	good = scan_run(s, requests, n);
	filter_free(f);
	s->filter = NULL;
	return good;
}

static void
done(struct scan *s)
{
	struct capture *c = s->capture;

	scan_free(s);
	if (c != NULL)
		capture_close(c);
}

/* Whatever is asked besides, everybody hears the same. */
static void
same_in_all_ways(const char *name, const char *filter)
{
	struct scan_request alone[] = { { .analyzer = &everything } };
	struct scan_request beside[] = {
		{ .analyzer = &fields, .all_fields = true },
		{ .analyzer = &everything },
		{ .analyzer = &packets },
		{ .analyzer = &flows },
	};
	struct scan_request walked[] = { { .analyzer = &packets } };
	struct scan_request tracked[] = { { .analyzer = &flows } };
	const struct heard *a, *b;
	struct scan s[4];
	bool same;

	if (!scan_fixture(&s[0], name, filter, alone, 1)) {
		done(&s[0]);
		return;
	}
	(void)scan_fixture(&s[1], name, filter, beside, 4);
	(void)scan_fixture(&s[2], name, filter, walked, 1);
	(void)scan_fixture(&s[3], name, filter, tracked, 1);
	a = alone[0].state;
	b = beside[1].state;
	same = a->hash == b->hash && a->packets == b->packets &&
	    s[0].matched == s[1].matched && s[0].packets == s[2].packets;
	same = same && s[0].malformed == s[1].malformed;
	a = walked[0].state;
	b = beside[2].state;
	same = same && a->hash == b->hash;
	a = tracked[0].state;
	b = beside[3].state;
	same = same && a->hash == b->hash;
	if (!same)
		printf("# %s with filter %s\n", name,
		    filter == NULL ? "none" : filter);
	ok(same);
	for (size_t i = 0; i < 4; i++)
		done(&s[i]);
}

static void
test_all_fixtures(void)
{
	static const char *const filters[] = { NULL, "tcp || udp", "dns",
		"tcp.stream == 0", "frame.time_relative >= 0 && ip",
		"!(ip.src == 192.0.2.1)" };
	const struct dirent *entry;
	DIR *dir = opendir(FIXTURES);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		for (size_t i = 0; i < LENGTH(filters); i++)
			same_in_all_ways(entry->d_name, filters[i]);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
test_records(void)
{
	struct scan_request r[] = { { .analyzer = &records } };
	const struct heard *h;
	struct scan s;

	ok(scan_fixture(&s, "pcap-little-micro.pcap", NULL, NULL, 0));
	ok(s.packets > 0);
	ok_int(s.matched, s.packets);
	ok_int(s.quality.packets, s.packets);
	ok(s.flows == NULL && s.dispatch == NULL && s.defrag == NULL);
	done(&s);
	ok(scan_fixture(&s, "pcap-little-micro.pcap", NULL, r, 1));
	h = r[0].state;
	ok_int(h->packets, s.packets);
	ok_int(h->finished, 1);
	done(&s);
}

static void
test_stop(void)
{
	uint64_t at = 2;
	struct scan_request r[] = {
		{ .analyzer = &packets, .options = &at },
		{ .analyzer = &dns },
	};
	struct capture *c = open_fixture("builder-layers.pcap");
	struct scan s;

	ok(scan_fixture(&s, "builder-layers.pcap", NULL, r, 2));
	ok_int(s.packets, 2);
	ok_int(((const struct heard *)r[0].state)->finished, 1);
	done(&s);

	scan_init(&s, c);
	s.stop_after = 3;
	ok(scan_run(&s, NULL, 0));
	ok_int(s.packets, 3);
	done(&s);
}

static bool
never(void *context, uint64_t done_bytes, uint64_t total)
{
	(void)done_bytes;
	(void)total;
	++*(unsigned *)context;
	return false;
}

static void
test_progress(void)
{
	struct scan_request r[] = { { .analyzer = &packets } };
	unsigned calls = 0;
	struct scan s;

	scan_init(&s, open_fixture("builder-layers.pcap"));
	s.progress = never;
	s.progress_context = &calls;
	(void)scan_run(&s, r, 1);
	ok(calls >= 1);
	done(&s);
}

/* Fields come for the frames that were asked for, and all of them. */
static void
test_fields(void)
{
	struct scan_request one[] = { { .analyzer = &fields,
		.all_fields = true, .first_frame = 2, .last_frame = 2 } };
	struct scan_request all[] = { { .analyzer = &fields,
		.all_fields = true } };
	struct scan_request some[] = { { .analyzer = &fields } };
	struct field_wants *wants = field_wants_new();
	struct scan s;
	uint64_t n;

	ok(scan_fixture(&s, "builder-layers.pcap", NULL, one, 1));
	n = ((const struct heard *)one[0].state)->fields;
	ok(n > 10);
	done(&s);
	ok(scan_fixture(&s, "builder-layers.pcap", NULL, all, 1));
	ok(((const struct heard *)all[0].state)->fields > n);
	done(&s);
	field_wants_add(wants, field_find(span_text("frame.number"), 0));
	some[0].fields = wants;
	ok(scan_fixture(&s, "builder-layers.pcap", NULL, some, 1));
	ok_int(((const struct heard *)some[0].state)->fields, s.packets);
	done(&s);
	field_wants_free(wants);
}

static void
test_quality(void)
{
	struct scan s;
	struct buf out;
	struct json j;

	buf_init(&out, 65536);
	json_init(&j, &out);
	ok(scan_fixture(&s, "pcap-cut-tail.pcap", NULL, NULL, 0));
	json_object(&j, NULL);
	scan_quality_report(&s, &j);
	json_end(&j);
	ok(span_starts(buf_bytes(&out), "{\"quality\":[{\"what\":\"the file "
	    "ends inside a packet: it was cut short; what came before was "
	    "read\",\"count\":1,"));
	done(&s);
	buf_cut(&out, 0);
	json_init(&j, &out);
	ok(scan_fixture(&s, "builder-layers.pcap", NULL, NULL, 0));
	json_object(&j, NULL);
	scan_quality_report(&s, &j);
	json_end(&j);
	ok_span(buf_bytes(&out), "{\"quality\":[]}");
	done(&s);
	buf_free(&out);
}

int
main(void)
{
	hash_key_init();
	test_records();
	test_stop();
	test_progress();
	test_fields();
	test_quality();
	test_all_fixtures();
	return tap_done();
}
