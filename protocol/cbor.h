#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/bytes.h"

/// Deterministic CBOR (RFC 8949 §4.2.1), the subset of docs/protocol.md: integers, byte and text strings, arrays, maps
/// with unique keys in the bytewise order of their encodings, false, true, null. No floats, tags, undefined,
/// indefinite lengths or trailing bytes; depth at most 16.
namespace vereda::protocol {

/// Appends items to a buffer. Writes the shortest form; the caller keeps counts and the order of map keys.
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

/// Reads items from the front of a buffer, borrowing from it. An error is remembered: from then on every read returns
/// a zero or empty value, so that a parser may read a whole layout and ask once, with `finished()`, whether to believe it.
/// Every length is compared with what is left before anything is done with it.
class CborReader {
  public:
    enum class Kind { unsigned_integer, negative_integer, byte_string, text, array, map, boolean, null, end, malformed };

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
    /// The number of pairs. The reader checks the keys' order and uniqueness in `item()`; a parser that walks a map
    /// itself first calls `item()` and reads from what that returned.
    [[nodiscard]] std::size_t map();
    /// The encoding of one whole item, however deep, checked against every rule above.
    [[nodiscard]] ByteView item();

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
    void fail() { failed_ = true; }
    [[nodiscard]] bool ok() const { return !failed_; }
    /// True when no read failed and nothing is left.
    [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }
    [[nodiscard]] ByteView rest() const { return rest_; }

  private:
    [[nodiscard]] std::uint64_t head(std::uint8_t major);
    void skip_item(int depth);
    ByteView rest_;
    bool failed_ = false;
};

}  // namespace vereda::protocol
