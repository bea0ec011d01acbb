#pragma once

#include <expected>
#include <functional>
#include <optional>

#include "engine/roster/roster_writer.h"
#include "engine/sync/session.h"

/// A coordinator's change to the roster: read to its end, sign on top, offer; when another entry
/// came first, again.
namespace vereda::engine::sync {

enum class ChangeTrouble {
    none,
    refused,         ///< The hub said no.
    nonsense,        ///< The hub's answer is no answer.
    roster_refused,  ///< The hub's roster does not verify.
    not_written,     ///< The roster would not take it; `write_error` says why.
    overtaken,       ///< Others were faster, many times in a row.
};

/// Entries to be appended one after another, made for the roster's present end.
struct ChangeOffer {
    std::vector<WrittenEntry> entries;
    std::optional<protocol::InviteShare> share;  ///< With an invite.
};
using WriteChange =
    std::function<std::expected<ChangeOffer, RosterWriteError>(const RosterWriter&)>;

/// `write` is called again whenever the roster's end has moved. With no hub on the roster,
/// `apply_alone` does it at once.
class RosterChange {
  public:
    RosterChange(Workspace& workspace, WriteChange write);

    [[nodiscard]] std::optional<Message> next();
    void receive(std::expected<Bytes, protocol::Refusal> answer);

    [[nodiscard]] ChangeTrouble trouble() const { return trouble_; }
    [[nodiscard]] std::optional<RosterWriteError> write_error() const { return write_error_; }
    [[nodiscard]] std::optional<protocol::Refusal> refusal() const { return refusal_; }
    /// True when the roster has the change.
    [[nodiscard]] bool is_done() const { return done_; }

    /// For a workspace without a hub.
    void apply_alone();

  private:
    enum class Stage { read, append, over };
    void write_anew();
    void take_roster(ByteView body);
    void take_appended(ByteView body);
    void keep(const WrittenEntry& entry, const protocol::Acceptance& leaf);
    void stop(ChangeTrouble trouble);

    Workspace& workspace_;
    WriteChange write_;
    Stage stage_ = Stage::read;
    std::optional<ChangeOffer> offer_;
    std::size_t at_ = 0;
    int attempts_ = 0;
    bool done_ = false;
    ChangeTrouble trouble_ = ChangeTrouble::none;
    std::optional<RosterWriteError> write_error_;
    std::optional<protocol::Refusal> refusal_;
};

/// The turf keys of a workspace, in the form that RosterWriter asks for. Keeps what it hands out.
class TurfKeys {
  public:
    explicit TurfKeys(const Keyring& keyring) : keyring_(keyring) {}
    [[nodiscard]] TurfKeySource source();

  private:
    const Keyring& keyring_;
    std::map<std::pair<protocol::TurfId, protocol::Epoch>, crypto::SecretBytes> keys_;
};

}  // namespace vereda::engine::sync
