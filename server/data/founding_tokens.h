#pragma once

#include <set>
#include <string>

#include "crypto/entropy.h"
#include "engine/storage/file_system.h"
#include "server/store/store.h"

namespace vereda::server {

/// H("founding-token", token): all that a hub keeps of one.
[[nodiscard]] TokenHash hash_of(const protocol::FoundingToken& token);

/// The tokens that allow a workspace to be put on this hub, each once.
class FoundingTokens {
  public:
    virtual ~FoundingTokens() = default;
    [[nodiscard]] virtual bool holds(const TokenHash& token) = 0;
    /// Forgets it; called after the workspace is durable, so a crash between leaves a token that
    /// the store already binds.
    virtual void spend(const TokenHash& token) = 0;
};

/// One empty file per token, named by its hash: `vereda-hub token` may add one beside a running
/// hub, which holds the database for itself.
class FileTokens final : public FoundingTokens {
  public:
    FileTokens(engine::FileSystem& files, std::string directory);
    /// A new token, durable on return. Its text form is 32 hex digits.
    [[nodiscard]] protocol::FoundingToken issue(crypto::Entropy& entropy);

    [[nodiscard]] bool holds(const TokenHash& token) override;
    void spend(const TokenHash& token) override;

  private:
    [[nodiscard]] std::string path_of(const TokenHash& token) const;
    engine::FileSystem& files_;
    std::string directory_;
};

/// Tokens in memory, for simulations.
class MemoryTokens final : public FoundingTokens {
  public:
    void add(const protocol::FoundingToken& token) { tokens_.insert(hash_of(token)); }
    [[nodiscard]] bool holds(const TokenHash& token) override { return tokens_.contains(token); }
    void spend(const TokenHash& token) override { tokens_.erase(token); }

  private:
    std::set<TokenHash> tokens_;
};

}  // namespace vereda::server
