#include "proto/sip_header.h"

#include "base/word.h"
#include "proto/sip.h"
#include "proto/sip_fields.h"

#define NAME(text) (text), sizeof(text) - 1

/* By length; from[] says where the names of a length start. */
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
	    SIP_ROW_P_ACCESS_NETWORK_INFO },
	{ NULL, 0, 0, 0, 0 }
};

static const uint8_t from[] = {
	40, 40, 0, 1, 2, 5, 8, 11, 17, 18, 20, 21, 23, 28, 29, 30, 31, 40, 33,
	35, 38, 39,
};

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
	char first = name.n > 0 ? (char)(name.p[0] | 0x20) : '\0';

	/* No name is as short. */
	if (name.n == 1)
		return compact_find(first);
	if (name.n == 0 || name.n >= LENGTH(from))
		return NULL;
	for (r = &header_rows[from[name.n]]; r->length == name.n; r++)
		if (r->name[0] == first && is_name(name.p,
		    (const uint8_t *)r->name, name.n))
			return r;
	return NULL;
}
