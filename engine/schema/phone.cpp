#include "engine/schema/phone.h"

#include <algorithm>
#include <cctype>
#include <phonenumbers/phonenumberutil.h>

namespace vereda::engine {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t phone_size_max = 250;  // the library's own bound

std::string without_blanks_around(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first));
}

std::string library_region(std::string_view region) {
    std::string upper(region);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    return upper.empty() ? "ZZ" : upper;  // ZZ: unknown, then only + numbers are parsed
}

/// With + in front the country is certain and a possible length enough; without, the number must
/// exist in the region.
bool is_trustworthy(const PhoneNumber& number, const PhoneNumberUtil& numbers) {
    if (number.country_code_source() == PhoneNumber::FROM_NUMBER_WITH_PLUS_SIGN) {
        return numbers.IsPossibleNumber(number);
    }
    return numbers.IsValidNumber(number);
}

}  // namespace

std::string normalise_phone(std::string_view written, std::string_view default_region) {
    std::string text = without_blanks_around(written);
    if (text.size() > phone_size_max) return text;
    const PhoneNumberUtil& numbers = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const auto outcome =
        numbers.ParseAndKeepRawInput(text, library_region(default_region), &number);
    if (outcome != PhoneNumberUtil::NO_PARSING_ERROR || !is_trustworthy(number, numbers))
        return text;
    std::string normal;
    numbers.Format(number, PhoneNumberUtil::E164, &normal);
    if (number.has_extension() && !number.extension().empty())
        normal += ";ext=" + number.extension();
    return normal;
}

bool is_phone_region(std::string_view region) {
    return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(library_region(region)) != 0;
}

}  // namespace vereda::engine
