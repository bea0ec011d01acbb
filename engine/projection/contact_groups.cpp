#include "engine/projection/contacts.h"
#include "engine/projection/entry_texts.h"

/// Several records with one external key are read as one contact.
namespace vereda::engine {

LocalDot Contacts::claim_key(const Action& action, const protocol::ExternalKey& key) {
    const auto holder = find_key(action.turf, key.source, key.key);
    if (holder) return root_of(*holder);
    insert_key_.run(
        action.turf, KeptText::key(key.source).view(), KeptText::key(key.key).view(), action.dot);
    return action.dot;
}

// What the entry says goes into the group that it joins: its own row keeps no body.
void Contacts::create_in(
    LocalDot root, const Action& action, const protocol::ContactCreate& event) {
    insert_row(action, event, root, std::nullopt, 0);
    if (stays_in_log(action)) {
        defer(action.dot, action.turf, action.dot);
    } else {
        change(root, action.turf, [&](MergeTarget& state, const AppliedDots&) {
            add_initial(state, event, action.dot, action.time_ms, TextForm::keyed);
        });
    }
    add_member(root, action.dot);
}

void Contacts::join(LocalDot root, LocalDot member) {
    Taken member_row = take(member);
    shelf_.index().replace(member, member_row.words, {});
    if (member_row.row.deferred) defer_row(root);
    std::vector<RecordState> joining = take_whole(member);
    set_root_.run(member, root);
    if (shelf_.is_parted(root)) {
        for (RecordState& part : joining) shelf_.parted().absorb(root, std::move(part));
    } else {
        Taken whole = take(root);
        for (RecordState& part : joining) whole.row.state.absorb(std::move(part));
        store(std::move(whole.row), whole.words);
    }
    add_member(root, member);
}

// The state of a contact that keeps none from now on.
std::vector<RecordState> Contacts::take_whole(LocalDot member) {
    if (shelf_.is_parted(member)) return shelf_.parted().take(member);
    std::vector<RecordState> whole;
    whole.push_back(take(member).row.state);
    return whole;
}

// Which record came first to this laptop differs from laptop to laptop. So the group takes its id,
// kind and time from the record that is first in the order of all laptops.
void Contacts::add_member(LocalDot root, LocalDot member) {
    insert_member_.run(root, root);
    insert_member_.run(member, root);
    const LocalDot first = shown_id(root);
    if (order_.before(member, first)) set_place_.run(root, member);
}

bool Contacts::GroupDots::applied(LocalDot dot) const {
    if (!contacts_.applied_.applied(dot) || contacts_.deferred_.has(dot)) return false;
    const LocalDot record = contacts_.record_written_by(dot);
    return record.is_none() || contacts_.root_of(record) == root_;
}

LocalDot Contacts::record_written_by(LocalDot entry) {
    if (!root_of(entry).is_none()) return entry;  // it created a contact
    return {select_action_.query_integer(entry).value_or(0)};
}

LocalDot Contacts::root_of(LocalDot id) { return {select_root_.query_integer(id).value_or(0)}; }

LocalDot Contacts::shown_id(LocalDot id) {
    return {select_shown_.query_integer(root_of(id)).value_or(0)};
}

std::vector<LocalDot> Contacts::members_of(LocalDot root) {
    std::vector<LocalDot> members;
    for (const Row& row : select_members_.query(root)) members.push_back({row.integer(0)});
    if (members.empty()) members.push_back(root);
    return members;
}

std::optional<LocalDot> Contacts::find_key(
    TurfNumber turf, std::string_view source, std::string_view key) {
    const auto found =
        select_key_.query_integer(turf, KeptText::key(source).view(), KeptText::key(key).view());
    return found ? std::optional(LocalDot{*found}) : std::nullopt;
}

}  // namespace vereda::engine
