#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/actions/actions.h"
#include "engine/clock.h"
#include "engine/queries/queries.h"
#include "engine/roster/roster_writer.h"
#include "engine/storage/system_files.h"
#include "engine/workspace/workspace.h"
#include "tests/unit/engine/storage/temporary_directory.h"

namespace vereda::tests {

/// One laptop of the office, its vault under a key file.
struct Desk {
    std::string vault;
    std::unique_ptr<engine::Workspace> workspace;
    engine::TurfNumber north;

    [[nodiscard]] engine::Workspace* operator->() const { return workspace.get(); }
    [[nodiscard]] engine::Workspace& operator*() const { return *workspace; }
};

/// A workspace with a turf called North, its coordinator's laptop and those who joined; no hub:
/// blocks are carried by hand.
class Office {
  public:
    explicit Office(engine::Workspace::Options options = {});

    Desk& coordinator() { return *desks_.front(); }
    /// A newcomer who has the turf North, unless the role is a coordinator's, who has all.
    Desk& join(const std::string& member, protocol::Role role = protocol::Role::organiser);
    /// Shuts the laptop and opens its vault again.
    void reopen(Desk& desk);

    /// Everything that `from` has, in blocks, to `to`. How many entries were new.
    std::size_t carry(Desk& from, Desk& to);
    /// Until everybody has everything.
    void carry_all();

    engine::FakeClock clock{{1'780'000'000'000}};

  private:
    [[nodiscard]] engine::KeySecret secret() const;
    void make_turf();
    void share_keys(Desk& desk);

    TemporaryDirectory directory_;
    engine::SystemFiles files_;
    crypto::SeededEntropy entropy_{7};
    engine::Environment environment_{
        .files = files_,
        .clock = clock,
        .entropy = entropy_,
        .passphrase_cost = crypto::passphrase_cost_floor};
    engine::Workspace::Options options_;
    Bytes key_file_ = Bytes(64, 0x5a);
    std::vector<std::unique_ptr<Desk>> desks_;
};

/// A turf that this coordinator's laptop has made, and that is on no roster yet.
[[nodiscard]] engine::TurfMade create_turf(Desk& desk);
/// Entries of the roster, as the hub serves them.
std::expected<std::size_t, engine::RosterError> serve_roster(
    Desk& desk, const std::vector<engine::WrittenEntry>& entries);

/// A contact with a given and a family name.
[[nodiscard]] engine::LocalDot add_person(
    Desk& desk, const std::string& given, const std::string& family);

/// The one value that the field shows; empty when there is none. Fails the test on a conflict.
[[nodiscard]] std::string shown(Desk& desk, engine::LocalDot contact, const std::string& field);

}  // namespace vereda::tests
