#include <CLI/CLI.hpp>
#include <iostream>
#include <malloc.h>

#include "engine/storage/storage_failure.h"
#include "server/serve.h"

using vereda::server::Exit;

namespace {

constexpr std::string_view version = "vereda-hub 0.1.0";
constexpr const char* examples =
    "Examples:\n"
    "  vereda-hub serve --data /var/lib/vereda-hub --listen 0.0.0.0:8443 --public-url "
    "https://hub.example.org:8443\n"
    "  vereda-hub token --data /var/lib/vereda-hub\n"
    "`vereda-hub serve --help` and `vereda-hub token --help` say more.";
constexpr const char* serve_examples =
    "Examples:\n"
    "  vereda-hub serve --data /var/lib/vereda-hub --listen 0.0.0.0:8443 --public-url "
    "https://hub.example.org:8443\n"
    "  vereda-hub serve --data hub --listen 127.0.0.1:0\n"
    "Prints one line of JSON when it is ready: the url and the pin that `vereda init` wants. "
    "SIGTERM ends it.";
constexpr const char* token_examples =
    "Examples:\n"
    "  vereda-hub token --data /var/lib/vereda-hub\n"
    "Prints {\"token\":…}, good for one `vereda init --hub URL --pin PIN --token TOKEN`. The hub "
    "may "
    "be running.";

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

// Quotas delay: what has no room today has it tomorrow.
void declare_quotas(CLI::App& serve, vereda::server::HubLimits& limits) {
    const auto in_mib = [&serve](const char* name, std::uint64_t& bytes, const char* what) {
        serve
            .add_option_function<std::uint64_t>(
                name, [&bytes](std::uint64_t count) { bytes = count * mib; }, what)
            ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 20))
            ->default_str(std::to_string(bytes / mib));
    };
    in_mib("--mib-per-day", limits.device_bytes_per_day, "What one device may send a day");
    in_mib(
        "--ended-mib-per-day", limits.ended_bytes_per_day,
        "The same after the device was retired: late work");
    serve
        .add_option(
            "--restored-times", limits.restored_times,
            "This many times as much for 30 days after data was put back: everybody sends again")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
}

// A push has hundreds of kilobytes: its memory is kept for the next one, not given back to the
// kernel, which would clear it page by page.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"vereda-hub: keeps and passes on what Vereda's laptops send; it cannot read it."};
    app.require_subcommand(0, 1);
    app.footer(examples);

    vereda::server::ServeConfig config;
    std::string listen = "127.0.0.1:8443";
    std::string public_url;
    app.set_version_flag("--version", std::string(version));
    CLI::App* serve = app.add_subcommand("serve", "Serves until it is told to stop.");
    serve->add_option("--data", config.data, "Directory of the hub's data")->required();
    serve->add_option("--listen", listen, "Address and port; port 0 takes a free one")
        ->capture_default_str();
    serve->add_option(
        "--public-url", public_url,
        "What clients use; default: where it listens, if that is one address");
    serve->add_option("--threads", config.threads, "For connections and signatures")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));

    declare_quotas(*serve, config.limits);

    bool is_restored = false;
    serve->add_flag(
        "--restored", is_restored,
        "The data was put back to an older state: laptops give back what it lacks. "
        "(It mostly notices by itself.)");
    serve->footer(serve_examples);

    std::string token_data;
    CLI::App* token = app.add_subcommand("token", "Makes a one-time token to found a workspace.");
    token->add_option("--data", token_data, "Directory of the hub's data")->required();

    token->footer(token_examples);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    if (app.get_subcommands().empty()) {
        std::cerr << app.help();
        return static_cast<int>(Exit::usage);
    }
    try {
        if (token->parsed()) {
            return static_cast<int>(vereda::server::print_token(token_data, std::cout, std::cerr));
        }
        const auto address = vereda::server::parse_listen_address(listen);
        if (!address) {
            std::cerr << "vereda-hub: --listen wants HOST:PORT, as in 127.0.0.1:8443\n";
            return static_cast<int>(Exit::usage);
        }
        keep_freed_memory();
        config.listen = *address;
        if (!public_url.empty()) config.public_url = public_url;
        if (is_restored) config.word = vereda::server::HostSays::restored;
        return static_cast<int>(vereda::server::serve(config, std::cout, std::cerr));
    } catch (const std::exception& failure) {
        std::cerr << "vereda-hub: " << failure.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
