#include "proto/sip_header.h"

#include "proto/sip.h"
#include "proto/sip_fields.h"

#define NAME(text) (text), sizeof(text) - 1

/* Sorted by nothing: some forty rows, and the first letter decides fast. */
static const struct sip_header_row header_rows[] = {
	{ NAME("via"), 'v', SIP_VIA, SIP_ROW_VIA },
	{ NAME("from"), 'f', SIP_FROM, SIP_ROW_FROM },
	{ NAME("to"), 't', SIP_TO, SIP_ROW_TO },
	{ NAME("contact"), 'm', SIP_CONTACT, SIP_ROW_CONTACT },
	{ NAME("call-id"), 'i', SIP_CALL_ID, SIP_ROW_CALL_ID },
	{ NAME("cseq"), 0, SIP_CSEQ, SIP_ROW_CSEQ },
	{ NAME("content-type"), 'c', SIP_CONTENT_TYPE, SIP_ROW_CONTENT_TYPE },
	{ NAME("content-length"), 'l', SIP_CONTENT_LENGTH,
	    SIP_ROW_CONTENT_LENGTH },
	{ NAME("user-agent"), 0, SIP_USER_AGENT, SIP_ROW_USER_AGENT },
	{ NAME("server"), 0, SIP_SERVER, SIP_ROW_SERVER },
	{ NAME("expires"), 0, SIP_EXPIRES, SIP_ROW_EXPIRES },
	{ NAME("authorization"), 0, SIP_AUTHORIZATION, SIP_ROW_AUTHORIZATION },
	{ NAME("proxy-authorization"), 0, SIP_PROXY_AUTHORIZATION,
	    SIP_ROW_PROXY_AUTHORIZATION },
	{ NAME("www-authenticate"), 0, SIP_WWW_AUTHENTICATE,
	    SIP_ROW_WWW_AUTHENTICATE },
	{ NAME("proxy-authenticate"), 0, SIP_PROXY_AUTHENTICATE,
	    SIP_ROW_PROXY_AUTHENTICATE },
	{ NAME("reason"), 0, SIP_REASON, SIP_ROW_REASON },
	{ NAME("max-forwards"), 0, SIP_OTHER, SIP_ROW_MAX_FORWARDS },
	{ NAME("route"), 0, SIP_OTHER, SIP_ROW_ROUTE },
	{ NAME("record-route"), 0, SIP_OTHER, SIP_ROW_RECORD_ROUTE },
	{ NAME("allow"), 0, SIP_OTHER, SIP_ROW_ALLOW },
	{ NAME("allow-events"), 'u', SIP_OTHER, SIP_ROW_ALLOW_EVENTS },
	{ NAME("supported"), 'k', SIP_OTHER, SIP_ROW_SUPPORTED },
	{ NAME("require"), 0, SIP_OTHER, SIP_ROW_REQUIRE },
	{ NAME("accept"), 0, SIP_OTHER, SIP_ROW_ACCEPT },
	{ NAME("event"), 'o', SIP_OTHER, SIP_ROW_EVENT },
	{ NAME("subject"), 's', SIP_OTHER, SIP_ROW_SUBJECT },
	{ NAME("warning"), 0, SIP_OTHER, SIP_ROW_WARNING },
	{ NAME("date"), 0, SIP_OTHER, SIP_ROW_DATE },
	{ NAME("timestamp"), 0, SIP_OTHER, SIP_ROW_TIMESTAMP },
	{ NAME("organization"), 0, SIP_OTHER, SIP_ROW_ORGANIZATION },
	{ NAME("session-expires"), 'x', SIP_OTHER, SIP_ROW_SESSION_EXPIRES },
	{ NAME("subscription-state"), 0, SIP_OTHER, SIP_ROW_SUBSCRIPTION_STATE },
	{ NAME("refer-to"), 'r', SIP_OTHER, SIP_ROW_REFER_TO },
	{ NAME("referred-by"), 'b', SIP_OTHER, SIP_ROW_REFERRED_BY },
	{ NAME("content-encoding"), 'e', SIP_OTHER, SIP_ROW_CONTENT_ENCODING },
	{ NAME("content-disposition"), 0, SIP_OTHER,
	    SIP_ROW_CONTENT_DISPOSITION },
	{ NAME("p-asserted-identity"), 0, SIP_OTHER,
	    SIP_ROW_P_ASSERTED_IDENTITY },
	{ NAME("p-preferred-identity"), 0, SIP_OTHER,
	    SIP_ROW_P_PREFERRED_IDENTITY },
	{ NAME("p-access-network-info"), 0, SIP_OTHER,
	    SIP_ROW_P_ACCESS_NETWORK_INFO },
	{ NAME("retry-after"), 0, SIP_OTHER, SIP_ROW_RETRY_AFTER },
};

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
	char first = name.n > 0 ? (char)(name.p[0] | 0x20) : '\0';

	/* No name is as short. */
	if (name.n == 1)
		return compact_find(first);
	for (size_t i = 0; i < LENGTH(header_rows); i++) {
		const struct sip_header_row *r = &header_rows[i];

		if (r->length == name.n && r->name[0] == first &&
		    span_equal_nocase(name, span_of(r->name, r->length)))
			return r;
	}
	return NULL;
}
