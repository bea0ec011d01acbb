#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/storage/system_files.h"
#include "engine/workspace/workspace.h"
#include "tests/bench/workload.h"

namespace vereda::bench {

/// A directory that goes away with its owner.
class ScratchDirectory {
  public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] std::string path(const std::string& name) const {
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

/// The wall clock, or the time of a deed while it is being played.
class PlayedClock final : public engine::Clock {
  public:
    [[nodiscard]] protocol::Millis now() override { return at_; }
    void set(std::int64_t ms) { at_ = {ms}; }

  private:
    protocol::Millis at_{1'762'000'000'000};
};

/// A coordinator and laptops of one workspace on real disks, enrolled without a hub: roster entries
/// and keys are handed over in memory, so that benchmarks measure what they mean to.
class Team {
  public:
    explicit Team(std::size_t laptops, engine::Workspace::Options options = {});

    engine::Workspace& coordinator() { return *members_[0].workspace; }
    engine::Workspace& laptop(std::size_t i) { return *members_[1 + i].workspace; }
    [[nodiscard]] engine::TurfNumber turf_of(engine::Workspace& workspace) const;
    PlayedClock& clock() { return clock_; }
    [[nodiscard]] std::string directory(std::size_t member) const;
    /// Closes and opens a member's vault again.
    void reopen(std::size_t member, engine::Workspace::Options options);
    void shut(std::size_t member) { members_[member].workspace.reset(); }

    /// The people of a field day, written by the coordinator and closed into blocks.
    void add_people(const std::vector<Person>& people);
    /// Everyone has what the coordinator has.
    void share_people();
    /// Plays a day on a laptop and closes it into blocks of at most `block_entries`, each
    /// `acknowledged` at once, as by a sync, or still to be sent.
    void play(
        engine::Workspace& workspace, const std::vector<Deed>& day, std::size_t block_entries = 511,
        bool acknowledged = false);
    /// As after a sync in which the hub has acknowledged all that is closed.
    static void note_acknowledged(engine::Workspace& workspace);

    /// All closed blocks of a workspace's own logs in the people's turf, as bytes.
    [[nodiscard]] static std::vector<Bytes> own_blocks(engine::Workspace& workspace);
    /// Takes blocks in, `per_commit` at a time.
    static void receive(
        engine::Workspace& workspace, const std::vector<Bytes>& blocks, engine::BlockOpener& opener,
        std::size_t per_commit);
    /// The record of person `i` on this laptop.
    [[nodiscard]] engine::LocalDot person(engine::Workspace& workspace, std::size_t i) const;

  private:
    struct Member {
        std::unique_ptr<engine::Workspace> workspace;
    };
    void invite_one();

    ScratchDirectory scratch_;
    engine::SystemFiles files_;
    PlayedClock clock_;
    crypto::SystemEntropy entropy_;
    engine::Environment environment_{files_, clock_, entropy_, {}, crypto::passphrase_cost_floor};
    engine::Workspace::Options options_;
    Bytes key_file_ = Bytes(64, 7);
    std::vector<Member> members_;
    protocol::TurfId turf_;
    crypto::SecretBytes turf_key_;
    crypto::SecretBytes common_key_;
    std::vector<protocol::Dot> people_;
};

/// What people's deeds are as entries. An edit overwrites what its field shows on this laptop.
[[nodiscard]] engine::EntryDraft person_draft(const Person& person);
[[nodiscard]] engine::EntryDraft visit_draft(engine::LocalDot person, const Deed& deed);
[[nodiscard]] engine::EntryDraft edit_draft(
    engine::Workspace& workspace, engine::LocalDot person, const Deed& deed);

}  // namespace vereda::bench
