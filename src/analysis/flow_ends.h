#ifndef ANALYSIS_FLOW_ENDS_H
#define ANALYSIS_FLOW_ENDS_H

#include "base/json.h"
#include "net/flow.h"

/* "client" and "server" of a flow, with their ports. */
void flow_ends_report(const struct flow *f, struct json *j);

#endif
