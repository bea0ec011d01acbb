#pragma once

// Lives here: the HTTP that both programs share: signatures, digests, paths, the gate.
// Begin: here, then `message_signature.h` and `request_gate.h`.
// Must not know: sockets and threads, except in `listener/`; what a body says.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"

/// What HTTP carries, free of any library's types: the listener, the signatures and the client
/// speak of these.
namespace vereda::http {

/// One field line. `name` is lower case everywhere inside Vereda.
struct Header {
    std::string name;
    std::string value;
    auto operator<=>(const Header&) const = default;
};

/// The field lines of a message in the order received, repeated ones included.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<Header> lines) : lines_(lines) {}

    void add(std::string name, std::string value) {
        lines_.push_back({std::move(name), std::move(value)});
    }
    /// The value of the only line called `name`; nothing when it is absent or repeated.
    [[nodiscard]] std::optional<std::string_view> only(std::string_view name) const {
        std::optional<std::string_view> found;
        for (const Header& line : lines_) {
            if (line.name != name) continue;
            if (found) return std::nullopt;
            found = line.value;
        }
        return found;
    }
    [[nodiscard]] std::size_t count(std::string_view name) const {
        return static_cast<std::size_t>(std::ranges::count(
            lines_, name, [](const Header& line) -> std::string_view { return line.name; }));
    }
    [[nodiscard]] const std::vector<Header>& lines() const { return lines_; }
    [[nodiscard]] std::vector<Header>& lines() { return lines_; }

  private:
    std::vector<Header> lines_;
};

/// A request as received or about to be sent.
struct Request {
    std::string method;
    std::string target;  ///< Origin form: path, then perhaps "?query".
    Headers headers;
    Bytes body;
    std::string remote;  ///< The peer's address without port; empty when unknown. Never signed.
};

struct Response {
    unsigned status = 200;
    Headers headers;
    Bytes body;
};

/// The path of a target: everything before the first '?'.
[[nodiscard]] inline std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

/// The query of a target with its leading '?'; nothing when there is none. Source: RFC 9421 §2.2.7.
[[nodiscard]] inline std::optional<std::string_view> query_of(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return std::nullopt;
    return target.substr(mark);
}

}  // namespace vereda::http
