#include "filter/habits.h"

#include "filter/lexer.h"

#define TOKENS_MAX 256

struct rewriter {
	struct token at[TOKENS_MAX];
	size_t n, i;
	struct buf *out;
	bool changed;
	/* What `host a or b` says of b. */
	const char *fields;
};

static const struct {
	const char *name;
	unsigned port;
} services[] = {
	{ "ftp", 21 }, { "ssh", 22 }, { "telnet", 23 }, { "smtp", 25 },
	{ "domain", 53 }, { "dns", 53 }, { "tftp", 69 }, { "http", 80 },
	{ "pop3", 110 }, { "ntp", 123 }, { "imap", 143 }, { "snmp", 161 },
	{ "ldap", 389 }, { "https", 443 }, { "smb", 445 }, { "syslog", 514 },
	{ "rdp", 3389 }, { "sip", 5060 },
};

static const struct {
	const char *from, *to;
} names[] = {
	{ "ip6", "ipv6" },
	{ "icmp6", "icmpv6" },
	{ "ether", "eth" },
	{ "broadcast", "eth.dst == ff:ff:ff:ff:ff:ff" },
	{ "multicast", "eth.dst[0] & 1" },
	{ "bootp", "dhcp" },
};

static const struct {
	const char *from, *to;
} flags[] = {
	{ "tcp-syn", "tcp.flags.syn" },
	{ "tcp-ack", "tcp.flags.ack" },
	{ "tcp-fin", "tcp.flags.fin" },
	{ "tcp-rst", "tcp.flags.reset" },
	{ "tcp-push", "tcp.flags.push" },
	{ "tcp-urg", "tcp.flags.urg" },
};

static const struct token *
peek(const struct rewriter *r, size_t ahead)
{
	return &r->at[r->i + ahead < r->n ? r->i + ahead : r->n - 1];
}

static bool
is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && span_is(t->text, word);
}

static bool
is_sql(const struct token *t, const char *word)
{
	return t->text.n > 0 && t->kind != TOKEN_STRING &&
	    span_is_nocase(t->text, word);
}

/* A primary begins here: after nothing, and, or, not or an open bracket. */
static bool
at_start(const struct rewriter *r)
{
	const struct token *t;

	if (r->i == 0)
		return true;
	t = &r->at[r->i - 1];
	return t->kind == TOKEN_AND || t->kind == TOKEN_OR ||
	    t->kind == TOKEN_NOT || t->kind == TOKEN_OPEN ||
	    t->kind == TOKEN_FOREIGN || is_sql(t, "and") || is_sql(t, "or") ||
	    is_sql(t, "not");
}

/* The tokens taken are replaced by what was written to `out`. */
static bool
replaced(struct rewriter *r, size_t taken)
{
	r->i = r->i + taken < r->n - 1 ? r->i + taken : r->n - 1;
	r->changed = true;
	return true;
}

static bool
address_of(const struct token *t, struct addr *a)
{
	unsigned prefix;

	return t->kind == TOKEN_WORD && addr_read_net(t->text, a, &prefix);
}

/* "ip.src == 192.0.2.1" for the direction 's', 'd' or 0. */
static bool
host_write(struct rewriter *r, const struct token *t, char direction)
{
	const char *end = direction == 's' ? "src" :
	    direction == 'd' ? "dst" : "addr";
	struct addr a;

	if (!address_of(t, &a))
		return false;
	buf_printf(r->out, "%s.%s == ", a.kind == ADDR_IPV4 ? "ip" :
	    a.kind == ADDR_IPV6 ? "ipv6" : "eth", end);
	buf_span(r->out, t->text);
	return true;
}

static bool
port_number(const struct token *t, uint64_t *number)
{
	for (size_t i = 0; i < LENGTH(services); i++) {
		if (is_word(t, services[i].name)) {
			*number = services[i].port;
			return true;
		}
	}
	return t->kind == TOKEN_WORD && span_read_uint(t->text, 65535,
	    number);
}

static void
port_test(struct rewriter *r, const char *protocol, char direction,
    uint64_t first, uint64_t last)
{
	buf_printf(r->out, "%s.%sport ", protocol, direction == 's' ? "src" :
	    direction == 'd' ? "dst" : "");
	if (first == last)
		buf_printf(r->out, "== %llu", (unsigned long long)first);
	else
		buf_printf(r->out, "in {%llu .. %llu}",
		    (unsigned long long)first, (unsigned long long)last);
}

/* 80, http or, for portrange, 8000-8080. */
static bool
port_write(struct rewriter *r, const struct token *t, const char *protocol,
    char direction)
{
	size_t dash = span_find_byte(t->text, '-');
	uint64_t first, last;

	if (t->kind == TOKEN_WORD && dash < t->text.n) {
		if (!span_read_uint(span_first(t->text, dash), 65535,
		    &first) || !span_read_uint(span_after(t->text, dash + 1),
		    65535, &last))
			return false;
	} else if (port_number(t, &first)) {
		last = first;
	} else {
		return false;
	}
	if (protocol != NULL) {
		port_test(r, protocol, direction, first, last);
		return true;
	}
	buf_text(r->out, "(");
	port_test(r, "tcp", direction, first, last);
	buf_text(r->out, " || ");
	port_test(r, "udp", direction, first, last);
	buf_text(r->out, ")");
	return true;
}

/* [tcp|udp|ip|ip6|ether] [src|dst] (host|net|port|portrange) X */
static bool
bpf_primitive(struct rewriter *r)
{
	const char *protocol = NULL;
	char direction = 0;
	size_t k = 0;

	if (is_word(peek(r, 0), "tcp") || is_word(peek(r, 0), "udp"))
		protocol = is_word(peek(r, k++), "tcp") ? "tcp" : "udp";
	else if (is_word(peek(r, 0), "ip") || is_word(peek(r, 0), "ip6") ||
	    is_word(peek(r, 0), "ether"))
		k++;
	if (is_word(peek(r, k), "src") || is_word(peek(r, k), "dst"))
		direction = is_word(peek(r, k++), "src") ? 's' : 'd';
	if (is_word(peek(r, k), "port") || is_word(peek(r, k), "portrange")) {
		r->fields = "port";
		return port_write(r, peek(r, k + 1), protocol, direction) &&
		    replaced(r, k + 2);
	}
	if (is_word(peek(r, k), "host") || is_word(peek(r, k), "net"))
		k++;
	else if (direction == 0 && r->fields == NULL)
		return false;
	if (!host_write(r, peek(r, k), direction))
		return false;
	r->fields = "host";
	return replaced(r, k + 1);
}

static bool
bpf_number(struct rewriter *r, const char *word, const char *test)
{
	uint64_t number;

	if (!is_word(peek(r, 0), word) || peek(r, 1)->kind != TOKEN_WORD ||
	    !span_read_uint(peek(r, 1)->text, UINT32_MAX, &number))
		return false;
	buf_printf(r->out, "%s %llu", test, (unsigned long long)number);
	return replaced(r, 2);
}

static const char *
flag_name(const struct token *t)
{
	for (size_t i = 0; i < LENGTH(flags); i++) {
		if (is_word(t, flags[i].from))
			return flags[i].to;
	}
	return NULL;
}

/* tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 */
static bool
bpf_flags(struct rewriter *r)
{
	bool bracket;
	size_t k = 5, n = 0;

	if (!is_word(peek(r, 0), "tcp") || !is_word(peek(r, 2), "tcpflags") ||
	    peek(r, 4)->kind != TOKEN_BITAND)
		return false;
	bracket = peek(r, k)->kind == TOKEN_OPEN;
	k += bracket;
	buf_text(r->out, "(");
	while (flag_name(peek(r, k)) != NULL) {
		buf_printf(r->out, "%s%s == 1", n++ > 0 ? " || " : "",
		    flag_name(peek(r, k++)));
		if (!span_is(peek(r, k)->text, "|"))
			break;
		k++;
	}
	buf_text(r->out, ")");
	k += bracket;
	if (n == 0 || peek(r, k)->kind != TOKEN_NE ||
	    !is_word(peek(r, k + 1), "0"))
		return false;
	return replaced(r, k + 2);
}

static bool
bpf_read(struct rewriter *r)
{
	if (!at_start(r))
		return false;
	if (bpf_primitive(r) || bpf_number(r, "less", "frame.len <=") ||
	    bpf_number(r, "greater", "frame.len >=") ||
	    bpf_number(r, "vlan", "vlan.id ==") ||
	    bpf_number(r, "proto", "ip.proto =="))
		return true;
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (is_word(peek(r, 0), names[i].from)) {
			buf_text(r->out, names[i].to);
			return replaced(r, 1);
		}
	}
	return false;
}

/* A string of another quotation, and without the % of LIKE. */
static void
string_write(struct rewriter *r, struct span s, bool like)
{
	if (like) {
		while (span_starts(s, "%"))
			s = span_after(s, 1);
		while (s.n > 0 && s.p[s.n - 1] == '%')
			s.n--;
	}
	buf_byte(r->out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_byte(r->out, '\\');
		buf_byte(r->out, s.p[i]);
	}
	buf_byte(r->out, '"');
}

/* in (a, b) */
static bool
sql_set(struct rewriter *r)
{
	size_t k = 2;

	if (!is_sql(peek(r, 0), "in") || peek(r, 1)->kind != TOKEN_OPEN)
		return false;
	buf_text(r->out, "in {");
	for (; r->i + k < r->n - 1 && peek(r, k)->kind != TOKEN_CLOSE; k++) {
		if (peek(r, k)->kind == TOKEN_COMMA)
			buf_text(r->out, ", ");
		else if (peek(r, k)->kind == TOKEN_CHAR)
			string_write(r, peek(r, k)->value, false);
		else
			buf_span(r->out, peek(r, k)->text);
	}
	buf_text(r->out, "}");
	return replaced(r, k + 1);
}

static bool
sql_between(struct rewriter *r)
{
	if (!is_sql(peek(r, 0), "between") || !is_sql(peek(r, 2), "and"))
		return false;
	buf_text(r->out, "in {");
	buf_span(r->out, peek(r, 1)->text);
	buf_text(r->out, " .. ");
	buf_span(r->out, peek(r, 3)->text);
	buf_text(r->out, "}");
	return replaced(r, 4);
}

static bool
sql_like(struct rewriter *r)
{
	const struct token *t = peek(r, 1);

	if (!is_sql(peek(r, 0), "like") ||
	    (t->kind != TOKEN_STRING && t->kind != TOKEN_CHAR))
		return false;
	buf_text(r->out, "contains ");
	string_write(r, t->value, true);
	return replaced(r, 2);
}

static bool
sql_word(struct rewriter *r)
{
	static const char *const words[] = { "and", "or", "xor", "not", "in",
		"contains", "matches", "eq", "ne", "gt", "lt", "ge", "le" };
	const struct token *t = peek(r, 0);

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (t->kind == TOKEN_WORD && is_sql(t, words[i])) {
			buf_text(r->out, words[i]);
			return replaced(r, 1);
		}
	}
	if (t->kind == TOKEN_CHAR && t->value.n != 1) {
		string_write(r, t->value, false);
		return replaced(r, 1);
	}
	if (is_sql(t, "is") && is_sql(peek(r, 1), "not") &&
	    is_sql(peek(r, 2), "null"))
		return replaced(r, 3);
	return false;
}

static bool
sql_mark(struct rewriter *r)
{
	static const struct {
		const char *from, *to;
	} marks[] = {
		{ "=", "==" }, { "<>", "!=" }, { "=~", "matches" },
		{ "|", "||" }, { ";", "" },
	};
	const struct token *t = peek(r, 0);

	for (size_t i = 0; i < LENGTH(marks); i++) {
		if (t->kind == TOKEN_FOREIGN && span_is(t->text,
		    marks[i].from)) {
			buf_text(r->out, marks[i].to);
			return replaced(r, 1);
		}
	}
	return false;
}

static bool
tokens_read(struct rewriter *r, struct lexer *l)
{
	/* SELECT ... WHERE: what counts comes behind. */
	if (span_starts_nocase(span_trim(l->text), "select ")) {
		while (l->at < l->text.n && !span_starts_nocase(
		    span_after(l->text, l->at), "where "))
			l->at++;
		l->at += l->at < l->text.n ? 6 : 0;
		r->changed = true;
	}
	do {
		if (r->n == TOKENS_MAX)
			return false;
		r->at[r->n] = lexer_next(l);
		if (r->at[r->n].kind == TOKEN_BAD)
			return false;
	} while (r->at[r->n++].kind != TOKEN_END);
	return r->n > 1;
}

/* The first habit that fits; what the others wrote on trial is cut off. */
static bool
habit_read(struct rewriter *r)
{
	static bool (*const habits[])(struct rewriter *) = { bpf_flags,
		bpf_read, sql_set, sql_between, sql_like, sql_word,
		sql_mark };
	size_t before = r->out->n;

	for (size_t i = 0; i < LENGTH(habits); i++) {
		if (habits[i](r))
			return true;
		buf_cut(r->out, before);
	}
	return false;
}

static void
rewrite(struct rewriter *r)
{
	size_t end = r->at[0].offset;

	while (r->i < r->n - 1) {
		const struct token *t = peek(r, 0);

		if (t->offset > end && r->out->n > 0)
			buf_byte(r->out, ' ');
		if (!habit_read(r)) {
			buf_span(r->out, t->text);
			r->i++;
		}
		t = &r->at[r->i - 1];
		end = t->offset + t->text.n;
	}
}

bool
habits_rewrite(struct span text, struct buf *out)
{
	struct filter_error ignored;
	struct rewriter r = { .n = 0, .out = out };
	struct arena arena;
	struct lexer l = { .text = text, .arena = &arena, .error = &ignored };

	arena_init(&arena, (size_t)1 << 20);
	if (tokens_read(&r, &l))
		rewrite(&r);
	else
		r.changed = false;
	arena_free(&arena);
	return r.changed && !out->full;
}
