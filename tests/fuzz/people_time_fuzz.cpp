#include "client/desk/times/duration.h"
#include "client/desk/times/people_time.h"
#include "client/desk/times/time_text.h"
#include "engine/schema/date.h"
#include "engine/schema/value_text.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::client;

/// A time that was read is written for machines and read again as itself; a duration and a date
/// keep to their bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    const protocol::Millis now{1'795'345'200'000};
    if (const auto time = parse_time(text, now); time && time->value >= 0) {
        fuzz::expect(parse_time(engine::time_text(*time), now) == time, "what is written is read");
        fuzz::expect(!format_time(*time, now).empty(), "a time can be shown");
    }
    if (const auto moment = parse_moment(text, now); moment && moment->value >= 946'684'800'000) {
        fuzz::expect(
            parse_moment(std::to_string(moment->value), now) == moment, "milliseconds are read");
    }
    if (const auto duration = parse_duration_ms(text)) {
        fuzz::expect(*duration > 0 && *duration <= 36'525LL * 86'400'000, "a duration is bounded");
        fuzz::expect(!format_duration(*duration).empty(), "a duration can be shown");
    }
    const engine::DateReading reading{.order = engine::DateOrder::day_first, .this_year = 2026};
    if (const auto date = engine::read_date(text, reading)) {
        fuzz::expect(engine::read_date(*date, reading) == date, "an ISO date reads as itself");
    }
    return 0;
}
