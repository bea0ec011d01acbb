#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/http/listener/body_source.h"

namespace vereda::http {

/// The most that a source is asked for at once: one record of TLS.
inline constexpr std::size_t body_piece_max = 16 * 1024;

/// A body on its way out: asks its source, counts, and frames what it gets (RFC 9112 §7.1).
class OutgoingBody {
  public:
    /// `size` is what was announced; without it, the body goes in chunks. No source, no bytes.
    OutgoingBody(std::unique_ptr<BodySource> source, std::optional<std::uint64_t> size)
        : source_(std::move(source)), left_(size) {}

    void begin(Wake wake);

    struct Piece {
        std::string bytes;  ///< As they are sent; perhaps none.
        BodyState state = BodyState::ended;
    };
    /// The next bytes. Throws what the source throws, and std::runtime_error when it breaks its
    /// word: too many bytes, fewer than announced, or `more` without a byte.
    [[nodiscard]] Piece next();

  private:
    [[nodiscard]] Piece counted(const Bytes& bytes, BodyState state);

    std::unique_ptr<BodySource> source_;
    std::optional<std::uint64_t> left_;
};

}  // namespace vereda::http
