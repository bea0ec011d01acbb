#include "engine/text/look_alike.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include "crypto/assert.h"
#include "engine/text/fold.h"

namespace vereda::engine {
namespace {

constexpr std::array<std::string_view, 5> number_signs{"#", "\uFF03", "\uFE5F", "\u266F", "\u22D5"};

std::string_view before_number_sign(std::string_view name) {
    std::size_t end = name.size();
    for (const std::string_view sign : number_signs) end = std::min(end, name.find(sign));
    const std::string_view before = name.substr(0, end);
    return before.find_first_not_of(' ') == std::string_view::npos ? name : before;
}

std::string without_spaces(std::string_view text) {
    std::string joined;
    for (const std::string& word : words(text)) joined += word;
    return joined;
}

struct CloseChecker {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

/// The letters that those of `text` look like.
std::string skeleton(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    static const std::unique_ptr<USpoofChecker, CloseChecker> checker(uspoof_open(&status));
    VEREDA_ASSERT(checker != nullptr);
    const auto letters =
        icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    icu::UnicodeString alike;
    uspoof_getSkeletonUnicodeString(checker.get(), 0, letters, alike, &status);
    if (U_FAILURE(status)) return std::string(text);
    std::string utf8;
    alike.toUTF8String(utf8);
    return utf8;
}

}  // namespace

// A capital letter may look like another one than its small one does, so both ways are gone.
std::set<std::string> look_alike_keys(std::string_view name) {
    const std::string_view shown = before_number_sign(name);
    const std::string folded = without_spaces(shown);
    const std::string alike = skeleton(shown);
    std::set<std::string> keys{folded, alike, skeleton(folded), without_spaces(alike)};
    keys.erase(std::string());
    return keys;
}

}  // namespace vereda::engine
