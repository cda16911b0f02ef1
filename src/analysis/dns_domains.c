#include "analysis/dns_domains.h"

#include <stdlib.h>

#define NAMES_MAX 200000
#define DOMAINS_MAX 20000
#define PAIRS_MAX 100000

bool
dns_domains_init(struct dns_domains *d)
{
	table_init(&d->names, 0, NAMES_MAX);
	table_init(&d->domains, 0, DOMAINS_MAX);
	table_init(&d->pairs, 0, PAIRS_MAX);
	/* Memory that nobody touches costs nothing. */
	d->asked = calloc(NAMES_MAX, sizeof(*d->asked));
	d->domain = calloc(DOMAINS_MAX, sizeof(*d->domain));
	d->measure = calloc(DOMAINS_MAX, sizeof(*d->measure));
	return d->asked != NULL && d->domain != NULL && d->measure != NULL;
}

void
dns_domains_free(struct dns_domains *d)
{
	table_free(&d->names);
	table_free(&d->domains);
	table_free(&d->pairs);
	free(d->asked);
	free(d->domain);
	free(d->measure);
}

/* The next label, which may hold escaped dots; *rest loses it and the dot. */
static struct span
label_next(struct span *rest)
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
	static const char *const words[] = {
		"ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me",
		"mil", "ne", "net", "nom", "or", "org", "plc", "sch",
	};

	for (size_t i = 0; i < LENGTH(words); i++)
		if (span_is(label, words[i]))
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

struct span
dns_domain_of(struct span key)
{
	struct span rest = key, labels[3] = { key, key, key }, label;
	size_t n = 0;

	if (key.n > 0 && key.p[key.n - 1] != '.' &&
	    span_find_byte(key, '\\') == key.n)
		return domain_of_plain(key);
	while (rest.n > 0) {
		label = label_next(&rest);
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

static unsigned
character_bin(uint8_t byte)
{
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a';
	if (byte >= '0' && byte <= '9')
		return 26U + byte - '0';
	return byte == '-' ? 36 : 37;
}

static void
name_measure(struct dns_measure *m, struct span key, size_t domain_bytes)
{
	struct span rest = span_first(key, key.n - domain_bytes), label;

	m->names++;
	m->name_bytes += key.n;
	if (key.n > m->longest_name)
		m->longest_name = (uint32_t)key.n;
	while (rest.n > 0) {
		label = label_next(&rest);
		if (label.n > m->longest_label)
			m->longest_label = (uint32_t)label.n;
		m->characters_n += label.n;
		for (size_t i = 0; i < label.n; i++)
			m->characters[character_bin(label.p[i])]++;
	}
}

void
dns_domains_settle(struct dns_domains *d)
{
	table_later_come(&d->later, &d->pairs);
	for (size_t i = 0; i < d->later.n; i++) {
		size_t before = d->pairs.n;

		(void)table_later_intern(&d->later, &d->pairs, i);
		if (d->pairs.n > before)
			d->domain[d->waiting[i]].clients++;
	}
	table_later_end(&d->later);
}

static void
client_note(struct dns_domains *d, struct dns_domain *domain,
    uint32_t number, uint32_t client)
{
	uint32_t pair[2] = { number, client };
	uint64_t word = (uint64_t)number << 32 | client;
	uint32_t n = domain->clients;

	for (uint32_t i = 0; i < n && i < DNS_FIRST_CLIENTS; i++)
		if (domain->first_clients[i] == client)
			return;
	if (n < DNS_FIRST_CLIENTS) {
		domain->first_clients[n] = client;
		domain->clients++;
		return;
	}
	d->waiting[table_later_add_hashed(&d->later, &d->pairs, span_of(pair,
	    sizeof(pair)), hash_words(&word, 1))] = number;
	if (table_later_full(&d->later))
		dns_domains_settle(d);
}

void
dns_domains_prefetch(const struct dns_domains *d, uint64_t hash)
{
	table_prefetch_slot(&d->names, hash);
}

size_t
dns_domains_guess(const struct dns_domains *d, uint64_t hash)
{
	const struct table_entry *entry = table_guess(&d->names, hash);

	if (entry == NULL)
		return SIZE_MAX;
	__builtin_prefetch(entry);
	return (size_t)(entry - d->names.entries);
}

void
dns_domains_prefetch_name(const struct dns_domains *d, size_t name)
{
	__builtin_prefetch(table_key(&d->names, name).p);
	__builtin_prefetch(&d->asked[name]);
}

void
dns_domains_prefetch_domain(const struct dns_domains *d, size_t name)
{
	uint32_t at = d->asked[name].domain;

	if (at == UINT32_MAX)
		return;
	__builtin_prefetch(&d->domain[at]);
	__builtin_prefetch(&d->domain[at].first_clients);
}

/* Of a name that was not asked for before. */
static uint32_t
name_domain(struct dns_domains *d, struct span name)
{
	struct span key = dns_domain_of(name);
	size_t at = table_intern_hashed(&d->domains, key, hash_text(key));

	if (at == SIZE_MAX)
		return UINT32_MAX;
	if (at == d->n_domain) {
		d->domain[at] = (struct dns_domain){ 0 };
		d->measure[at] = (struct dns_measure){ 0 };
		d->n_domain++;
	}
	name_measure(&d->measure[at], name, key.n);
	return (uint32_t)at;
}

size_t
dns_domains_query(struct dns_domains *d, const struct dns_ask *ask,
    uint32_t client, uint64_t frame, size_t bytes)
{
	size_t at = table_intern_hashed(&d->names, ask->name, ask->hash);
	struct dns_domain *domain;
	struct dns_asked *asked;

	if (at == SIZE_MAX)
		return at;
	asked = &d->asked[at];
	if (at == d->n_asked) {
		*asked = (struct dns_asked){
			.first_frame = frame,
			.domain = name_domain(d, ask->name),
		};
		d->n_asked++;
	}
	asked->queries++;
	asked->last_frame = frame;
	if (asked->domain == UINT32_MAX)
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

/* log2 to 2^-20, without the mathematics library. */
static double
log2_of(uint64_t n)
{
	double x = (double)n, result = 0, bit = 1;

	if (n == 0)
		return 0;
	while (x >= 2) {
		x /= 2;
		result += 1;
	}
	for (unsigned i = 0; i < 20; i++) {
		x *= x;
		bit /= 2;
		if (x < 2)
			continue;
		x /= 2;
		result += bit;
	}
	return result;
}

double
dns_domain_entropy(const struct dns_measure *m)
{
	double sum = 0, bits;

	if (m->characters_n == 0)
		return 0;
	for (size_t i = 0; i < DNS_CHARACTERS; i++)
		if (m->characters[i] > 0)
			sum += m->characters[i] * log2_of(m->characters[i]);
	bits = log2_of(m->characters_n) - sum / (double)m->characters_n;
	/* Two decimals: what the figure is good for. */
	return bits < 0 ? 0 : (double)(int64_t)(bits * 100 + 0.5) / 100;
}

static uint64_t
domain_rank(const void *context, size_t i)
{
	const struct dns_domains *d = context;

	return d->domain[i].queries;
}

static void
domain_row(const struct dns_domains *d, size_t i, struct json *j)
{
	const struct dns_domain *domain = &d->domain[i];
	const struct dns_measure *m = &d->measure[i];

	json_span(j, NULL, table_key(&d->domains, i));
	json_uint(j, NULL, domain->queries);
	json_uint(j, NULL, m->names);
	json_uint(j, NULL, domain->clients);
	json_uint(j, NULL, domain->nxdomain);
	json_uint(j, NULL, domain->first_frame);
	json_uint(j, NULL, domain->last_frame);
	json_uint(j, NULL, m->names == 0 ? 0 : m->name_bytes / m->names);
	json_uint(j, NULL, m->longest_label);
	json_double(j, NULL, dns_domain_entropy(m));
	json_uint(j, NULL, domain->txt_null);
	json_uint(j, NULL, domain->query_bytes);
	json_uint(j, NULL, domain->response_bytes);
}

void
dns_domains_report(const struct dns_domains *d, struct json *j,
    size_t max_bytes)
{
	uint32_t *order = ranked_order(d->domains.n, domain_rank, d);
	struct ranked r;

	ranked_begin(&r, j, "domains", "domain queries names clients nxdomain "
	    "first_frame last_frame mean_name_length longest_label "
	    "entropy_bits txt_null_queries query_bytes response_bytes",
	    order == NULL ? 0 : d->domains.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		domain_row(d, order[i], j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}
