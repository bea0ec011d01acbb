#include "engine/workspace/sealed_pairs.h"
#include "engine/workspace/workspace.h"
#include "protocol/domain.h"

/// What lies twice in log.db and is mended when a vault is opened: secrets, and the roster.
namespace vereda::engine {
namespace {

constexpr const char* cut_name = "roster-cut-before";
constexpr std::string_view turf_key_prefix = "turf-key/";

// The sealed rows that `sql` selects (key, sealed bytes), by their key.
template <class Key>
std::map<Key, Bytes> sealed_rows(Database& database, const std::string& sql, auto key_of) {
    std::map<Key, Bytes> rows;
    Statement select(database, sql);
    for (const Row& row : select.query())
        rows[key_of(row)] = Bytes(row.blob(1).begin(), row.blob(1).end());
    return rows;
}

std::map<std::string, Bytes> secrets_in(Database& database, const char* table) {
    return sealed_rows<std::string>(
        database, std::string("SELECT name, sealed FROM ") + table,
        [](const Row& row) { return std::string(row.text(0)); });
}

std::map<std::uint64_t, Bytes> roster_in(Database& database, const char* table) {
    return sealed_rows<std::uint64_t>(
        database, std::string("SELECT position, sealed FROM ") + table,
        [](const Row& row) { return static_cast<std::uint64_t>(row.integer(0)); });
}

std::optional<protocol::RosterHash> end_of(
    const protocol::WorkspaceId& workspace, const std::vector<Bytes>& entries) {
    if (entries.empty()) return std::nullopt;
    const auto last = protocol::parse_roster_entry(entries.back());
    return last ? std::optional(hash_of(workspace, *last)) : std::nullopt;
}

}  // namespace

// ---- secrets: each lies twice, and its name is in its seal

void Workspace::mend_secrets() {
    Transaction transaction(store_.database());
    for (const std::string& table : store_.mended_tables())
        mishaps().note(Mishap::Kind::healed, vault_part::row, "log.db " + table);
    const SealedPairs<std::string> secrets(
        secrets_in(store_.database(), "secrets"), secrets_in(store_.database(), "secret_copies"),
        [this](const auto& name, const Bytes& sealed) {
            return secrets_.open(name, sealed).has_value();
        });
    std::vector<std::string> unopened;
    std::size_t healed = 0;
    for (const std::string& name : secrets.keys()) {
        if (secrets.is_sound(name)) continue;
        store_.database().expect_sound_pages();
        if (const Bytes* sealed = secrets.sound_copy(name)) {
            heal_secret(name, *sealed);
            ++healed;
        } else {
            unopened.push_back(name);
        }
    }
    // A secret whose name rotted lies once under the rotten name. It has just been healed under the
    // right one, so as many of these are dropped as were healed.
    for (const std::string& name : unopened) {
        if (healed != 0 && secrets.is_in_one_table(name)) {
            store_.forget_secret(name);
            --healed;
        } else {
            take_secret_as_lost(name);
        }
    }
    transaction.commit();
}

void Workspace::heal_secret(const std::string& name, const Bytes& sealed) {
    store_.put_secret(name, sealed);
    mishaps().note(Mishap::Kind::healed, vault_part::secret, name);
}

// The vault's own key stays where it is: without it nothing opens. A turf key comes again.
void Workspace::take_secret_as_lost(const std::string& name) {
    if (name == "identity") return;
    const bool comes_again = name.starts_with(turf_key_prefix);
    if (const auto sealed = store_.secret(name)) mishaps().set_bytes_aside(name, *sealed);
    store_.forget_secret(name);
    mishaps().note(
        comes_again ? Mishap::Kind::damaged : Mishap::Kind::lost, vault_part::secret, name);
}

void Workspace::load_keys() {
    keyring_.load(store_, secrets_);
    if (!mishaps().has_damage()) return;
    Transaction transaction(store_.database());
    keyring_.unlock_history(roster_, store_, secrets_);
    transaction.commit();
}

// ---- the roster: each entry lies twice; an own one also stands in what was sent to the hub

std::optional<Bytes> Workspace::roster_entry_kept_elsewhere(std::uint64_t position) {
    if (beginnings_.founding) {
        const auto founding = protocol::parse_found_request(*beginnings_.founding);
        if (founding && position < founding->entries.size()) return founding->entries[position];
    }
    const auto changes = engine::kept_changes(store_, secrets_);
    const auto change = changes.find({position});
    if (change == changes.end()) return std::nullopt;
    auto request = protocol::parse_roster_append_request(change->second);
    return request ? std::optional(std::move(request->entry)) : std::nullopt;
}

Workspace::RosterRows Workspace::roster_rows() {
    const SealedPairs<std::uint64_t> kept(
        roster_in(store_.database(), "sealed_roster"),
        roster_in(store_.database(), "roster_copies"),
        [this](std::uint64_t position, const Bytes& sealed) {
            return roster_sealer_.open(position, sealed).has_value();
        });
    RosterRows rows{.had = kept.larger_table_size()};
    for (std::uint64_t at = 0;; ++at) {
        const Bytes* sealed = kept.sound_copy(at);
        std::optional<Bytes> entry;
        if (sealed != nullptr) entry = *roster_sealer_.open(at, *sealed);
        if (!entry && at < rows.had) entry = roster_entry_kept_elsewhere(at);
        if (!entry) break;
        if (!kept.is_sound(at)) rows.mended.push_back(at);
        rows.entries.push_back(std::move(*entry));
    }
    rows.has_more = kept.keys().size() > rows.entries.size();
    rows.had = std::max<std::uint64_t>(rows.had, rows.entries.size());
    return rows;
}

std::vector<Bytes> Workspace::whole_roster() {
    const RosterRows rows = roster_rows();
    const auto end = end_of(identity_.workspace, rows.entries);
    const bool is_whole = end ? *end == identity_.roster_end : rows.had == 0;
    if (is_whole && rows.mended.empty() && !rows.has_more) return rows.entries;
    store_.database().expect_sound_pages();
    Transaction transaction(store_.database());
    keep_roster_again(rows.entries);
    for (const std::uint64_t at : rows.mended)
        mishaps().note(Mishap::Kind::healed, vault_part::roster, "roster " + std::to_string(at));
    if (!is_whole) cut_roster(rows, end.value_or(protocol::RosterHash{}));
    transaction.commit();
    return rows.entries;
}

void Workspace::keep_roster_again(const std::vector<Bytes>& entries) {
    store_.cut_roster(0);
    for (std::uint64_t at = 0; at < entries.size(); ++at)
        keep_entry(store_, roster_sealer_, at, entries[at]);
}

// The last entry may be gone without a trace, so at least one more than is here is expected.
void Workspace::cut_roster(const RosterRows& rows, const protocol::RosterHash& end) {
    const std::uint64_t here = rows.entries.size();
    Bytes until;
    append_u64(until, std::max<std::uint64_t>(rows.had, here + 1));
    store_.put_meta(cut_name, until);
    mishaps().note(Mishap::Kind::damaged, vault_part::roster, "roster " + std::to_string(here));
    snapshot_.remove();
    identity_.roster_end = end;
    identity_.save(store_, secrets_);
}

bool Workspace::has_whole_roster() {
    const auto until = store_.meta(cut_name);
    if (!until) return true;
    std::uint64_t had = 0;
    for (const std::uint8_t byte : *until) had = had << 8 | byte;
    return roster_.size() >= had;
}

// Called in the transaction that appended the missing entries. The snapshot is removed because what
// was read meanwhile was judged by half a roster.
bool Workspace::has_mended_roster() {
    if (!store_.meta(cut_name) || !has_whole_roster()) return false;
    store_.forget_meta(cut_name);
    mishaps().heal_all(vault_part::roster);
    snapshot_.remove();
    return true;
}

}  // namespace vereda::engine
