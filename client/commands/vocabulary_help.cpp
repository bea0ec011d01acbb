#include "client/commands/vocabulary_help.h"

#include "client/terminal/display_text.h"
#include "engine/schema/fields.h"

namespace vereda::client {
namespace {

constexpr int help_width = 90;

std::string lines_of(std::string title, const std::string& words) {
    std::string text;
    for (const std::string& line : broken_into(title + words, help_width)) text += line + "\n";
    return text;
}

std::string fields_with(engine::MergeRule rule) {
    std::string names;
    for (const engine::Field& field : engine::fields()) {
        if (field.owner != engine::FieldOwner::contact || field.rule != rule) continue;
        names += (names.empty() ? "" : ", ") + std::string(field.name);
    }
    return names;
}

std::string words_of(engine::Vocabulary vocabulary) {
    std::string words;
    for (const engine::Term& term : engine::terms(vocabulary)) {
        words += (words.empty() ? "" : ", ") + std::string(term.word);
    }
    return words;
}

}  // namespace

std::string contact_fields_help() {
    return lines_of("Fields: ", fields_with(engine::MergeRule::single)) +
           lines_of("Several values (--add, --remove): ", fields_with(engine::MergeRule::set)) +
           lines_of("Channels of consent: ", words_of(engine::Vocabulary::channel));
}

std::string interaction_words_help() {
    return lines_of("Kinds: ", words_of(engine::Vocabulary::interaction_kind)) +
           lines_of("Outcomes: ", words_of(engine::Vocabulary::outcome)) +
           "Other words are kept as they are.\n";
}

}  // namespace vereda::client
