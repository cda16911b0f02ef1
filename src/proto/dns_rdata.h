#ifndef PROTO_DNS_RDATA_H
#define PROTO_DNS_RDATA_H

#include "base/buf.h"
#include "proto/dns.h"
#include "proto/dns_rows.h"

/*
 * The data of one record while it is read: every part goes to the listener
 * (`fields`) or becomes text in presentation form (`text`), or both, or
 * neither; the statements that read are the same.  Shared by the files that
 * know record types; not for others.
 */
struct dns_rdata {
	struct cursor c;          /* base is the message, end is the data's */
	struct dns_names *names;
	struct arena *arena;
	struct field_list *fields; /* or NULL */
	struct buf *text;          /* or NULL */
	bool first;                /* no part has been written */
	bool malformed;
};

/* A part of the text: a space before all but the first. */
void dns_part_printf(struct dns_rdata *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* In quotes, with \" \\ and \DDD. */
void dns_part_quoted(struct dns_rdata *d, struct span s);
void dns_part_hex(struct dns_rdata *d, struct span s);
void dns_part_base64(struct dns_rdata *d, struct span s);
/* "AAAA" or "TYPE65400". */
void dns_part_type(struct dns_rdata *d, uint16_t type);

/* Read, hand out, write as text. */
struct dns_name dns_read_name(struct dns_rdata *d, enum dns_row row);
uint8_t dns_read_u8(struct dns_rdata *d, enum dns_row row);
uint16_t dns_read_u16(struct dns_rdata *d, enum dns_row row);
uint32_t dns_read_u32(struct dns_rdata *d, enum dns_row row);
uint16_t dns_read_type(struct dns_rdata *d, enum dns_row row);
/* Seconds since 1970, as 20231115221320. */
void dns_read_time(struct dns_rdata *d, enum dns_row row, size_t bytes);
void dns_read_ipv4(struct dns_rdata *d, enum dns_row row);
void dns_read_ipv6(struct dns_rdata *d, enum dns_row row);
/* Length byte and text; `row` is the length's, the text's row follows. */
void dns_read_text(struct dns_rdata *d, enum dns_row row);
/* `n` bytes as hex, as base 64. */
struct span dns_read_hex(struct dns_rdata *d, enum dns_row row, size_t n);
struct span dns_read_base64(struct dns_rdata *d, enum dns_row row, size_t n);
/* A bit a record type, from `type` on; Wireshark shows them as
 * dns.resp.type. */
void dns_read_bits(struct dns_rdata *d, struct cursor *c, unsigned type);
/* The windows of NSEC (RFC 4034, 4.1.2) up to the end. */
void dns_read_types(struct dns_rdata *d);

/* The data of a record of the message, to be read from its beginning. */
struct dns_rdata dns_rdata_of(const struct dns_message *m,
    const struct dns_record *rr, struct dns_names *names,
    struct arena *arena);

/* The decoding, for the protocols that speak it. */
const void *dns_message_decode(struct cursor *c, struct decode *d,
    enum dns_kind kind, const struct field *layer);

/* OPT: the class is a size and the TTL is flags (RFC 6891, 6.1.2). */
static inline void
dns_edns_set(struct dns_message *m, const struct dns_record *rr)
{
	m->edns = true;
	m->udp_size = rr->class;
	m->edns_version = (uint8_t)(rr->ttl >> 16);
	m->dnssec_ok = (rr->ttl & 0x8000) != 0;
	m->rcode |= (uint16_t)(rr->ttl >> 24 << 4);
}

/* dns.c.  Any message, and which query a response belongs to, when there are
 * d->dispatch->partners. */
const void *dns_message_any(struct cursor *c, struct decode *d,
    enum dns_kind kind, const struct field *layer);
void dns_message_partner(const struct decode *d, struct dns_message *m);
/* dns_plain.c.  One like most messages, of which nobody wants fields; NULL: it
 * is another one, and the cursor has not moved. */
struct dns_message *dns_plain_read(struct cursor *c, struct decode *d,
    enum dns_kind kind);

/* By record type.  d->c stands at the data and ends with it. */
void dns_rdata_read(struct dns_rdata *d, uint16_t type);
/* Types that are no plain row of parts. */
void dns_wks_read(struct dns_rdata *d);
void dns_key_read(struct dns_rdata *d);
void dns_dnskey_read(struct dns_rdata *d);
void dns_nsec3param_read(struct dns_rdata *d);
void dns_nsec3_read(struct dns_rdata *d);
void dns_a6_read(struct dns_rdata *d);
void dns_apl_read(struct dns_rdata *d);
void dns_ipseckey_read(struct dns_rdata *d);
void dns_hip_read(struct dns_rdata *d);
void dns_csync_read(struct dns_rdata *d);
void dns_tkey_read(struct dns_rdata *d);
void dns_tsig_read(struct dns_rdata *d);
void dns_caa_read(struct dns_rdata *d);
void dns_wins_read(struct dns_rdata *d);
void dns_wins_r_read(struct dns_rdata *d);
void dns_xpf_read(struct dns_rdata *d);
void dns_opt_read(struct dns_rdata *d);
void dns_svcb_read(struct dns_rdata *d);
void dns_loc_read(struct dns_rdata *d);

#endif
