#include "bench/sessions.h"

#include <stdlib.h>
#include <string.h>

enum stage {
	STAGE_SYN,
	STAGE_SYN_ACK,
	STAGE_ACK,
	STAGE_ASK,     /* the next request, or the end */
	STAGE_REQUEST,
	STAGE_RESPONSE,
	STAGE_FIN,
	STAGE_FIN_BACK,
	STAGE_LAST_ACK,
	STAGE_RESET,
	STAGE_OVER,
};

enum ending {
	ENDING_FIN,
	ENDING_RESET,
	ENDING_NONE,
	ENDING_UNANSWERED,
};

struct sent {
	unsigned direction;
	uint32_t seq;
	size_t n; /* 0: nothing */
};

struct session {
	const struct host *ends[2]; /* client, server */
	unsigned ports[2];
	uint32_t next[2];
	enum stage stage;
	enum ending ending;
	bool stamps;
	uint32_t stamp;
	unsigned exchanges, unacked;
	size_t mss, left[2];
	struct sent again, late;
};

struct sessions {
	size_t n;
	struct session list[];
};

struct sessions *
sessions_new(size_t at_once)
{
	struct sessions *s = calloc(1,
	    sizeof(*s) + at_once * sizeof(s->list[0]));

	if (s == NULL)
		return NULL;
	s->n = at_once;
	for (size_t i = 0; i < at_once; i++)
		s->list[i].stage = STAGE_OVER;
	return s;
}

void
sessions_free(struct sessions *s)
{
	free(s);
}

static size_t
syn_options(uint8_t *p, const struct session *k, unsigned direction)
{
	memcpy(p, "\2\4\0\0", 4);
	put16(p + 2, (unsigned)k->mss + (k->stamps ? 12 : 0));
	if (!k->stamps) {
		memcpy(p + 4, "\1\1\4\2", 4);
		return 8;
	}
	memcpy(p + 4, "\4\2\10\12", 4);
	put32(p + 8, k->stamp);
	put32(p + 12, direction == 0 ? 0 : k->stamp - 1);
	memcpy(p + 16, "\1\3\3\7", 4);
	return 20;
}

static size_t
data_options(uint8_t *p, const struct session *k)
{
	if (!k->stamps)
		return 0;
	memcpy(p, "\1\1\10\12", 4);
	put32(p + 4, k->stamp);
	put32(p + 8, k->stamp - 1);
	return 12;
}

static void
send_segment(struct wire *w, struct session *k, unsigned direction,
    uint32_t seq, unsigned flags, size_t n)
{
	uint8_t options[20], payload[1500];
	struct segment s = {
		.from = k->ends[direction],
		.to = k->ends[!direction],
		.from_port = k->ports[direction],
		.to_port = k->ports[!direction],
		.seq = seq,
		.ack = (flags & FLAG_ACK) != 0 ? k->next[!direction] : 0,
		.flags = flags,
		.options = options,
		.payload = payload,
		.n = n,
	};

	k->stamp++;
	s.n_options = (flags & FLAG_SYN) != 0 ?
	    syn_options(options, k, direction) : data_options(options, k);
	/* The same bytes whenever the same is sent again. */
	if (n > 0)
		memcpy(payload, w->noise + (seq * 2654435761u >> 13), n);
	if (n > 120 && k->ports[1] == 80 && direction == 0)
		memcpy(payload, "GET /reports/today HTTP/1.1\r\n"
		    "Host: www.example\r\nAccept: */*\r\n\r\n", 64);
	else if (n > 5 && k->ports[1] != 80) {
		memcpy(payload, "\27\3\3", 3);
		put16(payload + 3, (unsigned)n - 5);
	}
	wire_tcp(w, &s);
}

static void
session_open(struct session *k, struct town *t, struct wire *w)
{
	static const uint16_t ports[] = { 443, 443, 443, 443, 443, 443, 443,
		443, 80, 80, 445, 22, 993, 5432, 8080, 3389 };
	uint32_t ending = wire_pick(w, 100);

	memset(k, 0, sizeof(*k));
	k->ends[0] = town_client(t, w);
	k->ends[1] = town_server(t, k->ends[0], wire_skewed(w, SERVERS));
	k->ports[0] = 1024 + wire_pick(w, 64000);
	k->ports[1] = ports[wire_pick(w, 16)];
	k->next[0] = wire_random(w);
	k->next[1] = wire_random(w);
	k->stamps = wire_chance(w, 70);
	k->stamp = wire_random(w);
	k->mss = 1460u - (k->ends[0]->v6 ? 20 : 0) - (k->stamps ? 12 : 0) -
	    (k->ends[0]->vlan > 0 ? 4 : 0);
	k->ending = ending < 84 ? ENDING_FIN : ending < 92 ? ENDING_RESET :
	    ending < 97 ? ENDING_NONE : ENDING_UNANSWERED;
	k->exchanges = 1 + wire_skewed(w, 8);
	/* Two of a hundred were there before the capture began. */
	if (k->ending != ENDING_UNANSWERED && wire_chance(w, 2))
		k->stage = STAGE_ASK;
}

static void
next_exchange(struct wire *w, struct session *k)
{
	uint32_t magnitude = 1u << (5 + wire_pick(w, 10));

	if (k->exchanges == 0) {
		k->stage = k->ending == ENDING_FIN ? STAGE_FIN :
		    k->ending == ENDING_RESET ? STAGE_RESET : STAGE_OVER;
		return;
	}
	k->exchanges--;
	k->left[0] = 120 + wire_pick(w, 1200);
	k->left[1] = magnitude + wire_pick(w, magnitude);
	if (wire_chance(w, 1))
		k->left[wire_pick(w, 2)] += wire_pick(w, 1500000);
	k->stage = STAGE_REQUEST;
}

/* One segment of the data that goes `direction`. */
static void
send_data(struct wire *w, struct session *k, unsigned direction)
{
	size_t n = k->left[direction] < k->mss ? k->left[direction] : k->mss;
	uint32_t seq = k->next[direction];
	struct sent *again = &k->again, *late = &k->late;

	k->left[direction] -= n;
	k->next[direction] += (uint32_t)n;
	k->unacked++;
	if (late->n == 0 && k->left[direction] > 0 && wire_pick(w, 400) == 0) {
		*late = (struct sent){ direction, seq, n };
		return;
	}
	send_segment(w, k, direction, seq,
	    k->left[direction] > 0 ? FLAG_ACK : FLAG_ACK | FLAG_PSH, n);
	if (again->n == 0 && wire_pick(w, 100) == 0)
		*again = (struct sent){ direction, seq, n };
	if (late->n > 0 && wire_chance(w, 50)) {
		send_segment(w, k, late->direction, late->seq, FLAG_ACK,
		    late->n);
		late->n = 0;
	}
}

static void
exchange_step(struct wire *w, struct session *k)
{
	unsigned direction = k->stage == STAGE_RESPONSE;

	if (k->again.n > 0 && wire_chance(w, 25)) {
		send_segment(w, k, k->again.direction, k->again.seq,
		    FLAG_ACK | FLAG_PSH, k->again.n);
		k->again.n = 0;
	} else if (k->unacked >= 2) {
		k->unacked = 0;
		send_segment(w, k, !direction, k->next[!direction], FLAG_ACK,
		    0);
	} else if (k->left[direction] > 0) {
		send_data(w, k, direction);
	} else if (k->late.n > 0) {
		send_segment(w, k, k->late.direction, k->late.seq, FLAG_ACK,
		    k->late.n);
		k->late.n = 0;
	} else {
		k->unacked = 0;
		k->stage = direction == 0 ? STAGE_RESPONSE : STAGE_ASK;
	}
}

static void
handshake_step(struct wire *w, struct session *k)
{
	if (k->stage == STAGE_SYN) {
		send_segment(w, k, 0, k->next[0], FLAG_SYN, 0);
		if (k->ending == ENDING_UNANSWERED) {
			if (k->exchanges-- == 1)
				k->stage = STAGE_OVER;
			return;
		}
		k->next[0]++;
		k->stage = STAGE_SYN_ACK;
	} else if (k->stage == STAGE_SYN_ACK) {
		send_segment(w, k, 1, k->next[1], FLAG_SYN | FLAG_ACK, 0);
		k->next[1]++;
		k->stage = STAGE_ACK;
	} else {
		send_segment(w, k, 0, k->next[0], FLAG_ACK, 0);
		k->stage = STAGE_ASK;
	}
}

static void
session_step(struct wire *w, struct session *k)
{
	unsigned direction;

	switch (k->stage) {
	case STAGE_SYN:
	case STAGE_SYN_ACK:
	case STAGE_ACK:
		handshake_step(w, k);
		return;
	case STAGE_ASK:
		next_exchange(w, k);
		return;
	case STAGE_REQUEST:
	case STAGE_RESPONSE:
		exchange_step(w, k);
		return;
	case STAGE_FIN:
	case STAGE_FIN_BACK:
		direction = k->stage == STAGE_FIN_BACK;
		send_segment(w, k, direction, k->next[direction],
		    FLAG_FIN | FLAG_ACK, 0);
		k->next[direction]++;
		k->stage = direction == 0 ? STAGE_FIN_BACK : STAGE_LAST_ACK;
		return;
	case STAGE_LAST_ACK:
		send_segment(w, k, 0, k->next[0], FLAG_ACK, 0);
		break;
	case STAGE_RESET:
		direction = wire_pick(w, 2);
		send_segment(w, k, direction, k->next[direction],
		    FLAG_RST | FLAG_ACK, 0);
		break;
	case STAGE_OVER:
		return;
	}
	k->stage = STAGE_OVER;
}

void
sessions_step(struct sessions *s, struct town *t, struct wire *w)
{
	uint64_t before = w->packets;

	while (w->packets == before) {
		struct session *k = &s->list[wire_pick(w, (uint32_t)s->n)];

		if (k->stage == STAGE_OVER)
			session_open(k, t, w);
		session_step(w, k);
	}
}
