#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/sealed_box.h"
#include "crypto/signature.h"
#include "protocol/ids.h"

/// What a coordinator hands to a newcomer, on paper or by any messenger: where the hub is, which
/// workspace and invite is meant, and one secret. Normative: docs/protocol/roster.md "Invite code".
namespace vereda::protocol {

using InviteSecret = ByteArray<16>;

struct InviteCode {
    std::string hub_url;
    ByteArray<32> hub_pin{};  ///< SHA-256 of the TLS key's SubjectPublicKeyInfo.
    WorkspaceId workspace;
    RosterPosition position;  ///< Of the invite's entry.
    RosterHash hash;          ///< Of the invite's entry.
    InviteSecret secret{};
    std::optional<MemberId> member{};  ///< For a further device of this member.
    bool operator==(const InviteCode&) const = default;
};

enum class InviteCodeError {
    unreadable,     ///< Not the characters, or not the shape, of an invite code.
    mistyped,       ///< The check differs: a character was misread, or part of it is missing.
    newer_version,  ///< Made by a later version of the program.
};

/// The code as text: "VEREDA-", then base32 in groups of five. Upper case, digits and hyphens only,
/// which is QR's alphanumeric mode. Whoever reads it can join once.
[[nodiscard]] std::string print_invite_code(const InviteCode& code);

/// Reads either case, with or without hyphens, spaces and line breaks, I and L for 1, O for 0; the
/// prefix may be missing.
[[nodiscard]] std::expected<InviteCode, InviteCodeError> parse_invite_code(std::string_view text);

/// Signs the enrolment: Ed25519 from the seed BLAKE2b-256(key = secret, "vereda/invite-sign").
[[nodiscard]] crypto::SigningKey invite_signing_key(const InviteSecret& secret);

/// Opens the turf keys sealed to the invite: X25519 from the seed H("invite-box", secret | share).
/// The share is 32 bytes that the hub releases once, so neither the hub nor a thief of the code
/// alone opens anything.
[[nodiscard]] crypto::BoxKey invite_box_key(const InviteSecret& secret, const ByteArray<32>& share);

}  // namespace vereda::protocol
