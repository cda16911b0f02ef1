#include "proto/dhcpv6_option.h"

#include "proto/dhcp_rows.h"
#include "proto/rows.h"

/* RFC 8415, 7.3 */
const struct value_name dhcpv6_types[] = {
	{ 1, "SOLICIT" }, { 2, "ADVERTISE" }, { 3, "REQUEST" },
	{ 4, "CONFIRM" }, { 5, "RENEW" }, { 6, "REBIND" }, { 7, "REPLY" },
	{ 8, "RELEASE" }, { 9, "DECLINE" }, { 10, "RECONFIGURE" },
	{ 11, "INFORMATION-REQUEST" }, { 12, "RELAY-FORW" },
	{ 13, "RELAY-REPL" }, { 14, "LEASEQUERY" },
	{ 15, "LEASEQUERY-REPLY" }, { 16, "LEASEQUERY-DONE" },
	{ 17, "LEASEQUERY-DATA" }, { 18, "RECONFIGURE-REQUEST" },
	{ 19, "RECONFIGURE-REPLY" }, { 20, "DHCPV4-QUERY" },
	{ 21, "DHCPV4-RESPONSE" }, { 0, NULL },
};

const struct value_name dhcpv6_status[] = {
	{ 0, "Success" }, { 1, "UnspecFail" }, { 2, "NoAddrsAvail" },
	{ 3, "NoBinding" }, { 4, "NotOnLink" }, { 5, "UseMulticast" },
	{ 6, "NoPrefixAvail" }, { 0, NULL },
};

/* The words of Wireshark's dhcpv6.option.type_str. */
const struct value_name dhcpv6_options[] = {
	{ 1, "Client Identifier" },
	{ 2, "Server Identifier" },
	{ 3, "Identity Association for Non-temporary Address" },
	{ 4, "Identity Association for Temporary Address" },
	{ 5, "IA Address" },
	{ 6, "Option Request" },
	{ 7, "Preference" },
	{ 8, "Elapsed time" },
	{ 9, "Relay Message" },
	{ 11, "Authentication" },
	{ 12, "Server unicast" },
	{ 13, "Status code" },
	{ 14, "Rapid Commit" },
	{ 15, "User Class" },
	{ 16, "Vendor Class" },
	{ 17, "Vendor-specific Information" },
	{ 18, "Interface-Id" },
	{ 19, "Reconfigure Message" },
	{ 20, "Reconfigure Accept" },
	{ 21, "SIP Server Domain Name List" },
	{ 22, "SIP Servers IPv6 Address List" },
	{ 23, "DNS recursive name server" },
	{ 24, "Domain Search List" },
	{ 25, "Identity Association for Prefix Delegation" },
	{ 26, "IA Prefix" },
	{ 27, "Network Information Server" },
	{ 28, "Network Information Server V2" },
	{ 29, "Network Information Server Domain Name" },
	{ 30, "Network Information Server V2 Domain Name" },
	{ 31, "Simple Network Time Protocol Server" },
	{ 32, "Lifetime" },
	{ 33, "BCMCS Server Domain" },
	{ 34, "BCMCS Servers IPv6 Address List" },
	{ 36, "Geoconf Civic Address" },
	{ 37, "Remote Identifier" },
	{ 38, "Subscriber Identifier" },
	{ 39, "Client Fully Qualified Domain Name" },
	{ 40, "PANA Agents IPv6 Address List" },
	{ 41, "Time Zone" },
	{ 42, "Time Zone Database" },
	{ 43, "Echo Request Option" },
	{ 44, "Leasequery Query" },
	{ 45, "Leasequery Client Data" },
	{ 46, "Client Last Transaction Time" },
	{ 47, "Leasequery Relay Data" },
	{ 48, "Leasequery Client Link Address List" },
	{ 49, "Home Network Identifier FQDN" },
	{ 50, "Visited Home Network Information" },
	{ 51, "LoST Server" },
	{ 52, "CAPWAP Access Controllers" },
	{ 53, "Relay-ID" },
	{ 54, "MoS IPv6 Address" },
	{ 55, "MoS Domain Name List" },
	{ 56, "NTP Server" },
	{ 57, "Access Network Domain Name" },
	{ 58, "SIP User Agent Configuration Service Domains" },
	{ 59, "Boot File URL" },
	{ 60, "Boot File Parameters" },
	{ 61, "Client System Architecture Type" },
	{ 62, "Client Network Interface Identifier" },
	{ 63, "Geolocation" },
	{ 64, "Dual-Stack Lite AFTR Name" },
	{ 65, "ERP Local Domain Name" },
	{ 66, "Relay-Supplied Options" },
	{ 67, "Prefix Exclude" },
	{ 68, "Virtual Subnet Selection" },
	{ 69, "Identified Home Network Information" },
	{ 70, "Unrestricted Home Network Information" },
	{ 71, "Home Network Prefix" },
	{ 72, "Home Agent Address" },
	{ 73, "Home Agent FQDN" },
	{ 74, "RDNSS Selection" },
	{ 75, "Kerberos Principal Name" },
	{ 76, "Kerberos Realm Name" },
	{ 77, "Kerberos Default Realm Name" },
	{ 78, "Kerberos KDC" },
	{ 79, "Client Link-Layer Address" },
	{ 80, "Link Address" },
	{ 81, "RADIUS" },
	{ 82, "SOL_MAX_RT" },
	{ 83, "INF_MAX_RT" },
	{ 84, "Address Selection" },
	{ 85, "Address Selection table" },
	{ 86, "PCP Server" },
	{ 87, "DHCPv4 Message" },
	{ 88, "DHCP 4o6 Servers Address" },
	{ 89, "S46 Rule" },
	{ 90, "S46 BR" },
	{ 91, "S46 DMR" },
	{ 92, "S46 IPv4/IPv6 Address Binding" },
	{ 93, "S46 Port Parameters" },
	{ 94, "S46 MAP-E Container" },
	{ 95, "S46 MAP-T Container" },
	{ 96, "S46 Lightweight 4over6 Container" },
	{ 97, "4rd Options" },
	{ 98, "4rd Mapping Rule" },
	{ 99, "4rd Non-Mapping Rule" },
	{ 100, "LQ Server Base Time" },
	{ 101, "LQ Server Query Start Time" },
	{ 102, "LQ Server Query End Time" },
	{ 103, "Captive Portal" },
	{ 104, "MPL Parameter Configuration" },
	{ 105, "Access Technology Type" },
	{ 106, "Access Network Name" },
	{ 107, "Access Point Name" },
	{ 108, "Access Point BSSID" },
	{ 109, "Access Network Operator ID" },
	{ 110, "Access Network Operator Realm" },
	{ 111, "S46 Priority" },
	{ 112, "Manufacturer Usage Description" },
	{ 113, "IPv4/IPv6 Multicast Prefixes" },
	{ 114, "Failover Binding Status" },
	{ 115, "Failover Connect Flags" },
	{ 116, "Failover DNS Removal Info" },
	{ 117, "Failover DNS Hostname" },
	{ 118, "Failover DNS Zone Name" },
	{ 119, "Failover DNS Flags" },
	{ 120, "Failover Expiration Time" },
	{ 121, "Failover Maximum Number Unacked BNDUPD Messages" },
	{ 122, "Failover Maximum Client Lead Time (MCLT)" },
	{ 123, "Failover Partner Lifetime" },
	{ 124, "Failover Partner Lifetime Sent" },
	{ 125, "Failover Partner Down Time" },
	{ 126, "Failover Partner Raw Client Time" },
	{ 127, "Failover Protocol Version" },
	{ 128, "Failover Keepalive Time" },
	{ 129, "Failover Reconfigure Data" },
	{ 130, "Failover Relationship Name" },
	{ 131, "Failover Server Flags" },
	{ 132, "Failover Server State" },
	{ 133, "Failover Start Time of State" },
	{ 134, "Failover State Expiration Time" },
	{ 135, "Relay Source Port" },
	{ 136, "SZTP Redirect" },
	{ 137, "Softwire Source Binding Prefix Hint" },
	{ 143, "ANDSF IPv6 Address" },
	{ 0, NULL },
};

static const struct dhcpv6_option_row options[] = {
	[1] = { DHCPV6_DUID, DHCPV6_ROW_DUID_BYTES },
	[2] = { DHCPV6_DUID, DHCPV6_ROW_DUID_BYTES },
	[3] = { DHCPV6_IA, DHCPV6_ROW_IAID },
	[4] = { DHCPV6_IA_TA, DHCPV6_ROW_IATA },
	[5] = { DHCPV6_ADDRESS, DHCPV6_ROW_IAADDR_IP },
	[6] = { DHCPV6_U16S, DHCPV6_ROW_REQUESTED_OPTION_CODE },
	[7] = { DHCPV6_U8, DHCPV6_ROW_OPTION_PREFERENCE },
	[8] = { DHCPV6_U16, DHCPV6_ROW_ELAPSED_TIME },
	[9] = { DHCPV6_RELAY, 0 },
	[11] = { DHCPV6_AUTH, DHCPV6_ROW_AUTH_PROTOCOL },
	[12] = { DHCPV6_IPV6, DHCPV6_ROW_UNICAST },
	[13] = { DHCPV6_STATUS, DHCPV6_ROW_STATUS_CODE },
	[15] = { DHCPV6_USER_CLASS, DHCPV6_ROW_USERCLASS_LENGTH },
	[16] = { DHCPV6_VENDOR_CLASS, DHCPV6_ROW_VENDORCLASS_ENTERPRISE },
	[17] = { DHCPV6_VENDOR, DHCPV6_ROW_VENDOROPTS_ENTERPRISE },
	[18] = { DHCPV6_BYTES, DHCPV6_ROW_INTERFACE_ID },
	[19] = { DHCPV6_U8, DHCPV6_ROW_RECONF_MSG },
	[21] = { DHCPV6_NAMES, DHCPV6_ROW_SIP_SERVER_DOMAIN_SEARCH_FQDN },
	[22] = { DHCPV6_IPV6S, DHCPV6_ROW_SIP_SERVER_A },
	[23] = { DHCPV6_IPV6S, DHCPV6_ROW_DNS_SERVER },
	[24] = { DHCPV6_NAMES, DHCPV6_ROW_SEARCH_LIST_ENTRY },
	[25] = { DHCPV6_IA, DHCPV6_ROW_IAID },
	[26] = { DHCPV6_PREFIX, DHCPV6_ROW_IAPREFIX_PREF_LIFETIME },
	[27] = { DHCPV6_IPV6S, DHCPV6_ROW_NIS_SERVER },
	[28] = { DHCPV6_IPV6S, DHCPV6_ROW_NISP_SERVER },
	[29] = { DHCPV6_NAMES, DHCPV6_ROW_NIS_FQDN },
	[30] = { DHCPV6_NAMES, DHCPV6_ROW_NISP_FQDN },
	[31] = { DHCPV6_IPV6S, DHCPV6_ROW_SNTP_SERVER },
	[32] = { DHCPV6_U32, DHCPV6_ROW_LIFETIME },
	[33] = { DHCPV6_NAMES, DHCPV6_ROW_BCMCS_SERVER_FQDN },
	[34] = { DHCPV6_IPV6S, DHCPV6_ROW_BCMCS_SERVER_A },
	[37] = { DHCPV6_REMOTE, DHCPV6_ROW_REMOTEID_ENTERPRISE },
	[38] = { DHCPV6_TEXT, DHCPV6_ROW_SUBSCRIBER_ID },
	[39] = { DHCPV6_FQDN, DHCPV6_ROW_CLIENT_FQDN_FLAGS },
	[40] = { DHCPV6_IPV6S, DHCPV6_ROW_PANA_AGENT },
	[41] = { DHCPV6_TEXT, DHCPV6_ROW_TIMEZONE },
	[42] = { DHCPV6_TEXT, DHCPV6_ROW_TZDB },
	[43] = { DHCPV6_U16S, DHCPV6_ROW_REQUESTED_OPTION_CODE },
	[44] = { DHCPV6_LQ, DHCPV6_ROW_LQ_QUERY },
	[45] = { DHCPV6_OPTIONS, 0 },
	[46] = { DHCPV6_U32, DHCPV6_ROW_CLT_TIME },
	[48] = { DHCPV6_IPV6S, DHCPV6_ROW_LQ_CLIENT_LINK },
	[52] = { DHCPV6_IPV6S, DHCPV6_ROW_CAPWAP_AC_V6 },
	[53] = { DHCPV6_DUID, DHCPV6_ROW_DUID_BYTES },
	[56] = { DHCPV6_NTP, DHCPV6_ROW_NTPSERVER_OPTION_TYPE },
	[64] = { DHCPV6_NAMES, DHCPV6_ROW_AFTR_NAME },
	[66] = { DHCPV6_OPTIONS, 0 },
	[67] = { DHCPV6_EXCLUDE, DHCPV6_ROW_PD_EXCLUDE_PREF_LEN },
	[103] = { DHCPV6_TEXT, DHCPV6_ROW_CAPTIVE_PORTAL },
	[112] = { DHCPV6_TEXT, DHCPV6_ROW_MUDURL },
	[135] = { DHCPV6_U16, DHCPV6_ROW_RELAY_PORT },
};

const struct dhcpv6_option_row *
dhcpv6_option_row(uint16_t code)
{
	return &options[code < LENGTH(options) ? code : 0];
}

const struct field dhcpv6_rows[DHCPV6_ROWS] = {
	[DHCPV6_ROW] = LAYER("dhcpv6", "DHCPv6"),
	[DHCPV6_ROW_MSGTYPE] =
	    DEC8_NAMED("dhcpv6.msgtype", "Kind of message", dhcpv6_types),
	[DHCPV6_ROW_XID] = HEX24("dhcpv6.xid", "Transaction ID"),
	[DHCPV6_ROW_HOPCOUNT] = DEC8("dhcpv6.hopcount", "Relays passed"),
	[DHCPV6_ROW_LINKADDR] =
	    IPV6("dhcpv6.linkaddr", "Relay: address of the link"),
	[DHCPV6_ROW_PEERADDR] =
	    IPV6("dhcpv6.peeraddr", "Relay: who sent it here"),
	[DHCPV6_ROW_OPTION_TYPE_STR] =
	    TEXT("dhcpv6.option.type_str", "Option, name"),
	[DHCPV6_ROW_OPTION_TYPE] =
	    DEC16_NAMED("dhcpv6.option.type", "Option", dhcpv6_options),
	[DHCPV6_ROW_OPTION_LENGTH] =
	    DEC16("dhcpv6.option.length", "Its length"),
	[DHCPV6_ROW_MALFORMED_OPTION] =
	    MARK("dhcpv6.malformed_option",
	    "Length that the option cannot have"),
	[DHCPV6_ROW_DUID_BYTES] =
	    BYTES("dhcpv6.duid.bytes", "Unique identifier"),
	[DHCPV6_ROW_DUID_TYPE] =
	    DEC16_NAMED("dhcpv6.duid.type", "Its kind", dhcp_duids),
	[DHCPV6_ROW_DUIDLLT_HWTYPE] =
	    DEC16("dhcpv6.duidllt.hwtype", "DUID-LLT: hardware type"),
	[DHCPV6_ROW_DUIDLLT_TIME] =
	    TIME("dhcpv6.duidllt.time", "DUID-LLT: when it was made"),
	[DHCPV6_ROW_DUIDLLT_LINK_LAYER_ADDR] =
	    TEXT("dhcpv6.duidllt.link_layer_addr",
	    "DUID-LLT: link-layer address"),
	[DHCPV6_ROW_DUIDEN_ENTERPRISE] =
	    DEC32("dhcpv6.duiden.enterprise", "DUID-EN: enterprise number"),
	[DHCPV6_ROW_DUIDEN_IDENTIFIER] =
	    BYTES("dhcpv6.duiden.identifier", "DUID-EN: identifier"),
	[DHCPV6_ROW_DUIDLL_HWTYPE] =
	    DEC16("dhcpv6.duidll.hwtype", "DUID-LL: hardware type"),
	[DHCPV6_ROW_DUIDLL_LINK_LAYER_ADDR] =
	    TEXT("dhcpv6.duidll.link_layer_addr",
	    "DUID-LL: link-layer address"),
	[DHCPV6_ROW_DUIDUUID_BYTES] =
	    BYTES("dhcpv6.duiduuid.bytes", "DUID-UUID: UUID"),
	[DHCPV6_ROW_IAID] = TEXT("dhcpv6.iaid", "Identity association"),
	[DHCPV6_ROW_IAID_T1] =
	    DEC32("dhcpv6.iaid.t1", "T1: renew after seconds"),
	[DHCPV6_ROW_IAID_T2] =
	    DEC32("dhcpv6.iaid.t2", "T2: rebind after seconds"),
	[DHCPV6_ROW_IATA] =
	    TEXT("dhcpv6.iata", "Identity association, temporary"),
	[DHCPV6_ROW_IAADDR_IP] = IPV6("dhcpv6.iaaddr.ip", "Address"),
	[DHCPV6_ROW_IAADDR_PREF_LIFETIME] =
	    DEC32("dhcpv6.iaaddr.pref_lifetime", "Preferred for seconds"),
	[DHCPV6_ROW_IAADDR_VALID_LIFETIME] =
	    DEC32("dhcpv6.iaaddr.valid_lifetime", "Valid for seconds"),
	[DHCPV6_ROW_IAPREFIX_PREF_LIFETIME] =
	    DEC32("dhcpv6.iaprefix.pref_lifetime",
	    "Prefix: preferred for seconds"),
	[DHCPV6_ROW_IAPREFIX_VALID_LIFETIME] =
	    DEC32("dhcpv6.iaprefix.valid_lifetime",
	    "Prefix: valid for seconds"),
	[DHCPV6_ROW_IAPREFIX_PREF_LEN] =
	    DEC8("dhcpv6.iaprefix.pref_len", "Prefix: length"),
	[DHCPV6_ROW_IAPREFIX_PREF_ADDR] =
	    IPV6("dhcpv6.iaprefix.pref_addr", "Prefix"),
	[DHCPV6_ROW_REQUESTED_OPTION_CODE] =
	    DEC16_NAMED("dhcpv6.requested_option_code",
	    "Option asked for", dhcpv6_options),
	[DHCPV6_ROW_OPTION_PREFERENCE] =
	    DEC8("dhcpv6.option_preference", "Preference of the server"),
	[DHCPV6_ROW_ELAPSED_TIME] =
	    DEC16("dhcpv6.elapsed_time", "Time since the client began, ms"),
	[DHCPV6_ROW_AUTH_PROTOCOL] =
	    DEC8("dhcpv6.auth.protocol", "Authentication: protocol"),
	[DHCPV6_ROW_AUTH_ALGORITHM] =
	    DEC8("dhcpv6.auth.algorithm", "Authentication: algorithm"),
	[DHCPV6_ROW_AUTH_RDM] =
	    DEC8("dhcpv6.auth.rdm", "Authentication: replay detection"),
	[DHCPV6_ROW_AUTH_REPLAY_DETECTION] =
	    BYTES("dhcpv6.auth.replay_detection",
	    "Authentication: replay value"),
	[DHCPV6_ROW_AUTH_INFO] =
	    BYTES("dhcpv6.auth.info", "Authentication: information"),
	[DHCPV6_ROW_UNICAST] =
	    IPV6("dhcpv6.unicast", "Server may be asked here"),
	[DHCPV6_ROW_STATUS_CODE] =
	    DEC16_NAMED("dhcpv6.status_code", "Status", dhcpv6_status),
	[DHCPV6_ROW_STATUS_MSG] =
	    TEXT("dhcpv6.status_msg", "Text of the status"),
	[DHCPV6_ROW_USERCLASS_LENGTH] =
	    DEC16("dhcpv6.userclass.length", "User class: length"),
	[DHCPV6_ROW_USERCLASS_OPAQUE_DATA] =
	    BYTES("dhcpv6.userclass.opaque_data", "User class"),
	[DHCPV6_ROW_VENDORCLASS_ENTERPRISE] =
	    DEC32("dhcpv6.vendorclass.enterprise",
	    "Vendor class: enterprise number"),
	[DHCPV6_ROW_VENDORCLASS_DATA] =
	    TEXT("dhcpv6.vendorclass.data", "Vendor class"),
	[DHCPV6_ROW_VENDOROPTS_ENTERPRISE] =
	    DEC32("dhcpv6.vendoropts.enterprise",
	    "Vendor options: enterprise number"),
	[DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_CODE] =
	    DEC16("dhcpv6.vendoropts.enterprise.option_code",
	    "Vendor options: code"),
	[DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_LENGTH] =
	    DEC16("dhcpv6.vendoropts.enterprise.option_length",
	    "Vendor options: length"),
	[DHCPV6_ROW_VENDOROPTS_ENTERPRISE_OPTION_DATA] =
	    BYTES("dhcpv6.vendoropts.enterprise.option_data",
	    "Vendor options: data"),
	[DHCPV6_ROW_INTERFACE_ID] =
	    BYTES("dhcpv6.interface_id", "Interface of the relay"),
	[DHCPV6_ROW_RECONF_MSG] =
	    DEC8("dhcpv6.reconf_msg", "Message to answer with"),
	[DHCPV6_ROW_SIP_SERVER_DOMAIN_SEARCH_FQDN] =
	    TEXT("dhcpv6.sip_server_domain_search_fqdn", "SIP server"),
	[DHCPV6_ROW_SIP_SERVER_A] = IPV6("dhcpv6.sip_server_a", "SIP server"),
	[DHCPV6_ROW_DNS_SERVER] = IPV6("dhcpv6.dns_server", "DNS server"),
	[DHCPV6_ROW_SEARCH_LIST_ENTRY] =
	    TEXT("dhcpv6.search_list_entry", "Domain to search"),
	[DHCPV6_ROW_NIS_SERVER] = IPV6("dhcpv6.nis_server", "NIS server"),
	[DHCPV6_ROW_NISP_SERVER] = IPV6("dhcpv6.nisp_server", "NIS+ server"),
	[DHCPV6_ROW_NIS_FQDN] = TEXT("dhcpv6.nis_fqdn", "NIS domain"),
	[DHCPV6_ROW_NISP_FQDN] = TEXT("dhcpv6.nisp_fqdn", "NIS+ domain"),
	[DHCPV6_ROW_SNTP_SERVER] = IPV6("dhcpv6.sntp_server", "SNTP server"),
	[DHCPV6_ROW_LIFETIME] =
	    DEC32("dhcpv6.lifetime", "Refresh after seconds"),
	[DHCPV6_ROW_BCMCS_SERVER_FQDN] =
	    TEXT("dhcpv6.bcmcs_server_fqdn", "BCMCS server"),
	[DHCPV6_ROW_BCMCS_SERVER_A] =
	    IPV6("dhcpv6.bcmcs_server_a", "BCMCS server"),
	[DHCPV6_ROW_REMOTEID_ENTERPRISE] =
	    DEC32("dhcpv6.remoteid.enterprise", "Remote ID: enterprise number"),
	[DHCPV6_ROW_REMOTEID_ENTERPRISE_ID] =
	    BYTES("dhcpv6.remoteid_enterprise_id", "Remote ID"),
	[DHCPV6_ROW_SUBSCRIBER_ID] = TEXT("dhcpv6.subscriber_id", "Subscriber"),
	[DHCPV6_ROW_CLIENT_FQDN_FLAGS] =
	    HEX8("dhcpv6.client_fqdn_flags", "Client name: flags"),
	[DHCPV6_ROW_CLIENTFQDN_CLIENT_N] =
	    BOOL8("dhcpv6.clientfqdn.client.n",
	    "Client name: server updates nothing"),
	[DHCPV6_ROW_CLIENTFQDN_CLIENT_S] =
	    BOOL8("dhcpv6.clientfqdn.client.s",
	    "Client name: server updates AAAA"),
	[DHCPV6_ROW_CLIENTFQDN_SERVER_N] =
	    BOOL8("dhcpv6.clientfqdn.server.n",
	    "Client name: server updates nothing"),
	[DHCPV6_ROW_CLIENTFQDN_SERVER_O] =
	    BOOL8("dhcpv6.clientfqdn.server.o",
	    "Client name: server overrides"),
	[DHCPV6_ROW_CLIENTFQDN_SERVER_S] =
	    BOOL8("dhcpv6.clientfqdn.server.s",
	    "Client name: server updates AAAA"),
	[DHCPV6_ROW_CLIENT_DOMAIN] =
	    TEXT("dhcpv6.client_domain", "Client name"),
	[DHCPV6_ROW_PANA_AGENT] = IPV6("dhcpv6.pana_agent", "PANA agent"),
	[DHCPV6_ROW_TIMEZONE] = TEXT("dhcpv6.timezone", "Time zone, POSIX"),
	[DHCPV6_ROW_TZDB] = TEXT("dhcpv6.tzdb", "Time zone, name"),
	[DHCPV6_ROW_LQ_QUERY] = DEC8("dhcpv6.lq_query", "Lease query: kind"),
	[DHCPV6_ROW_LQ_QUERY_LINK_ADDRESS] =
	    IPV6("dhcpv6.lq_query_link_address", "Lease query: link"),
	[DHCPV6_ROW_CLT_TIME] =
	    DEC32("dhcpv6.clt_time", "Seconds since the last transaction"),
	[DHCPV6_ROW_LQ_CLIENT_LINK] =
	    IPV6("dhcpv6.lq_client_link", "Link of the client"),
	[DHCPV6_ROW_CAPWAP_AC_V6] =
	    IPV6("dhcpv6.capwap_ac_v6", "CAPWAP controller"),
	[DHCPV6_ROW_NTPSERVER_OPTION_TYPE] =
	    DEC16("dhcpv6.ntpserver.option.type", "NTP: kind of server"),
	[DHCPV6_ROW_NTPSERVER_OPTION_LENGTH] =
	    DEC16("dhcpv6.ntpserver.option.length", "NTP: length"),
	[DHCPV6_ROW_NTPSERVER_ADDR] =
	    IPV6("dhcpv6.ntpserver.addr", "NTP server"),
	[DHCPV6_ROW_NTPSERVER_MC_ADDR] =
	    IPV6("dhcpv6.ntpserver.mc_addr", "NTP multicast address"),
	[DHCPV6_ROW_NTPSERVER_FQDN] =
	    TEXT("dhcpv6.ntpserver.fqdn", "NTP server"),
	[DHCPV6_ROW_AFTR_NAME] = TEXT("dhcpv6.aftr_name", "DS-Lite AFTR"),
	[DHCPV6_ROW_PD_EXCLUDE_PREF_LEN] =
	    DEC8("dhcpv6.pd_exclude.pref_len", "Excluded prefix: length"),
	[DHCPV6_ROW_PD_EXCLUDE_SUBNET_ID] =
	    BYTES("dhcpv6.pd_exclude.subnet_id", "Excluded prefix: subnet"),
	[DHCPV6_ROW_CAPTIVE_PORTAL] =
	    TEXT("dhcpv6.captive_portal", "Captive portal"),
	[DHCPV6_ROW_MUDURL] =
	    TEXT("dhcpv6.mudurl", "Manufacturer usage description"),
	[DHCPV6_ROW_RELAY_PORT] =
	    DEC16("dhcpv6.relay_port", "Port of the relay"),
};

const struct field_table dhcpv6_table = {
	"DHCPv6", dhcpv6_rows, DHCPV6_ROWS,
};
