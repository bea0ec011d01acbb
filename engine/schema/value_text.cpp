#include "engine/schema/value_text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "engine/schema/fields.h"
#include "protocol/cbor.h"
#include "protocol/log/event.h"

namespace vereda::engine {
namespace {

constexpr std::int64_t year_zero_ms = -62'167'219'200'000;
constexpr std::int64_t year_9999_ms = 253'402'300'799'999;

}  // namespace

std::string field_label(std::uint32_t code) {
    return find_field(code) == nullptr ? std::to_string(code) : std::string(field_name(code));
}

std::string time_text(protocol::Millis when) {
    using namespace std::chrono;
    // A clock may say anything; a calendar has years of four digits.
    const milliseconds since(std::clamp(when.value, year_zero_ms, year_9999_ms));
    const sys_time<milliseconds> time{since};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[64];
    const int size = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text, static_cast<std::size_t>(size)};
}

std::string value_text(std::uint32_t code, ByteView value) {
    if (protocol::is_null(value)) return {};
    if (code == field::kind || code == field::outcome)
        return term_text(code == field::outcome, value);
    protocol::CborReader reader(value);
    switch (reader.peek()) {
        case protocol::CborReader::Kind::text:
            return std::string(reader.text());
        case protocol::CborReader::Kind::unsigned_integer:
        case protocol::CborReader::Kind::negative_integer: {
            const std::int64_t number = reader.integer();
            return code == field::at ? time_text({number}) : std::to_string(number);
        }
        case protocol::CborReader::Kind::boolean:
            return reader.boolean() ? "true" : "false";
        default:
            return "(" + std::to_string(value.size()) + " bytes)";
    }
}

std::string term_text(bool outcome, ByteView value) {
    protocol::CborReader reader(value);
    if (reader.peek() == protocol::CborReader::Kind::text) return std::string(reader.text());
    if (reader.peek() != protocol::CborReader::Kind::unsigned_integer) return {};
    const std::uint64_t code = reader.unsigned_integer();
    const auto word = word_of(outcome ? Vocabulary::outcome : Vocabulary::interaction_kind, code);
    if (code == 0) return {};
    return word.empty() ? "code " + std::to_string(code) : std::string(word);
}

}  // namespace vereda::engine
