#include "trace.h"

/* A query for the address of a name of digits. */
static void
query(struct trace *t, const char *name_hex)
{
	char hex[200];

	snprintf(hex, sizeof(hex), "0001 0100 0001 0000 0000 0000 %s 0001 0001",
	    name_hex);
	trace_udp(t, 1, 4000, 9, 53, tap_hex(hex));
}

/* The digits of a name are text: 007 is another name than 7. */
static void
test_digits(void)
{
	struct trace t;

	trace_open(&t);
	query(&t, "03 303037 00");
	query(&t, "01 37 00");
	trace_ask(&t, "aggregate_packets", "{\"group_by\":[\"dns.qry.name\","
	    "\"udp.dstport\"],\"metrics\":[\"count\"]}");
	said(&t, "[\"007\",53,1,1,1]");
	said(&t, "[\"7\",53,1,2,2]");
	trace_end(&t);
}

int
main(void)
{
	hash_key_init();
	test_digits();
	return tap_done();
}
