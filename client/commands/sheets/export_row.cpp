#include "client/commands/sheets/export_row.h"

#include <algorithm>

#include "client/api/exported_json.h"
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

const FieldExported* find(const ContactExported& contact, std::uint32_t code) {
    const auto found = std::ranges::find(contact.fields, code, &FieldExported::code);
    return found == contact.fields.end() ? nullptr : &*found;
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

std::string cell_of(const engine::Field& field, const FieldExported* exported) {
    if (exported == nullptr) return {};
    std::vector<std::string> values = exported->values;
    std::erase(values, std::string());
    return values.empty() ? std::string() : engine::cell_text(field, values);
}

std::string cell_of(const ContactExported& contact, std::string_view channel) {
    std::string cell;
    for (const ConsentShown& consent : contact.consents) {
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

std::string csv_contact_header(const std::vector<std::string>& channels) {
    Cells cells{"id", "turf", "kind"};
    visit_contact_fields([&](const engine::Field& field) { cells.emplace_back(field.name); });
    for (const std::string& channel : channels) {
        cells.push_back(std::string(engine::consent_title) + channel);
    }
    cells.insert(cells.end(), {"source", "key", std::string(engine::conflicts_title)});
    return line_of(cells);
}

std::string csv_row(const ContactExported& contact, const std::vector<std::string>& channels) {
    Cells cells{contact.id, cell_of(contact.turf), contact.kind};
    visit_contact_fields([&](const engine::Field& field) {
        cells.push_back(cell_of(field, find(contact, field.code)));
    });
    for (const std::string& channel : channels) cells.push_back(cell_of(contact, channel));
    const bool has_key = !contact.keys.empty();
    cells.push_back(has_key ? cell_of(contact.keys.front().source) : std::string());
    cells.push_back(has_key ? cell_of(contact.keys.front().key) : std::string());
    cells.push_back(joined(contact.conflicts));
    return line_of(cells);
}

std::string json_row(const ContactExported& contact) { return json_of(contact).text + "\n"; }

std::string csv_interaction_header() {
    return line_of(
        {"id", "contact", "name", "turf", "kind", "outcome", "note", "at", "member", "member_id",
         "device", "device_id", std::string(engine::conflicts_title)});
}

std::string csv_row(const VisitExported& visit) {
    return line_of(
        {visit.id, visit.contact, visit.contact_name, visit.turf, visit.kind, visit.outcome,
         visit.note, engine::time_text(visit.at), visit.member, visit.member_id, visit.device,
         visit.device_id, joined(visit.conflicts)});
}

std::string json_row(const VisitExported& visit) { return json_of(visit).text + "\n"; }

}  // namespace vereda::client
