/* Link types: the names that Wireshark shows, and old numbers for them. */
#include "base/span.h"
#include "capture/reader.h"

struct link_type {
	uint16_t link; /* LINKTYPE_ value */
	const char *short_name;
	const char *name;
};

static const struct link_type links[] = {
	{ 0, "null", "NULL/Loopback" },
	{ 1, "ether", "Ethernet" },
	{ 2, "xeth", "Xerox 3MB Ethernet" },
	{ 3, "ax25", "Amateur Radio AX.25" },
	{ 6, "tr", "Token Ring" },
	{ 7, "arcnet", "ARCNET" },
	{ 8, "slip", "SLIP" },
	{ 9, "ppp", "PPP" },
	{ 10, "fddi-swapped", "FDDI with bit-swapped MAC addresses" },
	{ 32, "redback", "Redback SmartEdge" },
	{ 51, "pppoes", "PPP-over-Ethernet session" },
	{ 99, "symantec", "Symantec Enterprise Firewall" },
	{ 100, "atm-rfc1483", "RFC 1483 ATM" },
	{ 101, "rawip", "Raw IP" },
	{ 104, "chdlc", "Cisco HDLC" },
	{ 105, "ieee-802-11", "IEEE 802.11 Wireless LAN" },
	{ 106, "linux-atm-clip", "Linux ATM CLIP" },
	{ 107, "frelay", "Frame Relay" },
	{ 108, "loop", "OpenBSD loopback" },
	{ 109, "enc", "OpenBSD enc(4) encapsulating interface" },
	{ 113, "linux-sll", "Linux cooked-mode capture v1" },
	{ 114, "ltalk", "Localtalk" },
	{ 117, "pflog", "OpenBSD PF Firewall logs" },
	{ 118, "ios", "Cisco IOS internal" },
	{ 119, "ieee-802-11-prism",
	    "IEEE 802.11 plus Prism II monitor mode radio header" },
	{ 121, "hhdlc", "HiPath HDLC" },
	{ 122, "ip-over-fc", "RFC 2625 IP-over-Fibre Channel" },
	{ 123, "atm-pdus", "ATM PDUs" },
	{ 127, "ieee-802-11-radiotap",
	    "IEEE 802.11 plus radiotap radio header" },
	{ 128, "tzsp", "Tazmen sniffer protocol" },
	{ 129, "arcnet_linux", "Linux ARCNET" },
	{ 130, "juniper-mlppp", "Juniper MLPPP" },
	{ 131, "juniper-mlfr", "Juniper MLFR" },
	{ 133, "juniper-ggsn", "Juniper GGSN" },
	{ 135, "juniper-atm2", "Juniper ATM2" },
	{ 136, "juniper-svcs", "Juniper Services" },
	{ 137, "juniper-atm1", "Juniper ATM1" },
	{ 138, "ap1394", "Apple IP-over-IEEE 1394" },
	{ 139, "mtp2-with-phdr", "MTP2 with pseudoheader" },
	{ 140, "mtp2", "SS7 MTP2" },
	{ 141, "mtp3", "SS7 MTP3" },
	{ 142, "sccp", "SS7 SCCP" },
	{ 143, "docsis", "Data Over Cable Service Interface Specification" },
	{ 144, "irda", "IrDA" },
	{ 147, "user0", "USER 0" },
	{ 148, "user1", "USER 1" },
	{ 149, "user2", "USER 2" },
	{ 150, "user3", "USER 3" },
	{ 151, "user4", "USER 4" },
	{ 152, "user5", "USER 5" },
	{ 153, "user6", "USER 6" },
	{ 154, "user7", "USER 7" },
	{ 155, "user8", "USER 8" },
	{ 156, "user9", "USER 9" },
	{ 157, "user10", "USER 10" },
	{ 158, "user11", "USER 11" },
	{ 159, "user12", "USER 12" },
	{ 160, "user13", "USER 13" },
	{ 161, "user14", "USER 14" },
	{ 162, "user15", "USER 15" },
	{ 163, "ieee-802-11-avs", "IEEE 802.11 plus AVS radio header" },
	{ 165, "bacnet-ms-tp", "BACnet MS/TP" },
	{ 167, "juniper-pppoe", "Juniper PPPoE" },
	{ 169, "gprs-llc", "GPRS LLC" },
	{ 170, "gfp-t",
	    "ITU-T G.7041/Y.1303 Generic Framing Procedure Transparent mode" },
	{ 171, "gfp-f",
	    "ITU-T G.7041/Y.1303 Generic Framing Procedure Frame-mapped mode" },
	{ 172, "gcom-tie1", "GCOM TIE1" },
	{ 173, "gcom-serial", "GCOM Serial" },
	{ 177, "linux-lapd", "LAPD with Linux pseudo-header" },
	{ 178, "juniper-ether", "Juniper Ethernet" },
	{ 179, "juniper-ppp", "Juniper PPP" },
	{ 180, "juniper-frelay", "Juniper Frame-Relay" },
	{ 181, "juniper-chdlc", "Juniper C-HDLC" },
	{ 183, "juniper-vp", "Juniper Voice PIC" },
	{ 184, "juniper-vn", "Juniper VN" },
	{ 186, "usb-freebsd", "USB packets with FreeBSD header" },
	{ 187, "bluetooth-h4", "Bluetooth H4" },
	{ 188, "ieee-802-16-mac-cps", "IEEE 802.16 MAC Common Part Sublayer" },
	{ 189, "usb-linux", "USB packets with Linux header" },
	{ 190, "can20b", "Controller Area Network 2.0B" },
	{ 192, "ppi", "Per-Packet Information header" },
	{ 195, "wpan", "IEEE 802.15.4 Wireless PAN" },
	{ 196, "sita-wan", "SITA WAN packets" },
	{ 197, "erf", "Extensible Record Format" },
	{ 199, "ipmb-kontron",
	    "Intelligent Platform Management Bus with Kontron pseudo-header" },
	{ 200, "juniper-st", "Juniper Secure Tunnel Information" },
	{ 201, "bluetooth-h4-linux", "Bluetooth H4 with linux header" },
	{ 202, "ax25-kiss", "AX.25 with KISS header" },
	{ 203, "lapd", "LAPD" },
	{ 204, "ppp-with-direction", "PPP with Directional Info" },
	{ 209, "i2c-linux", "I2C with Linux-specific pseudo-header" },
	{ 210, "flexray", "FlexRay" },
	{ 211, "most", "Media Oriented Systems Transport" },
	{ 212, "lin", "Local Interconnect Network" },
	{ 213, "x2e-serial", "X2E serial line capture" },
	{ 214, "x2e-xoraya", "X2E Xoraya" },
	{ 215, "wpan-nonask-phy", "IEEE 802.15.4 Wireless PAN non-ASK PHY" },
	{ 220, "usb-linux-mmap", "USB packets with Linux header and padding" },
	{ 224, "fc2", "Fibre Channel FC-2" },
	{ 225, "fc2sof", "Fibre Channel FC-2 With Frame Delimiter" },
	{ 226, "ipnet", "Solaris IPNET" },
	{ 227, "socketcan", "SocketCAN" },
	{ 228, "rawip4", "Raw IPv4" },
	{ 229, "rawip6", "Raw IPv6" },
	{ 230, "wpan-nofcs",
	    "IEEE 802.15.4 Wireless PAN with FCS not present" },
	{ 231, "dbus", "D-Bus" },
	{ 235, "dvbci", "DVB-CI (Common Interface)" },
	{ 236, "mux27010", "MUX27010" },
	{ 237, "s5066-dpdu", "STANAG 5066 Data Transfer Sublayer PDUs(D_PDU)" },
	{ 239, "nflog", "NFLOG" },
	{ 240, "netanalyzer", "Hilscher netANALYZER" },
	{ 241, "netanalyzer-transparent", "Hilscher netANALYZER-Transparent" },
	{ 242, "ip-ib", "IP over IB" },
	{ 243, "mp2ts", "ISO/IEC 13818-1 MPEG2-TS" },
	{ 245, "nfc-llcp", "NFC LLCP" },
	{ 248, "sctp", "SCTP" },
	{ 249, "usb-usbpcap", "USB packets with USBPcap header" },
	{ 250, "rtac-serial", "RTAC serial-line" },
	{ 251, "bluetooth-le-ll", "Bluetooth Low Energy Link Layer" },
	{ 252, "wireshark-upper-pdu", "Wireshark Upper PDU export" },
	{ 253, "netlink", "Linux Netlink" },
	{ 254, "bluetooth-linux-monitor", "Bluetooth Linux Monitor" },
	{ 255, "bluetooth-bredr-bb-rf", "Bluetooth BR/EDR Baseband RF" },
	{ 256, "bluetooth-le-ll-rf", "Bluetooth Low Energy Link Layer RF" },
	{ 258, "pktap", "Apple PKTAP" },
	{ 259, "epon", "Ethernet Passive Optical Network" },
	{ 260, "ipmi-trace", "IPMI Trace Data Collection" },
	{ 264, "iso14443", "ISO 14443 contactless smartcard standards" },
	{ 266, "usb-darwin", "USB packets with Darwin (macOS, etc.) headers" },
	{ 268, "sdlc", "SDLC" },
	{ 270, "loratap", "LoRaTap" },
	{ 271, "vsock", "Linux vsock" },
	{ 272, "nordic_ble", "nRF Sniffer for Bluetooth LE" },
	{ 273, "docsis31_xra31", "DOCSIS with Excentis XRA pseudo-header" },
	{ 274, "ether-mpacket", "IEEE 802.3br mPackets" },
	{ 275, "dpauxmon",
	    "DisplayPort AUX channel with Unigraf pseudo-header" },
	{ 276, "linux-sll2", "Linux cooked-mode capture v2" },
	{ 279, "ebhscr", "Elektrobit High Speed Capture and Replay" },
	{ 280, "vpp", "Vector Packet Processing graph dispatch trace" },
	{ 283, "wpan-tap", "IEEE 802.15.4 Wireless with TAP pseudo-header" },
	{ 287, "zwave-serial", "Z-Wave Serial API packets" },
	{ 288, "usb-20", "USB 2.0/1.1/1.0 packets" },
	{ 290, "etw", "Event Tracing for Windows messages" },
	{ 292, "zbncp", "ZBOSS NCP" },
	{ 293, "usb-20-low", "Low-Speed USB 2.0/1.1/1.0 packets" },
	{ 294, "usb-20-full", "Full-Speed USB 2.0/1.1/1.0 packets" },
	{ 295, "usb-20-high", "High-Speed USB 2.0 packets" },
};

/* DLT_ values that systems wrote into files instead of LINKTYPE_ values.
 * Where systems disagree, as Wireshark reads them on Linux. */
static const uint16_t old_links[][2] = {
	{ 11, 100 }, /* DLT_ATM_RFC1483 */
	{ 12, 101 }, /* DLT_RAW */
	{ 13, 109 }, /* DLT_ENC of OpenBSD */
	{ 14, 101 }, /* DLT_RAW of OpenBSD and BSD/OS */
	{ 16, 106 }, /* Linux ATM CLIP, three times */
	{ 18, 106 }, { 19, 106 },
	{ 50, 9 },    /* PPP in HDLC framing: PPP readers see it */
	{ 112, 104 }, /* DLT_HDLC of NetBSD: Cisco HDLC */
};

static const struct link_type *
link_find(uint16_t link)
{
	for (size_t i = 0; i < LENGTH(links); i++)
		if (links[i].link == link)
			return &links[i];
	return NULL;
}

uint16_t
link_normal(uint16_t link)
{
	for (size_t i = 0; i < LENGTH(old_links); i++)
		if (old_links[i][0] == link)
			return old_links[i][1];
	return link;
}

uint32_t
link_packet_max(uint16_t link)
{
	switch (link) {
	case 231: /* D-Bus */
	case 249: /* USBPcap */
		return (uint32_t)128 << 20;
	case 279: /* EBHSCR */
		return (uint32_t)32 << 20;
	}
	return READER_PACKET_MAX;
}

const char *
link_name(uint16_t link)
{
	const struct link_type *found = link_find(link);

	return found == NULL ? NULL : found->name;
}

const char *
link_short_name(uint16_t link)
{
	const struct link_type *found = link_find(link);

	return found == NULL ? NULL : found->short_name;
}
