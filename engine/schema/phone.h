#pragma once

#include <string>
#include <string_view>

/// Telephone numbers. Two laptops that type one number differently are to mean the same element of
/// the set.
namespace vereda::engine {

/// `written` in E.164 (+34600123456, an extension as ";ext=5"), if libphonenumber takes it for a
/// number of `default_region` (ISO 3166, "ES"; may be empty) or, with + in front, of any. Otherwise
/// as written, without spaces at its ends: never refused, since numbering plans change faster than
/// libraries. Digits of any script. About 20 µs. Safe from any thread. Source: ITU-T E.164, RFC
/// 3966 for extensions.
[[nodiscard]] std::string normalise_phone(
    std::string_view written, std::string_view default_region);

/// Whether `region` is one that the library knows ("ES", "es"): for checking an option.
[[nodiscard]] bool is_phone_region(std::string_view region);

}  // namespace vereda::engine
