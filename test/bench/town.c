#include "bench/town.h"

#include <string.h>

#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_SOA 6
#define TYPE_PTR 12
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define TYPE_OPT 41
#define TYPE_HTTPS 65
#define NAMES 50000
#define MESSAGE 1400

static void
host_init(struct host *h, struct wire *w, bool v6, unsigned net, uint32_t i)
{
	memset(h, 0, sizeof(*h));
	h->v6 = v6;
	if (v6) {
		put32(h->address, 0x20010db8);
		put16(h->address + 6, net);
		put32(h->address + 8, wire_random(w));
		put32(h->address + 12, i);
	} else {
		put32(h->address, (uint32_t)net << 24 | (i + 256));
	}
	h->mac[0] = 2;
	h->mac[1] = (uint8_t)net;
	put32(h->mac + 2, i);
}

void
town_build(struct town *t, struct wire *w)
{
	memset(t, 0, sizeof(*t));
	for (uint32_t i = 0; i < CLIENTS; i++) {
		host_init(&t->clients[i], w, i % 9 < 2, 10, i);
		if (i % 15 == 4)
			t->clients[i].vlan = 100 + i % 7;
	}
	for (uint32_t i = 0; i < SERVERS; i++)
		host_init(&t->servers[i], w, i % 2 == 1, 44, i * 2039);
}

const struct host *
town_client(struct town *t, struct wire *w)
{
	return &t->clients[wire_skewed(w, CLIENTS)];
}

const struct host *
town_server(struct town *t, const struct host *peer, uint32_t which)
{
	return &t->servers[which % (SERVERS / 2) * 2 + peer->v6];
}

/* ---- DNS --------------------------------------------------------------- */

struct message {
	uint8_t bytes[MESSAGE];
	size_t n;
};

static void
add(struct message *m, const void *p, size_t n)
{
	memcpy(m->bytes + m->n, p, n);
	m->n += n;
}

static void
add16(struct message *m, unsigned value)
{
	put16(m->bytes + m->n, value);
	m->n += 2;
}

static void
add32(struct message *m, uint32_t value)
{
	put32(m->bytes + m->n, value);
	m->n += 4;
}

/* Labels, dots between them, and the root unless a pointer follows. */
static void
add_labels(struct message *m, const char *name, bool root)
{
	while (*name != '\0') {
		size_t n = strcspn(name, ".");

		m->bytes[m->n++] = (uint8_t)n;
		add(m, name, n);
		name += n + (name[n] == '.');
	}
	if (root)
		m->bytes[m->n++] = 0;
}

static void
add_name(struct message *m, uint32_t name)
{
	static const char *const services[] = { "www", "api", "mail", "cdn",
		"login", "assets", "push", "ns" };
	static const char *const firms[] = { "harbour", "copper", "meadow",
		"lantern", "granite", "willow", "summit", "ferry" };
	static const char *const zones[] = { "com", "net", "org",
		"example", "de", "co.uk" };
	char text[128];

	snprintf(text, sizeof(text), "%s.%s-%u.%s", services[name % 8],
	    firms[name / 8 % 8], name / 64, zones[name % 6]);
	add_labels(m, text, true);
}

/* A record up to its data, whose length is set by end_record(). */
static size_t
begin_record(struct message *m, unsigned owner, unsigned type, uint32_t ttl)
{
	add16(m, 0xc000 | owner);
	add16(m, type);
	add16(m, 1);
	add32(m, ttl);
	add16(m, 0);
	return m->n;
}

static void
end_record(struct message *m, size_t start)
{
	put16(m->bytes + start - 2, (unsigned)(m->n - start));
}

static void
add_data(struct message *m, unsigned type, uint32_t name, unsigned i)
{
	char text[100];

	switch (type) {
	case TYPE_A:
		add32(m, 0xc6336400 + (name + i) % 65536);
		break;
	case TYPE_AAAA:
		add32(m, 0x20010db8);
		add32(m, name);
		add32(m, 0);
		add32(m, 1 + i);
		break;
	case TYPE_MX:
		add16(m, 10 * (i + 1));
		add_labels(m, i == 0 ? "mx-a" : "mx-b", false);
		add16(m, 0xc00c);
		break;
	case TYPE_TXT:
		snprintf(text, sizeof(text),
		    "v=spf1 include:_spf%u.example ip4:192.0.2.%u ~all",
		    name % 90, name % 250);
		m->bytes[m->n++] = (uint8_t)strlen(text);
		add(m, text, strlen(text));
		break;
	case TYPE_HTTPS:
		add16(m, 1);
		m->bytes[m->n++] = 0;
		add(m, "\0\1\0\6\2h2\2h3", 10);
		break;
	default:
		add_labels(m, "host", false);
		add16(m, 0xc00c);
	}
}

static unsigned
add_answers(struct message *m, const struct question *q)
{
	unsigned owner = 12, answers = 0, n;
	size_t start;

	if ((q->type == TYPE_A || q->type == TYPE_AAAA) && q->name % 3 == 0) {
		char text[32];

		start = begin_record(m, owner, TYPE_CNAME, 300);
		owner = (unsigned)m->n;
		snprintf(text, sizeof(text), "e%u.edge", q->name % 1000);
		add_labels(m, text, false);
		add16(m, 0xc00c);
		end_record(m, start);
		answers++;
	}
	n = q->type == TYPE_A ? 1 + q->name % 4 :
	    q->type == TYPE_AAAA || q->type == TYPE_MX ? 1 + q->name % 2 : 1;
	for (unsigned i = 0; i < n; i++) {
		start = begin_record(m, owner, q->type, 60 + q->name % 3600);
		add_data(m, q->type, q->name, i);
		end_record(m, start);
	}
	return answers + n;
}

static void
add_soa(struct message *m)
{
	size_t start = begin_record(m, 12, TYPE_SOA, 900);

	add_labels(m, "ns1", false);
	add16(m, 0xc00c);
	add_labels(m, "hostmaster", false);
	add16(m, 0xc00c);
	add32(m, 2026010100);
	add32(m, 7200);
	add32(m, 900);
	add32(m, 1209600);
	add32(m, 300);
	end_record(m, start);
}

static void
dns_message(struct message *m, const struct question *q, bool response)
{
	bool absent = response && q->name % 14 == 0;
	unsigned answers = 0;

	memset(m->bytes, 0, 12);
	m->n = 12;
	put16(m->bytes, q->id);
	put16(m->bytes + 2, absent ? 0x8183 : response ? 0x8180 : 0x0100);
	put16(m->bytes + 4, 1);
	add_name(m, q->name);
	add16(m, q->type);
	add16(m, 1);
	if (absent)
		add_soa(m);
	else if (response)
		answers = add_answers(m, q);
	put16(m->bytes + 6, answers);
	put16(m->bytes + 8, absent);
	if (q->name % 2 == 0) {
		put16(m->bytes + 10, 1);
		add(m, "\0\0\51\4\320\0\0\0\0\0\0", 11);
	}
}

static void
ask(struct town *t, struct wire *w, struct question *q)
{
	static const uint8_t types[] = { TYPE_MX, TYPE_TXT, TYPE_PTR,
		TYPE_HTTPS, TYPE_HTTPS };

	q->from = town_client(t, w);
	q->to = town_server(t, q->from, wire_pick(w, 4));
	q->name = wire_skewed(w, NAMES);
	q->type = wire_chance(w, 62) ? TYPE_A : wire_chance(w, 65) ?
	    TYPE_AAAA : types[wire_pick(w, sizeof(types))];
	q->id = wire_random(w) & 0xffff;
	q->port = 1024 + wire_pick(w, 64000);
}

void
town_dns(struct town *t, struct wire *w)
{
	struct question *q = &t->questions[t->n_questions];
	struct message m;

	if (t->n_questions == PENDING ||
	    (t->n_questions > 0 && wire_chance(w, 50))) {
		q = &t->questions[wire_pick(w, (uint32_t)t->n_questions)];
		/* One in a hundred is never answered. */
		if (!wire_chance(w, 1)) {
			dns_message(&m, q, true);
			wire_udp(w, q->to, 53, q->from, q->port, m.bytes, m.n);
		}
		*q = t->questions[--t->n_questions];
		return;
	}
	ask(t, w, q);
	t->n_questions++;
	dns_message(&m, q, false);
	wire_udp(w, q->from, q->port, q->to, 53, m.bytes, m.n);
}

/* ---- ICMP -------------------------------------------------------------- */

static void
unreachable(struct wire *w, const struct host *from, const struct host *to)
{
	uint8_t message[64] = { 3 };
	size_t n;

	message[0] = from->v6 ? 1 : wire_chance(w, 50) ? 3 : 11;
	message[1] = message[0] == 11 ? 0 : (uint8_t)wire_pick(w, 4);
	n = 8 + wire_ip_header(w, message + 8, from, to, 17, 28);
	put16(message + n, 1024 + wire_pick(w, 60000));
	put16(message + n + 2, 33434);
	put16(message + n + 4, 28);
	wire_icmp(w, to, from, message, n + 8);
}

void
town_icmp(struct town *t, struct wire *w)
{
	bool reply = t->n_echoes == PENDING ||
	    (t->n_echoes > 0 && wire_chance(w, 50));
	uint8_t message[64];
	struct question *q;

	q = &t->echoes[reply ? wire_pick(w, (uint32_t)t->n_echoes) :
	    t->n_echoes];
	if (!reply) {
		q->from = town_client(t, w);
		q->to = town_server(t, q->from, wire_pick(w, 200));
		q->id = 1 + wire_pick(w, 65535);
		q->type = wire_pick(w, 1000);
		if (wire_chance(w, 6)) {
			unreachable(w, q->from, q->to);
			return;
		}
		t->n_echoes++;
	}
	message[0] = q->from->v6 ? 128 + reply : reply ? 0 : 8;
	message[1] = 0;
	put16(message + 4, q->id);
	put16(message + 6, q->type);
	memcpy(message + 8, w->noise, 56);
	if (!reply) {
		wire_icmp(w, q->from, q->to, message, sizeof(message));
		return;
	}
	wire_icmp(w, q->to, q->from, message, sizeof(message));
	*q = t->echoes[--t->n_echoes];
}

/* ---- DHCP -------------------------------------------------------------- */

static void
dhcp_options(struct message *m, unsigned step, const struct host *lessee)
{
	static const uint8_t types[] = { 1, 2, 3, 5 };
	char name[16];

	add(m, "\143\202\123\143\65\1", 6);
	m->bytes[m->n++] = types[step];
	add(m, "\75\7\1", 3);
	add(m, lessee->mac, 6);
	if (step == 1 || step == 3) {
		add(m, "\66\4\12\0\0\1\63\4\0\1\121\200\1\4\377\0\0\0", 18);
		add(m, "\3\4\12\0\0\1\6\4\12\0\0\1", 12);
	} else {
		snprintf(name, sizeof(name), "desk-%04x",
		    (unsigned)lessee->mac[4] << 8 | lessee->mac[5]);
		m->bytes[m->n++] = 12;
		m->bytes[m->n++] = (uint8_t)strlen(name);
		add(m, name, strlen(name));
		add(m, "\67\5\1\3\6\17\52", 7);
	}
	if (step == 2) {
		add(m, "\62\4", 2);
		add(m, lessee->address, 4);
		add(m, "\66\4\12\0\0\1", 6);
	}
	m->bytes[m->n++] = 255;
}

void
town_dhcp(struct town *t, struct wire *w)
{
	static const struct host server = { .address = { 10, 0, 0, 1 },
		.mac = { 2, 0, 10, 0, 0, 1 } };
	struct host everyone, nobody = { .v6 = false };
	struct message m = { .n = 236 };
	bool reply = t->lease_step % 2 == 1;

	if (t->lease_step == 0) {
		do
			t->lessee = town_client(t, w);
		while (t->lessee->v6);
		t->lease = wire_random(w);
	}
	memset(&everyone, 255, sizeof(everyone));
	everyone.v6 = false;
	everyone.vlan = 0;
	memcpy(nobody.mac, t->lessee->mac, 6);
	m.bytes[0] = reply ? 2 : 1;
	m.bytes[1] = 1;
	m.bytes[2] = 6;
	put32(m.bytes + 4, t->lease);
	if (reply)
		memcpy(m.bytes + 16, t->lessee->address, 4);
	memcpy(m.bytes + 28, t->lessee->mac, 6);
	dhcp_options(&m, t->lease_step, t->lessee);
	if (m.n < 300)
		m.n = 300;
	if (reply)
		wire_udp(w, &server, 67, &everyone, 68, m.bytes, m.n);
	else
		wire_udp(w, &nobody, 68, &everyone, 67, m.bytes, m.n);
	t->lease_step = (t->lease_step + 1) % 4;
}

/* ---- SIP --------------------------------------------------------------- */

static size_t
sip_address(char *text, size_t room, const struct host *h)
{
	const uint8_t *a = h->address;

	if (h->v6)
		return (size_t)snprintf(text, room, "[2001:db8::%x]", a[15]);
	return (size_t)snprintf(text, room, "%u.%u.%u.%u", a[0], a[1], a[2],
	    a[3]);
}

/* An INVITE, ringing, 200, ACK, BYE, 200. */
void
town_sip(struct town *t, struct wire *w)
{
	static const char *const methods[] = { "INVITE", "INVITE", "INVITE",
		"INVITE", "ACK", "BYE", "BYE" };
	static const char *const statuses[] = { NULL, "100 Trying",
		"180 Ringing", "200 OK", NULL, NULL, "200 OK" };
	const struct host *proxy;
	char text[1200], ip[48], sdp[300] = "";
	unsigned step = t->call_step;
	size_t n, sdp_n = 0;

	if (step == 0) {
		t->caller = town_client(t, w);
		t->call = wire_random(w);
	}
	proxy = town_server(t, t->caller, 7);
	sip_address(ip, sizeof(ip), t->caller);
	if (step == 0 || step == 3)
		sdp_n = (size_t)snprintf(sdp, sizeof(sdp),
		    "v=0\r\no=- %u 1 IN IP%c %s\r\ns=-\r\nc=IN IP%c %s\r\n"
		    "t=0 0\r\nm=audio %u RTP/AVP 0 8\r\n", t->call % 100000,
		    t->caller->v6 ? '6' : '4', ip, t->caller->v6 ? '6' : '4',
		    ip, 10000 + t->call % 5000 * 2);
	n = statuses[step] != NULL ?
	    (size_t)snprintf(text, sizeof(text), "SIP/2.0 %s\r\n",
		statuses[step]) :
	    (size_t)snprintf(text, sizeof(text),
		"%s sip:%u@phones.example SIP/2.0\r\n", methods[step],
		t->call % 4000);
	n += (size_t)snprintf(text + n, sizeof(text) - n,
	    "Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK%08x%u\r\n"
	    "Max-Forwards: 70\r\nFrom: <sip:%u@phones.example>;tag=%x\r\n"
	    "To: <sip:%u@phones.example>%s\r\nCall-ID: %08x@%s\r\n"
	    "CSeq: %u %s\r\nContact: <sip:%u@%s>\r\n%s"
	    "Content-Length: %zu\r\n\r\n%s", ip, t->call, step / 4,
	    t->call % 3000, t->call % 9999, t->call % 4000,
	    step > 1 ? ";tag=77" : "", t->call, ip, 1 + (step > 4),
	    methods[step], t->call % 3000, ip,
	    sdp_n > 0 ? "Content-Type: application/sdp\r\n" : "", sdp_n, sdp);
	if (statuses[step] == NULL)
		wire_udp(w, t->caller, 5060, proxy, 5060,
		    (const uint8_t *)text, n);
	else
		wire_udp(w, proxy, 5060, t->caller, 5060,
		    (const uint8_t *)text, n);
	t->call_step = (step + 1) % 7;
}

/* ---- Other UDP --------------------------------------------------------- */

void
town_udp(struct town *t, struct wire *w)
{
	const struct host *client = town_client(t, w);
	const struct host *server = town_server(t, client, client->mac[5]);
	unsigned port = 20000 + client->mac[5] * 64u + client->mac[4];
	uint8_t m[172] = { 0 };
	char text[160];

	switch (wire_pick(w, 10)) {
	case 0:
		m[0] = 0x23;
		wire_udp(w, client, 123, town_server(t, client, 3), 123, m,
		    48);
		return;
	case 1:
		snprintf(text, sizeof(text),
		    "<134>1 2026-01-01T10:00:00Z host%u firewall %u - - "
		    "accepted 10.0.%u.7 port %u", client->mac[5], port,
		    client->mac[4], port);
		wire_udp(w, client, 514, town_server(t, client, 5), 514,
		    (const uint8_t *)text, strlen(text));
		return;
	case 2:
	case 3:
	case 4:
		memcpy(m, wire_noise(w, sizeof(m)), sizeof(m));
		m[0] = 0x80;
		m[1] = 0;
		wire_udp(w, client, port & ~1u, server, 20000, m, sizeof(m));
		return;
	}
	if (wire_chance(w, 70))
		wire_udp(w, server, 443, client, port, wire_noise(w, 1200),
		    1150 + wire_pick(w, 50));
	else
		wire_udp(w, client, port, server, 443, wire_noise(w, 100),
		    30 + wire_pick(w, 60));
}
