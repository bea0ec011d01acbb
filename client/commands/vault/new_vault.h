#pragma once

#include "client/commands/vault/synchronise.h"

/// What `init` and `join` have in common: nothing is made before the hub has shown who it is, and
/// nothing is left behind when it says no.
namespace vereda::client {

/// A problem when a vault, or what is left of one, lies where the new one should be.
[[nodiscard]] std::optional<Problem> refuse_occupied(Application& application);

/// The card of the hub at `origin`, whose key has the pin. Problem: not reached, another key, not
/// a hub, or one that calls itself by another address.
[[nodiscard]] Or<protocol::HubCard> ask_for_card(
    engine::Environment& environment, const http::Origin& origin, const http::TlsPin& pin);

using MadeVault = std::expected<engine::NewWorkspace, engine::WorkspaceError>;

/// What `make` gives. When the disk fails on the way, what there is of the vault goes again, and
/// the key file made for it, before StorageFailure goes on: the same command can be run again.
[[nodiscard]] MadeVault make_or_discard(
    Application& application, const VaultSecret& secret, const std::function<MadeVault()>& make);

struct FirstSync {
    std::optional<Problem> problem;  ///< Nothing: done.
    bool discarded = false;  ///< The hub turned the vault down for good, and it is gone again.
    engine::sync::Report report;
};

/// The first conversation of a vault just made. When the connection fails on the way the vault
/// stays, because the hub may have heard it: `vereda sync` goes on.
[[nodiscard]] FirstSync sync_new_vault(
    Application& application, engine::NewWorkspace& made, const VaultSecret& secret);

}  // namespace vereda::client
