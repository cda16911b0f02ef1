#ifndef TEST_CONFORMANCE_FIXTURE_H
#define TEST_CONFORMANCE_FIXTURE_H

#include "mcp/mcp.h"
#include "transport/loop.h"

/*
 * What the conformance suite of the Model Context Protocol expects a server
 * to offer, on our own layers: the tools, prompts and resources of its
 * "everything" server.  For tests only.
 */
struct fixture {
	struct loop *loop;
	struct mcp *mcp;
	struct mcp_provider provider;
	struct buf tools;
	uint8_t key[32]; /* seals requestState */
};

struct fixture_tool {
	const char *name;
	void (*run)(struct fixture *f, struct mcp_call *call);
	const char *schema; /* NULL: an object */
};

extern const struct fixture_tool plain_tools[];  /* end in a NULL name */
extern const struct fixture_tool asking_tools[]; /* up to 2025-11-25 */
extern const struct fixture_tool input_tools[];  /* from 2026-07-28 on */

/* The call is gone: what it still wanted to say is not said. */
void steps_end(struct fixture *f, struct mcp_call *call);
/* A prompt that asks back; true: it was answered or has asked. */
bool input_prompt(struct mcp_call *call);

#define PNG \
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8" \
	"z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

/* Blocks of content. */
void put_text(struct json *j, const char *name, struct span text);
void put_png(struct json *j, const char *name);
void put_resource(struct json *j, const char *name, struct span uri,
    const char *type, const char *text);
/* A whole answer: one text. */
void answer_text(struct mcp_call *call, struct span text);
/* The text of an argument, or empty. */
struct span argument(const struct mcp_call *call, const char *name);

#endif
