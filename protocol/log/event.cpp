#include "protocol/log/event.h"

#include <algorithm>
#include <functional>

#include "crypto/assert.h"

namespace vereda::protocol {
namespace {

using VisitOver = std::function<void(Over&)>;
using Rewritten = std::expected<Bytes, EventError>;

template <class Event>
void visit_overs(Event& event, const VisitOver& visit) {
    visit(event.over);
}

void visit_overs(Edit& edit, const VisitOver& visit) {
    for (Write& write : edit.writes) visit(write.over);
}

// The event as it is after `visit` was at whatever it takes away.
template <auto parse>
Rewritten rewrite(ByteView body, const VisitOver& visit) {
    auto event = parse(body);
    if (!event) return std::unexpected(event.error());
    visit_overs(*event, visit);
    return encode(*event);
}

Rewritten keep(ByteView body, const VisitOver&) { return Bytes(body.begin(), body.end()); }

struct TypeRow {
    EventType type;
    Rewritten (*rewrite)(ByteView body, const VisitOver& visit);  ///< `keep`: it names no entries.
};

constexpr TypeRow types[] = {
    {EventType::contact_create, keep},
    {EventType::interaction_create, keep},
    {EventType::edit, rewrite<parse_edit>},
    {EventType::retract, keep},
    {EventType::restore, rewrite<parse_restore>},
    {EventType::consent_lift, rewrite<parse_consent_lift>},
    {EventType::void_entry, keep},
    {EventType::critical_lift, rewrite<parse_critical_lift>},
    {EventType::profile, rewrite<parse_profile>},
};

const TypeRow* row_of(EventType type) {
    const TypeRow* const row = std::ranges::find(types, type, &TypeRow::type);
    return row == std::end(types) ? nullptr : row;
}

Rewritten rewrite_as(EventType type, ByteView body, const VisitOver& visit) {
    const TypeRow* const row = row_of(type);
    return row == nullptr ? keep(body, visit) : row->rewrite(body, visit);
}

}  // namespace

bool is_known(EventType type) { return row_of(type) != nullptr; }

std::expected<std::vector<Reference>, EventError> references_of(EventType type, ByteView body) {
    std::vector<Reference> found;
    const auto read = rewrite_as(type, body, [&found](Over& over) {
        found.insert(found.end(), over.dots.begin(), over.dots.end());
    });
    if (!read) return std::unexpected(read.error());
    return found;
}

std::expected<Bytes, EventError> with_references(
    EventType type, ByteView body, std::span<const Reference> references) {
    return rewrite_as(type, body, [&references](Over& over) {
        VEREDA_ASSERT(over.dots.size() <= references.size());
        for (Reference& dot : over.dots) {
            dot = references.front();
            references = references.subspan(1);
        }
    });
}

}  // namespace vereda::protocol
