#include "engine/text/blank.h"

#include <unicode/uchar.h>

#include "engine/text/utf8.h"

namespace vereda::engine {
namespace {

bool shows_nothing(char32_t letter) {
    const auto point = static_cast<UChar32>(letter);
    return u_isUWhiteSpace(point) || u_iscntrl(point) ||
           u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

}  // namespace

bool is_blank(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (!shows_nothing(next_code_point(text, at))) return false;
    }
    return true;
}

}  // namespace vereda::engine
