#ifndef NET_IP_H
#define NET_IP_H

#include "net/step.h"

/* Rows of IPv4, shared by its header, its options and its fragments. */
enum ip_row {
	IP_ROW_IP,
	IP_ROW_VERSION,
	IP_ROW_HDR_LEN,
	IP_ROW_DSFIELD,
	IP_ROW_DSCP,
	IP_ROW_ECN,
	IP_ROW_LEN,
	IP_ROW_ID,
	IP_ROW_FLAGS,
	IP_ROW_FLAGS_RB,
	IP_ROW_FLAGS_DF,
	IP_ROW_FLAGS_MF,
	IP_ROW_FRAG_OFFSET,
	IP_ROW_TTL,
	IP_ROW_PROTO,
	IP_ROW_CHECKSUM,
	IP_ROW_CHECKSUM_STATUS,
	IP_ROW_SRC,
	IP_ROW_SRC_HOST,
	IP_ROW_DST,
	IP_ROW_DST_HOST,
	IP_ROW_CUR_RT,
	IP_ROW_CUR_RT_HOST,
	IP_ROW_BOGUS_VERSION,
	IP_ROW_BOGUS_LENGTH,
	IP_ROW_BOGUS_HEADER_LENGTH,
	IP_ROW_FRAGMENTS,
	IP_ROW_FRAGMENT,
	IP_ROW_FRAGMENT_COUNT,
	IP_ROW_FRAGMENT_OVERLAP,
	IP_ROW_FRAGMENT_CONFLICT,
	IP_ROW_REASSEMBLED_LENGTH,
	IP_ROW_REASSEMBLED_DATA,
	/* options */
	IP_ROW_OPT_EOL,
	IP_ROW_OPT_NOP,
	IP_ROW_OPT_SECURITY,
	IP_ROW_OPT_ROUTE,
	IP_ROW_OPT_TIMESTAMP,
	IP_ROW_OPT_RECORD_ROUTE,
	IP_ROW_OPT_STREAM,
	IP_ROW_OPT_SOURCE_ROUTE,
	IP_ROW_OPT_MTU_PROBE,
	IP_ROW_OPT_MTU_REPLY,
	IP_ROW_OPT_TRACEROUTE,
	IP_ROW_OPT_ROUTERALERT,
	IP_ROW_OPT_TYPE,
	IP_ROW_OPT_COPY,
	IP_ROW_OPT_CLASS,
	IP_ROW_OPT_NUMBER,
	IP_ROW_OPT_LEN,
	IP_ROW_OPT_LEN_INVALID,
	IP_ROW_OPT_PTR,
	IP_ROW_OPT_SID,
	IP_ROW_OPT_MTU,
	IP_ROW_OPT_ID_NUMBER,
	IP_ROW_OPT_OHC,
	IP_ROW_OPT_RHC,
	IP_ROW_OPT_ORIGINATOR,
	IP_ROW_OPT_RA,
	IP_ROW_OPT_OVERFLOW,
	IP_ROW_OPT_FLAG,
	IP_ROW_OPT_TIME,
	IP_ROW_OPT_TIME_ADDR,
	IP_ROW_REC_RT,
	IP_ROW_REC_RT_HOST,
	IP_ROW_SRC_RT,
	IP_ROW_SRC_RT_HOST,
	IP_ROW_EMPTY_RT,
	IP_ROW_EMPTY_RT_HOST,
	IP_ROWS
};

extern const struct field ip_rows[IP_ROWS];
extern const struct field_table ip_table, ipv6_table;
extern const struct value_name ip_protocol_names[], ip_dscp_names[],
    ip_ecn_names[], checksum_status_names[];

/*
 * The options.  A source route that is not at its end names the real
 * destination: it goes to `dst` (the header's until then).
 */
void ip_options(struct step *s, struct span options, struct span *dst);

/* An address as text under a row of its own (ip.src_host). */
void ip_host(struct field_list *l, const struct field *row, struct span addr);

/* True when the pieces so far make the datagram whole: `c` goes on in it.
 * `protocol` 0: it does not tell datagrams apart (IPv6). */
bool ip_defragment(struct step *s, uint32_t id, uint8_t protocol,
    uint32_t offset, bool more);

#endif
