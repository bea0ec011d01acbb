#include "client/commands/export_row.h"

#include "client/api/author_json.h"
#include "client/commands/contact_answer.h"
#include "client/commands/visit_answer.h"
#include "client/desk/shown_names.h"
#include "engine/queries/record_ids.h"
#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "engine/sheets/cell_text.h"
#include "engine/sheets/export_csv.h"
#include "engine/sheets/sheet_columns.h"

namespace vereda::client {
namespace {

using Cells = std::vector<std::string>;

std::string line_of(const Cells& cells) {
    std::string line;
    engine::append_csv_row(line, cells);
    return line;
}

const engine::FieldView* find(const engine::ContactView& contact, std::uint32_t code) {
    for (const engine::FieldView& field : contact.fields) {
        if (field.code == code) return &field;
    }
    return nullptr;
}

std::string joined(const std::vector<std::string>& names) {
    std::string cell;
    for (const std::string& name : names) {
        if (!cell.empty()) cell += engine::set_separator;
        cell += name;
    }
    return cell;
}

std::string cell_of(const std::string& text) {
    return text.empty() ? text : engine::cell_text(engine::text_column, {text});
}

std::string cell_of(const engine::Field& field, const engine::FieldView* view) {
    std::vector<std::string> values;
    if (view != nullptr) {
        for (const engine::ValueView& value : view->values) {
            if (!value.text.empty()) values.push_back(value.text);
            if (!view->set) break;
        }
    }
    return values.empty() ? std::string() : engine::cell_text(field, values);
}

std::string cell_of(const engine::ContactView& contact, std::string_view channel) {
    std::string cell;
    for (const engine::ConsentView& consent : contact.consents) {
        if (consent.channel != channel) continue;
        if (!consent.given) return "withdrawn";  // whatever was said for another purpose
        cell = "given";
    }
    return cell;
}

template <class Visit>
void visit_contact_fields(Visit visit) {
    for (const engine::Field& field : engine::fields()) {
        if (field.owner == engine::FieldOwner::contact) visit(field);
    }
}

}  // namespace

std::vector<std::string> consent_columns(
    engine::Workspace& workspace, const std::vector<engine::ContactLine>& contacts) {
    std::vector<std::string> channels;
    for (const engine::Term& channel : engine::terms(engine::Vocabulary::channel)) {
        channels.emplace_back(channel.word);
    }
    for (const std::string& other : engine::Queries(workspace).other_channels(contacts)) {
        channels.push_back(other);
    }
    return channels;
}

std::string csv_contact_header(const std::vector<std::string>& channels) {
    Cells cells{"id", "turf", "kind"};
    visit_contact_fields([&](const engine::Field& field) { cells.emplace_back(field.name); });
    for (const std::string& channel : channels) {
        cells.push_back(std::string(engine::consent_title) + channel);
    }
    cells.insert(cells.end(), {"source", "key", std::string(engine::conflicts_title)});
    return line_of(cells);
}

std::string csv_row(
    engine::Workspace& workspace, const engine::ContactView& contact,
    const std::vector<std::string>& channels) {
    Cells cells{
        engine::RecordIds(workspace).text_of(contact.id),
        cell_of(engine::Queries(workspace).turf_name(contact.turf)), contact.kind};
    visit_contact_fields([&](const engine::Field& field) {
        cells.push_back(cell_of(field, find(contact, field.code)));
    });
    for (const std::string& channel : channels) cells.push_back(cell_of(contact, channel));
    const bool has_key = !contact.keys.empty();
    cells.push_back(has_key ? cell_of(contact.keys.front().source) : std::string());
    cells.push_back(has_key ? cell_of(contact.keys.front().key) : std::string());
    cells.push_back(joined(conflicts_of(contact)));
    return line_of(cells);
}

std::string json_row(engine::Workspace& workspace, const engine::ContactView& contact) {
    JsonArray keys;
    for (const engine::RowKey& key : contact.keys) {
        keys.add(JsonObject().add("source", key.source).add("key", key.key).done());
    }
    return JsonObject()
               .add("id", engine::RecordIds(workspace).text_of(contact.id))
               .add("turf", engine::Queries(workspace).turf_name(contact.turf))
               .add("kind", contact.kind)
               .add("name", contact.name)
               .add("created", engine::time_text(contact.created))
               .add("fields", json_of_fields(contact))
               .add("consents", json_of_consents(contact))
               .add("keys", keys.done())
               .add("conflicts", json_texts(conflicts_of(contact)))
               .done()
               .text +
           "\n";
}

std::string csv_interaction_header() {
    return line_of(
        {"id", "contact", "name", "turf", "kind", "outcome", "note", "at", "member", "member_id",
         "device", "device_id", std::string(engine::conflicts_title)});
}

std::string csv_row(
    engine::Workspace& workspace, const engine::ContactLine& contact,
    const engine::InteractionLine& visit) {
    const engine::RecordIds ids(workspace);
    return line_of(
        {ids.text_of(visit.what.id), ids.text_of(contact.id), contact.name,
         engine::Queries(workspace).turf_name(visit.turf), visit.what.kind, visit.what.outcome,
         visit.what.note, engine::time_text({visit.what.at_ms}), visit.author.member,
         member_id_of(visit.author), visit.author.device, device_id_of(visit.author),
         joined(conflicts_of(visit))});
}

std::string json_row(
    engine::Workspace& workspace, const engine::ContactLine& contact,
    const engine::InteractionLine& visit) {
    const engine::RecordIds ids(workspace);
    JsonObject row;
    row.add("id", ids.text_of(visit.what.id))
        .add("contact", ids.text_of(contact.id))
        .add("name", contact.name)
        .add("turf", engine::Queries(workspace).turf_name(visit.turf))
        .add("kind", visit.what.kind)
        .add("outcome", visit.what.outcome)
        .add("note", visit.what.note)
        .add("at", engine::time_text({visit.what.at_ms}));
    add_author(row, visit.author);
    return row.add("conflicts", json_texts(conflicts_of(visit))).done().text + "\n";
}

}  // namespace vereda::client
