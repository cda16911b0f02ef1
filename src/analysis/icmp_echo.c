#include "analysis/icmp.h"

#include <stdio.h>

#include "analysis/ranked.h"

struct echo_ids {
	uint64_t requests, replies;
};

static bool
is_request(const struct icmp_header *h)
{
	return h->version == 4 ? h->type == 8 : h->type == 128;
}

static bool
is_reply(const struct icmp_header *h)
{
	return h->version == 4 ? h->type == 0 : h->type == 129;
}

static struct icmp_echo *
echo_of(struct icmp_state *s, const struct packet *p, bool request)
{
	struct {
		struct addr asker, answerer;
		uint16_t id;
		uint8_t version, zero;
	} key;
	struct icmp_echo *e;

	memset(&key, 0, sizeof(key));
	key.asker = request ? p->src : p->dst;
	key.answerer = request ? p->dst : p->src;
	key.id = p->icmp.id;
	key.version = p->icmp.version;
	e = table_add(&s->echoes, span_of(&key, sizeof(key)));
	if (e == NULL || e->first_frame != 0)
		return e;
	e->asker = key.asker;
	e->answerer = key.answerer;
	e->id = key.id;
	e->version = key.version;
	e->first_frame = p->record->number;
	return e;
}

static struct span
waiting_key(const struct packet *p, bool request, uint8_t *key)
{
	const struct addr *asker = request ? &p->src : &p->dst;
	const struct addr *answerer = request ? &p->dst : &p->src;
	size_t n = sizeof(struct addr);

	memcpy(key, asker, n);
	memcpy(key + n, answerer, n);
	key[2 * n] = (uint8_t)(p->icmp.id >> 8);
	key[2 * n + 1] = (uint8_t)p->icmp.id;
	key[2 * n + 2] = (uint8_t)(p->icmp.seq >> 8);
	key[2 * n + 3] = (uint8_t)p->icmp.seq;
	return span_of(key, 2 * n + 4);
}

/* The data of an echo stands behind identifier and sequence number. */
static struct span
echo_data(const struct packet *p)
{
	return span_after(p->icmp.body, 4);
}

/*
 * The two fillings everybody's ping uses: bytes that count up (behind a time
 * of 8 or 16 bytes), and Windows' letters.
 */
static bool
is_usual(struct span data)
{
	size_t i, ups = 0;

	for (i = 17; i < data.n; i++)
		ups += data.p[i] == (uint8_t)(data.p[i - 1] + 1) ||
		    (data.p[i] == 'a' && data.p[i - 1] == 'w') ||
		    data.p[i] == data.p[i - 1];
	return data.n <= 17 || ups * 10 >= (data.n - 17) * 9;
}

static void
data_add(struct icmp_state *s, const struct packet *p)
{
	struct span data = echo_data(p);
	size_t claimed = p->icmp.body_claimed > 4 ?
	    p->icmp.body_claimed - 4 : 0;

	s->data_packets++;
	s->data_bytes += claimed;
	if (claimed > s->data_max) {
		s->data_max = claimed;
		s->largest_frame = p->record->number;
	}
	if (!is_usual(data))
		s->data_odd++;
}

static void
request_add(struct icmp_state *s, struct icmp_echo *e,
    const struct packet *p)
{
	uint8_t key[2 * sizeof(struct addr) + 4];
	struct icmp_waiting *w;
	size_t size = p->icmp.body_claimed > 4 ?
	    p->icmp.body_claimed - 4 : 0;

	if (e->requests++ == 0 || size < e->size_min)
		e->size_min = (uint32_t)size;
	if (size > e->size_max)
		e->size_max = (uint32_t)size;
	e->request_ttl = p->ip.ttl;
	w = table_add(&s->waiting, waiting_key(p, true, key));
	if (w == NULL)
		return;
	w->time = p->record->time;
	w->frame = p->record->number;
	w->size = (uint32_t)size;
	w->data = hash_bytes(echo_data(p));
	w->hop = p->ip.ttl;
	w->answered = false;
}

static void
rtt_add(struct icmp_echo *e, int64_t rtt)
{
	if (rtt < 0)
		return;
	if (e->rtt_count == 0 || rtt < e->rtt_min)
		e->rtt_min = rtt;
	if (rtt > e->rtt_max)
		e->rtt_max = rtt;
	e->rtt_sum += rtt;
	e->rtt_count++;
}

static void
reply_add(struct icmp_state *s, struct icmp_echo *e, const struct packet *p)
{
	uint8_t key[2 * sizeof(struct addr) + 4];
	struct icmp_waiting *w;

	e->replies++;
	e->reply_ttl = p->ip.ttl;
	e->reply_seen = true;
	w = table_find(&s->waiting, waiting_key(p, false, key));
	if (w == NULL) {
		e->unmatched++;
		return;
	}
	if (w->answered) {
		e->duplicates++;
		return;
	}
	w->answered = true;
	if (w->time.known && p->record->time.known)
		rtt_add(e, time_diff(p->record->time, w->time));
	icmp_path_reply(s, p, w->hop, w->time);
	if (p->icmp.body.n == p->icmp.body_claimed &&
	    w->data != hash_bytes(echo_data(p)))
		s->data_changed++;
}

/* mcpcap's echo_pairs counts by identifier alone. */
static void
ids_add(struct icmp_state *s, const struct packet *p, bool request)
{
	uint8_t key[2] = { (uint8_t)(p->icmp.id >> 8), (uint8_t)p->icmp.id };
	struct echo_ids *ids = table_add(&s->by_id, span_of(key, 2));

	if (ids == NULL)
		return;
	ids->requests += request;
	ids->replies += !request;
}

void
icmp_echo_add(struct icmp_state *s, const struct packet *p)
{
	bool request = is_request(&p->icmp);
	struct icmp_echo *e;

	if ((!request && !is_reply(&p->icmp)) || !p->icmp.has_id)
		return;
	data_add(s, p);
	ids_add(s, p, request);
	e = echo_of(s, p, request);
	if (e == NULL)
		return;
	e->last_frame = p->record->number;
	if (request)
		request_add(s, e, p);
	else
		reply_add(s, e, p);
}

static void
ids_report(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	size_t limit;

	json_uint(j, "echo_sessions", s->by_id.n);
	limit = json_size(j) + max_bytes;
	json_object(j, "echo_pairs");
	for (size_t i = 0; i < s->by_id.n; i++) {
		struct json_mark mark = json_mark(j);
		const struct echo_ids *ids = table_value(&s->by_id, i);
		struct span key = table_key(&s->by_id, i);
		char name[NUMBER_TEXT];
		size_t n = number_uint(name,
		    (uint64_t)(key.p[0] << 8 | key.p[1]));

		json_object_foreign(j, span_of(name, n));
		json_uint(j, "requests", ids->requests);
		json_uint(j, "replies", ids->replies);
		json_end(j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

static void
echo_row(const struct icmp_echo *e, struct json *j)
{
	uint64_t answered = e->replies - e->duplicates - e->unmatched;

	json_object(j, NULL);
	json_addr(j, "source", &e->asker);
	json_addr(j, "destination", &e->answerer);
	json_uint(j, "id", e->id);
	json_uint(j, "requests", e->requests);
	json_uint(j, "replies", e->replies);
	if (e->requests > 0) {
		uint64_t lost = e->requests > answered ?
		    e->requests - answered : 0;

		json_uint(j, "unanswered", lost);
		json_double(j, "loss", (double)lost / (double)e->requests);
	}
	if (e->duplicates > 0)
		json_uint(j, "duplicate_replies", e->duplicates);
	if (e->unmatched > 0)
		json_uint(j, "replies_without_request", e->unmatched);
	if (e->rtt_count > 0) {
		json_ms(j, "rtt_min_ms", e->rtt_min);
		json_ms(j, "rtt_avg_ms", e->rtt_sum /
		    (int64_t)e->rtt_count);
		json_ms(j, "rtt_max_ms", e->rtt_max);
	}
	if (e->requests > 0) {
		json_uint(j, "data_min_bytes", e->size_min);
		json_uint(j, "data_max_bytes", e->size_max);
		json_uint(j, "request_ttl", e->request_ttl);
	}
	if (e->reply_seen)
		json_uint(j, "reply_ttl", e->reply_ttl);
	json_uint(j, "first_frame", e->first_frame);
	json_uint(j, "last_frame", e->last_frame);
	json_end(j);
}

void
icmp_echo_report(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	size_t limit;

	ids_report(s, j, max_bytes / 5);
	if (s->echoes.n == 0)
		return;
	json_uint(j, "echo_hosts_total", s->echoes.n);
	limit = json_size(j) + max_bytes * 4 / 5;
	json_array(j, "echo_hosts");
	for (size_t i = 0; i < s->echoes.n; i++) {
		struct json_mark mark = json_mark(j);

		echo_row(table_value(&s->echoes, i), j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
	json_object(j, "payload");
	json_uint(j, "echo_packets", s->data_packets);
	json_uint(j, "data_bytes", s->data_bytes);
	json_uint(j, "data_max_bytes", s->data_max);
	json_uint(j, "largest_frame", s->largest_frame);
	json_uint(j, "not_a_usual_ping_pattern", s->data_odd);
	json_uint(j, "replies_with_other_data", s->data_changed);
	json_end(j);
}
