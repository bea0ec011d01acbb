#include "engine/text/compose.h"

#include <algorithm>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "crypto/assert.h"
#include "engine/text/utf8.h"

namespace vereda::engine {

std::string composed(std::string_view text) {
    const bool ascii = std::ranges::all_of(
        text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
    if (ascii || !is_valid_utf8(text)) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    VEREDA_ASSERT(U_SUCCESS(status) && nfc != nullptr);  // the data is part of the library
    const auto units =
        icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    std::string result;
    nfc->normalize(units, status).toUTF8String(result);
    VEREDA_ASSERT(U_SUCCESS(status));
    return result;
}

}  // namespace vereda::engine
