#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/actions/edit_draft.h"
#include "engine/merge/record_state.h"

namespace vereda::engine {

/// What a sheet or another system says about a contact that is here already, put into an edit by
/// the rule of imports (docs/protocol/events.md): over what the same source said before and nothing
/// else, so a person's value stands beside it; what the source said last time is not said again.
/// Borrows all three.
class SourceEdit {
  public:
    SourceEdit(EditDraft& edit, const RecordState& state, std::string_view source)
        : edit_(edit), state_(state), source_(source) {}

    void set(std::uint32_t code, std::string_view text);
    /// The set has these elements now: what the source said before and says no more goes.
    void set_exactly(std::uint32_t code, const std::set<std::string>& texts);
    /// The set has this element too.
    void add(std::uint32_t code, std::string_view text);

    enum class Consent {
        written,
        stands,     ///< It is known, or the source said so before and a person lifted it since.
        withdrawn,  ///< Given, and withdrawn here: the withdrawal stays. Nothing is written.
    };
    [[nodiscard]] Consent consent(std::string_view channel, protocol::ConsentState said);
    /// What the source said last about a channel, whether a person has changed it since or not.
    [[nodiscard]] std::optional<protocol::ConsentState> last_consent(
        std::string_view channel) const;

    /// Fields that have two values now, the source's and a person's.
    [[nodiscard]] const std::vector<std::uint32_t>& conflicts() const { return conflicts_; }

  private:
    EditDraft& edit_;
    const RecordState& state_;
    std::string_view source_;
    std::vector<std::uint32_t> conflicts_;
};

}  // namespace vereda::engine
