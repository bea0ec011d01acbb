#include "server/serve.h"

#include <atomic>
#include <csignal>
#include <pthread.h>
#include <system_error>
#include <unistd.h>

#include "engine/storage/storage_failure.h"
#include "engine/storage/system_files.h"
#include "protocol/http/listener/server.h"
#include "protocol/http/origin.h"
#include "server/data/hub_data.h"
#include "server/hub/gate_clock.h"
#include "server/routes/event_log.h"
#include "server/routes/routes.h"

namespace vereda::server {
namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

std::string_view word_of(OpenDataError error) {
    switch (error) {
        case OpenDataError::newer_database:
            return "the data was made by a later version";
        case OpenDataError::key_missing:
            return "hub.key is missing: restore it, devices trust no other";
        case OpenDataError::key_damaged:
            return "hub.key is damaged: restore it";
        case OpenDataError::held_elsewhere:
            return "another hub has this data open";
    }
    return "unknown";
}

constexpr std::string_view needs_public_url =
    "it is to listen on every address of this machine, and no laptop reaches it by that name: what "
    "clients use would stand in every invite, and no command changes it there. Say it: "
    "--public-url "
    "https://HOST:PORT, a name or an address that laptops reach";

/// A hub from its data to its sockets, in the order of their lives.
class Service {
  public:
    Service(const ServeConfig& config, HubData& data, EventLog& log)
        : config_(config), data_(data), log_(log) {}

    /// Listens. Throws std::system_error when the address cannot be had.
    void start(const http::TlsIdentity& identity) {
        http::ServerOptions options;
        options.address = config_.listen.host;
        options.port = config_.listen.port;
        options.threads = config_.threads;
        options.limits.body_bytes_max = protocol::message_size_max;
        server_.emplace(
            options, identity,
            [this](http::Request request, http::Answer answer) {
                const Routes* routes = ready_.load();
                if (routes == nullptr) return answer({.status = 503, .headers = {}, .body = {}});
                routes->handle(std::move(request), std::move(answer));
            },
            [this](std::string_view event, std::string_view reason) {
                log_.write(event, {{"reason", std::string(reason)}});
            });
        open_hub(url());
    }

    /// What invites carry and signatures are checked against.
    [[nodiscard]] std::string url() const {
        const ListenAddress bound{config_.listen.host, server_->port()};
        return config_.public_url.value_or(bound.url());
    }

    void stop() {
        server_->stop();
        group_->stop();
        checkpoint();
    }
    [[nodiscard]] bool has_failed() const { return failed_; }

  private:
    /// On a full disk it is left to the next start: all that was acknowledged is in the WAL.
    void checkpoint() {
        try {
            data_.store().checkpoint();
        } catch (const engine::StorageFailure& failure) {
            log_.write("not_checkpointed", {{"reason", failure.what()}});
            failed_ = failed_ || failure.fault() != engine::StorageFault::disk_full;
        }
    }

    void open_hub(const std::string& public_url) {
        hub_.emplace(
            data_.store(), data_.tokens(), clock_, data_.key().clone(),
            HubConfig{public_url, config_.limits});
        group_.emplace(
            *hub_, GroupLimits{},
            [this](std::size_t requests, const HubCounts& counts) { committed(requests, counts); },
            [this](GroupFailure failure, std::string_view what) { failed(failure, what); });
        gate_.emplace(
            http::parse_origin(public_url)->authority(), gate_clock_.now(),
            Routes::key_filter(*hub_), entropy_);
        routes_.emplace(Routes::Parts{
            *hub_, *group_, *gate_, metrics_, log_, gate_clock_, [this] { return connections(); }});
        ready_.store(&*routes_);
    }

    void committed(std::size_t requests, const HubCounts& counts) {
        metrics_.count(requests, counts);
        if (counts.new_epoch) {
            log_.write("new_epoch", {{"epoch", std::to_string(*counts.new_epoch)}});
        }
        if (counts.evidence > 0) {
            log_.write("branch_kept", {{"blocks", std::to_string(counts.evidence)}});
        }
        if (counts.roster_entries > 0) {
            log_.write("roster_grew", {{"entries", std::to_string(counts.roster_entries)}});
        }
    }

    /// A full disk is the host's to mend while we run; after anything else only a new start knows
    /// what the disk holds.
    void failed(GroupFailure failure, std::string_view what) {
        metrics_.count_failure();
        log_.write("store_failed", {{"reason", std::string(what)}});
        if (failure != GroupFailure::fatal) return;
        failed_ = true;
        ::kill(::getpid(), SIGTERM);
    }

    [[nodiscard]] ConnectionNumbers connections() const {
        const http::ServerCounts counts = server_->counts();
        return {counts.open, counts.accepted, counts.turned_away};
    }

    const ServeConfig& config_;
    HubData& data_;
    EventLog& log_;
    engine::SystemClock clock_;
    GateClock gate_clock_{clock_, GateClock::machine_steady_ms};
    crypto::SystemEntropy entropy_;
    Metrics metrics_;
    std::atomic<const Routes*> ready_ = nullptr;
    std::atomic<bool> failed_ = false;
    std::optional<Hub> hub_;
    std::optional<GroupCommit> group_;
    std::optional<http::RequestGate> gate_;
    std::optional<Routes> routes_;
    std::optional<http::Server> server_;
};

Exit run(const ServeConfig& config, HubData& data, std::ostream& ready, EventLog& log) {
    const auto identity = http::load_or_make_tls_identity(HubData::tls_path(config.data));
    if (!identity) {
        log.write("not_started", {{"reason", "tls.pem is damaged: restore or remove it"}});
        return Exit::not_startable;
    }
    Service service(config, data, log);
    service.start(*identity);
    ready << "{\"url\":" << json_string(service.url())
          << ",\"pin\":" << json_string(http::pin_text(identity->pin)) << "}" << std::endl;
    log.write("started", {{"url", service.url()}});
    const sigset_t signals = stop_signals();
    int signal = 0;
    ::sigwait(&signals, &signal);
    log.write("stopping");
    service.stop();
    log.write("stopped");
    return service.has_failed() ? Exit::failed : Exit::ok;
}

Exit open_and_run(const ServeConfig& config, std::ostream& ready, EventLog& log) {
    engine::SystemFiles files;
    crypto::SystemEntropy entropy;
    const auto data = HubData::open(files, config.data, entropy, config.word);
    if (!data) {
        log.write("not_started", {{"reason", std::string(word_of(data.error()))}});
        return Exit::not_startable;
    }
    if ((*data)->is_restored()) {
        log.write(
            "new_epoch", {{"epoch", std::to_string((*data)->store().workspaces().hub_epoch())}});
    }
    return run(config, **data, ready, log);
}

}  // namespace

Exit serve(const ServeConfig& config, std::ostream& ready, std::ostream& log_stream) {
    const sigset_t signals = stop_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk: the hub goes on
    engine::SystemClock clock;
    EventLog log(log_stream, clock);
    if (config.public_url && !http::parse_origin(*config.public_url)) {
        log.write("not_started", {{"reason", "the public URL must be https://host[:port]"}});
        return Exit::usage;
    }
    if (!config.public_url && config.listen.is_unspecified()) {
        log.write("not_started", {{"reason", std::string(needs_public_url)}});
        return Exit::usage;
    }
    try {
        return open_and_run(config, ready, log);
    } catch (const engine::StorageFailure& failure) {
        log.write("not_started", {{"reason", failure.what()}});
    } catch (const std::system_error& failure) {
        log.write("not_started", {{"reason", failure.what()}});
    }
    return Exit::not_startable;
}

Exit print_token(const std::string& data, std::ostream& out, std::ostream& err) {
    engine::SystemFiles files;
    crypto::SystemEntropy entropy;
    if (!files.exists(data + "/hub.db")) {
        err << "vereda-hub: there is no hub's data in " << data
            << ". A token is good at the hub that it was made for only; nothing was changed. Look "
               "at the path; `vereda-hub serve --data DIR` makes a hub's directory.\n";
        return Exit::not_startable;
    }
    FileTokens tokens(files, HubData::tokens_path(data));
    out << "{\"token\":\"" << hex(tokens.issue(entropy).bytes) << "\"}" << std::endl;
    return Exit::ok;
}

}  // namespace vereda::server
