#ifndef TOOLS_PROMPT_H
#define TOOLS_PROMPT_H

#include <stddef.h>

/*
 * A prompt is a row too: a way of working through a capture with our tools,
 * for a person to pick from a menu.  Every prompt has the one optional
 * argument `pcap_file`.
 */
struct prompt {
	const char *name;
	const char *module; /* of --modules, as in struct tool */
	const char *title;
	const char *help;   /* one line: what one learns */
	/* Lines of the message, NULL-ended.  "{pcap_file}" becomes the
	 * argument, or "the capture". */
	const char *const *body;
};

extern const struct prompt prompt_security_analysis;
extern const struct prompt prompt_network_troubleshooting;
extern const struct prompt prompt_forensic_investigation;
extern const struct prompt prompt_dhcp_network_analysis;
extern const struct prompt prompt_dhcp_security_analysis;
extern const struct prompt prompt_dhcp_forensic_investigation;
extern const struct prompt prompt_icmp_network_diagnostics;
extern const struct prompt prompt_icmp_security_analysis;
extern const struct prompt prompt_icmp_forensic_investigation;
extern const struct prompt prompt_tcp_connection_troubleshooting;
extern const struct prompt prompt_tcp_security_analysis;
extern const struct prompt prompt_sip_security_analysis;
extern const struct prompt prompt_sip_troubleshooting_analysis;
extern const struct prompt prompt_sip_forensic_investigation;

extern const struct prompt *const prompts[];
extern const size_t prompt_count;

#endif
