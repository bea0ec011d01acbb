#include "engine/people/import_row.h"

#include <algorithm>
#include <set>

#include "engine/merge/consent.h"
#include "engine/people/action_checks.h"
#include "engine/people/contact_change.h"
#include "engine/people/digest.h"
#include "engine/schema/fields.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

using protocol::ConsentState;

// What a row says, whatever the order of its columns.
crypto::Hash content_hash(const SheetRow& row) {
    std::vector<FieldValue> values = row.values;
    std::sort(values.begin(), values.end());
    std::vector<ChannelConsent> consents = row.consents;
    std::sort(consents.begin(), consents.end());
    Bytes content;
    protocol::CborWriter writer(content);
    writer.text(row.kind).array(values.size());
    for (const FieldValue& value : values) writer.text(value.field).text(value.value);
    writer.array(consents.size());
    for (const ChannelConsent& consent : consents)
        writer.text(consent.channel).boolean(consent.given);
    return protocol::domain_hash("sheet-row", content);
}

bool is_text(const SheetRow& row) {
    return protocol::is_valid_utf8(row.key) &&
           std::all_of(row.values.begin(), row.values.end(), [](const FieldValue& value) {
               return protocol::is_valid_utf8(value.value);
           });
}

std::vector<LocalDot> dots_of(const std::vector<const RecordState::Item*>& items) {
    std::vector<LocalDot> dots;
    for (const RecordState::Item* item : items) dots.push_back(item->dot);
    return dots;
}

// What the source said last about a channel, whether a person has lifted it since or not.
std::optional<ConsentState> last_consent(
    const RecordState& state, const std::string& element, std::string_view source) {
    const RecordState::Item* last = nullptr;
    for (const RecordState::Item* item : state.baseline(consent_slot, source)) {
        if (item->element != element) continue;
        if (last == nullptr || std::tie(last->at_ms, last->dot) < std::tie(item->at_ms, item->dot))
            last = item;
    }
    if (last == nullptr) return std::nullopt;
    return last->value == consent_value(ConsentState::withdrawn) ? ConsentState::withdrawn
                                                                 : ConsentState::given;
}

}  // namespace

RowImport::RowImport(
    Workspace& workspace, TurfNumber turf, const ImportOptions& options, ImportResult& result)
    : workspace_(workspace), turf_(turf), options_(options), result_(result) {
    if (!options.dry_run) own_ = workspace.writer().own_log(workspace.roster(), turf);
}

void RowImport::reject(const SheetRow& row, std::string why) {
    result_.rejected.push_back({row.line, std::move(why)});
}

// Without a key a row is named by what it says, and by how many like it came before: two people may
// well share a name and nothing else be known.
std::string RowImport::key_of(const SheetRow& row) {
    if (!row.key.empty()) return row.key;
    std::string key = "row:" + to_text(StateDigest{content_hash(row)}).substr(0, 32);
    const std::uint64_t before = same_rows_[key]++;
    if (before != 0) key += "/" + std::to_string(before + 1);
    return key;
}

void RowImport::take(const SheetRow& row) {
    if (!is_text(row)) return reject(row, "it holds bytes that are no text in the encoding read");
    const std::string key = key_of(row);
    const auto known = workspace_.projection().contacts().find_key(turf_, options_.source, key);
    if (known) return update(row, *known);
    if (options_.dry_run && !would_add_.insert(key).second) {
        ++result_.unchanged;
        return;
    }
    create(row, key);
}

void RowImport::append(EntryDraft draft, const SheetRow& row, std::uint64_t& counter) {
    if (!fits_an_entry(draft)) return reject(row, "it is more than one contact can hold (31 KiB)");
    ++counter;
    if (options_.dry_run) return;
    draft.from_outside = true;
    workspace_.append(turf_, draft);
}

void RowImport::create(const SheetRow& row, const std::string& key) {
    ContactDraft draft{.kind = row.kind, .key = RowKey{options_.source, key}};
    for (const ChannelConsent& consent : row.consents)
        draft.consents.push_back({consent.channel, consent.given});
    auto body = sheet_contact_body(draft, row.values);
    if (!body) return reject(row, describe(body.error()));
    append(
        {.type = protocol::EventType::contact_create, .body = std::move(*body)}, row,
        result_.added);
}

void RowImport::update(const SheetRow& row, LocalDot contact) {
    const auto found = workspace_.projection().contacts().load(contact);
    VEREDA_ASSERT(found);
    if (found->read_only) return reject(row, describe(ActionError{ActionProblem::read_only, {}}));
    if (found->state.retracted()) result_.retracted.push_back({row.line, found->root});
    EditDraft edit(contact, own_);
    write_values(edit, found->state, row);
    write_consents(edit, found->state, row);
    if (edit.empty()) {
        ++result_.unchanged;
        return;
    }
    append(
        {.type = protocol::EventType::edit,
         .record = contact,
         .body = edit.encode(options_.source)},
        row, result_.updated);
}

void RowImport::write_values(EditDraft& edit, const RecordState& state, const SheetRow& row) {
    std::map<std::uint32_t, std::vector<std::string>> sets;
    for (const FieldValue& value : row.values) {
        const Field* field = find_field(FieldOwner::contact, value.field);
        if (field == nullptr) continue;
        if (field->rule == MergeRule::set) {
            sets[field->code].push_back(value.value);
        } else {
            write_register(edit, state, field->code, value.value);
        }
    }
    for (const auto& [code, elements] : sets) write_set(edit, state, code, elements);
}

// Over what the same source said before and nothing else: a person's value stands beside it.
void RowImport::write_register(
    EditDraft& edit, const RecordState& state, std::uint32_t code, const std::string& text) {
    const Bytes value = protocol::text_value(text);
    const auto said = state.baseline(code, options_.source);
    const bool unchanged =
        !said.empty() && std::all_of(said.begin(), said.end(), [&](const RecordState::Item* item) {
            return item->value == as_text(value);
        });
    if (unchanged) return;
    const auto live = state.live(code);
    const bool differs = std::any_of(live.begin(), live.end(), [&](const RecordState::Item* item) {
        return item->source != options_.source && item->value != as_text(value);
    });
    if (differs) ++result_.conflicts;
    edit.set(code, value, dots_of(said));
}

void RowImport::write_set(
    EditDraft& edit, const RecordState& state, std::uint32_t code,
    const std::vector<std::string>& texts) {
    std::set<std::string> wanted;
    for (const std::string& text : texts)
        wanted.insert(std::string(as_text(protocol::text_value(text))));
    std::map<std::string, std::vector<LocalDot>> said;
    for (const RecordState::Item* item : state.baseline(code, options_.source))
        said[item->element].push_back(item->dot);
    for (const std::string& element : wanted) {
        if (!said.contains(element)) edit.add(code, as_bytes(element));
    }
    for (const auto& [element, dots] : said) {
        if (!wanted.contains(element)) edit.remove(code, as_bytes(element), dots);
    }
}

// A withdrawal is written whoever made it; a consent never ends one.
void RowImport::write_consents(EditDraft& edit, const RecordState& state, const SheetRow& row) {
    for (const ChannelConsent& said : row.consents) {
        const protocol::CodeOrText channel = channel_term(said.channel);
        const ConsentState wanted = said.given ? ConsentState::given : ConsentState::withdrawn;
        const auto known = consent_of(state, channel, 0);
        if (known && known->state == ConsentState::withdrawn) {
            if (said.given) ++result_.kept_withdrawn;
            continue;
        }
        if (known && known->state == wanted) continue;
        // Lifted by a person since the sheet said so: the sheet says nothing new.
        if (last_consent(state, consent_element(channel, 0), options_.source) == wanted) continue;
        edit.consent(channel, wanted);
    }
}

}  // namespace vereda::engine
