#ifndef TOOLS_PROMPT_H
#define TOOLS_PROMPT_H

#include <stddef.h>

/*
 * A prompt is a row too: a way of working through a capture with our tools,
 * for a person to pick from a menu.  Every prompt has the one optional
 * argument `pcap_file`.
 */
struct prompt {
	const char *name;
	const char *module; /* of --modules, as in struct tool */
	const char *title;
	const char *help;   /* one line: what one learns */
	/* Lines of the message, NULL-ended.  "{pcap_file}" becomes the
	 * argument, or "the capture". */
	const char *const *body;
};

extern const struct prompt *const prompts[];
extern const size_t prompt_count;

#endif
