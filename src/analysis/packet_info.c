#include "analysis/packet_info.h"

#include <ctype.h>

#include "base/text.h"
#include "proto/proto.h"

#define NAME_MAX_SHOWN 24

struct title {
	enum layer layer;
	const char *title;
};

/* Where the word in upper case is not what people write. */
static const struct title titles[] = {
	{ LAYER_ICMPV6, "ICMPv6" },
	{ LAYER_IP, "IPv4" },
	{ LAYER_IPV6, "IPv6" },
	{ LAYER_IPV6_EXT, "IPv6" },
	{ LAYER_ETH, "Ethernet" },
	{ LAYER_WLAN, "802.11" },
	{ LAYER_UDPLITE, "UDP-Lite" },
	{ LAYER_GENEVE, "Geneve" },
	{ LAYER_TEREDO, "Teredo" },
	{ LAYER_NULL, "Null/Loopback" },
	{ LAYER_RADIOTAP, "Radiotap" },
};

static const struct {
	uint16_t bit;
	const char *text;
} findings[] = {
	{ TCP_A_REUSED_PORTS, "[TCP Port numbers reused] " },
	{ TCP_A_LOST_SEGMENT, "[TCP Previous segment not captured] " },
	{ TCP_A_ACK_LOST_SEGMENT, "[TCP ACKed unseen segment] " },
	{ TCP_A_SPURIOUS_RETRANSMISSION, "[TCP Spurious Retransmission] " },
	{ TCP_A_FAST_RETRANSMISSION, "[TCP Fast Retransmission] " },
	{ TCP_A_RETRANSMISSION, "[TCP Retransmission] " },
	{ TCP_A_OUT_OF_ORDER, "[TCP Out-Of-Order] " },
	{ TCP_A_DUPLICATE_ACK, "[TCP Dup ACK] " },
	{ TCP_A_KEEP_ALIVE, "[TCP Keep-Alive] " },
	{ TCP_A_KEEP_ALIVE_ACK, "[TCP Keep-Alive ACK] " },
	{ TCP_A_ZERO_WINDOW_PROBE, "[TCP ZeroWindowProbe] " },
	{ TCP_A_ZERO_WINDOW_PROBE_ACK, "[TCP ZeroWindowProbeAck] " },
	{ TCP_A_ZERO_WINDOW, "[TCP ZeroWindow] " },
	{ TCP_A_WINDOW_FULL, "[TCP Window Full] " },
	{ TCP_A_WINDOW_UPDATE, "[TCP Window Update] " },
};

static const struct {
	uint16_t bit;
	const char *text;
} flags[] = {
	{ TCP_FIN, "FIN" },
	{ TCP_SYN, "SYN" },
	{ TCP_RST, "RST" },
	{ TCP_PSH, "PSH" },
	{ TCP_ACK, "ACK" },
	{ TCP_URG, "URG" },
	{ TCP_ECE, "ECE" },
	{ TCP_CWR, "CWR" },
	{ TCP_AE, "AE" },
};

static void
addr_text(struct buf *out, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (a->kind != ADDR_NONE)
		buf_add(out, text, addr_write(text, a));
}

static bool
has_network(const struct packet *p)
{
	return packet_has(p, LAYER_IP) || packet_has(p, LAYER_IPV6);
}

static bool
has_link(const struct packet *p)
{
	return packet_has(p, LAYER_ETH) || packet_has(p, LAYER_WLAN) ||
	    packet_has(p, LAYER_SLL) || packet_has(p, LAYER_SLL2);
}

void
packet_source(struct buf *out, const struct packet *p)
{
	if (has_network(p))
		addr_text(out, &p->src);
	else if (has_link(p))
		addr_text(out, &p->mac_src);
}

void
packet_destination(struct buf *out, const struct packet *p)
{
	if (has_network(p))
		addr_text(out, &p->dst);
	else if (packet_has(p, LAYER_ETH) || packet_has(p, LAYER_WLAN))
		addr_text(out, &p->mac_dst);
}

static void
upper_text(struct buf *out, const char *word)
{
	for (size_t i = 0; i < NAME_MAX_SHOWN && word[i] != '\0'; i++)
		buf_byte(out, (uint8_t)toupper((unsigned char)word[i]));
}

/* The layer that the line is about; an ICMP error is about itself and not
 * about what it quotes. */
static enum layer
info_layer(const struct packet *p)
{
	if (packet_has(p, LAYER_ICMP))
		return LAYER_ICMP;
	if (packet_has(p, LAYER_ICMPV6))
		return LAYER_ICMPV6;
	for (size_t i = p->n_stack; i > 0; i--) {
		if (p->stack[i - 1].layer != LAYER_DATA)
			return (enum layer)p->stack[i - 1].layer;
	}
	return LAYER_FRAME;
}

void
packet_protocol(struct buf *out, const struct packet *p)
{
	enum layer layer = info_layer(p);

	if (p->messages != NULL) {
		upper_text(out, p->last_message->proto->name);
		return;
	}
	for (size_t i = 0; i < LENGTH(titles); i++) {
		if (titles[i].layer == layer) {
			buf_text(out, titles[i].title);
			return;
		}
	}
	upper_text(out, layer_name(layer));
}

static void
tcp_info(struct buf *out, const struct packet *p, const struct transport *t)
{
	const struct tcp_header *h = &p->tcp;
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(findings); i++) {
		if ((t->analysis & findings[i].bit) != 0)
			buf_text(out, findings[i].text);
	}
	buf_printf(out, "%u → %u [", t->sport, t->dport);
	for (size_t i = 0; i < LENGTH(flags); i++) {
		if ((h->flags & flags[i].bit) == 0)
			continue;
		if (n++ > 0)
			buf_text(out, ", ");
		buf_text(out, flags[i].text);
	}
	buf_byte(out, ']');
	if (t->has_bases) {
		buf_printf(out, " Seq=%lu",
		    (unsigned long)(uint32_t)(h->seq - t->seq_base));
		if ((h->flags & TCP_ACK) != 0)
			buf_printf(out, " Ack=%lu",
			    (unsigned long)(uint32_t)(h->ack - t->ack_base));
	}
	/* Later windows mean nothing without the scale, and 0 has its mark. */
	if ((h->flags & TCP_SYN) != 0)
		buf_printf(out, " Win=%u", h->window);
	if (h->header_length >= 20) /* else nobody knows where data begins */
		buf_printf(out, " Len=%u", h->length);
	if ((h->options & TCP_OPT_MSS) != 0)
		buf_printf(out, " MSS=%u", h->mss);
	if ((h->options & TCP_OPT_WSCALE) != 0)
		buf_printf(out, " WS=%u",
		    1u << (h->window_scale < 14 ? h->window_scale : 14));
	if ((h->options & TCP_OPT_SACK_PERMITTED) != 0)
		buf_text(out, " SACK_PERM");
}

static void
transport_info(struct buf *out, const struct packet *p)
{
	const struct transport *t = packet_transport(p);

	if (t == NULL)
		return;
	if (t->protocol == 6 && !t->cut) {
		tcp_info(out, p, t);
		return;
	}
	buf_printf(out, "%u → %u", t->sport, t->dport);
	if (!t->cut)
		buf_printf(out, " Len=%zu", t->payload_claimed);
}

/* The name of a number by the table of a row: "Echo (ping) request". */
static const char *
row_name(const char *row, uint64_t number)
{
	const struct field *f = field_find(span_text(row), 0);

	if (f == NULL || f->names == NULL)
		return NULL;
	return value_name(f->names, number);
}

/* With ports where the quote has them. */
static __attribute__((noinline)) void
quoted_end(struct buf *out, const struct addr *a, bool ports, uint16_t port)
{
	char text[ADDR_TEXT + 8];

	buf_add(out, text, ports ? addr_write_port(text, a, port) :
	    addr_write(text, a));
}

static void
icmp_info(struct buf *out, const struct packet *p)
{
	const bool ports = packet_quoted_transport(p) != NULL;
	const struct icmp_header *h = &p->icmp;
	const char *name = row_name(
	    h->version == 4 ? "icmp.type" : "icmpv6.type", h->type);

	if (h->version == 0 && h->type == 0) /* cut before its type */
		return;
	if (name != NULL)
		buf_text(out, name);
	else
		buf_printf(out, "Type %u", h->type);
	if (h->has_id)
		buf_printf(out, " id=0x%04x, seq=%u", h->id, h->seq);
	else if (h->code != 0)
		buf_printf(out, " code %u", h->code);
	if (h->target.kind != ADDR_NONE) {
		buf_text(out, " for ");
		addr_text(out, &h->target);
	}
	if (!h->has_quote || h->quote_src.kind == ADDR_NONE)
		return;
	buf_text(out, " of ");
	quoted_end(out, &h->quote_src, ports, h->quote_sport);
	buf_text(out, " → ");
	quoted_end(out, &h->quote_dst, ports, h->quote_dport);
}

static void
ipv4_text(struct buf *out, struct span s)
{
	char text[ADDR_TEXT];

	if (s.n == 4)
		buf_add(out, text, addr_write_ipv4(text, s.p));
	else
		text_hex(out, span_first(s, 8), ':');
}

static void
arp_info(struct buf *out, const struct packet *p)
{
	const struct arp_header *h = &p->arp;
	char text[ADDR_TEXT];

	if (h->opcode == 1) {
		buf_text(out, "Who has ");
		ipv4_text(out, h->target_ip);
		buf_text(out, "? Tell ");
		ipv4_text(out, h->sender_ip);
	} else if (h->opcode == 2 && h->sender_mac.n == 6) {
		ipv4_text(out, h->sender_ip);
		buf_text(out, " is at ");
		buf_add(out, text, addr_write_mac(text, h->sender_mac.p));
	} else {
		buf_printf(out, "ARP opcode %u", h->opcode);
	}
}

static void
other_info(struct buf *out, const struct packet *p)
{
	const struct ip_header *ip = &p->ip;

	if (has_network(p) && ip->fragment && !ip->reassembled)
		buf_printf(out, "Fragmented IP protocol %u, off=%u, ID=%04x",
		    ip->protocol, ip->fragment_offset, ip->id);
	else if (p->undecoded != NULL && p->undecoded[0] != '\0')
		buf_printf(out, "%s 0x%04x not decoded", p->undecoded,
		    p->undecoded_number);
	else
		buf_printf(out, "%zu bytes", p->bytes.n);
}

static void
messages_info(struct buf *out, const struct packet *p, size_t max)
{
	for (const struct message *m = p->messages; m != NULL; m = m->next) {
		if (m != p->messages)
			buf_text(out, ", ");
		if (m->proto->info != NULL && m->data != NULL)
			m->proto->info(out, m->data);
		else
			buf_text(out, m->proto->title);
		if (m->malformed)
			buf_text(out, " [malformed]");
		if (out->n > max)
			return;
	}
}

static void
layer_info(struct buf *out, const struct packet *p)
{
	switch (info_layer(p)) {
	case LAYER_TCP:
	case LAYER_UDP:
	case LAYER_UDPLITE:
	case LAYER_SCTP:
		transport_info(out, p);
		break;
	case LAYER_ICMP:
	case LAYER_ICMPV6:
		icmp_info(out, p);
		break;
	case LAYER_ARP:
		arp_info(out, p);
		break;
	default:
		other_info(out, p);
		break;
	}
}

/* Not through the middle of a character. */
static void
cut_text(struct buf *out, size_t n)
{
	while (n > 0 && (out->p[n] & 0xc0) == 0x80)
		n--;
	buf_cut(out, n);
	buf_text(out, "...");
}

void
packet_info(struct buf *out, const struct packet *p, size_t max)
{
	size_t start = out->n, told;

	if (p->malformed)
		buf_text(out, "[malformed] ");
	told = out->n;
	if (p->messages != NULL)
		messages_info(out, p, start + max);
	else
		layer_info(out, p);
	if (out->n == told && told > start)
		buf_cut(out, told - 1); /* the blank */
	if (out->n - start > max)
		cut_text(out, start + max);
}
