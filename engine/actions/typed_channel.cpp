#include "engine/actions/typed_channel.h"

#include "engine/actions/action_checks.h"
#include "engine/merge/consent.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {

std::expected<std::string, ActionError> read_channel(
    std::string_view typed, const RecordState& state, bool new_channels) {
    const std::string_view text = trimmed(typed);
    if (text.empty() || !protocol::is_valid_utf8(text))
        return refused(ActionProblem::unknown_value, typed);
    const std::string word = in_small_letters(composed(text));
    if (const auto code = code_of(Vocabulary::channel, word))
        return std::string(word_of(Vocabulary::channel, *code));
    for (Consent& consent : consents_of(state)) {
        if (consent.channel == text || in_small_letters(consent.channel) == word)
            return std::move(consent.channel);
    }
    if (!new_channels) return refused(ActionProblem::unknown_channel, typed);
    return word;
}

}  // namespace vereda::engine
