#include "analysis/sip.h"

#include "analysis/ranked.h"

#define METHODS_MAX 200
#define AGENTS_MAX 2000
/* Shares of the statistics' bytes, in hundredths. */
#define SHARE_LIST 6 /* methods, Call-IDs, user agents */
#define SHARE_CALLS 50
#define SHARE_RTP 26
#define TEXT_IN_ROW 200

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct sip_state *s = state;

	(void)scan;
	s->listing = *(const struct listing *)options;
	table_init(&s->methods, sizeof(uint64_t), METHODS_MAX);
	table_init(&s->transports, sizeof(uint64_t), 8);
	table_init(&s->agents, sizeof(uint64_t), AGENTS_MAX);
	sip_calls_init(&s->calls);
	rtp_streams_init(&s->rtp);
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct sip_state *s = state;

	table_free(&s->methods);
	table_free(&s->transports);
	table_free(&s->agents);
	sip_calls_free(&s->calls);
	rtp_streams_free(&s->rtp);
}

/* The near miss: traffic on SIP's ports that is no SIP we can read. */
static void
packet_add(void *state, const struct packet *p)
{
	struct sip_state *s = state;
	const struct transport *t = packet_transport(p);

	s->listing.frames++;
	if (t == NULL)
		return;
	if (t->sport == 5060 || t->dport == 5060)
		s->port_5060++;
	else if (t->sport == 5061 || t->dport == 5061)
		s->port_5061++;
}

static void
count(struct table *t, struct span key)
{
	size_t i;

	key = span_first(key, 256);
	i = table_intern_hashed(t, key, hash_text(key));
	if (i != SIZE_MAX)
		++*(uint64_t *)table_value(t, i);
}

/* Mostly the same as that of the message before. */
static void
transport_count(struct sip_state *s, const struct transport *t)
{
	const char *name = listing_transport(t);

	if (name != s->transport) {
		s->transport = name;
		s->of_transport = table_add(&s->transports, span_text(name));
	}
	if (s->of_transport != NULL)
		++*s->of_transport;
}

static void
statistics_add(struct sip_state *s, const struct message *m,
    const struct sip_message *sip)
{
	if (sip->is_response) {
		s->responses++;
		s->classes[sip->status / 100 % 10]++;
	} else {
		s->requests++;
		count(&s->methods, sip->method);
	}
	transport_count(s, m->transport);
	if (sip->user_agent.n > 0)
		count(&s->agents, sip->user_agent);
	if (m->malformed)
		s->malformed++;
}

static void
text_member(struct json *j, const char *name, struct span text)
{
	if (text.n > 0)
		json_foreign_max(j, name, text, TEXT_IN_ROW);
}

static bool
is_known_port(const struct transport *t)
{
	return t != NULL && (t->sport == 5060 || t->dport == 5060 ||
	    t->sport == 5061 || t->dport == 5061);
}

static void
headers_row(const struct sip_message *sip, struct json *j)
{
	json_object(j, "headers");
	for (size_t i = 0; i < sip->n_headers; i++) {
		const struct sip_header *h = &sip->headers[i];

		/* What has a key of its own is not said twice; a key must
		 * not stand twice either: the first of a kind. */
		if (h->id != SIP_OTHER || h->full == NULL)
			continue;
		for (size_t k = 0; k <= i; k++) {
			if (k == i)
				json_foreign_max(j, h->full, h->value, 120);
			else if (sip->headers[k].full == h->full)
				break;
		}
	}
	json_end(j);
}

static void
media_row(const struct sdp *sdp, struct json *j)
{
	json_array(j, "media");
	for (size_t i = 0; i < sdp->n_media; i++) {
		const struct sdp_media *m = &sdp->media[i];

		json_object(j, NULL);
		text_member(j, "kind", m->kind);
		text_member(j, "address", m->address_text);
		json_uint(j, "port", m->port);
		text_member(j, "transport", m->transport);
		text_member(j, "direction", m->direction);
		json_array(j, "formats");
		for (size_t k = 0; k < m->n_formats; k++) {
			if (m->formats[k].encoding.n > 0)
				json_foreign_max(j, NULL,
				    m->formats[k].encoding, 40);
			else
				json_textf(j, NULL, "%u",
				    m->formats[k].payload_type);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void
addresses_row(const struct packet *p, const struct transport *t,
    struct json *j)
{
	json_uint(j, "packet_number", p->record->number);
	json_time(j, "timestamp", p->record->time);
	json_addr(j, "source_ip", t != NULL ? &t->src : &p->src);
	json_addr(j, "destination_ip", t != NULL ? &t->dst : &p->dst);
	if (t == NULL)
		return;
	json_uint(j, "source_port", t->sport);
	json_uint(j, "destination_port", t->dport);
}

static void
summary_row(const struct sip_message *sip, struct json *j)
{
	struct buf b;

	buf_init(&b, 2000);
	proto_sip.info(&b, sip);
	json_span(j, "summary", buf_bytes(&b));
	buf_free(&b);
}

static void
row_write(const struct packet *p, const struct message *m,
    const struct sip_message *sip, struct json *j)
{
	addresses_row(p, m->transport, j);
	json_text(j, "transport", listing_transport(m->transport));
	json_text(j, "message_type",
	    sip->is_response ? "response" : "request");
	text_member(j, "start_line", sip->start_line);
	text_member(j, "call_id", sip->call_id);
	text_member(j, "cseq", sip->cseq);
	text_member(j, "from", sip->from);
	text_member(j, "to", sip->to);
	text_member(j, "contact", sip->contact);
	text_member(j, "user_agent", sip->user_agent);
	text_member(j, "server", sip->server);
	text_member(j, "via", sip->via);
	text_member(j, "content_type", sip->content_type);
	if (sip->has_content_length)
		json_uint(j, "content_length", sip->content_length);
	json_uint(j, "body_length", sip->body.n);
	json_bool(j, "known_sip_port", is_known_port(m->transport));
	headers_row(sip, j);
	if (sip->sdp != NULL)
		media_row(sip->sdp, j);
	if (m->first_frame != 0 && m->first_frame != p->record->number)
		json_uint(j, "first_frame", m->first_frame);
	if (m->malformed)
		json_bool(j, "malformed", true);
	if (m->cut)
		json_bool(j, "cut_by_snaplen", true);
	if (m->transport != NULL && m->transport->in_error)
		json_bool(j, "quoted_in_icmp_error", true);
	summary_row(sip, j);
	if (sip->is_response) {
		json_uint(j, "status_code", sip->status);
		text_member(j, "reason_phrase", sip->reason);
	} else {
		text_member(j, "method", sip->method);
		text_member(j, "request_uri", sip->request_uri);
	}
	text_member(j, "sip_version", sip->version);
}

static void
exchange_add(struct sip_state *s, const struct packet *p,
    const struct message *m, const struct sip_message *sip)
{
	statistics_add(s, m, sip);
	if (sip->sdp != NULL)
		rtp_streams_announce(&s->rtp, sip->sdp, sip->call_id,
		    p->record->number);
	sip_calls_add(&s->calls, p, sip);
}

static void
message_add(void *state, const struct packet *p, const struct message *m)
{
	struct sip_state *s = state;
	const struct sip_message *sip = m->data;
	bool quoted = m->transport != NULL && m->transport->in_error;
	struct json *j;

	/* What an ICMP error quotes was sent in another packet. */
	if (m->proto == &proto_rtp) {
		if (m->transport != NULL && !quoted)
			rtp_streams_add(&s->rtp, p, m->transport, m->data);
		return;
	}
	if (m->proto != &proto_sip)
		return;
	if (!listing_count(&s->listing, p->record->number))
		return;
	s->quoted += quoted;
	if (!quoted)
		exchange_add(s, p, m, sip);
	j = rows_next(s->listing.rows);
	if (j == NULL)
		return;
	json_object(j, NULL);
	row_write(p, m, sip, j);
	json_end(j);
	rows_done(s->listing.rows);
}

static void
counts_report(const struct table *t, struct json *j, const char *name,
    size_t max_bytes)
{
	size_t limit = json_size(j) + max_bytes;

	json_object(j, name);
	for (size_t i = 0; i < t->n; i++) {
		struct json_mark mark = json_mark(j);
		const uint64_t *n = table_value(t, i);

		json_uint_foreign(j, table_key(t, i), *n);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

static void
keys_report(const struct table *t, struct json *j, const char *name,
    size_t max_bytes)
{
	size_t limit = json_size(j) + max_bytes;

	json_array(j, name);
	for (size_t i = 0; i < t->n; i++) {
		struct json_mark mark = json_mark(j);

		json_foreign_max(j, NULL, table_key(t, i), 120);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

void
sip_statistics_report(void *state, struct json *j, size_t max_bytes)
{
	const struct sip_state *s = state;
	size_t part = max_bytes / 100;

	json_object(j, "statistics");
	json_uint(j, "requests", s->requests);
	json_uint(j, "responses", s->responses);
	counts_report(&s->methods, j, "methods", part * SHARE_LIST);
	json_object(j, "response_classes");
	for (unsigned i = 0; i < LENGTH(s->classes); i++) {
		char name[4] = { (char)('0' + i), 'x', 'x', 0 };

		if (s->classes[i] > 0)
			json_uint(j, name, s->classes[i]);
	}
	json_end(j);
	json_uint(j, "unique_call_ids", s->calls.call_ids.n);
	keys_report(&s->calls.call_ids, j, "call_ids", part * SHARE_LIST);
	counts_report(&s->transports, j, "transports", part * SHARE_LIST);
	json_uint(j, "unique_user_agents", s->agents.n);
	keys_report(&s->agents, j, "user_agents", part * SHARE_LIST);
	if (s->quoted > 0)
		json_uint(j, "quoted_in_icmp_errors", s->quoted);
	if (s->malformed > 0)
		json_uint(j, "malformed", s->malformed);
	sip_calls_report(&s->calls, j, part * SHARE_CALLS);
	rtp_streams_report(&s->rtp, j, part * SHARE_RTP);
	json_end(j);
}

static const uint16_t ports[] = { 5060, 5061, 0 };

const struct analyzer analyzer_sip = {
	.name = "sip",
	.wants = WANT_WALK | WANT_MESSAGES | WANT_DEFRAG,
	.proto = "sip rtp",
	.glances = true,
	.ports = ports,
	.unheard = listing_unheard,
	.size = sizeof(struct sip_state),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.message = message_add,
};
