# GNU make.  Out of tree: everything lands in build/ (BUILD=DIR to change).
#   make                 build/mcpcap, one static executable
#   make CC=clang        with another compiler; `make clean` in between
#   make SAN=address,undefined CC=gcc   under sanitizers, in build/san-...
VERSION = 1.0.0
PREFIX ?= /usr/local
DESTDIR ?=
Q ?= @
STRIP ?= strip
READELF ?= readelf
OBJCOPY ?= objcopy
NM ?= nm

# musl gives the smaller and the truly static binary (name resolution needs
# no shared library); glibc is the fallback.
ifeq ($(origin CC),default)
CC := $(if $(shell command -v musl-gcc 2>/dev/null),musl-gcc,gcc)
endif

SAN ?=
comma := ,
BUILD ?= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))

# ---- Flags ----------------------------------------------------------------

warnings = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wimplicit-fallthrough
# Asked of the compiler one by one; the answers stand in $(BUILD)/probe.mk.
# With glibc also FORTIFY and CET; musl is not marked for CET, and one file
# without the mark takes it from the whole program.
harden_flags = -fstack-protector-strong -fstack-clash-protection \
	-mbranch-protection=standard \
	-fno-delete-null-pointer-checks -fno-strict-overflow \
	-fno-strict-aliasing -ftrivial-auto-var-init=zero \
	-fstrict-flex-arrays=3 -Wbidi-chars=any -Wtrampolines
# What gcc does even where code shall be small, and makes larger code of it:
small_flags = -fno-ipa-sra -fno-caller-saves -fno-tree-dominator-opts \
	-fno-tree-loop-im -fno-move-loop-invariants -fno-thread-jumps
link_flags = -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now \
	-Wl,-z,separate-code -Wl,--gc-sections -Wl,--build-id=none

ifneq ($(MAKECMDGOALS),clean)
include $(BUILD)/probe.mk
endif

ifneq ($(SAN),)
harden = -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
harden_link =
static =
else
static = -static
endif

# Fast where packets pass, small elsewhere: the program has a budget.
OPT ?= $(if $(filter $(hot),$<),-O2 $(tight),$(small))
hot = $(patsubst %,src/base/%.c,addr arena buf crc32 cursor hash \
	inflate_fast json json_quote md5 number slots span table \
	time) \
	$(patsubst %,src/capture/%.c,pcap pcapng \
	quality) \
	$(patsubst %,src/net/%.c,flow_index flow_match flow_plain \
	flow_plain_tcp flow_pool flow_state packet plain plain_far \
	tcp_analysis tcp_rest tcp_unacked transport walk) \
	$(patsubst %,src/proto/%.c,dispatch dispatch_glance \
	dns_name dns_plain sip sip_address sip_header) \
	$(patsubst %,src/filter/%.c,quick_many) \
	$(patsubst %,src/analysis/%.c,dns dns_domains dns_exchange dns_map \
	dns_pairs pass_count pass_flows pass_glance \
	summary summary_hosts summary_peers)
CFLAGS ?= $(OPT) -g
# Nothing unwinds here; sections so that what nobody calls is left out.
override CFLAGS += -std=c11 $(warnings) $(harden) -fPIE \
	-ffunction-sections -fdata-sections \
	$(if $(SAN),,-fno-asynchronous-unwind-tables -fno-unwind-tables) \
	-ffile-prefix-map=$(CURDIR)/=
CPPFLAGS += -D_GNU_SOURCE -Isrc -DMCPCAP_VERSION='"$(VERSION)"'

# The program is position independent where that is real: on Debian 12
# `musl-gcc -static-pie` silently gives a dynamic one, so for musl the link
# is spelled out.  PIE is what the probe found: musl, yes or no.
ifneq ($(SAN),)
link = $(CC) $(CFLAGS) -o $@ $(1)
else ifeq ($(PIE),musl)
gcc_file = $(shell gcc -print-file-name=$(1))
# Packed relocations and constants save two fifths of the file: src/start.c.
ifeq ($(PACK),yes)
$(BUILD)/src/start.o: CPPFLAGS += -DMCPCAP_START
harden_link += -Wl,-z,pack-relative-relocs -Wl,-e,mcpcap_start
packed = $(BUILD)/packed.o
endif
link = gcc -nostdlib -static-pie -Wl,--no-dynamic-linker,-z,text \
	$(harden_link) -o $@ $(MUSL)/rcrt1.o $(MUSL)/crti.o \
	$(1) -Wl,--start-group $(MUSL)/libc.a \
	$(call gcc_file,libgcc.a) $(call gcc_file,libgcc_eh.a) \
	-Wl,--end-group $(MUSL)/crtn.o
else ifeq ($(PIE),yes)
link = $(CC) $(CFLAGS) -static-pie $(harden_link) -o $@ $(1)
else
link = $(CC) $(CFLAGS) -static $(harden_link) -o $@ $(1)
endif

# ---- Files ----------------------------------------------------------------

sources := $(sort $(wildcard src/*.c src/*/*.c))
headers := $(sort $(wildcard src/*/*.h test/*.h test/build/*.h))
objects := $(sources:%.c=$(BUILD)/%.o)
library := $(filter-out $(BUILD)/src/main.o $(BUILD)/src/start.o,$(objects))
tests := $(sort $(filter-out test/fuzz/% test/peer/% test/build/% \
	test/conformance/% test/soak/% test/bench/%, \
	$(wildcard test/*/*.c)))
test_programs := $(tests:%.c=$(BUILD)/%)
test_scripts := $(filter-out test/run.sh test/peers.sh test/lint.sh \
	test/corpus.sh test/mutants.sh test/cross.sh test/coverage.sh, \
	$(sort $(wildcard test/*.sh)))
# Captures for the tests, built from fixtures/NAME.pcap.txt and the like.
builder := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard test/build/*.c)))
fixtures := $(patsubst %.txt,$(BUILD)/%,$(sort $(wildcard fixtures/*.txt)))

all: $(BUILD)/mcpcap ## build the program

# ---- https ----------------------------------------------------------------

# Only with BEARSSL, a folder with inc/ and build/libbearssl.a: see vendor/.
BEARSSL ?=
# No clock is believed that is older than this.
BUILD_TIME := $(or $(SOURCE_DATE_EPOCH),$(shell \
	git log -1 --format=%ct 2>/dev/null),1795478400)
tls_objects := $(BUILD)/src/fetch/tls_none.o $(BUILD)/src/fetch/tls_trust.o \
	$(BUILD)/src/fetch/tls_bearssl.o
ifneq ($(BEARSSL),)
tls_library := $(BEARSSL)/build/libbearssl.a
$(tls_objects): CPPFLAGS += -DMCPCAP_BEARSSL -isystem $(BEARSSL)/inc \
	-DMCPCAP_BUILD_TIME=$(BUILD_TIME)
endif
# With or without: what was built the other way is built anew.
tls_choice := $(BUILD)/tls.choice
$(tls_objects): $(tls_choice)
ifneq ($(shell cat $(tls_choice) 2>/dev/null),with $(BEARSSL))
$(shell mkdir -p $(BUILD); echo 'with $(BEARSSL)' >$(tls_choice))
endif
$(tls_choice): ;

vendor-bearssl: ## build BearSSL for https, in vendor/bearssl
	@CC="$(CC)" sh vendor/bearssl.sh

# ---- Building --------------------------------------------------------------

$(BUILD)/probe.mk: Makefile
	@mkdir -p $(@D)
	@empty() { printf 'int main(void){return 0;}' | \
		$(CC) -Werror "$$@" -x c - -o $(@D)/probe 2>/dev/null; }; \
	glibc() { printf '#include <stdlib.h>\n#ifndef __GLIBC__\n#error\n' | \
		{ cat; printf '#endif\n'; } | \
		$(CC) -E -x c - >/dev/null 2>&1; }; \
	static_pie() { $(READELF) -h $(@D)/probe | grep -q 'Type: *DYN' && \
		! $(READELF) -l $(@D)/probe | grep -q INTERP; }; \
	musl=$$(sed -n 's|.*"\(/.*\)/musl-gcc.specs.*|\1|p' \
		"$$(command -v $(CC))" 2>/dev/null); \
	{ for f in $(harden_flags); do \
		empty $$f && echo "harden += $$f"; done; \
	for f in $(link_flags); do \
		empty $$f && echo "harden_link += $$f"; done; \
	if glibc; then \
		echo 'harden += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'; \
		empty -fcf-protection=full && \
			echo 'harden += -fcf-protection=full'; \
	fi; \
	empty -Oz && echo 'small = -Oz' || echo 'small = -Os'; \
	for f in $(small_flags); do \
		empty $$f && echo "small += $$f"; done; \
	tight='-falign-functions=1 -falign-loops=1'; \
	empty $$tight && echo "tight = $$tight"; \
	if [ -n "$$musl" ] && [ -e "$$musl/rcrt1.o" ]; then \
		echo "PIE = musl"; echo "MUSL = $$musl"; \
		empty -Wl,-z,pack-relative-relocs && \
			[ "$$($(OBJCOPY) --version; gzip --version)" ] && \
			case $$($(CC) -dumpmachine) in \
			x86_64-*|aarch64-*) echo "PACK = yes"; esac; \
	elif empty -fPIE -static-pie && static_pie; then \
		echo "PIE = yes"; \
	else \
		echo "PIE = no"; \
	fi; } >$@ || true
	@rm -f $(@D)/probe

# What stands in build/mcpcap.debug has symbols; the program has none.
ifneq ($(SAN),)
$(BUILD)/mcpcap: $(objects)
	@echo "  LINK  $@"
	$(Q)$(call link,$(objects) $(tls_library))
else
$(BUILD)/mcpcap.debug: $(objects) $(packed)
	@echo "  LINK  $@"
	$(Q)$(call link,$(objects) $(packed) $(if $(packed),-T src/start.ld) \
		$(tls_library))

# Linked once to see the constants, and once with them packed.
$(BUILD)/unpacked: $(objects) src/start.ld
	@echo "  LINK  $@"
	$(Q)sed 's/(NOLOAD)//' src/start.ld >$@.ld
	$(Q)$(call link,$(objects) -T $@.ld $(tls_library))

section = $(OBJCOPY) -O binary -j $(1) $< $(BUILD)/section && \
	od -An -v -tu1 $(BUILD)/section
address = $$($(NM) $< | sed -n 's/ [A-Z] $(1)$$//p')
$(BUILD)/packed.o: $(BUILD)/unpacked src/start.awk
	@echo "  PACK  $@"
	$(Q)$(call section,.relr.dyn) >$(BUILD)/relr.txt
	$(Q)$(call section,.constants) >$(BUILD)/constants.txt
	$(Q)awk -v base=$$((0x$(call address,start_constants))) \
		-v size=$$((0x$(call address,start_constants_end) - \
		0x$(call address,start_constants))) -f src/start.awk \
		$(BUILD)/relr.txt $(BUILD)/constants.txt >$(BUILD)/constants.s
	$(Q)$(CC) -c -o $(BUILD)/constants.o $(BUILD)/constants.s
	$(Q)$(OBJCOPY) -O binary -j .text $(BUILD)/constants.o \
		$(BUILD)/constants
	$(Q)gzip -9nc $(BUILD)/constants >$(BUILD)/constants.gz
	$(Q)printf '.section .packed,"a"\n.incbin "%s"\n' \
		$(BUILD)/constants.gz | $(CC) -x assembler -c -o $@ -

$(BUILD)/mcpcap: $(BUILD)/mcpcap.debug
	@echo "  STRIP $@"
	$(Q)$(STRIP) -s -o $@ $<
endif

# Members are added, not replaced: two floors may have files of one name.
$(BUILD)/libmcpcap.a: $(library)
	@echo "  AR    $@"
	$(Q)rm -f $@; ar qcsD $@ $^

# Flags stand in the Makefile: what it says anew is compiled anew.
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(test_programs): $(BUILD)/%: %.c $(BUILD)/libtest.a $(BUILD)/libmcpcap.a \
	| $(fixtures)
	@mkdir -p $(@D)
	@echo "  TEST  $@"
	$(Q)$(CC) $(CPPFLAGS) -Itest -DFIXTURES='"$(BUILD)/fixtures"' \
		$(CFLAGS) $(static) $(wrap) -MMD -MP -o $@ $< \
		$(BUILD)/libtest.a $(BUILD)/libmcpcap.a $(tls_library)

# Its own allocator in front of the library's.
$(addprefix $(BUILD)/test/torture/,memory floors): wrap = \
	-Wl,--wrap=malloc,--wrap=calloc -Wl,--wrap=realloc,--wrap=free
$(BUILD)/test/net/flow_pool: wrap = -Wl,--wrap=clock_thread

# The same for calls into the system.
$(BUILD)/test/torture/io: wrap = $(addprefix -Wl$(comma)--wrap=,read pread writev \
	write open fork pipe poll mmap fstat fcntl lseek waitpid ask_file)

libtest := $(patsubst %,$(BUILD)/test/%.o,tap ask ask_file \
	fuzz/packets)
$(BUILD)/libtest.a: $(libtest)
	$(Q)rm -f $@; ar qcsD $@ $^

# The fuzz targets without a fuzzer, over the fixtures.
replay := $(BUILD)/test/fuzz/replay
$(replay): $(filter-out %/fuzzer.c %/packets.c,$(wildcard test/fuzz/*.c)) \
	test/fuzz/target.h test/fuzz/packets.h $(BUILD)/libtest.a \
	$(BUILD)/libmcpcap.a | $(fixtures)
	@mkdir -p $(@D)
	@echo "  TEST  $@"
	$(Q)$(CC) $(CPPFLAGS) -Itest -DFIXTURES='"$(BUILD)/fixtures"' \
		$(CFLAGS) $(static) -o $@ $(filter %.c,$^) \
		$(BUILD)/libtest.a $(BUILD)/libmcpcap.a $(tls_library) -lm

$(BUILD)/test/%.o: CPPFLAGS += -Itest
$(BUILD)/test/peer/%: test/peer/%.c $(BUILD)/libmcpcap.a
	@mkdir -p $(@D)
	@echo "  PEER  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(static) -o $@ $< \
		$(BUILD)/libmcpcap.a $(tls_library)

# The program with a clock that can be set wrong.
$(BUILD)/mcpcap-clock: $(objects) $(BUILD)/test/peer/clock.o \
	$(if $(packed),$(BUILD)/unpacked)
	@echo "  LINK  $@"
	$(Q)$(call link,$(objects) $(BUILD)/test/peer/clock.o \
		$(if $(packed),-T $(BUILD)/unpacked.ld) \
		-Wl$(comma)--wrap=clock_now $(tls_library))

# A server with what the conformance suite expects, on our own layers.
$(BUILD)/conformance: $(sort $(wildcard test/conformance/*.[ch])) \
	$(BUILD)/libmcpcap.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CPPFLAGS) -Itest/conformance $(CFLAGS) $(static) -o $@ \
		$(filter %.c %.a,$^) $(tls_library)

$(BUILD)/fixture: $(builder)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(static) -o $@ $^

$(fixtures): $(BUILD)/fixtures/%: fixtures/%.txt $(BUILD)/fixture
	@mkdir -p $(@D)
	$(Q)ASAN_OPTIONS=detect_leaks=0 $(BUILD)/fixture $< $@

fixtures: $(fixtures) ## build the captures of the tests

# ---- Tests ----------------------------------------------------------------

test: $(BUILD)/mcpcap $(fixtures) $(test_programs) $(replay) ## run all tests
	@BUILD=$(BUILD) SAN=$(SAN) CC="$(CC)" sh test/run.sh \
		$(test_programs) $(replay) $(test_scripts)

# Installs what it needs (apt, npm) and asks real MCP clients.
test-peers: $(BUILD)/mcpcap $(BUILD)/conformance $(fixtures) ## run our server against SDK clients
	@BUILD=$(BUILD) sh test/peers.sh

# A second program, with BearSSL in it, against openssl's server.
test-tls: ## https against openssl (fetches and builds BearSSL)
	@[ -e vendor/bearssl/build/libbearssl.a ] || $(MAKE) vendor-bearssl
	@$(MAKE) BUILD=$(BUILD)/tls BEARSSL=vendor/bearssl all fixtures \
		$(BUILD)/tls/mcpcap-clock
	@BUILD=$(BUILD)/tls sh test/peers/tls.sh

# make soak [SOAK_SECONDS=300], with wrk.
$(BUILD)/test/soak/slow: test/soak/slow.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(static) -o $@ $<
soak: $(BUILD)/mcpcap $(BUILD)/test/soak/slow $(fixtures) ## serve many clients beside 500 slow ones
	@BUILD=$(BUILD) sh test/soak/run.sh

lint: ## clang-tidy, cppcheck, shellcheck, mandoc, clang-format
	@sh test/lint.sh

# make fuzz [FUZZ_SECONDS=60]: every target for so long, with clang.
FUZZ_SECONDS ?= 60
fuzz: ## feed the parsers with noise
	@FUZZ_SECONDS=$(FUZZ_SECONDS) sh test/fuzz/run.sh

# Patches that break something: the tests have to notice each.
mutants: ## see that the tests catch seeded defects
	@sh test/mutants.sh

cross: ## the same answers from all compilers, libcs and machines
	@sh test/cross.sh

coverage: ## lines and branches of the floors that parse
	@sh test/coverage.sh

# Captures and programs of the benchmarks stay in $(BUILD)/bench.
bench_tools := $(BUILD)/bench/generate $(BUILD)/bench/measure
$(BUILD)/bench/generate: $(sort $(filter-out %/measure.c %/question.c, \
	$(wildcard test/bench/*.c))) $(wildcard test/bench/*.h)
$(BUILD)/bench/measure: test/bench/measure.c
$(bench_tools):
	@mkdir -p $(@D)
	@echo "  BENCH $@"
	$(Q)$(CC) $(CPPFLAGS) -Itest -std=c11 $(warnings) -O2 -o $@ \
		$(filter %.c,$^)

$(BUILD)/bench/question: test/bench/question.c $(BUILD)/libmcpcap.a
	@mkdir -p $(@D)
	@echo "  BENCH $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(static) -o $@ $^ $(tls_library)

bench: $(BUILD)/mcpcap $(bench_tools) ## our speed beside cat and the peers (BENCH_SIZE=10: quick)
	@BUILD=$(BUILD) sh test/bench/run.sh

# On 10 MB under callgrind.
bench-instructions: $(bench_tools) $(BUILD)/bench/question ## instructions a packet, within a budget
	@BUILD=$(BUILD) sh test/bench/instructions.sh

bench-peers: ## install those peers (apt)
	@sh test/bench/run.sh peers

# ---- Installation ---------------------------------------------------------

completions := $(DESTDIR)$(PREFIX)/share
install: $(BUILD)/mcpcap ## into DESTDIR and PREFIX, default /usr/local
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man7 \
		$(completions)/bash-completion/completions \
		$(completions)/fish/vendor_completions.d \
		$(completions)/zsh/site-functions
	install -m 755 $(BUILD)/mcpcap $(DESTDIR)$(PREFIX)/bin/mcpcap
	install -m 644 man/mcpcap.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/mcpcap-tools.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	$(BUILD)/mcpcap completion bash \
		>$(completions)/bash-completion/completions/mcpcap
	$(BUILD)/mcpcap completion fish \
		>$(completions)/fish/vendor_completions.d/mcpcap.fish
	$(BUILD)/mcpcap completion zsh \
		>$(completions)/zsh/site-functions/_mcpcap

uninstall: ## take out what install put in
	rm -f $(DESTDIR)$(PREFIX)/bin/mcpcap \
		$(DESTDIR)$(PREFIX)/share/man/man1/mcpcap.1 \
		$(DESTDIR)$(PREFIX)/share/man/man7/mcpcap-tools.7 \
		$(completions)/bash-completion/completions/mcpcap \
		$(completions)/fish/vendor_completions.d/mcpcap.fish \
		$(completions)/zsh/site-functions/_mcpcap

man/mcpcap-tools.7: $(BUILD)/mcpcap
	$(BUILD)/mcpcap --man >$@

man: man/mcpcap-tools.7 ## write the page of the tools anew

clean: ## remove what was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | \
		awk -F '\t' '{ printf "  make %-18s %s\n", $$1, $$2 }'

-include $(objects:.o=.d) $(builder:.o=.d) $(libtest:.o=.d) \
	$(test_programs:=.d)
.PHONY: all bench bench-instructions bench-peers clean coverage cross fixtures fuzz help install lint man man/mcpcap-tools.7 \
	mutants soak test test-peers test-tls uninstall vendor-bearssl
