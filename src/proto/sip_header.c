#include "proto/sip_header.h"

#include "base/word.h"
#include "proto/sip.h"
#include "proto/sip_fields.h"

#define NAME(text) (text), sizeof(text) - 1

static const struct sip_header_row header_rows[] = {
	{ NAME("to"), 't', SIP_TO, SIP_ROW_TO },
	{ NAME("via"), 'v', SIP_VIA, SIP_ROW_VIA },
	{ NAME("from"), 'f', SIP_FROM, SIP_ROW_FROM },
	{ NAME("cseq"), 0, SIP_CSEQ, SIP_ROW_CSEQ },
	{ NAME("date"), 0, SIP_OTHER, SIP_ROW_DATE },
	{ NAME("route"), 0, SIP_OTHER, SIP_ROW_ROUTE },
	{ NAME("allow"), 0, SIP_OTHER, SIP_ROW_ALLOW },
	{ NAME("event"), 'o', SIP_OTHER, SIP_ROW_EVENT },
	{ NAME("server"), 0, SIP_SERVER, SIP_ROW_SERVER },
	{ NAME("reason"), 0, SIP_REASON, SIP_ROW_REASON },
	{ NAME("accept"), 0, SIP_OTHER, SIP_ROW_ACCEPT },
	{ NAME("contact"), 'm', SIP_CONTACT, SIP_ROW_CONTACT },
	{ NAME("call-id"), 'i', SIP_CALL_ID, SIP_ROW_CALL_ID },
	{ NAME("expires"), 0, SIP_EXPIRES, SIP_ROW_EXPIRES },
	{ NAME("require"), 0, SIP_OTHER, SIP_ROW_REQUIRE },
	{ NAME("subject"), 's', SIP_OTHER, SIP_ROW_SUBJECT },
	{ NAME("warning"), 0, SIP_OTHER, SIP_ROW_WARNING },
	{ NAME("refer-to"), 'r', SIP_OTHER, SIP_ROW_REFER_TO },
	{ NAME("supported"), 'k', SIP_OTHER, SIP_ROW_SUPPORTED },
	{ NAME("timestamp"), 0, SIP_OTHER, SIP_ROW_TIMESTAMP },
	{ NAME("user-agent"), 0, SIP_USER_AGENT, SIP_ROW_USER_AGENT },
	{ NAME("referred-by"), 'b', SIP_OTHER, SIP_ROW_REFERRED_BY },
	{ NAME("retry-after"), 0, SIP_OTHER, SIP_ROW_RETRY_AFTER },
	{ NAME("content-type"), 'c', SIP_CONTENT_TYPE, SIP_ROW_CONTENT_TYPE },
	{ NAME("max-forwards"), 0, SIP_OTHER, SIP_ROW_MAX_FORWARDS },
	{ NAME("record-route"), 0, SIP_OTHER, SIP_ROW_RECORD_ROUTE },
	{ NAME("allow-events"), 'u', SIP_OTHER, SIP_ROW_ALLOW_EVENTS },
	{ NAME("organization"), 0, SIP_OTHER, SIP_ROW_ORGANIZATION },
	{ NAME("authorization"), 0, SIP_AUTHORIZATION, SIP_ROW_AUTHORIZATION },
	{ NAME("content-length"), 'l', SIP_CONTENT_LENGTH,
	    SIP_ROW_CONTENT_LENGTH },
	{ NAME("session-expires"), 'x', SIP_OTHER, SIP_ROW_SESSION_EXPIRES },
	{ NAME("www-authenticate"), 0, SIP_WWW_AUTHENTICATE,
	    SIP_ROW_WWW_AUTHENTICATE },
	{ NAME("content-encoding"), 'e', SIP_OTHER, SIP_ROW_CONTENT_ENCODING },
	{ NAME("proxy-authenticate"), 0, SIP_PROXY_AUTHENTICATE,
	    SIP_ROW_PROXY_AUTHENTICATE },
	{ NAME("subscription-state"), 0, SIP_OTHER,
	    SIP_ROW_SUBSCRIPTION_STATE },
	{ NAME("proxy-authorization"), 0, SIP_PROXY_AUTHORIZATION,
	    SIP_ROW_PROXY_AUTHORIZATION },
	{ NAME("content-disposition"), 0, SIP_OTHER,
	    SIP_ROW_CONTENT_DISPOSITION },
	{ NAME("p-asserted-identity"), 0, SIP_OTHER,
	    SIP_ROW_P_ASSERTED_IDENTITY },
	{ NAME("p-preferred-identity"), 0, SIP_OTHER,
	    SIP_ROW_P_PREFERRED_IDENTITY },
	{ NAME("p-access-network-info"), 0, SIP_OTHER,
	    SIP_ROW_P_ACCESS_NETWORK_INFO }
};

/* By length, first and last byte, of letters either case: one more than the
 * row.  No two names have the same place; a test finds them all. */
static const uint8_t places[128] = {
	[2] = 19, [3] = 26, [4] = 24, [8] = 2, [12] = 16, [21] = 14, [24] = 8,
	[27] = 31, [33] = 28, [34] = 33, [37] = 30, [38] = 35, [42] = 38,
	[44] = 25, [45] = 39, [52] = 22, [54] = 29, [55] = 21, [66] = 10,
	[71] = 36, [81] = 18, [86] = 40, [87] = 11, [88] = 4, [91] = 17,
	[96] = 27, [97] = 1, [100] = 32, [103] = 3, [106] = 37, [108] = 13,
	[110] = 6, [111] = 7, [115] = 34, [116] = 15, [117] = 23, [119] = 9,
	[124] = 12, [125] = 5, [127] = 20,
};

static inline unsigned
place(const uint8_t *p, size_t n)
{
	return ((unsigned)n * 3 + (p[0] & 31U) * 17 + (p[n - 1] & 31U) * 9) %
	    LENGTH(places);
}

/* Of a letter of a name either case will do; what else stands in names has
 * not the bit that letters have. */
static inline uint64_t
differs(uint64_t bytes, uint64_t name)
{
	return (bytes ^ name) & ~((name & UINT64_C(0x4040404040404040)) >> 1);
}

/* At least two bytes; those of eight may be some of those before. */
static inline bool
is_name(const uint8_t *p, const uint8_t *name, size_t n)
{
	size_t i = 0;

	if (n < 4)
		return differs((uint64_t)word_be16(p) << 8 | p[n - 1],
		    (uint64_t)word_be16(name) << 8 | name[n - 1]) == 0;
	if (n < 8)
		return differs((uint64_t)word_le32(p) << 32 |
		    word_le32(p + n - 4), (uint64_t)word_le32(name) << 32 |
		    word_le32(name + n - 4)) == 0;
	for (; i + 8 < n; i += 8)
		if (differs(word_le64(p + i), word_le64(name + i)) != 0)
			return false;
	return differs(word_le64(p + n - 8), word_le64(name + n - 8)) == 0;
}

static const struct sip_header_row *
compact_find(char letter)
{
	for (size_t i = 0; i < LENGTH(header_rows); i++)
		if (header_rows[i].compact == letter)
			return &header_rows[i];
	return NULL;
}

const struct sip_header_row *
sip_header_find(struct span name)
{
	const struct sip_header_row *r;
	unsigned row;

	/* No name is as short. */
	if (name.n < 2)
		return name.n == 0 ? NULL :
		    compact_find((char)(name.p[0] | 0x20));
	row = places[place(name.p, name.n)];
	if (row == 0)
		return NULL;
	r = &header_rows[row - 1];
	return r->length == name.n && is_name(name.p,
	    (const uint8_t *)r->name, name.n) ? r : NULL;
}
