#ifndef TEST_ASK_H
#define TEST_ASK_H

#include "tools/tool.h"

/*
 * A tool's call in this very process, over a capture in memory: for the tests
 * that torture what otherwise runs in a worker.
 */
struct asked {
	struct buf answer, error;
	bool good;
};

/* `arguments` is a JSON object; "" stands for {} with whatever the tool
 * requires.  ask_free() is due. */
void ask_bytes(struct asked *a, const struct tool *tool,
    const char *arguments, struct span capture);
/* The same over a file that is open, and is closed then. */
void ask_open(struct asked *a, const struct tool *tool,
    const char *arguments, int fd, uint64_t size);
void ask_free(struct asked *a);
/* One JSON object, or an error that says something. */
bool ask_is_sound(const struct asked *a);
/* The descriptor of a file in memory that holds `bytes`. */
int ask_file(struct span bytes);

/* Questions besides the plain one of each tool, to reach what options turn
 * on; ends in a NULL tool. */
struct ask_question {
	const char *tool, *arguments;
};
extern const struct ask_question ask_questions[];

/*
 * A copy that ends where a page begins that nobody may touch: a read beyond
 * it ends the program, in the shipped build too.  The next call reuses it;
 * more than 512 KiB stay where they are.
 */
struct span ask_wall(struct span s);
/* All bytes of a file, malloc()ed; empty when it cannot be read. */
struct span ask_read(const char *path);

#endif
