#include "analysis/dns_domains.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/lines.h"

#define NAMES_MAX 200000
#define DOMAINS_MAX 20000
#define CLIENTS_MAX 100000

_Static_assert(sizeof(struct dns_domain) == LINE, "a domain is a line");
_Static_assert(sizeof(struct dns_asked) == LINE / 2, "two names are a line");
_Static_assert(DNS_HOSTS_MAX < UINT16_MAX, "a client's number is short");

/* A client of a domain. */
static void
client_is_new(void *context, uint32_t domain)
{
	struct dns_domains *d = context;

	d->domain[domain].clients++;
}

__attribute__((cold)) bool
dns_domains_init(struct dns_domains *d)
{
	table_init(&d->names, 0, NAMES_MAX);
	table_init(&d->domains, 0, DOMAINS_MAX);
	word_set_init(&d->clients, CLIENTS_MAX, client_is_new, d);
	/* Memory that nobody touches costs nothing. */
	d->asked = lines_new(NAMES_MAX / 2);
	d->domain = lines_new(DOMAINS_MAX);
	return d->asked != NULL && d->domain != NULL;
}

__attribute__((cold)) void
dns_domains_free(struct dns_domains *d)
{
	table_free(&d->names);
	table_free(&d->domains);
	word_set_free(&d->clients);
	lines_free(d->asked);
	lines_free(d->domain);
}

__attribute__((cold)) struct span
dns_label_next(struct span *rest)
{
	struct span label;
	size_t n = 0;

	for (; n < rest->n && rest->p[n] != '.'; n++)
		n += rest->p[n] == '\\';
	label = span_first(*rest, n);
	*rest = span_after(*rest, n + 1);
	return label;
}

static bool
is_second_level(struct span label)
{
	static const char words[][4] = {
		"ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me",
		"mil", "ne", "net", "nom", "or", "org", "plc", "sch",
	};
	char text[4] = "";

	if (label.n >= sizeof(text))
		return false;
	bytes_copy((uint8_t *)text, label.p, label.n);
	for (size_t i = 0; i < LENGTH(words); i++)
		if (memcmp(words[i], text, sizeof(text)) == 0)
			return true;
	return false;
}

/* Where the label begins that ends before `end`. */
static size_t
label_start(struct span s, size_t end)
{
	while (end > 0 && s.p[end - 1] != '.')
		end--;
	return end;
}

/* From its end, where no dot is escaped and none is the last byte. */
static struct span
domain_of_plain(struct span key)
{
	size_t top = label_start(key, key.n), second, third;
	struct span label;

	if (top == 0)
		return key;
	second = label_start(key, top - 1);
	if (second == 0)
		return key;
	label = span_of(key.p + second, top - 1 - second);
	if (key.n - top != 2 || !is_second_level(label))
		return span_after(key, second);
	third = label_start(key, second - 1);
	return span_after(key, third);
}

static __attribute__((cold)) struct span
domain_of_escaped(struct span key)
{
	struct span rest = key, labels[3] = { key, key, key }, label;
	size_t n = 0;

	while (rest.n > 0) {
		label = dns_label_next(&rest);
		labels[0] = labels[1];
		labels[1] = labels[2];
		labels[2] = label;
		n++;
	}
	if (n < 3)
		return key;
	if (labels[2].n == 2 && is_second_level(labels[1]))
		return span_after(key, (size_t)(labels[0].p - key.p));
	return span_after(key, (size_t)(labels[1].p - key.p));
}

struct span
dns_domain_of(struct span key)
{
	return key.n > 0 && key.p[key.n - 1] != '.' &&
	    span_find_byte(key, '\\') == key.n ? domain_of_plain(key) :
	    domain_of_escaped(key);
}

static void
client_note(struct dns_domains *d, struct dns_domain *domain,
    uint32_t number, uint32_t client)
{
	uint32_t n = domain->clients;

	for (uint32_t i = 0; i < n && i < DNS_FIRST_CLIENTS; i++)
		if (domain->first_clients[i] == (uint16_t)client)
			return;
	if (n < DNS_FIRST_CLIENTS) {
		domain->first_clients[n] = (uint16_t)client;
		domain->clients++;
		return;
	}
	word_set_add(&d->clients, (uint64_t)number << 32 | (uint16_t)client,
	    number);
}

void
dns_domains_expect(const struct dns_domains *d, struct dns_ask *ask)
{
	struct span key = dns_domain_of(ask->name);

	ask->domain_bytes = key.n;
	ask->domain_hash = hash_text(key);
	table_prefetch_slot(&d->domains, ask->domain_hash);
}

/* Of a name that was not asked for before. */
static uint32_t
name_domain(struct dns_domains *d, struct dns_ask *ask)
{
	size_t at;

	if (ask->domain_bytes == 0)
		dns_domains_expect(d, ask);
	at = table_intern_hashed(&d->domains, span_after(ask->name,
	    ask->name.n - ask->domain_bytes), ask->domain_hash);
	if (at == SIZE_MAX)
		return DNS_NOBODY;
	if (at == d->n_domain) {
		d->domain[at] = (struct dns_domain){ 0 };
		d->n_domain++;
	}
	return (uint32_t)at;
}

static inline size_t
name_intern(struct dns_domains *d, const struct dns_ask *ask)
{
	struct span key;

	if (ask->guess != SIZE_MAX) {
		key = table_key(&d->names, ask->guess);
		if (key.n == ask->name.n &&
		    bytes_equal(key.p, ask->name.p, key.n))
			return ask->guess;
	}
	return table_intern_hashed(&d->names, ask->name, ask->hash);
}

size_t
dns_domains_query(struct dns_domains *d, struct dns_ask *ask,
    uint32_t client, uint64_t frame, size_t bytes)
{
	size_t at = name_intern(d, ask);
	struct dns_domain *domain;
	struct dns_asked *asked;

	if (at == SIZE_MAX)
		return at;
	asked = &d->asked[at];
	if (at == d->n_asked) {
		*asked = (struct dns_asked){
			.domain = name_domain(d, ask),
			.known = dns_known_nothing(),
		};
		d->n_asked++;
	}
	asked->queries++;
	if (asked->domain == DNS_NOBODY)
		return at;
	domain = &d->domain[asked->domain];
	if (domain->queries++ == 0)
		domain->first_frame = frame;
	domain->last_frame = frame;
	domain->query_bytes += bytes;
	domain->txt_null += ask->type == DNS_TYPE_TXT ||
	    ask->type == DNS_TYPE_NULL;
	client_note(d, domain, asked->domain, client);
	return at;
}

void
dns_domains_response(struct dns_domains *d, struct span name, size_t at,
    uint16_t rcode, size_t bytes)
{
	size_t number;
	struct dns_domain *domain;

	if (at != SIZE_MAX) {
		number = d->asked[at].domain;
	} else {
		name = dns_domain_of(name);
		number = table_index_hashed(&d->domains, name,
		    hash_text(name));
	}
	if (number >= d->domains.n)
		return;
	domain = &d->domain[number];
	domain->responses++;
	domain->response_bytes += bytes;
	domain->nxdomain += rcode == DNS_NXDOMAIN;
}
