#include "proto/dns_rows.h"

#include "proto/dns_words.h"
#include "proto/rows.h"

const struct field dns_rows[DNS_ROWS] = {
	[DNS_ROW] = LAYER("dns", "Domain Name System"),
	[DNS_LENGTH] =
	    DEC16("dns.length", "Length in front of a message over TCP"),
	[DNS_ID] = HEX16("dns.id", "Transaction ID"),
	[DNS_FLAGS] = HEX16("dns.flags", "Flags, all sixteen bits"),
	[DNS_FLAGS_RESPONSE] =
	    BOOL16("dns.flags.response", "Response, not query"),
	[DNS_FLAGS_OPCODE] =
	    DEC16_NAMED("dns.flags.opcode", "Kind of query", dns_opcodes),
	[DNS_FLAGS_AUTHORITATIVE] =
	    BOOL16("dns.flags.authoritative",
	    "Answer of an authority for the name"),
	[DNS_FLAGS_CONFLICT] =
	    BOOL16("dns.flags.conflict", "LLMNR: conflict seen"),
	[DNS_FLAGS_TRUNCATED] =
	    BOOL16("dns.flags.truncated", "Message was cut to fit"),
	[DNS_FLAGS_RECDESIRED] =
	    BOOL16("dns.flags.recdesired", "Recursion desired"),
	[DNS_FLAGS_TENTATIVE] =
	    BOOL16("dns.flags.tentative", "LLMNR: name not verified yet"),
	[DNS_FLAGS_RECAVAIL] =
	    BOOL16("dns.flags.recavail", "Recursion available"),
	[DNS_FLAGS_Z] = BOOL16("dns.flags.z", "Reserved bit"),
	[DNS_FLAGS_AUTHENTICATED] =
	    BOOL16("dns.flags.authenticated",
	    "Data was authenticated (DNSSEC)"),
	[DNS_FLAGS_CHECKDISABLE] =
	    BOOL16("dns.flags.checkdisable",
	    "Data that is not authenticated is welcome"),
	[DNS_FLAGS_RCODE] =
	    DEC16_NAMED("dns.flags.rcode", "Reply code", dns_rcodes),
	[DNS_COUNT_QUERIES] = DEC16("dns.count.queries", "Number of questions"),
	[DNS_COUNT_ZONES] = DEC16("dns.count.zones", "Update: number of zones"),
	[DNS_COUNT_ANSWERS] = DEC16("dns.count.answers", "Number of answers"),
	[DNS_COUNT_PREREQUISITES] =
	    DEC16("dns.count.prerequisites", "Update: number of prerequisites"),
	[DNS_COUNT_AUTH_RR] =
	    DEC16("dns.count.auth_rr", "Number of authority records"),
	[DNS_COUNT_UPDATES] =
	    DEC16("dns.count.updates", "Update: number of updates"),
	[DNS_COUNT_ADD_RR] =
	    DEC16("dns.count.add_rr", "Number of additional records"),
	[DNS_QRY_NAME] = TEXT("dns.qry.name", "Name asked for"),
	[DNS_QRY_NAME_LEN] =
	    DEC16("dns.qry.name.len", "Its length in characters"),
	[DNS_COUNT_LABELS] = DEC16("dns.count.labels", "Its number of labels"),
	[DNS_QRY_TYPE] =
	    DEC16_NAMED("dns.qry.type", "Type asked for", dns_types),
	[DNS_QRY_CLASS] =
	    HEX16_NAMED("dns.qry.class", "Class asked for", dns_classes),
	[DNS_QRY_QU] = BOOL16("dns.qry.qu", "mDNS: unicast answer wanted"),
	[DNS_RESP_NAME] = TEXT("dns.resp.name", "Owner of the record"),
	[DNS_RESP_TYPE] =
	    DEC16_NAMED("dns.resp.type", "Type of the record", dns_types),
	[DNS_RESP_CLASS] =
	    HEX16_NAMED("dns.resp.class", "Class of the record", dns_classes),
	[DNS_RESP_CACHE_FLUSH] =
	    BOOL16("dns.resp.cache_flush", "mDNS: replaces what caches hold"),
	[DNS_RESP_TTL] = DEC32("dns.resp.ttl", "Time to live, seconds"),
	[DNS_RESP_LEN] = DEC16("dns.resp.len", "Length of the data"),
	[DNS_TTL_HIGH_BIT_SET] =
	    MARK("dns.ttl.high_bit_set",
	    "Highest bit of the TTL is set (RFC 2181)"),
	[DNS_RESP_EXT_RCODE] =
	    HEX8("dns.resp.ext_rcode", "EDNS: upper bits of the reply code"),
	[DNS_RESP_EDNS0_VERSION] =
	    DEC8("dns.resp.edns0_version", "EDNS: version"),
	[DNS_RESP_Z] = HEX16("dns.resp.z", "EDNS: flags"),
	[DNS_RESP_Z_DO] =
	    BOOL16("dns.resp.z.do", "EDNS: DNSSEC records wanted"),
	[DNS_RESP_Z_RESERVED] =
	    HEX16("dns.resp.z.reserved", "EDNS: reserved flags"),
	[DNS_RR_UDP_PAYLOAD_SIZE] =
	    DEC16("dns.rr.udp_payload_size",
	    "EDNS: largest UDP message the sender takes"),
	[DNS_RR_UDP_PAYLOAD_SIZE_MDNS] = HEX16("dns.rr.udp_payload_size",
	    "EDNS: largest UDP message the sender takes"),
	[DNS_A] = IPV4("dns.a", "IPv4 address"),
	[DNS_NS] = TEXT("dns.ns", "Name server"),
	[DNS_MD] = TEXT("dns.md", "Mail destination"),
	[DNS_MF] = TEXT("dns.mf", "Mail forwarder"),
	[DNS_CNAME] = TEXT("dns.cname", "Canonical name"),
	[DNS_SOA_MNAME] =
	    TEXT("dns.soa.mname", "Primary name server of the zone"),
	[DNS_SOA_RNAME] =
	    TEXT("dns.soa.rname", "Mailbox of the responsible person"),
	[DNS_SOA_SERIAL_NUMBER] =
	    DEC32("dns.soa.serial_number", "Serial number of the zone"),
	[DNS_SOA_REFRESH_INTERVAL] =
	    DEC32("dns.soa.refresh_interval",
	    "Seconds between checks by secondaries"),
	[DNS_SOA_RETRY_INTERVAL] =
	    DEC32("dns.soa.retry_interval",
	    "Seconds until a failed check is repeated"),
	[DNS_SOA_EXPIRE_LIMIT] =
	    DEC32("dns.soa.expire_limit", "Seconds until a secondary gives up"),
	[DNS_SOA_MINIMUM_TTL] =
	    DEC32("dns.soa.minimum_ttl",
	    "Seconds that a negative answer is kept"),
	[DNS_MB] = TEXT("dns.mb", "Host of the mailbox"),
	[DNS_MG] = TEXT("dns.mg", "Member of the mail group"),
	[DNS_MR] = TEXT("dns.mr", "New name of the mailbox"),
	[DNS_NULL] = BYTES("dns.null", "Data of a NULL record"),
	[DNS_WKS_ADDRESS] =
	    IPV4("dns.wks.address", "Well known services: address"),
	[DNS_WKS_PROTOCOL] =
	    DEC8("dns.wks.protocol", "Well known services: IP protocol"),
	[DNS_WKS_BITS] =
	    HEX8("dns.wks.bits", "Well known services: byte of the port map"),
	[DNS_PTR_DOMAIN_NAME] =
	    TEXT("dns.ptr.domain_name", "Name that the pointer gives"),
	[DNS_HINFO_CPU_LENGTH] =
	    DEC8("dns.hinfo.cpu_length", "Length of the CPU text"),
	[DNS_HINFO_CPU] = TEXT("dns.hinfo.cpu", "CPU of the host"),
	[DNS_HINFO_OS_LENGTH] =
	    DEC8("dns.hinfo.os_length", "Length of the system text"),
	[DNS_HINFO_OS] = TEXT("dns.hinfo.os", "Operating system of the host"),
	[DNS_MINFO_R] =
	    TEXT("dns.minfo.r", "Mailbox of the responsible person"),
	[DNS_MINFO_E] = TEXT("dns.minfo.e", "Mailbox for errors"),
	[DNS_MX_PREFERENCE] =
	    DEC16("dns.mx.preference", "Preference, lowest first"),
	[DNS_MX_MAIL_EXCHANGE] = TEXT("dns.mx.mail_exchange", "Mail host"),
	[DNS_TXT_LENGTH] = DEC8("dns.txt.length", "Length of a text"),
	[DNS_TXT] = TEXT("dns.txt", "Text"),
	[DNS_RP_MAILBOX] =
	    TEXT("dns.rp.mailbox", "Mailbox of the responsible person"),
	[DNS_RP_TXT_RR] = TEXT("dns.rp.txt_rr", "Name of its TXT record"),
	[DNS_AFSDB_SUBTYPE] = DEC16("dns.afsdb.subtype", "AFS: kind of server"),
	[DNS_AFSDB_HOSTNAME] = TEXT("dns.afsdb.hostname", "AFS: server"),
	[DNS_X25_LENGTH] = DEC8("dns.x25.length", "Length of the X.25 address"),
	[DNS_X25_PSDN_ADDRESS] = TEXT("dns.x25.psdn_address", "X.25 address"),
	[DNS_IDSN_LENGTH] =
	    DEC8("dns.idsn.length", "Length of the ISDN address"),
	[DNS_IDSN_ADDRESS] = TEXT("dns.idsn.address", "ISDN address"),
	[DNS_IDSN_SA_LENGTH] =
	    DEC8("dns.idsn.sa.length", "Length of the ISDN subaddress"),
	[DNS_IDSN_SA_ADDRESS] = TEXT("dns.idsn.sa.address", "ISDN subaddress"),
	[DNS_RT_SUBTYPE] = DEC16("dns.rt.subtype", "Route through: preference"),
	[DNS_RT_INTERMEDIATE_HOST] =
	    TEXT("dns.rt.intermediate_host",
	    "Route through: intermediate host"),
	[DNS_NSAP_RDATA] = BYTES("dns.nsap.rdata", "NSAP address"),
	[DNS_NSAP_PTR_OWNER] = TEXT("dns.nsap_ptr.owner", "NSAP pointer"),
	[DNS_KEY_FLAGS] = HEX16("dns.key.flags", "Flags of the key"),
	[DNS_KEY_FLAGS_AUTHENTICATION] =
	    BOOL16("dns.key.flags.authentication", "Not for authentication"),
	[DNS_KEY_FLAGS_CONFIDENTIALITY] =
	    BOOL16("dns.key.flags.confidentiality", "Not for confidentiality"),
	[DNS_KEY_FLAGS_REQUIRED] =
	    BOOL16("dns.key.flags.required", "Key required (experimental)"),
	[DNS_KEY_FLAGS_ASSOCIATED_USER] =
	    BOOL16("dns.key.flags.associated_user", "Key of a user"),
	[DNS_KEY_FLAGS_ASSOCIATED_NAMED_ENTITY] =
	    BOOL16("dns.key.flags.associated_named_entity",
	    "Key of a host or other entity"),
	[DNS_KEY_FLAGS_IPSEC] =
	    BOOL16("dns.key.flags.ipsec", "For use with IPsec"),
	[DNS_KEY_FLAGS_MIME] =
	    BOOL16("dns.key.flags.mime", "For use with MIME"),
	[DNS_KEY_FLAGS_SIGNATORY] =
	    DEC16("dns.key.flags.signatory", "Signatory bits"),
	[DNS_KEY_PROTOCOL] = DEC8("dns.key.protocol", "Protocol of the key"),
	[DNS_KEY_ALGORITHM] =
	    DEC8_NAMED("dns.key.algorithm",
	    "Algorithm of the key", dns_algorithms),
	[DNS_KEY_KEY_ID] = DEC16("dns.key.key_id", "Key tag, worked out"),
	[DNS_KEY_PUBLIC_KEY] = BYTES("dns.key.public_key", "Public key"),
	[DNS_PX_PREFERENCE] =
	    DEC16("dns.px.preference", "X.400 mapping: preference"),
	[DNS_PX_MAP822] =
	    TEXT("dns.px.map822", "X.400 mapping: RFC 822 domain"),
	[DNS_PX_MAP400] = TEXT("dns.px.map400", "X.400 mapping: X.400 domain"),
	[DNS_GPOS_LONGITUDE_LENGTH] =
	    DEC8("dns.gpos.longitude_length", "Length of the longitude"),
	[DNS_GPOS_LONGITUDE] = TEXT("dns.gpos.longitude", "Longitude as text"),
	[DNS_GPOS_LATITUDE_LENGTH] =
	    DEC8("dns.gpos.latitude_length", "Length of the latitude"),
	[DNS_GPOS_LATITUDE] = TEXT("dns.gpos.latitude", "Latitude as text"),
	[DNS_GPOS_ALTITUDE_LENGTH] =
	    DEC8("dns.gpos.altitude_length", "Length of the altitude"),
	[DNS_GPOS_ALTITUDE] = TEXT("dns.gpos.altitude", "Altitude as text"),
	[DNS_AAAA] = IPV6("dns.aaaa", "IPv6 address"),
	[DNS_LOC_VERSION] = DEC8("dns.loc.version", "Location: version, 0"),
	[DNS_LOC_SIZE] = DEC8("dns.loc.size", "Location: size of the place"),
	[DNS_LOC_HORIZONTAL_PRECISION] =
	    DEC8("dns.loc.horizontal_precision",
	    "Location: horizontal precision"),
	[DNS_LOC_VERTICAL_PRECISION] =
	    DEC8("dns.loc.vertical_precision", "Location: vertical precision"),
	[DNS_LOC_LATITUDE] =
	    DEC32("dns.loc.latitude", "Location: latitude, 1/1000 arc second"),
	[DNS_LOC_LONGITUDE] =
	    DEC32("dns.loc.longitude",
	    "Location: longitude, 1/1000 arc second"),
	[DNS_LOC_ALTITUDE] =
	    DEC32("dns.loc.altitude", "Location: altitude, cm over -100 km"),
	[DNS_LOC_UNKNOWN_DATA] =
	    BYTES("dns.loc.unknown_data",
	    "Location: data of an unknown version"),
	[DNS_NXT_NEXT_DOMAIN_NAME] =
	    TEXT("dns.nxt.next_domain_name",
	    "Next name of the zone (obsolete)"),
	[DNS_SRV_SERVICE] =
	    TEXT("dns.srv.service", "Service, first label of the owner"),
	[DNS_SRV_PROTO] =
	    TEXT("dns.srv.proto", "Protocol, second label of the owner"),
	[DNS_SRV_NAME] = TEXT("dns.srv.name", "Domain, rest of the owner"),
	[DNS_SRV_PRIORITY] =
	    DEC16("dns.srv.priority", "Priority, lowest first"),
	[DNS_SRV_WEIGHT] =
	    DEC16("dns.srv.weight", "Weight among equal priorities"),
	[DNS_SRV_PORT] = DEC16("dns.srv.port", "Port of the service"),
	[DNS_SRV_TARGET] = TEXT("dns.srv.target", "Host of the service"),
	[DNS_NAPTR_ORDER] = DEC16("dns.naptr.order", "Order of the rules"),
	[DNS_NAPTR_PREFERENCE] =
	    DEC16("dns.naptr.preference", "Preference among equal orders"),
	[DNS_NAPTR_FLAGS_LENGTH] =
	    DEC8("dns.naptr.flags_length", "Length of the flags"),
	[DNS_NAPTR_FLAGS] = TEXT("dns.naptr.flags", "Flags"),
	[DNS_NAPTR_SERVICE_LENGTH] =
	    DEC8("dns.naptr.service_length", "Length of the service"),
	[DNS_NAPTR_SERVICE] = TEXT("dns.naptr.service", "Service"),
	[DNS_NAPTR_REGEX_LENGTH] =
	    DEC8("dns.naptr.regex_length", "Length of the expression"),
	[DNS_NAPTR_REGEX] = TEXT("dns.naptr.regex", "Substitution expression"),
	[DNS_NAPTR_REPLACEMENT_LENGTH] =
	    DEC8("dns.naptr.replacement_length", "Length of the replacement"),
	[DNS_NAPTR_REPLACEMENT] = TEXT("dns.naptr.replacement", "Next name"),
	[DNS_KX_PREFERENCE] =
	    DEC16("dns.kx.preference", "Key exchanger: preference"),
	[DNS_KX_KEY_EXCHANGE] = TEXT("dns.kx.key_exchange", "Key exchanger"),
	[DNS_CERT_TYPE] = DEC16("dns.cert.type", "Kind of certificate"),
	[DNS_CERT_KEY_TAG] = HEX16("dns.cert.key_tag", "Key tag"),
	[DNS_CERT_ALGORITHM] =
	    DEC8_NAMED("dns.cert.algorithm", "Algorithm", dns_algorithms),
	[DNS_CERT_CERTIFICATE] =
	    BYTES("dns.cert.certificate", "Certificate or revocation list"),
	[DNS_A6_PREFIX_LEN] =
	    DEC8("dns.a6.prefix_len", "A6: bits that the prefix name gives"),
	[DNS_A6_ADDRESS_SUFFIX] =
	    IPV6("dns.a6.address_suffix", "A6: rest of the address"),
	[DNS_A6_PREFIX_NAME] =
	    TEXT("dns.a6.prefix_name", "A6: name of the prefix"),
	[DNS_DNAME] = TEXT("dns.dname", "Name that replaces the whole branch"),
	[DNS_APL_ADDRESS_FAMILY] =
	    DEC16("dns.apl.address_family", "Address list: family"),
	[DNS_APL_CODED_PREFIX] =
	    DEC8("dns.apl.coded_prefix", "Address list: prefix length"),
	[DNS_APL_NEGATION] =
	    BOOL8("dns.apl.negation", "Address list: not these"),
	[DNS_APL_AFDLENGTH] =
	    DEC8("dns.apl.afdlength", "Address list: length of the address"),
	[DNS_APL_AFDPART_IPV4] =
	    IPV4("dns.apl.afdpart.ipv4", "Address list: IPv4 address"),
	[DNS_APL_AFDPART_IPV6] =
	    IPV6("dns.apl.afdpart.ipv6", "Address list: IPv6 address"),
	[DNS_APL_AFDPART_DATA] =
	    BYTES("dns.apl.afdpart.data",
	    "Address list: address of another family"),
	[DNS_DS_KEY_ID] = HEX16("dns.ds.key_id", "Key tag"),
	[DNS_DS_ALGORITHM] =
	    DEC8_NAMED("dns.ds.algorithm",
	    "Algorithm of the key", dns_algorithms),
	[DNS_DS_DIGEST_TYPE] =
	    DEC8_NAMED("dns.ds.digest_type", "Kind of digest", dns_digests),
	[DNS_DS_DIGEST] = BYTES("dns.ds.digest", "Digest of the key"),
	[DNS_SSHFP_ALGORITHM] =
	    DEC8("dns.sshfp.algorithm", "Algorithm of the host key"),
	[DNS_SSHFP_FINGERPRINT_TYPE] =
	    DEC8("dns.sshfp.fingerprint.type", "Kind of fingerprint"),
	[DNS_SSHFP_FINGERPRINT] =
	    BYTES("dns.sshfp.fingerprint", "Fingerprint of the host key"),
	[DNS_IPSECKEY_GATEWAY_PRECEDENCE] =
	    DEC8("dns.ipseckey.gateway_precedence",
	    "IPsec: precedence of the gateway"),
	[DNS_IPSECKEY_GATEWAY_ALGORITHM] =
	    DEC8("dns.ipseckey.gateway_algorithm",
	    "IPsec: algorithm of the key"),
	[DNS_IPSECKEY_GATEWAY_TYPE] =
	    DEC8("dns.ipseckey.gateway_type", "IPsec: kind of gateway"),
	[DNS_IPSECKEY_GATEWAY_IPV4] =
	    IPV4("dns.ipseckey.gateway_ipv4", "IPsec: gateway"),
	[DNS_IPSECKEY_GATEWAY_IPV6] =
	    IPV6("dns.ipseckey.gateway_ipv6", "IPsec: gateway"),
	[DNS_IPSECKEY_GATEWAY_DNS] =
	    TEXT("dns.ipseckey.gateway_dns", "IPsec: gateway"),
	[DNS_IPSECKEY_PUBLIC_KEY] =
	    BYTES("dns.ipseckey.public_key", "IPsec: public key"),
	[DNS_RRSIG_TYPE_COVERED] =
	    DEC16_NAMED("dns.rrsig.type_covered",
	    "Type that the signature covers", dns_types),
	[DNS_RRSIG_ALGORITHM] =
	    DEC8_NAMED("dns.rrsig.algorithm",
	    "Algorithm of the signature", dns_algorithms),
	[DNS_RRSIG_LABELS] =
	    DEC8("dns.rrsig.labels", "Labels of the owner, without wildcard"),
	[DNS_RRSIG_ORIGINAL_TTL] =
	    DEC32("dns.rrsig.original_ttl", "TTL in the zone"),
	[DNS_RRSIG_SIGNATURE_EXPIRATION] =
	    TIME("dns.rrsig.signature_expiration", "Signature not valid after"),
	[DNS_RRSIG_SIGNATURE_INCEPTION] =
	    TIME("dns.rrsig.signature_inception", "Signature not valid before"),
	[DNS_RRSIG_KEY_TAG] = DEC16("dns.rrsig.key_tag", "Key tag"),
	[DNS_RRSIG_SIGNERS_NAME] =
	    TEXT("dns.rrsig.signers_name", "Zone that signed"),
	[DNS_RRSIG_SIGNATURE] = BYTES("dns.rrsig.signature", "Signature"),
	[DNS_NSEC_NEXT_DOMAIN_NAME] =
	    TEXT("dns.nsec.next_domain_name", "Next name of the zone"),
	[DNS_DNSKEY_FLAGS] = HEX16("dns.dnskey.flags", "Flags of the key"),
	[DNS_DNSKEY_FLAGS_ZONE_KEY] =
	    BOOL16("dns.dnskey.flags.zone_key", "Key of the zone"),
	[DNS_DNSKEY_FLAGS_KEY_REVOKED] =
	    BOOL16("dns.dnskey.flags.key_revoked", "Key is revoked"),
	[DNS_DNSKEY_FLAGS_SECURE_ENTRY_POINT] =
	    BOOL16("dns.dnskey.flags.secure_entry_point",
	    "Key that signs keys"),
	[DNS_DNSKEY_FLAGS_RESERVED] =
	    HEX16("dns.dnskey.flags.reserved", "Reserved flags"),
	[DNS_DNSKEY_PROTOCOL] = DEC8("dns.dnskey.protocol", "Protocol, 3"),
	[DNS_DNSKEY_ALGORITHM] =
	    DEC8_NAMED("dns.dnskey.algorithm", "Algorithm", dns_algorithms),
	[DNS_DNSKEY_KEY_ID] = DEC16("dns.dnskey.key_id", "Key tag, worked out"),
	[DNS_DNSKEY_PUBLIC_KEY] = BYTES("dns.dnskey.public_key", "Public key"),
	[DNS_DHCID_RDATA] = BYTES("dns.dhcid.rdata", "DHCP client identifier"),
	[DNS_NSEC3_ALGO] = DEC8("dns.nsec3.algo", "Hash algorithm"),
	[DNS_NSEC3_FLAGS] = DEC8("dns.nsec3.flags", "Flags"),
	[DNS_NSEC3_FLAGS_OPT_OUT] =
	    BOOL8("dns.nsec3.flags.opt_out",
	    "Unsigned delegations may be left out"),
	[DNS_NSEC3_ITERATIONS] =
	    DEC16("dns.nsec3.iterations", "Additional hash rounds"),
	[DNS_NSEC3_SALT_LENGTH] =
	    DEC8("dns.nsec3.salt_length", "Length of the salt"),
	[DNS_NSEC3_SALT_VALUE] = BYTES("dns.nsec3.salt_value", "Salt"),
	[DNS_NSEC3_HASH_LENGTH] =
	    DEC8("dns.nsec3.hash_length", "Length of the hash"),
	[DNS_NSEC3_HASH_VALUE] =
	    TEXT("dns.nsec3.hash_value", "Next hashed owner, base 32"),
	[DNS_TLSA_CERTIFICATE_USAGE] =
	    DEC8("dns.tlsa.certificate_usage", "How the certificate is used"),
	[DNS_TLSA_SELECTOR] =
	    DEC8("dns.tlsa.selector", "Which part is matched"),
	[DNS_TLSA_MATCHING_TYPE] =
	    DEC8("dns.tlsa.matching_type", "How it is matched"),
	[DNS_TLSA_CERTIFICATE_ASSOCIATION_DATA] =
	    BYTES("dns.tlsa.certificate_association_data",
	    "Certificate, key or digest"),
	[DNS_HIP_HIT_LENGTH] =
	    DEC8("dns.hip.hit.length", "Length of the host identity tag"),
	[DNS_HIP_HIT_PK_ALGO] =
	    DEC8("dns.hip.hit.pk.algo", "Algorithm of the key"),
	[DNS_HIP_PK_LENGTH] = DEC16("dns.hip.pk.length", "Length of the key"),
	[DNS_HIP_HIT] = BYTES("dns.hip.hit", "Host identity tag"),
	[DNS_HIP_PK] = BYTES("dns.hip.pk", "Public key"),
	[DNS_HIP_RENDEZVOUS_SERVER] =
	    TEXT("dns.hip.rendezvous_server", "Rendezvous server"),
	[DNS_OPENPGPKEY] = TEXT("dns.openpgpkey", "OpenPGP key"),
	[DNS_CSYNC_SOA] =
	    DEC32("dns.csync.soa", "Serial number of the child zone"),
	[DNS_CSYNC_FLAGS] = HEX16("dns.csync.flags", "Flags"),
	[DNS_CSYNC_FLAGS_IMMEDIATE] =
	    BOOL16("dns.csync.flags.immediate", "At once, without more proof"),
	[DNS_CSYNC_FLAGS_SOAMINIMUM] =
	    BOOL16("dns.csync.flags.soaminimum",
	    "Only from this serial number on"),
	[DNS_CSYNC_TYPE_BITMAP] =
	    BYTES("dns.csync.type_bitmap", "Types to take over"),
	[DNS_ZONEMD_SERIAL] =
	    DEC32("dns.zonemd.serial", "Serial number of the zone"),
	[DNS_ZONEMD_SCHEME] = DEC8("dns.zonemd.scheme", "Scheme of the digest"),
	[DNS_ZONEMD_HASH_ALGO] = DEC8("dns.zonemd.hash_algo", "Hash algorithm"),
	[DNS_ZONEMD_DIGEST] = BYTES("dns.zonemd.digest", "Digest of the zone"),
	[DNS_SVCB_SVCPRIORITY] =
	    DEC16("dns.svcb.svcpriority", "Priority; 0: alias"),
	[DNS_SVCB_TARGETNAME] =
	    TEXT("dns.svcb.targetname", "Name of the endpoint"),
	[DNS_SVCB_SVCPARAM] = MARK("dns.svcb.svcparam", "One parameter"),
	[DNS_SVCB_SVCPARAM_KEY] =
	    DEC16_NAMED("dns.svcb.svcparam.key", "Its key", dns_svc_keys),
	[DNS_SVCB_SVCPARAM_VALUE_LENGTH] =
	    DEC16("dns.svcb.svcparam.value.length", "Its length"),
	[DNS_SVCB_SVCPARAM_VALUE] =
	    BYTES("dns.svcb.svcparam.value",
	    "Value of a key that is not known"),
	[DNS_SVCB_SVCPARAM_MANDATORY_KEY] =
	    DEC16_NAMED("dns.svcb.svcparam.mandatory.key",
	    "Key that clients must know", dns_svc_keys),
	[DNS_SVCB_SVCPARAM_ALPN_LENGTH] =
	    DEC8("dns.svcb.svcparam.alpn.length",
	    "Length of the protocol's name"),
	[DNS_SVCB_SVCPARAM_ALPN] =
	    TEXT("dns.svcb.svcparam.alpn", "Application protocol"),
	[DNS_SVCB_SVCPARAM_PORT] = DEC16("dns.svcb.svcparam.port", "Port"),
	[DNS_SVCB_SVCPARAM_IPV4HINT_IP] =
	    IPV4("dns.svcb.svcparam.ipv4hint.ip", "IPv4 address"),
	[DNS_SVCB_SVCPARAM_ECHCONFIG] =
	    BYTES("dns.svcb.svcparam.echconfig",
	    "Encrypted ClientHello configuration"),
	[DNS_SVCB_SVCPARAM_IPV6HINT_IP] =
	    IPV6("dns.svcb.svcparam.ipv6hint.ip", "IPv6 address"),
	[DNS_SVCB_SVCPARAM_ODOHCONFIG] =
	    BYTES("dns.svcb.svcparam.odohconfig",
	    "Oblivious DNS over HTTPS configuration"),
	[DNS_SPF_LENGTH] = DEC8("dns.spf.length", "Length of a text"),
	[DNS_SPF] = TEXT("dns.spf", "Sender policy"),
	[DNS_ILNP_NID_PREFERENCE] =
	    DEC16("dns.ilnp.nid.preference", "ILNP: preference"),
	[DNS_ILNP_NID] = BYTES("dns.ilnp.nid", "ILNP: node identifier"),
	[DNS_ILNP_L32_PREFERENCE] =
	    DEC16("dns.ilnp.l32.preference", "ILNP: preference"),
	[DNS_ILNP_L32] = IPV4("dns.ilnp.l32", "ILNP: locator of 32 bits"),
	[DNS_ILNP_L64_PREFERENCE] =
	    DEC16("dns.ilnp.l64.preference", "ILNP: preference"),
	[DNS_ILNP_L64] = BYTES("dns.ilnp.l64", "ILNP: locator of 64 bits"),
	[DNS_ILNP_LP_PREFERENCE] =
	    DEC16("dns.ilnp.lp.preference", "ILNP: preference"),
	[DNS_ILNP_LP] = TEXT("dns.ilnp.lp", "ILNP: name of the locators"),
	[DNS_EUI48] = ETHER("dns.eui48", "EUI-48 address"),
	[DNS_EUI64] = COLON("dns.eui64", "EUI-64 address"),
	[DNS_TKEY_ALGO_NAME] = TEXT("dns.tkey.algo_name", "Algorithm"),
	[DNS_TKEY_SIGNATURE_INCEPTION] =
	    TIME("dns.tkey.signature_inception", "Not valid before"),
	[DNS_TKEY_SIGNATURE_EXPIRATION] =
	    TIME("dns.tkey.signature_expiration", "Not valid after"),
	[DNS_TKEY_MODE] = DEC16("dns.tkey.mode", "Way of agreeing on the key"),
	[DNS_TKEY_ERROR] =
	    DEC16_NAMED("dns.tkey.error", "Error", dns_tsig_errors),
	[DNS_TKEY_KEY_SIZE] =
	    DEC16("dns.tkey.key_size", "Length of the key data"),
	[DNS_TKEY_KEY_DATA] = BYTES("dns.tkey.key_data", "Key data"),
	[DNS_TKEY_OTHER_SIZE] =
	    DEC16("dns.tkey.other_size", "Length of the other data"),
	[DNS_TKEY_OTHER_DATA] = BYTES("dns.tkey.other_data", "Other data"),
	[DNS_TSIG_ALGORITHM_NAME] =
	    TEXT("dns.tsig.algorithm_name", "Algorithm"),
	[DNS_TSIG_TIME_SIGNED] =
	    TIME("dns.tsig.time_signed", "Time of signing"),
	[DNS_TSIG_FUDGE] =
	    DEC16("dns.tsig.fudge", "Seconds that clocks may differ"),
	[DNS_TSIG_MAC_SIZE] =
	    DEC16("dns.tsig.mac_size", "Length of the signature"),
	[DNS_TSIG_MAC] = MARK("dns.tsig.mac", "Signature"),
	[DNS_TSIG_ORIGINAL_ID] =
	    DEC16("dns.tsig.original_id", "Transaction ID when signed"),
	[DNS_TSIG_ERROR] =
	    DEC16_NAMED("dns.tsig.error", "Error", dns_tsig_errors),
	[DNS_TSIG_OTHER_LEN] =
	    DEC16("dns.tsig.other_len", "Length of the other data"),
	[DNS_TSIG_OTHER_DATA] = BYTES("dns.tsig.other_data", "Other data"),
	[DNS_CAA_FLAGS] = HEX8("dns.caa.flags", "Flags"),
	[DNS_CAA_FLAGS_ISSUER_CRITICAL] =
	    BOOL8("dns.caa.flags.issuer_critical",
	    "Must be understood by the issuer"),
	[DNS_CAA_ISSUE] = TEXT("dns.caa.issue", "Authority that may issue"),
	[DNS_CAA_ISSUEWILD] =
	    TEXT("dns.caa.issuewild", "Authority that may issue wildcards"),
	[DNS_CAA_IODEF] = TEXT("dns.caa.iodef", "Where to report to"),
	[DNS_CAA_UNKNOWN] = TEXT("dns.caa.unknown", "Value of another tag"),
	[DNS_CAA_TAG_LENGTH] = DEC8("dns.caa.tag_length", "Length of the tag"),
	[DNS_CAA_TAG] = TEXT("dns.caa.tag", "Tag"),
	[DNS_CAA_VALUE] = TEXT("dns.caa.value", "Value"),
	[DNS_WINS_LOCAL_FLAG] =
	    BOOL32("dns.wins.local_flag", "WINS: do not replicate"),
	[DNS_WINS_LOOKUP_TIMEOUT] =
	    DEC32("dns.wins.lookup_timeout", "WINS: lookup timeout, seconds"),
	[DNS_WINS_CACHE_TIMEOUT] =
	    DEC32("dns.wins.cache_timeout", "WINS: cache timeout, seconds"),
	[DNS_WINS_NB_WINS_SERVERS] =
	    DEC32("dns.wins.nb_wins_servers", "WINS: number of servers"),
	[DNS_WINS_WINS_SERVER] = IPV4("dns.wins.wins_server", "WINS: server"),
	[DNS_WINSR_LOCAL_FLAG] =
	    BOOL32("dns.winsr.local_flag", "WINS-R: do not replicate"),
	[DNS_WINSR_LOOKUP_TIMEOUT] =
	    DEC32("dns.winsr.lookup_timeout",
	    "WINS-R: lookup timeout, seconds"),
	[DNS_WINSR_CACHE_TIMEOUT] =
	    DEC32("dns.winsr.cache_timeout", "WINS-R: cache timeout, seconds"),
	[DNS_WINSR_NAME_RESULT_DOMAIN] =
	    TEXT("dns.winsr.name_result_domain",
	    "WINS-R: domain of the result"),
	[DNS_XPF_IP_VERSION] =
	    DEC16("dns.xpf.ip_version", "Proxied for: IP version"),
	[DNS_XPF_PROTOCOL] =
	    DEC8("dns.xpf.protocol", "Proxied for: IP protocol"),
	[DNS_XPF_SOURCE_IPV4] =
	    IPV4("dns.xpf.source_ipv4", "Proxied for: source"),
	[DNS_XPF_DESTINATION_IPV4] =
	    IPV4("dns.xpf.destination_ipv4", "Proxied for: destination"),
	[DNS_XPF_SOURCE_IPV6] =
	    IPV6("dns.xpf.source_ipv6", "Proxied for: source"),
	[DNS_XPF_DESTINATION_IPV6] =
	    IPV6("dns.xpf.destination_ipv6", "Proxied for: destination"),
	[DNS_XPF_SPORT] = DEC16("dns.xpf.sport", "Proxied for: source port"),
	[DNS_XPF_DPORT] =
	    DEC16("dns.xpf.dport", "Proxied for: destination port"),
	[DNS_DATA] = BYTES("dns.data", "Data of a type that is not decoded"),
	[DNS_OPT] = MARK("dns.opt", "EDNS: one option"),
	[DNS_OPT_CODE] =
	    DEC16_NAMED("dns.opt.code", "EDNS: its code", dns_options),
	[DNS_OPT_LEN] = DEC16("dns.opt.len", "EDNS: its length"),
	[DNS_OPT_DATA] = BYTES("dns.opt.data", "EDNS: its bytes"),
	[DNS_OPT_DAU] =
	    DEC8_NAMED("dns.opt.dau",
	    "EDNS: DNSSEC algorithm understood", dns_algorithms),
	[DNS_OPT_DHU] =
	    DEC8_NAMED("dns.opt.dhu",
	    "EDNS: DS digest understood", dns_digests),
	[DNS_OPT_N3U] = DEC8("dns.opt.n3u", "EDNS: NSEC3 hash understood"),
	[DNS_OPT_CLIENT_FAMILY] =
	    DEC16("dns.opt.client.family", "Client subnet: address family"),
	[DNS_OPT_CLIENT_NETMASK] =
	    DEC8("dns.opt.client.netmask", "Client subnet: prefix length"),
	[DNS_OPT_CLIENT_SCOPE] =
	    DEC8("dns.opt.client.scope",
	    "Client subnet: prefix the answer holds for"),
	[DNS_OPT_CLIENT_ADDR4] =
	    IPV4("dns.opt.client.addr4", "Client subnet: IPv4 address"),
	[DNS_OPT_CLIENT_ADDR6] =
	    IPV6("dns.opt.client.addr6", "Client subnet: IPv6 address"),
	[DNS_OPT_CLIENT_ADDR] =
	    BYTES("dns.opt.client.addr",
	    "Client subnet: address of another family"),
	[DNS_OPT_COOKIE_CLIENT] =
	    BYTES("dns.opt.cookie.client", "Cookie of the client"),
	[DNS_OPT_COOKIE_SERVER] =
	    BYTES("dns.opt.cookie.server", "Cookie of the server"),
	[DNS_OPT_EDNS_TCP_KEEPALIVE_TIMEOUT] =
	    DEC16("dns.opt.edns_tcp_keepalive.timeout",
	    "TCP keepalive, tenths of a second"),
	[DNS_OPT_PADDING] = BYTES("dns.opt.padding", "Padding"),
	[DNS_OPT_CHAIN_FQDN] =
	    TEXT("dns.opt.chain.fqdn", "Chain: closest trust point"),
	[DNS_OPT_EXT_ERROR_INFO_CODE] =
	    DEC16_NAMED("dns.opt.ext_error.info_code",
	    "Extended error", dns_ext_errors),
	[DNS_OPT_EXT_ERROR_EXTRA_TEXT] =
	    TEXT("dns.opt.ext_error.extra_text", "Text of the extended error"),
	[DNS_DSO] = MARK("dns.dso", "Stateful operations"),
	[DNS_DSO_TLV] = MARK("dns.dso.tlv", "One TLV"),
	[DNS_DSO_TLV_TYPE] = DEC16("dns.dso.tlv.type", "Its type"),
	[DNS_DSO_TLV_LENGTH] = DEC16("dns.dso.tlv.length", "Its length"),
	[DNS_DSO_TLV_DATA] = BYTES("dns.dso.tlv.data", "Its bytes"),
	[DNS_DSO_TLV_KEEPALIVE_INACTIVITY] =
	    DEC32("dns.dso.tlv.keepalive.inactivity", "Inactivity timeout, ms"),
	[DNS_DSO_TLV_KEEPALIVE_INTERVAL] =
	    DEC32("dns.dso.tlv.keepalive.interval", "Keepalive interval, ms"),
	[DNS_DSO_TLV_RETRYDELAY_RETRYDELAY] =
	    DEC32("dns.dso.tlv.retrydelay.retrydelay", "Retry delay, ms"),
	[DNS_DSO_TLV_ENCPAD_PADDING] =
	    BYTES("dns.dso.tlv.encpad.padding", "Padding"),
	[DNS_EXTRANEOUS_DATA] =
	    BYTES("dns.extraneous.data", "Bytes after the message"),
	[DNS_EXTRANEOUS_LENGTH] =
	    INT32("dns.extraneous.length", "Their number"),
	[DNS_RESPONSE_TO] = FRAME("dns.response_to", "Its query"),
	[DNS_TIME] = DURATION("dns.time", "Time since its query"),
	[DNS_RETRANSMISSION] =
	    BOOL8("dns.retransmission", "Said before"),
	[DNS_RETRANSMIT_REQUEST_IN] =
	    FRAME("dns.retransmit_request_in", "The same query before"),
	[DNS_RETRANSMIT_RESPONSE_IN] =
	    FRAME("dns.retransmit_response_in", "The same response before"),
	[DNS_RETRANSMIT_REQUEST] =
	    MARK("dns.retransmit_request", "Query said before"),
	[DNS_RETRANSMIT_RESPONSE] =
	    MARK("dns.retransmit_response", "Response said before"),
	[DNS_UNSOLICITED] =
	    BOOL8("dns.unsolicited", "No query for it in the capture"),
};

const struct field_table dns_table = {
	"Domain Name System", dns_rows, DNS_ROWS,
};
