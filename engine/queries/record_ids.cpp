#include "engine/queries/record_ids.h"

#include <algorithm>

#include "engine/merge/stub.h"
#include "engine/queries/missing_contacts.h"
#include "engine/queries/queries.h"
#include "engine/text/compose.h"
#include "protocol/domain.h"
#include "protocol/text_id.h"

namespace vereda::engine {
namespace {

constexpr std::string_view key_prefix = "key:";
constexpr std::size_t candidates_max = 10;
constexpr int number_bits = 60;
constexpr int digit_bits = 5;
constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";

// The numbers that the text ids beginning with `start` (at most 12 digits) spell: [first, last].
struct Range {
    std::uint64_t first;
    std::uint64_t last;
};

Range range_of(std::string_view start) {
    std::uint64_t number = 0;
    for (const char digit : start) number = number << digit_bits | digits.find(digit);
    const int rest = number_bits - digit_bits * static_cast<int>(start.size());
    return {number << rest, (number << rest) + (std::uint64_t{1} << rest) - 1};
}

LookupError error_of(protocol::TextIdError error) {
    return {
        error == protocol::TextIdError::wrong_check ? LookupProblem::wrong_check
                                                    : LookupProblem::not_an_id};
}

std::expected<LocalDot, LookupError> only_one(std::vector<LocalDot> found) {
    if (found.empty()) return std::unexpected(LookupError{LookupProblem::not_found, {}});
    if (found.size() == 1) return found.front();
    found.resize(std::min(found.size(), candidates_max));
    return std::unexpected(LookupError{LookupProblem::ambiguous, std::move(found)});
}

constexpr const char* contacts_between =
    "SELECT id FROM contacts WHERE id BETWEEN ?1 AND ?2 AND kind IS NOT NULL";
constexpr const char* interactions_between =
    "SELECT id FROM interactions WHERE id BETWEEN ?1 AND ?2 AND contact IS NOT NULL";

// How much of a typed key a source is; nothing where the key does not begin with it. A long source
// stands in the index as a stub.
std::optional<std::size_t> size_of_source(std::string_view typed, std::string_view source) {
    if (!is_stub(source)) {
        const bool begins =
            typed.starts_with(source) && typed.substr(source.size()).starts_with('/');
        return begins ? std::optional(source.size()) : std::nullopt;
    }
    for (std::size_t at = typed.find('/'); at != std::string_view::npos;
         at = typed.find('/', at + 1)) {
        if (is_same_text(typed.substr(0, at), source)) return at;
    }
    return std::nullopt;
}

}  // namespace

std::string RecordIds::text_of(LocalDot record) const {
    return protocol::text_id(
        protocol::Dot{workspace_.store().info(record.log()).log, record.seq()});
}

std::uint64_t RecordIds::number_of(LocalDot record) const {
    const crypto::Hash hash = protocol::DomainHash("id")
                                  .update(workspace_.store().info(record.log()).log.view())
                                  .update_u64(record.seq().value)
                                  .finish();
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hash[i];
    return number >> (64 - number_bits);
}

// Logs are read in order, so what is new lies behind what the table has.
void RecordIds::extend(Table& table, RecordKind kind) {
    Statement select(
        workspace_.projection().database(),
        kind == RecordKind::contact ? contacts_between : interactions_between);
    const std::size_t before = table.places.size();
    const std::uint32_t logs = workspace_.store().log_count();
    table.read_to.resize(logs + 1);
    for (std::uint32_t log = 1; log <= logs; ++log) {
        const protocol::Seq read = workspace_.projection().frontier().read_to({log});
        if (read.value <= table.read_to[log]) continue;
        const LocalDot first = LocalDot::of({log}, {table.read_to[log] + 1});
        for (const Row& row : select.query(first, LocalDot::of({log}, read)))
            table.places.push_back({number_of({row.integer(0)}), {row.integer(0)}});
        table.read_to[log] = read.value;
    }
    const auto middle = table.places.begin() + static_cast<std::ptrdiff_t>(before);
    std::sort(middle, table.places.end());
    std::inplace_merge(table.places.begin(), middle, table.places.end());
}

std::vector<LocalDot> RecordIds::matching(const std::string& start, const Table& table) const {
    const Range range = range_of(std::string_view(start).substr(0, protocol::text_id_size - 1));
    std::vector<LocalDot> found;
    auto at = std::lower_bound(
        table.places.begin(), table.places.end(), range.first,
        [](const Place& place, std::uint64_t number) { return place.number < number; });
    for (; at != table.places.end() && at->number <= range.last; ++at) {
        if (found.size() == candidates_max) break;
        found.push_back(at->record);
    }
    return found;
}

std::expected<LocalDot, LookupError> RecordIds::find(std::string_view typed, RecordKind kind) {
    if (kind == RecordKind::contact && typed.starts_with(key_prefix))
        return find_typed_key(typed.substr(key_prefix.size()));
    const auto start = protocol::parse_text_id(typed);
    if (!start) return std::unexpected(error_of(start.error()));
    Table& table = kind == RecordKind::contact ? contacts_ : interactions_;
    extend(table, kind);
    std::vector<LocalDot> found = matching(*start, table);
    if (found.empty()) {
        // A record whose block opened late lies within what was read before.
        table = {};
        extend(table, kind);
        found = matching(*start, table);
    }
    return only_one(std::move(found));
}

std::expected<LocalDot, LookupError> RecordIds::find_missing(std::string_view typed) const {
    const auto start = protocol::parse_text_id(typed);
    if (!start) return std::unexpected(error_of(start.error()));
    Table table;
    for (const MissingContact& contact : missing_contacts(workspace_))
        table.places.push_back({number_of(contact.id), contact.id});
    std::ranges::sort(table.places);
    return only_one(matching(*start, table));
}

std::vector<RecordIds::Place> RecordIds::entries_about(LocalDot contact) const {
    Contacts& contacts = workspace_.projection().contacts();
    std::vector<LocalDot> entries = contacts.members_of(contacts.root_of(contact));
    const std::vector<LocalDot> chain = Queries(workspace_).chain_of(contact);
    entries.insert(entries.end(), chain.begin(), chain.end());
    std::vector<Place> places;
    for (const LocalDot entry : entries) places.push_back({number_of(entry), entry});
    std::ranges::sort(places);
    return places;
}

std::expected<std::vector<LocalDot>, EntryLookupError> RecordIds::find_entries(
    std::span<const std::string> typed, LocalDot contact) const {
    std::vector<LocalDot> found;
    const std::vector<Place> places = entries_about(contact);
    for (const std::string& id : typed) {
        const auto wrong = [&id](LookupProblem problem) {
            return std::unexpected(EntryLookupError{id, problem});
        };
        const auto start = protocol::parse_text_id(id);
        if (!start) return wrong(error_of(start.error()).problem);
        if (start->size() != protocol::text_id_size) return wrong(LookupProblem::not_an_id);
        const std::uint64_t number =
            range_of(std::string_view(*start).substr(0, protocol::text_id_size - 1)).first;
        const auto place = std::ranges::lower_bound(places, number, {}, &Place::number);
        if (place == places.end() || place->number != number)
            return wrong(LookupProblem::not_found);
        found.push_back(place->record);
    }
    return found;
}

// The sources that a turf has keys of, by skipping from one to the next in the index.
std::vector<std::pair<TurfNumber, std::string>> RecordIds::sources() const {
    Statement next(
        workspace_.projection().database(),
        "SELECT turf, source FROM external_keys WHERE (turf, source) > (?1, ?2) "
        "ORDER BY turf, source LIMIT 1");
    std::vector<std::pair<TurfNumber, std::string>> found;
    std::int64_t turf = -1;
    std::string source;
    for (;;) {
        Rows rows = next.query(turf, source);
        if (!rows.next()) return found;
        turf = rows.integer(0);
        source = rows.text(1);
        found.emplace_back(TurfNumber{static_cast<std::uint32_t>(turf)}, source);
    }
}

// Kept composed; one that an older program kept as it was typed is found by just that.
std::expected<LocalDot, LookupError> RecordIds::find_typed_key(std::string_view typed) {
    const std::string usual = composed(typed);
    const auto found = find_key(usual);
    const bool missing = !found && found.error().problem == LookupProblem::not_found;
    return missing && usual != typed ? find_key(typed) : found;
}

// A key may have "/" in it, and so may a source: everything that it can mean counts, but of sources
// that begin alike only the longest.
std::expected<LocalDot, LookupError> RecordIds::find_key(std::string_view typed) {
    Contacts& contacts = workspace_.projection().contacts();
    std::vector<LocalDot> found;
    std::vector<LocalDot> of_source;
    std::size_t longest = 0;
    for (const auto& [turf, source] : sources()) {
        if (const auto holder = contacts.find_key(turf, source, typed))
            found.push_back(contacts.root_of(*holder));
        const auto size = size_of_source(typed, source);
        if (!size || *size < longest) continue;
        const auto holder = contacts.find_key(turf, source, typed.substr(*size + 1));
        if (!holder) continue;
        if (*size > longest) of_source.clear();
        longest = *size;
        of_source.push_back(contacts.root_of(*holder));
    }
    found.insert(found.end(), of_source.begin(), of_source.end());
    return only_one(std::move(found));
}

}  // namespace vereda::engine
