#include "engine/replay/digest.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "engine/projection/interactions.h"
#include "engine/projection/schema.h"
#include "engine/replay/state_writer.h"
#include "engine/schema/fields.h"
#include "protocol/domain.h"

namespace vereda::engine {
namespace {

constexpr std::uint8_t contact_mark = 1;
constexpr std::uint8_t interaction_mark = 2;
constexpr std::uint8_t profile_mark = 3;

// The logs of a turf in the order of their ids, which is the same on every laptop.
std::vector<LogOrdinal> logs_of(const LogStore& store, TurfNumber turf) {
    std::vector<LogOrdinal> logs;
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        if (store.info({log}).described && store.info({log}).turf == turf) logs.push_back({log});
    }
    std::sort(logs.begin(), logs.end(), [&](LogOrdinal a, LogOrdinal b) {
        return store.info(a).log < store.info(b).log;
    });
    return logs;
}

LocalDot first_of(LogOrdinal log) { return LocalDot::of(log, {1}); }
LocalDot last_of(LogOrdinal log) {
    return LocalDot::of(log, {(std::uint64_t{1} << LocalDot::seq_bits) - 1});
}

/// Feeds everything that a turf holds to a StateWriter, in the canonical order.
class TurfReading {
  public:
    TurfReading(Projection& projection, const LogStore& store, TurfNumber turf)
        : projection_(projection),
          store_(store),
          turf_(turf),
          logs_(logs_of(store, turf)),
          writer_(store, store.turf(turf)) {}

    [[nodiscard]] StateDigest finish() {
        read_groups();
        read_contacts();
        read_interactions();
        if (turf_.value == 0) read_profiles();
        return {writer_.finish()};
    }

  private:
    struct Member {
        LocalDot dot;
        std::uint64_t kind = 0;
    };

    [[nodiscard]] bool before(LocalDot a, LocalDot b) const { return writer_.before(a, b); }

    // Groups of records read as one, by the member that comes first.
    void read_groups() {
        Statement select(
            projection_.database(),
            "SELECT members.root, members.contact, contacts.kind FROM members JOIN contacts "
            "ON contacts.id = members.contact WHERE contacts.turf = ?1 ORDER BY members.root");
        std::int64_t last_root = 0;
        std::vector<Member> group;
        for (const Row& row : select.query(turf_)) {
            if (row.integer(0) != last_root) keep_group(group);
            last_root = row.integer(0);
            group.push_back({{row.integer(1)}, static_cast<std::uint64_t>(row.integer(2))});
        }
        keep_group(group);
    }

    void keep_group(std::vector<Member>& group) {
        if (group.empty()) return;
        std::sort(group.begin(), group.end(), [this](const Member& a, const Member& b) {
            return before(a.dot, b.dot);
        });
        for (const Member& member : group) first_of_group_[member.dot] = group.front().dot;
        const LocalDot first = group.front().dot;
        groups_[first] = std::exchange(group, {});
    }

    void read_contacts() {
        Statement select(
            projection_.database(),
            "SELECT id, kind, body, state, flags FROM contacts WHERE id BETWEEN ?1 AND ?2 AND kind "
            "IS NOT "
            "NULL");
        for (const LogOrdinal log : logs_) {
            Rows rows = select.query(first_of(log), last_of(log));
            while (rows.next()) read_contact(rows);
        }
    }

    void read_contact(const Row& row) {
        const LocalDot id{row.integer(0)};
        const auto first = first_of_group_.find(id);
        if (first != first_of_group_.end()) {
            if (first->second == id) read_group(id);
            return;
        }
        writer_.begin(contact_mark, id);
        writer_.number(1);
        writer_.dot(id);
        writer_.number(static_cast<std::uint64_t>(row.integer(1)));
        if (row_flag::has_deferred(row.integer(4))) {
            writer_.items(projection_.contacts().load(id)->state.items());
        } else if (row.is_null(3)) {
            write_untouched(id, row.blob(2));
        } else {
            write_touched(row.blob(3), [&] { return projection_.contacts().load(id); });
        }
    }

    // A state of no bytes lies in parts.
    template <class Load>
    void write_touched(ByteView state, Load load) {
        if (!state.empty()) return write_items(state);
        const auto whole = load();
        VEREDA_ASSERT(whole);
        writer_.items(whole->state.items());
    }

    void write_items(ByteView state) {
        writer_.items(with_whole_texts(RecordState::decode(state), projection_.texts()).items());
    }

    void write_untouched(LocalDot id, ByteView body) {
        const auto event = protocol::parse_contact_create(body);
        VEREDA_ASSERT(event);
        if (writer_.initial(id, *event)) return;
        RecordState state;
        Contacts::add_initial(state, *event, id, 0, TextForm::whole);
        writer_.items(state.items());
    }

    void read_group(LocalDot first) {
        const std::vector<Member>& members = groups_.at(first);
        writer_.begin(contact_mark, first);
        writer_.number(members.size());
        for (const Member& member : members) {
            writer_.dot(member.dot);
            writer_.number(member.kind);
        }
        const auto whole = projection_.contacts().load(first);
        VEREDA_ASSERT(whole);
        writer_.items(whole->state.items());
    }

    void read_interactions() {
        Statement select(
            projection_.database(),
            "SELECT id, contact, at, kind, outcome, note, state, flags FROM interactions "
            "WHERE id BETWEEN ?1 AND ?2 AND contact IS NOT NULL");
        for (const LogOrdinal log : logs_) {
            Rows rows = select.query(first_of(log), last_of(log));
            while (rows.next()) read_interaction(rows);
        }
    }

    // A visit to somebody of another turf is applied where that turf is not held, and foreign where
    // it is: no part of this turf's state.
    [[nodiscard]] bool is_of_turf(LocalDot contact) const {
        const LogInfo& log = store_.info(contact.log());
        return log.described && log.turf == turf_;
    }

    void read_interaction(const Row& row) {
        const LocalDot id{row.integer(0)};
        if (!is_of_turf({row.integer(1)})) return;
        writer_.begin(interaction_mark, id);
        writer_.dot(id);
        writer_.dot({row.integer(1)});
        if (row_flag::has_deferred(row.integer(7)) || is_stub(row.text(5))) {
            writer_.items(projection_.interactions().load(id)->state.items());
            return;
        }
        if (!row.is_null(6)) {
            write_touched(row.blob(6), [&] { return projection_.interactions().load(id); });
            return;
        }
        writer_.visit(
            id, {.kind = static_cast<std::uint64_t>(row.integer(3)),
                 .outcome = static_cast<std::uint64_t>(row.integer(4)),
                 .note = row.is_null(5) ? std::nullopt : std::optional(row.text(5)),
                 .at_ms = row.integer(2)});
    }

    void read_profiles() {
        Statement select(
            projection_.database(), "SELECT kind, id, state FROM profiles ORDER BY kind, id");
        for (const Row& row : select.query()) {
            writer_.begin(profile_mark, {});
            writer_.number(static_cast<std::uint64_t>(row.integer(0)));
            writer_.bytes(row.blob(1));
            write_items(row.blob(2));
        }
    }

    Projection& projection_;
    const LogStore& store_;
    TurfNumber turf_;
    std::vector<LogOrdinal> logs_;
    StateWriter writer_;
    std::map<LocalDot, std::vector<Member>> groups_;
    std::map<LocalDot, LocalDot> first_of_group_;
};

}  // namespace

std::string to_text(const StateDigest& digest) { return hex(digest.bytes); }

StateDigest digest_of_turf(Projection& projection, const LogStore& store, TurfNumber turf) {
    return TurfReading(projection, store, turf).finish();
}

StateDigest digest_of_all(
    const LogStore& store, std::span<const std::pair<TurfNumber, StateDigest>> turfs) {
    std::map<protocol::TurfId, StateDigest> sorted;
    for (const auto& [turf, digest] : turfs) sorted[store.turf(turf)] = digest;
    protocol::DomainHash hash("state");
    for (const auto& [turf, digest] : sorted) hash.update(turf.view()).update(digest.bytes);
    return {hash.finish()};
}

}  // namespace vereda::engine
