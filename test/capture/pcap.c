/* The variants of pcap: each reads as the same packets. */
#include "open.h"

static void
plain(const char *name, const char *variant, const char *order, bool nano)
{
	struct capture *c = fixture_open(name);
	const struct capture_facts *f = capture_facts(c);
	struct record r = next_record(c);

	printf("# %s\n", name);
	ok_text(f->variant, variant);
	ok_text(f->order, order);
	ok_int(f->format, CAPTURE_PCAP);
	ok_int(f->major, 2);
	ok_int(f->minor, 4);
	ok_int(f->snaplen, 65535);
	ok(f->nanosecond == nano);
	ok_int(r.number, 1);
	ok_int(r.link, 1);
	ok_int(r.len, 74);
	ok_int(r.bytes.n, 74);
	ok_int(r.flags, 0);
	ok_int(r.time.seconds, 1704067200);
	ok_int(r.time.nanoseconds, 1000);
	ok_int(r.time.digits, nano ? 9 : 6);
	ok(r.time.known);
	ok_int(r.bytes.p[0], 2);
	r = next_record(c);
	ok_int(r.time.nanoseconds, 999999000);
	r = next_record(c);
	ok_int(r.time.seconds, 1704067202);
	ok_int(r.time.nanoseconds, 249999000);
	ok_int(r.len, 442);
	ok_int(r.bytes.n, 40);
	ok_int(r.flags, RECORD_CUT);
	ok_int(read_all(c), 0);
	ok_int(capture_status(c), CAPTURE_OK);
	ok_int(f->records, 3);
	ok_int(capture_interfaces(c), 1);
	ok_int(capture_interface(c, 0)->packets, 3);
	ok_int(capture_interface(c, 0)->bytes, 74 + 74 + 442);
	ok_int(capture_interface(c, 0)->first.nanoseconds, 1000);
	ok_int(capture_interface(c, 0)->last.nanoseconds, 249999000);
	ok_int(capture_position(c), capture_size(c));
	capture_close(c);
}

/* One record of a fixture, by number. */
static void
lengths(const char *name, unsigned number, uint32_t captured, uint32_t len,
    uint8_t flags)
{
	struct capture *c = fixture_open(name);
	struct record r;

	do {
		r = next_record(c);
	} while (r.number != 0 && r.number < number);
	printf("# %s, record %u\n", name, number);
	ok_int(r.bytes.n, captured);
	ok_int(r.len, len);
	ok_int(r.flags, flags);
	capture_close(c);
}

static void
ends(const char *name, uint64_t records, enum capture_error status)
{
	struct capture *c = fixture_open(name);
	struct record r;

	printf("# %s\n", name);
	ok_int(read_all(c), records);
	ok_int(capture_status(c), status);
	/* It stays ended. */
	ok_int(capture_read(c, &r, 1), 0);
	ok_int(capture_status(c), status);
	capture_close(c);
}

static void
odd_headers(void)
{
	struct capture *c = fixture_open("pcap-patched-ss990417.pcap");
	struct record r;
	enum capture_error error;

	ok_text(capture_facts(c)->variant, "modified pcap");
	ok_int(read_all(c), 3);
	capture_close(c);

	c = fixture_open("pcap-aix.pcap");
	r = next_record(c);
	ok_int(r.link, 1);
	ok_int(r.time.nanoseconds, 123456789);
	capture_close(c);

	c = fixture_open("pcap-ixia.pcap");
	r = next_record(c);
	ok_int(r.time.nanoseconds, 123456789);
	ok_int(r.offset, 28);
	capture_close(c);

	c = fixture_open("pcap-fcs.pcap");
	r = next_record(c);
	ok_int(r.link, 1);
	ok_int(r.fcs_len, 4);
	ok_int(capture_interface(c, 0)->fcs_len, 4);
	capture_close(c);

	c = fixture_open("pcap-old-raw.pcap");
	ok_int(next_record(c).link, 101);
	capture_close(c);

	c = fixture_open("pcap-link-unknown.pcap");
	ok_int(next_record(c).link, 60000);
	capture_close(c);

	c = capture_open(
	    fixture_file("pcap-version-1.pcap"), false, NULL, &error);
	ok(c == NULL);
	ok_int(error, CAPTURE_UNSUPPORTED);
}

static void
times(void)
{
	struct capture *c = fixture_open("pcap-times.pcap");
	struct capture_quality q = { 0 };
	struct record r;

	capture_watch(c, &q);
	while ((r = next_record(c)).number != 0) {
		if (r.number == 5) {
			/* 6 s and 2500000 microseconds. */
			ok_int(r.time.seconds, 1704067208);
			ok_int(r.time.nanoseconds, 500000000);
		}
		if (r.number == 6)
			ok_int(r.time.seconds, 4294967295);
	}
	ok_int(q.packets, 7);
	ok_int(q.out_of_order, 3);
	ok_int(q.first_out_of_order, 2);
	ok_int(q.clock_steps, 2);
	ok_int(q.first.seconds, 1704067210);
	ok_int(q.last.seconds, 0);
	ok_int(q.earliest.seconds, 0);
	ok_int(q.latest.seconds, 4294967295);
	ok(q.largest_step == 4294967295999999000);
	capture_close(c);
}

/* A fraction that is a second, and one that is not quite. */
static void
second(void)
{
	static const uint8_t bytes[] =
	    "\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0"
	    "\5\0\0\0\100\102\17\0\0\0\0\0\0\0\0\0"
	    "\5\0\0\0\77\102\17\0\0\0\0\0\0\0\0";
	enum capture_error error;
	FILE *file = tmpfile();
	struct capture *c;
	struct record r;

	fwrite(bytes, 1, sizeof(bytes), file);
	rewind(file);
	c = capture_open(dup(fileno(file)), false, NULL, &error);
	r = next_record(c);
	ok_int(r.time.seconds, 6);
	ok_int(r.time.nanoseconds, 0);
	r = next_record(c);
	ok_int(r.time.seconds, 5);
	ok_int(r.time.nanoseconds, 999999000);
	capture_close(c);
	fclose(file);
}

/* Many records at a time, more than a buffer holds. */
static void
batches(void)
{
	struct capture *c = fixture_open("pcap-dbus-large.pcap");
	struct record records[8];

	ok_int(capture_read(c, records, 8), 1);
	ok_int(records[0].bytes.n, 100);
	ok_int(capture_read(c, records, 8), 1);
	ok_int(records[0].bytes.n, 700000);
	ok_int(records[0].bytes.p[699999], 0x62);
	ok_int(records[0].offset, 24 + 116);
	ok_int(capture_read(c, records, 8), 1);
	ok_int(records[0].bytes.n, 100);
	ok_int(records[0].bytes.p[99], 0x63);
	ok_int(records[0].number, 3);
	ok_int(capture_read(c, records, 8), 0);
	ok_int(capture_status(c), CAPTURE_OK);
	capture_close(c);
}

static void
link_names(void)
{
	ok_text(link_name(1), "Ethernet");
	ok_text(link_name(113), "Linux cooked-mode capture v1");
	ok_text(link_name(101), "Raw IP");
	ok(link_name(60000) == NULL);
}

int
main(void)
{
	plain("pcap-little-micro.pcap", "pcap", "little-endian", false);
	plain("pcap-big-micro.pcap", "pcap", "big-endian", false);
	plain(
	    "pcap-little-nano.pcap", "nanosecond pcap", "little-endian", true);
	plain("pcap-big-nano.pcap", "nanosecond pcap", "big-endian", true);
	plain("pcap-little-modified.pcap", "modified pcap", "little-endian",
	    false);
	plain("pcap-big-modified.pcap", "modified pcap", "big-endian", false);
	odd_headers();
	times();
	second();
	batches();
	link_names();
	lengths("pcap-old-2.2.pcap", 1, 68, 242, RECORD_CUT);
	lengths("pcap-old-2.2.pcap", 2, 62, 62, 0);
	lengths("pcap-old-2.3.pcap", 1, 68, 242, RECORD_CUT);
	lengths("pcap-old-2.3.pcap", 2, 68, 242, RECORD_CUT);
	lengths("pcap-dgux.pcap", 1, 50, 62, RECORD_CUT);
	lengths("pcap-lengths.pcap", 1, 42, 42, RECORD_BAD_LENGTH);
	lengths("pcap-lengths.pcap", 2, 42, 10, RECORD_BAD_LENGTH);
	lengths("pcap-lengths.pcap", 3, 0, 0, 0);
	lengths("pcap-lengths.pcap", 4, 0, 1000, RECORD_CUT);
	lengths("pcap-lengths.pcap", 5, 42, 0, RECORD_BAD_LENGTH);
	lengths("pcap-lengths.pcap", 6, 42, UINT32_MAX,
	    RECORD_CUT | RECORD_BAD_LENGTH);
	ends("pcap-version-2.9.pcap", 1, CAPTURE_OK);
	ends("pcap-no-packets.pcap", 0, CAPTURE_OK);
	ends("pcap-cut-tail.pcap", 1, CAPTURE_CUT);
	ends("pcap-absurd-length.pcap", 1, CAPTURE_DAMAGED);
	ends("pcap-large.pcap", 2, CAPTURE_DAMAGED);
	return tap_done();
}
