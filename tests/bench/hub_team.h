#pragma once

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "client/line/hub_line.h"
#include "engine/storage/system_files.h"
#include "engine/workspace/workspace.h"
#include "tests/bench/team.h"

namespace vereda::bench {

/// A real hub in a process of its own, on loopback, in a directory that goes away with it.
class HubProcess {
  public:
    /// `program` is the path of vereda-hub.
    HubProcess(const std::string& program, std::string directory);
    ~HubProcess();
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    [[nodiscard]] const http::Origin& origin() const { return origin_; }
    [[nodiscard]] const http::TlsPin& pin() const { return pin_; }
    [[nodiscard]] const std::string& directory() const { return directory_; }
    [[nodiscard]] protocol::FoundingToken token() const;
    /// A number out of GET /metrics, such as "vereda_group_requests_count".
    [[nodiscard]] double metric(const std::string& name) const;
    void stop();

  private:
    std::string program_;
    std::string directory_;
    http::Origin origin_;
    http::TlsPin pin_{};
    pid_t process_ = 0;
};

/// Laptops that joined a workspace through a real hub.
class HubTeam {
  public:
    explicit HubTeam(const std::string& hub_program);

    engine::Workspace& coordinator() { return *members_[0]; }
    engine::Workspace& member(std::size_t i) { return *members_[i]; }
    [[nodiscard]] std::size_t size() const { return members_.size(); }
    engine::Workspace& add_laptop();
    [[nodiscard]] engine::TurfNumber turf_of(engine::Workspace& workspace) const;
    HubProcess& hub() { return hub_; }

    struct Synced {
        engine::sync::Report report;
        client::ByteCount bytes;
        double seconds = 0;
    };
    /// One conversation over a connection of its own, TLS handshake and all.
    static Synced sync(engine::Workspace& workspace, engine::sync::Plan plan = {});

    void add_people(const std::vector<Person>& people);
    /// Appends a day's deeds as open entries, in one commit.
    void play(engine::Workspace& workspace, std::span<const Deed> deeds);
    PlayedClock& clock() { return clock_; }

  private:
    ScratchDirectory scratch_;
    HubProcess hub_;
    engine::SystemFiles files_;
    PlayedClock clock_;
    crypto::SystemEntropy entropy_;
    engine::Environment environment_{files_, clock_, entropy_, {}, crypto::passphrase_cost_floor};
    Bytes key_file_ = Bytes(64, 7);
    std::vector<std::unique_ptr<engine::Workspace>> members_;
    protocol::TurfId turf_;
    std::vector<protocol::Dot> people_;
};

}  // namespace vereda::bench
