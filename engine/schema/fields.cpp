#include "engine/schema/fields.h"

#include <algorithm>
#include <array>

namespace vereda::engine {
namespace {

using enum FieldOwner;
using enum MergeRule;

constexpr std::array table{
    Field{1, contact, single, ValueForm::name, "given_name"},
    Field{2, contact, single, ValueForm::name, "family_name"},
    Field{3, contact, single, ValueForm::name, "additional_name"},
    Field{4, contact, single, ValueForm::name, "name"},
    Field{5, contact, single, ValueForm::phone, "phone"},
    Field{6, contact, set, ValueForm::phone, "phones"},
    Field{7, contact, single, ValueForm::email, "email"},
    Field{8, contact, set, ValueForm::email, "emails"},
    Field{9, contact, single, ValueForm::plain, "address_line"},
    Field{10, contact, single, ValueForm::plain, "city"},
    Field{11, contact, single, ValueForm::plain, "region"},
    Field{12, contact, single, ValueForm::plain, "postal_code"},
    Field{13, contact, single, ValueForm::plain, "country"},
    Field{14, contact, single, ValueForm::plain, "district"},
    Field{15, contact, single, ValueForm::language, "language"},
    Field{16, contact, single, ValueForm::date, "birth_date"},
    Field{17, contact, single, ValueForm::plain, "gender"},
    Field{18, contact, single, ValueForm::channel, "preferred_channel"},
    Field{19, contact, set, ValueForm::plain, "tags"},
    Field{20, contact, single, ValueForm::notes, "notes"},
    Field{21, contact, single, ValueForm::plain, "support"},
    Field{22, contact, single, ValueForm::plain, "household"},
    Field{23, contact, set, ValueForm::plain, "links"},
    Field{24, contact, single, ValueForm::plain, "occupation"},
    Field{25, contact, single, ValueForm::plain, "employer"},
    Field{101, interaction, single, ValueForm::plain, "kind"},
    Field{102, interaction, single, ValueForm::plain, "outcome"},
    Field{103, interaction, single, ValueForm::notes, "note"},
    Field{104, interaction, single, ValueForm::date, "at"},
};

struct Alias {
    std::string_view usual;
    std::string_view name;
};
constexpr std::array aliases{
    Alias{"first_name", "given_name"},
    Alias{"last_name", "family_name"},
    Alias{"surname", "family_name"},
    Alias{"middle_name", "additional_name"},
    Alias{"street", "address_line"},
    Alias{"address", "address_line"},
    Alias{"zip", "postal_code"},
    Alias{"postcode", "postal_code"},
    Alias{"state", "region"},
    Alias{"birth_year", "birth_date"},
    Alias{"birthday", "birth_date"},
    Alias{"birthdate", "birth_date"},
    Alias{"channel", "preferred_channel"},
    Alias{"tag", "tags"},
    Alias{"link", "links"},
    Alias{"organisation", "name"},
    Alias{"organization", "name"},
};
constexpr std::array set_aliases{Alias{"phone", "phones"}, Alias{"email", "emails"}};

constexpr std::array contact_kinds{
    Term{1, "person"}, Term{2, "organisation"}, Term{3, "household"}};
constexpr std::array interaction_kinds{
    Term{1, "door"},  Term{2, "call"},  Term{3, "meeting"}, Term{4, "sms"},    Term{5, "email"},
    Term{6, "event"}, Term{7, "media"}, Term{8, "other"},   Term{9, "street"},
};
constexpr std::array outcomes{
    Term{1, "spoke"},        Term{2, "no_answer"},  Term{3, "call_back"}, Term{4, "refused"},
    Term{5, "moved"},        Term{6, "volunteer"},  Term{7, "leaning"},   Term{8, "undecided"},
    Term{9, "wrong_number"}, Term{10, "supporter"}, Term{11, "opposed"},  Term{12, "not_home"},
    Term{13, "left_note"},   Term{14, "deceased"},  Term{15, "attended"}, Term{16, "pledged"},
    Term{17, "done"},
};
constexpr std::array channels{
    Term{1, "door"}, Term{2, "phone"},    Term{3, "sms"},    Term{4, "email"},
    Term{5, "post"}, Term{6, "whatsapp"}, Term{7, "signal"}, Term{8, "telegram"},
};

struct OtherWord {
    Vocabulary vocabulary;
    std::string_view other;
    std::string_view word;
};
constexpr std::array other_words{
    OtherWord{Vocabulary::interaction_kind, "phone", "call"},
    OtherWord{Vocabulary::interaction_kind, "text", "sms"},
    OtherWord{Vocabulary::interaction_kind, "e-mail", "email"},
    OtherWord{Vocabulary::interaction_kind, "visit", "door"},
    OtherWord{Vocabulary::contact_kind, "organization", "organisation"},
    OtherWord{Vocabulary::channel, "call", "phone"},
    OtherWord{Vocabulary::channel, "text", "sms"},
    OtherWord{Vocabulary::channel, "e-mail", "email"},
    OtherWord{Vocabulary::channel, "mail", "post"},
};

template <class Aliases>
std::string_view usual_name(const Aliases& list, std::string_view name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [name](const Alias& a) { return a.usual == name; });
    return found == list.end() ? name : found->name;
}

}  // namespace

std::span<const Field> fields() { return table; }

const Field* find_field(std::uint32_t code) {
    const auto found = std::lower_bound(
        table.begin(), table.end(), code,
        [](const Field& field, std::uint32_t c) { return field.code < c; });
    return found != table.end() && found->code == code ? &*found : nullptr;
}

const Field* find_field(FieldOwner owner, std::string_view name) {
    const std::string_view wanted = usual_name(aliases, name);
    const auto found =
        std::find_if(table.begin(), table.end(), [owner, wanted](const Field& field) {
            return field.owner == owner && field.name == wanted;
        });
    return found == table.end() ? nullptr : &*found;
}

const Field* find_set_field(FieldOwner owner, std::string_view name) {
    const Field* found = find_field(owner, usual_name(set_aliases, name));
    return found != nullptr && found->rule == MergeRule::set ? found : nullptr;
}

std::string_view field_name(std::uint32_t code) {
    const Field* found = find_field(code);
    return found == nullptr ? std::string_view{"unknown"} : found->name;
}

std::span<const Term> terms(Vocabulary vocabulary) {
    switch (vocabulary) {
        case Vocabulary::contact_kind:
            return contact_kinds;
        case Vocabulary::interaction_kind:
            return interaction_kinds;
        case Vocabulary::outcome:
            return outcomes;
        case Vocabulary::channel:
            return channels;
    }
    return {};
}

std::optional<std::uint64_t> code_of(Vocabulary vocabulary, std::string_view word) {
    for (const OtherWord& other : other_words) {
        if (other.vocabulary == vocabulary && other.other == word) word = other.word;
    }
    for (const Term& term : terms(vocabulary)) {
        if (term.word == word) return term.code;
    }
    return std::nullopt;
}

std::string_view word_of(Vocabulary vocabulary, std::uint64_t code) {
    for (const Term& term : terms(vocabulary)) {
        if (term.code == code) return term.word;
    }
    return {};
}

}  // namespace vereda::engine
