#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>

#include "engine/workspace/workspace.h"

namespace vereda::engine {

/// An entry read back from the log: its envelope, and what its references mean here.
struct LoggedEntry {
    protocol::Entry entry;  ///< Borrows from the pages that it was read from.
    LocalDot dot;
    LocalDot record;
    LocalDot parent;
    std::int64_t time_ms = 0;  ///< As its author's clock said, not after the hub took it.
    std::shared_ptr<const ReferenceTable> references;
};

/// An own entry in its open form, which the result borrows from.
[[nodiscard]] std::optional<LoggedEntry> logged_open(ByteView bytes, LocalDot dot);

/// Entries by their dots, out of closed blocks and out of open entries. Keeps the blocks it opened
/// last; what it gave out stays valid until `forget`.
class EntryPages {
  public:
    explicit EntryPages(Workspace& workspace) : workspace_(workspace) {}

    /// Nothing when the block does not open, the slot is empty or holds no entry.
    [[nodiscard]] std::optional<LoggedEntry> read(LocalDot dot);
    /// Frees what was kept, when it has grown large.
    void forget();

  private:
    struct Page {
        OpenedBlock block;
        std::shared_ptr<const ReferenceTable> references;
    };

    [[nodiscard]] std::optional<LoggedEntry> read_open(LocalDot dot);
    [[nodiscard]] const Page* page_holding(LocalDot dot);

    Workspace& workspace_;
    std::map<LocalDot, std::unique_ptr<Page>> pages_;  // by the first entry of the block
    std::map<LocalDot, Bytes> open_;
};

}  // namespace vereda::engine
