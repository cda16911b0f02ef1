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

/* Who asks whom; the number of the request only where one is meant. */
struct ping_key {
	struct addr asker, answerer;
	uint8_t id[2], seq[2], version, zero;
};

/* The data of an echo stands behind identifier and sequence number. */
static struct span
echo_data(const struct packet *p)
{
	return span_after(p->icmp.body, 4);
}

/* Eight bytes from `at`: does each exceed the one before by one? */
static bool
all_up(struct span data, size_t at)
{
	uint64_t before, here;

	memcpy(&before, data.p + at - 1, sizeof(before));
	memcpy(&here, data.p + at, sizeof(here));
	return here == (((before & UINT64_C(0x7f7f7f7f7f7f7f7f)) +
	    UINT64_C(0x0101010101010101)) ^
	    (before & UINT64_C(0x8080808080808080)));
}

/*
 * The two fillings everybody's ping uses: bytes that count up (behind a time
 * of 8 or 16 bytes), and Windows' letters.
 */
static bool
is_usual(struct span data)
{
	size_t i = 17, ups = 0;

	while (i < data.n) {
		if (data.n - i >= 8 && all_up(data, i)) {
			ups += 8;
			i += 8;
			continue;
		}
		ups += data.p[i] == (uint8_t)(data.p[i - 1] + 1) ||
		    (data.p[i] == 'a' && data.p[i - 1] == 'w') ||
		    data.p[i] == data.p[i - 1];
		i++;
	}
	return data.n <= 17 || ups * 10 >= (data.n - 17) * 9;
}

static void
data_add(struct icmp_state *s, const struct packet *p, size_t claimed)
{
	s->data_packets++;
	s->data_bytes += claimed;
	if (claimed > s->data_max) {
		s->data_max = claimed;
		s->largest_frame = p->record->number;
	}
	if (!is_usual(echo_data(p)))
		s->data_odd++;
}

static void
request_add(struct icmp_state *s, struct icmp_echo *e, size_t i)
{
	const struct icmp_ping *ping = &s->pings.pings[i];
	struct icmp_waiting *w;
	size_t at;

	if (e->requests++ == 0 || ping->size < e->size_min)
		e->size_min = ping->size;
	if (ping->size > e->size_max)
		e->size_max = ping->size;
	e->request_ttl = ping->answer.ttl;
	at = table_later_intern(&s->pings.waiting, &s->waiting, i);
	if (at == SIZE_MAX)
		return;
	w = table_value(&s->waiting, at);
	w->time = ping->answer.time;
	w->frame = ping->answer.frame;
	w->size = ping->size;
	w->data = ping->data;
	w->hop = ping->answer.ttl;
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
reply_add(struct icmp_state *s, struct icmp_echo *e, size_t i)
{
	const struct icmp_ping *ping = &s->pings.pings[i];
	struct icmp_waiting *w;
	size_t at;

	e->replies++;
	e->reply_ttl = ping->answer.ttl;
	e->reply_seen = true;
	at = table_later_index(&s->pings.waiting, &s->waiting, i);
	if (at == SIZE_MAX) {
		e->unmatched++;
		return;
	}
	w = table_value(&s->waiting, at);
	if (w->answered) {
		e->duplicates++;
		return;
	}
	w->answered = true;
	if (w->time.known && ping->answer.time.known)
		rtt_add(e, time_diff(ping->answer.time, w->time));
	icmp_path_reply(s, &ping->answer, w->hop, w->time);
	if (ping->whole && w->data != ping->data)
		s->data_changed++;
}

/* mcpcap's echo_pairs counts by identifier alone. */
static void
ids_add(struct icmp_state *s, size_t i)
{
	size_t at = table_later_intern(&s->pings.ids, &s->by_id, i);
	bool request = s->pings.pings[i].request;
	struct echo_ids *ids;

	if (at == SIZE_MAX)
		return;
	ids = table_value(&s->by_id, at);
	ids->requests += request;
	ids->replies += !request;
}

static void
ping_settle(struct icmp_state *s, size_t i)
{
	const struct icmp_ping *ping = &s->pings.pings[i];
	const struct icmp_answer *a = &ping->answer;
	struct icmp_echo *e;
	size_t at;

	ids_add(s, i);
	at = table_later_intern(&s->pings.echoes, &s->echoes, i);
	if (at == SIZE_MAX)
		return;
	e = table_value(&s->echoes, at);
	if (e->first_frame == 0) {
		e->asker = ping->request ? a->src : a->dst;
		e->answerer = ping->request ? a->dst : a->src;
		e->id = ping->id;
		e->version = ping->version;
		e->first_frame = a->frame;
	}
	e->last_frame = a->frame;
	if (ping->request)
		request_add(s, e, i);
	else
		reply_add(s, e, i);
}

void
icmp_echo_settle(struct icmp_state *s)
{
	struct icmp_pings *l = &s->pings;

	table_later_come(&l->ids, &s->by_id);
	table_later_come(&l->echoes, &s->echoes);
	table_later_come(&l->waiting, &s->waiting);
	for (size_t i = 0; i < l->ids.n; i++)
		ping_settle(s, i);
	table_later_end(&l->ids);
	table_later_end(&l->echoes);
	table_later_end(&l->waiting);
}

/* Has the keys looked up in time; the number of the ping. */
static size_t
keys_add(struct icmp_state *s, const struct packet *p, bool request)
{
	uint8_t id[2] = { (uint8_t)(p->icmp.id >> 8), (uint8_t)p->icmp.id };
	struct icmp_pings *l = &s->pings;
	struct ping_key key = {
		.asker = request ? p->src : p->dst,
		.answerer = request ? p->dst : p->src,
		.id = { id[0], id[1] },
		.version = p->icmp.version,
	};

	(void)table_later_add_words(&l->echoes, &s->echoes,
	    span_of(&key, sizeof(key)));
	key.version = 0;
	key.seq[0] = (uint8_t)(p->icmp.seq >> 8);
	key.seq[1] = (uint8_t)p->icmp.seq;
	(void)table_later_add_words(&l->waiting, &s->waiting,
	    span_of(&key, sizeof(key)));
	return table_later_add_words(&l->ids, &s->by_id,
	    span_of(id, sizeof(id)));
}

void
icmp_echo_add(struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;
	bool request = is_request(h);
	size_t size = h->body_claimed > 4 ? h->body_claimed - 4 : 0;

	if ((!request && !is_reply(h)) || !h->has_id)
		return;
	data_add(s, p, size);
	s->pings.pings[keys_add(s, p, request)] = (struct icmp_ping){
		.answer = { p->src, p->dst, p->record->time,
		    p->record->number, p->ip.ttl },
		.data = hash_bytes(echo_data(p)),
		.size = (uint32_t)size,
		.id = h->id,
		.version = h->version,
		.request = request,
		.whole = h->body.n == h->body_claimed,
	};
	if (table_later_full(&s->pings.ids))
		icmp_echo_settle(s);
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
