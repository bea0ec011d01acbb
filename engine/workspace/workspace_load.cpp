#include <queue>

#include "engine/vault/vault_files.h"
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
        Projection& projection, BlockOpener& opener, const Workspace::Options& options)
        : store_(store),
          roster_(roster),
          keys_(keys),
          replay_(replay),
          projection_(projection),
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
        proofs_.settle();
        mark_damaged();
        return entries_;
    }

  private:
    struct Submitted {
        LogOrdinal log;
        std::uint64_t block_no;
        protocol::BlockHash hash;
        BlockState state;
        SeqRange entries;
    };

    void submit_blocks(LogOrdinal log) {
        const protocol::Seq read_to = projection_.frontier().read_to(log);
        store_.visit_blocks(log, read_to, [&](const StoredBlock& block) {
            opener_.submit(roster_.workspace(), keys_, {block.bytes, block.acceptance, true});
            submitted_.push({log, block.block_no, block.hash, block.state, block.entries()});
            if (submitted_.size() > rebuild_ahead) static_cast<void>(read_next());
            return true;
        });
    }

    bool read_next() {
        const std::optional<OpenedBlock> block = opener_.next();
        if (!block) return false;
        const Submitted from = submitted_.front();
        submitted_.pop();
        entries_ += replay_.read_stored(from.log, from.entries, *block);
        proofs_.met(from.log, from.hash);
        if (!block->payload && from.state != BlockState::pending) damaged_.push_back(from);
        if (++blocks_ % rebuild_batch == 0) {
            projection_.commit();
            projection_.begin();
            if (options_.on_progress) options_.on_progress(blocks_, 0);
        }
        return true;
    }

    /// Damaged on this disk: the next sync asks the hub for them.
    void mark_damaged() {
        for (const Submitted& block : damaged_) {
            store_.set_block_state(block.log, block.block_no, BlockState::pending);
            store_.want_again(block.log, block.block_no);
        }
    }

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    Replay& replay_;
    Projection& projection_;
    BlockOpener& opener_;
    const Workspace::Options& options_;
    Proofs proofs_;
    std::queue<Submitted> submitted_;
    std::vector<Submitted> damaged_;
    std::size_t blocks_ = 0;
    std::size_t entries_ = 0;
};

}  // namespace

void Workspace::load() {
    identity_ = Identity::load(store_, secrets_);
    beginnings_ = Beginnings::load(store_, secrets_);
    load_roster();
    keyring_.load(store_, secrets_);
    load_projection();
    check_guard();
}

void Workspace::load_roster() {
    roster_ = Roster(identity_.workspace);
    seal_clear_roster(store_, roster_sealer_, secrets_);
    const std::vector<Bytes> entries = kept_roster();
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
    TailReading tail(store_, roster_, keyring_, *replay_, *projection_, opener, options_);
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
