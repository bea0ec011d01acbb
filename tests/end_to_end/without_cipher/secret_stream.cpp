#include "crypto/secret_stream.h"

#include <cstring>

#include "crypto/entropy.h"
#include "tests/end_to_end/without_cipher/stand_in.h"

namespace vereda::crypto {
namespace {

using namespace without_cipher;

// The 64 bytes of state: the key, and the number of the chunk.
constexpr std::size_t key_size = 32;

void begin(std::uint8_t (&state)[64], ByteView key, ByteView header) {
    std::memset(state, 0, sizeof(state));
    const Hash bound = blake2b_256(header, key);
    std::copy(bound.begin(), bound.end(), state);
}

// Of the next chunk: its own bytes, first whether it is the last, then the plaintext.
Tag next_tag(std::uint8_t (&state)[64], ByteView associated, ByteView chunk) {
    ++state[key_size];
    if (state[key_size] == 0) ++state[key_size + 1];
    const ByteView all(state);
    return tag_of(all.first(key_size), {all.subspan(key_size), associated, chunk});
}

}  // namespace

StreamSealer::StreamSealer(ByteView key, ByteView associated)
    : associated_(associated.begin(), associated.end()) {
    SystemEntropy().fill(header_);
    begin(state_, key, header_);
}

StreamSealer::~StreamSealer() { wipe(state_); }

Bytes StreamSealer::seal(ByteView plain, bool last) {
    ended_ = last;
    Bytes chunk{static_cast<std::uint8_t>(last)};
    append(chunk, plain);
    append(chunk, next_tag(state_, associated_, chunk));
    return chunk;
}

StreamOpener::StreamOpener(
    ByteView key, ByteView associated, const ByteArray<StreamSealer::header_size>& header)
    : associated_(associated.begin(), associated.end()) {
    begin(state_, key, header);
}

StreamOpener::~StreamOpener() { wipe(state_); }

std::expected<StreamOpener::Chunk, StreamOpener::OpenError> StreamOpener::open(ByteView sealed) {
    constexpr auto refusal = OpenError::does_not_open;
    if (ended_ || sealed.size() < StreamSealer::chunk_overhead) return std::unexpected(refusal);
    const ByteView chunk = sealed.first(sealed.size() - sizeof(Tag));
    if (!ends_with(sealed, next_tag(state_, associated_, chunk))) return std::unexpected(refusal);
    ended_ = chunk[0] != 0;
    return Chunk{.plain = Bytes(chunk.begin() + 1, chunk.end()), .last = ended_};
}

}  // namespace vereda::crypto
