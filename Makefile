# GNU make.  Out of tree: everything lands in build/ (BUILD=DIR to change).
#   make                 build/mcpcap, one static executable
#   make SAN=address,undefined   the same under sanitizers, in build/san-...
VERSION = 1.0.0
PREFIX ?= /usr/local
DESTDIR ?=
Q ?= @

# musl gives the smaller and the truly static binary (name resolution needs
# no shared library); glibc is the fallback.
ifeq ($(origin CC),default)
CC := $(if $(shell command -v musl-gcc 2>/dev/null),musl-gcc,gcc)
endif

SAN ?=
comma := ,
BUILD ?= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))

warnings = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wimplicit-fallthrough
# $(call probe,FLAG): FLAG when this compiler takes it without a word.
probe = $(shell printf 'int main(void){return 0;}' | \
	$(CC) -Werror $(1) -x c - -o /dev/null >/dev/null 2>&1 && echo "$(1)")

ifeq ($(SAN),)
harden := $(foreach f,-fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-delete-null-pointer-checks \
	-fno-strict-overflow -fno-strict-aliasing \
	-ftrivial-auto-var-init=zero -fzero-call-used-regs=skip \
	-U_FORTIFY_SOURCE,$(call probe,$(f)))
harden_link := $(foreach f,-Wl$(comma)-z$(comma)noexecstack \
	-Wl$(comma)-z$(comma)relro -Wl$(comma)-z$(comma)now \
	-Wl$(comma)-z$(comma)separate-code,$(call probe,$(f)))
static = -static
else
harden = -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
harden_link =
static =
endif

OPT ?= -O2
CFLAGS ?= $(OPT) -g
override CFLAGS += -std=c11 $(warnings) $(harden) -fPIE \
	-ffile-prefix-map=$(CURDIR)/=
CPPFLAGS += -D_GNU_SOURCE -Isrc -DMCPCAP_VERSION='"$(VERSION)"'

sources := $(sort $(wildcard src/*.c src/*/*.c))
objects := $(sources:%.c=$(BUILD)/%.o)
library := $(filter-out $(BUILD)/src/main.o,$(objects))
tests := $(sort $(filter-out test/fuzz/% test/peer/% test/build/%, \
	$(wildcard test/*/*.c)))
test_programs := $(tests:%.c=$(BUILD)/%)
# Captures for the tests, built from fixtures/NAME.pcap.txt and the like.
builder := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard test/build/*.c)))
fixtures := $(patsubst %.txt,$(BUILD)/%,$(sort $(wildcard fixtures/*.txt)))

all: $(BUILD)/mcpcap ## build the program

$(BUILD)/mcpcap: $(objects)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(harden_link) $(static) -o $@ $^

$(BUILD)/libmcpcap.a: $(library)
	@echo "  AR    $@"
	$(Q)rm -f $@; ar rcsD $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(test_programs): $(BUILD)/%: %.c $(BUILD)/test/tap.o $(BUILD)/libmcpcap.a \
	| $(fixtures)
	@mkdir -p $(@D)
	@echo "  TEST  $@"
	$(Q)$(CC) $(CPPFLAGS) -Itest -DFIXTURES='"$(BUILD)/fixtures"' \
		$(CFLAGS) $(static) -MMD -MP -o $@ $< \
		$(BUILD)/test/tap.o $(BUILD)/libmcpcap.a

$(BUILD)/test/%.o: CPPFLAGS += -Itest

$(BUILD)/test/peer/%: test/peer/%.c $(BUILD)/libmcpcap.a
	@mkdir -p $(@D)
	@echo "  PEER  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(static) -o $@ $< \
		$(BUILD)/libmcpcap.a

$(BUILD)/fixture: $(builder)
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(static) -o $@ $^

$(fixtures): $(BUILD)/fixtures/%: fixtures/%.txt $(BUILD)/fixture
	@mkdir -p $(@D)
	$(Q)ASAN_OPTIONS=detect_leaks=0 $(BUILD)/fixture $< $@

fixtures: $(fixtures) ## build the captures of the tests

clean: ## remove what was built
	rm -rf build

-include $(objects:.o=.d) $(builder:.o=.d) $(test_programs:=.d)
.PHONY: all clean fixtures
