#include "engine/actions/shown_effect.h"

#include <algorithm>

#include "engine/merge/consent.h"
#include "engine/schema/fields.h"

namespace vereda::engine {
namespace {

using protocol::EventType;
using protocol::Write;

/// Asks the state of one record for what an entry did to it.
class EntryEffect {
  public:
    EntryEffect(const RecordState& state, LocalDot entry, LocalDot record)
        : state_(state),
          entry_(entry),
          record_(record),
          references_(ReferenceTable::of_ordinals(entry.log())) {}

    [[nodiscard]] bool wrote(RecordState::Slot slot) const { return is_live(slot, entry_); }
    [[nodiscard]] bool ended(RecordState::Slot slot, const protocol::Over& over) const {
        if (over.creating && is_live(slot, record_)) return false;
        return std::ranges::none_of(over.dots, [&](const protocol::Reference& reference) {
            return is_live(slot, references_.resolve(reference));
        });
    }
    [[nodiscard]] bool holds(const RecordState& said) const {
        return std::ranges::all_of(said.items(), [&](const RecordState::Item& item) {
            return is_live({item.field, item.element}, item.dot);
        });
    }

  private:
    [[nodiscard]] bool is_live(RecordState::Slot slot, LocalDot dot) const {
        const RecordState::Item* const found = state_.find(slot, dot);
        return found != nullptr && found->live;
    }

    const RecordState& state_;
    LocalDot entry_;
    LocalDot record_;
    ReferenceTable references_;
};

// Of an edit's entries only the last one's values are to stay.
bool shows_write(const EntryEffect& effect, const Write& write, bool last) {
    const auto field = static_cast<std::uint32_t>(write.field);
    switch (write.kind) {
        case Write::Kind::set_register:
            return effect.ended({field, {}}, write.over) && (!last || effect.wrote({field, {}}));
        case Write::Kind::add_element:
            return effect.wrote({field, as_text(write.value)});
        case Write::Kind::remove_element:
            return effect.ended({field, as_text(write.value)}, write.over);
        case Write::Kind::consent:
            break;
    }
    const std::string element = consent_element(write.consent.channel, write.consent.purpose);
    return effect.wrote({consent_slot, element});
}

bool shows_edit(const EntryEffect& effect, ByteView body, bool last) {
    const auto edit = protocol::parse_edit(body);
    return edit && std::ranges::all_of(edit->writes, [&](const Write& write) {
               return shows_write(effect, write, last);
           });
}

bool shows_lift(const EntryEffect& effect, ByteView body) {
    const auto lift = protocol::parse_consent_lift(body);
    if (!lift) return false;
    const std::string element = consent_element(lift->channel, lift->purpose);
    return effect.ended({consent_slot, element}, lift->over) &&
           effect.wrote({consent_slot, element});
}

bool shows_new_contact(const EntryEffect& effect, ByteView body, LocalDot entry) {
    const auto event = protocol::parse_contact_create(body);
    if (!event) return false;
    RecordState said;
    Contacts::add_initial(said, *event, entry, 0, TextForm::whole);
    return effect.holds(said);
}

bool shows_new_interaction(const EntryEffect& effect, const RecordState& state) {
    const auto fields = {field::kind, field::outcome, field::at};
    return !state.retracted() && std::ranges::all_of(fields, [&](std::uint32_t code) {
        return effect.wrote({code, {}});
    });
}

bool shows(
    const RecordState& state, LocalDot entry, LocalDot record, const EntryDraft& draft, bool last) {
    const EntryEffect effect(state, entry, record);
    switch (draft.type) {
        case EventType::contact_create:
            return shows_new_contact(effect, draft.body, entry);
        case EventType::interaction_create:
            return shows_new_interaction(effect, state);
        case EventType::edit:
            return shows_edit(effect, draft.body, last);
        case EventType::retract:
            return effect.wrote({retracted_slot, {}});
        case EventType::restore: {
            const auto restore = protocol::parse_restore(draft.body);
            return restore && effect.ended({retracted_slot, {}}, restore->over);
        }
        case EventType::consent_lift:
            return shows_lift(effect, draft.body);
        case EventType::critical_lift:
            return !state.is_bound();
        case EventType::void_entry:
        case EventType::profile:
            break;
    }
    return true;
}

std::optional<RecordState> state_of(Workspace& workspace, LocalDot record, bool interaction) {
    Projection& projection = workspace.projection();
    if (interaction) {
        auto row = projection.interactions().load(record);
        return row ? std::optional(std::move(row->state)) : std::nullopt;
    }
    auto row = projection.contacts().load(record);
    return row ? std::optional(std::move(row->state)) : std::nullopt;
}

}  // namespace

bool effect_shows(Workspace& workspace, LocalDot last, const std::vector<EntryDraft>& entries) {
    const EntryDraft& said = entries.back();
    if (said.type == EventType::profile) return true;  // People::name looks for itself
    const LocalDot record = said.record.is_none() ? last : said.record;
    const auto state = state_of(workspace, record, !said.parent.is_none());
    if (!state) return false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto back = static_cast<std::int64_t>(entries.size() - 1 - i);
        if (!shows(*state, {last.value - back}, record, entries[i], back == 0)) return false;
    }
    return true;
}

}  // namespace vereda::engine
