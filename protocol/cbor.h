#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/assert.h"
#include "crypto/bytes.h"

/// Deterministic CBOR (RFC 8949 §4.2.1), the subset of docs/protocol.md: integers, byte and text
/// strings, arrays, maps with unique keys in the bytewise order of their encodings, false, true,
/// null. No floats, tags, undefined, indefinite lengths or trailing bytes; depth at most 16.
/// Integers from -2^63 to 2^63 - 1.
namespace vereda::protocol {

/// How many arrays and maps may lie inside one another.
inline constexpr int cbor_depth_max = 16;

/// True for well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Appends items to a buffer. Writes the shortest form; the caller keeps counts and the order of
/// map keys. Aborts on what no reader would take: an unsigned integer above 2^63 - 1, text that is
/// not UTF-8.
class CborWriter {
  public:
    explicit CborWriter(Bytes& out) : out_(&out) {}

    CborWriter& unsigned_integer(std::uint64_t value);
    CborWriter& integer(std::int64_t value);
    CborWriter& byte_string(ByteView bytes);
    CborWriter& text(std::string_view utf8);
    CborWriter& array(std::size_t items);
    CborWriter& map(std::size_t pairs);
    CborWriter& boolean(bool value);
    CborWriter& null();
    /// An item that is encoded already.
    CborWriter& raw(ByteView item);

  private:
    void head(std::uint8_t major, std::uint64_t argument);
    Bytes* out_;
};

/// Reads items from the front of a buffer, borrowing from it. An error is remembered: from then on
/// every read returns a zero or empty value, so that a parser may read a whole layout and ask once,
/// with `finished()`, whether to believe it. Every length is compared with what is left before
/// anything is done with it.
class CborReader {
  public:
    enum class Kind {
        unsigned_integer,
        negative_integer,
        byte_string,
        text,
        array,
        map,
        boolean,
        null,
        end,
        malformed
    };

    explicit CborReader(ByteView wire) : rest_(wire) {}

    /// What comes next, without taking it; `end` when nothing is left, `malformed` after an error.
    [[nodiscard]] Kind peek() const;

    [[nodiscard]] std::uint64_t unsigned_integer();
    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] ByteView byte_string();
    /// Fails on text that is not valid UTF-8.
    [[nodiscard]] std::string_view text();
    [[nodiscard]] bool boolean();
    /// Takes a null if one is next and says so; otherwise takes nothing.
    [[nodiscard]] bool take_null();
    /// The number of items of the array whose head is taken.
    [[nodiscard]] std::size_t array();
    /// Takes the head of an array; any other count than `items` is an error.
    void array_of(std::size_t items);
    /// The number of pairs. The reader checks the keys' order and uniqueness in `item()`; a parser
    /// that walks a map itself first calls `item()` and reads from what that returned.
    [[nodiscard]] std::size_t map();
    /// The encoding of one whole item, checked against every rule above. `inside` is the number of
    /// arrays and maps whose heads the caller took already and in which the item lies: they count
    /// towards the depth.
    [[nodiscard]] ByteView item(int inside = 0);

    /// A byte string of exactly `Id::size` bytes.
    template <class Id>
    [[nodiscard]] Id id() {
        Id value;
        fixed(value.bytes);
        return value;
    }
    /// A byte string of exactly out.size() bytes, copied to `out`.
    void fixed(std::span<std::uint8_t> out);

    /// Turns the reader to its error state: for a parser that dislikes a value.
    void fail() {
        failed_ = true;
        rest_ = {};
    }
    [[nodiscard]] bool ok() const { return !failed_; }
    /// True when no read failed and nothing is left.
    [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }
    [[nodiscard]] ByteView rest() const { return rest_; }

  private:
    [[nodiscard]] std::uint64_t head(std::uint8_t major);
    [[nodiscard]] std::uint64_t long_head(std::uint8_t info);
    [[nodiscard]] ByteView take(std::uint64_t size);
    void skip_item(int depth);
    void skip_map(int depth);
    ByteView rest_;
    bool failed_ = false;
};

// Below: what a parser of millions of entries calls for every item, so that it can be inlined.
// Layout of a head:
//
//     bits 7..5   major type: 0 unsigned, 1 negative, 2 bytes, 3 text, 4 array, 5 map,
//                 7 false, true, null
//     bits 4..0   0..23: the argument itself
//                 24, 25, 26, 27: it follows in 1, 2, 4, 8 bytes
//                 28..31: never

inline std::uint64_t CborReader::head(std::uint8_t major) {
    if (!rest_.empty() && rest_[0] >> 5 == major) {
        const auto info = static_cast<std::uint8_t>(rest_[0] & 31);
        if (info >= 24) return long_head(info);
        rest_ = rest_.subspan(1);
        return info;
    }
    fail();
    return 0;
}

inline ByteView CborReader::take(std::uint64_t size) {
    if (size > rest_.size()) {
        fail();
        return {};
    }
    const ByteView taken = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(static_cast<std::size_t>(size));
    return taken;
}

inline std::uint64_t CborReader::unsigned_integer() { return head(0); }

inline std::int64_t CborReader::integer() {
    if (!rest_.empty() && rest_[0] >> 5 == 1) {
        const auto argument = static_cast<std::int64_t>(head(1));
        return ok() ? -1 - argument : 0;
    }
    return static_cast<std::int64_t>(head(0));
}

inline ByteView CborReader::byte_string() { return take(head(2)); }

inline std::size_t CborReader::array() {
    const std::uint64_t items = head(4);
    if (items > rest_.size()) fail();  // every item takes a byte at least
    return ok() ? static_cast<std::size_t>(items) : 0;
}

inline void CborReader::array_of(std::size_t items) {
    if (array() != items) fail();
}

inline bool CborReader::take_null() {
    if (rest_.empty() || rest_[0] != 0xf6) return false;
    rest_ = rest_.subspan(1);
    return true;
}

}  // namespace vereda::protocol
