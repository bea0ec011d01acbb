#pragma once

#include <optional>

#include "engine/log/block_opening.h"
#include "engine/projection/entry_texts.h"
#include "engine/workspace/log_writer.h"

namespace vereda::engine {

/// Reads entries again, for their long texts or as a whole: out of the block or the open entry that
/// holds them.
/// Keeps the last block and the last entry, so a reader who asks in the order of dots opens each
/// block once.
class LoggedTexts final : public EntryTexts {
  public:
    LoggedTexts(LogStore& store, const Roster& roster, const Keyring& keys, const LogWriter& writer)
        : store_(store), roster_(roster), keys_(keys), writer_(writer) {}

    [[nodiscard]] const LongTexts& long_texts_of(LocalDot entry) override;
    void read_into(RecordState& state, LocalDot entry, const AppliedDots& log) override;

  private:
    void forget_if_changed();
    [[nodiscard]] std::optional<ByteView> find_entry(LocalDot entry);
    [[nodiscard]] LongTexts read(LocalDot entry);
    [[nodiscard]] LongTexts read_open(LocalDot entry);
    [[nodiscard]] Action action_of(const protocol::Entry& entry, LocalDot dot);
    [[nodiscard]] std::optional<ByteView> find_slot(LocalDot entry) const;
    [[nodiscard]] bool open_block_of(LocalDot entry);

    LogStore& store_;
    const Roster& roster_;
    const Keyring& keys_;
    const LogWriter& writer_;
    LogOrdinal log_;
    std::optional<OpenedBlock> block_;
    std::optional<ReferenceTable> references_;  // of that block
    std::uint64_t revision_ = 0;                // of the log, when it was opened
    LocalDot last_;
    LongTexts texts_;
};

}  // namespace vereda::engine
