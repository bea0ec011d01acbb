#pragma once

#include <expected>
#include <functional>
#include <span>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/workspace/log_writer.h"

namespace vereda::engine {

/// An action that names `seen` (retracts, withdrawals, earlier names), as entries: one, or where
/// one cannot name all, as many as it takes. `make` gives the entry that names some of them. Error:
/// `too_long` when what it says itself does not fit.
[[nodiscard]] std::expected<std::vector<EntryDraft>, ActionError> in_parts(
    std::span<const LocalDot> seen,
    const std::function<EntryDraft(std::span<const LocalDot>)>& make);

/// The same where each entry adds a value and has to end that of the one before as well; the first
/// of them will be `next`.
[[nodiscard]] std::expected<std::vector<EntryDraft>, ActionError> in_chained_parts(
    std::span<const LocalDot> seen, LocalDot next,
    const std::function<EntryDraft(std::span<const LocalDot>)>& make);

}  // namespace vereda::engine
