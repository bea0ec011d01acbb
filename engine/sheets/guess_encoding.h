#pragma once

#include <string>
#include <string_view>

/// Which single-byte (or East Asian) encoding a text is in, by how much its words look like words.
namespace vereda::engine {

/// The ICU name of the likeliest encoding of `bytes`. What uchardet says is weighed, and for every
/// text windows-1251, 1252, 1256 and 1250, too. A sheet may hold ten short names and nothing else,
/// on which uchardet alone is often wrong.
[[nodiscard]] std::string guess_encoding(std::string_view bytes);

/// How plausible `text` (UTF-8) is as words of people, higher is better; only letters beyond ASCII
/// count. Words of one script, capitals at their beginnings and common letters speak for it; mixed
/// scripts, capitals inside, symbols among letters against.
[[nodiscard]] int plausibility(std::string_view text);

}  // namespace vereda::engine
