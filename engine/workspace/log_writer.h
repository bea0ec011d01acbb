#pragma once

#include <map>

#include "crypto/entropy.h"
#include "crypto/signature.h"
#include "engine/clock.h"
#include "engine/log/keyring.h"
#include "engine/replay/replay.h"
#include "engine/vault/sealer.h"
#include "engine/workspace/closing_budget.h"

namespace vereda::engine {

/// One person's action, before it has a place in a log. References in `body` are in the open form
/// (`open_reference`).
struct EntryDraft {
    protocol::EventType type{};
    LocalDot record;  ///< None: the entry creates a record, named by its own dot.
    LocalDot parent;  ///< None where there is none.
    Bytes body;
    bool from_outside = false;  ///< From an imported sheet: closed apart from people's own words.
    std::optional<protocol::Millis> time;  ///< When its author did it; absent: now.
};

/// Whether an action fits into one entry, and its entry into a block of its own, as it will be
/// closed: the writer closes whatever this lets through.
[[nodiscard]] bool fits_an_entry(const EntryDraft& draft);

/// The time that an entry made now bears: the clock's, on a grid of 256 ms. So the offsets of a
/// block share their last byte, which saves an action 1.2 bytes, and tell less of their author.
[[nodiscard]] protocol::Millis writing_time(protocol::Millis clock);

/// An open entry that says nothing, in the place of one that is lost or cannot be closed. `time` as
/// `writing_time` has it.
[[nodiscard]] Bytes void_entry(protocol::Millis time);

/// Writes this device's logs. An action becomes an *open* entry, sealed alone and durable with the
/// caller's commit; later many are closed into a block. The dot is given with the first and never
/// changes.
class LogWriter {
  public:
    struct Author {
        const crypto::SigningKey& device_key;
        protocol::DeviceId device;
        protocol::Incarnation incarnation;
    };

    LogWriter(
        LogStore& store, Replay& replay, Projection& projection, const Sealer& sealer,
        Author author, Clock& clock, crypto::Entropy& entropy)
        : store_(store),
          replay_(replay),
          projection_(projection),
          sealer_(sealer),
          author_(author),
          clock_(clock),
          entropy_(entropy) {}

    /// Puts an action at the end of the own log of `turf` and applies it. Durable once the caller
    /// has committed.
    [[nodiscard]] LocalDot append(const Roster& roster, TurfNumber turf, const EntryDraft& draft);

    struct Closed {
        std::size_t blocks = 0;
        std::size_t entries = 0;
        /// Entries left open: their turf has an epoch that this laptop has no key of.
        std::size_t without_key = 0;
        std::size_t set_aside = 0;  ///< Entries that no block can hold.
    };
    /// Closes all open entries into blocks, in the caller's transaction. Afterwards write the
    /// guard, then send. An entry that cannot be closed is kept apart, a `void` stands in its
    /// place, and the rest goes on; the projection still shows it and has to be read again
    /// (docs/decisions/0015-what-cannot-be-closed.md).
    Closed close(const Roster& roster, const Keyring& keys, int compression_level);

    /// Moves all open entries to this device's logs of another incarnation, under new dots, in the
    /// caller's transaction. Nobody else has seen the old ones. The projection must be read
    /// again. Returns how many it moved.
    std::size_t move_open_entries(const Roster& roster, protocol::Incarnation to);

    /// Takes the blocks of an own log from `block_no` on, which nobody else has, apart into open
    /// entries of the same names, in the caller's transaction; what does not open becomes void. To
    /// be followed by `move_open_entries`: no number is signed twice. Returns the blocks that are
    /// lost; nothing, and nothing is changed, while a key of another one is missing.
    [[nodiscard]] std::optional<std::vector<StoredBlock>> reopen_tail(
        const Roster& roster, const Keyring& keys, LogOrdinal log, std::uint64_t block_no);

    /// The same for whole blocks of an own log that lie behind blocks which are lost: the entries
    /// between become void. False, and nothing is changed, while a key of one is missing.
    [[nodiscard]] bool reopen_behind_gap(
        const Roster& roster, const Keyring& keys, LogOrdinal log,
        const std::vector<StoredBlock>& blocks);

    /// The own log of `turf` in this incarnation, made if need be.
    [[nodiscard]] LogOrdinal own_log(const Roster& roster, TurfNumber turf);
    /// This device's logs, of every incarnation.
    [[nodiscard]] std::vector<LogOrdinal> own_logs() const;
    /// Where an open entry is sealed to: "log" | u64 seq.
    [[nodiscard]] Bytes open_place(LocalDot dot) const;
    /// The open form of an own entry that is not in a block, unless its bytes are damaged.
    [[nodiscard]] std::expected<Bytes, UnsealError> open_form(LocalDot dot, ByteView sealed) const {
        return sealer_.open(open_place(dot), sealed);
    }
    /// The same; throws StorageFailure when its bytes are damaged.
    [[nodiscard]] Bytes unseal(LocalDot dot, ByteView sealed) const;

  private:
    struct Batch;
    struct Reopened;
    void reopen_block(
        const Roster& roster, const Keyring& keys, const StoredBlock& stored, Reopened& into);
    void insert_reopened(const Reopened& reopened);
    void close_log(
        const Roster& roster, const protocol::EpochKeys& keys, protocol::Epoch epoch,
        LogOrdinal log, int level, Closed& closed);
    void close_batch(
        const Roster& roster, const protocol::EpochKeys& keys, protocol::Epoch epoch,
        LogOrdinal log, Batch& batch, int level);
    [[nodiscard]] protocol::TableRow table_row(const Roster& roster, LocalDot greatest) const;
    [[nodiscard]] std::optional<protocol::Seen> seen_of(TurfNumber turf);
    [[nodiscard]] std::vector<protocol::LogHead> other_heads(LogOrdinal but) const;

    LogStore& store_;
    Replay& replay_;
    Projection& projection_;
    const Sealer& sealer_;
    Author author_;
    Clock& clock_;
    crypto::Entropy& entropy_;
    std::map<TurfNumber, LogOrdinal> own_;
};

}  // namespace vereda::engine
