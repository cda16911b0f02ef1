#!/bin/sh
# make cross: the same answers, byte for byte, from gcc and clang, -O0 and -O2,
# musl and glibc, and from other machines under qemu-user where Debian's cross
# compilers and qemu-user are installed:
#	apt-get install gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf \
#		gcc-powerpc-linux-gnu qemu-user
set -u
cd "$(dirname "$0")/.." || exit 1
out=build/cross
fixtures=$PWD/build/fixtures
jobs=${JOBS:-2}
passed=0 failed=0
mkdir -p "$out" && make -s fixtures || exit 1
sources=$(echo src/*/*.c)

build() { # NAME COMPILER FLAGS...
	name=$1
	shift
	mkdir -p "$out/$name"
	# Objects know of their source alone.
	[ -z "$(find src test -name '*.h' -newer "$out/$name/answers" \
		2>/dev/null)" ] || rm -f "$out/$name"/*.o
	# shellcheck disable=SC2016,SC2086
	printf '%s\n' $sources |
		NAME="$name" CMD="$*" xargs -P "$jobs" -I{} sh -c '
		o=build/cross/$NAME/$(echo {} | tr / _).o
		[ "$o" -nt {} ] || $CMD -std=c11 -w -D_GNU_SOURCE -Isrc \
			-fno-strict-aliasing -DMCPCAP_VERSION="\"1.0.0\"" \
			-c -o "$o" {}' || return 1
	"$@" -w -D_GNU_SOURCE -Isrc -Itest -o "$out/$name/answers" \
		test/answers.c test/ask.c test/ask_file.c "$out/$name"/src_*.o -lm
}

# NAME RUNNER: all answers, as one text.
answers() {
	name=$1
	shift
	"$@" "$out/$name/answers" "$fixtures"/* >"$out/$name.txt" 2>&1
	if [ "$name" = reference ]; then
		echo "  ok  reference: $(wc -l <"$out/$name.txt") answers"
		return
	fi
	if cmp -s "$out/reference.txt" "$out/$name.txt"; then
		echo "  ok  $name"
		passed=$((passed + 1))
	else
		echo "FAIL  $name answers otherwise:"
		diff "$out/reference.txt" "$out/$name.txt" | cut -c 1-300 |
			head -n 4
		failed=$((failed + 1))
	fi
}
have() { command -v "$1" >/dev/null 2>&1; }

build reference gcc -O2 && answers reference env || exit 1
while read -r name runner command; do
	case $name in '' | '#'*) continue ;; esac
	[ -z "${CROSS:-}" ] || case " $CROSS " in *" $name "*) ;; *) continue ;;
	esac
	if ! have "${command%% *}" || ! have "$runner"; then
		echo "skip  $name: no ${command%% *} or no $runner"
		continue
	fi
	# shellcheck disable=SC2086
	if build "$name" $command >"$out/$name.log" 2>&1; then
		answers "$name" "$runner"
	else
		echo "FAIL  $name does not build:"
		head -n 5 "$out/$name.log"
		failed=$((failed + 1))
	fi
done <<'END'
gcc-O0 env gcc -O0
gcc-Os env gcc -Os
clang-O0 env clang -O0
clang-O2 env clang -O2
musl env musl-gcc -O2 -static
aarch64 qemu-aarch64 aarch64-linux-gnu-gcc -O2 -static
arm qemu-arm arm-linux-gnueabihf-gcc -O2 -static
powerpc-big-endian qemu-ppc powerpc-linux-gnu-gcc -O2 -static
s390x-big-endian qemu-s390x s390x-linux-gnu-gcc -O2 -static
END
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
