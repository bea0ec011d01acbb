#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Channels of consent, as people call them.
namespace vereda::engine {

/// The schema's word for a channel as people call it ("Telephone", "correo", "СМС"); nothing for a
/// word that is none.
[[nodiscard]] std::optional<std::string> channel_of(std::string_view word);

/// The same of a word that is a `plain_title` already.
[[nodiscard]] std::optional<std::string_view> channel_of_plain(std::string_view word);

/// All of the schema's.
[[nodiscard]] std::vector<std::string> every_channel();

}  // namespace vereda::engine
