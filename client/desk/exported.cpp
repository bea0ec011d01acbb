#include "client/desk/exported.h"

#include "engine/schema/fields.h"
#include "engine/schema/value_text.h"
#include "protocol/text_id.h"

namespace vereda::client {
namespace {

FieldExported exported(const engine::FieldView& field) {
    FieldExported answer{.code = field.code, .name = field.name, .set = field.set, .values = {}};
    for (const engine::ValueView& value : field.values) {
        answer.values.push_back(value.text);
        if (!field.set) break;
    }
    return answer;
}

}  // namespace

ContactsExport::ContactsExport(
    engine::Workspace& workspace, std::vector<engine::ContactLine> contacts)
    : queries_(workspace), ids_(workspace), contacts_(std::move(contacts)) {}

std::vector<std::string> ContactsExport::channels() {
    std::vector<std::string> channels;
    for (const engine::Term& channel : engine::terms(engine::Vocabulary::channel))
        channels.emplace_back(channel.word);
    for (const std::string& other : queries_.other_channels(contacts_)) channels.push_back(other);
    return channels;
}

std::optional<ContactExported> ContactsExport::next() {
    while (done_ < contacts_.size()) {
        const auto contact = queries_.contact(contacts_[done_++].id);
        if (contact) return exported(*contact);
    }
    return std::nullopt;
}

ContactExported ContactsExport::exported(const engine::ContactView& contact) const {
    ContactExported answer{
        .id = ids_.text_of(contact.id),
        .turf = queries_.turf_name(contact.turf),
        .kind = contact.kind,
        .name = contact.name,
        .created = contact.created,
        .fields = {},
        .consents = client::shown(contact.consents),
        .keys = contact.keys,
        .conflicts = {}};
    for (const engine::FieldView& field : contact.fields) {
        answer.fields.push_back(client::exported(field));
        if (field.conflict) answer.conflicts.push_back(field.name);
    }
    return answer;
}

VisitsExport::VisitsExport(
    engine::Workspace& workspace, std::vector<engine::ContactLine> contacts,
    std::optional<engine::TurfNumber> turf)
    : queries_(workspace), ids_(workspace), contacts_(std::move(contacts)), turf_(turf) {}

std::optional<std::vector<VisitExported>> VisitsExport::next() {
    if (done_ == contacts_.size()) return std::nullopt;
    const engine::ContactLine& contact = contacts_[done_++];
    const bool is_here = !contact.name.empty() || queries_.is_here(contact.id);
    std::vector<VisitExported> visits;
    for (const engine::InteractionLine& visit : queries_.interactions_of(contact.id)) {
        if (turf_ && visit.turf != *turf_) continue;
        visits.push_back(exported(visit, contact));
        visits.back().contact_is_here = is_here;
    }
    return visits;
}

VisitExported VisitsExport::exported(
    const engine::InteractionLine& visit, const engine::ContactLine& contact) const {
    const engine::InteractionView& what = visit.what;
    const engine::Author& author = visit.author;
    VisitExported answer{
        .id = ids_.text_of(what.id),
        .contact = ids_.text_of(contact.id),
        .contact_name = contact.name,
        .turf = queries_.turf_name(visit.turf),
        .kind = what.kind,
        .outcome = what.outcome,
        .note = what.note,
        .at = {what.at_ms},
        .member = author.member,
        .member_id = author.member_id ? protocol::text_id(author.member_id->view()) : "",
        .device = author.device,
        .device_id = author.device_id ? protocol::text_id(author.device_id->view()) : "",
        .conflicts = {}};
    for (const std::uint32_t code : what.conflicts)
        answer.conflicts.push_back(engine::field_label(code));
    return answer;
}

}  // namespace vereda::client
