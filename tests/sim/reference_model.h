#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// The merge rules once more, as naively as can be: written from docs/protocol/events.md "What an
/// entry does" alone, with sets over (log, seq), sharing no code with the engine. It keeps every
/// entry it was ever given and works the state out from the whole set each time, so no order can
/// matter to it. Slow on purpose.
namespace vereda::model {

/// An entry's name, and that of the record it created.
struct Dot {
    std::string log;
    std::uint64_t seq = 0;
    auto operator<=>(const Dot&) const = default;
};

struct Write {
    enum class Kind { set, add, remove, consent };
    Kind kind = Kind::set;
    int field = 0;
    std::string value;       ///< Of a register; of a set, the element; of consent, the channel.
    bool withdrawn = false;  ///< Of consent; else given.
    std::vector<Dot> over;   ///< What it has seen: of set and remove.
    auto operator<=>(const Write&) const = default;
};

/// What an entry says of another log that it refers to: that its author had seen it so far.
struct Claim {
    std::uint64_t seen = 0;
    bool truthful = true;  ///< The hash beside it is that of the block which holds `seen`.
};

struct Entry {
    enum class Kind { create_contact, create_interaction, edit, retract, restore, lift };
    Kind kind = Kind::edit;
    Dot dot;
    int turf = 0;
    Dot record;                  ///< Of a creating entry, its own dot.
    std::optional<Dot> contact;  ///< What an interaction hangs on; nothing: it is about a contact.
    std::vector<Write> writes;   ///< Of create and edit.
    std::string source;          ///< The import that made it.
    std::optional<std::pair<std::string, std::string>> key;  ///< (source, key) of a new contact.
    std::string channel;                                     ///< Of a lift.
    std::vector<Dot> over;                                   ///< Of restore and lift.
    std::map<std::string, Claim> claims;  ///< By log; none: what is referred to was seen, surely.
    bool claims_as_whole = false;         ///< All of them are proven, or none is.
};

/// A value that somebody wrote: live, or only what a source said last.
struct Value {
    int field = 0;
    std::string element;
    std::string value;
    Dot dot;
    std::string source;
    bool live = true;
    auto operator<=>(const Value&) const = default;
};

struct Record {
    std::set<Dot> members;
    std::set<Value> values;  ///< Registers and sets.
    bool retracted = false;
    std::map<std::string, bool> withdrawn;           ///< By channel; false: given.
    std::map<std::string, std::set<Dot>> lift_over;  ///< Live withdrawals, by channel.
};

/// How far somebody has read each log.
using Frontier = std::map<std::string, std::uint64_t>;

[[nodiscard]] inline bool covers(const Frontier& frontier, const Dot& dot) {
    const auto read = frontier.find(dot.log);
    return read != frontier.end() && read->second >= dot.seq;
}

/// Everything a set of entries amounts to.
class ReferenceModel {
  public:
    void apply(const Entry& entry) { entries_.emplace(entry.dot, entry); }
    [[nodiscard]] const std::map<Dot, Entry>& entries() const { return entries_; }

    /// The same of only those entries that somebody has read.
    [[nodiscard]] ReferenceModel as_read(const Frontier& frontier) const {
        ReferenceModel part;
        part.turf_of_log_ = turf_of_log_;
        part.stands_ = stands_;
        for (const auto& [dot, entry] : entries_) {
            if (covers(frontier, dot)) part.entries_.emplace_hint(part.entries_.end(), dot, entry);
        }
        return part;
    }

    /// The record that an entry created, with what is read as one with it.
    [[nodiscard]] std::optional<Record> record(const Dot& dot) const {
        const auto created = entries_.find(dot);
        if (created == entries_.end()) return std::nullopt;
        if (created->second.kind == Entry::Kind::create_interaction) return state_of({dot}, true);
        if (created->second.kind != Entry::Kind::create_contact) return std::nullopt;
        return state_of(read_as_one_with(created->second), false);
    }

    /// Contacts by each of their members; those read as one have the same Record.
    [[nodiscard]] std::map<Dot, Record> contacts() const {
        std::map<Dot, Record> found;
        for (const auto& [dot, entry] : entries_) {
            if (entry.kind != Entry::Kind::create_contact || found.contains(dot)) continue;
            const std::set<Dot> members = read_as_one_with(entry);
            const Record record = state_of(members, false);
            for (const Dot& member : members) found[member] = record;
        }
        return found;
    }

    [[nodiscard]] std::map<Dot, Record> interactions() const {
        std::map<Dot, Record> found;
        for (const auto& [dot, entry] : entries_) {
            if (entry.kind == Entry::Kind::create_interaction && !is_foreign(entry))
                found[dot] = state_of({dot}, true);
        }
        return found;
    }

  private:
    /// Only entries of a record's own turf count: a turf's state is a function of its own logs.
    [[nodiscard]] bool is_foreign(const Entry& entry) const {
        if (entry.kind == Entry::Kind::create_interaction)
            return is_of_other(*entry.contact, entry);
        return is_of_other(entry.record, entry) ||
               (entry.contact && is_of_other(*entry.contact, entry));
    }
    [[nodiscard]] bool is_of_other(const Dot& about, const Entry& entry) const {
        const auto turf = turf_of_log_.find(about.log);
        return turf != turf_of_log_.end() && turf->second != entry.turf;
    }

    /// Records of one turf with the same source and key are read as one.
    [[nodiscard]] std::set<Dot> read_as_one_with(const Entry& created) const {
        std::set<Dot> members{created.dot};
        if (!created.key) return members;
        for (const auto& [dot, other] : entries_) {
            if (other.kind == Entry::Kind::create_contact && other.turf == created.turf &&
                other.key == created.key)
                members.insert(dot);
        }
        return members;
    }

    [[nodiscard]] std::vector<const Entry*> entries_about(
        const std::set<Dot>& members, bool interaction) const {
        std::vector<const Entry*> about;
        for (const auto& [dot, entry] : entries_) {
            if (members.contains(entry.record) && entry.contact.has_value() == interaction &&
                !is_foreign(entry))
                about.push_back(&entry);
        }
        return about;
    }

    /// What an entry takes away counts while its author is proven to have seen it: before the
    /// entry itself in its own log, else by a claim whose very block stands here.
    [[nodiscard]] bool is_proven(const Entry& entry, const Dot& dot) const {
        if (dot.log == entry.dot.log) return dot.seq < entry.dot.seq;
        const auto claim = entry.claims.find(dot.log);
        if (claim == entry.claims.end()) return true;
        if (!entry.claims_as_whole) return is_true(claim->first, claim->second);
        return std::ranges::all_of(
            entry.claims, [this](const auto& each) { return is_true(each.first, each.second); });
    }

    [[nodiscard]] bool is_true(const std::string& log, const Claim& claim) const {
        const auto stands = stands_.find(log);
        return claim.truthful && stands != stands_.end() && stands->second >= claim.seen;
    }

    [[nodiscard]] Record state_of(const std::set<Dot>& members, bool interaction) const {
        const std::vector<const Entry*> about = entries_about(members, interaction);
        Record record{.members = members};
        fill_values(record, about);
        fill_retraction(record, about);
        fill_consents(record, about);
        return record;
    }

    // What was written and not written over by anybody who had seen it. What an import wrote and a
    // person wrote over is remembered as what that source said last.
    void fill_values(Record& record, const std::vector<const Entry*>& about) const {
        using Place = std::tuple<int, std::string, Dot>;
        std::map<Place, std::set<std::string>> removed;  // by which sources
        for (const Entry* entry : about) {
            for (const Write& write : entry->writes) {
                if (write.kind == Write::Kind::add || write.kind == Write::Kind::consent) continue;
                const std::string element =
                    write.kind == Write::Kind::remove ? write.value : std::string();
                for (const Dot& dot : write.over) {
                    if (is_proven(*entry, dot))
                        removed[{write.field, element, dot}].insert(entry->source);
                }
            }
        }
        for (const Entry* entry : about) {
            for (const Write& write : entry->writes) {
                if (write.kind == Write::Kind::remove || write.kind == Write::Kind::consent)
                    continue;
                Value value{write.field, {}, {}, entry->dot, entry->source, true};
                (write.kind == Write::Kind::add ? value.element : value.value) = write.value;
                const auto by = removed.find({value.field, value.element, value.dot});
                if (by == removed.end()) {
                    record.values.insert(value);
                } else if (!entry->source.empty() && !by->second.contains(entry->source)) {
                    value.live = false;
                    record.values.insert(value);
                }
            }
        }
    }

    void fill_retraction(Record& record, const std::vector<const Entry*>& about) const {
        std::set<Dot> retractions;
        for (const Entry* entry : about) {
            if (entry->kind == Entry::Kind::retract && is_proven(*entry, entry->record))
                retractions.insert(entry->dot);
        }
        for (const Entry* entry : about) {
            if (entry->kind != Entry::Kind::restore) continue;
            for (const Dot& seen : entry->over) {
                if (is_proven(*entry, seen)) retractions.erase(seen);
            }
        }
        record.retracted = !retractions.empty();
    }

    // Withdrawal wins; it ends only by a lift that names it.
    void fill_consents(Record& record, const std::vector<const Entry*>& about) const {
        std::map<std::string, std::set<Dot>> lifted;
        for (const Entry* entry : about) {
            if (entry->kind != Entry::Kind::lift) continue;
            for (const Dot& seen : entry->over) {
                if (is_proven(*entry, seen)) lifted[entry->channel].insert(seen);
            }
        }
        for (const Entry* entry : about) {
            if (entry->kind == Entry::Kind::lift && !lifted[entry->channel].contains(entry->dot))
                record.withdrawn.emplace(entry->channel, false);
            for (const Write& write : entry->writes) {
                if (write.kind != Write::Kind::consent) continue;
                if (lifted[write.value].contains(entry->dot)) continue;
                record.withdrawn.emplace(write.value, false);
                if (!write.withdrawn) continue;
                record.withdrawn[write.value] = true;
                record.lift_over[write.value].insert(entry->dot);
            }
        }
    }

  public:
    /// Which turf a log belongs to.
    void set_turf(const std::string& log, int turf) { turf_of_log_[log] = turf; }
    /// A log stands here up to this entry, whether it has been read or not.
    void note_standing(const Dot& dot) { stands_[dot.log] = std::max(stands_[dot.log], dot.seq); }

  private:
    std::map<Dot, Entry> entries_;
    std::map<std::string, int> turf_of_log_;
    std::map<std::string, std::uint64_t> stands_;
};

}  // namespace vereda::model
