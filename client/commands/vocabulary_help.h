#pragma once

#include <string>

/// The words that commands take, from the one schema table, for the end of their help.
namespace vereda::client {

[[nodiscard]] std::string contact_fields_help();     ///< Fields and channels of consent.
[[nodiscard]] std::string interaction_words_help();  ///< Kinds and outcomes.

}  // namespace vereda::client
