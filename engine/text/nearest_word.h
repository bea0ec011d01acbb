#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace vereda::engine {

/// The word that somebody who typed `typed` probably meant: as many letters wrong, missing, too
/// many or changed with their neighbour as a third of the word has, one at least. Nothing when none
/// is so near. Letters are bytes; case counts.
[[nodiscard]] std::optional<std::string_view> nearest_word(
    std::string_view typed, std::span<const std::string_view> words);

}  // namespace vereda::engine
