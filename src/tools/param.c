#include "tools/args.h"

#include "base/number.h"

const struct param *
param_find(const struct tool *tool, struct span name)
{
	for (const struct param *p = tool->params; p->name != NULL; p++)
		if (span_is(name, p->name))
			return p;
	return NULL;
}

size_t
param_count(const struct tool *tool)
{
	size_t n = 0;

	while (n < TOOL_PARAMS && tool->params[n].name != NULL)
		n++;
	return n;
}

struct form {
	const char *name, *text, *example;
};

static const struct form forms[] = {
	[PARAM_CAPTURE] = { "capture",
	    "the path or URL of a pcap or pcapng file",
	    "\"captures/dns.pcap\"" },
	[PARAM_TEXT] = { "text", "a text", "\"example\"" },
	[PARAM_UINT] = { "whole number", "a whole number", "10" },
	[PARAM_NUMBER] = { "number", "a number", "0.5" },
	[PARAM_BOOL] = { "yes or no", "true or false", "true" },
	[PARAM_ENUM] = { "word", "one of", "" },
	[PARAM_ADDR] = { "address", "an IPv4 or IPv6 address",
	    "\"192.0.2.1\"" },
	[PARAM_NET] = { "network", "an address or a network",
	    "\"10.0.0.0/8\"" },
	[PARAM_PORT] = { "port", "a port number from 0 to 65535", "443" },
	[PARAM_FILTER] = { "filter", "a Wireshark display filter",
	    "\"dns.flags.response == 1\"" },
	[PARAM_LIST] = { "list", "an array of texts, or words with commas",
	    "[\"ip.src\",\"ip.dst\"]" },
	[PARAM_CURSOR] = { "cursor", "next_cursor of the answer before",
	    "\"00000000003289a1b2c3d4e5\"" },
};

const char *
param_type_name(const struct param *p)
{
	return forms[p->type].name;
}

const char *
param_example(const struct param *p)
{
	if (p->initial != NULL)
		return p->initial;
	if (p->type == PARAM_ENUM)
		return p->choices[0];
	return forms[p->type].example;
}

static void
form_number(struct buf *out, const char *word, double value)
{
	char text[NUMBER_TEXT];
	size_t n;

	if (value >= 0 && value == (double)(uint64_t)value)
		n = number_uint(text, (uint64_t)value);
	else
		n = number_double(text, value);
	buf_text(out, word);
	buf_add(out, text, n);
}

static void
form_range(const struct param *p, struct buf *out)
{
	if (p->min == 0 && p->max == 0)
		return;
	form_number(out, " from ", p->min);
	if (p->max != 0)
		form_number(out, " to ", p->max);
}

void
param_form(const struct param *p, struct buf *out)
{
	buf_text(out, forms[p->type].text);
	if (p->type == PARAM_UINT || p->type == PARAM_NUMBER)
		form_range(p, out);
	if (p->type != PARAM_ENUM)
		return;
	for (const char *const *c = p->choices; *c != NULL; c++)
		buf_printf(out, "%s %s", c == p->choices ? "" : ",", *c);
}
