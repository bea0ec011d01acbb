#include "protocol/roster/invite.h"

#include <algorithm>

#include "protocol/base32.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"
#include "protocol/roster/roster_body.h"

namespace vereda::protocol {
namespace {

constexpr std::string_view prefix = "VEREDA-";
constexpr std::uint64_t version = 1;
constexpr std::size_t check_size = 5;
constexpr std::size_t text_size_max = 4096;

/// CBOR [1, url, pin, workspace, position, hash, secret, member | null]
Bytes encode(const InviteCode& code) {
    Bytes wire;
    CborWriter out(wire);
    out.array(8).unsigned_integer(version).text(code.hub_url).byte_string(code.hub_pin);
    out.byte_string(code.workspace.view()).unsigned_integer(code.position.value);
    out.byte_string(code.hash.view()).byte_string(code.secret);
    code.member ? out.byte_string(code.member->view()) : out.null();
    return wire;
}

ByteArray<check_size> check_of(ByteView wire) {
    const crypto::Hash hash = domain_hash("invite-code", wire);
    ByteArray<check_size> check;
    std::copy_n(hash.begin(), check_size, check.begin());
    return check;
}

std::string_view without_prefix(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    text.remove_prefix(std::min(start, text.size()));
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    const std::string_view word = prefix.substr(0, prefix.size() - 1);
    if (std::equal(
            word.begin(), word.end(), text.begin(),
            text.begin() + std::min(word.size(), text.size()), same)) {
        text.remove_prefix(word.size());
    }
    return text;
}

std::expected<InviteCode, InviteCodeError> parse(ByteView wire) {
    CborReader in(wire);
    const std::size_t items = in.array();
    if (in.unsigned_integer() != version && in.ok()) {
        return std::unexpected(InviteCodeError::newer_version);
    }
    InviteCode code;
    code.hub_url = in.text();
    in.fixed(code.hub_pin);
    code.workspace = in.id<WorkspaceId>();
    code.position = {in.unsigned_integer()};
    code.hash = in.id<RosterHash>();
    in.fixed(code.secret);
    if (!in.take_null()) code.member = in.id<MemberId>();
    const bool is_whole = in.finished() && items == 8 && is_hub_url(code.hub_url);
    if (!is_whole) return std::unexpected(InviteCodeError::unreadable);
    return code;
}

}  // namespace

std::string print_invite_code(const InviteCode& code) {
    Bytes wire = encode(code);
    append(wire, check_of(wire));
    return std::string(prefix) + in_groups(encode_base32(wire));
}

std::expected<InviteCode, InviteCodeError> parse_invite_code(std::string_view text) {
    if (text.size() > text_size_max) return std::unexpected(InviteCodeError::unreadable);
    const auto bytes = parse_base32(without_prefix(text));
    if (!bytes && bytes.error() == Base32Error::unknown_character) {
        return std::unexpected(InviteCodeError::unreadable);
    }
    if (!bytes || bytes->size() <= check_size) return std::unexpected(InviteCodeError::mistyped);
    const ByteView wire = ByteView(*bytes).first(bytes->size() - check_size);
    const ByteArray<check_size> check = check_of(wire);
    if (!std::equal(check.begin(), check.end(), bytes->end() - check_size)) {
        return std::unexpected(InviteCodeError::mistyped);
    }
    return parse(wire);
}

crypto::SigningKey invite_signing_key(const InviteSecret& secret) {
    crypto::Hash seed = crypto::blake2b_256(as_bytes("vereda/invite-sign"), secret);
    auto key = crypto::SigningKey::from_seed(seed);
    crypto::wipe(seed);
    return key;
}

crypto::BoxKey invite_box_key(const InviteSecret& secret, const ByteArray<32>& share) {
    DomainHash hash("invite-box");
    crypto::Hash seed = hash.update(secret).update(share).finish();
    auto key = crypto::BoxKey::from_seed(seed);
    crypto::wipe(seed);
    return key;
}

}  // namespace vereda::protocol
