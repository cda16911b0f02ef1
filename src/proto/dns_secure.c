#include "proto/dns_rdata.h"

/* RFC 4034, appendix B: over all of the data. */
static uint16_t
key_tag(struct span rdata, uint8_t algorithm)
{
	struct cursor c = cur_open(rdata);
	uint32_t sum = 0;

	if (algorithm == 1) {
		cur_seek(&c, rdata.n < 3 ? 0 : rdata.n - 3);
		return cur_be16(&c);
	}
	while (cur_left(&c) >= 2)
		sum += cur_be16(&c);
	if (cur_left(&c) > 0)
		sum += (uint32_t)cur_u8(&c) << 8;
	return (uint16_t)(sum + (sum >> 16));
}

static void
key_flags(struct field_list *l, struct span where, uint16_t flags)
{
	static const struct {
		uint16_t mask, row;
	} bits[] = {
		{ 0x8000, DNS_KEY_FLAGS_AUTHENTICATION },
		{ 0x4000, DNS_KEY_FLAGS_CONFIDENTIALITY },
		{ 0x2000, DNS_KEY_FLAGS_REQUIRED },
		{ 0x0400, DNS_KEY_FLAGS_ASSOCIATED_USER },
		{ 0x0200, DNS_KEY_FLAGS_ASSOCIATED_NAMED_ENTITY },
		{ 0x0080, DNS_KEY_FLAGS_IPSEC },
		{ 0x0040, DNS_KEY_FLAGS_MIME },
		{ 0x000f, DNS_KEY_FLAGS_SIGNATORY },
	};

	/* Both: there is no key, and the other bits say nothing (RFC 2535). */
	size_t n = (flags & 0xc000) == 0xc000 ? 2 : LENGTH(bits);

	for (size_t i = 0; i < n; i++)
		field_bits(l, &dns_rows[bits[i].row], where, flags,
		    bits[i].mask);
}

static void
dnskey_flags(struct field_list *l, struct span where, uint16_t flags)
{
	field_bits(l, &dns_rows[DNS_DNSKEY_FLAGS_ZONE_KEY], where, flags,
	    0x0100);
	field_bits(l, &dns_rows[DNS_DNSKEY_FLAGS_KEY_REVOKED], where, flags,
	    0x0080);
	field_bits(l, &dns_rows[DNS_DNSKEY_FLAGS_SECURE_ENTRY_POINT], where,
	    flags, 0x0001);
	field_bits(l, &dns_rows[DNS_DNSKEY_FLAGS_RESERVED], where, flags,
	    0xfe7e);
}

static void
some_key_read(struct dns_rdata *d, enum dns_row first,
    void (*flags_put)(struct field_list *, struct span, uint16_t))
{
	size_t left = cur_claimed_left(&d->c);
	struct span all = span_of(d->c.base + d->c.pos, cur_left(&d->c));
	uint16_t flags = dns_read_u16(d, first);
	uint8_t algorithm;

	if (d->fields != NULL && cur_ok(&d->c)) {
		d->fields->depth++;
		flags_put(d->fields, span_first(all, 2), flags);
		d->fields->depth--;
	}
	first = flags_put == key_flags ? DNS_KEY_PROTOCOL :
	    DNS_DNSKEY_PROTOCOL;
	(void)dns_read_u8(d, first);
	algorithm = dns_read_u8(d, first + 1);
	if (!cur_ok(&d->c))
		return;
	if (d->fields != NULL && all.n == left)
		field_put_number(d->fields, &dns_rows[first + 2],
		    span_of(d->c.base + d->c.pos, 0),
		    key_tag(all, algorithm));
	(void)dns_read_base64(d, first + 3, cur_claimed_left(&d->c));
}

void
dns_key_read(struct dns_rdata *d)
{
	some_key_read(d, DNS_KEY_FLAGS, key_flags);
}

void
dns_dnskey_read(struct dns_rdata *d)
{
	some_key_read(d, DNS_DNSKEY_FLAGS, dnskey_flags);
}

static void
salt_read(struct dns_rdata *d)
{
	uint8_t n;

	(void)dns_read_u16(d, DNS_NSEC3_ITERATIONS);
	n = read_u8(&d->c, d->fields, &dns_rows[DNS_NSEC3_SALT_LENGTH]);
	(void)dns_read_hex(d, DNS_NSEC3_SALT_VALUE, n);
}

void
dns_nsec3param_read(struct dns_rdata *d)
{
	(void)dns_read_u8(d, DNS_NSEC3_ALGO);
	(void)dns_read_u8(d, DNS_NSEC3_FLAGS);
	salt_read(d);
}

/* Base 32 with extended hex alphabet (RFC 4648), without padding. */
static size_t
base32_write(char *out, struct span s)
{
	struct cursor c = cur_open(s);
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	while (cur_left(&c) > 0 || have > 0) {
		if (have < 5 && cur_left(&c) > 0) {
			bits = bits << 8 | cur_u8(&c);
			have += 8;
		} else if (have < 5) {
			bits <<= 5 - have;
			have = 5;
		}
		have -= 5;
		out[n++] = "0123456789abcdefghijklmnopqrstuv"[bits >> have &
		    31];
		bits &= (1U << have) - 1;
	}
	return n;
}

void
dns_nsec3_read(struct dns_rdata *d)
{
	char text[255 * 2];
	struct span hash, where;
	uint8_t n, flags;
	size_t written;

	(void)dns_read_u8(d, DNS_NSEC3_ALGO);
	where = span_of(d->c.base + d->c.pos, 1);
	flags = dns_read_u8(d, DNS_NSEC3_FLAGS);
	if (cur_ok(&d->c))
		field_bits(d->fields, &dns_rows[DNS_NSEC3_FLAGS_OPT_OUT],
		    where, flags, 1);
	salt_read(d);
	n = read_u8(&d->c, d->fields, &dns_rows[DNS_NSEC3_HASH_LENGTH]);
	hash = cur_take(&d->c, n);
	if (!cur_ok(&d->c))
		return;
	written = base32_write(text, hash);
	if (d->fields != NULL)
		field_put_bytes(d->fields, &dns_rows[DNS_NSEC3_HASH_VALUE],
		    hash, arena_copy(d->arena, span_of(text, written)));
	text[written] = '\0';
	dns_part_printf(d, "%.100s", text);
	dns_read_types(d);
}

/* RFC 4025 */
void
dns_ipseckey_read(struct dns_rdata *d)
{
	uint8_t type;

	(void)dns_read_u8(d, DNS_IPSECKEY_GATEWAY_PRECEDENCE);
	type = dns_read_u8(d, DNS_IPSECKEY_GATEWAY_TYPE);
	(void)dns_read_u8(d, DNS_IPSECKEY_GATEWAY_ALGORITHM);
	if (type == 0)
		dns_part_printf(d, ".");
	else if (type == 1)
		dns_read_ipv4(d, DNS_IPSECKEY_GATEWAY_IPV4);
	else if (type == 2)
		dns_read_ipv6(d, DNS_IPSECKEY_GATEWAY_IPV6);
	else if (type == 3)
		(void)dns_read_name(d, DNS_IPSECKEY_GATEWAY_DNS);
	(void)dns_read_base64(d, DNS_IPSECKEY_PUBLIC_KEY,
	    cur_claimed_left(&d->c));
}

/* RFC 8005 */
void
dns_hip_read(struct dns_rdata *d)
{
	uint8_t hit = read_u8(&d->c, d->fields, &dns_rows[DNS_HIP_HIT_LENGTH]);
	uint16_t key;

	(void)dns_read_u8(d, DNS_HIP_HIT_PK_ALGO);
	key = read_be16(&d->c, d->fields, &dns_rows[DNS_HIP_PK_LENGTH]);
	(void)dns_read_hex(d, DNS_HIP_HIT, hit);
	(void)dns_read_base64(d, DNS_HIP_PK, key);
	while (cur_left(&d->c) > 0)
		(void)dns_read_name(d, DNS_HIP_RENDEZVOUS_SERVER);
}

/* RFC 2930 */
void
dns_tkey_read(struct dns_rdata *d)
{
	uint16_t n;

	(void)dns_read_name(d, DNS_TKEY_ALGO_NAME);
	dns_read_time(d, DNS_TKEY_SIGNATURE_INCEPTION, 4);
	dns_read_time(d, DNS_TKEY_SIGNATURE_EXPIRATION, 4);
	(void)dns_read_u16(d, DNS_TKEY_MODE);
	(void)dns_read_u16(d, DNS_TKEY_ERROR);
	n = dns_read_u16(d, DNS_TKEY_KEY_SIZE);
	if (n > 0)
		(void)dns_read_base64(d, DNS_TKEY_KEY_DATA, n);
	n = dns_read_u16(d, DNS_TKEY_OTHER_SIZE);
	if (n > 0)
		(void)dns_read_hex(d, DNS_TKEY_OTHER_DATA, n);
}

/* RFC 8945 */
void
dns_tsig_read(struct dns_rdata *d)
{
	struct span mac;
	uint16_t n;

	(void)dns_read_name(d, DNS_TSIG_ALGORITHM_NAME);
	dns_read_time(d, DNS_TSIG_TIME_SIGNED, 6);
	(void)dns_read_u16(d, DNS_TSIG_FUDGE);
	n = dns_read_u16(d, DNS_TSIG_MAC_SIZE);
	mac = cur_take(&d->c, n);
	if (cur_ok(&d->c) && n > 0) {
		field_mark(d->fields, &dns_rows[DNS_TSIG_MAC], mac);
		dns_part_base64(d, mac);
	}
	(void)dns_read_u16(d, DNS_TSIG_ORIGINAL_ID);
	(void)dns_read_u16(d, DNS_TSIG_ERROR);
	n = dns_read_u16(d, DNS_TSIG_OTHER_LEN);
	if (n > 0)
		(void)dns_read_hex(d, DNS_TSIG_OTHER_DATA, n);
}

static enum dns_row
caa_row(struct span tag)
{
	if (span_is(tag, "issue"))
		return DNS_CAA_ISSUE;
	if (span_is(tag, "issuewild"))
		return DNS_CAA_ISSUEWILD;
	if (span_is(tag, "iodef"))
		return DNS_CAA_IODEF;
	return DNS_CAA_UNKNOWN;
}

/* A tag that is one stands without quotes. */
static void
caa_tag_part(struct dns_rdata *d, struct span tag)
{
	struct cursor c = cur_open(tag);
	bool plain = tag.n > 0;

	while (cur_left(&c) > 0) {
		uint8_t byte = cur_u8(&c);

		plain = plain && ((byte >= '0' && byte <= '9') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    (byte >= 'a' && byte <= 'z'));
	}
	if (plain && tag.n < 64)
		dns_part_printf(d, "%.*s", (int)tag.n, (const char *)tag.p);
	else
		dns_part_quoted(d, tag);
}

/* RFC 8659 */
void
dns_caa_read(struct dns_rdata *d)
{
	struct field_list *l = d->fields;
	struct span where = span_of(d->c.base + d->c.pos, 1), tag, value;
	uint8_t flags = dns_read_u8(d, DNS_CAA_FLAGS), n;

	if (!cur_ok(&d->c))
		return;
	field_bits(l, &dns_rows[DNS_CAA_FLAGS_ISSUER_CRITICAL], where, flags,
	    0x80);
	where = span_of(d->c.base + d->c.pos, cur_left(&d->c));
	n = cur_u8(&d->c);
	tag = cur_take(&d->c, n);
	value = cur_take(&d->c, cur_claimed_left(&d->c));
	if (!cur_ok(&d->c))
		return;
	if (l != NULL) {
		field_put_bytes(l, &dns_rows[caa_row(tag)], where, value);
		l->depth++;
		field_put_number(l, &dns_rows[DNS_CAA_TAG_LENGTH],
		    span_first(where, 1), n);
		field_bytes(l, &dns_rows[DNS_CAA_TAG], tag);
		field_bytes(l, &dns_rows[DNS_CAA_VALUE], value);
		l->depth--;
	}
	caa_tag_part(d, tag);
	dns_part_quoted(d, value);
}
