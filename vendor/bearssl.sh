#!/bin/sh
# Builds vendor/bearssl/build/libbearssl.a: see vendor/README.md.
set -eu
cd "$(dirname "$0")"
cc=${CC:-cc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# With lists and sources of our own; the system's stay as they are.
from_debian() {
	echo "deb-src ${DEBIAN_MIRROR:-http://deb.debian.org/debian}" \
		"bookworm main" >"$scratch/list"
	mkdir -p "$scratch/lists/partial" "$scratch/cache" "$scratch/parts"
	for command in update 'source --download-only bearssl'; do
		# shellcheck disable=SC2086 # words of a command
		(cd "$scratch" && apt-get -qq \
			-o Dir::Etc::sourcelist="$scratch/list" \
			-o Dir::Etc::sourceparts="$scratch/parts" \
			-o Dir::State::lists="$scratch/lists" \
			-o Dir::Cache="$scratch/cache" \
			-o APT::Sandbox::User= $command)
	done
	mv "$scratch/bearssl_0.6+dfsg.1.orig.tar.xz" .
}

source='bearssl_0.6+dfsg.1.orig.tar.xz'
[ -e "$source" ] || from_debian
sum=$(sha256sum <"$source" | cut -d ' ' -f 1)
grep -q "^$sum  $source\$" bearssl.sha256 || {
	echo "vendor/$source has another checksum than bearssl.sha256" >&2
	exit 1
}

rm -rf bearssl
mkdir bearssl
tar -xf "$source" -C bearssl --strip-components=1
# Code in sections, so that only what is used is linked.
flags='-Os -fPIE -w -ffunction-sections -fdata-sections'
flags="$flags -fstack-protector-strong -fno-asynchronous-unwind-tables"
flags="$flags -fno-unwind-tables"
make -s -C bearssl lib CC="$cc" DLL=no TOOLS=no TESTS=no \
	CFLAGS="$flags" >/dev/null
ls -l bearssl/build/libbearssl.a
