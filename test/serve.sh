#!/bin/sh
# What an HTTP server refuses to begin with, and what it says to add.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
program=$BUILD/mcpcap
passed=0 failed=0
work=$(mktemp -d) || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
err=$work/err

verdict() { # verdict STATUS
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - $what: $2"
		head -n 3 "$err"
	fi
}

# refuses 'PATTERN' OPTION...: ends with status 2 and says that.
refuses() {
	pattern=$1
	shift
	what="--transport http $*"
	timeout 10 "$program" --transport http --port 0 "$@" \
		</dev/null >/dev/null 2>"$err"
	status=$?
	[ "$status" -eq 2 ]
	verdict $? "status $status"
	grep -q -e "$pattern" "$err"
	verdict $? "no \"$pattern\""
}
says_not() {
	! grep -q -e "$1" "$err"
	verdict $? "says $1"
}
# A server, and a moment for it to begin.
start() {
	: >"$err"
	"$program" --transport http --port 0 "$@" </dev/null 2>"$err" &
	server=$!
	tries=0
	until grep -q 'serving MCP' "$err" || [ $tries -ge 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}
serves() {
	what="--transport http $*"
	start "$@"
	grep -q 'serving MCP' "$err"
	verdict $? 'does not serve'
	kill "$server" 2>/dev/null
	wait "$server"
	status=$?
	server=
	[ "$status" -eq 0 ]
	verdict $? "ends with status $status"
}

mkdir root
printf '0123456789abcdef0123456789abcdef' >token
chmod 600 token
for mode in 640 604 620 602 610; do
	cp token "token-$mode"
	chmod $mode "token-$mode"
done
printf '0123456789abcdef0123456789abcde\n' >short
: >blank
chmod 600 short blank
ln -s token link
mkfifo -m 600 pipe
head -c 2000 /dev/zero | tr '\0' a >long
chmod 600 long

# Others can come: a token or the word of the operator, and a folder.
for host in 0.0.0.0 :: 192.0.2.1 ::ffff:127.0.0.1 128.0.0.1; do
	refuses 'add --token-file FILE' --host "$host"
	refuses 'or --no-auth' --host "$host"
	refuses 'add --root FOLDER' --host "$host"
	refuses 'add --token-file FILE' --host "$host" --root root
	says_not 'add --root'
	refuses 'add --root FOLDER' --host "$host" --token-file token
	says_not 'add --token-file'
	refuses 'add --root FOLDER' --host "$host" --no-auth
	says_not 'add --token-file'
done
refuses 'give an IPv4 or IPv6 address' --host captures.example
refuses 'give an IPv4 or IPv6 address' --host 127.1
refuses 'is not accepted; give ADDRESS' --host ''
refuses 'cannot open this folder' --root missing
refuses 'cannot open this folder' --root token

# Whose place is taken is told which it is.
start
port=$(sed -n 's|.*://127.0.0.1:\([0-9]*\)/mcp.*|\1|p' "$err")
refuses "^mcpcap: error: --host 127.0.0.1 --port $port: cannot listen: " \
	--port "$port"
kill "$server"
wait "$server"
server=

# A token is a secret.
for mode in 640 604 620 602 610; do
	refuses 'chmod 600' --token-file "token-$mode"
done
refuses 'cannot be read' --token-file missing
refuses 'regular file' --token-file root
refuses 'regular file' --token-file pipe
refuses 'at least 32' --token-file short
refuses 'at least 32' --token-file blank
refuses 'at most 1023' --token-file long
serves --token-file token
serves --token-file link
serves --host 0.0.0.0 --root root --token-file token
serves --host 0.0.0.0 --root root --no-auth
serves --host 127.0.0.2
serves --host localhost
[ ! -e /proc/net/if_inet6 ] || serves --host ::1

# A socket file is made, and nothing else is put out of its way.
serves --unix socket
what='the socket file'
[ ! -e socket ]
verdict $? 'is still there'
echo mine >file
refuses '--unix file: cannot listen: ' --unix file
what='a file in the way'
[ "$(cat file)" = mine ]
verdict $? 'is gone'
refuses 'cannot listen' --unix missing/socket
refuses '1 to 107' --unix "$(head -c 120 long)"
"$program" --transport http --unix busy </dev/null 2>"$err" &
server=$!
tries=0
until [ -S busy ] || [ $tries -ge 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
refuses 'cannot listen' --unix busy
what='the socket of another server'
[ -S busy ]
verdict $? 'is gone'
kill "$server"
wait "$server"
server=

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
