#ifndef ANALYSIS_SIP_CALLS_H
#define ANALYSIS_SIP_CALLS_H

#include "base/json.h"
#include "base/table.h"
#include "proto/sip.h"

/*
 * Calls by Call-ID, as the messages of one capture tell them: who called
 * whom, how far it came, how long each phase took, who ended it.  Times are
 * those of the capture point.  Also registrations (by client and address of
 * record) and the credentials shown.
 */
#define SIP_CALLS_MAX 100000

enum sip_call_state {
	CALL_UNANSWERED, /* INVITE, and no response of any kind */
	CALL_TRYING,    /* 1xx, nothing final yet */
	CALL_RINGING,   /* 18x */
	CALL_ANSWERED,  /* 2xx, not ended in the capture */
	CALL_ENDED,     /* answered, then BYE */
	CALL_CANCELLED, /* CANCEL before an answer */
	CALL_FAILED,    /* final code of 300 or more */
	CALL_MIDDLE,    /* the capture has no INVITE of it */
};

struct sip_call {
	struct span call_id, from, to, from_tag;
	struct span to_tag;           /* of the answer, else of the last 1xx */
	uint32_t branches;            /* different To tags: forked */
	struct addr caller, callee;   /* ends of the first INVITE's packet */
	uint8_t state;                /* enum sip_call_state */
	bool challenged;              /* 401 or 407 on the way */
	bool bye_by_caller, has_bye;
	uint16_t final_code;          /* the last until it is answered; 0 none */
	uint32_t messages, invites, retransmitted_invites, auth_failures;
	uint32_t last_invite_cseq;
	uint64_t first_frame, last_frame, answer_frame, end_frame;
	struct timestamp invite, ringing, answer, end, last;
	struct span media;            /* "audio PCMU/8000 192.0.2.1:49170" */
};

struct sip_registration {
	struct span user_agent;
	struct addr client, registrar;
	uint32_t attempts, challenged, accepted, refused, removed;
	uint16_t last_code;
	uint32_t expires;
	bool has_expires;
	uint64_t first_frame, last_frame;
};

struct sip_credential {
	uint32_t challenges, responses;
	uint64_t first_frame;
};

struct sip_calls {
	struct arena arena;
	struct table call_ids;       /* of all messages, no values */
	struct table calls;          /* by Call-ID */
	struct sip_call *last;       /* the one before, and its key */
	struct span last_id;
	struct table registrations;  /* by client and address of record */
	struct table credentials;    /* by scheme, realm, username */
	/* Requests waiting for their answer: client, Call-ID, CSeq to row. */
	struct table pending;
};

void sip_calls_init(struct sip_calls *s);
void sip_calls_free(struct sip_calls *s);
void sip_calls_add(struct sip_calls *s, const struct packet *p,
    const struct sip_message *m);
/* Members "calls", "registrations", "authentication" within `max_bytes`, and
 * the totals. */
void sip_calls_report(const struct sip_calls *s, struct json *j,
    size_t max_bytes);

#endif
