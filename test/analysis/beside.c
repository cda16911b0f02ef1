/* What nobody wants to read is not read because of where its ports happen to
 * stand in a table: malformed packets are counted of what is asked for. */
#include "sessions.h"

extern const struct tool tool_analyze_dhcp_packets;

static struct session s;

/* A name query that ends in its name, behind Ethernet. */
static void
name_query(uint16_t port)
{
	uint8_t bytes[14 + 20 + 8 + 15] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1,
		8, 0, 0x45, 0, 0, 43, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1,
		10, 0, 0, 2, 0, 0, 0, 137, 0, 23, 0, 0, 0, 1, 1, 0x10, 0, 1,
		0, 0, 0, 0, 0, 0, 32, 'A', 'A' };

	session_be(bytes + 34, 2, port);
	session_le32(&s.b, 1700000000 + s.packets++);
	session_le32(&s.b, 0);
	session_le32(&s.b, sizeof(bytes));
	session_le32(&s.b, sizeof(bytes));
	buf_add(&s.b, bytes, sizeof(bytes));
}

int
main(void)
{
	struct asked a;

	buf_init(&s.b, SIZE_MAX);
	session_le32(&s.b, 0xa1b2c3d4);
	session_le32(&s.b, 2 | 4 << 16);
	session_le32(&s.b, 0);
	session_le32(&s.b, 0);
	session_le32(&s.b, 262144);
	session_le32(&s.b, 1);
	/* All with the low byte of some port and its highest bits. */
	for (uint16_t i = 0; i < 256; i++)
		name_query((uint16_t)(0x3c00 + i));
	session_ask(&s, &tool_analyze_dhcp_packets, "{\"filter\":\"sip\"}", &a);
	ok(asked_has(&a, "\"total_packets\":256"));
	ok(!asked_has(&a, "malformed packets"));
	ask_free(&a);
	buf_free(&s.b);
	return tap_done();
}
