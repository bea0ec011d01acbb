#include <queue>

#include "engine/vault/vault_files.h"
#include "engine/workspace/log_salvage.h"
#include "engine/workspace/workspace.h"

/// How a vault comes to life: identity, roster, keys, and the projection from snapshot and log.
namespace vereda::engine {
namespace {

// Blocks per transaction of a rebuild: fewer costs time, more only memory (measured).
constexpr std::size_t rebuild_batch = 100;
// Blocks that an opener may work on ahead of the merge.
constexpr std::size_t rebuild_ahead = 32;

/// Reads the blocks that a projection has not read yet, opened ahead of the merge.
class TailReading {
  public:
    TailReading(
        LogStore& store, const Roster& roster, const Keyring& keys, Replay& replay,
        Projection& projection, BlockRepair& repair, BlockOpener& opener,
        const Workspace::Options& options)
        : store_(store),
          roster_(roster),
          keys_(keys),
          replay_(replay),
          projection_(projection),
          repair_(repair),
          opener_(opener),
          options_(options),
          proofs_(store, roster, keys, replay) {}

    /// How many entries that were.
    std::size_t read_blocks() {
        for (std::uint32_t log = 1; log <= store_.log_count(); ++log) {
            if (store_.info({log}).described) submit_blocks({log});
        }
        while (read_next()) {
        }
        settle_doubtful();
        proofs_.settle();
        return entries_;
    }

  private:
    void submit_blocks(LogOrdinal log) {
        const protocol::Seq read_to = projection_.frontier().read_to(log);
        repair_.mend_rows(log, read_to);
        store_.visit_blocks(log, read_to, [&](StoredBlock block) {
            opener_.submit(
                roster_.workspace(), keys_, {std::move(block.bytes), block.acceptance, true});
            block.bytes.clear();
            submitted_.push(std::move(block));
            if (submitted_.size() > rebuild_ahead) static_cast<void>(read_next());
            return true;
        });
    }

    bool read_next() {
        const std::optional<OpenedBlock> block = opener_.next();
        if (!block) return false;
        const StoredBlock from = std::move(submitted_.front());
        submitted_.pop();
        entries_ += replay_.read_stored(from.log, from.entries(), *block);
        if (block->parsed) repair_.expect_place(*block->parsed, from.log, from.block_no);
        proofs_.met(from.log, from.hash);
        if (is_doubtful(from, *block)) doubtful_.emplace_back(from.log, from.block_no);
        if (++blocks_ % rebuild_batch == 0) {
            projection_.commit();
            projection_.begin();
            if (options_.on_progress) options_.on_progress(blocks_, 0);
        }
        return true;
    }

    /// Not what its row says it is.
    static bool is_doubtful(const StoredBlock& from, const OpenedBlock& block) {
        if (!block.payload) return from.state != BlockState::pending || !from.acceptance;
        const protocol::Core& core = block.parsed->core;
        return block.parsed->hash != from.hash || core.first_seq != from.first_seq ||
               core.count != from.count || core.roster_position != from.roster_position ||
               from.state >= BlockState::damaged;
    }

    OpenedBlock open_stored(StoredBlock stored) const {
        return open_block(
            roster_.workspace(), keys_, std::move(stored.bytes), stored.acceptance, true);
    }

    /// Only once nobody reads the rows any more. What a copy makes whole is read after all.
    void settle_doubtful() {
        for (const auto& [log, block_no] : doubtful_) {
            const std::optional<StoredBlock> stored = store_.block(log, block_no);
            if (!stored || !repair_.settle(*stored, open_stored(*stored), true).mended_bytes)
                continue;
            const OpenedBlock whole = open_stored(*store_.block(log, block_no));
            if (whole.payload) replay_.read_late(log, whole);
        }
    }

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    Replay& replay_;
    Projection& projection_;
    BlockRepair& repair_;
    BlockOpener& opener_;
    const Workspace::Options& options_;
    Proofs proofs_;
    std::queue<StoredBlock> submitted_;
    std::vector<LogStore::Place> doubtful_;
    std::size_t blocks_ = 0;
    std::size_t entries_ = 0;
};

}  // namespace

void Workspace::load() {
    if (const auto torn = torn_tables(store_)) note_salvage(*torn);
    expect_no_salvage();
    mend_secrets();
    identity_ = Identity::load(store_, secrets_);
    beginnings_ = Beginnings::load(store_, secrets_);
    load_roster();
    load_keys();
    mend_log();
    note_blocks_of_guard();
    load_old_copy();
    load_projection();
    check_guard();
    settle_mishaps();
    opening_.cut_roster = !has_whole_roster();
}

void Workspace::load_roster() {
    roster_ = Roster(identity_.workspace);
    seal_clear_roster(store_, roster_sealer_, secrets_);
    const std::vector<Bytes> entries = whole_roster();
    if (entries.empty()) return;
    auto reloaded = Roster::reload(identity_.workspace, entries, identity_.roster_end);
    if (!reloaded)
        throw StorageFailure(StorageFault::corrupt, "the roster kept in this vault is damaged");
    roster_ = std::move(*reloaded);
    load_forks(store_, secrets_, roster_);
}

// Hands the parts to each other, once there is a projection.
void Workspace::connect() {
    replay_ = std::make_unique<Replay>(store_, roster_, *projection_);
    writer_ = std::make_unique<LogWriter>(
        store_, *replay_, *projection_, open_sealer_,
        LogWriter::Author{identity_.keys.signing, identity_.keys.device(), identity_.incarnation},
        environment_.clock, environment_.entropy);
    texts_ = std::make_unique<LoggedTexts>(store_, roster_, keyring_, *writer_);
    projection_->read_texts_from(texts_.get());
    intake_ = std::make_unique<Intake>(store_, roster_, keyring_, *replay_);
}

void Workspace::load_projection() {
    const Projection::Options options{.index_notes = options_.index_notes};
    projection_ = snapshot_.load(store_, options);
    opening_.rebuilt = !projection_;
    if (!projection_) projection_ = std::make_unique<Projection>(options);
    connect();
    const bool rotten = set_rotten_entries_aside();
    if (leave_cut_logs() || rotten) return rebuild();
    read_tail();
    if (!opening_.rebuilt) intake_->restamp_since_snapshot();
    if (projection_->is_stale()) rebuild();
}

void Workspace::rebuild() {
    projection_ =
        std::make_unique<Projection>(Projection::Options{.index_notes = options_.index_notes});
    connect();
    read_tail();
}

// Everything that the log has and the projection has not: blocks of all logs, then own open
// entries.
void Workspace::read_tail() {
    DirectOpener direct;
    BlockOpener& opener = options_.opener != nullptr ? *options_.opener : direct;
    Transaction transaction(store_.database());  // a table may name logs that have no number yet
    // Which turf a record is of has to be known before anybody writes to it.
    for (std::uint32_t log = 1; log <= store_.log_count(); ++log)
        Replay::introduce(store_, {log}, *projection_);
    projection_->begin();
    BlockRepair repair = block_repair();
    TailReading tail(store_, roster_, keyring_, *replay_, *projection_, repair, opener, options_);
    since_snapshot_ += tail.read_blocks();
    for (const LogOrdinal log : writer_->own_logs()) read_open_entries(log);
    projection_->commit();
    transaction.commit();
}

void Workspace::read_open_entries(LogOrdinal log) {
    for (const OpenEntry& entry : store_.open_entries(log)) {
        if (entry.dot.seq() <= projection_->frontier().read_to(log)) continue;
        replay_->read_open(entry.dot, writer_->unseal(entry.dot, entry.sealed));
        ++since_snapshot_;
    }
}

}  // namespace vereda::engine
