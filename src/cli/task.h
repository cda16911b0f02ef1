#ifndef CLI_TASK_H
#define CLI_TASK_H

#include "analysis/ahead.h"
#include "base/json_read.h"
#include "tools/call.h"
#include "tools/tool.h"
#include "worker/source.h"
#include "worker/worker.h"

/* One tool call of the server, as its worker runs it. */
struct task {
	const struct tool *tool;
	const struct json_value *arguments; /* an object, or NULL */
	uint64_t max_packets, tools_off;
	uint64_t file_size;
	struct ahead ahead; /* of the worker's two threads */
};

/* `pcap_file`, when it is a string; else empty. */
struct span task_capture(const struct task *t);
/* Opens what `pcap_file` names, in the parent; -1 stays in *fd when it is
 * not given, which the worker then says.  False: `error` says why. */
bool task_open(struct task *t, const struct source_roots *roots, int *fd,
    struct buf *error);
/* A worker_job's run(); `context` is the task. */
bool task_run(void *context, int input, struct worker_out *out,
    struct buf *error);
/* And its assist(). */
void task_run_ahead(void *context, int input);
/* A call in the assistant: it says nothing, and goes no further than what it
 * does for the other. */
void task_assist(const struct call *call, struct ahead *ahead, int input);

#endif
