#include "protocol/http/base64.h"

#include <algorithm>
#include <openssl/evp.h>

namespace vereda::http {
namespace {

// OpenSSL's decoder trims spaces and ignores unused bits, so what it accepts is encoded again and
// compared.
std::expected<Bytes, Base64Error> decode_padded(const std::string& text) {
    if (text.size() % 4 != 0) return std::unexpected(Base64Error::malformed);
    if (text.empty()) return Bytes{};
    Bytes out(text.size() / 4 * 3);
    const int size = EVP_DecodeBlock(
        out.data(), reinterpret_cast<const unsigned char*>(text.data()),
        static_cast<int>(text.size()));
    if (size < 0) return std::unexpected(Base64Error::malformed);
    const auto padding = static_cast<std::size_t>(std::ranges::count(text, '='));
    if (padding > 2) return std::unexpected(Base64Error::malformed);
    out.resize(static_cast<std::size_t>(size) - padding);
    if (base64(out) != text) return std::unexpected(Base64Error::malformed);
    return out;
}

void swap_characters(std::string& text, char from_62, char from_63, char to_62, char to_63) {
    for (char& c : text) c = c == from_62 ? to_62 : c == from_63 ? to_63 : c;
}

}  // namespace

std::string base64(ByteView bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL writes a final zero
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), bytes.data(), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::expected<Bytes, Base64Error> parse_base64(std::string_view text) {
    return decode_padded(std::string(text));
}

std::string base64url(ByteView bytes) {
    std::string out = base64(bytes);
    out.erase(std::ranges::find(out, '='), out.end());
    swap_characters(out, '+', '/', '-', '_');
    return out;
}

std::expected<Bytes, Base64Error> parse_base64url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos) {
        return std::unexpected(Base64Error::malformed);
    }
    std::string padded(text);
    swap_characters(padded, '-', '_', '+', '/');
    padded.append((4 - padded.size() % 4) % 4, '=');
    return decode_padded(padded);
}

}  // namespace vereda::http
