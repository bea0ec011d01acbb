#pragma once

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "protocol/http/listener/server.h"
#include "tests/unit/http/raw_client.h"

/// What the tests of the listener share: a server of either kind, and what it told.
namespace vereda::http::test {

/// A folder of its own, gone afterwards.
struct Folder {
    std::filesystem::path path;
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "vereda-http-XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

inline const TlsIdentity& identity() {
    static const TlsIdentity made = make_tls_identity();
    return made;
}

/// Events as they happened, for tests that ask why.
class Events {
  public:
    EventLog log() {
        return [this](std::string_view event, std::string_view) {
            const std::lock_guard lock(mutex_);
            all_ += std::string(event) + "\n";
        };
    }
    std::string all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

  private:
    mutable std::mutex mutex_;
    std::string all_;
};

inline void echo(Request request, Answer answer) {
    answer(
        {.status = 200,
         .headers = {{"x-remote", request.remote}},
         .body = std::move(request.body)});
}

enum class Kind { tls, loopback, unix_socket };

struct Hub {
    Folder folder;
    Events events;
    Kind kind;
    Server server;

    explicit Hub(
        Handler handler = echo, Limits limits = {}, unsigned threads = 1, Kind kind_ = Kind::tls)
        : kind(kind_), server(make({.threads = threads, .limits = limits}, std::move(handler))) {}
    std::uint16_t port() const { return server.port(); }
    std::string path() const { return folder.path / "socket"; }
    RawClient client() const {
        if (kind == Kind::unix_socket) return RawClient(path());
        const bool is_plain = kind == Kind::loopback;
        return RawClient(
            port(), is_plain ? RawClient::Handshake::plain : RawClient::Handshake::now);
    }

  private:
    Server make(const ServerOptions& options, Handler handler) {
        EventLog log = events.log();
        if (kind == Kind::tls) return Server(options, identity(), std::move(handler), log);
        if (kind == Kind::loopback) return Server::plain(options, std::move(handler), log).value();
        return Server::on_unix_socket(path(), options, std::move(handler), log).value();
    }
};

inline std::string post(std::string_view body) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

inline std::string get(std::string_view fields = {}) {
    return "GET /x HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}

inline unsigned status_in(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoul(answer.substr(9, 3)))
                                           : 0;
}

inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

template <class Condition>
bool becomes_true(Condition condition) {
    for (int i = 0; i < 500; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace vereda::http::test
