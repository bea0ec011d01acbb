#pragma once

#include <cstddef>
#include <expected>

#include "crypto/bytes.h"

/// Compression and padding of a block's plain bytes.
///
///     packed = u32 length of the frame | one zstd frame | zeros
///     |packed| = max(256, Padmé(4 + frame)), so that a size tells little of what is inside
///
///     frame, as far as it is restricted (RFC 8878 §3.1.1):
///     magic 28 b5 2f fd | descriptor | window descriptor, unless single segment | content size
///                       | blocks
///     descriptor   bits 7-6   width of the content size
///                  bit  5     single segment
///                  bit  4     unused
///                  bit  3     reserved
///                  bit  2     checksum
///                  bits 1-0   dictionary
///
/// Source: docs/protocol.md "Packing"; Padmé: Nikitin et al. 2019, "Reducing Metadata Leakage from
/// Encrypted Files".
namespace vereda::protocol {

/// `size` rounded up so that only its first few bits are telling; at most 12 % more. `size` is at
/// least 2.
[[nodiscard]] std::size_t padme(std::size_t size);

/// How long `packed` is for a frame of `frame_size` bytes.
[[nodiscard]] std::size_t packed_size(std::size_t frame_size);

/// Compresses and pads. Throws std::runtime_error when zstd fails, which it does only when there is
/// not enough memory.
[[nodiscard]] Bytes pack(ByteView plain, int compression_level);

/// Pads a frame made elsewhere.
[[nodiscard]] Bytes pad_frame(ByteView frame);

enum class PackingError { malformed };

/// The plain bytes. Error: `malformed` for a wrong length or padding, for a frame without content
/// size, with one above `plain_size_max`, with a larger window than `zstd_window_max`, with
/// dictionary or checksum, skippable, broken, or followed by anything. Allocates no more than
/// `plain_size_max`, and nothing before the frame's head is checked.
[[nodiscard]] std::expected<Bytes, PackingError> unpack(ByteView packed);

}  // namespace vereda::protocol
