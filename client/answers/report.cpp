#include "client/answers/report.h"

#include <chrono>
#include <ostream>

#include "client/api/shown_json.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"

namespace vereda::client {
namespace {

std::string text_of(const std::vector<Candidate>& candidates, const Terminal& terminal) {
    Table table(
        {Table::of_ids(column_heading("column.id")),
         {column_heading("column.name")},
         {column_heading("column.source")},
         {column_heading("column.turf")}});
    for (const Candidate& each : candidates)
        table.add({each.id, each.name, each.source, each.turf});
    return table.text(terminal);
}

}  // namespace

void Report::answer(const Json& json, std::string_view text) {
    if (form_.json) {
        out_ << json.text << '\n';
    } else {
        out_ << text;
        if (!text.empty() && text.back() != '\n') out_ << '\n';
    }
    out_.flush();
}

void Report::raw(std::string_view text) { out_ << text; }
void Report::flush() { out_.flush(); }
bool Report::is_read() const { return out_.good(); }

void Report::note(std::string_view text) {
    if (form_.json) {
        err_ << JsonObject().add("note", text).done().text << '\n';
    } else {
        err_ << text << '\n';
    }
    err_.flush();
}

void Report::note(const Sentence& sentence) { note(catalogue().say(sentence)); }

void Report::problem(const Problem& problem) {
    if (form_.json) {
        err_ << json_of(said(problem)).text << '\n';
    } else {
        const ProblemWords words = in_words(problem);
        err_ << Style(form_.err.color).bold(words.error) << '\n';
        if (!words.why.empty()) err_ << words.why << '\n';
        if (!problem.candidates.empty()) err_ << text_of(problem.candidates, form_.err);
        if (!words.advice.empty()) err_ << "→ " << words.advice << '\n';
    }
    err_.flush();
}

std::unique_ptr<Progress> Report::progress(std::string label, std::uint64_t total) {
    const Terminal shown = form_.json ? Terminal{} : form_.err;
    const auto now = [] {
        using namespace std::chrono;
        return std::int64_t{
            duration_cast<std::chrono::milliseconds>(steady_clock::now().time_since_epoch())
                .count()};
    };
    return std::make_unique<Progress>(std::move(label), total, err_, shown, now);
}

ProblemSaid said(const Problem& problem) {
    ProblemWords words = in_words(problem);
    return {
        std::move(words.error), std::move(words.why), std::move(words.advice), problem.code,
        problem.candidates};
}

std::string column_heading(std::string_view key) { return catalogue().say(key); }
std::string said_line(const Sentence& sentence) { return catalogue().say(sentence) + "\n"; }

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    const std::string digits = std::to_string(count);
    std::string text;
    for (std::size_t at = 0; at < digits.size(); ++at) {
        if (at != 0 && (digits.size() - at) % 3 == 0) text += ',';
        text += digits[at];
    }
    text += ' ';
    text += count != 1 && !many.empty() ? many : one;
    if (count != 1 && many.empty()) text += 's';
    return text;
}

}  // namespace vereda::client
