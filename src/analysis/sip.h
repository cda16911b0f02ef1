#ifndef ANALYSIS_SIP_H
#define ANALYSIS_SIP_H

#include "analysis/analyzer.h"
#include "analysis/listing.h"
#include "analysis/rows.h"
#include "analysis/rtp.h"
#include "analysis/sip_calls.h"

/* Every SIP message of a capture as a row, their statistics, the calls and
 * registrations they make up, and the RTP streams they announced. */
struct sip_state {
	struct listing listing;
	uint64_t requests, responses;
	uint64_t classes[10];          /* by first digit of the status */
	struct table methods;          /* uint64_t each */
	struct table transports;
	const char *transport;         /* of the last message, */
	uint64_t *of_transport;        /* and where such are counted */
	struct table agents;
	uint64_t malformed, quoted, port_5060, port_5061;
	struct sip_calls calls;
	struct rtp_streams rtp;
};

extern const struct analyzer analyzer_sip;

/* The "statistics" object. */
void sip_statistics_report(void *state, struct json *j,
    size_t max_bytes);

#endif
