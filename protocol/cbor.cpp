#include "protocol/cbor.h"

#include <algorithm>
#include <cstring>

namespace vereda::protocol {
namespace {

constexpr std::uint64_t integer_max = (std::uint64_t{1} << 63) - 1;

/// The length of the well-formed sequence at the front of `rest`, which starts with a byte above
/// 0x7f; 0 if it is none. Source: RFC 3629 §4. The second byte's range keeps out overlong forms,
/// surrogates and what lies above U+10FFFF.
std::size_t multibyte_sequence(ByteView rest) {
    const std::uint8_t first = rest[0];
    const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || rest.size() < size) return 0;
    const std::uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (rest[1] < low || rest[1] > high) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if (rest[i] >> 6 != 2) return 0;
    }
    return size;
}

std::size_t ascii_prefix(ByteView bytes) {
    std::size_t size = 0;
    for (std::uint64_t word = 0; size + sizeof word <= bytes.size(); size += sizeof word) {
        std::memcpy(&word, bytes.data() + size, sizeof word);
        if ((word & 0x8080808080808080u) != 0) break;
    }
    while (size < bytes.size() && bytes[size] < 0x80) ++size;
    return size;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
    ByteView rest = as_bytes(text);
    for (rest = rest.subspan(ascii_prefix(rest)); !rest.empty();
         rest = rest.subspan(ascii_prefix(rest))) {
        const std::size_t size = multibyte_sequence(rest);
        if (size == 0) return false;
        rest = rest.subspan(size);
    }
    return true;
}

// Writer

void CborWriter::head(std::uint8_t major, std::uint64_t argument) {
    VEREDA_ASSERT(argument <= integer_max);
    const auto type = static_cast<std::uint8_t>(major << 5);
    if (argument < 24) {
        out_->push_back(static_cast<std::uint8_t>(type | argument));
        return;
    }
    const int width = argument <= 0xff         ? 0
                      : argument <= 0xffff     ? 1
                      : argument <= 0xffffffff ? 2
                                               : 3;
    std::uint8_t encoded[9] = {static_cast<std::uint8_t>(type | (24 + width))};
    const std::size_t size = std::size_t{1} << width;
    for (std::size_t i = size; i > 0; --i, argument >>= 8)
        encoded[i] = static_cast<std::uint8_t>(argument);
    out_->insert(out_->end(), encoded, encoded + 1 + size);
}

CborWriter& CborWriter::unsigned_integer(std::uint64_t value) {
    head(0, value);
    return *this;
}

CborWriter& CborWriter::integer(std::int64_t value) {
    if (value >= 0) {
        head(0, static_cast<std::uint64_t>(value));
    } else {
        head(1, static_cast<std::uint64_t>(-1 - value));
    }
    return *this;
}

CborWriter& CborWriter::byte_string(ByteView bytes) {
    head(2, bytes.size());
    return raw(bytes);
}

CborWriter& CborWriter::text(std::string_view utf8) {
    VEREDA_ASSERT(is_valid_utf8(utf8));
    head(3, utf8.size());
    return raw(as_bytes(utf8));
}

CborWriter& CborWriter::array(std::size_t items) {
    head(4, items);
    return *this;
}

CborWriter& CborWriter::map(std::size_t pairs) {
    head(5, pairs);
    return *this;
}

CborWriter& CborWriter::boolean(bool value) {
    out_->push_back(value ? 0xf5 : 0xf4);
    return *this;
}

CborWriter& CborWriter::null() {
    out_->push_back(0xf6);
    return *this;
}

CborWriter& CborWriter::raw(ByteView item) {
    out_->insert(out_->end(), item.begin(), item.end());
    return *this;
}

// Reader

CborReader::Kind CborReader::peek() const {
    if (failed_) return Kind::malformed;
    if (rest_.empty()) return Kind::end;
    constexpr Kind by_major[] = {
        Kind::unsigned_integer,
        Kind::negative_integer,
        Kind::byte_string,
        Kind::text,
        Kind::array,
        Kind::map};
    const std::uint8_t first = rest_[0];
    if (first >> 5 < 6) return by_major[first >> 5];
    if (first == 0xf4 || first == 0xf5) return Kind::boolean;
    return first == 0xf6 ? Kind::null : Kind::malformed;
}

/// The argument in the 1, 2, 4 or 8 bytes after the head's first byte. Fails on a form longer than
/// needed and on anything above 2^63 - 1: no length is that long, and integers fit std::int64_t.
std::uint64_t CborReader::long_head(std::uint8_t info) {
    const std::size_t size = std::size_t{1} << (info - 24);
    if (info > 27 || rest_.size() <= size) {
        fail();
        return 0;
    }
    std::uint64_t argument = 0;
    for (const std::uint8_t byte : rest_.subspan(1, size)) argument = argument << 8 | byte;
    constexpr std::uint64_t smallest[] = {24, 0x100, 0x10000, 0x100000000};
    if (argument < smallest[info - 24] || argument > integer_max) {
        fail();
        return 0;
    }
    rest_ = rest_.subspan(1 + size);
    return argument;
}

std::string_view CborReader::text() {
    const std::string_view taken = as_text(take(head(3)));
    if (is_valid_utf8(taken)) return taken;
    fail();
    return {};
}

bool CborReader::boolean() {
    if (peek() != Kind::boolean) {
        fail();
        return false;
    }
    return take(1)[0] == 0xf5;
}

std::size_t CborReader::map() {
    const std::uint64_t pairs = head(5);
    if (pairs > rest_.size() / 2) fail();
    return ok() ? static_cast<std::size_t>(pairs) : 0;
}

void CborReader::fixed(std::span<std::uint8_t> out) {
    const ByteView bytes = byte_string();
    if (bytes.size() == out.size()) {
        std::copy(bytes.begin(), bytes.end(), out.begin());
    } else {
        fail();
    }
}

ByteView CborReader::item(int inside) {
    const ByteView before = rest_;
    skip_item(inside);
    return ok() ? before.first(before.size() - rest_.size()) : ByteView{};
}

void CborReader::skip_item(int depth) {
    switch (peek()) {
        case Kind::unsigned_integer:
        case Kind::negative_integer:
            static_cast<void>(integer());
            return;
        case Kind::byte_string:
            static_cast<void>(byte_string());
            return;
        case Kind::text:
            static_cast<void>(text());
            return;
        case Kind::boolean:
        case Kind::null:
            rest_ = rest_.subspan(1);
            return;
        case Kind::array:
            if (depth >= cbor_depth_max) return fail();
            for (std::size_t left = array(); left > 0 && ok(); --left) skip_item(depth + 1);
            return;
        case Kind::map:
            return depth < cbor_depth_max ? skip_map(depth) : fail();
        case Kind::end:
        case Kind::malformed:
            fail();
    }
}

void CborReader::skip_map(int depth) {
    ByteView last_key;
    for (std::size_t left = map(); left > 0 && ok(); --left) {
        const ByteView key = item(depth + 1);
        if (!std::ranges::lexicographical_compare(last_key, key)) return fail();
        last_key = key;
        skip_item(depth + 1);
    }
}

}  // namespace vereda::protocol
