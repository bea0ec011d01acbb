#pragma once

#include <span>
#include <string_view>

#include "client/desk/requests.h"

namespace vereda::client {

/// A request by its name, such as "contact.add".
struct WriteVerb {
    std::string_view name;
    WriteRequest request;  ///< With what the name says of it; the rest is to be filled in.
};

/// All of them, in the order of docs/commands.md.
[[nodiscard]] std::span<const WriteVerb> write_verbs();
/// Null when nobody knows how to do it.
[[nodiscard]] const WriteVerb* find_write_verb(std::string_view name);

}  // namespace vereda::client
