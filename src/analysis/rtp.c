#include "analysis/rtp.h"

#include "analysis/ranked.h"

#define STREAMS_MAX 50000
#define ANNOUNCED_MAX 50000
#define TEXTS_MAX ((size_t)16 << 20)
#define CALLS_MAX 200000
#define CALL_ID 256
#define MAX_DROPOUT 3000  /* RFC 3550, A.1 */
#define MAX_MISORDER 100

void
rtp_streams_init(struct rtp_streams *s)
{
	arena_init(&s->texts, TEXTS_MAX);
	table_init(&s->calls, 0, CALLS_MAX);
	table_init(&s->announced, sizeof(struct rtp_announced),
	    ANNOUNCED_MAX);
	table_init(&s->streams, sizeof(struct rtp_stream), STREAMS_MAX);
}

void
rtp_streams_free(struct rtp_streams *s)
{
	arena_free(&s->texts);
	table_free(&s->calls);
	table_free(&s->announced);
	table_free(&s->streams);
}

/* RFC 3551, tables 4 and 5: the rates of payload types, in units of 25 Hz. */
static const uint16_t static_rates[] = {
	[0] = 320, [3] = 320, 320, 320, 640, 320, 320, 320, 1764, 1764, 320,
	320, 3600, 320, 441, 882, 320, [25] = 3600, 3600, [28] = 3600,
	[31] = 3600, 3600, 3600, 3600,
};

static uint32_t
static_rate(uint8_t payload_type)
{
	return payload_type < LENGTH(static_rates) ?
	    static_rates[payload_type] * 25U : 0;
}

struct endpoint_key {
	struct addr address;
	uint8_t port[2];
};

static struct span
endpoint_key(struct endpoint_key *k, const struct addr *a, uint16_t port)
{
	k->address = *a;
	k->port[0] = (uint8_t)(port >> 8);
	k->port[1] = (uint8_t)port;
	return span_of(k, sizeof(*k));
}

/* "opus/48000/2" */
static uint32_t
encoding_rate(struct span encoding)
{
	struct span rate = span_after(encoding,
	    span_find_byte(encoding, '/') + 1);
	uint64_t n;

	rate = span_first(rate, span_find_byte(rate, '/'));
	if (!span_read_uint(span_trim(rate), 10000000, &n))
		return 0;
	return (uint32_t)n;
}

static struct rtp_announced *
announced_at(const struct rtp_streams *s, const struct addr *a, uint16_t port)
{
	struct endpoint_key key;

	return table_find(&s->announced, endpoint_key(&key, a, port));
}

/* Of a call a port may be announced over and over, in turn with another. */
static struct span
call_keep(struct rtp_streams *s, struct span call_id)
{
	size_t i = table_intern_hashed(&s->calls, call_id, hash_text(call_id));

	return i == SIZE_MAX ? span_empty() : table_key(&s->calls, i);
}

/* NULL: it is nowhere, or there is no more room. */
static struct rtp_announced *
media_announce(struct rtp_streams *s, const struct sdp_media *m,
    struct span call_id, uint64_t frame)
{
	struct rtp_announced *announced;
	struct endpoint_key key;

	if (m->address.kind == ADDR_NONE || m->port == 0)
		return NULL;
	announced = table_add(&s->announced, endpoint_key(&key, &m->address,
	    m->port));
	if (announced == NULL)
		return NULL;
	call_id = span_first(call_id, CALL_ID);
	if (!span_equal(announced->last_call, call_id)) {
		announced->shared = announced->first_frame != 0;
		announced->last_call = call_keep(s, call_id);
	}
	if (announced->first_frame != 0)
		return announced;
	announced->first_frame = frame;
	announced->kind = arena_copy(&s->texts, span_first(m->kind, 32));
	announced->call_id = announced->last_call;
	announced->encoding = m->n_formats == 0 ? span_empty() :
	    arena_copy(&s->texts, span_first(m->formats[0].encoding, 64));
	return announced;
}

static struct rtp_clock *
clock_find(const struct rtp_announced *announced, uint8_t payload_type)
{
	struct rtp_clock *clock = announced == NULL ? NULL : announced->clocks;

	while (clock != NULL && clock->payload_type != payload_type)
		clock = clock->next;
	return clock;
}

static void
clock_set(struct rtp_streams *s, struct rtp_announced *announced,
    const struct sdp_format *format)
{
	uint32_t rate = encoding_rate(format->encoding);
	struct rtp_clock *clock;

	if (rate == 0)
		return;
	clock = clock_find(announced, format->payload_type);
	if (clock == NULL) {
		clock = arena_new(&s->texts, struct rtp_clock);
		if (clock == NULL)
			return;
		clock->payload_type = format->payload_type;
		clock->next = announced->clocks;
		announced->clocks = clock;
	}
	clock->rate = rate;
}

void
rtp_streams_announce(struct rtp_streams *s, const struct sdp *sdp,
    struct span call_id, uint64_t frame)
{
	for (size_t i = 0; i < sdp->n_media; i++) {
		const struct sdp_media *m = &sdp->media[i];
		struct rtp_announced *announced = media_announce(s, m, call_id,
		    frame);

		for (size_t k = 0; announced != NULL && k < m->n_formats; k++)
			clock_set(s, announced, &m->formats[k]);
	}
}

/* The receiver's announcement counts, else the sender's own. */
static uint32_t
clock_rate(const struct rtp_streams *s, const struct transport *t,
    uint8_t payload_type)
{
	const struct rtp_clock *clock = clock_find(announced_at(s, &t->dst,
	    t->dport), payload_type);

	if (clock == NULL)
		clock = clock_find(announced_at(s, &t->src, t->sport),
		    payload_type);
	return clock != NULL ? clock->rate : static_rate(payload_type);
}

static struct rtp_stream *
stream_find(struct rtp_streams *s, const struct transport *t, uint32_t ssrc)
{
	struct {
		struct addr src, dst;
		uint8_t numbers[8];
	} key;
	uint64_t numbers = (uint64_t)t->sport << 48 |
	    (uint64_t)t->dport << 32 | ssrc;

	memset(&key, 0, sizeof(key));
	key.src = t->src;
	key.dst = t->dst;
	for (unsigned i = 0; i < 8; i++)
		key.numbers[i] = (uint8_t)(numbers >> 8 * i);
	return table_add(&s->streams, span_of(&key, sizeof(key)));
}

static void
seen_set(struct rtp_stream *r, uint64_t number)
{
	r->seen[number >> 6 & 3] |= (uint64_t)1 << (number & 63);
}

static bool
seen_has(const struct rtp_stream *r, uint64_t number)
{
	return (r->seen[number >> 6 & 3] >> (number & 63) & 1) != 0;
}

/* Moves the window of the last 256 numbers up to `number`. */
static void
seen_move(struct rtp_stream *r, uint64_t number)
{
	uint64_t from = r->highest + 1;

	if (number - from > 256)
		from = number - 256;
	for (uint64_t n = from; n <= number; n++)
		r->seen[n >> 6 & 3] &= ~((uint64_t)1 << (n & 63));
}

static void
run_start(struct rtp_stream *r, uint16_t seq)
{
	r->lowest = r->highest = (uint64_t)seq + 65536;
	memset(r->seen, 0, sizeof(r->seen));
	seen_set(r, r->highest);
}

/* Sequence numbers as RFC 3550, A.1, takes them. */
static void
sequence_add(struct rtp_stream *r, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - (uint16_t)r->highest);
	uint16_t behind = (uint16_t)((uint16_t)r->highest - seq);

	if (ahead == 0) {
		r->duplicates++;
	} else if (ahead < MAX_DROPOUT) {
		seen_move(r, r->highest + ahead);
		r->highest += ahead;
		seen_set(r, r->highest);
	} else if (behind <= MAX_MISORDER) {
		uint64_t number = r->highest - behind;

		if (seen_has(r, number)) {
			r->duplicates++;
			return;
		}
		r->out_of_order++;
		seen_set(r, number);
		if (number < r->lowest)
			r->lowest = number;
	} else {
		r->resets++;
		r->expected_before += r->highest - r->lowest + 1;
		run_start(r, seq);
	}
}

static void
gap_note(struct rtp_stream *r, struct timestamp now)
{
	int64_t elapsed = now.known && r->last.known ?
	    time_diff(now, r->last) : 0;

	if (elapsed > r->largest_gap)
		r->largest_gap = elapsed;
}

/* RFC 3550, A.8; the wrap of the timestamp falls out of the subtraction. */
static void
jitter_add(struct rtp_stream *r, struct timestamp now, uint32_t timestamp)
{
	double arrival, change;

	if (r->clock_rate == 0 || !now.known || !r->clocked.known)
		return;
	arrival = (double)time_diff(now, r->clocked) * r->clock_rate / 1e9;
	change = arrival - (double)(int32_t)(timestamp -
	    r->clocked_timestamp);
	if (change < 0)
		change = -change;
	r->jitter += (change - r->jitter) / 16;
	if (r->jitter > r->jitter_max)
		r->jitter_max = r->jitter;
}

/* Telephones use a port for one call after the other, gateways for several at
 * once: an end that is one call's alone tells more. */
static struct span
call_of(const struct rtp_announced *to, const struct rtp_announced *from)
{
	if (to == NULL || (to->shared && from != NULL && !from->shared))
		to = from;
	return to == NULL ? span_empty() : to->last_call;
}

void
rtp_streams_add(struct rtp_streams *s, const struct packet *p,
    const struct transport *t, const struct rtp_packet *r)
{
	struct rtp_stream *stream = stream_find(s, t, r->ssrc);
	struct timestamp now = p->record->time;
	struct rtp_announced *to = announced_at(s, &t->dst, t->dport);
	struct rtp_announced *from = announced_at(s, &t->src, t->sport);

	if (to != NULL)
		to->packets++;
	else if (from != NULL)
		from->packets++;
	if (stream == NULL)
		return;
	if (stream->packets == 0) {
		stream->call_id = call_of(to, from);
		stream->src = t->src;
		stream->dst = t->dst;
		stream->sport = t->sport;
		stream->dport = t->dport;
		stream->ssrc = r->ssrc;
		stream->payload_type = r->payload_type;
		stream->clock_rate = clock_rate(s, t, r->payload_type);
		stream->first_frame = p->record->number;
		stream->first = now;
		run_start(stream, r->seq);
	} else {
		sequence_add(stream, r->seq);
		gap_note(stream, now);
	}
	if (r->payload_type == stream->payload_type) {
		jitter_add(stream, now, r->timestamp);
		stream->clocked = now;
		stream->clocked_timestamp = r->timestamp;
	}
	stream->packets++;
	stream->bytes += r->payload_length;
	stream->last = now;
	stream->last_frame = p->record->number;
}

static void
stream_report(const struct rtp_stream *r, struct json *j)
{
	uint64_t expected = r->expected_before + r->highest - r->lowest + 1;
	uint64_t received = r->packets - r->duplicates;

	json_object(j, NULL);
	json_endpoint(j, "source", &r->src, r->sport);
	json_endpoint(j, "destination", &r->dst, r->dport);
	json_textf(j, "ssrc", "0x%08x", (unsigned)r->ssrc);
	if (r->call_id.n > 0)
		json_foreign(j, "call_id", r->call_id);
	json_uint(j, "payload_type", r->payload_type);
	if (r->clock_rate != 0)
		json_uint(j, "clock_rate_hz", r->clock_rate);
	json_uint(j, "packets", r->packets);
	json_uint(j, "payload_bytes", r->bytes);
	json_uint(j, "lost", expected > received ? expected - received : 0);
	json_double(j, "loss", expected > received ?
	    (double)(expected - received) / (double)expected : 0);
	json_uint(j, "out_of_order", r->out_of_order);
	json_uint(j, "duplicates", r->duplicates);
	if (r->resets > 0)
		json_uint(j, "sequence_resets", r->resets);
	if (r->clock_rate != 0) {
		json_double(j, "jitter_ms",
		    r->jitter * 1000 / r->clock_rate);
		json_double(j, "jitter_max_ms",
		    r->jitter_max * 1000 / r->clock_rate);
	}
	json_ms(j, "largest_gap_ms", r->largest_gap);
	if (r->first.known && r->last.known)
		json_seconds(j, "duration_seconds",
		    time_diff(r->last, r->first));
	json_uint(j, "first_frame", r->first_frame);
	json_uint(j, "last_frame", r->last_frame);
	json_end(j);
}

static void
announced_report(const struct rtp_streams *s, struct json *j,
    size_t max_bytes)
{
	struct ranked r;
	struct addr a;
	struct span key;

	ranked_begin(&r, j, "rtp_announced", "kind endpoint encoding "
	    "packets_seen call_id first_frame", s->announced.n, max_bytes);
	for (size_t i = 0; i < r.total && ranked_row(&r); i++) {
		const struct rtp_announced *m = table_value(&s->announced, i);
		struct endpoint_key k;

		key = table_key(&s->announced, i);
		memcpy(&k, key.p, sizeof(k));
		a = k.address;
		json_foreign(j, NULL, m->kind);
		json_endpoint(j, NULL, &a,
		    (uint16_t)(k.port[0] << 8 | k.port[1]));
		json_foreign(j, NULL, m->encoding);
		json_uint(j, NULL, m->packets);
		json_foreign(j, NULL, m->call_id);
		json_uint(j, NULL, m->first_frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}

void
rtp_streams_report(const struct rtp_streams *s, struct json *j,
    size_t max_bytes)
{
	size_t limit;

	announced_report(s, j, max_bytes / 3);
	json_uint(j, "rtp_streams_total", s->streams.n);
	if (s->streams.refused > 0)
		json_uint(j, "rtp_packets_beyond_cap", s->streams.refused);
	if (s->streams.n == 0)
		return;
	limit = json_size(j) + max_bytes * 2 / 3;
	json_array(j, "rtp_streams");
	for (size_t i = 0; i < s->streams.n; i++) {
		struct json_mark mark = json_mark(j);

		stream_report(table_value(&s->streams, i), j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}
