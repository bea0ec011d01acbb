// How many small signed requests one machine carries, hub and laptops together: signing, TLS, HTTP,
// verification, replay window, signed answer. No store behind it.
//
//   bench_http [CONNECTIONS=20] [REQUESTS_EACH=500] [LISTENER_THREADS=1] [BODY_BYTES=500]

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "client/line/sync_link.h"
#include "protocol/http/listener/server.h"
#include "protocol/http/paths.h"
#include "protocol/http/request_gate.h"

using namespace vereda;

namespace {

struct Load {
    unsigned connections = 20;
    unsigned requests_each = 500;
    unsigned threads = 1;
    std::size_t body_bytes = 500;
};

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

protocol::Millis now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

class ThisMoment final : public engine::Clock {
  public:
    protocol::Millis now() override { return ::now(); }
};

/// A hub that admits everybody and answers with nothing.
class EmptyHub {
  public:
    EmptyHub(const http::TlsIdentity& identity, unsigned threads)
        : server_(
              {.threads = threads, .limits = {}}, identity,
              [this](http::Request request, http::Answer answer) { serve(request, answer); },
              [](std::string_view, std::string_view) {}),
          gate_(
              origin().authority(), ::now(),
              [](const crypto::PublicKey&, const http::Request&) {
                  return http::KeyStanding::member;
              },
              entropy_) {}

    http::Origin origin() const { return {.host = "127.0.0.1", .port = server_.port()}; }

  private:
    void serve(const http::Request& request, http::Answer& answer) {
        http::Response response{.status = 200, .headers = {}, .body = {}};
        const auto admitted = gate_.admit(request, ::now());
        if (!admitted) response.status = http::status_of(admitted.error());
        http::sign_response(response, http::line_of(request), key_, ::now());
        answer(std::move(response));
    }

    crypto::SystemEntropy entropy_;
    const crypto::SigningKey key_ = crypto::SigningKey::generate(entropy_);
    http::Server server_;
    http::RequestGate gate_;
};

struct Tally {
    std::atomic<unsigned> right = 0;
    std::atomic<std::uint64_t> up = 0;
    std::atomic<std::uint64_t> down = 0;
};

void send_all(const EmptyHub& hub, const http::TlsPin& pin, const Load& load, Tally& tally) {
    crypto::SystemEntropy entropy;
    ThisMoment clock;
    client::LinkOptions options;
    options.hub = hub.origin();
    options.pin = pin;
    client::SyncLink link(options, crypto::SigningKey::generate(entropy), clock, entropy);
    const std::string path = http::message_path({}, "push");
    const Bytes body(load.body_bytes, 0x42);
    for (unsigned i = 0; i < load.requests_each; ++i) {
        const auto answer = link.post(path, body);
        if (answer && answer->status == 200) ++tally.right;
    }
    tally.up += link.bytes().up;
    tally.down += link.bytes().down;
}

unsigned argument(int count, char** arguments, int index, unsigned otherwise) {
    return count > index ? static_cast<unsigned>(std::strtoul(arguments[index], nullptr, 10))
                         : otherwise;
}

}  // namespace

int main(int count, char** arguments) {
    const Load load{
        .connections = argument(count, arguments, 1, 20),
        .requests_each = argument(count, arguments, 2, 500),
        .threads = argument(count, arguments, 3, 1),
        .body_bytes = argument(count, arguments, 4, 500)};
    const http::TlsIdentity identity = http::make_tls_identity();
    EmptyHub hub(identity, load.threads);
    Tally tally;
    const double processor_before = processor_seconds();
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> laptops;
        for (unsigned i = 0; i < load.connections; ++i) {
            laptops.emplace_back([&] { send_all(hub, identity.pin, load, tally); });
        }
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const double requests = load.connections * load.requests_each;
    std::printf(
        "{\"bench\":\"http\",\"connections\":%u,\"requests\":%.0f,\"answered\":%u,\"listener_"
        "threads\":%u,"
        "\"requests_per_second\":%.0f,\"processor_us_per_request\":%.0f,\"bytes_up_per_request\":%."
        "0f,"
        "\"bytes_down_per_request\":%.0f}\n",
        load.connections, requests, tally.right.load(), load.threads, requests / wall.count(),
        (processor_seconds() - processor_before) / requests * 1e6,
        static_cast<double>(tally.up) / requests, static_cast<double>(tally.down) / requests);
    return tally.right == requests ? EXIT_SUCCESS : EXIT_FAILURE;
}
