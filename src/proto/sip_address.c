#include "proto/sip_address.h"

struct span
sip_until(struct span *s, uint8_t end)
{
	size_t n = span_find_byte(*s, end);
	struct span head = span_first(*s, n);

	*s = span_after(*s, n + 1);
	return head;
}

void
sip_uri_read(struct span uri, struct sip_address *a)
{
	struct span s = uri;
	size_t colon = span_find_byte(s, ':');
	size_t at;

	a->uri = uri;
	if (colon == s.n)
		return;
	s = span_after(s, colon + 1);
	s = span_first(s, span_find_byte(s, ';'));
	s = span_first(s, span_find_byte(s, '?'));
	at = span_find_byte(s, '@');
	if (at < s.n) {
		a->user = span_first(s, at);
		a->user = span_first(a->user,
		    span_find_byte(a->user, ':'));
		s = span_after(s, at + 1);
	} else if (span_starts_nocase(uri, "tel:")) {
		a->user = s;
		return;
	}
	if (s.n > 0 && s.p[0] == '[') {
		at = span_find_byte(s, ']');
		a->host = span_first(s, at + 1);
		s = span_after(s, at + 1);
		(void)sip_until(&s, ':');
		a->port = s;
		return;
	}
	a->host = sip_until(&s, ':');
	a->port = s;
}

struct span
sip_parameter(struct span list, const char *name)
{
	while (list.n > 0) {
		struct span item = span_trim(sip_until(&list, ';'));
		struct span key = sip_until(&item, '=');

		if (span_is_nocase(span_trim(key), name))
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

void
sip_address_read(struct span value, struct sip_address *a)
{
	struct span s = span_after(value, quoted_end(value));
	size_t open = span_find_byte(s, '<');

	a->uri = a->user = a->host = a->port = a->tag = span_empty();
	if (open < s.n) {
		s = span_after(s, open + 1);
		sip_uri_read(sip_until(&s, '>'), a);
	} else {
		struct span uri = sip_until(&s, ';');

		sip_uri_read(span_trim(uri), a);
	}
	a->tag = sip_parameter(s, "tag");
}

struct span
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

struct span
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
