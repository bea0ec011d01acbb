#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/merge/consent.h"

/// Consents as people see them: one answer a channel. The merge keeps channels apart by their bytes
/// and by purpose, so that any program's are kept; but nobody may hide a withdrawal of "sms" behind
/// another "sms" that only bytes tell apart.
namespace vereda::engine {

/// What is known of one channel under all its spellings and for all purposes.
struct ShownConsent {
    std::string channel;         ///< As `channel_word` gives it.
    bool given = false;          ///< Not withdrawn, under no spelling and for no purpose.
    std::vector<Consent> parts;  ///< At least one; written by number before written in words.
};

/// The schema's word for a channel that somebody wrote in words, whatever its case and the blanks
/// around it; any other stays as it is.
[[nodiscard]] std::string channel_word(std::string_view channel);

/// Each channel once, in a fixed order.
[[nodiscard]] std::vector<ShownConsent> shown_consents(const RecordState& state);
[[nodiscard]] std::optional<ShownConsent> shown_consent(
    const RecordState& state, std::string_view channel);

}  // namespace vereda::engine
