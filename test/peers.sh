#!/bin/sh
# Our server against real MCP clients and the conformance suite, which npm
# installs into BUILD/peers.
set -e
build=$(cd "${BUILD:-build}" && pwd)
command -v npm >/dev/null || {
	apt-get update -qq && apt-get install -y -qq nodejs npm
}
mkdir -p "$build/peers"
cp test/peers/*.mjs test/peers/package*.json "$build/peers"
cd "$build/peers"
npm ci --no-audit --no-fund --silent
status=0
node clients.mjs "$build/mcpcap" "$build/fixtures/dns-basic.pcap" ||
	status=1
node conformance.mjs "$build/conformance" "$build/mcpcap" || status=1
exit $status
