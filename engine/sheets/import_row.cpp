#include "engine/sheets/import_row.h"

#include <algorithm>
#include <set>

#include "engine/actions/action_checks.h"
#include "engine/actions/contact_change.h"
#include "engine/replay/digest.h"
#include "engine/schema/fields.h"
#include "engine/text/compose.h"
#include "protocol/cbor.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

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

}  // namespace

RowImport::RowImport(
    Workspace& workspace, TurfNumber turf, const ImportOptions& options, ImportResult& result)
    : workspace_(workspace),
      turf_(turf),
      source_(composed(options.source)),
      options_(options),
      result_(result) {
    if (!options.dry_run) own_ = workspace.writer().own_log(workspace.roster(), turf);
}

void RowImport::reject(const SheetRow& row, RowProblem why) {
    result_.rejected.push_back({.line = row.line, .why = why});
}

void RowImport::reject(const SheetRow& row, const ActionError& error) {
    result_.rejected.push_back({.line = row.line, .why = RowProblem::action, .action = error});
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
    if (!is_text(row)) return reject(row, RowProblem::not_text);
    const std::string key = key_of(row);
    const auto known = workspace_.projection().contacts().find_key(turf_, source_, key);
    if (known) return update(row, *known);
    if (options_.dry_run && !would_add_.insert(key).second) {
        ++result_.unchanged;
        return;
    }
    create(row, key);
}

void RowImport::append(EntryDraft draft, const SheetRow& row, std::uint64_t& counter) {
    if (!fits_an_entry(draft)) return reject(row, RowProblem::too_long);
    ++counter;
    if (options_.dry_run) return;
    draft.from_outside = true;
    workspace_.append(turf_, draft);
}

void RowImport::append(const EditDraft& edit, const SheetRow& row) {
    const auto parts = edit.entries(next_entry(), {}, source_);
    if (!parts) return reject(row, RowProblem::too_long);
    ++result_.updated;
    if (options_.dry_run) return;
    for (EntryDraft part : *parts) {
        part.from_outside = true;
        workspace_.append(turf_, part);
    }
}

LocalDot RowImport::next_entry() const {
    return LocalDot::of(own_, workspace_.projection().frontier().read_to(own_).next());
}

void RowImport::create(const SheetRow& row, const std::string& key) {
    ContactDraft draft{.kind = row.kind, .key = RowKey{source_, key}};
    for (const ChannelConsent& consent : row.consents)
        draft.consents.push_back({consent.channel, consent.given});
    const auto said = read_sheet_contact(draft, row.values);
    if (!said) return reject(row, said.error());
    append(
        {.type = protocol::EventType::contact_create, .body = contact_body(*said)}, row,
        result_.added);
}

void RowImport::update(const SheetRow& row, LocalDot contact) {
    const auto found = workspace_.projection().contacts().load(contact);
    VEREDA_ASSERT(found);
    if (found->state.is_bound()) return reject(row, ActionError{ActionProblem::read_only, {}});
    if (found->state.retracted()) result_.retracted.push_back({row.line, found->id});
    EditDraft edit(contact, own_);
    SourceEdit said(edit, found->state, source_);
    write_values(said, row);
    write_consents(said, row);
    result_.conflicts += said.conflicts().size();
    if (edit.empty()) {
        ++result_.unchanged;
        return;
    }
    append(edit, row);
}

void RowImport::write_values(SourceEdit& said, const SheetRow& row) {
    std::map<std::uint32_t, std::set<std::string>> sets;
    for (const FieldValue& value : row.values) {
        const Field* field = find_field(FieldOwner::contact, value.field);
        if (field == nullptr) continue;
        if (field->rule == MergeRule::set) {
            sets[field->code].insert(value.value);
        } else {
            said.set(field->code, value.value);
        }
    }
    for (const auto& [code, elements] : sets) said.set_exactly(code, elements);
}

void RowImport::write_consents(SourceEdit& said, const SheetRow& row) {
    for (const ChannelConsent& consent : row.consents) {
        const auto state =
            consent.given ? protocol::ConsentState::given : protocol::ConsentState::withdrawn;
        if (said.consent(consent.channel, state) == SourceEdit::Consent::withdrawn)
            ++result_.kept_withdrawn;
    }
}

}  // namespace vereda::engine
