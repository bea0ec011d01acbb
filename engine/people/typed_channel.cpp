#include "engine/people/typed_channel.h"

#include <algorithm>

#include "engine/merge/consent.h"
#include "engine/people/action_checks.h"
#include "engine/people/typed_value.h"
#include "engine/schema/fields.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return lower;
}

}  // namespace

std::expected<std::string, ActionError> read_channel(
    std::string_view typed, const RecordState& state, bool new_channels) {
    const std::string_view text = trimmed(typed);
    if (text.empty() || !protocol::is_valid_utf8(text))
        return refused(ActionProblem::unknown_value, typed);
    const std::string word = lower_case(composed(text));
    if (const auto code = code_of(Vocabulary::channel, word))
        return std::string(word_of(Vocabulary::channel, *code));
    for (Consent& consent : consents_of(state)) {
        if (consent.channel == text || lower_case(consent.channel) == word)
            return std::move(consent.channel);
    }
    if (!new_channels) return refused(ActionProblem::unknown_channel, typed);
    return word;
}

}  // namespace vereda::engine
