#include "proto/dhcp_option.h"

/*
 * Options by number: the name is mcpcap's where it has one, else scapy's or
 * IANA's; the row is the field that Wireshark 4.0 shows the value in.
 */
static const struct dhcp_option_row options[256] = {
	[1] = { "subnet_mask", DHCP_IPV4, DHCP_ROW_O_SUBNET_MASK },
	[2] = { "time_zone", DHCP_I32, DHCP_ROW_O_TIME_OFFSET },
	[3] = { "router", DHCP_IPV4S, DHCP_ROW_O_ROUTER },
	[4] = { "time_server", DHCP_IPV4S, DHCP_ROW_O_TIME_SERVER },
	[5] = { "IEN_name_server", DHCP_IPV4S, DHCP_ROW_O_NAME_SERVER },
	[6] = { "dns_servers", DHCP_IPV4S, DHCP_ROW_O_DOMAIN_NAME_SERVER },
	[7] = { "log_server", DHCP_IPV4S, DHCP_ROW_O_LOG_SERVER },
	[8] = { "cookie_server", DHCP_IPV4S, DHCP_ROW_O_QUOTES_SERVER },
	[9] = { "lpr_server", DHCP_IPV4S, DHCP_ROW_O_LPR_SERVER },
	[10] = { "impress_server", DHCP_IPV4S, DHCP_ROW_O_IMPRESS_SERVER },
	[11] = { "resource_location_server", DHCP_IPV4S,
	    DHCP_ROW_O_RESOURCE_LOCATION_SERVER },
	[12] = { "hostname", DHCP_TEXT, DHCP_ROW_O_HOSTNAME },
	[13] = { "boot_size", DHCP_U16, DHCP_ROW_O_BOOT_FILE_SIZE },
	[14] = { "dump_path", DHCP_TEXT, DHCP_ROW_O_MERIT_DUMP_FILE },
	[15] = { "domain", DHCP_TEXT, DHCP_ROW_O_DOMAIN_NAME },
	[16] = { "swap_server", DHCP_IPV4, DHCP_ROW_O_SWAP_SERVER },
	[17] = { "root_disk_path", DHCP_TEXT, DHCP_ROW_O_ROOT_PATH },
	[18] = { "extensions_path", DHCP_TEXT, DHCP_ROW_O_EXTENSION_PATH },
	[19] = { "ip_forwarding", DHCP_BOOL, DHCP_ROW_O_IP_FORWARDING },
	[20] = { "non_local_source_routing", DHCP_BOOL,
	    DHCP_ROW_O_NON_LOCAL_SOURCE_ROUTING },
	[21] = { "policy_filter", DHCP_PAIRS, DHCP_ROW_O_POLICY_FILTER_IP },
	[22] = { "max_dgram_reass_size", DHCP_U16,
	    DHCP_ROW_O_MAX_DATAGRAM_REASSEMBLY_SIZE },
	[23] = { "default_ttl", DHCP_U8, DHCP_ROW_O_DEFAULT_IP_TTL },
	[24] = { "path_mtu_timeout", DHCP_U32,
	    DHCP_ROW_O_PATH_MTU_AGING_TIMEOUT },
	[25] = { "path_mtu_plateaus", DHCP_U16S,
	    DHCP_ROW_O_PATH_MTU_PLATEAU_TABLE_ITEM },
	[26] = { "interface_mtu", DHCP_U16, DHCP_ROW_O_INTERFACE_MTU },
	[27] = { "all_subnets_local", DHCP_BOOL,
	    DHCP_ROW_O_ALL_SUBNETS_ARE_LOCAL },
	[28] = { "broadcast_address", DHCP_IPV4, DHCP_ROW_O_BROADCAST_ADDRESS },
	[29] = { "perform_mask_discovery", DHCP_BOOL,
	    DHCP_ROW_O_PERFORM_MASK_DISCOVERY },
	[30] = { "mask_supplier", DHCP_BOOL, DHCP_ROW_O_MASK_SUPPLIER },
	[31] = { "router_discovery", DHCP_BOOL,
	    DHCP_ROW_O_PERFORM_ROUTER_DISCOVER },
	[32] = { "router_solicitation_address", DHCP_IPV4,
	    DHCP_ROW_O_ROUTER_SOLICITATION_ADDRESS },
	[33] = { "static_routes", DHCP_PAIRS, DHCP_ROW_O_STATIC_ROUTE_IP },
	[34] = { "trailer_encapsulation", DHCP_BOOL,
	    DHCP_ROW_O_TRAILER_ENCAPSULATION },
	[35] = { "arp_cache_timeout", DHCP_U32, DHCP_ROW_O_ARP_CACHE_TIMEOUT },
	[36] = { "ieee802_3_encapsulation", DHCP_BOOL,
	    DHCP_ROW_O_ETHERNET_ENCAPSULATION },
	[37] = { "tcp_ttl", DHCP_U8, DHCP_ROW_O_TCP_DEFAULT_TTL },
	[38] = { "tcp_keepalive_interval", DHCP_U32,
	    DHCP_ROW_O_TCP_KEEPALIVE_INTERVAL },
	[39] = { "tcp_keepalive_garbage", DHCP_BOOL,
	    DHCP_ROW_O_TCP_KEEPALIVE_GARBAGE },
	[40] = { "NIS_domain", DHCP_TEXT, DHCP_ROW_O_NIS_DOMAIN },
	[41] = { "NIS_server", DHCP_IPV4S, DHCP_ROW_O_NIS_SERVER },
	[42] = { "NTP_server", DHCP_IPV4S, DHCP_ROW_O_NTP_SERVER },
	[43] = { "vendor_specific", DHCP_VENDOR, DHCP_ROW_O_VENDOR_VALUE },
	[44] = { "NetBIOS_server", DHCP_IPV4S,
	    DHCP_ROW_O_NETBIOS_OVER_TCPIP_NAME_SERVER },
	[45] = { "NetBIOS_dist_server", DHCP_IPV4S,
	    DHCP_ROW_O_NETBIOS_OVER_TCPIP_DD_NAME_SERVER },
	[46] = { "NetBIOS_node_type", DHCP_U8,
	    DHCP_ROW_O_NETBIOS_OVER_TCPIP_NODE_TYPE },
	[47] = { "NetBIOS_scope", DHCP_TEXT,
	    DHCP_ROW_O_NETBIOS_OVER_TCPIP_SCOPE },
	[48] = { "X_font_server", DHCP_IPV4S,
	    DHCP_ROW_O_XWINDOWS_SYSTEM_FONT_SERVER },
	[49] = { "X_display_manager", DHCP_IPV4S,
	    DHCP_ROW_O_XWINDOWS_SYSTEM_DISPLAY_MANAGER },
	[50] = { "requested_ip", DHCP_IPV4, DHCP_ROW_O_REQUESTED_IP_ADDRESS },
	[51] = { "lease_time", DHCP_SECONDS, DHCP_ROW_O_IP_ADDRESS_LEASE_TIME },
	[52] = { "dhcp_option_overload", DHCP_OVERLOAD,
	    DHCP_ROW_O_OPTION_OVERLOAD },
	[53] = { "message_type", DHCP_TYPE, DHCP_ROW_O_DHCP },
	[54] = { "server_id", DHCP_IPV4, DHCP_ROW_O_DHCP_SERVER_ID },
	[55] = { "parameter_request_list", DHCP_U8S,
	    DHCP_ROW_O_REQUEST_LIST_ITEM },
	[56] = { "error_message", DHCP_TEXT, DHCP_ROW_O_MESSAGE },
	[57] = { "max_dhcp_size", DHCP_U16, DHCP_ROW_O_DHCP_MAX_MESSAGE_SIZE },
	[58] = { "renewal_time", DHCP_SECONDS, DHCP_ROW_O_RENEWAL_TIME_VALUE },
	[59] = { "rebinding_time", DHCP_SECONDS,
	    DHCP_ROW_O_REBINDING_TIME_VALUE },
	[60] = { "vendor_class_id", DHCP_TEXT, DHCP_ROW_O_VENDOR_CLASS_ID },
	[61] = { "client_id", DHCP_CLIENT_ID, 0 },
	[62] = { "nwip_domain_name", DHCP_TEXT, 0 },
	[63] = { "nwip_suboptions", DHCP_NWIP, 0 },
	[64] = { "NISplus_domain", DHCP_TEXT, DHCP_ROW_O_NIS_PLUS_DOMAIN },
	[65] = { "NISplus_server", DHCP_IPV4S, DHCP_ROW_O_NIS_PLUS_SERVER },
	[66] = { "tftp_server_name", DHCP_TEXT, DHCP_ROW_O_TFTP_SERVER_NAME },
	[67] = { "boot_file_name", DHCP_TEXT, DHCP_ROW_O_BOOTFILE_NAME },
	[68] = { "mobile_ip_home_agent", DHCP_IPV4S,
	    DHCP_ROW_O_MOBILE_IP_HOME_AGENT },
	[69] = { "SMTP_server", DHCP_IPV4S, DHCP_ROW_O_SMTP_SERVER },
	[70] = { "POP3_server", DHCP_IPV4S, DHCP_ROW_O_POP3_SERVER },
	[71] = { "NNTP_server", DHCP_IPV4S, DHCP_ROW_O_NNTP_SERVER },
	[72] = { "WWW_server", DHCP_IPV4S, DHCP_ROW_O_DEFAULT_WWW_SERVER },
	[73] = { "Finger_server", DHCP_IPV4S,
	    DHCP_ROW_O_DEFAULT_FINGER_SERVER },
	[74] = { "IRC_server", DHCP_IPV4S, DHCP_ROW_O_DEFAULT_IRC_SERVER },
	[75] = { "StreetTalk_server", DHCP_IPV4S,
	    DHCP_ROW_O_STREETTALK_SERVER },
	[76] = { "StreetTalk_Dir_Assistance", DHCP_IPV4S,
	    DHCP_ROW_O_STREETTALK_DA_SERVER },
	[77] = { "user_class", DHCP_USER_CLASS, DHCP_ROW_O_USER_CLASS },
	[78] = { "slp_service_agent", DHCP_SLP_AGENT,
	    DHCP_ROW_O_SLP_DIRECTORY_AGENT_VALUE },
	[79] = { "slp_service_scope", DHCP_SLP_SCOPE,
	    DHCP_ROW_O_SLP_SERVICE_SCOPE_VALUE },
	[80] = { "rapid_commit", DHCP_MARK, 0 },
	[81] = { "client_FQDN", DHCP_FQDN, 0 },
	[82] = { "relay_agent_information", DHCP_RELAY,
	    DHCP_ROW_O_AGENT_INFORMATION_OPTION_SUBOPTION },
	[85] = { "nds_server", DHCP_IPV4S, DHCP_ROW_O_NOVELL_DSS_IP },
	[86] = { "nds_tree_name", DHCP_TEXT, DHCP_ROW_O_NOVELL_DS_TREE_NAME },
	[87] = { "nds_context", DHCP_TEXT, DHCP_ROW_O_NOVELL_DS_CONTEXT },
	[88] = { "bcms_controller_namesi", DHCP_DOMAINS, 0 },
	[89] = { "bcms_controller_address", DHCP_IPV4S, 0 },
	[90] = { "authentication", DHCP_AUTH,
	    DHCP_ROW_O_DHCP_AUTHENTICATION_PROTOCOL },
	[91] = { "client_last_transaction_time", DHCP_U32,
	    DHCP_ROW_O_CLIENT_LAST_TRANSACTION_TIME },
	[92] = { "associated_ip", DHCP_IPV4S, DHCP_ROW_O_ASSOCIATED_IP_OPTION },
	[93] = { "pxe_client_architecture", DHCP_U16S,
	    DHCP_ROW_O_CLIENT_SYSTEM_ARCHITECTURE },
	[94] = { "pxe_client_network_interface", DHCP_NETWORK_ID, 0 },
	[97] = { "pxe_client_machine_identifier", DHCP_UUID, 0 },
	[98] = { "uap_servers", DHCP_TEXT, 0 },
	[99] = { "geoconf_civic", DHCP_CIVIC, DHCP_ROW_O_CIVIC_LOCATION_WHAT },
	[100] = { "pcode", DHCP_TEXT, DHCP_ROW_O_TZ_PCODE },
	[101] = { "tcode", DHCP_TEXT, DHCP_ROW_O_TZ_TCODE },
	[108] = { "ipv6_only_preferred", DHCP_U32, 0 },
	[112] = { "netinfo_server_address", DHCP_IPV4S,
	    DHCP_ROW_O_NETINFO_PARENT_SERVER_ADDRESS },
	[113] = { "netinfo_server_tag", DHCP_TEXT,
	    DHCP_ROW_O_NETINFO_PARENT_SERVER_TAG },
	[114] = { "default_url", DHCP_TEXT, DHCP_ROW_O_CAPTIVE_PORTAL },
	[116] = { "auto_config", DHCP_U8, DHCP_ROW_O_DHCP_AUTO_CONFIGURATION },
	[117] = { "name_service_search", DHCP_U16S, 0 },
	[118] = { "subnet_selection", DHCP_IPV4S,
	    DHCP_ROW_O_SUBNET_SELECTION_OPTION },
	[119] = { "domain_search", DHCP_DOMAINS,
	    DHCP_ROW_O_DHCP_DNS_DOMAIN_SEARCH_LIST_FQDN },
	[120] = { "sip_servers", DHCP_SIP, DHCP_ROW_O_SIP_SERVER_ENCODING },
	[121] = { "classless_static_routes", DHCP_ROUTES,
	    DHCP_ROW_O_CLASSLESS_STATIC_ROUTE },
	[122] = { "cablelabs_client_configuration", DHCP_HEX, 0 },
	[123] = { "geoconf", DHCP_HEX, 0 },
	[124] = { "vendor_class", DHCP_VI_CLASS,
	    DHCP_ROW_O_VI_CLASS_ENTERPRISE },
	[125] = { "vendor_specific_information", DHCP_VI,
	    DHCP_ROW_O_VI_ENTERPRISE },
	[136] = { "pana_agent", DHCP_IPV4S, DHCP_ROW_O_PANA_AGENT },
	[137] = { "v4_lost", DHCP_TEXT, DHCP_ROW_O_LOST_SERVER_DOMAIN_NAME },
	[138] = { "capwap_ac_v4", DHCP_IPV4S,
	    DHCP_ROW_O_CAPWAP_ACCESS_CONTROLLER },
	[142] = { "andsf_server", DHCP_IPV4S, DHCP_ROW_O_ANDSF_SERVER },
	[145] = { "forcerenew_nonce_capable", DHCP_U8S,
	    DHCP_ROW_O_FORCERENEW_NONCE_ALGORITHM },
	[146] = { "rdnss_selection", DHCP_RDNSS, DHCP_ROW_O_RDNSS_PREFERENCE },
	[150] = { "tftp_server_address", DHCP_IPV4S,
	    DHCP_ROW_O_TFTP_SERVER_ADDRESS },
	[151] = { "status_code", DHCP_STATUS,
	    DHCP_ROW_O_BULK_LEASE_STATUS_CODE },
	[152] = { "base_time", DHCP_TIME, DHCP_ROW_O_BULK_LEASE_BASE_TIME },
	[153] = { "start_time_of_state", DHCP_U32,
	    DHCP_ROW_O_BULK_LEASE_START_TIME_OF_STATE },
	[154] = { "query_start_time", DHCP_TIME,
	    DHCP_ROW_O_BULK_LEASE_QUERY_START_TIME },
	[155] = { "query_end_time", DHCP_TIME,
	    DHCP_ROW_O_BULK_LEASE_QUERY_END_TIME },
	[156] = { "dhcp_state", DHCP_U8, DHCP_ROW_O_BULK_LEASE_DHCP_STATE },
	[157] = { "data_source", DHCP_BOOL, DHCP_ROW_O_BULK_LEASE_DATA_SOURCE },
	[160] = { "captive_portal", DHCP_TEXT, DHCP_ROW_O_CAPTIVE_PORTAL },
	[161] = { "mud_url", DHCP_TEXT, DHCP_ROW_O_MUDURL },
	[208] = { "pxelinux_magic", DHCP_HEX, 0 },
	[209] = { "pxelinux_configuration_file", DHCP_TEXT,
	    DHCP_ROW_O_PXE_CONFIG_FILE },
	[210] = { "pxelinux_path_prefix", DHCP_TEXT,
	    DHCP_ROW_O_PXE_PATH_PREFIX },
	[211] = { "pxelinux_reboot_time", DHCP_U32, 0 },
	[212] = { "option_6rd", DHCP_SIXRD, DHCP_ROW_O_6RD_IPV4_MASK_LEN },
	[249] = { "ms_classless_static_routes", DHCP_ROUTES,
	    DHCP_ROW_O_CLASSLESS_STATIC_ROUTE },
	[252] = { "wpad", DHCP_TEXT, DHCP_ROW_O_PRIVATE_PROXY_AUTODISCOVERY },
};

const struct dhcp_option_row *
dhcp_option_row(uint8_t code)
{
	return &options[code];
}

/* Numbers of `size` bytes as long as there are whole ones. */
static void
numbers_put(struct dhcp_fields *f, enum dhcp_row row, struct cursor *c,
    size_t size, bool many)
{
	struct span where;
	uint64_t number;

	while (cur_left(c) >= size) {
		where = span_of(c->base + c->pos, size);
		number = 0;
		for (size_t i = 0; i < size; i++)
			number = number << 8 | cur_u8(c);
		dhcp_put(f, row, where, number);
		if (!many)
			break;
	}
}

static void
addresses_put(struct dhcp_fields *f, enum dhcp_row first, enum dhcp_row second,
    struct cursor *c)
{
	size_t size = first == second ? 4 : 8;

	while (cur_left(c) >= size) {
		dhcp_put_bytes(f, first, cur_take(c, 4));
		if (second != first)
			dhcp_put_bytes(f, second, cur_take(c, 4));
	}
}

/* 0: any length will do. */
static size_t
kind_length(enum dhcp_kind kind)
{
	switch (kind) {
	case DHCP_U8:
	case DHCP_BOOL:
		return 1;
	case DHCP_U16:
		return 2;
	case DHCP_IPV4:
	case DHCP_U32:
	case DHCP_I32:
	case DHCP_SECONDS:
	case DHCP_TIME:
		return 4;
	default:
		return 0;
	}
}

static void
number_put(struct dhcp_fields *f, enum dhcp_kind kind, enum dhcp_row row,
    struct cursor *c)
{
	struct span where = span_of(c->base + c->pos, cur_left(c));
	uint32_t value;

	switch (kind) {
	case DHCP_BOOL:
		dhcp_put(f, row, where, cur_u8(c) != 0);
		break;
	case DHCP_I32:
		value = cur_be32(c);
		dhcp_put(f, row, where, (uint64_t)(int64_t)(int32_t)value);
		break;
	case DHCP_TIME:
		value = cur_be32(c);
		field_put_time(f->l, &dhcp_rows[row], where, value, 0);
		break;
	default:
		numbers_put(f, row, c, cur_left(c), false);
		break;
	}
}

/* False when the length cannot be. */
static bool
value_put(struct dhcp_fields *f, const struct dhcp_option_row *o,
    struct cursor *c)
{
	size_t size = kind_length(o->kind);

	if (size != 0 && cur_left(c) != size)
		return false;
	switch ((enum dhcp_kind)o->kind) {
	case DHCP_IPV4:
	case DHCP_IPV4S:
		addresses_put(f, o->row, o->row, c);
		return cur_left(c) == 0;
	case DHCP_PAIRS:
		addresses_put(f, o->row, o->row + 1, c);
		return cur_left(c) == 0;
	case DHCP_TEXT:
		dhcp_put_bytes(f, o->row, cur_rest(c));
		return true;
	case DHCP_U8S:
		numbers_put(f, o->row, c, 1, true);
		return true;
	case DHCP_TYPE:
		numbers_put(f, o->row, c, 1, false);
		return true;
	case DHCP_OVERLOAD:
		if (cur_left(c) == 0)
			return false;
		numbers_put(f, o->row, c, 1, false);
		return true;
	case DHCP_U16S:
		numbers_put(f, o->row, c, 2, true);
		return cur_left(c) == 0;
	case DHCP_HEX:
	case DHCP_MARK:
		return true;
	default:
		break;
	}
	if (size == 0)
		return dhcp_special_put(f, o->kind, c);
	number_put(f, o->kind, o->row, c);
	return true;
}

void
dhcp_option_put(struct dhcp_fields *f, uint8_t code, struct span value)
{
	const struct dhcp_option_row *o = &options[code];
	struct cursor c = cur_open(value);

	dhcp_put_bytes(f, DHCP_ROW_OPTION_VALUE, value);
	if (o->row == 0 && o->kind <= DHCP_DOMAINS)
		return; /* Wireshark has no field for it */
	if (!value_put(f, o, &c))
		dhcp_put(f, DHCP_ROW_BAD_LENGTH, value, 1);
}

void
dhcp_put_bytes(struct dhcp_fields *f, enum dhcp_row row, struct span s)
{
	field_put_bytes(f->l, &dhcp_rows[row], s, s);
}

void
dhcp_put(struct dhcp_fields *f, enum dhcp_row row, struct span where,
    uint64_t number)
{
	field_put_number(f->l, &dhcp_rows[row], where, number);
}

bool
dhcp_option_ipv4(const struct dhcp_message *m, uint8_t code, struct addr *a)
{
	const struct dhcp_option *o = dhcp_option(m, code);

	if (o == NULL || o->data.n < 4)
		return false;
	*a = addr_of(ADDR_IPV4, o->data.p);
	return true;
}

bool
dhcp_option_u32(const struct dhcp_message *m, uint8_t code, uint32_t *value)
{
	const struct dhcp_option *o = dhcp_option(m, code);
	struct cursor c;

	if (o == NULL || o->data.n != 4)
		return false;
	c = cur_open(o->data);
	*value = cur_be32(&c);
	return true;
}
