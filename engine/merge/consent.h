#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/merge/record_state.h"
#include "protocol/log/event.h"

namespace vereda::engine {

/// A channel and a purpose as one element of the consent slot: CBOR code or words, then the
/// purpose.
[[nodiscard]] std::string consent_element(
    const protocol::CodeOrText& channel, std::uint64_t purpose);

/// What a person has said about one channel and purpose. Withdrawal wins, whatever came later,
/// until a lift names it.
struct Consent {
    std::string channel;  ///< The word, such as "sms"; "channel 37" for a later version's.
    std::optional<std::uint64_t> code;  ///< None: the channel was written in words.
    std::uint64_t purpose = 0;
    protocol::ConsentState state = protocol::ConsentState::given;
    std::vector<LocalDot> withdrawals;  ///< Live ones: what a lift has to name.

    /// The channel as a write has to name it. Borrows `channel`.
    [[nodiscard]] protocol::CodeOrText term() const {
        return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, channel};
    }
};

/// Every channel of which anything is known, in a fixed order.
[[nodiscard]] std::vector<Consent> consents_of(const RecordState& state);
[[nodiscard]] std::optional<Consent> consent_of(
    const RecordState& state, const protocol::CodeOrText& channel, std::uint64_t purpose);

/// The slot's value for a given or a withdrawn consent.
[[nodiscard]] std::string consent_value(protocol::ConsentState state);

}  // namespace vereda::engine
