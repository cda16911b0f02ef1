#!/bin/sh
# https against openssl's server with certificates of a private authority.
#   BUILD=build sh test/peers/tls.sh
# The names of the certificates resolve through an /etc/hosts of our own.
set -u
cd "$(dirname "$0")/../.." || exit 1
program=$(cd "${BUILD:-build}" && pwd)/mcpcap
passed=0 failed=0

left_out() {
	echo "ok - $1: left out"
	echo "1 passed, 0 failed"
	exit 0
}
"$program" doctor | grep -q 'https *TLS' || left_out "https is not built in"
command -v openssl >/dev/null || left_out "no openssl"
if [ -z "${TLS_HOSTS:-}" ]; then
	for how in -m -rm; do
		unshare "$how" true 2>/dev/null &&
			TLS_HOSTS=1 exec unshare "$how" sh "$0"
	done
	left_out "no mount namespace for names"
fi

work=$(mktemp -d) || exit 1
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cat >"$work/hosts" <<HOSTS
127.0.0.1 localhost good.test wild.test a.wild.test a.b.wild.test other.test
HOSTS
mount --bind "$work/hosts" /etc/hosts || left_out "no /etc/hosts of our own"
capture=$(cd "${BUILD:-build}" && pwd)/fixtures/pcap-little-micro.pcap
cd "$work" || exit 1

# ---- Certificates -----------------------------------------------------------

quiet() { "$@" >>log 2>&1; }
# authority NAME KEY...: a certificate authority of our own
authority() {
	name=$1
	shift
	quiet openssl req -x509 -newkey "$@" -nodes -keyout "$name.key" \
		-out "$name.pem" -days 3650 -subj "/CN=Test $name" \
		-addext keyUsage=critical,keyCertSign
}
# leaf NAME AUTHORITY SAN KEY-OPTIONS [x509 options]
leaf() {
	name=$1 by=$2 san=$3 key=$4
	shift 4
	# shellcheck disable=SC2086 # options of the key
	quiet openssl req -newkey $key -nodes -keyout "$name.key" \
		-out "$name.csr" -subj "/CN=${cn:-good.test}"
	{
		echo "basicConstraints=CA:${ca:-FALSE}"
		[ -z "$san" ] || echo "subjectAltName=$san"
		[ -z "${more:-}" ] || echo "$more"
	} >"$name.ext"
	[ "$#" -gt 0 ] || set -- -days 100
	quiet openssl x509 -req -in "$name.csr" -CA "$by.pem" \
		-CAkey "$by.key" -CAcreateserial -extfile "$name.ext" \
		-out "$name.pem" "$@"
}
ec='ec -pkeyopt ec_paramgen_curve:P-256'
authority root rsa:2048
authority stranger rsa:2048
leaf rsa root DNS:good.test rsa:2048
leaf rsa4096 root DNS:good.test rsa:4096
leaf p256 root DNS:good.test "$ec"
leaf p384 root DNS:good.test 'ec -pkeyopt ec_paramgen_curve:P-384'
leaf p521 root DNS:good.test 'ec -pkeyopt ec_paramgen_curve:P-521'
leaf wild root 'DNS:*.wild.test' "$ec"
leaf cnonly root '' "$ec"
leaf sanother root DNS:elsewhere.test "$ec"
leaf unknown stranger DNS:good.test "$ec"
leaf sha1 root DNS:good.test "$ec" -days 100 -sha1
leaf rsa1024 root DNS:good.test rsa:1024
leaf expired root DNS:good.test "$ec" -days -1
# x509 cannot begin later, ca can.
mkdir later.d && : >later.d/index.txt && echo 01 >later.d/serial
echo 'unique_subject = no' >later.d/index.txt.attr
cat >later.cnf <<CNF
[ca]
default_ca=c
[c]
database=later.d/index.txt
serial=later.d/serial
new_certs_dir=later.d
default_md=sha256
policy=p
[p]
commonName=supplied
CNF
leaf later root DNS:good.test "$ec"
quiet openssl ca -batch -config later.cnf -cert root.pem -keyfile root.key \
	-in later.csr -out later.pem -extfile later.ext -notext \
	-startdate 20900101000000Z -enddate 20910101000000Z
leaf long root DNS:good.test "$ec"
quiet openssl ca -batch -config later.cnf -cert root.pem -keyfile root.key \
	-in long.csr -out long.pem -extfile long.ext -notext \
	-startdate 20200101000000Z -enddate 20990101000000Z
leaf upper root DNS:GOOD.TEST "$ec"
leaf address root IP:127.0.0.1 "$ec"
quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout self.key -out self.pem -days 10 -subj /CN=good.test \
	-addext subjectAltName=DNS:good.test
ca=TRUE cn=Only more='nameConstraints=critical,permitted;DNS:only.test' \
	leaf only root '' "$ec"
leaf underonly only DNS:good.test "$ec"
more='1.2.3.4=critical,ASN1:UTF8String:x' leaf critical root DNS:good.test \
	"$ec"
ca=TRUE cn=Middle leaf middle root '' "$ec"
leaf under middle DNS:good.test "$ec"
cn=NoCA leaf noca root DNS:noca.test "$ec"
leaf undernoca noca DNS:good.test "$ec"
sed 's/$/\r/' root.pem | head -c -2 >crlf.pem
: >empty.pem

# ---- What is served ----------------------------------------------------------

size=$(wc -c <"$capture")
{
	printf 'HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n' "$size"
	cat "$capture"
} >file
{
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n'
	cat "$capture"
} >short
{
	printf 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'
	cat "$capture"
} >open
printf 'HTTP/1.1 302 x\r\nLocation: http://good.test/x\r\n\r\n' >down

port=$((20000 + $$ % 12000)) # below those of clients
# serve CERTIFICATE KEY [options of s_server]
serve() {
	pem=$1 key=$2
	shift 2
	port=$((port + 1))
	: >ready
	openssl s_server -accept "127.0.0.1:$port" -HTTP -cert "$pem.pem" \
		-key "$key.key" -naccept 1 "$@" \
		>ready 2>&1 &
	server=$!
	tries=0
	until grep -q ACCEPT ready || [ $tries -ge 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

# ask WHAT PATTERN HOST FILE [options]: the answer or the error has PATTERN
ask() {
	what=$1 pattern=$2 host=$3 path=$4
	shift 4
	[ $# -gt 0 ] || set -- --ca-file root.pem
	"$asked" analyze_capinfos "https://$host:$port/$path" \
		--allow-host good.test,a.wild.test,a.b.wild.test,other.test \
		--allow-host wild.test --allow-host 127.0.0.1 --fetch-timeout 20 "$@" >out 2>&1
	if grep -q -e "$pattern" out; then
		passed=$((passed + 1))
		echo "ok $passed - $what"
	else
		failed=$((failed + 1))
		echo "not ok - $what: no \"$pattern\""
		head -n 3 out
		tail -n 3 ready
	fi
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	server=
}
good='"packet_count":3'
asked=$program

# ---- Accepted ------------------------------------------------------------------

serve rsa rsa; ask 'RSA 2048' "$good" good.test file
serve rsa4096 rsa4096; ask 'RSA 4096' "$good" good.test file
serve p256 p256; ask 'ECDSA P-256' "$good" good.test file
serve p384 p384; ask 'ECDSA P-384' "$good" good.test file
serve p521 p521; ask 'ECDSA P-521' "$good" good.test file
serve wild wild; ask 'a wildcard' "$good" a.wild.test file
serve p256 p256; ask 'upper case' "$good" GOOD.test file
serve p256 p256; ask 'a final dot' "$good" good.test. file
serve under under -cert_chain middle.pem
ask 'an intermediate' "$good" good.test file
serve cnonly cnonly; ask 'a common name alone' "$good" good.test file
serve p256 p256 -tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305
ask 'ChaCha20' "$good" good.test file
serve rsa rsa -tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384
ask 'AES-256-GCM' "$good" good.test file
serve p256 p256
ask 'authorities with CRLF, without a last line end' "$good" good.test file \
	--ca-file crlf.pem
serve p256 p256
SSL_CERT_FILE=$work/root.pem
export SSL_CERT_FILE
ask 'SSL_CERT_FILE' "$good" good.test file --format json
unset SSL_CERT_FILE
serve p256 p256; ask 'up to close_notify' "$good" good.test open
serve upper upper; ask 'a name in upper case' "$good" good.test file

# ---- Refused ---------------------------------------------------------------------

serve p256 p256; ask 'another host' 'for another name' other.test file
serve sanother sanother
ask 'names beside the common name' 'for another name' good.test file
serve wild wild
ask 'a wildcard for two levels' 'for another name' a.b.wild.test file
serve wild wild
ask 'a wildcard for the name itself' 'for another name' wild.test file
serve address address
ask 'an address that is certified' 'needs a host name' 127.0.0.1 file
serve self self; ask 'signed by itself' 'no authority' good.test file
serve underonly underonly -cert_chain only.pem
ask 'constraints of names' 'not made' good.test file
serve unknown unknown
ask 'an unknown authority' 'no authority' good.test file
serve under under
ask 'an intermediate that is not sent' 'no authority' good.test file
serve undernoca undernoca -cert_chain noca.pem
ask 'a leaf that signs' 'no authority\|damaged, not made' good.test file
serve expired expired; ask 'expired' 'is the clock right' good.test file
serve later later; ask 'not yet valid' 'is the clock right' good.test file
serve sha1 sha1 -cipher DEFAULT@SECLEVEL=0
ask 'signed with SHA-1' 'weaker' good.test file
serve rsa1024 rsa1024 -cipher DEFAULT@SECLEVEL=0
ask 'RSA 1024' 'weaker' good.test file
serve critical critical
ask 'an unknown critical extension' 'not made' good.test file
serve p256 p256 -tls1_3
ask 'TLS 1.3 alone' 'TLS 1.3 alone is not spoken' good.test file
serve rsa rsa -tls1_1 -cipher DEFAULT@SECLEVEL=0
ask 'TLS 1.1 alone' 'no TLS 1.2' good.test file
serve rsa rsa -tls1 -cipher DEFAULT@SECLEVEL=0
ask 'TLS 1.0 alone' 'no TLS 1.2' good.test file
serve p256 p256 -tls1_2 -Verify 1
ask 'a certificate of ours' 'wants a certificate' good.test file
serve rsa rsa -tls1_2 -cipher AES128-GCM-SHA256
ask 'RSA key exchange' 'modern cipher' good.test file
serve rsa rsa -tls1_2 -cipher ECDHE-RSA-AES128-SHA256
ask 'CBC' 'modern cipher' good.test file
serve p256 p256
ask 'no authorities' 'no certificate authorities' good.test file \
	--ca-file empty.pem
serve p256 p256
ask 'a missing file of authorities' 'no certificate authorities' good.test \
	file --ca-file missing.pem
serve p256 p256; ask 'a body cut short' 'less than it ann' good.test short
serve p256 p256; ask 'from https to http' 'https to http' good.test down

# ---- Wrong clocks ------------------------------------------------------------------

asked=$program-clock
export MCPCAP_TEST_CLOCK
MCPCAP_TEST_CLOCK=0
serve long long; ask 'a clock of 1970' "$good" good.test file
serve long long; ask 'and it is told' 'clock is before' good.test file
serve later later; ask '1970 is no excuse' 'is the clock right' good.test file
MCPCAP_TEST_CLOCK=2200000000
serve long long; ask 'a clock of 2039' "$good" good.test file
MCPCAP_TEST_CLOCK=4102444800
serve long long; ask 'a clock of 2100' 'is the clock right' good.test file
unset MCPCAP_TEST_CLOCK
asked=$program

# ---- No TLS -------------------------------------------------------------------------

port=$((port + 1))
"$program" --transport http --port "$port" 2>ready &
server=$!
tries=0
until grep -q 'serving MCP' ready || [ $tries -ge 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
ask 'plain HTTP' 'speaks no TLS' good.test file

# Cut without close_notify: the server dies in the middle.
serve p256 p256
mkfifo pipe
(cat open; sleep 2) >pipe &
(sleep 1; kill -9 "$server") &
ask 'a connection that breaks off' 'connection broke' good.test pipe

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
