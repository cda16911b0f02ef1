/* What pcapng files say, and what damaged ones do not break. */
#include "open.h"

static void
basic(void)
{
	struct capture *c = fixture_open("pcapng-basic.pcapng");
	const struct capture_facts *f = capture_facts(c);
	const struct capture_interface *i;
	struct record r = next_record(c);

	ok_int(r.time.nanoseconds, 123456789);
	ok_int(r.time.digits, 9);
	ok_span(r.comment, "hello");
	ok_int(r.flags, RECORD_HAS_FLAGS);
	ok_int(r.pack_flags, 0x61);
	ok_int(r.fcs_len, 3);
	r = next_record(c);
	ok_int(r.bytes.n, 20);
	ok_int(r.len, 42);
	ok_int(r.flags, RECORD_CUT);
	ok_int(r.comment.n, 0);
	ok_int(r.fcs_len, 0);
	ok_int(read_all(c), 0);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_text(f->variant, "pcapng");
	ok_text(f->order, "little-endian");
	ok_int(f->format, CAPTURE_PCAPNG);
	ok_span(f->hardware, "Intel i7");
	ok_span(f->os, "Linux 6.1");
	ok_span(f->application, "dumpcap 4.0");
	ok_int(f->comments, 1);
	ok_int(capture_comments(c), 2);
	ok_span(capture_comment(c, 0), "first");
	ok_span(capture_comment(c, 1), "second");
	ok_int(capture_interfaces(c), 1);
	i = capture_interface(c, 0);
	ok_span(i->name, "eth0");
	ok_span(i->description, "Uplink");
	ok_span(i->filter, "not port 22");
	ok_span(i->os, "Linux");
	ok_span(i->hardware, "e1000");
	ok_span(i->comment, "mirror port");
	ok_int(i->snaplen, 65535);
	ok_int(i->tsresol, 9);
	ok_int(i->time_digits, 9);
	ok_int(i->packets, 2);
	ok_int(i->bytes, 84);
	ok(i->has_received && i->has_dropped && f->has_dropped);
	ok_int(i->received, 1000);
	ok_int(i->dropped, 7);
	ok_int(f->dropped, 7);
	capture_close(c);
}

static void
sections(void)
{
	static const struct {
		uint32_t interface;
		uint16_t link;
		int64_t seconds;
		uint32_t nanoseconds;
	} wanted[] = {
		{ 1, 101, 1704067200, 0 },
		{ 0, 1, 1704067200, 1000000 },
		{ 2, 101, 1704067200, 2000000 },
		{ 3, 1, 1704067200, 0 },
	};
	struct capture *c = fixture_open("pcapng-sections.pcapng");
	struct record r;

	for (size_t i = 0; i < LENGTH(wanted); i++) {
		r = next_record(c);
		ok_int(r.number, i + 1);
		ok_int(r.interface, wanted[i].interface);
		ok_int(r.link, wanted[i].link);
		ok_int(r.time.seconds, wanted[i].seconds);
		ok_int(r.time.nanoseconds, wanted[i].nanoseconds);
	}
	ok_span(r.comment, "late");
	ok_int(read_all(c), 0);
	ok_int(capture_facts(c)->sections, 4);
	ok_span(capture_facts(c)->os, "little");
	ok_int(capture_facts(c)->application.n, 0);
	ok_int(capture_interfaces(c), 4);
	ok_span(capture_interface(c, 2)->name, "c");
	ok_int(capture_interface(c, 1)->id, 1);
	ok_int(capture_interface(c, 2)->section, 1);
	ok_int(capture_interface(c, 2)->id, 0);
	ok_int(capture_interface(c, 3)->section, 3);
	ok_int(capture_interface(c, 1)->dropped, 3);
	ok_int(capture_interface(c, 2)->dropped, 5);
	ok_int(capture_facts(c)->dropped, 8);
	ok_int(capture_interface(c, 3)->time_digits, 0);
	capture_close(c);
}

static void
times(void)
{
	/* 2024-02-29T23:59:59.987654321Z where no other is said. */
	static const struct {
		int64_t seconds;
		uint32_t nanoseconds;
		uint8_t digits;
		bool known;
	} wanted[] = {
		{ 1709251199, 0, 0, true },
		{ 1709251199, 987000000, 3, true },
		{ 1709251199, 987654000, 6, true },
		{ 1709251199, 987654321, 9, true },
		{ 1000000, 987654321, 9, true },
		{ 1, 844674407, 9, true },
		{ 0, 0, 0, false },
		{ 1709251199, 0, 0, true },
		{ 1709251199, 987304687, 3, true },
		{ 1709251199, 987654320, 9, true },
		{ 1, 999999999, 9, true },
		{ 0, 0, 0, false },
		{ 1709251199, 987654000, 6, true },
		{ 1709251199, 987654000, 6, true },
		{ INT64_MIN + 18446744073709, 551615000, 6, true },
	};
	struct capture *c = fixture_open("pcapng-times.pcapng");

	for (size_t i = 0; i < LENGTH(wanted); i++) {
		struct record r = next_record(c);

		printf("# interface %zu\n", i);
		ok_int(r.interface, i);
		ok(r.time.known == wanted[i].known);
		ok_int(r.time.seconds, wanted[i].seconds);
		ok_int(r.time.nanoseconds, wanted[i].nanoseconds);
		ok_int(r.time.digits, wanted[i].digits);
	}
	ok_int(capture_interface(c, 13)->tsoffset, -100);
	capture_close(c);
}

static void
blocks(void)
{
	struct capture *c = fixture_open("pcapng-blocks.pcapng");
	const struct capture_facts *f = capture_facts(c);
	struct capture_quality q = { 0 };
	struct record r;

	capture_watch(c, &q);
	r = next_record(c);
	ok(!r.time.known);
	ok_int(r.bytes.n, 52);
	r = next_record(c);
	ok_int(r.bytes.n, 60);
	ok_int(r.len, 142);
	ok_int(r.flags, RECORD_CUT);
	capture_watch(c, NULL);
	ok_int(next_record(c).number, 3);
	/* Two custom blocks and a journal entry are frames in Wireshark. */
	ok_int(next_record(c).number, 7);
	ok_int(read_all(c), 0);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_int(q.no_time, 2);
	ok_int(q.cut, 1);
	ok_int(q.inferred_snaplen_min, 60);
	ok_int(q.inferred_snaplen_max, 60);
	ok_int(q.shortest, 52);
	ok_int(q.longest, 142);
	ok_int(q.captured_bytes, 112);
	ok_int(f->records, 4);
	ok_int(f->simple_packets, 2);
	ok_int(f->secrets, 1);
	ok_int(f->custom_blocks, 2);
	ok_int(f->unknown_blocks, 3);
	ok_int(f->names, 3);
	ok_int(f->received, 20);
	ok_int(f->dropped, 2);
	ok_int(capture_names(c), 3);
	ok_int(capture_name(c, 0)->kind, 4);
	ok_int(capture_name(c, 0)->bytes[3], 1);
	ok_span(capture_name(c, 0)->name, "www.example.com");
	ok_int(capture_name(c, 1)->kind, 6);
	ok_int(capture_name(c, 1)->bytes[15], 1);
	ok_span(capture_name(c, 1)->name, "six.example");
	ok_span(capture_name(c, 2)->name, "other.example");
	capture_close(c);
}

static void
links(void)
{
	static const uint16_t wanted[] = { 1, 113, 101, 101, 276, 1 };
	struct capture *c = fixture_open("pcapng-links.pcapng");
	struct record r;

	for (size_t i = 0; i < LENGTH(wanted); i++) {
		r = next_record(c);
		ok_int(r.link, wanted[i]);
		if (i == 0)
			ok_int(r.fcs_len, 4);
	}
	ok_int(r.fcs_len, 2);
	capture_close(c);
}

static void
undeclared(void)
{
	struct capture *c = fixture_open("pcapng-undeclared.pcapng");

	ok_int(read_all(c), 2);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_int(capture_facts(c)->undeclared_interface, 3);
	capture_close(c);
	c = fixture_open("pcapng-no-interface.pcapng");
	ok_int(read_all(c), 0);
	ok_int(capture_facts(c)->undeclared_interface, 2);
	capture_close(c);
}

static void
bad_options(void)
{
	struct capture *c = fixture_open("pcapng-bad-options.pcapng");
	struct record r = next_record(c);

	ok_int(r.comment.n, 0);
	r = next_record(c);
	ok_int(r.flags, 0);
	r = next_record(c);
	ok_span(r.comment, "fine");
	ok_int(read_all(c), 0);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_int(capture_interface(c, 0)->tsresol, 6);
	ok_span(capture_interface(c, 1)->name, "eth0");
	capture_close(c);
}

static void
ends(const char *name, uint64_t records, enum capture_error status)
{
	struct capture *c = fixture_open(name);

	printf("# %s\n", name);
	ok_int(read_all(c), records);
	ok_int(capture_status(c), status);
	capture_close(c);
}

int
main(void)
{
	basic();
	sections();
	times();
	blocks();
	links();
	undeclared();
	bad_options();
	ends("pcapng-total-0.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-4.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-8.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-11.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-12.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-134349000.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-total-4294967295.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-trailing-length.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-packet-too-long.pcapng", 1, CAPTURE_DAMAGED);
	ends("pcapng-unpadded.pcapng", 2, CAPTURE_OK);
	ends("pcapng-version.pcapng", 1, CAPTURE_UNSUPPORTED);
	ends("pcapng-cut.pcapng", 1, CAPTURE_CUT);
	return tap_done();
}
