#include "server/data/hub_data.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/storage/system_files.h"
#include "folder.h"
#include "hub_world.h"

using namespace vereda;
using namespace vereda::server;
using test::BlockLog;
using test::Folder;

namespace {

/// A hub's data with one founded workspace, closed and opened at will.
struct HubDirectory {
    Folder folder;
    std::string data = folder / "hub";
    engine::SystemFiles files;
    crypto::SystemEntropy entropy;
    engine::FakeClock clock{{1'800'000'000'000}};
    std::unique_ptr<HubData> open_data;
    std::optional<Hub> hub;

    OpenDataError fail_to_open() {
        const auto opened = HubData::open(files, data, entropy);
        REQUIRE_FALSE(opened.has_value());
        return opened.error();
    }
    void open(HostSays word = HostSays::nothing) {
        auto opened = HubData::open(files, data, entropy, word);
        REQUIRE(opened.has_value());
        open_data = *std::move(opened);
        hub.emplace(
            open_data->store(), open_data->tokens(), clock, open_data->key().clone(), HubConfig{});
    }
    void close() {
        hub.reset();
        open_data.reset();
    }
    HubAnswer found(const test::HubWorld& world) {
        protocol::FoundRequest request = world.founding;
        request.token = open_data->tokens().issue(entropy);
        return hub->handle(
            {protocol::MessageName::found, world.workspace, world.founder.keys.http.public_key(),
             encode(request)});
    }
    protocol::BlockVerdict push(const test::HubWorld& world, Bytes block) {
        const auto answer = protocol::parse_push_answer(
            hub->handle({protocol::MessageName::push, world.workspace,
                         world.founder.keys.http.public_key(),
                         encode(protocol::PushRequest{{std::move(block)}})})
                .body);
        REQUIRE(answer);
        return answer->verdicts.at(0);
    }
};

void copy_folder(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

}  // namespace

TEST_CASE("a hub opened again is the same hub in the same epoch", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    BlockLog log(world, world.founder, world.roster.common());
    log.named_position.emplace();  // this hub has the founding alone
    const Bytes block = log.next();
    const auto first = place.push(world, block);
    const auto key = place.hub->card().signing_key;
    place.close();
    place.open();
    CHECK_FALSE(place.open_data->is_restored());
    CHECK(place.hub->card().hub_epoch == 1);
    CHECK(place.hub->card().signing_key == key);
    CHECK(place.push(world, block).leaf == first.leaf);
}

namespace {

/// Takes the database back to what the version before had made of the same blocks.
void make_older(const std::string& path) {
    engine::Database database({.path = path});
    for (const auto* sql :
         {"DROP TABLE places", "ALTER TABLE hub DROP COLUMN placed",
          "ALTER TABLE hub DROP COLUMN epoch_began_ms", "ALTER TABLE hub DROP COLUMN lost_since_ms",
          "CREATE INDEX blocks_by_place ON blocks (log, block_no, evidence, size)"}) {
        database.exec(sql);
    }
    database.set_user_version(2);
}

}  // namespace

TEST_CASE("a store of before is judged by as if it had always had places", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    BlockLog log(world, world.founder, world.roster.common());
    log.named_position.emplace();
    const Bytes first = log.next(), second = log.next();
    const auto leaf = place.push(world, first).leaf;
    REQUIRE(place.push(world, second).outcome == protocol::PushOutcome::accepted);
    log.go_back_to(1);
    const Bytes branch = log.next();
    REQUIRE(place.push(world, branch).outcome == protocol::PushOutcome::evidence);
    place.close();
    make_older(place.data + "/hub.db");

    place.open();
    CHECK_FALSE(place.open_data->is_restored());
    CHECK(place.push(world, first).leaf == leaf);
    CHECK(place.push(world, branch).outcome == protocol::PushOutcome::already_had);
    CHECK(place.push(world, log.next()).outcome == protocol::PushOutcome::evidence);
    log.go_back_to(1);
    CHECK(place.push(world, second).outcome == protocol::PushOutcome::already_had);
}

TEST_CASE("a second hub on the same data is refused", "[data]") {
    HubDirectory place;
    place.open();
    CHECK(place.fail_to_open() == OpenDataError::held_elsewhere);
    place.close();
    place.open();
}

TEST_CASE("a running hub keeps every other program out of its database", "[data]") {
    HubDirectory place;
    place.open();
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            const engine::Database database({.path = place.data + "/hub.db"});
        } catch (const engine::StorageFailure& failure) {
            ::_exit(failure.fault() == engine::StorageFault::locked ? 7 : 8);
        }
        ::_exit(9);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("a restored copy begins a new epoch, an older database too", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    BlockLog log(world, world.founder, world.roster.common());
    log.named_position.emplace();  // this hub has the founding alone
    place.push(world, log.next());
    place.close();
    const std::string backup = place.folder / "backup";
    copy_folder(place.data, backup);
    place.open();
    place.push(world, log.next());
    place.close();

    SECTION("the whole directory is put back") { copy_folder(backup, place.data); }
    SECTION("only the database is put back") {
        std::filesystem::remove(place.data + "/hub.db");
        std::filesystem::copy(backup + "/hub.db", place.data + "/hub.db");
    }
    SECTION("only the database's contents are put back, into the same file") {
        const auto contents = place.files.read(backup + "/hub.db", 1 << 24);
        REQUIRE(contents);
        std::FILE* file = std::fopen((place.data + "/hub.db").c_str(), "r+");
        REQUIRE(file != nullptr);
        CHECK(std::fwrite(contents->data(), 1, contents->size(), file) == contents->size());
        CHECK(::ftruncate(::fileno(file), static_cast<off_t>(contents->size())) == 0);
        std::fclose(file);
    }
    SECTION("the guard is lost") { std::filesystem::remove(place.data + "/hub.guard"); }
    place.open();
    CHECK(place.open_data->is_restored());
    CHECK(place.hub->card().hub_epoch == 2);
    place.close();
    place.open();
    CHECK_FALSE(place.open_data->is_restored());
    CHECK(place.hub->card().hub_epoch == 2);
}

TEST_CASE("a host's word begins a new epoch, once", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    place.close();
    place.open(HostSays::restored);
    CHECK(place.open_data->is_restored());
    CHECK(place.hub->card().hub_epoch == 2);
    place.close();
    place.open();
    CHECK(place.hub->card().hub_epoch == 2);
}

TEST_CASE("an epoch that a running hub began is no restored one when it starts again", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    place.open_data->store().workspaces().begin_epoch(2);
    place.close();
    place.open();
    CHECK_FALSE(place.open_data->is_restored());
    CHECK(place.hub->card().hub_epoch == 2);
}

TEST_CASE("a moved directory is no restored one", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    place.close();
    std::filesystem::rename(place.data, place.folder / "elsewhere");
    place.data = place.folder / "elsewhere";
    place.open();
    CHECK(place.hub->card().hub_epoch == 1);
}

TEST_CASE("a hub without its key does not start with a new one", "[data]") {
    test::HubWorld world;
    HubDirectory place;
    place.open();
    REQUIRE(place.found(world).status == 200);
    place.close();
    std::filesystem::remove(place.data + "/hub.key");
    CHECK(place.fail_to_open() == OpenDataError::key_missing);
    place.files.write(place.data + "/hub.key", Bytes(31));
    CHECK(place.fail_to_open() == OpenDataError::key_damaged);
}

TEST_CASE("nobody but its owner may read a hub's data", "[data]") {
    HubDirectory place;
    place.open();
    namespace fs = std::filesystem;
    CHECK((fs::status(place.data).permissions() & fs::perms::mask) == fs::perms::owner_all);
    for (const auto& file : fs::directory_iterator(place.data)) {
        INFO(file.path());
        CHECK(
            (file.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
            fs::perms::none);
    }
}
