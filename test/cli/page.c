#include "cli/page.h"

#include "tap.h"

static struct buf out;

/* The page of a JSON text. */
static struct span
page_of(const char *text, unsigned width)
{
	struct page page = { .out = &out, .width = width };
	enum json_error error;
	struct arena arena;
	size_t offset;

	arena_init(&arena, 1 << 20);
	buf_cut(&out, 0);
	page_write(&page, json_read(&arena, span_text(text), &error,
	    &offset));
	arena_free(&arena);
	return buf_bytes(&out);
}

static void
test_scalars(void)
{
	ok_span(page_of("{\"filename\":\"a.pcap\",\"packet_count\":3,"
	    "\"data_size_bytes\":10,\"duration_seconds\":0.000012,"
	    "\"average_size_bytes\":97.526315,\"good\":true,\"none\":null,"
	    "\"client_bytes\":5,\"tcp_rst_ip\":\"x\"}", 80),
	    "File name:         a.pcap\n"
	    "Number of packets: 3\n"
	    "Data size:         10 bytes\n"
	    "Duration:          0.000012 seconds\n"
	    "Average size:      97.53 bytes\n"
	    "Good:              yes\n"
	    "None:              -\n"
	    "Client bytes:      5\n"
	    "TCP RST IP:        x\n");
	/* Another number's unit, times in full, the unit of what is inside. */
	ok_span(page_of("{\"most_in_10_seconds\":3,"
	    "\"timestamp\":1102274184.317453,"
	    "\"latency_ms\":{\"count\":2,\"min\":0.5}}", 80),
	    "Most in 10 seconds: 3\n"
	    "Timestamp:          1102274184.317453\n"
	    "Latency ms:\n"
	    "  Count: 2\n"
	    "  Min:   0.5\n");
	ok_span(page_of("{\"first_time\":1112172466.5,"
	    "\"first_time_iso\":\"2005-03-30T08:47:46.5Z\"}", 80),
	    "First time: 2005-03-30T08:47:46.5Z\n");
}

static void
test_lists(void)
{
	ok_span(page_of("{\"servers\":[\"a\",\"b\"],\"none\":[]}", 80),
	    "Servers: a, b\n");
	ok_span(page_of("{\"servers\":[\"aaaaaaaa\",\"bbbbbbbb\"]}", 20),
	    "Servers: aaaaaaaa\n"
	    "         bbbbbbbb\n");
	ok_span(page_of("{\"hosts\":[{\"address\":\"10.0.0.1\",\"packets\":1},"
	    "{\"address\":\"::1\",\"packets\":20,\"name\":\"x\"}]}", 80),
	    "Hosts:\n"
	    "  Address   Packets  Name\n"
	    "  10.0.0.1  1\n"
	    "  ::1       20       x\n");
	ok_span(page_of("{\"hosts\":[{\"address\":\"10.0.0.1\",\"packets\":1},"
	    "{\"address\":\"::1\",\"packets\":20}]}", 16),
	    "Hosts:\n"
	    "  Address: 10.0.0.1\n"
	    "  Packets: 1\n"
	    "\n"
	    "  Address: ::1\n"
	    "  Packets: 20\n");
	ok_span(page_of("{\"columns\":[\"ip.src\",\"n\"],"
	    "\"rows\":[[\"10.0.0.1\",1],[null,[2,3]]]}", 80),
	    "Rows:\n"
	    "  ip.src    n\n"
	    "  10.0.0.1  1\n"
	    "            2,3\n");
	ok_span(page_of("{\"map\":{\"a\":{\"b\":1}}}", 80),
	    "Map:\n"
	    "  A:\n"
	    "    B: 1\n");
}

/* Lines inside a value do not look like those of the page. */
static void
test_lines(void)
{
	ok_span(page_of("{\"text\":\"hi\\nQuality: good\\n\",\"n\":1}", 80),
	    "Text: hi\n"
	    "        | Quality: good\n"
	    "        | \n"
	    "N:    1\n");
	ok_span(page_of("{\"pieces\":[{\"n\":1,\"text\":\"a\\nb\"}]}", 80),
	    "Pieces:\n"
	    "  N:    1\n"
	    "  Text: a\n"
	    "        | b\n");
}

static void
test_quality(void)
{
	ok_span(page_of("{\"quality\":[]}", 80),
	    "Quality: nothing known limits this answer\n");
	ok_span(page_of("{\"quality\":[{\"what\":\"packets cut\",\"count\":2,"
	    "\"snaplen_bytes\":96,\"first_frame\":7}]}", 80),
	    "Quality:\n"
	    "  2  packets cut (snaplen bytes 96, first frame 7)\n");
}

/* What get_packet gives: [name, value, label, [below]]. */
static void
test_tree(void)
{
	ok_span(page_of("{\"fields\":[[\"ip.ttl\",64],"
	    "[\"ip.flags\",\"0x02\",[[\"ip.flags.df\",true]]],"
	    "[\"ip.proto\",6,\"TCP\",[[\"a\",1.25,[[\"b\",\"x\"]]]]],"
	    "[\"ip.mark\"]]}", 80),
	    "Fields:\n"
	    "  ip.ttl: 64\n"
	    "  ip.flags: 0x02\n"
	    "    ip.flags.df: yes\n"
	    "  ip.proto: 6 (TCP)\n"
	    "    a: 1.25\n"
	    "      b: x\n"
	    "  ip.mark\n");
	ok_span(page_of("{\"fields\":[[1,2],[3,4]]}", 80),
	    "Fields:\n  1, 2\n  3, 4\n");
}

static void
test_hex(void)
{
	ok_span(page_of("{\"hex\":\"00ff\"}", 80), "Hex: 00ff\n");
	ok_span(page_of("{\"offset\":16,\"hex\":\"000102030405060708090a0b"
	    "0c0d0e0f417e7f\"}", 80),
	    "Offset: 16\nHex:\n"
	    "  0010 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  "
	    "................\n"
	    "  0020 41 7e 7f                                         A~.\n");
	ok_span(page_of("{\"hex\":\"not hex digits, whatever the key says!!\"}",
	    80), "Hex: not hex digits, whatever the key says!!\n");
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_scalars();
	test_lists();
	test_lines();
	test_quality();
	test_tree();
	test_hex();
	buf_free(&out);
	return tap_done();
}
