#include "tools/analyzed.h"

#include <stdio.h>

void
analyzed_report(const struct tool_call *call, const char *name,
    uint64_t found, uint64_t analyzed)
{
	struct json *j = call->json;
	char text[40];

	(void)snprintf(text, sizeof(text), "%s_packets_analyzed", name);
	json_uint(j, text, analyzed);
	if (analyzed >= found)
		return;
	call->scan->not_analyzed = found - analyzed;
	for (size_t i = 0; i < sizeof(text) - 1 && name[i] != '\0'; i++) {
		text[i] = (char)(name[i] - 'a' + 'A');
		text[i + 1] = '\0';
	}
	json_textf(j, "note", "Only the first %llu %s packets were analysed "
	    "(--max-packets)", (unsigned long long)analyzed, text);
}
