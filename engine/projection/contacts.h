#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/merge/record_state.h"
#include "engine/projection/action.h"
#include "engine/projection/deferred_entries.h"
#include "engine/projection/entry_texts.h"
#include "engine/projection/record_shelf.h"
#include "engine/storage/statement.h"

namespace vereda::engine {

/// One contact as it stands: the merged state of its record, or of the records read as one with it.
struct ContactRow {
    LocalDot root;  ///< Where its state lies here: the record that was met first.
    LocalDot id;    ///< What it is called everywhere: of a group, the first by `DotOrder`, whose
                    ///< kind and time are the group's.
    TurfNumber turf;
    std::optional<std::uint64_t> kind;  ///< Nothing: written to, but not created here yet.
    std::int64_t created_ms = 0;
    /// Some of its entries stay in the log. Only `load` adds them; elsewhere `state` lacks them.
    bool deferred = false;
    bool touched = false;  ///< More than its creating entry has written to it.
    RecordState state;
    std::string name;
};

/// The contacts' rows: created, merged, grouped by external key, searched by their words.
class Contacts {
  public:
    /// Contacts of more items than `items_max`, or of more than 16 KiB, lie in parts.
    Contacts(
        Database& database, const AppliedDots& applied, const DotOrder& order,
        DeferredEntries& deferred, std::size_t items_max);

    /// What a removal in one contact may take for gone: applied, and to this very contact. What was
    /// applied to another one may still come, when the two turn out to be one.
    class GroupDots final : public AppliedDots {
      public:
        GroupDots(Contacts& contacts, LocalDot root) : contacts_(contacts), root_(root) {}
        [[nodiscard]] bool applied(LocalDot dot) const override;

      private:
        Contacts& contacts_;
        LocalDot root_;
    };

    /// Creates the record of `action` from `event`. It joins the group of its external key, if it
    /// has one.
    void create(const Action& action, const protocol::ContactCreate& event);

    /// The contact that `id` is read under, or nothing if nobody wrote to it here. Its texts are
    /// whole, read from the log where they stayed there.
    [[nodiscard]] std::optional<ContactRow> load(LocalDot id);
    /// Lets `apply(MergeTarget&, const AppliedDots&)` change the contact that `record` is read
    /// under. When nothing is known of `record` yet, it becomes a contact of `turf`.
    template <class Apply>
    void change(LocalDot record, TurfNumber turf, Apply apply);
    /// Notes that `entry` changes the contact and stays in the log.
    void defer(LocalDot record, TurfNumber turf, LocalDot entry);
    /// Brings up to date what large contacts show. Call it before anything else reads the tables.
    void settle();
    /// What the creating entry wrote counts as written then.
    void restamp(LocalDot created, std::int64_t time_ms);
    /// The words by which search finds a contact.
    [[nodiscard]] static std::string words_of(const RecordState& state);

    [[nodiscard]] LocalDot root_of(LocalDot id);
    /// The id that every laptop shows for the contact with this record; none when there is no such
    /// contact.
    [[nodiscard]] LocalDot shown_id(LocalDot id);
    /// All records read as one with `root`, itself included.
    [[nodiscard]] std::vector<LocalDot> members_of(LocalDot root);
    [[nodiscard]] std::optional<LocalDot> find_key(
        TurfNumber turf, std::string_view source, std::string_view key);

    /// The state that a creating entry alone gives.
    static void add_initial(
        MergeTarget& state, const protocol::ContactCreate& event, LocalDot dot, std::int64_t at_ms,
        TextForm texts);
    /// Where long texts are read; must outlive this.
    void read_texts_from(EntryTexts* texts) { texts_ = texts; }

  private:
    struct Taken {
        ContactRow row;
        std::string words;  ///< Search finds it by these at present.
    };
    [[nodiscard]] std::optional<ContactRow> load_row(LocalDot id);
    [[nodiscard]] Taken take(LocalDot root);
    void store(ContactRow row, const std::string& words_before);
    /// The contact that an applied entry wrote to; none for one that wrote to no contact.
    [[nodiscard]] LocalDot record_written_by(LocalDot entry);
    [[nodiscard]] LocalDot claim_key(const Action& action, const protocol::ExternalKey& key);
    void insert(const Action& action, const protocol::ContactCreate& event);
    void complete(ContactRow& row);
    void mark_deferred(ContactRow& row);
    void defer_row(LocalDot root);
    void insert_row(
        const Action& action, const protocol::ContactCreate& event, LocalDot root,
        std::optional<ByteView> body, int flags);
    void set_initial_name(const protocol::ContactCreate& event);
    [[nodiscard]] int set_initial_words(const Action& action, const protocol::ContactCreate& event);
    void create_over_orphan(
        LocalDot root, const Action& action, const protocol::ContactCreate& event);
    void create_in(LocalDot root, const Action& action, const protocol::ContactCreate& event);
    void join(LocalDot root, LocalDot member);
    [[nodiscard]] std::vector<RecordState> take_whole(LocalDot member);
    void add_member(LocalDot root, LocalDot member);

    const AppliedDots& applied_;
    const DotOrder& order_;
    DeferredEntries& deferred_;
    EntryTexts* texts_ = nullptr;
    Statement insert_;
    Statement select_;
    Statement select_root_;
    Statement select_shown_;
    Statement select_action_;
    Statement upsert_;
    Statement set_shown_;
    Statement set_created_;
    Statement set_place_;
    Statement set_time_;
    Statement set_root_;
    Statement insert_member_;
    Statement select_members_;
    Statement select_key_;
    Statement insert_key_;
    RecordShelf shelf_;
    std::string words_;  // kept for its capacity
    std::string name_;
};

template <class Apply>
void Contacts::change(LocalDot record, TurfNumber turf, Apply apply) {
    const LocalDot root = shelf_.is_parted(record) ? record : root_of(record);
    if (root.is_none()) {
        ContactRow row{.root = record, .id = record, .turf = turf};
        apply(row.state, GroupDots(*this, record));
        store(std::move(row), {});
    } else if (shelf_.is_parted(root)) {
        PartedStates::Target state = shelf_.parted().target(root);
        apply(state, GroupDots(*this, root));
    } else {
        Taken taken = take(root);
        apply(taken.row.state, GroupDots(*this, root));
        store(std::move(taken.row), taken.words);
    }
}

/// The name people know a contact by, from its merged values: the first of each where there are
/// several.
[[nodiscard]] std::string display_name(const RecordState& state, const DotOrder& order);

}  // namespace vereda::engine
