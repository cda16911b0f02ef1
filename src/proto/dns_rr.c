#include "proto/dns.h"
#include "proto/dns_rdata.h"

/*
 * Record data by type.  Most types are a row of parts in a fixed order; the
 * others have a function.
 */
enum part_kind {
	PART_END,
	PART_NAME,
	PART_U8,
	PART_U16,
	PART_U32,
	PART_TIME,   /* 32 bits */
	PART_IPV4,
	PART_IPV6,
	PART_TYPE,   /* a record type */
	PART_TEXT,   /* length and text: two rows */
	PART_TEXTS,  /* as many as there are */
	PART_HEX,    /* all that is left */
	PART_BASE64, /* all that is left */
	PART_MAC,
	PART_MAC64,
	PART_TYPES,  /* NSEC's list up to the end; no row */
};

struct part {
	uint8_t kind;
	uint16_t row;
};

#define PARTS_MAX 10

struct layout {
	struct part parts[PARTS_MAX];
	void (*read)(struct dns_rdata *d); /* instead of or after the parts */
};

static void
mac_read(struct dns_rdata *d, enum dns_row row, size_t n)
{
	struct span s = read_bytes(&d->c, n, d->fields, &dns_rows[row]);

	if (s.n == 6)
		dns_part_printf(d, "%02x-%02x-%02x-%02x-%02x-%02x", s.p[0],
		    s.p[1], s.p[2], s.p[3], s.p[4], s.p[5]);
	else if (cur_ok(&d->c))
		dns_part_hex(d, s);
}

static void
part_read(struct dns_rdata *d, const struct part *p)
{
	switch ((enum part_kind)p->kind) {
	case PART_NAME:
		(void)dns_read_name(d, p->row);
		break;
	case PART_U8:
		(void)dns_read_u8(d, p->row);
		break;
	case PART_U16:
		(void)dns_read_u16(d, p->row);
		break;
	case PART_U32:
		(void)dns_read_u32(d, p->row);
		break;
	case PART_TIME:
		dns_read_time(d, p->row, 4);
		break;
	case PART_IPV4:
		dns_read_ipv4(d, p->row);
		break;
	case PART_IPV6:
		dns_read_ipv6(d, p->row);
		break;
	case PART_TYPE:
		(void)dns_read_type(d, p->row);
		break;
	case PART_TEXT:
		dns_read_text(d, p->row);
		break;
	case PART_TEXTS:
		while (cur_left(&d->c) > 0)
			dns_read_text(d, p->row);
		break;
	case PART_HEX:
		(void)dns_read_hex(d, p->row, cur_claimed_left(&d->c));
		break;
	case PART_BASE64:
		(void)dns_read_base64(d, p->row, cur_claimed_left(&d->c));
		break;
	case PART_MAC:
		mac_read(d, p->row, 6);
		break;
	case PART_MAC64:
		mac_read(d, p->row, 8);
		break;
	case PART_TYPES:
		dns_read_types(d);
		break;
	case PART_END:
		break;
	}
}

/* RFC 2535, section 5.2 */
static void
nxt_read(struct dns_rdata *d)
{
	dns_read_bits(d, &d->c, 0);
}

/* The name at the end, whose length as text is handed out as well. */
static void
naptr_read(struct dns_rdata *d)
{
	struct span where = span_of(d->c.base + d->c.pos, 0);
	struct cursor ahead = d->c;
	struct dns_name name;

	if (d->fields != NULL) {
		name = dns_name_read(d->names, &ahead);
		if (cur_ok(&ahead))
			field_put_number(d->fields,
			    &dns_rows[DNS_NAPTR_REPLACEMENT_LENGTH], where,
			    dns_name_shown(&name, d->arena).n);
	}
	(void)dns_read_name(d, DNS_NAPTR_REPLACEMENT);
}

/* RFC 7553; Wireshark 4.0 has no fields for it. */
static void
uri_read(struct dns_rdata *d)
{
	struct cursor c = d->c;

	if (d->fields != NULL)
		(void)read_bytes(&c, cur_claimed_left(&c), d->fields,
		    &dns_rows[DNS_DATA]);
	dns_part_printf(d, "%u", cur_be16(&d->c));
	dns_part_printf(d, "%u", cur_be16(&d->c));
	if (cur_ok(&d->c))
		dns_part_quoted(d, cur_rest(&d->c));
}

/* RFC 8162: as TLSA; Wireshark 4.0 has no fields for it. */
static void
smimea_read(struct dns_rdata *d)
{
	struct cursor c = d->c;

	if (d->fields != NULL)
		(void)read_bytes(&c, cur_claimed_left(&c), d->fields,
		    &dns_rows[DNS_DATA]);
	for (size_t i = 0; i < 3; i++)
		dns_part_printf(d, "%u", cur_u8(&d->c));
	if (cur_ok(&d->c))
		dns_part_hex(d, cur_rest(&d->c));
}

/* RFC 3597, section 5: \# length hex. */
static void
unknown_read(struct dns_rdata *d)
{
	dns_part_printf(d, "\\# %lu", (unsigned long)cur_claimed_left(&d->c));
	if (cur_claimed_left(&d->c) > 0)
		(void)dns_read_hex(d, DNS_DATA, cur_claimed_left(&d->c));
}

/* By number of the type. */
static const struct layout layouts[] = {
	[DNS_TYPE_A] = { .parts = { { PART_IPV4, DNS_A } } },
	[DNS_TYPE_NS] = { .parts = { { PART_NAME, DNS_NS } } },
	[DNS_TYPE_MD] = { .parts = { { PART_NAME, DNS_MD } } },
	[DNS_TYPE_MF] = { .parts = { { PART_NAME, DNS_MF } } },
	[DNS_TYPE_CNAME] = { .parts = { { PART_NAME, DNS_CNAME } } },
	[DNS_TYPE_SOA] = { .parts = {
		{ PART_NAME, DNS_SOA_MNAME },
		{ PART_NAME, DNS_SOA_RNAME },
		{ PART_U32, DNS_SOA_SERIAL_NUMBER },
		{ PART_U32, DNS_SOA_REFRESH_INTERVAL },
		{ PART_U32, DNS_SOA_RETRY_INTERVAL },
		{ PART_U32, DNS_SOA_EXPIRE_LIMIT },
		{ PART_U32, DNS_SOA_MINIMUM_TTL },
	} },
	[DNS_TYPE_MB] = { .parts = { { PART_NAME, DNS_MB } } },
	[DNS_TYPE_MG] = { .parts = { { PART_NAME, DNS_MG } } },
	[DNS_TYPE_MR] = { .parts = { { PART_NAME, DNS_MR } } },
	[DNS_TYPE_NULL] = { .parts = { { PART_HEX, DNS_NULL } } },
	[DNS_TYPE_WKS] = { .parts = {
		{ PART_IPV4, DNS_WKS_ADDRESS },
		{ PART_U8, DNS_WKS_PROTOCOL },
	}, .read = dns_wks_read },
	[DNS_TYPE_PTR] = { .parts = { { PART_NAME, DNS_PTR_DOMAIN_NAME } } },
	[DNS_TYPE_HINFO] = { .parts = {
		{ PART_TEXT, DNS_HINFO_CPU_LENGTH },
		{ PART_TEXT, DNS_HINFO_OS_LENGTH },
	} },
	[DNS_TYPE_MINFO] = { .parts = {
		{ PART_NAME, DNS_MINFO_R },
		{ PART_NAME, DNS_MINFO_E },
	} },
	[DNS_TYPE_MX] = { .parts = {
		{ PART_U16, DNS_MX_PREFERENCE },
		{ PART_NAME, DNS_MX_MAIL_EXCHANGE },
	} },
	[DNS_TYPE_TXT] = { .parts = { { PART_TEXTS, DNS_TXT_LENGTH } } },
	[DNS_TYPE_RP] = { .parts = {
		{ PART_NAME, DNS_RP_MAILBOX },
		{ PART_NAME, DNS_RP_TXT_RR },
	} },
	[DNS_TYPE_AFSDB] = { .parts = {
		{ PART_U16, DNS_AFSDB_SUBTYPE },
		{ PART_NAME, DNS_AFSDB_HOSTNAME },
	} },
	[DNS_TYPE_X25] = { .parts = { { PART_TEXT, DNS_X25_LENGTH } } },
	[DNS_TYPE_ISDN] = { .parts = {
		{ PART_TEXT, DNS_IDSN_LENGTH },
		{ PART_TEXTS, DNS_IDSN_SA_LENGTH },
	} },
	[DNS_TYPE_RT] = { .parts = {
		{ PART_U16, DNS_RT_SUBTYPE },
		{ PART_NAME, DNS_RT_INTERMEDIATE_HOST },
	} },
	[DNS_TYPE_NSAP] = { .parts = { { PART_HEX, DNS_NSAP_RDATA } } },
	[DNS_TYPE_NSAP_PTR] = { .parts = {
		{ PART_NAME, DNS_NSAP_PTR_OWNER },
	} },
	[DNS_TYPE_KEY] = { .read = dns_key_read },
	[DNS_TYPE_PX] = { .parts = {
		{ PART_U16, DNS_PX_PREFERENCE },
		{ PART_NAME, DNS_PX_MAP822 },
		{ PART_NAME, DNS_PX_MAP400 },
	} },
	[DNS_TYPE_GPOS] = { .parts = {
		{ PART_TEXT, DNS_GPOS_LONGITUDE_LENGTH },
		{ PART_TEXT, DNS_GPOS_LATITUDE_LENGTH },
		{ PART_TEXT, DNS_GPOS_ALTITUDE_LENGTH },
	} },
	[DNS_TYPE_AAAA] = { .parts = { { PART_IPV6, DNS_AAAA } } },
	[DNS_TYPE_LOC] = { .read = dns_loc_read },
	[DNS_TYPE_NXT] = { .parts = {
		{ PART_NAME, DNS_NXT_NEXT_DOMAIN_NAME },
	}, .read = nxt_read },
	[DNS_TYPE_SRV] = { .parts = {
		{ PART_U16, DNS_SRV_PRIORITY },
		{ PART_U16, DNS_SRV_WEIGHT },
		{ PART_U16, DNS_SRV_PORT },
		{ PART_NAME, DNS_SRV_TARGET },
	} },
	[DNS_TYPE_NAPTR] = { .parts = {
		{ PART_U16, DNS_NAPTR_ORDER },
		{ PART_U16, DNS_NAPTR_PREFERENCE },
		{ PART_TEXT, DNS_NAPTR_FLAGS_LENGTH },
		{ PART_TEXT, DNS_NAPTR_SERVICE_LENGTH },
		{ PART_TEXT, DNS_NAPTR_REGEX_LENGTH },
	}, .read = naptr_read },
	[DNS_TYPE_KX] = { .parts = {
		{ PART_U16, DNS_KX_PREFERENCE },
		{ PART_NAME, DNS_KX_KEY_EXCHANGE },
	} },
	[DNS_TYPE_CERT] = { .parts = {
		{ PART_U16, DNS_CERT_TYPE },
		{ PART_U16, DNS_CERT_KEY_TAG },
		{ PART_U8, DNS_CERT_ALGORITHM },
		{ PART_BASE64, DNS_CERT_CERTIFICATE },
	} },
	[DNS_TYPE_A6] = { .read = dns_a6_read },
	[DNS_TYPE_DNAME] = { .parts = { { PART_NAME, DNS_DNAME } } },
	[DNS_TYPE_OPT] = { .read = dns_opt_read },
	[DNS_TYPE_APL] = { .read = dns_apl_read },
	[DNS_TYPE_DS] = { .parts = {
		{ PART_U16, DNS_DS_KEY_ID },
		{ PART_U8, DNS_DS_ALGORITHM },
		{ PART_U8, DNS_DS_DIGEST_TYPE },
		{ PART_HEX, DNS_DS_DIGEST },
	} },
	[DNS_TYPE_SSHFP] = { .parts = {
		{ PART_U8, DNS_SSHFP_ALGORITHM },
		{ PART_U8, DNS_SSHFP_FINGERPRINT_TYPE },
		{ PART_HEX, DNS_SSHFP_FINGERPRINT },
	} },
	[DNS_TYPE_IPSECKEY] = { .read = dns_ipseckey_read },
	[DNS_TYPE_RRSIG] = { .parts = {
		{ PART_TYPE, DNS_RRSIG_TYPE_COVERED },
		{ PART_U8, DNS_RRSIG_ALGORITHM },
		{ PART_U8, DNS_RRSIG_LABELS },
		{ PART_U32, DNS_RRSIG_ORIGINAL_TTL },
		{ PART_TIME, DNS_RRSIG_SIGNATURE_EXPIRATION },
		{ PART_TIME, DNS_RRSIG_SIGNATURE_INCEPTION },
		{ PART_U16, DNS_RRSIG_KEY_TAG },
		{ PART_NAME, DNS_RRSIG_SIGNERS_NAME },
		{ PART_BASE64, DNS_RRSIG_SIGNATURE },
	} },
	[DNS_TYPE_NSEC] = { .parts = {
		{ PART_NAME, DNS_NSEC_NEXT_DOMAIN_NAME },
		{ PART_TYPES, DNS_ROW },
	} },
	[DNS_TYPE_DNSKEY] = { .read = dns_dnskey_read },
	[DNS_TYPE_DHCID] = { .parts = { { PART_BASE64, DNS_DHCID_RDATA } } },
	[DNS_TYPE_NSEC3] = { .read = dns_nsec3_read },
	[DNS_TYPE_NSEC3PARAM] = { .read = dns_nsec3param_read },
	[DNS_TYPE_TLSA] = { .parts = {
		{ PART_U8, DNS_TLSA_CERTIFICATE_USAGE },
		{ PART_U8, DNS_TLSA_SELECTOR },
		{ PART_U8, DNS_TLSA_MATCHING_TYPE },
		{ PART_HEX, DNS_TLSA_CERTIFICATE_ASSOCIATION_DATA },
	} },
	[DNS_TYPE_SMIMEA] = { .read = smimea_read },
	[DNS_TYPE_HIP] = { .read = dns_hip_read },
	[DNS_TYPE_CDNSKEY] = { .read = dns_dnskey_read },
	[DNS_TYPE_OPENPGPKEY] = { .parts = {
		{ PART_BASE64, DNS_OPENPGPKEY },
	} },
	[DNS_TYPE_CSYNC] = { .read = dns_csync_read },
	[DNS_TYPE_ZONEMD] = { .parts = {
		{ PART_U32, DNS_ZONEMD_SERIAL },
		{ PART_U8, DNS_ZONEMD_SCHEME },
		{ PART_U8, DNS_ZONEMD_HASH_ALGO },
		{ PART_HEX, DNS_ZONEMD_DIGEST },
	} },
	[DNS_TYPE_SVCB] = { .read = dns_svcb_read },
	[DNS_TYPE_HTTPS] = { .read = dns_svcb_read },
	[DNS_TYPE_SPF] = { .parts = { { PART_TEXTS, DNS_SPF_LENGTH } } },
	[DNS_TYPE_NID] = { .parts = {
		{ PART_U16, DNS_ILNP_NID_PREFERENCE },
		{ PART_HEX, DNS_ILNP_NID },
	} },
	[DNS_TYPE_L32] = { .parts = {
		{ PART_U16, DNS_ILNP_L32_PREFERENCE },
		{ PART_IPV4, DNS_ILNP_L32 },
	} },
	[DNS_TYPE_L64] = { .parts = {
		{ PART_U16, DNS_ILNP_L64_PREFERENCE },
		{ PART_HEX, DNS_ILNP_L64 },
	} },
	[DNS_TYPE_LP] = { .parts = {
		{ PART_U16, DNS_ILNP_LP_PREFERENCE },
		{ PART_NAME, DNS_ILNP_LP },
	} },
	[DNS_TYPE_EUI48] = { .parts = { { PART_MAC, DNS_EUI48 } } },
	[DNS_TYPE_EUI64] = { .parts = { { PART_MAC64, DNS_EUI64 } } },
};

/* The types beyond the table. */
static void
(*other_type(uint16_t type))(struct dns_rdata *d)
{
	switch (type) {
	case DNS_TYPE_TKEY:
		return dns_tkey_read;
	case DNS_TYPE_TSIG:
		return dns_tsig_read;
	case DNS_TYPE_URI:
		return uri_read;
	case DNS_TYPE_CAA:
		return dns_caa_read;
	case DNS_TYPE_WINS:
		return dns_wins_read;
	case DNS_TYPE_WINS_R:
		return dns_wins_r_read;
	case DNS_TYPE_XPF:
		return dns_xpf_read;
	}
	return unknown_read;
}

static bool
has_layout(const struct layout *l)
{
	return l->read != NULL || l->parts[0].kind != PART_END;
}

void
dns_rdata_read(struct dns_rdata *d, uint16_t type)
{
	const struct layout *l;

	d->first = true;
	switch (type) {
	case DNS_TYPE_CDS: /* RFC 7344: as DS */
	case DNS_TYPE_DLV: /* RFC 4431: as DS */
		type = DNS_TYPE_DS;
		break;
	case DNS_TYPE_SIG: /* RFC 2535: as RRSIG */
		type = DNS_TYPE_RRSIG;
		break;
	}
	if (type >= LENGTH(layouts) || !has_layout(&layouts[type])) {
		other_type(type)(d);
		return;
	}
	l = &layouts[type];
	for (size_t i = 0; i < PARTS_MAX; i++) {
		if (l->parts[i].kind == PART_END)
			break;
		part_read(d, &l->parts[i]);
	}
	if (l->read != NULL)
		l->read(d);
}
