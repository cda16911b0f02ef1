/* What search_payload finds in streams and packets made by hand. */
#include <time.h>

#include "sessions.h"

extern const struct tool tool_search_payload;

static struct session s;
static struct asked a;

static void
ask(const char *arguments)
{
	ask_free(&a);
	session_ask(&s, &tool_search_payload, arguments, &a);
}

static void
kinds_check(void)
{
	static const uint8_t wide[] = "p\0a\0s\0s\0w\0o\0r\0d\0";

	session_open(&s);
	session_shake(&s, 4000);
	session_tcp(&s, 4000, false, SESSION_DATA, 101, 501, "user=Pass");
	session_tcp(&s, 4000, false, SESSION_DATA, 110, 501, "Word&x=1");
	session_tcp(&s, 4000, true, SESSION_DATA, 501, 118,
	    "Basic cGFzc3dvcmQ6MTIz \033]0;x\007");
	session_udp(&s, false, 9000, 9001, span_of(wide, sizeof(wide) - 1));

	/* Over the border of two segments, in the case that was asked. */
	ask("{\"pattern\":\"PassWord\"}");
	ok(asked_has(&a, "\"frame\":5,\"protocol\":\"tcp\",\"stream\":0,"
	    "\"from\":\"client\",\"offset\":5,\"length\":8,"
	    "\"match\":\"PassWord\",\"context\":\"user=PassWord&x=1\""));
	ok(asked_has(&a, "\"matched\":1"));
	ask("{\"pattern\":\"password\"}");
	ok(asked_has(&a, "\"hits\":[],\"matched\":0"));
	ok(asked_has(&a, "No hit in 7 packets"));
	/* Not in packets: neither of the two has all of it. */
	ask("{\"pattern\":\"PassWord\",\"where\":\"packets\"}");
	ok(asked_has(&a, "\"matched\":0"));
	/* ignore_case, UTF-16 and base64 together find all three. */
	ask("{\"pattern\":\"password\",\"ignore_case\":true,"
	    "\"encoding\":\"all\"}");
	ok(asked_has(&a, "\"matched\":3"));
	ask("{\"pattern\":\"password\",\"encoding\":\"base64\"}");
	ok(asked_has(&a, "\"frame\":6"));
	ok(asked_has(&a, "cGFzc3dvcm"));
	ask("{\"pattern\":\"password\",\"encoding\":\"utf16\"}");
	ok(asked_has(&a, "\"frame\":7,\"protocol\":\"udp\",\"stream\":0"));
	ask("{\"pattern\":\"50 61 73 73 57\",\"kind\":\"hex\"}");
	ok(asked_has(&a, "\"frame\":5"));
	ask("{\"pattern\":\"[a-z]+=[A-Z]\\\\w+\",\"kind\":\"regex\"}");
	ok(asked_has(&a, "\"offset\":0"));
	/* The terminal's title is safe. */
	ask("{\"pattern\":\"Basic\"}");
	ok(asked_has(&a, "\\\\x1b]0;x\\\\x07"));
	ok(strchr((const char *)a.answer.p, '\033') == NULL);
	buf_free(&s.b);
}

static void
refusal_check(void)
{
	session_open(&s);
	session_udp(&s, false, 9000, 9001, span_text("x"));
	ask("{\"pattern\":\"(a\",\"kind\":\"regex\"}");
	ok(!a.good && a.error.n > 1);
	ask("{\"pattern\":\"abc\",\"kind\":\"hex\"}");
	ok(!a.good && a.error.n > 1);
	ask("{\"pattern\":\"\"}");
	ok(!a.good && a.error.n > 1);
	/* Would need too large an automaton: refused, not tried. */
	ask("{\"pattern\":\"((((a{1,999}){1,999}){1,999}){1,999})\","
	    "\"kind\":\"regex\"}");
	ok(!a.good && a.error.n > 1);
	buf_free(&s.b);
}

/* What backtracking needs 2^n steps for. */
static void
hostile_check(void)
{
	char text[1401];
	clock_t start = clock();

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	session_open(&s);
	session_shake(&s, 4000);
	for (uint32_t i = 0; i < 500; i++)
		session_tcp(&s, 4000, false, SESSION_DATA, 101 + i * 1400,
		    501, text);
	ask("{\"pattern\":\"(a+)+$b\",\"kind\":\"regex\"}");
	ok(a.good && asked_has(&a, "\"matched\":0"));
	ask("{\"pattern\":\"(a|aa)*c\",\"kind\":\"regex\"}");
	ok(a.good && asked_has(&a, "\"matched\":0"));
	ask("{\"pattern\":\"a{20}b\",\"kind\":\"regex\"}");
	ok(a.good && asked_has(&a, "\"matched\":0"));
	/* A hit a byte: counted all, told few. */
	ask("{\"pattern\":\"a\"}");
	ok(a.good && asked_has(&a, "\"matched\":700000"));
	ok(a.answer.n <= 12001);
	/* Generous: slow machines, sanitizers. */
	ok((double)(clock() - start) / CLOCKS_PER_SEC < 20);
	buf_free(&s.b);
}

int
main(void)
{
	buf_init(&a.answer, 1);
	buf_init(&a.error, 1);
	kinds_check();
	refusal_check();
	hostile_check();
	ask_free(&a);
	return tap_done();
}
