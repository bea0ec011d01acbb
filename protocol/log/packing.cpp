#include "protocol/log/packing.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <new>
#include <stdexcept>
#include <zstd.h>

#include "protocol/limits.h"

namespace vereda::protocol {
namespace {

constexpr std::size_t length_size = 4;
constexpr int window_log_max = std::countr_zero(zstd_window_max);
constexpr std::uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};

struct CompressorDeleter {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct DecompressorDeleter {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::size_t checked(std::size_t result) {
    if (ZSTD_isError(result) != 0) throw std::runtime_error(ZSTD_getErrorName(result));
    return result;
}

/// One per thread: making a context costs more than a small block.
ZSTD_CCtx* thread_compressor() {
    thread_local const std::unique_ptr<ZSTD_CCtx, CompressorDeleter> context(ZSTD_createCCtx());
    if (!context) throw std::bad_alloc();
    return context.get();
}

ZSTD_DCtx* thread_decompressor() {
    thread_local const std::unique_ptr<ZSTD_DCtx, DecompressorDeleter> context(ZSTD_createDCtx());
    if (!context) throw std::bad_alloc();
    return context.get();
}

std::uint64_t little_endian(ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
    return value;
}

/// Window_Size of RFC 8878 §3.1.1.1.2.
std::uint64_t window_size(std::uint8_t descriptor) {
    const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
    return base + (base / 8) * (descriptor & 7);
}

/// The content size that an acceptable frame states. Error: anything that FORMAT forbids in the
/// frame's head.
std::expected<std::size_t, PackingError> stated_size(ByteView frame) {
    constexpr auto malformed = std::unexpected(PackingError::malformed);
    if (frame.size() < 6 || !std::ranges::equal(frame.first(4), magic)) return malformed;
    const std::uint8_t descriptor = frame[4];
    const bool single_segment = (descriptor & 0x20) != 0;
    if ((descriptor & 0x1f) != 0) return malformed;  // unused, reserved, checksum, dictionary
    const std::uint8_t width_code = descriptor >> 6;
    if (width_code == 0 && !single_segment) return malformed;  // no content size
    const std::size_t width = std::size_t{1} << width_code;
    const std::size_t size_at = single_segment ? 5 : 6;
    if (frame.size() < size_at + width) return malformed;
    const std::uint64_t size =
        little_endian(frame.subspan(size_at, width)) + (width_code == 1 ? 256 : 0);
    const std::uint64_t window = single_segment ? size : window_size(frame[5]);
    if (size > plain_size_max || window > zstd_window_max) return malformed;
    return static_cast<std::size_t>(size);
}

std::expected<Bytes, PackingError> decompress(ByteView frame) {
    const auto size = stated_size(frame);
    if (!size) return std::unexpected(size.error());
    // ZSTD_decompressDCtx would go on with what follows the frame.
    if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
        return std::unexpected(PackingError::malformed);
    }
    Bytes plain(*size);
    const std::size_t written = ZSTD_decompressDCtx(
        thread_decompressor(), plain.data(), plain.size(), frame.data(), frame.size());
    if (written != plain.size()) return std::unexpected(PackingError::malformed);
    return plain;
}

/// The compressed plain bytes after `length_size` bytes left free.
Bytes compressed_after_length(ByteView plain, int level) {
    ZSTD_CCtx* const context = thread_compressor();
    checked(ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters));
    checked(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level));
    checked(ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log_max));
    checked(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1));
    checked(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0));
    Bytes out(length_size + ZSTD_compressBound(plain.size()));
    const std::size_t frame_size = checked(ZSTD_compress2(
        context, out.data() + length_size, out.size() - length_size, plain.data(), plain.size()));
    out.resize(length_size + frame_size);
    return out;
}

void write_length_and_pad(Bytes& out) {
    const std::size_t frame_size = out.size() - length_size;
    for (std::size_t i = 0; i < length_size; ++i) {
        out[i] = static_cast<std::uint8_t>(frame_size >> (8 * (length_size - 1 - i)));
    }
    out.resize(packed_size(frame_size));
}

}  // namespace

std::size_t padme(std::size_t size) {
    const std::size_t exponent = std::bit_width(size) - 1;
    const std::size_t telling = std::bit_width(exponent);
    const std::size_t step = std::size_t{1} << (exponent - telling);
    return (size + step - 1) / step * step;
}

std::size_t packed_size(std::size_t frame_size) {
    return std::max(packed_size_min, padme(length_size + frame_size));
}

Bytes pack(ByteView plain, int compression_level) {
    Bytes out = compressed_after_length(plain, compression_level);
    write_length_and_pad(out);
    return out;
}

Bytes pad_frame(ByteView frame) {
    Bytes out(length_size + frame.size());
    std::ranges::copy(frame, out.begin() + length_size);
    write_length_and_pad(out);
    return out;
}

std::expected<Bytes, PackingError> unpack(ByteView packed) {
    constexpr auto malformed = std::unexpected(PackingError::malformed);
    if (packed.size() < packed_size_min || packed.size() > packed_size_max) return malformed;
    std::size_t frame_size = 0;
    for (const std::uint8_t byte : packed.first(length_size)) frame_size = frame_size << 8 | byte;
    if (frame_size > packed.size() - length_size) return malformed;
    if (packed_size(frame_size) != packed.size()) return malformed;
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    if (!std::ranges::all_of(packed.subspan(length_size + frame_size), is_zero)) return malformed;
    return decompress(packed.subspan(length_size, frame_size));
}

}  // namespace vereda::protocol
