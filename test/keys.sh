#!/bin/sh
# The keys of Python mcpcap and their types: what a script written for it
# reads must be in our answers.  A line is a tool, a fixture, and the keys
# with the first byte of their values: # a number, s text, b a truth value,
# o an object, a an array, - null or text.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
passed=0 failed=0

fail() {
	echo "not ok - $1"
	failed=$((failed + 1))
}

value_of() {
	case $1 in
	'#') echo '-\{0,1\}[0-9]' ;;
	s) echo '"' ;;
	b) echo '\(true\|false\)' ;;
	o) echo '{' ;;
	a) echo '\[' ;;
	-) echo '\("\|null\|[0-9]\)' ;;
	esac
}

ask() {
	tool=$1
	fixture=$2
	shift 2
	answer=$("$BUILD/mcpcap" "$tool" "$BUILD/fixtures/$fixture" \
		--format json --all "$@") || fail "$tool: no answer"
}

says() { # PATTERN WHAT
	if printf '%s' "$answer" | grep -q "$1"; then
		passed=$((passed + 1))
	else
		fail "$2"
	fi
}

keys() {
	for key in "$@"; do
		case $key in
		'#' | s | b | o | a | -) value=$(value_of "$key") ;;
		*) if printf '%s' "$answer" | grep -q "\"$key\":$value"; then
			passed=$((passed + 1))
		else
			fail "$tool: no $key that begins as $value"
		fi ;;
		esac
	done
}

ask analyze_capinfos pcap-little-micro.pcap
keys s filename file_encapsulation \
	'#' first_packet_time last_packet_time file_size_bytes packet_count data_size_bytes \
	capture_duration_seconds data_rate_bytes data_rate_bits \
	average_packet_size_bytes average_packet_rate

ask analyze_dns_packets dns-basic.pcap
keys s file analysis_timestamp '#' total_packets_in_file \
	dns_packets_found dns_packets_analyzed o statistics a packets
keys '#' queries responses unique_domains_queried a unique_domains
keys '#' packet_number dns_id type class ttl \
	s timestamp source_ip destination_ip protocol name summary \
	type_name address o flags a questions answers \
	b is_response authoritative truncated recursion_desired \
	recursion_available

ask analyze_dns_packets dns-records.pcap
keys s data mx cname

ask analyze_dhcp_packets dhcp-basic.pcap
keys s file '#' total_packets dhcp_packets_found dhcp_packets_analyzed \
	o statistics a packets
keys '#' unique_clients_count unique_servers_count transaction_count \
	a unique_clients unique_servers o message_type_counts transactions
keys '#' packet_number timestamp src_port dst_port message_type_code \
	lease_time renewal_time rebinding_time \
	s src_ip dst_ip op transaction_id client_ip your_ip server_ip \
	relay_ip client_mac message_type server_id requested_ip client_id \
	subnet_mask router o options a parameter_request_list
says '"0x[0-9a-f]\{8\}":\[{"packet_number":' "transactions by their numbers"

ask analyze_icmp_packets icmp-mixed.pcap
keys s file analysis_timestamp '#' total_packets icmp_packets_found \
	icmp_packets_analyzed o statistics a packets
keys '#' unique_sources_count unique_destinations_count echo_sessions \
	unreachable_destinations_count a unique_sources \
	unique_destinations unreachable_destinations \
	o icmp_type_counts echo_pairs
keys '#' packet_number ip_version ttl hop_limit packet_size icmp_type \
	icmp_code icmp_id icmp_seq checksum \
	s timestamp src_ip dst_ip icmp_type_name icmp_code_name
says '"[0-9]*":{"requests":[0-9]*,"replies":' "echo_pairs by their identifiers"

ask analyze_sip_packets sip-call.pcap
keys s file analysis_timestamp '#' total_packets_in_file sip_packets_found \
	sip_packets_analyzed o statistics a packets
keys '#' requests responses unique_call_ids a call_ids user_agents \
	o methods response_classes transports
keys '#' packet_number source_port destination_port content_length \
	body_length status_code b known_sip_port o headers \
	s timestamp source_ip destination_ip transport message_type \
	start_line call_id cseq from to contact user_agent via \
	content_type summary method request_uri sip_version reason_phrase

ask analyze_tcp_connections tcp-mixed.pcap
keys s file analysis_timestamp '#' total_packets tcp_packets_found \
	o filter summary a connections issues - server_ip server_port
keys '#' total_connections successful_handshakes failed_handshakes \
	established_connections reset_connections normal_close \
	active_connections
keys s client server state close_reason b handshake_completed \
	'#' syn_count syn_ack_count ack_count rst_count fin_count \
	data_packets retransmissions packet_count

ask analyze_tcp_anomalies tcp-mixed.pcap
keys s file analysis_timestamp o filter statistics summary a patterns
keys '#' total_connections total_packets successful failed incomplete \
	syn syn_ack rst fin ack to_server from_server unknown \
	connections_with_rst total rate established reset closed \
	o handshake flags rst_distribution by_source by_direction \
	retransmissions by_connection connection_states
keys s pattern category description o observations by_category \
	'#' total_patterns notable_observations
for pattern in rst_directional_asymmetry packet_retransmission \
	handshake_completion abnormal_termination syn_response_imbalance; do
	says "\"pattern\":\"$pattern\"" "no $pattern"
done

ask analyze_tcp_retransmissions tcp-mixed.pcap
keys s file analysis_timestamp '#' total_packets total_retransmissions \
	retransmission_rate threshold b exceeds_threshold \
	a by_connection o summary
keys s connection worst_connection '#' retrans_count total_packets \
	retrans_rate worst_retrans_rate connections_above_threshold

ask analyze_traffic_flow tcp-mixed.pcap --server-ip 192.0.2.80
keys s file analysis_timestamp server o client_to_server \
	server_to_client analysis
keys '#' packet_count byte_count syn_count rst_count fin_count \
	data_packets retransmissions asymmetry_ratio \
	s primary_rst_source data_flow_direction interpretation

# Nothing of the protocol, and --max-packets.
for what in dns dhcp icmp sip; do
	ask "analyze_${what}_packets" pcap-link-unknown.pcap
	keys s file message '#' "${what}_packets_found"
done
ask analyze_tcp_connections icmp-mixed.pcap
keys '#' total_packets s message
ask analyze_dns_packets dns-basic.pcap --max-packets 1
keys s note
says '"dns_packets_analyzed":1,' "one packet analysed"

# What a client lists with mcpcap's modules: its tools and prompts, no other.
listed() {
	printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}' \
		'{"jsonrpc":"2.0","method":"notifications/initialized"}' \
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"$1/list\"}" |
		"$BUILD/mcpcap" --modules dns,dhcp,icmp,tcp,sip,capinfos \
			2>/dev/null | sed -n 2p | sed 's/{"name":"/\n&/g' |
		sed -n 's/^{"name":"\([a-z_]*\)","\(title\|description\)".*/\1/p' |
		grep -v '^pcap_file$' | sort | tr '\n' ' '
}
wanted() {
	if [ "$1" = "$2" ]; then
		passed=$((passed + 1))
	else
		fail "listed: $1"
	fi
}
wanted "$(listed tools)" "analyze_capinfos analyze_dhcp_packets \
analyze_dns_packets analyze_icmp_packets analyze_sip_packets \
analyze_tcp_anomalies analyze_tcp_connections analyze_tcp_retransmissions \
analyze_traffic_flow "
wanted "$(listed prompts)" "dhcp_forensic_investigation \
dhcp_network_analysis dhcp_security_analysis forensic_investigation \
icmp_forensic_investigation icmp_network_diagnostics icmp_security_analysis \
network_troubleshooting security_analysis sip_forensic_investigation \
sip_security_analysis sip_troubleshooting_analysis \
tcp_connection_troubleshooting tcp_security_analysis "

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
