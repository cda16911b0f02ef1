#ifndef CLI_OFFER_H
#define CLI_OFFER_H

#include "cli/jobs.h"

/*
 * What mcpcap offers to MCP clients: the tools by way of jobs, the prompts,
 * and the completion of file names.
 */
struct offer {
	struct jobs jobs;
	struct catalog catalog;
	struct source_roots roots;
	struct sandbox sandbox;
	const struct serve_options *options;
	struct buf tools, prompts; /* made when first asked for */
	char description[160];
	struct mcp_provider provider;
};

/* False: a message went to stderr. */
bool offer_open(struct offer *o, const struct serve_options *options,
    struct loop *loop);
void offer_close(struct offer *o);

#endif
