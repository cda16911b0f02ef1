#include "proto/rtp.h"

#include "message.h"

/* RFC 3550, 5.1: version 2, two contributing sources, an extension of one
 * word, 4 bytes of payload, 3 of padding. */
#define PACKET "b2 e0 0102 00000064 0000abcd 00000001 00000002" \
	"bede 0001 11223344 61626364 000003"

int
main(void)
{
	struct reading r;
	const struct rtp_packet *p = reading_open(&r, &proto_rtp, PACKET);

	ok(p != NULL);
	ok_int(p->version, 2);
	ok(p->padding && p->extension && p->marker);
	ok_int(p->n_csrc, 2);
	ok_int(p->payload_type, 96);
	ok_int(p->seq, 0x102);
	ok_int(p->timestamp, 100);
	ok_int(p->ssrc, 0xabcd);
	ok_int(p->payload_length, 4);
	ok_text(reading_field(&r, "rtp.ssrc", 0), "0x0000abcd");
	ok_text(reading_field(&r, "rtp.ext.len", 0), "1");
	reading_close(&r);
	/* Version 1, and padding longer than all that there is. */
	ok(reading_open(&r, &proto_rtp, "400001020000006400000001") == NULL);
	reading_close(&r);
	p = reading_open(&r, &proto_rtp, "a0000102 00000064 00000001 61ff");
	ok(p != NULL);
	ok_int(p->payload_length, 2);
	ok_text(reading_info(&r, &proto_rtp),
	    "PT=ITU-T G.711 PCMU, SSRC=0x1, Seq=258, Time=100");
	reading_close(&r);
	/* As Wireshark: RTP is what has its fixed header captured. */
	ok(reading_cut(&r, &proto_rtp, span_first(tap_hex(PACKET), 11), 35) ==
	    NULL);
	ok_text(reading_field(&r, "rtp.version", 0), "");
	reading_close(&r);
	for (size_t n = 12; n < 28; n++) {
		p = reading_cut(&r, &proto_rtp, span_first(tap_hex(PACKET), n),
		    35);
		ok(p != NULL && r.message == p);
		ok_int(p->seq, 0x102);
		ok_int(p->payload_length, 0);
		reading_close(&r);
	}
	/* One that says it is longer than it is. */
	ok(reading_cut(&r, &proto_rtp, span_first(tap_hex(PACKET), 27), 27) ==
	    NULL);
	reading_close(&r);
	reading_cut_everywhere(&proto_rtp, tap_hex(PACKET));
	return tap_done();
}
