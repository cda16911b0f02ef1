#include "analysis/sip_calls.h"
#include "analysis/ranked.h"
#include "base/bytes.h"
#include "proto/sdp.h"

#define KEPT ((size_t)32 << 20)
#define OTHERS_MAX 20000
#define KEY_MAX 512
#define TEXT_KEPT 256

void
sip_calls_init(struct sip_calls *s)
{
	arena_init(&s->arena, KEPT);
	table_init(&s->call_ids, 0, SIP_CALLS_MAX);
	table_init(&s->calls, sizeof(struct sip_call), SIP_CALLS_MAX);
	table_init(&s->registrations, sizeof(struct sip_registration),
	    OTHERS_MAX);
	table_init(&s->credentials, sizeof(struct sip_credential),
	    OTHERS_MAX);
	table_init(&s->pending, sizeof(uint32_t), SIP_CALLS_MAX);
}

void
sip_calls_free(struct sip_calls *s)
{
	table_free(&s->call_ids);
	table_free(&s->calls);
	table_free(&s->registrations);
	table_free(&s->credentials);
	table_free(&s->pending);
	arena_free(&s->arena);
}

static struct span
keep(struct sip_calls *s, struct span text)
{
	return arena_copy(&s->arena, span_first(text, TEXT_KEPT));
}

/* At most `max` bytes; behind them. */
static uint8_t *
put(uint8_t *at, struct span s, size_t max)
{
	s = span_first(s, max);
	bytes_copy(at, s.p, s.n);
	return at + s.n;
}

static uint8_t *
put_uint(uint8_t *at, uint64_t n)
{
	return at + number_uint((char *)at, n);
}

/* "audio PCMU/8000 192.0.2.1:49170" of the first media offered. */
static struct span
media_text(struct sip_calls *s, const struct sdp *sdp)
{
	const struct sdp_media *m = &sdp->media[0];
	/* Longer than all of it. */
	BYTES_UNSET uint8_t text[128 + 2 * NUMBER_TEXT];
	uint8_t *at;

	if (sdp->n_media == 0)
		return span_empty();
	at = put(text, m->kind, 16);
	if (m->n_formats > 0 && m->formats[0].encoding.n > 0) {
		*at++ = ' ';
		at = put(at, m->formats[0].encoding, 32);
	} else if (m->n_formats > 0) {
		at = put(at, span_text(" PT "), 4);
		at = put_uint(at, m->formats[0].payload_type);
	}
	*at++ = ' ';
	at = put(at, m->address_text, 64);
	*at++ = ':';
	at = put_uint(at, m->port);
	return keep(s, span_of(text, (size_t)(at - text)));
}

static void
invite_add(struct sip_calls *s, struct sip_call *call,
    const struct packet *p, const struct sip_message *m)
{
	call->invites++;
	/* The callee counts for itself. */
	if (call->invites > 1 && !span_equal(call->from_tag,
	    m->from_address.tag))
		return;
	if (call->invites > 1 && m->has_cseq &&
	    m->cseq_number == call->last_invite_cseq)
		call->retransmitted_invites++;
	call->last_invite_cseq = m->cseq_number;
	if (m->sdp != NULL && call->media.n == 0)
		call->media = media_text(s, m->sdp);
	if (call->invites > 1)
		return;
	/* What came before it is of an INVITE that is not in the capture, or
	 * overtook this one. */
	if (call->state == CALL_MIDDLE && !call->ringing.known) {
		call->state = CALL_UNANSWERED;
		call->invite = p->record->time;
	} else if (call->state == CALL_MIDDLE) {
		call->state = CALL_RINGING;
	}
	call->caller = p->src;
	call->callee = p->dst;
	call->from = keep(s, m->from_address.uri);
	call->to = keep(s, m->to_address.uri);
	call->from_tag = keep(s, m->from_address.tag);
}

static void
end_add(struct sip_call *call, const struct packet *p, uint8_t state)
{
	if (call->end_frame != 0)
		return;
	call->state = state;
	call->end = p->record->time;
	call->end_frame = p->record->number;
}

/* Each telephone that an INVITE reached answers with a tag of its own; what
 * a proxy answers by itself (401, 407) is none of them. */
static void
branch_note(struct sip_calls *s, struct sip_call *call,
    const struct sip_message *m)
{
	struct span tag = m->to_address.tag;

	if (tag.n == 0 || m->status == 401 || m->status == 407 ||
	    span_equal(tag, call->to_tag))
		return;
	if (call->answer_frame != 0 && call->answer_frame != call->last_frame)
		return;
	call->branches++;
	call->to_tag = keep(s, tag);
}

static void
invite_answered(struct sip_call *call, const struct packet *p,
    const struct sip_message *m)
{
	if (call->state == CALL_UNANSWERED)
		call->state = CALL_TRYING;
	if (m->status >= 180 && m->status < 190 && !call->ringing.known) {
		call->ringing = p->record->time;
		if (call->state == CALL_TRYING)
			call->state = CALL_RINGING;
	}
	/* Another INVITE changes an answered call, or does not. */
	if (m->status < 200 || call->answer_frame != 0)
		return;
	call->final_code = (uint16_t)m->status;
	if (m->status == 401 || m->status == 407) {
		call->challenged = true;
	} else if (m->status < 300) {
		call->answer = p->record->time;
		call->answer_frame = p->record->number;
		call->state = CALL_ANSWERED;
		/* An INVITE before was refused, or a CANCEL came too late. */
		call->end_frame = 0;
	} else if (m->status == 487) {
		end_add(call, p, CALL_CANCELLED);
	} else {
		end_add(call, p, CALL_FAILED);
	}
}

enum method {
	METHOD_OTHER,
	METHOD_INVITE,
	METHOD_BYE,
	METHOD_CANCEL,
	METHOD_IN_CALL,  /* another one that belongs to a call */
	METHOD_REGISTER,
};

static enum method
method_of(struct span method)
{
	static const struct {
		char text[9];
		uint8_t length, method;
	} methods[] = {
		{ "INVITE", 6, METHOD_INVITE },
		{ "ACK", 3, METHOD_IN_CALL },
		{ "BYE", 3, METHOD_BYE },
		{ "REGISTER", 8, METHOD_REGISTER },
		{ "CANCEL", 6, METHOD_CANCEL },
		{ "PRACK", 5, METHOD_IN_CALL },
		{ "UPDATE", 6, METHOD_IN_CALL },
		{ "INFO", 4, METHOD_IN_CALL },
	};

	for (size_t i = 0; i < LENGTH(methods); i++)
		if (methods[i].length == method.n && span_equal_nocase(method,
		    span_of(methods[i].text, methods[i].length)))
			return (enum method)methods[i].method;
	return METHOD_OTHER;
}

static void
call_id_note(struct sip_calls *s, struct span call_id)
{
	call_id = span_first(call_id, 256);
	(void)table_intern_hashed(&s->call_ids, call_id, hash_text(call_id));
}

/* NULL: no more room. */
static struct sip_call *
call_find(struct sip_calls *s, struct span call_id)
{
	size_t i;

	if (s->last != NULL && s->last_id.n == call_id.n &&
	    bytes_equal(s->last_id.p, call_id.p, call_id.n))
		return s->last;
	i = table_intern_hashed(&s->calls, call_id, hash_text(call_id));
	if (i == SIZE_MAX)
		return NULL;
	s->last = table_value(&s->calls, i);
	s->last_id = table_key(&s->calls, i);
	return s->last;
}

static struct sip_call *
call_of(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m)
{
	struct sip_call *call = call_find(s, m->call_id);

	if (call == NULL || call->messages == 0)
		call_id_note(s, m->call_id);
	if (call == NULL)
		return NULL;
	if (call->messages++ == 0) {
		call->state = CALL_MIDDLE;
		call->call_id = span_first(s->last_id, TEXT_KEPT);
		call->from = keep(s, m->from_address.uri);
		call->to = keep(s, m->to_address.uri);
		call->media = call->from_tag = call->to_tag = span_empty();
		call->first_frame = p->record->number;
		call->caller = p->src;
		call->callee = p->dst;
	}
	call->last_frame = p->record->number;
	call->last = p->record->time;
	return call;
}

static void
call_add(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m, enum method method)
{
	struct sip_call *call = call_of(s, p, m);

	if (call == NULL)
		return;
	if (m->is_response) {
		if (method != METHOD_INVITE)
			return;
		invite_answered(call, p, m);
		branch_note(s, call, m);
		return;
	}
	if (method == METHOD_INVITE) {
		invite_add(s, call, p, m);
	} else if (method == METHOD_BYE) {
		if (!call->has_bye && call->from_tag.n > 0)
			call->bye_by_caller = span_equal(call->from_tag,
			    m->from_address.tag);
		call->has_bye = true;
		end_add(call, p, CALL_ENDED);
	} else if (method == METHOD_CANCEL && call->answer_frame == 0) {
		end_add(call, p, CALL_CANCELLED);
	}
}

/* A text of one client, KEY_MAX bytes at most. */
static __attribute__((noinline)) struct span
client_key(uint8_t *key, const struct addr *client, struct span text)
{
	text = span_first(text, KEY_MAX - sizeof(*client));
	memcpy(key, client, sizeof(*client));
	bytes_copy(key + sizeof(*client), text.p, text.n);
	return span_of(key, sizeof(*client) + text.n);
}

/* Key of a request that waits for its answer. */
static __attribute__((noinline)) struct span
pending_key(const struct sip_message *m, const struct addr *client,
    uint8_t *key)
{
	struct span s = client_key(key, client,
	    span_first(m->call_id, KEY_MAX - sizeof(*client) - 4));

	for (unsigned i = 0; i < 4; i++)
		key[s.n + i] = (uint8_t)(m->cseq_number >> 8 * i);
	return span_of(key, s.n + 4);
}

static void
register_add(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m)
{
	struct sip_registration *r;
	uint8_t key[KEY_MAX];
	uint32_t *waiting;
	size_t i;

	i = table_intern(&s->registrations, client_key(key, &p->src,
	    m->to_address.uri));
	if (i == SIZE_MAX)
		return;
	r = table_value(&s->registrations, i);
	if (r->attempts++ == 0) {
		r->user_agent = keep(s, m->user_agent);
		r->client = p->src;
		r->registrar = p->dst;
		r->first_frame = p->record->number;
	}
	r->last_frame = p->record->number;
	if (m->has_expires && m->expires == 0)
		r->removed++;
	waiting = table_add(&s->pending, pending_key(m, &p->src, key));
	if (waiting != NULL)
		*waiting = (uint32_t)i + 1;
}

static void
register_answered(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m)
{
	struct sip_registration *r;
	uint8_t key[KEY_MAX];
	uint32_t *waiting = table_find(&s->pending, pending_key(m, &p->dst,
	    key));

	if (waiting == NULL || *waiting == 0 || m->status < 200)
		return;
	r = table_value(&s->registrations, *waiting - 1);
	*waiting = 0;
	r->last_frame = p->record->number;
	r->last_code = (uint16_t)m->status;
	if (m->status == 401 || m->status == 407)
		r->challenged++;
	else if (m->status < 300)
		r->accepted++;
	else
		r->refused++;
	if (m->status < 300 && m->has_expires) {
		r->has_expires = true;
		r->expires = m->expires;
	}
}

/* Scheme, realm and user name as one key, a zero byte between them. */
static void
credential_add(struct sip_calls *s, const struct packet *p,
    const struct sip_auth *a)
{
	struct sip_credential *c;
	struct buf key;

	buf_init(&key, KEY_MAX);
	buf_span(&key, span_first(a->scheme, 32));
	buf_byte(&key, 0);
	buf_span(&key, span_first(a->realm, 128));
	buf_byte(&key, 0);
	buf_span(&key, span_first(a->username, 128));
	c = table_add(&s->credentials, buf_bytes(&key));
	buf_free(&key);
	if (c == NULL)
		return;
	if (c->first_frame == 0)
		c->first_frame = p->record->number;
	if (a->challenge)
		c->challenges++;
	else
		c->responses++;
}

void
sip_calls_add(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m)
{
	enum method method = method_of(m->is_response ? m->cseq_method :
	    m->method);

	if (m->auth.present)
		credential_add(s, p, &m->auth);
	if (m->call_id.n == 0)
		return;
	if (method != METHOD_OTHER && method != METHOD_REGISTER) {
		call_add(s, p, m, method);
		return;
	}
	call_id_note(s, m->call_id);
	if (method == METHOD_OTHER)
		return;
	if (m->is_response)
		register_answered(s, p, m);
	else
		register_add(s, p, m);
}

static const char *
state_name(uint8_t state)
{
	static const char *const names[] = {
		[CALL_UNANSWERED] = "no response",
		[CALL_TRYING] = "trying",
		[CALL_RINGING] = "ringing",
		[CALL_ANSWERED] = "answered",
		[CALL_ENDED] = "ended",
		[CALL_CANCELLED] = "cancelled",
		[CALL_FAILED] = "failed",
		[CALL_MIDDLE] = "no INVITE in the capture",
	};

	return names[state];
}

/* Milliseconds between two known times; nothing otherwise. */
static void
ms_between(struct json *j, const char *name, struct timestamp from,
    struct timestamp to)
{
	if (from.known && to.known)
		json_ms(j, name, time_diff(to, from));
}

static void
call_report(const struct table *t, size_t i, struct json *j)
{
	const struct sip_call *c = table_value(t, i);
	struct timestamp rang = c->ringing.known ? c->ringing : c->answer;

	json_object(j, NULL);
	json_foreign(j, "call_id", c->call_id);
	json_text(j, "state", state_name(c->state));
	if (c->from.n > 0)
		json_foreign(j, "from", c->from);
	if (c->to.n > 0)
		json_foreign(j, "to", c->to);
	if (c->from_tag.n > 0)
		json_foreign(j, "from_tag", c->from_tag);
	if (c->to_tag.n > 0)
		json_foreign(j, "to_tag", c->to_tag);
	if (c->branches > 1)
		json_uint(j, "to_tag_changes", c->branches - 1);
	json_addr(j, "caller_ip", &c->caller);
	json_addr(j, "callee_ip", &c->callee);
	if (c->final_code != 0)
		json_uint(j, "final_code", c->final_code);
	ms_between(j, "post_dial_delay_ms", c->invite, rang);
	ms_between(j, "setup_ms", c->invite, c->answer);
	if (c->state == CALL_ENDED && c->answer.known && c->end.known)
		json_seconds(j, "talk_seconds", time_diff(c->end, c->answer));
	if (c->has_bye && c->from_tag.n > 0)
		json_text(j, "ended_by",
		    c->bye_by_caller ? "caller" : "callee");
	if (c->challenged)
		json_bool(j, "challenged", true);
	if (c->media.n > 0)
		json_foreign(j, "media", c->media);
	if (c->retransmitted_invites > 0)
		json_uint(j, "invite_retransmissions",
		    c->retransmitted_invites);
	json_uint(j, "messages", c->messages);
	json_uint(j, "first_frame", c->first_frame);
	json_uint(j, "last_frame", c->last_frame);
	json_end(j);
}

static void
registration_report(const struct table *t, size_t i, struct json *j)
{
	const struct sip_registration *r = table_value(t, i);

	json_object(j, NULL);
	json_foreign(j, "address_of_record", span_after(table_key(t, i),
	    sizeof(r->client)));
	json_addr(j, "client_ip", &r->client);
	json_addr(j, "registrar_ip", &r->registrar);
	json_uint(j, "attempts", r->attempts);
	json_uint(j, "challenged", r->challenged);
	json_uint(j, "accepted", r->accepted);
	json_uint(j, "refused", r->refused);
	if (r->removed > 0)
		json_uint(j, "removals", r->removed);
	if (r->last_code != 0)
		json_uint(j, "last_code", r->last_code);
	if (r->has_expires)
		json_uint(j, "expires_seconds", r->expires);
	if (r->user_agent.n > 0)
		json_foreign(j, "user_agent", r->user_agent);
	json_uint(j, "first_frame", r->first_frame);
	json_uint(j, "last_frame", r->last_frame);
	json_end(j);
}

static struct span
key_part(struct span key, unsigned part)
{
	while (part-- > 0)
		key = span_after(key, span_find_byte(key, 0) + 1);
	return span_first(key, span_find_byte(key, 0));
}

static void
credential_report(const struct table *t, size_t i, struct json *j)
{
	const struct sip_credential *c = table_value(t, i);
	struct span key = table_key(t, i);

	json_object(j, NULL);
	json_foreign(j, "scheme", key_part(key, 0));
	json_foreign(j, "realm", key_part(key, 1));
	if (key_part(key, 2).n > 0)
		json_foreign(j, "username", key_part(key, 2));
	json_uint(j, "challenges", c->challenges);
	json_uint(j, "responses", c->responses);
	json_uint(j, "first_frame", c->first_frame);
	json_end(j);
}

static void
states_report(const struct sip_calls *s, struct json *j)
{
	uint64_t states[CALL_MIDDLE + 1] = { 0 };

	for (size_t i = 0; i < s->calls.n; i++) {
		const struct sip_call *c = table_value(&s->calls, i);

		states[c->state]++;
	}
	json_object(j, "call_states");
	for (unsigned i = 0; i <= CALL_MIDDLE; i++) {
		if (states[i] > 0)
			json_uint(j, state_name((uint8_t)i), states[i]);
	}
	json_end(j);
}

static void
list_report(const struct table *t, struct json *j, const char *name,
    void (*row)(const struct table *, size_t, struct json *),
    size_t max_bytes)
{
	size_t limit = json_size(j) + max_bytes;

	json_array(j, name);
	for (size_t i = 0; i < t->n; i++) {
		struct json_mark mark = json_mark(j);

		row(t, i, j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

void
sip_calls_report(const struct sip_calls *s, struct json *j, size_t max_bytes)
{
	json_uint(j, "calls_total", s->calls.n);
	if (s->calls.refused > 0)
		json_uint(j, "calls_beyond_cap", s->calls.refused);
	if (s->calls.n > 0) {
		states_report(s, j);
		list_report(&s->calls, j, "calls", call_report,
		    max_bytes / 2);
	}
	if (s->registrations.n > 0) {
		json_uint(j, "registrations_total", s->registrations.n);
		list_report(&s->registrations, j, "registrations",
		    registration_report, max_bytes / 4);
	}
	if (s->credentials.n > 0) {
		json_uint(j, "authentication_total", s->credentials.n);
		list_report(&s->credentials, j, "authentication",
		    credential_report, max_bytes / 4);
	}
}
