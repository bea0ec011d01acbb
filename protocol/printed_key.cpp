#include "protocol/printed_key.h"

#include "protocol/base32.h"
#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

/// What is printed of each kind: how many secret bytes, and how many characters of check. Both fill
/// whole groups.
struct Kind {
    std::string_view domain;
    std::size_t secret_size;
    std::size_t check_characters;
    [[nodiscard]] std::size_t secret_characters() const { return (secret_size * 8 + 4) / 5; }
};
constexpr Kind recovery_code{"recovery-code", 16, 4};
constexpr Kind recovery_key{"recovery-key", 32, 8};

std::string check_of(const Kind& kind, ByteView secret) {
    return encode_base32(domain_hash(kind.domain, secret)).substr(0, kind.check_characters);
}

std::string print(const Kind& kind, ByteView secret) {
    return in_groups(encode_base32(secret) + check_of(kind, secret));
}

std::expected<crypto::SecretBytes, PrintedKeyError> parse(const Kind& kind, std::string_view text) {
    const auto plain = canonical_base32(text);
    const std::size_t secret_characters = kind.secret_characters();
    if (!plain || plain->size() != secret_characters + kind.check_characters) {
        return std::unexpected(PrintedKeyError::unreadable);
    }
    auto secret = parse_base32(std::string_view(*plain).substr(0, secret_characters));
    if (!secret) return std::unexpected(PrintedKeyError::mistyped);
    const bool matches =
        check_of(kind, *secret) == std::string_view(*plain).substr(secret_characters);
    auto kept = crypto::SecretBytes::copy_of(*secret);
    crypto::wipe(*secret);
    if (!matches) return std::unexpected(PrintedKeyError::mistyped);
    return kept;
}

}  // namespace

std::string print_recovery_code(const ByteArray<16>& secret) {
    return print(recovery_code, secret);
}

std::expected<crypto::SecretBytes, PrintedKeyError> parse_recovery_code(std::string_view text) {
    return parse(recovery_code, text);
}

std::string print_recovery_key(const ByteArray<32>& seed) { return print(recovery_key, seed); }

std::expected<crypto::SecretBytes, PrintedKeyError> parse_recovery_key(std::string_view text) {
    return parse(recovery_key, text);
}

}  // namespace vereda::protocol
