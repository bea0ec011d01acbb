#include "tests/sim/field_work.h"

#include <array>

#include "engine/sheets/sheet_import.h"

namespace vereda::sim {
namespace {

using engine::LocalDot;

const std::vector<std::string> registers{"given_name", "family_name", "phone", "district", "notes"};
const std::vector<std::string> sets{"phones", "tags"};
const std::vector<std::string> channels{"sms", "pigeon post"};
const std::vector<std::string> outcomes{"spoke", "refused", "sang along"};
const std::string sheet_source = "sheet";

// Few, and much the same ones on every laptop, so that they meet.
constexpr const char* some_contacts =
    "SELECT id FROM contacts WHERE root = id AND kind IS NOT NULL AND turf > 0 ORDER BY at, id "
    "LIMIT 2";
constexpr const char* some_interactions =
    "SELECT id FROM interactions WHERE contact IS NOT NULL ORDER BY at, id LIMIT 2";

std::string as_csv(const std::vector<SheetLine>& rows) {
    std::string text = "id";
    for (const engine::FieldText& cell : rows.front().cells) text += "," + cell.field;
    for (const SheetLine& row : rows) {
        text += "\n" + row.key;
        for (const engine::FieldText& cell : row.cells) text += "," + cell.value;
    }
    return text + "\n";
}

}  // namespace

void FieldWork::act(Laptop& laptop) {
    const auto contacts = ids(laptop, some_contacts);
    const auto interactions = ids(laptop, some_interactions);
    const std::uint64_t what = world_.dice.up_to(20);
    if (contacts.empty() || what < 2) {
        add_contact(laptop);
    } else if (what == 2) {
        import_sheet(laptop);
    } else if (what < 6 && !interactions.empty()) {
        change_interaction(laptop, world_.dice.pick(interactions));
    } else {
        change_contact(laptop, world_.dice.pick(contacts));
    }
}

void FieldWork::change_contact(Laptop& laptop, LocalDot id) {
    const Subject contact = subject(laptop, id);
    const std::uint64_t what = world_.dice.up_to(15);
    if (what < 5) return edit(contact);
    if (what < 9) return change_consent(contact);
    if (what < 11) return hide_or_show(contact);
    if (what < 12) return settle(contact);
    visit(contact);
}

void FieldWork::change_interaction(Laptop& laptop, LocalDot id) {
    const Subject interaction = subject(laptop, id);
    world_.dice.one_in(2) ? hide_or_show(interaction) : correct(interaction);
}

std::vector<LocalDot> FieldWork::ids(Laptop& laptop, const char* sql) {
    engine::Statement select(laptop.workspace().projection().database(), sql);
    std::vector<LocalDot> found;
    for (const engine::Row& row : select.query()) found.push_back({row.integer(0)});
    return found;
}

FieldWork::Subject FieldWork::subject(Laptop& laptop, LocalDot id) {
    return {laptop, id, Chronicle::turf_of(laptop, id), chronicle_.look(laptop, id)};
}

std::string FieldWork::some_value(const std::string& field) {
    const bool of_a_set = field == "phones" || field == "tags";
    const std::string number = std::to_string(world_.dice.up_to(of_a_set ? 2 : 5));
    return field.starts_with("phone") ? "+4930901820" + number : "value " + number;
}

engine::FieldText FieldWork::some_text(const std::string& field) {
    return {field, some_value(field)};
}

template <class Action>
bool FieldWork::witness(const Subject& subject, const Told& told, Action action) {
    return chronicle_.witness(
        subject.laptop, subject.turf, {told}, [&] { return action().has_value(); });
}

void FieldWork::add_contact(Laptop& laptop) {
    const protocol::TurfId& turf = world_.dice.pick(world_.turfs);
    const auto number = laptop.turf(turf);
    if (!number) return;
    engine::ContactDraft draft;
    draft.set = {some_text("given_name"), some_text("family_name")};
    if (world_.dice.one_in(3)) draft.add = {some_text("tags")};
    if (world_.dice.one_in(3))
        draft.consents = {{world_.dice.pick(channels), world_.dice.one_in(2)}};
    if (world_.dice.one_in(2))
        draft.key = engine::RowKey{sheet_source, std::to_string(world_.dice.up_to(5))};
    std::optional<Sight> known;
    if (draft.key) known = chronicle_.look_for_key(laptop, turf, *draft.key);
    if (known) draft.consents.clear();
    static_cast<void>(chronicle_.witness(laptop, turf, {told(known, draft)}, [&] {
        const auto added = laptop.people().add_contact(*number, draft);
        return added && added->changed;
    }));
}

// Two rows in one commit: both or neither.
void FieldWork::import_sheet(Laptop& laptop) {
    const protocol::TurfId& turf = world_.dice.pick(world_.turfs);
    const auto number = laptop.turf(turf);
    if (!number) return;
    std::vector<Told> tellings;
    std::vector<SheetLine> rows;
    const std::uint64_t first = world_.dice.up_to(5);
    for (const std::uint64_t key : {first, (first + 1) % 5}) {
        rows.push_back(
            {std::to_string(key),
             {some_text("given_name"), some_text("district"), some_text("tags")}});
        const auto known = chronicle_.look_for_key(laptop, turf, {sheet_source, rows.back().key});
        tellings.push_back(told(known, sheet_source, rows.back()));
    }
    const std::string text = as_csv(rows);
    static_cast<void>(chronicle_.witness(laptop, turf, tellings, [&] {
        auto sheet = engine::Sheet::open(text, {.key_column = "id", .this_year = 2027});
        VEREDA_ASSERT(sheet);
        const auto result =
            engine::import_sheet(laptop.workspace(), *number, *sheet, {.source = sheet_source});
        return result && result->added + result->updated != 0;
    }));
}

void FieldWork::edit(const Subject& contact) {
    engine::ContactChange change;
    change.set.push_back(some_text(world_.dice.pick(registers)));
    if (world_.dice.one_in(6)) change.set.back().value.clear();
    if (world_.dice.one_in(4)) change.set.push_back(some_text("region"));
    if (world_.dice.one_in(2)) edit_sets(contact, change);
    witness(contact, told(contact.sight, change), [&] {
        return contact.laptop.people().edit_contact(contact.id, change);
    });
}

void FieldWork::edit_sets(const Subject& contact, engine::ContactChange& change) {
    const std::string set = world_.dice.pick(sets);
    if (world_.dice.one_in(5)) {
        change.set.push_back(some_text(set));
        change.set.push_back(some_text(set));
        return;
    }
    if (!world_.dice.one_in(4)) change.add.push_back(some_text(set));
    const auto shown = contact.sight.shown(field_number(set));
    if (!shown.empty() && world_.dice.one_in(2)) change.remove.push_back({set, *shown.begin()});
    if (world_.dice.one_in(20)) change.remove.push_back(some_text(set));  // perhaps not there
}

void FieldWork::change_consent(const Subject& contact) {
    const std::string channel = world_.dice.pick(channels);
    const auto known = contact.sight.state().withdrawn.find(channel);
    const bool withdrawn = known != contact.sight.state().withdrawn.end() && known->second;
    if (world_.dice.one_in(withdrawn ? 2 : 8)) {
        witness(contact, told_lift(contact.sight, channel), [&] {
            return contact.laptop.people().lift_consent(contact.id, channel, "asked again");
        });
        return;
    }
    const engine::ContactChange change{.consents = {{channel, world_.dice.one_in(2)}}};
    witness(contact, told(contact.sight, change), [&] {
        return contact.laptop.people().edit_contact(contact.id, change);
    });
}

void FieldWork::hide_or_show(const Subject& subject) {
    const bool hide = subject.sight.state().retracted == world_.dice.one_in(4);
    engine::People people = subject.laptop.people();
    witness(subject, hide ? told_retracted(subject.sight) : told_restored(subject.sight), [&] {
        if (subject.sight.contact()) {
            return hide ? people.retract_interaction(subject.id)
                        : people.restore_interaction(subject.id);
        }
        return hide ? people.retract_contact(subject.id) : people.restore_contact(subject.id);
    });
}

// One of the values that show, or a new one.
void FieldWork::settle(const Subject& contact) {
    const std::vector<int> fields = contact.sight.fields_in_conflict();
    if (fields.empty()) return edit(contact);
    const int field = world_.dice.pick(fields);
    const std::string word = field_word(field);
    const auto shown = contact.sight.shown(field);
    const std::string value = world_.dice.one_in(3) ? some_value(word) : *shown.begin();
    witness(contact, told_settled(contact.sight, field, value), [&] {
        return contact.laptop.people().settle_conflict(contact.id, word, value);
    });
}

void FieldWork::visit(const Subject& contact) {
    engine::InteractionDraft draft{
        "door", world_.dice.pick(outcomes), some_value("note"), std::nullopt};
    const auto now = engine::writing_time(contact.laptop.workspace().environment().clock.now());
    witness(contact, told(contact.sight.record(), draft, now), [&] {
        return contact.laptop.people().add_interaction(contact.id, draft);
    });
}

void FieldWork::correct(const Subject& interaction) {
    engine::InteractionChange change;
    if (world_.dice.one_in(2)) change.outcome = world_.dice.pick(outcomes);
    if (!change.outcome || world_.dice.one_in(3)) change.note = some_value("note");
    witness(interaction, told(interaction.sight, change), [&] {
        return interaction.laptop.people().correct_interaction(interaction.id, change);
    });
}

}  // namespace vereda::sim
