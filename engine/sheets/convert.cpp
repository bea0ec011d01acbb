#include "engine/sheets/convert.h"

#include <memory>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

namespace vereda::engine {
namespace {

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_converter(const std::string& name) {
    UErrorCode status = U_ZERO_ERROR;
    Converter converter(name.empty() ? nullptr : ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status)) return nullptr;
    return converter;
}

}  // namespace

bool is_known_encoding(const std::string& name) { return open_converter(name) != nullptr; }

std::optional<std::string> convert_to_utf8(
    std::string_view bytes, const std::string& name, Faults faults) {
    const Converter converter = open_converter(name);
    if (!converter) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    if (faults == Faults::refused) {
        ucnv_setToUCallBack(
            converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    }
    const auto size = static_cast<int32_t>(bytes.size());
    const int32_t capacity =
        2 * size + 16;  // no encoding of ICU makes more UTF-16 units of one byte
    icu::UnicodeString text;
    UChar* buffer = text.getBuffer(capacity);
    if (buffer == nullptr) return std::nullopt;
    const int32_t length =
        ucnv_toUChars(converter.get(), buffer, capacity, bytes.data(), size, &status);
    text.releaseBuffer(U_SUCCESS(status) ? length : 0);
    if (U_FAILURE(status)) return std::nullopt;
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

}  // namespace vereda::engine
