#pragma once

namespace vereda::client {

/// Of `--seen`, by every command that takes it.
inline constexpr const char* seen_help =
    "Replace only this entry's value of the field, as --json shows it; nothing after = for one "
    "that "
    "was empty";

}  // namespace vereda::client
