#include "engine/queries/shown_consent.h"

#include <algorithm>

#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/text/compose.h"

namespace vereda::engine {

std::string channel_word(std::string_view channel) {
    const auto code = code_of(Vocabulary::channel, in_small_letters(composed(trimmed(channel))));
    return std::string(code ? word_of(Vocabulary::channel, *code) : channel);
}

std::vector<ShownConsent> shown_consents(const RecordState& state) {
    std::vector<ShownConsent> channels;
    for (Consent& consent : consents_of(state)) {
        const std::string word = channel_word(consent.channel);
        auto known = std::ranges::find(channels, word, &ShownConsent::channel);
        if (known == channels.end()) {
            channels.push_back({.channel = word, .given = true, .parts = {}});
            known = channels.end() - 1;
        }
        known->given = known->given && consent.state == protocol::ConsentState::given;
        known->parts.push_back(std::move(consent));
    }
    return channels;
}

std::optional<ShownConsent> shown_consent(const RecordState& state, std::string_view channel) {
    const std::string word = channel_word(channel);
    for (ShownConsent& consent : shown_consents(state)) {
        if (consent.channel == word) return std::move(consent);
    }
    return std::nullopt;
}

}  // namespace vereda::engine
