#include "engine/actions/interaction_change.h"

#include <algorithm>
#include <charconv>

#include "engine/actions/action_checks.h"
#include "engine/schema/fields.h"
#include "engine/schema/typed_value.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

// A kind or outcome as people type it: "No answer" and "no-answer" mean the word no_answer.
std::string as_word(std::string_view typed) {
    std::string word(trimmed(typed));
    std::transform(word.begin(), word.end(), word.begin(), [](char letter) {
        if (letter == ' ' || letter == '-') return '_';
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return word;
}

// Borrows `typed` when it has no code.
protocol::CodeOrText term(Vocabulary vocabulary, std::string_view typed) {
    const std::string_view text = trimmed(typed);
    if (text.empty()) return {};
    auto code = code_of(vocabulary, as_word(text));
    if (!code) code = code_of(vocabulary, text);  // "e-mail"
    return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, text};
}

std::expected<void, ActionError> expect_text(
    std::string_view kind, std::string_view outcome, std::string_view note) {
    for (const std::string_view text : {kind, outcome, note}) {
        if (!protocol::is_valid_utf8(text)) return refused(ActionProblem::unknown_value, {});
    }
    return {};
}

void write_value(
    EditDraft& edit, const RecordState& state, const SeenDots& seen, std::uint32_t code,
    const Bytes& value) {
    const auto live = state.live(code);
    const bool stands = !live.empty() && std::all_of(live.begin(), live.end(), [&](const auto* i) {
        return i->value == as_text(value);
    });
    if (stands || (live.empty() && protocol::is_null(value))) return;
    edit.set(code, value, seen.of_value(state, code));
}

}  // namespace

std::expected<Bytes, ActionError> new_interaction_body(
    const InteractionDraft& typed, protocol::Millis now) {
    const InteractionDraft draft{
        composed(typed.kind), composed(typed.outcome), composed(typed.note), typed.at};
    if (trimmed(draft.kind).empty()) return refused(ActionProblem::unknown_value, "kind");
    if (auto text = expect_text(draft.kind, draft.outcome, draft.note); !text)
        return std::unexpected(text.error());
    protocol::InteractionCreate event{
        .kind = term(Vocabulary::interaction_kind, draft.kind),
        .outcome = term(Vocabulary::outcome, draft.outcome)};
    const std::string_view note = trimmed(draft.note);
    if (!note.empty()) event.note = note;
    if (draft.at && *draft.at != now) {
        std::int64_t offset = 0;
        if (__builtin_sub_overflow(draft.at->value, now.value, &offset))
            return refused(ActionProblem::unknown_value, "at");
        event.at_offset_ms = offset;
    }
    return protocol::encode(event);
}

std::expected<InteractionChange, ActionError> interaction_change(
    std::uint32_t code, std::string_view typed) {
    if (code == field::kind) return InteractionChange{.kind = std::string(typed)};
    if (code == field::outcome) return InteractionChange{.outcome = std::string(typed)};
    if (code == field::note) return InteractionChange{.note = std::string(typed)};
    const std::string_view text = trimmed(typed);
    std::int64_t millis = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), millis);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    if (!whole) return refused(ActionProblem::unknown_value, typed);
    return InteractionChange{.at = protocol::Millis{millis}};
}

std::expected<void, ActionError> write_interaction_change(
    EditDraft& edit, const RecordState& state, const InteractionChange& change,
    const SeenDots& seen) {
    const auto write = [&](std::uint32_t code, const Bytes& value) {
        write_value(edit, state, seen, code, value);
    };
    const std::string kind = composed(change.kind.value_or(""));
    const std::string outcome = composed(change.outcome.value_or(""));
    const std::string note = composed(change.note.value_or(""));
    if (auto text = expect_text(kind, outcome, note); !text) return text;
    if (change.kind && trimmed(kind).empty()) return refused(ActionProblem::unknown_value, "kind");
    if (change.kind)
        write(field::kind, protocol::term_value(term(Vocabulary::interaction_kind, kind)));
    if (change.outcome)
        write(field::outcome, protocol::term_value(term(Vocabulary::outcome, outcome)));
    if (change.note) {
        const std::string_view text = trimmed(note);
        write(field::note, text.empty() ? protocol::null_value() : protocol::text_value(text));
    }
    if (change.at) {
        Bytes value;
        protocol::CborWriter(value).integer(change.at->value);
        write(field::at, value);
    }
    return {};
}

}  // namespace vereda::engine
