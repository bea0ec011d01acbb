#include "protocol/roster/invite.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "crypto/entropy.h"
#include "protocol/domain.h"

namespace vereda::protocol {
namespace {

InviteCode sample_code() {
    crypto::SeededEntropy entropy(11);
    return {
        .hub_url = "https://hub.example:8443",
        .hub_pin = entropy.bytes<32>(),
        .workspace = {entropy.bytes<32>()},
        .position = {17},
        .hash = {entropy.bytes<32>()},
        .secret = entropy.bytes<16>()};
}

}  // namespace

TEST_CASE("an invite code says everything again after printing", "[invite]") {
    const auto parsed = parse_invite_code(print_invite_code(sample_code()));
    REQUIRE(parsed);
    CHECK(*parsed == sample_code());
}

TEST_CASE("an invite code for a further device names its member", "[invite]") {
    InviteCode code = sample_code();
    code.member = MemberId{crypto::SeededEntropy(13).bytes<16>()};
    CHECK(parse_invite_code(print_invite_code(code)) == code);
}

TEST_CASE("an invite code stays within QR's alphanumeric mode", "[invite]") {
    const std::string text = print_invite_code(sample_code());
    CHECK(text.starts_with("VEREDA-"));
    CHECK(text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == std::string::npos);
    CHECK(text.size() < 450);
}

TEST_CASE(
    "an invite code is read in lower case, without hyphens, over lines, without its prefix",
    "[invite]") {
    const std::string text = print_invite_code(sample_code());
    std::string lower = text;
    std::transform(
        lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    CHECK(parse_invite_code(lower) == sample_code());
    std::string bare = text.substr(7);
    std::erase(bare, '-');
    CHECK(parse_invite_code(bare) == sample_code());
    std::string lines = text;
    std::replace(lines.begin(), lines.end(), '-', '\n');
    CHECK(parse_invite_code("  " + lines + "\r\n") == sample_code());
}

TEST_CASE("an invite code takes O for 0 and I or L for 1", "[invite]") {
    std::string text = print_invite_code(sample_code());
    std::replace(text.begin() + 7, text.end(), '0', 'o');
    std::replace(text.begin() + 7, text.end(), '1', 'l');
    CHECK(parse_invite_code(text) == sample_code());
}

TEST_CASE("every single mistyped character of an invite code is noticed", "[invite]") {
    const std::string text = print_invite_code(sample_code());
    for (std::size_t at = 7; at < text.size(); ++at) {
        if (text[at] == '-') continue;
        std::string typo = text;
        typo[at] = typo[at] == 'Z' ? 'Y' : 'Z';
        const auto parsed = parse_invite_code(typo);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error() == InviteCodeError::mistyped);
    }
}

TEST_CASE("swapped neighbours and missing groups of an invite code are noticed", "[invite]") {
    const std::string text = print_invite_code(sample_code());
    for (std::size_t at = 8; at < text.size(); ++at) {
        std::string swapped = text;
        std::swap(swapped[at - 1], swapped[at]);
        if (text[at] == '-' || text[at - 1] == '-' || swapped == text) continue;
        REQUIRE_FALSE(parse_invite_code(swapped));
    }
    for (std::size_t at = 7; at + 6 < text.size(); at += 6) {
        std::string shorter = text;
        shorter.erase(at, 6);
        REQUIRE_FALSE(parse_invite_code(shorter));
    }
}

TEST_CASE("what is no invite code is unreadable or mistyped", "[invite]") {
    CHECK(parse_invite_code("Hello, this is no code!").error() == InviteCodeError::unreadable);
    CHECK_FALSE(parse_invite_code(""));
    CHECK_FALSE(parse_invite_code("VEREDA-"));
    CHECK_FALSE(parse_invite_code("VEREDA"));
    CHECK_FALSE(parse_invite_code(std::string(5000, '0')));
}

TEST_CASE(
    "an invite's keys follow from the code's secret and the hub's share as documented",
    "[invite]") {
    const InviteSecret secret = sample_code().secret;
    const auto share = crypto::SeededEntropy(12).bytes<32>();
    const auto sign_seed = crypto::blake2b_256(as_bytes("vereda/invite-sign"), secret);
    CHECK(
        invite_signing_key(secret).public_key() ==
        crypto::SigningKey::from_seed(sign_seed).public_key());
    Bytes joined(secret.begin(), secret.end());
    append(joined, share);
    const auto box_seed = domain_hash("invite-box", joined);
    CHECK(
        invite_box_key(secret, share).public_key() ==
        crypto::BoxKey::from_seed(box_seed).public_key());
}

TEST_CASE("neither the code alone nor another share gives an invite's box key", "[invite]") {
    const InviteSecret secret = sample_code().secret;
    auto share = crypto::SeededEntropy(12).bytes<32>();
    const auto key = invite_box_key(secret, share).public_key();
    share[31] ^= 1;
    CHECK(invite_box_key(secret, share).public_key() != key);
}

}  // namespace vereda::protocol
