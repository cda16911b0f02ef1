#include "proto/sip_address.h"

#include "base/word.h"

struct span
sip_until(struct span *s, uint8_t end)
{
	size_t n = span_find_byte(*s, end);
	struct span head = span_first(*s, n);

	*s = span_after(*s, n + 1);
	return head;
}

__attribute__((cold)) struct sip_uri
sip_uri_read(struct span uri)
{
	struct span e = span_empty(), s = uri;
	struct sip_uri u = { e, e, e };
	size_t colon = span_find_byte(s, ':');
	size_t at;

	if (colon == s.n)
		return u;
	s = span_after(s, colon + 1);
	s = span_first(s, span_find_byte(s, ';'));
	s = span_first(s, span_find_byte(s, '?'));
	at = span_find_byte(s, '@');
	if (at < s.n) {
		u.user = span_first(s, at);
		u.user = span_first(u.user, span_find_byte(u.user, ':'));
		s = span_after(s, at + 1);
	} else if (span_starts_nocase(uri, "tel:")) {
		u.user = s;
		return u;
	}
	if (s.n > 0 && s.p[0] == '[') {
		at = span_find_byte(s, ']');
		u.host = span_first(s, at + 1);
		s = span_after(s, at + 1);
		(void)sip_until(&s, ':');
		u.port = s;
		return u;
	}
	u.host = sip_until(&s, ':');
	u.port = s;
	return u;
}

struct span
sip_parameter(struct span list, const char *name)
{
	struct span wanted = span_text(name);

	while (list.n > 0) {
		struct span item = span_trim(sip_until(&list, ';')), key;

		if (item.n < wanted.n || (item.p[0] | 0x20) != wanted.p[0])
			continue;
		key = sip_until(&item, '=');
		if (span_equal_nocase(span_trim(key), wanted))
			return span_trim(item);
	}
	return span_empty();
}

/* Past a quoted display name, in which < and ; mean nothing. */
static size_t
quoted_end(struct span s)
{
	size_t i = 1;

	if (s.n == 0 || s.p[0] != '"')
		return 0;
	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

/* Mostly there is nothing, or a tag and nothing else. */
static struct span
tag_read(struct span s)
{
	if (s.n == 0)
		return s;
	if (s.n < 5 || (word_le32(s.p + 1) | 0x202020) !=
	    ('t' | 'a' << 8 | 'g' << 16 | '=' << 24) || s.p[0] != ';')
		return sip_parameter(span_after(s, s.p[0] == ';'), "tag");
	s = span_after(s, 5);
	return span_trim(sip_until(&s, ';'));
}

void
sip_address_read(struct span value, struct sip_address *a)
{
	struct span s = span_after(value, quoted_end(value));
	size_t open = span_find_byte(s, '<');

	if (open < s.n) {
		s = span_after(s, open + 1);
		a->uri = sip_until(&s, '>');
	} else {
		a->uri = span_trim(sip_until(&s, ';'));
	}
	a->tag = tag_read(s);
}

__attribute__((cold)) struct span
sip_address_next(struct span *list)
{
	size_t n = quoted_end(*list), comma, open;

	comma = n + span_find_byte(span_after(*list, n), ',');
	open = n + span_find_byte(span_after(*list, n), '<');
	if (open < comma) {
		n = open + span_find_byte(span_after(*list, open), '>');
		comma = n + span_find_byte(span_after(*list, n), ',');
	}
	struct span address = span_trim(span_first(*list, comma));

	*list = span_trim(span_after(*list, comma + 1));
	return address;
}

__attribute__((cold)) struct span
sip_credential(struct span list, const char *name)
{
	while (list.n > 0) {
		struct span key = span_trim(sip_until(&list, '='));
		struct span value;

		while (list.n > 0 && list.p[0] == ' ')
			list = span_after(list, 1);
		if (list.n > 0 && list.p[0] == '"') {
			size_t n = quoted_end(list);

			value = span_first(span_after(list, 1),
			    n >= 2 ? n - 2 : 0);
			list = span_after(list, n);
			(void)sip_until(&list, ',');
		} else {
			value = span_trim(sip_until(&list, ','));
		}
		if (span_is_nocase(key, name))
			return value;
	}
	return span_empty();
}
