#pragma once

// Lives here: what shows now: contacts, interactions, names, in SQLite in memory.
// Begin: here, then `contacts.h`; nothing but `apply` changes it.
// Must not know: where entries come from: blocks, files, the hub.

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/projection/applied_frontier.h"
#include "engine/projection/contacts.h"
#include "engine/projection/deferred_entries.h"
#include "engine/projection/history.h"
#include "engine/projection/interactions.h"
#include "engine/projection/profiles.h"
#include "engine/projection/unproven_rows.h"
#include "engine/storage/memory_image.h"

namespace vereda::engine {

/// People as they are now: a pure function of the log, in memory only. Entries may come in any
/// order that keeps each log's own; the same entries give the same state. For one thread. When
/// anything throws, drop it and replay the log.
class Projection {
  public:
    struct Options {
        /// Full-text search of visit notes: some 5 µs and 60 bytes an entry more.
        bool index_notes = false;
        /// Records of more items lie in parts; so many are merged and written in microseconds.
        std::size_t items_max = 64;
    };

    explicit Projection(Options options);
    /// From an image that `image()` gave. Throws StorageFailure when it is none.
    Projection(Options options, ImageBuffer&& image);

    /// Reads the next entry of its log: applies it, or notes why not. Returns what became of it.
    EntryStatus apply(const Action& action);
    /// Reads past an entry that cannot be applied (pending, withheld, no authority …).
    void skip(LocalDot dot, EntryStatus status);
    /// Applies an entry that was skipped before: its block opened, or its payload came whole.
    EntryStatus apply_late(const Action& action);
    /// Takes away what an applied entry names by references whose proof has come: those that
    /// `action.references` calls proven, and no others. Nothing else of the entry is done again.
    void prove(const Action& action);
    /// Shows an applied entry at another time than it was applied with: `action.time_ms`.
    void restamp(const Action& action);

    /// What is known by now of an entry that was skipped.
    void note(LocalDot dot, EntryStatus status);
    /// The turf that a log belongs to and the name that everybody knows it by, before its first
    /// entry is read; again for a projection that comes from an image.
    void set_log(LogOrdinal log, TurfNumber turf, const protocol::LogId& name);
    /// A branch has no entries up to `seq`: those lie under the name that it left.
    void begin_log_after(LogOrdinal log, protocol::Seq seq);
    /// True once a log turned out to be of another turf than that from which its records were
    /// written to: read the whole log again.
    [[nodiscard]] bool is_stale() const { return stale_; }

    /// Where long texts are read when somebody asks for them; must outlive this, or be replaced.
    void read_texts_from(EntryTexts* texts);
    [[nodiscard]] EntryTexts* texts() const { return texts_; }

    /// Groups many applies.
    void begin();
    void commit();

    /// The whole projection as bytes, for a snapshot. Borrowed until the next change.
    [[nodiscard]] ByteView image();

    [[nodiscard]] const AppliedFrontier& frontier() const { return frontier_; }
    [[nodiscard]] Contacts& contacts() { return contacts_; }
    [[nodiscard]] Interactions& interactions() { return interactions_; }
    [[nodiscard]] Profiles& profiles() { return profiles_; }
    [[nodiscard]] History& history() { return history_; }
    [[nodiscard]] UnprovenRows& unproven() { return unproven_; }
    /// For statements of one's own: what large records show is up to date until the next change.
    [[nodiscard]] Database& database();
    [[nodiscard]] bool indexes_notes() const { return options_.index_notes; }

  private:
    [[nodiscard]] EntryStatus dispatch(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus create_contact(const Action& action);
    [[nodiscard]] EntryStatus create_interaction(const Action& action);
    [[nodiscard]] EntryStatus edit(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus defer_edit(const Action& action);
    [[nodiscard]] EntryStatus retract(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus restore(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus lift_consent(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus lift_critical(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus name(const Action& action, Effect effect);
    [[nodiscard]] EntryStatus leave_unknown(const Action& action);
    template <class Change>
    [[nodiscard]] EntryStatus change_record(const Action& action, Effect effect, Change change);
    template <class Change>
    void change_state(const Action& action, Change change);
    [[nodiscard]] bool is_foreign(LocalDot record, TurfNumber from);
    [[nodiscard]] bool names_foreign(const Action& action);
    void settle();
    void load_tables();
    void load_assumed_turfs();
    void save_assumed_turfs();

    Options options_;
    MemoryImage image_;
    AppliedFrontier frontier_;
    History history_;
    DeferredEntries deferred_;
    Contacts contacts_;
    Interactions interactions_;
    Profiles profiles_;
    UnprovenRows unproven_;
    Statement begin_;
    Statement commit_;
    /// Logs that were only mentioned yet, and the turf from which their records were first written
    /// to.
    std::unordered_map<std::uint32_t, TurfNumber> assumed_turfs_;
    bool stale_ = false;
    EntryTexts* texts_ = nullptr;
};

}  // namespace vereda::engine
