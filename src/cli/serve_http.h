#ifndef CLI_SERVE_HTTP_H
#define CLI_SERVE_HTTP_H

#include "cli/serve.h"
#include "mcp/mcp.h"
#include "transport/loop.h"

/* Serves over HTTP until a signal ends it; gives the exit status. */
int serve_http(const struct serve_options *o, struct loop *loop,
    struct mcp *mcp);

#endif
