#pragma once

// Lives here: the hub's core: who asks, what may be, one group of requests in one commit.
// Begin: here; `prepared.h` for any thread, `group_commit.h` for the one that writes.
// Must not know: sockets, and which database keeps it.

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crypto/signature.h"
#include "engine/clock.h"
#include "protocol/sync/message.h"
#include "server/data/founding_tokens.h"
#include "server/store/store.h"

namespace vereda::server {

/// What a hub allows one device. Numbers of people with laptops: a sheet of a million rows is
/// 39 MB, a day in the field some 100 KB. A quota delays, it never refuses for good.
struct HubLimits {
    /// Per HTTP key and second, sustained: one for a request, a block or 16 KiB either way, some
    /// 0.1 ms of a processor each (server/hub/work.h).
    double work_per_s = 1000;
    double work_burst = 8000;
    std::uint64_t device_bytes_per_day = 64ULL
                                         << 20;  ///< Of blocks that it wrote, whoever brings them.
    std::uint64_t ended_bytes_per_day = 16ULL
                                        << 20;  ///< The same once it is retired or compromised.
    std::uint64_t evidence_per_day = 256;       ///< Blocks on branches that lost.
    /// So many times as much for 30 days after a new hub epoch began: everybody gives again.
    std::uint64_t restored_times = 16;
};

struct HubConfig {
    std::string public_url;
    HubLimits limits = {};
};

/// A message whose sender has proven, by an HTTP signature or by standing in a simulation, to hold
/// `caller`.
struct HubRequest {
    protocol::MessageName name = protocol::MessageName::pull;
    protocol::WorkspaceId workspace;
    crypto::PublicKey caller{};  ///< The device's HTTP key.
    Bytes body;
};

/// `status` as in HTTP: 200 with the message's answer, else with a RefusalAnswer.
struct HubAnswer {
    unsigned status = 200;
    Bytes body;
};

/// What one group of requests did, for metrics and log lines. Ids and counts only.
struct HubCounts {
    std::uint64_t blocks = 0;   ///< Accepted, evidence included.
    std::uint64_t entries = 0;  ///< In those blocks, as their headers say.
    std::uint64_t evidence = 0;
    std::uint64_t not_yet = 0;  ///< Blocks to be offered again later.
    std::uint64_t roster_entries = 0;
    std::uint64_t served_blocks = 0;
    /// The epoch begun after this group, since somebody in it showed a head that this hub had
    /// signed and has not: its machine was put back as a whole.
    std::optional<std::uint64_t> new_epoch;
};

/// A request on its way through the hub; its parts are the hub's own business.
class PreparedRequest;
struct PreparedRequestDelete {
    void operator()(PreparedRequest* request) const;
};
using PreparedPtr = std::unique_ptr<PreparedRequest, PreparedRequestDelete>;

/// The hub without sockets and threads: messages in, answers out. It sees ciphertext, sizes and
/// times; it judges signatures, places in logs and the roster, never content. Everything that an
/// answer acknowledges is durable. Throws engine::StorageFailure when the disk fails: nothing of
/// that group was acknowledged, and the hub may go on (disk full) or should be opened again
/// (anything else). Why like this: docs/decisions/0004.
class Hub {
  public:
    Hub(Store& store, FoundingTokens& tokens, engine::Clock& clock, crypto::SigningKey key,
        HubConfig config);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// The whole way of one request: `prepare`, `run`, `finish`, `tidy`.
    [[nodiscard]] HubAnswer handle(HubRequest request);

    /// Parses, hashes and verifies what needs no store. Any thread.
    [[nodiscard]] PreparedPtr prepare(HubRequest request);
    /// Judges and stores a group in one transaction, in order, durable on return. One thread at a
    /// time.
    HubCounts run(std::span<PreparedRequest* const> group);
    /// What the store put off: for after the answers of a group. On the thread of `run`.
    void tidy();
    /// The answer, stream heads signed. Any thread, after `run`.
    [[nodiscard]] HubAnswer finish(const PreparedRequest& request) const;

    /// A refusal as an answer, with its HTTP status and the hub's time. Any thread.
    [[nodiscard]] HubAnswer refuse(protocol::Refusal code) const;
    /// Whether the roster of `workspace` has a device with this HTTP key, whatever became of it. A
    /// key that enrolled at another hub on the same store is looked for there, some times a second:
    /// it waits for the group that is open. Any thread.
    [[nodiscard]] bool knows(
        const protocol::WorkspaceId& workspace, const crypto::PublicKey& http_key) const;
    [[nodiscard]] protocol::HubCard card() const;
    [[nodiscard]] const crypto::SigningKey& key() const;

  private:
    [[nodiscard]] HubAnswer sign_and_encode(const PreparedRequest& request) const;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The HTTP status that goes with a refusal.
[[nodiscard]] unsigned status_of(protocol::Refusal code);

}  // namespace vereda::server
