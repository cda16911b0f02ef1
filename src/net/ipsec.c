#include "net/ipsec.h"

#include "net/ip.h"
#include "net/step.h"

/* AH (RFC 4302), ESP (RFC 4303: seen, not opened), EtherIP (RFC 3378). */
enum ah_row {
	AH_AH,
	AH_NEXT,
	AH_LENGTH,
	AH_RESERVED,
	AH_SPI,
	AH_SEQUENCE,
	AH_ICV,
	AH_ROWS
};

enum esp_row {
	ESP_ESP,
	ESP_SPI,
	ESP_SEQUENCE,
	ESP_ROWS
};

enum etherip_row {
	ETHERIP_ETHERIP,
	ETHERIP_VERSION,
	ETHERIP_RESERVED,
	ETHERIP_ROWS
};

static const struct field ah_rows[AH_ROWS] = {
	[AH_AH] = { "ah", FIELD_PROTOCOL, .help = "Authentication Header" },
	[AH_NEXT] = { "ah.next_header", FIELD_UINT, 8,
	    .names = ip_protocol_names, .help = "What comes next" },
	[AH_LENGTH] = { "ah.length", FIELD_UINT, 8,
	    .help = "Length in words of 4 bytes, less 2" },
	[AH_RESERVED] = { "ah.reserved", FIELD_BYTES, .help = "Reserved" },
	[AH_SPI] = { "ah.spi", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Security parameters index" },
	[AH_SEQUENCE] = { "ah.sequence", FIELD_UINT, 32,
	    .help = "Sequence number" },
	[AH_ICV] = { "ah.icv", FIELD_BYTES,
	    .help = "Integrity check value" },
};

static const struct field esp_rows[ESP_ROWS] = {
	[ESP_ESP] = { "esp", FIELD_PROTOCOL,
	    .help = "Encapsulating Security Payload" },
	[ESP_SPI] = { "esp.spi", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Security parameters index" },
	[ESP_SEQUENCE] = { "esp.sequence", FIELD_UINT, 32,
	    .help = "Sequence number" },
};

static const struct field etherip_rows[ETHERIP_ROWS] = {
	[ETHERIP_ETHERIP] = { "etherip", FIELD_PROTOCOL,
	    .help = "Ethernet over IP" },
	[ETHERIP_VERSION] = { "etherip.ver", FIELD_UINT, 16,
	    .help = "Version; always 3" },
	[ETHERIP_RESERVED] = { "etherip.reserved", FIELD_UINT, 16,
	    FIELD_HEX, .help = "Reserved" },
};

const struct field_table ah_table = {
	"Authentication Header", ah_rows, AH_ROWS
};
const struct field_table esp_table = {
	"Encapsulating Security Payload", esp_rows, ESP_ROWS
};
const struct field_table etherip_table = {
	"Ethernet over IP", etherip_rows, ETHERIP_ROWS
};

void
ah_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_AH, &ah_rows[AH_AH]);
	size_t start = s->c.pos;
	uint8_t next = read_u8(&s->c, s->l, &ah_rows[AH_NEXT]);
	unsigned words = read_u8(&s->c, s->l, &ah_rows[AH_LENGTH]);

	read_bytes(&s->c, 2, s->l, &ah_rows[AH_RESERVED]);
	read_be32(&s->c, s->l, &ah_rows[AH_SPI]);
	read_be32(&s->c, s->l, &ah_rows[AH_SEQUENCE]);
	if (words > 1)
		read_bytes(&s->c, (words - 1) * 4, s->l, &ah_rows[AH_ICV]);
	cur_seek(&s->c, start + (words + 2) * 4);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	s->ip->protocol = next;
	step_to(s, NEXT_PROTOCOL, next);
}

void
esp_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_ESP, &esp_rows[ESP_ESP]);
	uint32_t spi = read_be32(&s->c, s->l, &esp_rows[ESP_SPI]);

	read_be32(&s->c, s->l, &esp_rows[ESP_SEQUENCE]);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_undecoded(s, "esp.spi", spi);
}

void
etherip_read(struct step *s)
{
	size_t entered = field_enter(s->l, &etherip_rows[ETHERIP_ETHERIP],
	    step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t word = cur_be16(&s->c);

	if (cur_ok(&s->c)) {
		field_bits(s->l, &etherip_rows[ETHERIP_VERSION], at, word,
		    0xf000);
		field_bits(s->l, &etherip_rows[ETHERIP_RESERVED], at, word,
		    0x0fff);
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_ETH, 0);
}
