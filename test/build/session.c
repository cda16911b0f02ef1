#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/session.h"

static void
end_read(struct session_end *end, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t n;

	if (colon == NULL)
		fail("ADDRESS:PORT, not '%s'", text);
	n = (size_t)(colon - text);
	if (*text == '[') {
		text++;
		n -= 2;
	}
	if (n >= sizeof(end->address))
		fail("long address");
	memcpy(end->address, text, n);
	end->address[n] = '\0';
	end->port = (uint16_t)number_of(colon + 1);
}

void
session_read(struct session *s, const struct words *w)
{
	if (w->n < 3)
		fail("session NAME tcp|udp client= server=");
	s->name = w->at[1].key;
	s->tcp = strcmp(w->at[2].key, "tcp") == 0;
	if (!s->tcp && strcmp(w->at[2].key, "udp") != 0)
		fail("session of tcp or udp");
	s->under = words_text(w, "under", "eth");
	end_read(&s->end[0], words_text(w, "client", "10.0.0.1:40000"));
	end_read(&s->end[1], words_text(w, "server", "10.0.0.2:80"));
	s->end[0].first = (uint32_t)words_uint(w, "cseq", 1000);
	s->end[1].first = (uint32_t)words_uint(w, "sseq", 5000);
	s->end[0].next = s->end[1].next = words_have(w, "unopened") ? 1 : 0;
}

/* " key=value" when the packet's line has it. */
static void
pass_on(struct bytes *line, const struct words *w, const char *key)
{
	const char *value = words_text(w, key, NULL);

	if (value == NULL)
		return;
	bytes_add(line, " ", 1);
	bytes_add(line, key, strlen(key));
	bytes_add(line, "=", 1);
	bytes_add(line, value, strlen(value));
}

static void
tcp_words(struct bytes *line, struct session *s, bool from_server,
    const struct words *w)
{
	struct session_end *here = &s->end[from_server];
	struct session_end *there = &s->end[!from_server];
	uint32_t seq = (uint32_t)words_uint(w, "seq", here->next);
	uint32_t ack = (uint32_t)words_uint(w, "ack", there->next);
	const char *flags = words_text(w, "flags", "PA");
	char text[200];
	int n;

	/* A SYN without ACK acknowledges nothing. */
	ack = strcmp(flags, "S") == 0 ? 0 : there->first + ack;
	n = snprintf(text, sizeof(text), " seq=%u ack=%u flags=%s",
	    here->first + seq, ack, flags);
	bytes_add(line, text, (size_t)n);
	pass_on(line, w, "window");
	pass_on(line, w, "opt");
	pass_on(line, w, "urgent");
}

char *
session_layers(struct session *s, bool from_server, const struct words *w)
{
	struct session_end *here = &s->end[from_server];
	struct session_end *there = &s->end[!from_server];
	bool six = strchr(here->address, ':') != NULL;
	struct bytes line = { 0 };
	char text[300];
	int n;

	words_allow(w,
	    "time lost len caplen snap fraction interface ticks "
	    "comment pflags drops ttl hops id flags window opt urgent seq ack");
	bytes_add(&line, s->under, strlen(s->under));
	if (strcmp(s->under, "eth") == 0 && from_server)
		bytes_add(&line,
		    " dst=02:00:00:00:00:01 "
		    "src=02:00:00:00:00:02",
		    44);
	n = snprintf(text, sizeof(text), "%s%s src=%s dst=%s",
	    *s->under == '\0' ? "" : " / ", six ? "ip6" : "ip", here->address,
	    there->address);
	bytes_add(&line, text, (size_t)n);
	pass_on(&line, w, six ? "hops" : "ttl");
	if (!six)
		pass_on(&line, w, "id");
	n = snprintf(text, sizeof(text), " / %s sport=%u dport=%u",
	    s->tcp ? "tcp" : "udp", here->port, there->port);
	bytes_add(&line, text, (size_t)n);
	if (s->tcp)
		tcp_words(&line, s, from_server, w);
	bytes_fill(&line, 0, 1);
	s->headers = 2 + (*s->under != '\0');
	for (const char *p = s->under; (p = strstr(p, " / ")) != NULL; p++)
		s->headers++;
	return (char *)line.p;
}

void
session_count(struct session *s, bool from_server, const struct words *w,
    const struct layers *layers)
{
	struct session_end *here = &s->end[from_server];
	const char *flags = words_text(w, "flags", "PA");
	uint32_t seq = (uint32_t)words_uint(w, "seq", here->next);
	struct bytes payload = layers_build(layers, s->headers);

	seq += (uint32_t)payload.n;
	if (strpbrk(flags, "SF") != NULL)
		seq++;
	if (seq > here->next)
		here->next = seq;
}
