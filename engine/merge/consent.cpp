#include "engine/merge/consent.h"

#include "engine/schema/fields.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

Consent read_element(std::string_view element) {
    protocol::CborReader reader(as_bytes(element));
    Consent consent;
    if (reader.peek() == protocol::CborReader::Kind::unsigned_integer) {
        consent.code = reader.unsigned_integer();
        const std::string_view word = word_of(Vocabulary::channel, *consent.code);
        consent.channel =
            word.empty() ? "channel " + std::to_string(*consent.code) : std::string(word);
    } else {
        consent.channel = std::string(reader.text());
    }
    consent.purpose = reader.unsigned_integer();
    VEREDA_ASSERT(reader.finished());
    return consent;
}

bool is_withdrawal(const RecordState::Item& item) {
    return item.value == consent_value(protocol::ConsentState::withdrawn);
}

}  // namespace

std::string consent_value(protocol::ConsentState state) { return {static_cast<char>(state)}; }

std::string consent_element(const protocol::CodeOrText& channel, std::uint64_t purpose) {
    Bytes out;
    protocol::CborWriter writer(out);
    if (channel.is_text()) {
        writer.text(channel.text);
    } else {
        writer.unsigned_integer(channel.code);
    }
    writer.unsigned_integer(purpose);
    return std::string(as_text(out));
}

std::vector<Consent> consents_of(const RecordState& state) {
    std::vector<Consent> found;
    const std::string* last = nullptr;
    for (const RecordState::Item& item : state.items()) {
        if (item.field != consent_slot || !item.live) continue;
        if (last == nullptr || *last != item.element) found.push_back(read_element(item.element));
        last = &item.element;
        if (!is_withdrawal(item)) continue;
        found.back().state = protocol::ConsentState::withdrawn;
        found.back().withdrawals.push_back(item.dot);
    }
    return found;
}

std::optional<Consent> consent_of(
    const RecordState& state, const protocol::CodeOrText& channel, std::uint64_t purpose) {
    const Consent wanted = read_element(consent_element(channel, purpose));
    for (Consent& consent : consents_of(state)) {
        if (consent.channel == wanted.channel && consent.purpose == purpose)
            return std::move(consent);
    }
    return std::nullopt;
}

}  // namespace vereda::engine
