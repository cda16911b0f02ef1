#include "base/hash.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/number.h"
#include "base/table.h"
#include "base/word.h"

#define SECRET_WORDS 4

/* The process's secret: drawn once, then only read. */
static struct {
	uint64_t words[SECRET_WORDS];
	bool drawn;
} secret;

static __attribute__((cold)) bool
draw(void *p, size_t n)
{
	ssize_t got = getrandom(p, n, 0);
	int file;

	if (got == (ssize_t)n)
		return true;
	file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	got = read(file, p, n);
	close(file);
	return got == (ssize_t)n;
}

__attribute__((cold)) void
hash_key_init(void)
{
	struct {
		struct timestamp now;
		int64_t clock;
		const void *stack;
		pid_t process;
	} weak;

	if (secret.drawn)
		return;
	secret.drawn = true;
	if (draw(secret.words, sizeof(secret.words)))
		return;
	/* No generator at all: what a stranger can at least not see. */
	memset(&weak, 0, sizeof(weak));
	weak.now = clock_now();
	weak.clock = clock_monotonic();
	weak.stack = &weak;
	weak.process = getpid();
	for (uint64_t i = 0; i < SECRET_WORDS; i++)
		secret.words[i] = hash_sip(span_of(&weak, sizeof(weak)), i, ~i);
}

static inline uint64_t
rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

struct sip {
	uint64_t a, b, c, d;
};

static inline void
sip_round(struct sip *s)
{
	s->a += s->b;
	s->c += s->d;
	s->b = rotate(s->b, 13) ^ s->a;
	s->d = rotate(s->d, 16) ^ s->c;
	s->a = rotate(s->a, 32);
	s->c += s->b;
	s->a += s->d;
	s->b = rotate(s->b, 17) ^ s->c;
	s->d = rotate(s->d, 21) ^ s->a;
	s->c = rotate(s->c, 32);
}

/* The last bytes, fewer than eight, and the length above them. */
static inline uint64_t
sip_tail(struct span s)
{
	size_t rest = s.n % 8;
	uint64_t word = (uint64_t)s.n << 56;

	if (rest == 0)
		return word;
	if (s.n >= 8)
		return word | word_le64(s.p + s.n - 8) >> (64 - 8 * rest);
	for (size_t i = 0; i < rest; i++)
		word |= (uint64_t)s.p[i] << (8 * i);
	return word;
}

uint64_t
hash_sip(struct span s, uint64_t key_low, uint64_t key_high)
{
	struct sip state = {
		key_low ^ UINT64_C(0x736f6d6570736575),
		key_high ^ UINT64_C(0x646f72616e646f6d),
		key_low ^ UINT64_C(0x6c7967656e657261),
		key_high ^ UINT64_C(0x7465646279746573),
	};
	size_t whole = s.n - s.n % 8;
	uint64_t word;

	for (size_t i = 0; i < whole; i += 8) {
		word = word_le64(s.p + i);
		state.d ^= word;
		sip_round(&state);
		state.a ^= word;
	}
	word = sip_tail(s);
	state.d ^= word;
	sip_round(&state);
	state.a ^= word;
	state.c ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&state);
	return state.a ^ state.b ^ state.c ^ state.d;
}

/* Each word meets its own secret before it is multiplied, so that nobody
 * outside can choose a factor. */
static inline __attribute__((always_inline)) uint64_t
words_hash(const uint64_t *words, size_t n)
{
	const uint64_t *key = secret.words;
	uint64_t hash = key[0] ^ n;
	size_t i = 0;

	for (; i + 1 < n; i += 2)
		hash = fold(words[i] ^ key[1], words[i + 1] ^ key[2] ^ hash);
	if (i < n)
		hash = fold(words[i] ^ key[1], key[2] ^ hash);
	return fold(hash ^ key[3], key[0] ^ UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t
hash_word(uint64_t word)
{
	return words_hash(&word, 1);
}

static __attribute__((noinline)) uint64_t
many_hash(const uint64_t *words, size_t n)
{
	return words_hash(words, n);
}

/* Most keys have few words: without a loop. */
uint64_t
hash_words(const uint64_t *words, size_t n)
{
	switch (n) {
	case 2:
		return words_hash(words, 2);
	case 3:
		return words_hash(words, 3);
	}
	return many_hash(words, n);
}

/* The last bytes, at most sixteen, as two words that may overlap. */
static inline void
text_tail(struct span s, uint64_t words[2])
{
	const uint8_t *end = s.p + s.n;

	if (s.n >= 16) {
		words[0] = word_le64(end - 16);
		words[1] = word_le64(end - 8);
	} else if (s.n >= 8) {
		words[0] = word_le64(s.p);
		words[1] = word_le64(end - 8);
	} else if (s.n >= 4) {
		words[0] = word_le32(s.p);
		words[1] = word_le32(end - 4);
	} else {
		words[0] = s.n == 0 ? 0 : (uint64_t)s.p[0] << 16 |
		    (uint64_t)s.p[s.n / 2] << 8 | s.p[s.n - 1];
		words[1] = 0;
	}
}

uint64_t
hash_text(struct span s)
{
	const uint64_t *key = secret.words;
	uint64_t hash = key[0], words[2];

	for (size_t i = 0; i + 16 < s.n; i += 16)
		hash = fold(word_le64(s.p + i) ^ key[1],
		    word_le64(s.p + i + 8) ^ key[2] ^ hash);
	text_tail(s, words);
	hash = fold(words[0] ^ key[1], words[1] ^ key[2] ^ hash);
	/* The length not before this: a text could undo it. */
	return fold(hash ^ key[3], key[0] ^ UINT64_C(0x9e3779b97f4a7c15) ^ s.n);
}

uint64_t
hash_bytes(struct span s)
{
	return hash_sip(s, secret.words[0], secret.words[1]);
}

__attribute__((cold)) struct fold_key
fold_key_make(void)
{
	hash_key_init();
	return (struct fold_key){ { secret.words[1], secret.words[2] } };
}
