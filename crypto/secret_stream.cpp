#include "crypto/secret_stream.h"

#include <sodium.h>

#include "crypto/assert.h"
#include "crypto/sodium_ready.h"

namespace vereda::crypto {
namespace {

using State = crypto_secretstream_xchacha20poly1305_state;
constexpr std::size_t key_size = crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr unsigned char tag_message = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
constexpr unsigned char tag_last = crypto_secretstream_xchacha20poly1305_TAG_FINAL;

static_assert(StreamSealer::header_size == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(StreamSealer::chunk_overhead == crypto_secretstream_xchacha20poly1305_ABYTES);

template <std::size_t size>
State* state_in(std::uint8_t (&memory)[size]) {
    static_assert(sizeof(State) <= size && alignof(State) <= 16);
    return reinterpret_cast<State*>(memory);
}

}  // namespace

StreamSealer::StreamSealer(ByteView key, ByteView associated)
    : associated_(associated.begin(), associated.end()) {
    VEREDA_ASSERT(key.size() == key_size);
    ensure_sodium_ready();
    crypto_secretstream_xchacha20poly1305_init_push(state_in(state_), header_.data(), key.data());
}

StreamSealer::~StreamSealer() { wipe(state_); }

Bytes StreamSealer::seal(ByteView plain, bool last) {
    VEREDA_ASSERT(!ended_);
    ended_ = last;
    Bytes sealed(plain.size() + chunk_overhead);
    crypto_secretstream_xchacha20poly1305_push(
        state_in(state_), sealed.data(), nullptr, plain.data(), plain.size(), associated_.data(),
        associated_.size(), last ? tag_last : tag_message);
    return sealed;
}

StreamOpener::StreamOpener(
    ByteView key, ByteView associated, const ByteArray<StreamSealer::header_size>& header)
    : associated_(associated.begin(), associated.end()) {
    VEREDA_ASSERT(key.size() == key_size);
    ensure_sodium_ready();
    crypto_secretstream_xchacha20poly1305_init_pull(state_in(state_), header.data(), key.data());
}

StreamOpener::~StreamOpener() { wipe(state_); }

std::expected<StreamOpener::Chunk, StreamOpener::OpenError> StreamOpener::open(ByteView sealed) {
    constexpr auto refusal = OpenError::does_not_open;
    if (ended_ || sealed.size() < StreamSealer::chunk_overhead) return std::unexpected(refusal);
    Chunk chunk{.plain = Bytes(sealed.size() - StreamSealer::chunk_overhead)};
    unsigned char tag = 0;
    const int refused = crypto_secretstream_xchacha20poly1305_pull(
        state_in(state_), chunk.plain.data(), nullptr, &tag, sealed.data(), sealed.size(),
        associated_.data(), associated_.size());
    if (refused != 0) return std::unexpected(refusal);
    if (tag != tag_message && tag != tag_last) return std::unexpected(refusal);
    ended_ = chunk.last = tag == tag_last;
    return chunk;
}

}  // namespace vereda::crypto
