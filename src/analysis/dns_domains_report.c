#include <stdlib.h>

#include "analysis/dns_domains.h"
#include "analysis/ranked.h"

/* The domains as a part of the answer, with what their names look like. */
#define CHARACTERS 38 /* a-z, 0-9, '-', anything else */
#define ROW_LEAST 24  /* bytes of the shortest row, and less */

struct measure {
	uint64_t name_bytes;       /* of all different names */
	uint64_t characters_n;     /* in the labels left of the domain */
	uint32_t names;            /* different ones */
	uint32_t longest_label;
	uint32_t characters[CHARACTERS];
};

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
name_measure(struct measure *m, struct span key, size_t domain_bytes)
{
	struct span rest = span_first(key, key.n - domain_bytes), label;

	m->names++;
	m->name_bytes += key.n;
	while (rest.n > 0) {
		label = dns_label_next(&rest);
		if (label.n > m->longest_label)
			m->longest_label = (uint32_t)label.n;
		m->characters_n += label.n;
		for (size_t i = 0; i < label.n; i++)
			m->characters[character_bin(label.p[i])]++;
	}
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

static double
entropy(const struct measure *m)
{
	double sum = 0, bits;

	if (m->characters_n == 0)
		return 0;
	for (size_t i = 0; i < CHARACTERS; i++)
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

/* Of a domain: all of its names that were asked for. */
static void
domain_row(const struct dns_domains *d, size_t i, const struct measure *m,
    struct json *j)
{
	const struct dns_domain *domain = &d->domain[i];

	json_span(j, NULL, table_key(&d->domains, i));
	json_uint(j, NULL, domain->queries);
	json_uint(j, NULL, m->names);
	json_uint(j, NULL, domain->clients);
	json_uint(j, NULL, domain->nxdomain);
	json_uint(j, NULL, domain->first_frame);
	json_uint(j, NULL, domain->last_frame);
	json_uint(j, NULL, m->names == 0 ? 0 : m->name_bytes / m->names);
	json_uint(j, NULL, m->longest_label);
	json_double(j, NULL, entropy(m));
	json_uint(j, NULL, domain->txt_null);
	json_uint(j, NULL, domain->query_bytes);
	json_uint(j, NULL, domain->response_bytes);
}

/* Of the first `n` of `order`; the others are not shown.  NULL when memory is
 * refused. */
static struct measure *
domains_measure(const struct dns_domains *d, const uint32_t *order, size_t n)
{
	struct measure *measures = calloc(n + 1, sizeof(*measures));
	uint32_t *places = calloc(d->domains.n + 1, sizeof(*places));

	if (measures == NULL || places == NULL) {
		free(measures);
		free(places);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		places[order[i]] = (uint32_t)i + 1;
	for (size_t name = 0; name < d->n_asked; name++) {
		uint32_t domain = d->asked[name].domain;

		if (domain != DNS_NOBODY && places[domain] > 0)
			name_measure(&measures[places[domain] - 1],
			    table_key(&d->names, name),
			    table_key(&d->domains, domain).n);
	}
	free(places);
	return measures;
}

void
dns_domains_report(const struct dns_domains *d, struct json *j,
    size_t max_bytes)
{
	size_t n = d->domains.n, most = max_bytes / ROW_LEAST + 1;
	uint32_t *order = ranked_order(n, domain_rank, d);
	struct measure *measures = NULL;
	struct ranked r;

	if (most > n)
		most = n;
	if (order != NULL)
		measures = domains_measure(d, order, most);
	ranked_begin(&r, j, "domains", "domain queries names clients nxdomain "
	    "first_frame last_frame mean_name_length longest_label "
	    "entropy_bits txt_null_queries query_bytes response_bytes",
	    measures == NULL ? 0 : n, max_bytes);
	for (size_t i = 0; measures != NULL && i < most && ranked_row(&r);
	    i++) {
		domain_row(d, order[i], &measures[i], j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
	free(measures);
}
