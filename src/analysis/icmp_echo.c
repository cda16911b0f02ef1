#include "analysis/icmp.h"

#include <stdio.h>

#include "analysis/ranked.h"
#include "base/sixteen.h"
#include "base/word.h"

struct icmp_ids {
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

/* Who asks whom. */
struct echo_key {
	struct addr asker, answerer;
	uint8_t id[2], version, zero[3];
};

#define KEY_WORDS (sizeof(struct echo_key) / sizeof(uint64_t))

_Static_assert(sizeof(struct echo_key) % sizeof(uint64_t) == 0, "by words");

/* The data of an echo stands behind identifier and sequence number. */
static struct span
echo_data(const struct packet *p)
{
	return span_after(p->icmp.body, 4);
}

/* Of sixteen bytes from `p` on: how many go on as is usual? */
static inline size_t
usual_of(const uint8_t *p)
{
	const sixteen none = { 0 };
	const sixteen before = sixteen_at(p - 1), here = sixteen_at(p);
	const two usual = (two)((sixteen)(here == before + 1) |
	    (sixteen)(here == before) |
	    ((sixteen)(here == none + 'a') & (sixteen)(before == none + 'w')));

	return (size_t)(((usual[0] & WORD_EACH(1)) + (usual[1] & WORD_EACH(1)))
	    * WORD_EACH(1) >> 56);
}

/*
 * The two fillings everybody's ping uses: bytes that count up (behind a time
 * of 8 or 16 bytes), and Windows' letters.
 */
static bool
is_usual(struct span data)
{
	size_t i = 17, usual = 0;

	for (; i + 16 <= data.n; i += 16)
		usual += usual_of(data.p + i);
	for (; i < data.n; i++)
		usual += data.p[i] == (uint8_t)(data.p[i - 1] + 1) ||
		    (data.p[i] == 'a' && data.p[i - 1] == 'w') ||
		    data.p[i] == data.p[i - 1];
	return data.n <= 17 || usual * 10 >= (data.n - 17) * 9;
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

/* As far as the snapshot length lets us see. */
static bool
is_other_data(const struct icmp_waiting *w, const struct icmp_ping *ping)
{
	return w->whole && ping->whole && w->data != ping->data;
}

static void
request_add(struct icmp_state *s, struct icmp_echo *e,
    const struct icmp_ping *ping)
{
	struct icmp_waiting *w;
	size_t at;

	if (e->requests++ == 0 || ping->size < e->size_min)
		e->size_min = ping->size;
	if (ping->size > e->size_max)
		e->size_max = ping->size;
	e->request_ttl = ping->answer.ttl;
	at = table_later_intern(&s->pings.waiting, &s->waiting,
	    ping->waiting);
	if (at == SIZE_MAX)
		return;
	w = table_value(&s->waiting, at);
	/* A mirror port, or a capture on both sides of a router. */
	if (w->waits && w->ip_id == ping->ip_id &&
	    !is_other_data(w, ping)) {
		e->repeated++;
		return;
	}
	w->time = ping->answer.time;
	w->data = ping->data;
	w->ip_id = ping->ip_id;
	w->hop = ping->answer.ttl;
	w->whole = ping->whole;
	w->waits = true;
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
reply_add(struct icmp_state *s, struct icmp_echo *e,
    const struct icmp_ping *ping)
{
	struct icmp_waiting *w;
	size_t at;

	e->replies++;
	e->reply_ttl = ping->answer.ttl;
	e->reply_seen = true;
	at = table_later_index(&s->pings.waiting, &s->waiting, ping->waiting);
	if (at == SIZE_MAX) {
		e->unmatched++;
		return;
	}
	w = table_value(&s->waiting, at);
	if (!w->waits) {
		e->duplicates++;
		return;
	}
	w->waits = false;
	if (w->time.known && ping->answer.time.known)
		rtt_add(e, time_diff(ping->answer.time, w->time));
	icmp_path_reply(s, &ping->answer, w->hop, w->time);
	s->data_changed += is_other_data(w, ping);
}

/* mcpcap's echo_pairs counts by identifier alone. */
static __attribute__((cold)) struct icmp_ids *
ids_of(struct icmp_state *s, uint16_t id)
{
	const uint8_t key[2] = { (uint8_t)(id >> 8), (uint8_t)id };

	return table_add(&s->by_id, span_of(key, sizeof(key)));
}

static __attribute__((cold)) void
ids_add(struct icmp_ids *ids, uint64_t requests, uint64_t replies)
{
	if (ids == NULL)
		return;
	ids->requests += requests;
	ids->replies += replies;
}

static __attribute__((cold)) void
echo_begin(struct icmp_state *s, struct icmp_echo *e,
    const struct icmp_ping *ping)
{
	const struct icmp_answer *a = &ping->answer;

	e->asker = ping->request ? a->src : a->dst;
	e->answerer = ping->request ? a->dst : a->src;
	e->id = ping->id;
	e->version = ping->version;
	e->first_frame = a->frame;
	e->ids = ids_of(s, ping->id);
}

static void
ends_expect(struct icmp_state *s, const struct addr *src,
    const struct addr *dst)
{
	(void)table_later_add_words(&s->pings.sources, &s->sources,
	    span_of(src, sizeof(*src)));
	(void)table_later_add_words(&s->pings.destinations,
	    &s->destinations, span_of(dst, sizeof(*dst)));
}

/* False: one is beyond a cap. */
static bool
ends_settle(struct icmp_state *s, size_t i)
{
	size_t from = table_later_intern(&s->pings.sources, &s->sources, i);
	size_t to = table_later_intern(&s->pings.destinations,
	    &s->destinations, i);

	return from != SIZE_MAX && to != SIZE_MAX;
}

static void
ends_end(struct icmp_pings *l)
{
	table_later_end(&l->sources);
	table_later_end(&l->destinations);
}

__attribute__((cold)) void
icmp_ends_note(struct icmp_state *s, const struct packet *p)
{
	ends_expect(s, &p->src, &p->dst);
	(void)ends_settle(s, 0);
	ends_end(&s->pings);
}

/* What is known of the two hosts; NULL, and the identifier is counted. */
static struct icmp_echo *
echo_of(struct icmp_state *s, size_t i)
{
	struct icmp_ping *ping = &s->pings.pings[i];
	const struct icmp_answer *a = &ping->answer;
	struct icmp_echo *e = NULL;

	ping->echo = table_later_intern(&s->pings.echoes, &s->echoes, i);
	if (ping->echo != SIZE_MAX) {
		e = table_value(&s->echoes, ping->echo);
		if (e->first_frame == 0)
			echo_begin(s, e, ping);
		e->last_frame = a->frame;
	}
	if (e == NULL)
		ids_add(ids_of(s, ping->id), ping->request, !ping->request);
	ping->noted = e != NULL && e->noted[ping->request];
	if (!ping->noted)
		ends_expect(s, &a->src, &a->dst);
	return e;
}

/* Where the request of that number waits. */
static void
waiting_expect(struct icmp_state *s, struct icmp_ping *ping)
{
	const uint64_t key = (uint64_t)ping->echo << 16 | ping->seq;

	ping->waiting = table_later_add_hashed(&s->pings.waiting, &s->waiting,
	    span_of(&key, sizeof(key)), hash_words(&key, 1));
}

void
icmp_echo_settle(struct icmp_state *s)
{
	struct icmp_pings *l = &s->pings;
	struct icmp_echo *echoes[TABLE_LATER];
	size_t ends = 0;

	table_later_come(&l->echoes, &s->echoes);
	for (size_t i = 0; i < l->echoes.n; i++) {
		echoes[i] = echo_of(s, i);
		if (echoes[i] != NULL)
			waiting_expect(s, &l->pings[i]);
	}
	table_later_come(&l->waiting, &s->waiting);
	table_later_come(&l->sources, &s->sources);
	table_later_come(&l->destinations, &s->destinations);
	for (size_t i = 0; i < l->echoes.n; i++) {
		bool noted = l->pings[i].noted || ends_settle(s, ends++);

		if (echoes[i] == NULL)
			continue;
		echoes[i]->noted[l->pings[i].request] = noted;
		if (l->pings[i].request)
			request_add(s, echoes[i], &l->pings[i]);
		else
			reply_add(s, echoes[i], &l->pings[i]);
	}
	table_later_end(&l->echoes);
	table_later_end(&l->waiting);
	ends_end(l);
}

__attribute__((cold)) void
icmp_echo_finish(struct icmp_state *s)
{
	icmp_echo_settle(s);
	for (size_t i = 0; i < s->echoes.n; i++) {
		const struct icmp_echo *e = table_value(&s->echoes, i);

		ids_add(e->ids, e->requests, e->replies);
	}
}

/* Has the hosts looked up in time; the number of the ping. */
static size_t
echo_expect(struct icmp_state *s, const struct packet *p, bool request)
{
	const struct icmp_header *h = &p->icmp;
	const struct echo_key key = {
		.asker = request ? p->src : p->dst,
		.answerer = request ? p->dst : p->src,
		.id = { (uint8_t)(h->id >> 8), (uint8_t)h->id },
		.version = h->version,
	};
	uint64_t words[KEY_WORDS];

	memcpy(words, &key, sizeof(key));
	return table_later_add_hashed(&s->pings.echoes, &s->echoes,
	    span_of(&key, sizeof(key)), hash_words(words, KEY_WORDS));
}

bool
icmp_echo_add(struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;
	bool request = is_request(h);
	size_t size = h->body_claimed > 4 ? h->body_claimed - 4 : 0;

	if ((!request && !is_reply(h)) || !h->has_id)
		return false;
	data_add(s, p, size);
	s->pings.pings[echo_expect(s, p, request)] = (struct icmp_ping){
		.answer = { p->src, p->dst, p->record->time,
		    p->record->number, p->ip.ttl },
		.data = hash_text(echo_data(p)),
		.size = (uint32_t)size,
		.id = h->id,
		.seq = h->seq,
		.ip_id = p->ip.id,
		.version = h->version,
		.request = request,
		.whole = h->body.n == h->body_claimed,
	};
	if (table_later_full(&s->pings.echoes))
		icmp_echo_settle(s);
	return true;
}

static __attribute__((cold)) void
ids_report(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	size_t limit;

	json_uint(j, "echo_sessions", s->by_id.n);
	limit = json_size(j) + max_bytes;
	json_object(j, "echo_pairs");
	for (size_t i = 0; i < s->by_id.n; i++) {
		struct json_mark mark = json_mark(j);
		const struct icmp_ids *ids = table_value(&s->by_id, i);
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

static __attribute__((cold)) void
echo_row(const struct icmp_echo *e, struct json *j)
{
	uint64_t answered = e->replies - e->duplicates - e->unmatched;
	uint64_t asked = e->requests - e->repeated;

	json_object(j, NULL);
	json_addr(j, "source", &e->asker);
	json_addr(j, "destination", &e->answerer);
	json_uint(j, "id", e->id);
	json_uint(j, "requests", e->requests);
	json_uint(j, "replies", e->replies);
	if (e->requests > 0) {
		uint64_t lost = asked > answered ? asked - answered : 0;

		json_uint(j, "unanswered", lost);
		json_double(j, "loss", (double)lost / (double)asked);
	}
	if (e->repeated > 0)
		json_uint(j, "repeated_requests", e->repeated);
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

__attribute__((cold)) void
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
