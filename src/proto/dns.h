#ifndef PROTO_DNS_H
#define PROTO_DNS_H

#include "proto/dns_name.h"
#include "proto/proto.h"

/*
 * DNS messages (RFC 1035) over UDP and TCP, as mDNS (RFC 6762) and LLMNR (RFC
 * 4795).  What a message holds is what could be read: `whole` tells whether
 * that is all that its header promises.
 */
extern const struct proto proto_dns, proto_mdns, proto_llmnr;

enum dns_type {
	DNS_TYPE_A = 1, DNS_TYPE_NS = 2, DNS_TYPE_MD = 3, DNS_TYPE_MF = 4,
	DNS_TYPE_CNAME = 5, DNS_TYPE_SOA = 6, DNS_TYPE_MB = 7,
	DNS_TYPE_MG = 8, DNS_TYPE_MR = 9, DNS_TYPE_NULL = 10,
	DNS_TYPE_WKS = 11, DNS_TYPE_PTR = 12, DNS_TYPE_HINFO = 13,
	DNS_TYPE_MINFO = 14, DNS_TYPE_MX = 15, DNS_TYPE_TXT = 16,
	DNS_TYPE_RP = 17, DNS_TYPE_AFSDB = 18, DNS_TYPE_X25 = 19,
	DNS_TYPE_ISDN = 20, DNS_TYPE_RT = 21, DNS_TYPE_NSAP = 22,
	DNS_TYPE_NSAP_PTR = 23, DNS_TYPE_SIG = 24, DNS_TYPE_KEY = 25,
	DNS_TYPE_PX = 26, DNS_TYPE_GPOS = 27, DNS_TYPE_AAAA = 28,
	DNS_TYPE_LOC = 29, DNS_TYPE_NXT = 30, DNS_TYPE_EID = 31,
	DNS_TYPE_NIMLOC = 32, DNS_TYPE_SRV = 33, DNS_TYPE_ATMA = 34,
	DNS_TYPE_NAPTR = 35, DNS_TYPE_KX = 36, DNS_TYPE_CERT = 37,
	DNS_TYPE_A6 = 38, DNS_TYPE_DNAME = 39, DNS_TYPE_SINK = 40,
	DNS_TYPE_OPT = 41, DNS_TYPE_APL = 42, DNS_TYPE_DS = 43,
	DNS_TYPE_SSHFP = 44, DNS_TYPE_IPSECKEY = 45, DNS_TYPE_RRSIG = 46,
	DNS_TYPE_NSEC = 47, DNS_TYPE_DNSKEY = 48, DNS_TYPE_DHCID = 49,
	DNS_TYPE_NSEC3 = 50, DNS_TYPE_NSEC3PARAM = 51, DNS_TYPE_TLSA = 52,
	DNS_TYPE_SMIMEA = 53, DNS_TYPE_HIP = 55, DNS_TYPE_NINFO = 56,
	DNS_TYPE_RKEY = 57, DNS_TYPE_TALINK = 58, DNS_TYPE_CDS = 59,
	DNS_TYPE_CDNSKEY = 60, DNS_TYPE_OPENPGPKEY = 61, DNS_TYPE_CSYNC = 62,
	DNS_TYPE_ZONEMD = 63, DNS_TYPE_SVCB = 64, DNS_TYPE_HTTPS = 65,
	DNS_TYPE_SPF = 99, DNS_TYPE_UINFO = 100, DNS_TYPE_UID = 101,
	DNS_TYPE_GID = 102, DNS_TYPE_UNSPEC = 103, DNS_TYPE_NID = 104,
	DNS_TYPE_L32 = 105, DNS_TYPE_L64 = 106, DNS_TYPE_LP = 107,
	DNS_TYPE_EUI48 = 108, DNS_TYPE_EUI64 = 109, DNS_TYPE_TKEY = 249,
	DNS_TYPE_TSIG = 250, DNS_TYPE_IXFR = 251, DNS_TYPE_AXFR = 252,
	DNS_TYPE_MAILB = 253, DNS_TYPE_MAILA = 254, DNS_TYPE_ANY = 255,
	DNS_TYPE_URI = 256, DNS_TYPE_CAA = 257, DNS_TYPE_AVC = 258,
	DNS_TYPE_DOA = 259, DNS_TYPE_AMTRELAY = 260, DNS_TYPE_TA = 32768,
	DNS_TYPE_DLV = 32769, DNS_TYPE_WINS = 65281, DNS_TYPE_WINS_R = 65282,
	DNS_TYPE_XPF = 65422,
};

#define DNS_TC 0x0200
#define DNS_AA 0x0400
#define DNS_RD 0x0100
#define DNS_RA 0x0080
#define DNS_AD 0x0020
#define DNS_CD 0x0010

enum dns_rcode {
	DNS_NOERROR = 0,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
};

enum dns_kind {
	DNS_UNICAST,
	DNS_MULTICAST,  /* mDNS */
	DNS_LINK_LOCAL, /* LLMNR */
};

enum dns_section {
	DNS_ANSWER,
	DNS_AUTHORITY,
	DNS_ADDITIONAL,
};

struct dns_question {
	const struct dns_name *name;
	uint16_t type, class; /* mDNS: without the QU bit */
	bool unicast;         /* the QU bit */
};

struct dns_record {
	/* The same pointer, the same name; the same name may have several. */
	const struct dns_name *owner;
	uint16_t type, class; /* mDNS: without the cache flush bit */
	uint32_t ttl;
	uint8_t section;      /* enum dns_section */
	bool cache_flush;
	struct span data;
};

struct dns_message {
	uint8_t kind;         /* enum dns_kind */
	bool response;
	uint8_t opcode;
	uint16_t id, flags;
	uint16_t rcode;       /* with the upper bits of EDNS */
	uint16_t counts[4];   /* as the header says */
	bool whole;
	bool edns;
	bool dnssec_ok;
	uint8_t edns_version;
	uint16_t udp_size;    /* of EDNS */
	size_t n_questions, n_records;
	const struct dns_question *questions;
	struct dns_question only_question; /* `questions`, where it is one */
	const struct dns_record *records;
	uint64_t query_frame; /* of a response's query; 0: not known */
	struct span bytes;    /* without the length of TCP */
	size_t claimed;
};

/*
 * A record's data in presentation form: "10 mx.example.com"; unknown types
 * and data that cannot be read as RFC 3597 has it: "\\# 3 010203".  Only
 * printable ASCII.
 */
void dns_record_text(struct buf *out, const struct dns_message *m,
    const struct dns_record *r, struct arena *arena);
/* The name that NS, CNAME, PTR, DNAME, MX or SRV give; false for others. */
bool dns_record_name(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct dns_name *name);
/* The address of A or AAAA. */
static inline bool
dns_record_is_address(const struct dns_record *r)
{
	return (r->type == DNS_TYPE_A && r->data.n == 4) ||
	    (r->type == DNS_TYPE_AAAA && r->data.n == 16);
}
static inline bool
dns_record_address(const struct dns_record *r, struct addr *a)
{
	if (!dns_record_is_address(r))
		return false;
	*a = (struct addr){ 0 };
	if (r->type == DNS_TYPE_A) {
		a->kind = ADDR_IPV4;
		memcpy(a->bytes, r->data.p, 4);
	} else {
		a->kind = ADDR_IPV6;
		memcpy(a->bytes, r->data.p, 16);
	}
	return true;
}

/* "AAAA", "TYPE65400"; "NXDOMAIN", "RCODE12"; into `out` of DNS_WORD. */
#define DNS_WORD 24
const char *dns_type_text(uint16_t type, char out[DNS_WORD]);
const char *dns_rcode_text(uint16_t rcode, char out[DNS_WORD]);

#endif
