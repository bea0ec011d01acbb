#include "protocol/http/listener/unix_socket.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sys/stat.h>

#include "tests/unit/http/listener/listening.h"

using namespace vereda;
using namespace vereda::http;
using namespace vereda::http::test;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(lstat(path.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

/// As a killed process leaves it: a file at which nobody listens.
void leave_behind(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    close(fd);
}

bool answers(const std::filesystem::path& path) {
    RawClient client(path.string());
    client.send(post("x"));
    return status_in(client.receive()) == 200;
}

std::expected<Server, ListenError> listen(const std::filesystem::path& path) {
    return Server::on_unix_socket(path, {.limits = {}}, echo, [](auto, auto) {});
}

}  // namespace

TEST_CASE("a Unix socket is its owner's alone, whatever the umask says", "[http][server]") {
    const Folder folder;
    const mode_t before = umask(0);
    const auto server = listen(folder.path / "socket");
    umask(before);
    REQUIRE(server.has_value());
    CHECK(mode_of(folder.path / "socket") == 0600);
    CHECK(answers(folder.path / "socket"));
}

TEST_CASE("the socket file of a dead process is replaced", "[http][server]") {
    const Folder folder;
    leave_behind(folder.path / "socket");
    const auto server = listen(folder.path / "socket");
    REQUIRE(server.has_value());
    CHECK(mode_of(folder.path / "socket") == 0600);
    CHECK(answers(folder.path / "socket"));
}

TEST_CASE("the socket of a live server stays its own", "[http][server]") {
    const Folder folder;
    const auto first = listen(folder.path / "socket");
    REQUIRE(first.has_value());
    CHECK(listen(folder.path / "socket").error() == ListenError::path_taken);
    CHECK(answers(folder.path / "socket"));
}

TEST_CASE("a file that is no socket stays where it is", "[http][server]") {
    const Folder folder;
    std::ofstream(folder.path / "file") << "notes";
    std::filesystem::create_symlink(folder.path / "file", folder.path / "link");
    CHECK(listen(folder.path / "file").error() == ListenError::path_taken);
    CHECK(listen(folder.path / "link").error() == ListenError::path_taken);
    CHECK(listen(folder.path).error() == ListenError::path_taken);
    CHECK(std::filesystem::file_size(folder.path / "file") == 5);
    CHECK(std::filesystem::is_symlink(folder.path / "link"));
}

TEST_CASE("a path that no socket can have is refused", "[http][server]") {
    const Folder folder;
    const std::string longest =
        (folder.path / std::string(106 - folder.path.string().size(), 'x')).string();
    REQUIRE(longest.size() == 107);
    CHECK(listen(longest).has_value());
    CHECK(listen(longest + "x").error() == ListenError::path_unfit);
    CHECK(listen("").error() == ListenError::path_unfit);
    CHECK(listen(std::string("/tmp/a\0b", 8)).error() == ListenError::path_unfit);
}

TEST_CASE("a folder that is not there is the machine's failure", "[http][server]") {
    const Folder folder;
    CHECK_THROWS_AS(listen(folder.path / "none" / "socket"), std::system_error);
}

TEST_CASE("stopping removes the socket, unless another file is there by then", "[http][server]") {
    const Folder folder;
    auto first = listen(folder.path / "socket");
    REQUIRE(first.has_value());
    first->stop();
    CHECK_FALSE(std::filesystem::exists(folder.path / "socket"));

    auto second = listen(folder.path / "socket");
    REQUIRE(second.has_value());
    std::filesystem::rename(folder.path / "socket", folder.path / "moved");
    std::ofstream(folder.path / "socket") << "notes";
    second->stop();
    CHECK(std::filesystem::file_size(folder.path / "socket") == 5);
}

TEST_CASE("of two that start at once in one folder, one waits its turn", "[http][server]") {
    const Folder folder;
    std::atomic<int> listening = 0;
    std::vector<std::jthread> starters;
    std::vector<std::optional<UnixSocket>> sockets(8);
    leave_behind(folder.path / "socket");
    for (auto& place : sockets) {
        starters.emplace_back([&] {
            auto socket = UnixSocket::listen(folder.path / "socket");
            if (!socket) return;
            place.emplace(*std::move(socket));
            ++listening;
        });
    }
    starters.clear();
    CHECK(listening == 1);
}
