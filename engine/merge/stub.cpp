#include "engine/merge/stub.h"

#include <algorithm>

#include "crypto/hash.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr std::size_t name_size = 1 + 14;
constexpr std::size_t beginning_max = 16;

// Not in the middle of a character.
std::string_view first_letters(std::string_view text) {
    std::size_t size = std::min(text.size(), beginning_max);
    const auto goes_on = [&] { return (static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80; };
    while (size > 0 && size < text.size() && goes_on()) --size;
    return text.substr(0, size);
}

std::string_view words_of_value(std::string_view value) {
    protocol::CborReader reader(as_bytes(value));
    return reader.peek() == protocol::CborReader::Kind::text ? reader.text() : std::string_view{};
}

}  // namespace

std::string stub_of(std::string_view text) {
    const crypto::Hash hash = crypto::blake2b_256(as_bytes(text));
    std::string stub(1, '\xff');
    stub.append(as_text(ByteView(hash).first(name_size - 1)));
    return stub;
}

std::string stub_of_value(std::string_view value) {
    return stub_of(value).append(first_letters(words_of_value(value)));
}

std::string_view name_in_stub(std::string_view stub) { return stub.substr(0, name_size); }

std::string beginning_of(std::string_view stub) {
    return std::string(stub.substr(std::min(name_size, stub.size()))) + "…";
}

std::string beginning(std::string_view text) {
    if (text.size() <= kept_text_max) return std::string(text);
    return std::string(first_letters(text)) + "…";
}

bool is_same_text(std::string_view a, std::string_view b) {
    if (a == b) return true;
    if (!is_stub(a) && !is_stub(b)) return false;
    const auto name = [](std::string_view text) {
        return is_stub(text) ? std::string(name_in_stub(text)) : stub_of(text);
    };
    return name(a) == name(b);
}

}  // namespace vereda::engine
