/* The names of flows, of few and of many messages, against what was said. */
#include "analysis/flow_names.h"

#include <stdio.h>

#include "proto/dns.h"
#include "tap.h"

static struct flow_names names;

static void
ask(uint8_t protocol, uint32_t stream, const char *name)
{
	const struct dns_name text = { .text = span_text(name) };
	const struct dns_question question = { .name = &text };
	const struct dns_message dns = { .n_questions = 1,
		.questions = &question };
	const struct transport t = { .protocol = protocol, .stream = stream };
	const struct message m = { .proto = &proto_dns, .transport = &t,
		.data = (void *)&dns, .odd_port = stream == 7 };

	flow_names_add(&names, &m);
}

static bool
has(uint8_t protocol, uint32_t stream, unsigned i, const char *name)
{
	const struct flow_name *f = flow_names_find(&names, protocol, stream);

	return f != NULL && i < f->n_names &&
	    span_is(flow_name_text(f, i), name);
}

static void
test_few(void)
{
	char wide[200];

	flow_names_init(&names);
	ok(flow_names_find(&names, 17, 0) == NULL);
	ask(17, 3, "a.test");
	ask(17, 300, "other.test");
	ask(17, 3, "b.test");
	ask(17, 3, "a.test");
	ask(17, 3, "longer.test");
	ask(6, 3, "tcp.test");
	ok(has(17, 3, 0, "a.test"));
	ok(has(17, 3, 1, "b.test"));
	ok(has(17, 3, 2, "longer.test"));
	ok(has(17, 300, 0, "other.test"));
	ok(has(6, 3, 0, "tcp.test"));
	ok_int(flow_names_find(&names, 17, 3)->n_names, 3);
	ok(!flow_names_find(&names, 17, 3)->more_names);
	ok(flow_name_proto(flow_names_find(&names, 17, 3)) == &proto_dns);
	/* In a part that there is, without a message. */
	ok(flow_names_find(&names, 17, 4) == NULL);
	ok(flow_names_find(&names, 136, 3) == NULL);
	ok(flow_names_find(&names, 1, 3) == NULL);
	ask(17, 3, "4.test");
	ok(!flow_names_find(&names, 17, 3)->more_names);
	ask(17, 3, "5.test");
	ok(flow_names_find(&names, 17, 3)->more_names);
	ok(has(17, 3, 3, "4.test"));
	/* Without one; and one that is cut. */
	ask(17, 7, "");
	ok_int(flow_names_find(&names, 17, 7)->n_names, 0);
	ok(flow_names_find(&names, 17, 7)->odd_port);
	memset(wide, 'x', sizeof(wide));
	wide[199] = '\0';
	ask(17, 8, wide);
	ok_int(flow_name_text(flow_names_find(&names, 17, 8), 0).n, 128);
	ok_int(names.refused, 0);
	flow_names_free(&names);
}

static void
test_many(void)
{
	bool good = true;
	char text[20];

	flow_names_init(&names);
	for (uint32_t i = 0; i < FLOW_NAMES_MAX + 50; i++) {
		snprintf(text, sizeof(text), "%u.test", i * 7 % 1000);
		ask(17, i * 3, text);
	}
	ok_int(names.n, FLOW_NAMES_MAX);
	ok_int(names.refused, 50);
	for (uint32_t i = 0; i < FLOW_NAMES_MAX; i++) {
		snprintf(text, sizeof(text), "%u.test", i * 7 % 1000);
		good &= has(17, i * 3, 0, text) &&
		    flow_names_find(&names, 17, i * 3 + 1) == NULL;
	}
	ok(good);
	ok(flow_names_find(&names, 17, FLOW_NAMES_MAX * 3) == NULL);
	/* Those that are there go on. */
	ask(17, 3, "again.test");
	ok(has(17, 3, 1, "again.test"));
	ok_int(names.refused, 50);
	flow_names_free(&names);
}

int
main(void)
{
	hash_key_init();
	test_few();
	test_many();
	return tap_done();
}
