#include "proto/dhcp_rows.h"

#include "proto/rows.h"

const struct value_name dhcp_ops[] = {
	{ 1, "Boot Request" }, { 2, "Boot Reply" }, { 0, NULL },
};

/* RFC 2132, 9.6, and the lease queries (RFC 4388, 6926, 7724). */
const struct value_name dhcp_types[] = {
	{ 1, "DISCOVER" }, { 2, "OFFER" }, { 3, "REQUEST" },
	{ 4, "DECLINE" }, { 5, "ACK" }, { 6, "NAK" }, { 7, "RELEASE" },
	{ 8, "INFORM" }, { 9, "FORCERENEW" }, { 10, "LEASEQUERY" },
	{ 11, "LEASEUNASSIGNED" }, { 12, "LEASEUNKNOWN" },
	{ 13, "LEASEACTIVE" }, { 14, "BULKLEASEQUERY" },
	{ 15, "LEASEQUERYDONE" }, { 16, "ACTIVELEASEQUERY" },
	{ 17, "LEASEQUERYSTATUS" }, { 18, "TLS" }, { 0, NULL },
};

const struct value_name dhcp_duids[] = {
	{ 1, "DUID-LLT" }, { 2, "DUID-EN" }, { 3, "DUID-LL" },
	{ 4, "DUID-UUID" }, { 0, NULL },
};

const struct field dhcp_rows[DHCP_ROWS] = {
	[DHCP_ROW] = LAYER("dhcp", "Dynamic Host Configuration Protocol"),
	[DHCP_ROW_BOOTP] = BOOL8("dhcp.bootp", "Message is BOOTP"),
	[DHCP_ROW_TYPE] =
	    DEC8_NAMED("dhcp.type", "Operation: 1 request, 2 reply", dhcp_ops),
	[DHCP_ROW_HW_TYPE] = HEX8("dhcp.hw.type", "Hardware type"),
	[DHCP_ROW_HW_LEN] = DEC8("dhcp.hw.len", "Hardware address length"),
	[DHCP_ROW_HOPS] = DEC8("dhcp.hops", "Relays passed"),
	[DHCP_ROW_ID] = HEX32("dhcp.id", "Transaction ID"),
	[DHCP_ROW_SECS] = DEC16("dhcp.secs", "Seconds since the client began"),
	[DHCP_ROW_SECS_LE] =
	    MARK("dhcp.secs_le", "Seconds seem to be little-endian"),
	[DHCP_ROW_FLAGS] = HEX16("dhcp.flags", "Flags"),
	[DHCP_ROW_FLAGS_BC] = BOOL16("dhcp.flags.bc", "Answer by broadcast"),
	[DHCP_ROW_FLAGS_RESERVED] =
	    HEX16("dhcp.flags.reserved", "Reserved flags"),
	[DHCP_ROW_IP_CLIENT] =
	    IPV4("dhcp.ip.client", "Address that the client has"),
	[DHCP_ROW_IP_YOUR] = IPV4("dhcp.ip.your", "Address for the client"),
	[DHCP_ROW_IP_SERVER] =
	    IPV4("dhcp.ip.server", "Next server to boot from"),
	[DHCP_ROW_IP_RELAY] = IPV4("dhcp.ip.relay", "Relay agent"),
	[DHCP_ROW_HW_ADDR] =
	    BYTES("dhcp.hw.addr", "Hardware address of the client"),
	[DHCP_ROW_HW_MAC_ADDR] =
	    ETHER("dhcp.hw.mac_addr", "MAC address of the client"),
	[DHCP_ROW_HW_ADDR_PADDING] =
	    BYTES("dhcp.hw.addr_padding", "Bytes behind the address"),
	[DHCP_ROW_CLIENT_ADDRESS_NOT_GIVEN] =
	    MARK("dhcp.client_address_not_given", "No hardware address"),
	[DHCP_ROW_SERVER] = TEXT("dhcp.server", "Server name"),
	[DHCP_ROW_SERVER_NAME_OVERLOADED_BY_DHCP] =
	    MARK("dhcp.server_name_overloaded_by_dhcp",
	    "Server name holds options"),
	[DHCP_ROW_FILE] = TEXT("dhcp.file", "Boot file"),
	[DHCP_ROW_BOOT_FILENAME_OVERLOADED_BY_DHCP] =
	    MARK("dhcp.boot_filename_overloaded_by_dhcp",
	    "Boot file holds options"),
	[DHCP_ROW_COOKIE] = IPV4("dhcp.cookie", "Magic cookie"),
	[DHCP_ROW_VENDOR_SPECIFIC_OPTIONS] =
	    BYTES("dhcp.vendor_specific_options", "BOOTP vendor area"),
	[DHCP_ROW_OPTION_TYPE] = DEC8("dhcp.option.type", "Option"),
	[DHCP_ROW_OPTION_LENGTH] =
	    DEC8("dhcp.option.length", "Length of the option"),
	[DHCP_ROW_OPTION_VALUE] =
	    BYTES("dhcp.option.value", "Bytes of the option"),
	[DHCP_ROW_OPTION_END] = DEC8("dhcp.option.end", "End of the options"),
	[DHCP_ROW_OPTION_PADDING] = BYTES("dhcp.option.padding", "Padding"),
	[DHCP_ROW_O_SUBOPTION_LENGTH] =
	    DEC8("dhcp.option.suboption_length", "Length of the suboption"),
	[DHCP_ROW_BAD_LENGTH] =
	    MARK("dhcp.bad_length", "Length that the option cannot have"),
	[DHCP_ROW_END_OPTION_MISSING] =
	    MARK("dhcp.end_option_missing", "End option is missing"),
	[DHCP_ROW_MISSING_SUBOPT_LENGTH] =
	    MARK("dhcp.missing_subopt_length", "Suboption without length"),
	[DHCP_ROW_MISSING_SUBOPT_VALUE] =
	    MARK("dhcp.missing_subopt_value", "Suboption without value"),
	[DHCP_ROW_CLIENT_ID_UUID] =
	    GUID("dhcp.client_id.uuid", "Client identifier: UUID"),
	[DHCP_ROW_CLIENT_ID_IAID] =
	    TEXT("dhcp.client_id.iaid", "Client identifier: IAID"),
	[DHCP_ROW_CLIENT_ID_DUID_TYPE] =
	    DEC16_NAMED("dhcp.client_id.duid_type",
	    "Client identifier: kind of DUID", dhcp_duids),
	[DHCP_ROW_CLIENT_ID_DUID_LLT_HW_TYPE] =
	    DEC16("dhcp.client_id.duid_llt_hw_type",
	    "Client identifier: hardware type"),
	[DHCP_ROW_CLIENT_ID_DUID_LL_HW_TYPE] =
	    DEC16("dhcp.client_id.duid_ll_hw_type",
	    "Client identifier: hardware type"),
	[DHCP_ROW_CLIENT_ID_TIME] =
	    DEC32("dhcp.client_id.time",
	    "Client identifier: seconds since 2000"),
	[DHCP_ROW_CLIENT_ID_LINK_LAYER_ADDRESS] =
	    TEXT("dhcp.client_id.link_layer_address",
	    "Client identifier: link-layer address"),
	[DHCP_ROW_CLIENT_ID_ENTERPRISE_NUM] =
	    DEC32("dhcp.client_id.enterprise_num",
	    "Client identifier: enterprise number"),
	[DHCP_ROW_CLIENT_ID] =
	    BYTES("dhcp.client_id", "Client identifier: bytes"),
	[DHCP_ROW_CLIENT_ID_TYPE] =
	    DEC8("dhcp.client_id.type", "Client identifier: type"),
	[DHCP_ROW_CLIENT_ID_UNDEF] =
	    TEXT("dhcp.client_id.undef", "Client identifier: text"),
	[DHCP_ROW_FQDN_FLAGS] = HEX8("dhcp.fqdn.flags", "Client name: flags"),
	[DHCP_ROW_FQDN_MBZ] =
	    HEX8("dhcp.fqdn.mbz", "Client name: reserved flags"),
	[DHCP_ROW_FQDN_N] =
	    BOOL8("dhcp.fqdn.n", "Client name: server updates nothing"),
	[DHCP_ROW_FQDN_E] = BOOL8("dhcp.fqdn.e", "Client name: as on the wire"),
	[DHCP_ROW_FQDN_O] =
	    BOOL8("dhcp.fqdn.o", "Client name: server overrides"),
	[DHCP_ROW_FQDN_S] =
	    BOOL8("dhcp.fqdn.s", "Client name: server updates A"),
	[DHCP_ROW_FQDN_RCODE1] =
	    DEC8("dhcp.fqdn.rcode1", "Client name: result of A"),
	[DHCP_ROW_FQDN_RCODE2] =
	    DEC8("dhcp.fqdn.rcode2", "Client name: result of PTR"),
	[DHCP_ROW_FQDN_NAME] = TEXT("dhcp.fqdn.name", "Client name"),
	[DHCP_ROW_CLIENT_NETWORK_ID_MAJOR] =
	    DEC8("dhcp.client_network_id_major",
	    "Network interface: major version"),
	[DHCP_ROW_CLIENT_NETWORK_ID_MINOR] =
	    DEC8("dhcp.client_network_id_minor",
	    "Network interface: minor version"),
	[DHCP_ROW_VENDOR_SUBOPTION] =
	    DEC8("dhcp.vendor.suboption", "Vendor information: kind of part"),
	[DHCP_ROW_VENDOR_DATA] =
	    BYTES("dhcp.vendor.data", "Vendor information: part"),
	[DHCP_ROW_O_SUBNET_MASK] =
	    IPV4("dhcp.option.subnet_mask", "Subnet mask"),
	[DHCP_ROW_O_TIME_OFFSET] =
	    INT32("dhcp.option.time_offset", "Seconds east of UTC"),
	[DHCP_ROW_O_ROUTER] = IPV4("dhcp.option.router", "Router"),
	[DHCP_ROW_O_TIME_SERVER] =
	    IPV4("dhcp.option.time_server", "Time server (RFC 868)"),
	[DHCP_ROW_O_NAME_SERVER] =
	    IPV4("dhcp.option.name_server", "IEN 116 name server"),
	[DHCP_ROW_O_DOMAIN_NAME_SERVER] =
	    IPV4("dhcp.option.domain_name_server", "DNS server"),
	[DHCP_ROW_O_LOG_SERVER] = IPV4("dhcp.option.log_server", "Log server"),
	[DHCP_ROW_O_QUOTES_SERVER] =
	    IPV4("dhcp.option.quotes_server", "Cookie server"),
	[DHCP_ROW_O_LPR_SERVER] =
	    IPV4("dhcp.option.lpr_server", "Line printer server"),
	[DHCP_ROW_O_IMPRESS_SERVER] =
	    IPV4("dhcp.option.impress_server", "Impress server"),
	[DHCP_ROW_O_RESOURCE_LOCATION_SERVER] =
	    IPV4("dhcp.option.resource_location_server",
	    "Resource location server"),
	[DHCP_ROW_O_HOSTNAME] =
	    TEXT("dhcp.option.hostname", "Host name of the client"),
	[DHCP_ROW_O_BOOT_FILE_SIZE] =
	    DEC16("dhcp.option.boot_file_size",
	    "Size of the boot file, 512-byte blocks"),
	[DHCP_ROW_O_MERIT_DUMP_FILE] =
	    TEXT("dhcp.option.merit_dump_file", "File for a core dump"),
	[DHCP_ROW_O_DOMAIN_NAME] =
	    TEXT("dhcp.option.domain_name", "Domain name for the client"),
	[DHCP_ROW_O_SWAP_SERVER] =
	    IPV4("dhcp.option.swap_server", "Swap server"),
	[DHCP_ROW_O_ROOT_PATH] =
	    TEXT("dhcp.option.root_path", "Path of the root disk"),
	[DHCP_ROW_O_EXTENSION_PATH] =
	    TEXT("dhcp.option.extension_path", "Path of more options"),
	[DHCP_ROW_O_IP_FORWARDING] =
	    BOOL8("dhcp.option.ip_forwarding", "IP forwarding on"),
	[DHCP_ROW_O_NON_LOCAL_SOURCE_ROUTING] =
	    BOOL8("dhcp.option.non_local_source_routing",
	    "Source routing beyond the net"),
	[DHCP_ROW_O_POLICY_FILTER_IP] =
	    IPV4("dhcp.option.policy_filter.ip", "Policy filter: address"),
	[DHCP_ROW_O_POLICY_FILTER_SUBNET_MASK] =
	    IPV4("dhcp.option.policy_filter.subnet_mask",
	    "Policy filter: mask"),
	[DHCP_ROW_O_MAX_DATAGRAM_REASSEMBLY_SIZE] =
	    DEC16("dhcp.option.max_datagram_reassembly_size",
	    "Largest datagram to reassemble"),
	[DHCP_ROW_O_DEFAULT_IP_TTL] =
	    DEC8("dhcp.option.default_ip_ttl", "Default IP TTL"),
	[DHCP_ROW_O_PATH_MTU_AGING_TIMEOUT] =
	    DEC32("dhcp.option.path_mtu_aging_timeout",
	    "Path MTU aging timeout, seconds"),
	[DHCP_ROW_O_PATH_MTU_PLATEAU_TABLE_ITEM] =
	    DEC16("dhcp.option.path_mtu_plateau_table_item",
	    "Path MTU plateau"),
	[DHCP_ROW_O_INTERFACE_MTU] =
	    DEC16("dhcp.option.interface_mtu", "MTU of the interface"),
	[DHCP_ROW_O_ALL_SUBNETS_ARE_LOCAL] =
	    BOOL8("dhcp.option.all_subnets_are_local",
	    "All subnets have this MTU"),
	[DHCP_ROW_O_BROADCAST_ADDRESS] =
	    IPV4("dhcp.option.broadcast_address", "Broadcast address"),
	[DHCP_ROW_O_PERFORM_MASK_DISCOVERY] =
	    BOOL8("dhcp.option.perform_mask_discovery",
	    "Ask for the mask by ICMP"),
	[DHCP_ROW_O_MASK_SUPPLIER] =
	    BOOL8("dhcp.option.mask_supplier", "Answer mask requests"),
	[DHCP_ROW_O_PERFORM_ROUTER_DISCOVER] =
	    BOOL8("dhcp.option.perform_router_discover",
	    "Look for routers by ICMP"),
	[DHCP_ROW_O_ROUTER_SOLICITATION_ADDRESS] =
	    IPV4("dhcp.option.router_solicitation_address",
	    "Where to solicit routers"),
	[DHCP_ROW_O_STATIC_ROUTE_IP] =
	    IPV4("dhcp.option.static_route.ip", "Static route: destination"),
	[DHCP_ROW_O_STATIC_ROUTE_ROUTER] =
	    IPV4("dhcp.option.static_route.router", "Static route: router"),
	[DHCP_ROW_O_TRAILER_ENCAPSULATION] =
	    BOOL8("dhcp.option.trailer_encapsulation", "Use trailers"),
	[DHCP_ROW_O_ARP_CACHE_TIMEOUT] =
	    DEC32("dhcp.option.arp_cache_timeout",
	    "ARP cache timeout, seconds"),
	[DHCP_ROW_O_ETHERNET_ENCAPSULATION] =
	    BOOL8("dhcp.option.ethernet_encapsulation", "IEEE 802.3 frames"),
	[DHCP_ROW_O_TCP_DEFAULT_TTL] =
	    DEC8("dhcp.option.tcp_default_ttl", "Default TTL of TCP"),
	[DHCP_ROW_O_TCP_KEEPALIVE_INTERVAL] =
	    DEC32("dhcp.option.tcp_keepalive_interval",
	    "TCP keepalive interval, seconds"),
	[DHCP_ROW_O_TCP_KEEPALIVE_GARBAGE] =
	    BOOL8("dhcp.option.tcp_keepalive_garbage",
	    "TCP keepalives with garbage"),
	[DHCP_ROW_O_NIS_DOMAIN] = TEXT("dhcp.option.nis_domain", "NIS domain"),
	[DHCP_ROW_O_NIS_SERVER] = IPV4("dhcp.option.nis_server", "NIS server"),
	[DHCP_ROW_O_NTP_SERVER] = IPV4("dhcp.option.ntp_server", "NTP server"),
	[DHCP_ROW_O_VENDOR_VALUE] =
	    BYTES("dhcp.option.vendor.value", "Vendor specific information"),
	[DHCP_ROW_O_NETBIOS_OVER_TCPIP_NAME_SERVER] =
	    IPV4("dhcp.option.netbios_over_tcpip_name_server",
	    "NetBIOS name server"),
	[DHCP_ROW_O_NETBIOS_OVER_TCPIP_DD_NAME_SERVER] =
	    IPV4("dhcp.option.netbios_over_tcpip_dd_name_server",
	    "NetBIOS datagram distribution server"),
	[DHCP_ROW_O_NETBIOS_OVER_TCPIP_NODE_TYPE] =
	    DEC8("dhcp.option.netbios_over_tcpip_node_type",
	    "NetBIOS node type"),
	[DHCP_ROW_O_NETBIOS_OVER_TCPIP_SCOPE] =
	    TEXT("dhcp.option.netbios_over_tcpip_scope", "NetBIOS scope"),
	[DHCP_ROW_O_XWINDOWS_SYSTEM_FONT_SERVER] =
	    IPV4("dhcp.option.xwindows_system_font_server", "X font server"),
	[DHCP_ROW_O_XWINDOWS_SYSTEM_DISPLAY_MANAGER] =
	    IPV4("dhcp.option.xwindows_system_display_manager",
	    "X display manager"),
	[DHCP_ROW_O_REQUESTED_IP_ADDRESS] =
	    IPV4("dhcp.option.requested_ip_address",
	    "Address that the client asks for"),
	[DHCP_ROW_O_IP_ADDRESS_LEASE_TIME] =
	    DEC32("dhcp.option.ip_address_lease_time", "Lease time, seconds"),
	[DHCP_ROW_O_OPTION_OVERLOAD] =
	    DEC8("dhcp.option.option_overload",
	    "Options in the file (1) and name (2) fields"),
	[DHCP_ROW_O_DHCP] =
	    DEC8_NAMED("dhcp.option.dhcp", "Kind of message", dhcp_types),
	[DHCP_ROW_O_DHCP_SERVER_ID] =
	    IPV4("dhcp.option.dhcp_server_id", "Server that is meant"),
	[DHCP_ROW_O_REQUEST_LIST_ITEM] =
	    DEC8("dhcp.option.request_list_item",
	    "Option that the client asks for"),
	[DHCP_ROW_O_MESSAGE] =
	    TEXT("dhcp.option.message", "Message of the server"),
	[DHCP_ROW_O_DHCP_MAX_MESSAGE_SIZE] =
	    DEC16("dhcp.option.dhcp_max_message_size",
	    "Largest message accepted"),
	[DHCP_ROW_O_RENEWAL_TIME_VALUE] =
	    DEC32("dhcp.option.renewal_time_value", "Renewal time T1, seconds"),
	[DHCP_ROW_O_REBINDING_TIME_VALUE] =
	    DEC32("dhcp.option.rebinding_time_value",
	    "Rebinding time T2, seconds"),
	[DHCP_ROW_O_VENDOR_CLASS_ID] =
	    TEXT("dhcp.option.vendor_class_id", "Vendor class of the client"),
	[DHCP_ROW_O_NIS_PLUS_DOMAIN] =
	    TEXT("dhcp.option.nis_plus_domain", "NIS+ domain"),
	[DHCP_ROW_O_NIS_PLUS_SERVER] =
	    IPV4("dhcp.option.nis_plus_server", "NIS+ server"),
	[DHCP_ROW_O_TFTP_SERVER_NAME] =
	    TEXT("dhcp.option.tftp_server_name", "TFTP server name"),
	[DHCP_ROW_O_BOOTFILE_NAME] =
	    TEXT("dhcp.option.bootfile_name", "Boot file name"),
	[DHCP_ROW_O_MOBILE_IP_HOME_AGENT] =
	    IPV4("dhcp.option.mobile_ip_home_agent", "Mobile IP home agent"),
	[DHCP_ROW_O_SMTP_SERVER] =
	    IPV4("dhcp.option.smtp_server", "SMTP server"),
	[DHCP_ROW_O_POP3_SERVER] =
	    IPV4("dhcp.option.pop3_server", "POP3 server"),
	[DHCP_ROW_O_NNTP_SERVER] =
	    IPV4("dhcp.option.nntp_server", "NNTP server"),
	[DHCP_ROW_O_DEFAULT_WWW_SERVER] =
	    IPV4("dhcp.option.default_www_server", "WWW server"),
	[DHCP_ROW_O_DEFAULT_FINGER_SERVER] =
	    IPV4("dhcp.option.default_finger_server", "Finger server"),
	[DHCP_ROW_O_DEFAULT_IRC_SERVER] =
	    IPV4("dhcp.option.default_irc_server", "IRC server"),
	[DHCP_ROW_O_STREETTALK_SERVER] =
	    IPV4("dhcp.option.streettalk_server", "StreetTalk server"),
	[DHCP_ROW_O_STREETTALK_DA_SERVER] =
	    IPV4("dhcp.option.streettalk_da_server",
	    "StreetTalk directory server"),
	[DHCP_ROW_O_USER_CLASS] =
	    DEC8("dhcp.option.user_class", "Number of the user class"),
	[DHCP_ROW_O_USER_CLASS_LENGTH] =
	    DEC8("dhcp.option.user_class.length", "Length of the user class"),
	[DHCP_ROW_O_USER_CLASS_DATA] =
	    BYTES("dhcp.option.user_class.data", "User class"),
	[DHCP_ROW_O_USER_CLASS_TEXT] =
	    TEXT("dhcp.option.user_class.text",
	    "User class without length (not RFC 3004)"),
	[DHCP_ROW_O_SLP_DIRECTORY_AGENT_VALUE] =
	    DEC8("dhcp.option.slp_directory_agent.value",
	    "SLP agent: mandatory"),
	[DHCP_ROW_O_SLP_DIRECTORY_AGENT_SLPDA_ADDRESS] =
	    IPV4("dhcp.option.slp_directory_agent.slpda_address",
	    "SLP agent: address"),
	[DHCP_ROW_O_SLP_SERVICE_SCOPE_VALUE] =
	    DEC8("dhcp.option.slp_service_scope.value", "SLP scope: mandatory"),
	[DHCP_ROW_O_SLP_SERVICE_SCOPE_STRING] =
	    TEXT("dhcp.option.slp_service_scope.string", "SLP scope: list"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_SUBOPTION] =
	    DEC8("dhcp.option.agent_information_option.suboption",
	    "Relay agent: kind of suboption"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_VALUE] =
	    BYTES("dhcp.option.agent_information_option.value",
	    "Relay agent: bytes of the suboption"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_AGENT_CIRCUIT_ID] =
	    BYTES("dhcp.option.agent_information_option.agent_circuit_id",
	    "Relay agent: circuit"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_AGENT_REMOTE_ID] =
	    BYTES("dhcp.option.agent_information_option.agent_remote_id",
	    "Relay agent: remote host"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_DOCSIS_DEVICE_CLASS] =
	    HEX32("dhcp.option.agent_information_option.docsis_device_class",
	    "Relay agent: DOCSIS device class"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_LINK_SELECTION] =
	    IPV4("dhcp.option.agent_information_option.link_selection",
	    "Relay agent: subnet of the link"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_SUBSCRIBER_ID] =
	    TEXT("dhcp.option.agent_information_option.subscriber_id",
	    "Relay agent: subscriber"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_RADIUS_ATTRIBUTES] =
	    BYTES("dhcp.option.agent_information_option.radius_attributes",
	    "Relay agent: RADIUS attributes"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_AUTHENTICATION] =
	    BYTES("dhcp.option.agent_information_option.authentication",
	    "Relay agent: authentication"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_FLAGS] =
	    HEX8("dhcp.option.agent_information_option.flags",
	    "Relay agent: flags"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_SERVER_ID_OVERRIDE] =
	    IPV4("dhcp.option.agent_information_option.server_id_override",
	    "Relay agent: server identifier to use"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_RELAY_AGENT_ID] =
	    BYTES("dhcp.option.agent_information_option.relay_agent_id",
	    "Relay agent: its identifier"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_LINK_SELECTION_CISCO] =
	    IPV4("dhcp.option.agent_information_option.link_selection_cisco",
	    "Relay agent: subnet of the link (Cisco)"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_VRF_NAME] =
	    TEXT("dhcp.option.agent_information_option.vrf_name",
	    "Relay agent: VPN name"),
	[DHCP_ROW_O_AGENT_INFORMATION_OPTION_SERVER_ID_OVERRIDE_CISCO] =
	    IPV4("dhcp.option.agent_information_option.server_id_override_cisco",
	    "Relay agent: server identifier to use (Cisco)"),
	[DHCP_ROW_O_NOVELL_DSS_IP] =
	    IPV4("dhcp.option.novell_dss.ip", "NDS server"),
	[DHCP_ROW_O_NOVELL_DS_TREE_NAME] =
	    TEXT("dhcp.option.novell_ds_tree_name", "NDS tree"),
	[DHCP_ROW_O_NOVELL_DS_CONTEXT] =
	    TEXT("dhcp.option.novell_ds_context", "NDS context"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_PROTOCOL] =
	    DEC8("dhcp.option.dhcp_authentication.protocol",
	    "Authentication: protocol"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_ALGORITHM] =
	    DEC8("dhcp.option.dhcp_authentication.algorithm",
	    "Authentication: algorithm"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_ALG_DELAY] =
	    DEC8("dhcp.option.dhcp_authentication.alg_delay",
	    "Authentication: delayed, algorithm"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_RDM] =
	    DEC8("dhcp.option.dhcp_authentication.rdm",
	    "Authentication: replay detection"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_RDM_REPLAY_DETECTION] =
	    HEX64("dhcp.option.dhcp_authentication.rdm_replay_detection",
	    "Authentication: replay value"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_SECRET_ID] =
	    HEX32("dhcp.option.dhcp_authentication.secret_id",
	    "Authentication: delayed, key"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_HMAC_MD5_HASH] =
	    BYTES("dhcp.option.dhcp_authentication.hmac_md5_hash",
	    "Authentication: delayed, digest"),
	[DHCP_ROW_O_DHCP_AUTHENTICATION_INFORMATION] =
	    TEXT("dhcp.option.dhcp_authentication.information",
	    "Authentication: information"),
	[DHCP_ROW_O_CLIENT_LAST_TRANSACTION_TIME] =
	    DEC32("dhcp.option.client_last_transaction_time",
	    "Seconds since the last transaction"),
	[DHCP_ROW_O_ASSOCIATED_IP_OPTION] =
	    IPV4("dhcp.option.associated_ip_option",
	    "Address of the same client"),
	[DHCP_ROW_O_CLIENT_SYSTEM_ARCHITECTURE] =
	    DEC16("dhcp.option.client_system_architecture",
	    "Architecture of the client"),
	[DHCP_ROW_O_CIVIC_LOCATION_WHAT] =
	    DEC8("dhcp.option.civic_location.what", "Civic location: whose"),
	[DHCP_ROW_O_CIVIC_LOCATION_COUNTRY] =
	    TEXT("dhcp.option.civic_location.country",
	    "Civic location: country"),
	[DHCP_ROW_O_CIVIC_LOCATION_CA_TYPE] =
	    DEC8("dhcp.option.civic_location.ca_type",
	    "Civic location: kind of part"),
	[DHCP_ROW_O_CIVIC_LOCATION_CA_LENGTH] =
	    DEC8("dhcp.option.civic_location.ca_length",
	    "Civic location: length of the part"),
	[DHCP_ROW_O_CIVIC_LOCATION_CA_VALUE] =
	    TEXT("dhcp.option.civic_location.ca_value", "Civic location: part"),
	[DHCP_ROW_O_TZ_PCODE] =
	    TEXT("dhcp.option.tz_pcode", "Time zone, POSIX"),
	[DHCP_ROW_O_TZ_TCODE] = TEXT("dhcp.option.tz_tcode", "Time zone, name"),
	[DHCP_ROW_O_NETINFO_PARENT_SERVER_ADDRESS] =
	    IPV4("dhcp.option.netinfo_parent_server_address", "NetInfo server"),
	[DHCP_ROW_O_NETINFO_PARENT_SERVER_TAG] =
	    TEXT("dhcp.option.netinfo_parent_server_tag", "NetInfo tag"),
	[DHCP_ROW_O_CAPTIVE_PORTAL] =
	    TEXT("dhcp.option.captive_portal", "Captive portal"),
	[DHCP_ROW_O_DHCP_AUTO_CONFIGURATION] =
	    DEC8("dhcp.option.dhcp_auto_configuration",
	    "Link-local address allowed"),
	[DHCP_ROW_O_SUBNET_SELECTION_OPTION] =
	    IPV4("dhcp.option.subnet_selection_option",
	    "Subnet to allocate from"),
	[DHCP_ROW_O_DHCP_DNS_DOMAIN_SEARCH_LIST_FQDN] =
	    TEXT("dhcp.option.dhcp_dns_domain_search_list_fqdn",
	    "Domain to search"),
	[DHCP_ROW_O_SIP_SERVER_ENCODING] =
	    DEC8("dhcp.option.sip_server.encoding",
	    "SIP servers: names (0) or addresses (1)"),
	[DHCP_ROW_O_SIP_SERVER_NAME] =
	    TEXT("dhcp.option.sip_server.name", "SIP server"),
	[DHCP_ROW_O_SIP_SERVER_ADDRESS] =
	    IPV4("dhcp.option.sip_server.address", "SIP server"),
	[DHCP_ROW_O_CLASSLESS_STATIC_ROUTE] =
	    BYTES("dhcp.option.classless_static_route",
	    "Route: prefix and router"),
	[DHCP_ROW_O_VI_CLASS_ENTERPRISE] =
	    DEC32("dhcp.option.vi_class.enterprise",
	    "Vendor class: enterprise number"),
	[DHCP_ROW_O_VI_CLASS_LENGTH] =
	    DEC8("dhcp.option.vi_class.length", "Vendor class: length"),
	[DHCP_ROW_O_VI_CLASS_DATA] =
	    TEXT("dhcp.option.vi_class.data", "Vendor class: data"),
	[DHCP_ROW_O_VI_ENTERPRISE] =
	    DEC32("dhcp.option.vi.enterprise",
	    "Vendor information: enterprise number"),
	[DHCP_ROW_O_VI_LENGTH] =
	    DEC8("dhcp.option.vi.length", "Vendor information: length"),
	[DHCP_ROW_O_PANA_AGENT] = IPV4("dhcp.option.pana_agent", "PANA agent"),
	[DHCP_ROW_O_LOST_SERVER_DOMAIN_NAME] =
	    TEXT("dhcp.option.lost_server_domain_name", "LoST server"),
	[DHCP_ROW_O_CAPWAP_ACCESS_CONTROLLER] =
	    IPV4("dhcp.option.capwap_access_controller", "CAPWAP controller"),
	[DHCP_ROW_O_ANDSF_SERVER] =
	    IPV4("dhcp.option.andsf_server", "ANDSF server"),
	[DHCP_ROW_O_FORCERENEW_NONCE_ALGORITHM] =
	    DEC8("dhcp.option.forcerenew_nonce.algorithm",
	    "Force renew: algorithm"),
	[DHCP_ROW_O_RDNSS_PREFERENCE] =
	    DEC8("dhcp.option.rdnss.preference", "Recursive DNS: preference"),
	[DHCP_ROW_O_RDNSS_RESERVED] =
	    HEX8("dhcp.option.rdnss.reserved", "Recursive DNS: reserved bits"),
	[DHCP_ROW_O_RDNSS_PRIMARY_DNS] =
	    IPV4("dhcp.option.rdnss.primary_dns",
	    "Recursive DNS: first server"),
	[DHCP_ROW_O_RDNSS_SECONDARY_DNS] =
	    IPV4("dhcp.option.rdnss.secondary_dns",
	    "Recursive DNS: second server"),
	[DHCP_ROW_O_RDNSS_DOMAIN] =
	    TEXT("dhcp.option.rdnss.domain", "Recursive DNS: domain"),
	[DHCP_ROW_O_TFTP_SERVER_ADDRESS] =
	    IPV4("dhcp.option.tftp_server_address", "TFTP server"),
	[DHCP_ROW_O_BULK_LEASE_STATUS_CODE] =
	    DEC8("dhcp.option.bulk_lease.status_code", "Lease query: status"),
	[DHCP_ROW_O_BULK_LEASE_STATUS_CODE_MESSAGE] =
	    TEXT("dhcp.option.bulk_lease.status_code_message",
	    "Lease query: text of the status"),
	[DHCP_ROW_O_BULK_LEASE_BASE_TIME] =
	    TIME("dhcp.option.bulk_lease.base_time",
	    "Lease query: time of the answer"),
	[DHCP_ROW_O_BULK_LEASE_START_TIME_OF_STATE] =
	    DEC32("dhcp.option.bulk_lease.start_time_of_state",
	    "Lease query: seconds in this state"),
	[DHCP_ROW_O_BULK_LEASE_QUERY_START_TIME] =
	    TIME("dhcp.option.bulk_lease.query_start_time",
	    "Lease query: not before"),
	[DHCP_ROW_O_BULK_LEASE_QUERY_END_TIME] =
	    TIME("dhcp.option.bulk_lease.query_end_time",
	    "Lease query: not after"),
	[DHCP_ROW_O_BULK_LEASE_DHCP_STATE] =
	    DEC8("dhcp.option.bulk_lease.dhcp_state", "Lease query: state"),
	[DHCP_ROW_O_BULK_LEASE_DATA_SOURCE] =
	    BOOL8("dhcp.option.bulk_lease.data_source",
	    "Lease query: from a remote server"),
	[DHCP_ROW_O_MUDURL] =
	    TEXT("dhcp.option.mudurl", "Manufacturer usage description"),
	[DHCP_ROW_O_PXE_CONFIG_FILE] =
	    TEXT("dhcp.option.pxe_config_file", "PXELINUX configuration file"),
	[DHCP_ROW_O_PXE_PATH_PREFIX] =
	    TEXT("dhcp.option.pxe_path_prefix", "PXELINUX path prefix"),
	[DHCP_ROW_O_6RD_IPV4_MASK_LEN] =
	    DEC8("dhcp.option.6RD.ipv4_mask_len", "6rd: IPv4 mask length"),
	[DHCP_ROW_O_6RD_PREFIX_LEN] =
	    DEC8("dhcp.option.6RD.prefix_len", "6rd: IPv6 prefix length"),
	[DHCP_ROW_O_6RD_PREFIX] =
	    IPV6("dhcp.option.6RD.prefix", "6rd: IPv6 prefix"),
	[DHCP_ROW_O_6RD_BORDER_RELAY_IP] =
	    IPV4("dhcp.option.6RD.border_relay_ip", "6rd: border relay"),
	[DHCP_ROW_O_PRIVATE_PROXY_AUTODISCOVERY] =
	    TEXT("dhcp.option.private_proxy_autodiscovery",
	    "Proxy configuration (WPAD)"),
};

const struct field_table dhcp_table = {
	"Dynamic Host Configuration Protocol", dhcp_rows, DHCP_ROWS,
};
