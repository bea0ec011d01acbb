#pragma once

#include <map>
#include <string>
#include <string_view>

#include "client/desk/problems/problem.h"
#include "client/desk/requests.h"
#include "engine/actions/actions.h"
#include "engine/queries/queries.h"
#include "engine/queries/record_ids.h"

/// What people type, looked up; the problem says what was not found.
namespace vereda::client {

/// A turf that this laptop holds, by name or id. Not `common`: no contact lives there.
[[nodiscard]] Or<engine::TurfNumber> find_turf(engine::Workspace& workspace, std::string_view name);
/// Whether a void entry stands where the contact was: nobody has it any more.
[[nodiscard]] bool is_lost(engine::Workspace& workspace, engine::LocalDot contact);
/// A contact to write to, by its id, the beginning of its id, or a key. Where several fit, the
/// problem lists them. One that is not here is refused as contact_lost or contact_not_here.
[[nodiscard]] Or<engine::LocalDot> find_contact(engine::RecordIds& ids, std::string_view typed);
/// A contact to look at: also one that is not here, of which visits or changes are left.
struct FoundContact {
    engine::LocalDot id;
    bool here = true;
};
[[nodiscard]] Or<FoundContact> find_contact_to_read(engine::RecordIds& ids, std::string_view typed);
/// A contact to hide or to restore: also a lost one, so that what is left of it can be hidden.
[[nodiscard]] Or<engine::LocalDot> find_contact_to_hide(
    engine::RecordIds& ids, std::string_view typed);
[[nodiscard]] Or<engine::LocalDot> find_interaction(engine::RecordIds& ids, std::string_view typed);
/// The one contact that has the key in `source`; nothing for none and for several.
[[nodiscard]] std::optional<engine::LocalDot> find_own_key(
    engine::Workspace& workspace, std::string_view source, std::string_view key);

[[nodiscard]] Or<engine::Seen> find_seen(
    const engine::RecordIds& ids, engine::LocalDot contact, const SeenTexts& seen);
[[nodiscard]] Or<engine::Seen> find_seen_of_interaction(
    const engine::RecordIds& ids, engine::LocalDot interaction, const SeenTexts& seen);
/// FIELD=ENTRY, once for each entry; FIELD= for a field that showed nothing.
[[nodiscard]] SeenTexts seen_texts(const std::vector<std::pair<std::string, std::string>>& pairs);
/// A time as `parse_moment` reads it.
[[nodiscard]] Or<protocol::Millis> find_time(std::string_view typed, engine::Clock& clock);

[[nodiscard]] std::vector<engine::FieldText> field_texts(
    const std::vector<std::pair<std::string, std::string>>& pairs);
/// CHANNEL=given or CHANNEL=withdrawn.
[[nodiscard]] Or<std::vector<engine::ConsentText>> consent_texts(
    const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace vereda::client
