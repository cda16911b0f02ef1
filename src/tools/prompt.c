#include "tools/prompt.h"

#include "base/span.h"

const struct prompt *const prompts[] = {
	&prompt_security_analysis,
	&prompt_network_troubleshooting,
	&prompt_forensic_investigation,
	&prompt_dhcp_network_analysis,
	&prompt_dhcp_security_analysis,
	&prompt_dhcp_forensic_investigation,
	&prompt_icmp_network_diagnostics,
	&prompt_icmp_security_analysis,
	&prompt_icmp_forensic_investigation,
	&prompt_tcp_connection_troubleshooting,
	&prompt_tcp_security_analysis,
	&prompt_sip_security_analysis,
	&prompt_sip_troubleshooting_analysis,
	&prompt_sip_forensic_investigation,
};
const size_t prompt_count = LENGTH(prompts);
