#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/actions/actions.h"

/// One line of `vereda batch`: a JSON object that says one action (docs/commands.md "batch").
namespace vereda::client {

struct BatchContactAdd {
    std::string turf;
    engine::ContactDraft draft;
};
/// Of an edit: the entries that were shown, by field (client/desk/lookup.h).
using BatchSeen = std::map<std::string, std::vector<std::string>>;
struct BatchContactSet {
    std::string contact;  ///< An id, or "key:" and a key.
    engine::ContactChange change;
    BatchSeen seen;
};
struct BatchInteractionAdd {
    std::string contact;
    engine::InteractionDraft draft;
};
struct BatchInteractionCorrect {
    std::string interaction;
    engine::InteractionChange change;
    BatchSeen seen;
};
struct BatchSettle {
    std::string record;
    bool interaction = false;
    std::string field, value;
    BatchSeen seen;
};
/// contact.retract, contact.restore, interaction.retract, interaction.restore.
struct BatchHide {
    std::string record;
    bool interaction = false;
    bool restore = false;
};
/// contact.release, interaction.release.
struct BatchRelease {
    std::string record;
    bool interaction = false;
};
struct BatchConsentLift {
    std::string contact, channel, evidence;
};

struct BatchLine {
    std::variant<
        BatchContactAdd, BatchContactSet, BatchInteractionAdd, BatchInteractionCorrect, BatchHide,
        BatchRelease, BatchConsentLift, BatchSettle>
        action;
    std::string source;  ///< Of the keys in it; "batch" unless it says another.
};

/// Error: what is wrong with it, for people. Members that nobody knows are an error: a mistyped one
/// would be lost silently. So is a name that one object has twice. Times like "yesterday" are seen
/// from `now`.
[[nodiscard]] std::expected<BatchLine, std::string> parse_batch_line(
    std::string_view line, protocol::Millis now);

}  // namespace vereda::client
