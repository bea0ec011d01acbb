#include "client/answers/written_answer.h"

#include <algorithm>

#include "client/api/shown_json.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

Sentence done_words(const Written& written) {
    if (written.added) {
        if (!written.changed) return {"answer.added"};
        if (*written.changed) return {"answer.added.changed"};
        return {"answer.added.unchanged"};
    }
    if (written.changed.value_or(true)) return {"answer.changed"};
    return {"answer.stood"};
}

/// "3, 17, 20", the first ten.
std::string first_of(const std::vector<std::uint64_t>& lines) {
    constexpr std::size_t lines_shown = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), lines_shown); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(lines[i]);
    return lines.size() > lines_shown ? text + " …" : text;
}

}  // namespace

Outcome answer(Report& report, const Or<Written>& written) {
    if (!written) return std::unexpected(written.error());
    for (const Sentence& remark : remarks_on(*written)) report.note(remark);
    report.answer(json_of(*written), catalogue().say(done_words(*written)) + "  " + written->id);
    return Exit::ok;
}

Sentence hidden_lines(const std::vector<std::uint64_t>& lines) {
    return {"remark.hidden_lines", {{"count", lines.size()}, {"lines", first_of(lines)}}};
}

Sentence future_lines(const std::vector<std::uint64_t>& lines) {
    return {"remark.lines_in_future", {{"count", lines.size()}, {"lines", first_of(lines)}}};
}

}  // namespace vereda::client
