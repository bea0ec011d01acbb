#include "engine/people/edit_draft.h"

#include "engine/projection/action.h"
#include "engine/schema/fields.h"

namespace vereda::engine {

using protocol::Write;

protocol::Over over_of(std::span<const LocalDot> seen, LocalDot record, LogOrdinal own) {
    protocol::Over over;
    if (seen.size() == 1 && seen.front() == record) {
        over.creating = true;
        return over;
    }
    over.dots.reserve(seen.size());
    for (const LocalDot dot : seen) over.dots.push_back(open_reference(dot, own));
    return over;
}

protocol::CodeOrText channel_term(std::string_view channel) {
    const auto code = code_of(Vocabulary::channel, channel);
    return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, channel};
}

ByteView EditDraft::keep(ByteView bytes) {
    return values_.emplace_back(bytes.begin(), bytes.end());
}

Write& EditDraft::append(Write::Kind kind, std::uint32_t field, ByteView value) {
    return event_.writes.emplace_back(Write{.kind = kind, .field = field, .value = keep(value)});
}

void EditDraft::set(std::uint32_t field, ByteView value, std::span<const LocalDot> over) {
    append(Write::Kind::set_register, field, value).over = over_of(over, record_, own_);
}

void EditDraft::add(std::uint32_t field, ByteView element) {
    append(Write::Kind::add_element, field, element);
}

void EditDraft::remove(std::uint32_t field, ByteView element, std::span<const LocalDot> over) {
    append(Write::Kind::remove_element, field, element).over = over_of(over, record_, own_);
}

void EditDraft::consent(const protocol::CodeOrText& channel, protocol::ConsentState state) {
    const std::string_view kept = as_text(keep(as_bytes(channel.text)));
    event_.writes.push_back(
        {.kind = Write::Kind::consent,
         .consent = {.channel = {channel.code, kept}, .state = state}});
}

Bytes EditDraft::encode(std::optional<std::string_view> source) {
    event_.source = source;
    return protocol::encode(event_);
}

}  // namespace vereda::engine
