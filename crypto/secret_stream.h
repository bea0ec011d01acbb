#pragma once

#include <expected>

#include "crypto/bytes.h"
#include "crypto/secret_bytes.h"

namespace vereda::crypto {

/// A file sealed in order, chunk by chunk, with an end that cannot be cut off unnoticed.
/// Layout: 24-byte header, then chunks of ciphertext, each 17 bytes longer than its plaintext.
/// Source: libsodium crypto_secretstream_xchacha20poly1305. `associated` binds every chunk to its
/// place of use.
class StreamSealer {
  public:
    static constexpr std::size_t header_size = 24;
    static constexpr std::size_t chunk_overhead = 17;

    /// `key` is 32 bytes; the header is drawn from the system's entropy.
    StreamSealer(ByteView key, ByteView associated);
    StreamSealer(const StreamSealer&) =
        delete;  // two sealers in one state would seal two chunks alike
    StreamSealer& operator=(const StreamSealer&) = delete;
    ~StreamSealer();
    [[nodiscard]] ByteArray<header_size> header() const { return header_; }
    /// The next chunk; `last` ends the stream, and nothing may follow.
    [[nodiscard]] Bytes seal(ByteView plain, bool last);

  private:
    // crypto_secretstream_xchacha20poly1305_state: 52 bytes (checked in secret_stream.cpp).
    alignas(16) std::uint8_t state_[64];
    ByteArray<header_size> header_{};
    Bytes associated_;
    bool ended_ = false;
};

/// Opens what a `StreamSealer` sealed. A file is whole only if its chunks ran out just when `ended`
/// became true.
class StreamOpener {
  public:
    enum class OpenError { does_not_open };
    struct Chunk {
        Bytes plain;
        bool last = false;
    };

    StreamOpener(
        ByteView key, ByteView associated, const ByteArray<StreamSealer::header_size>& header);
    StreamOpener(const StreamOpener&) = delete;
    StreamOpener& operator=(const StreamOpener&) = delete;
    ~StreamOpener();
    /// Error: `does_not_open` for a changed, reordered or foreign chunk, and for any chunk after
    /// the last.
    [[nodiscard]] std::expected<Chunk, OpenError> open(ByteView sealed);
    /// True once the last chunk has been opened.
    [[nodiscard]] bool ended() const { return ended_; }

  private:
    alignas(16) std::uint8_t state_[64];
    Bytes associated_;
    bool ended_ = false;
};

}  // namespace vereda::crypto
