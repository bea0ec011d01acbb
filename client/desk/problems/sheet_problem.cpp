#include "client/desk/problems/sheet_problem.h"

#include "client/desk/problems/channels_there.h"
#include "engine/schema/fields.h"

namespace vereda::client {

namespace {

Sentence unknown_channel_in_title(const std::string& typed) {
    const ChannelsThere there = channels_there(typed);
    if (there.meant.empty())
        return {"sheet.left_out.unknown_channel", {{"typed", typed}, {"channels", there.channels}}};
    return {
        "sheet.left_out.unknown_channel_meant",
        {{"typed", typed}, {"channels", there.channels}, {"meant", there.meant}}};
}

Problem unknown_channel_of_map(const std::string& typed) {
    const ChannelsThere there = channels_there(typed);
    if (there.meant.empty())
        return failed(
            "unknown_field.channel_of_sheet", {{"typed", typed}, {"channels", there.channels}});
    return failed(
        "unknown_field.channel_of_sheet_meant",
        {{"typed", typed}, {"channels", there.channels}, {"meant", there.meant}});
}

std::string quoted_list(const std::vector<std::string>& titles) {
    std::string list;
    for (const std::string& title : titles)
        list += (list.empty() ? "\u201C" : ", \u201C") + title + "\u201D";
    return list;
}

std::string contact_fields() {
    std::string list;
    for (const engine::Field& field : engine::fields()) {
        if (field.owner != engine::FieldOwner::contact) continue;
        list.append(list.empty() ? "" : ", ").append(field.name);
    }
    return list;
}

std::string_view code_of(engine::CsvProblem problem) {
    switch (problem) {
        case engine::CsvProblem::unterminated_quote:
            return "unterminated_quote";
        case engine::CsvProblem::text_after_quote:
            return "text_after_quote";
        case engine::CsvProblem::field_too_long:
            return "field_too_long";
        case engine::CsvProblem::too_many_columns:
            break;
    }
    return "too_many_columns";
}

}  // namespace

Problem problem_of(engine::EncodingError error, std::string_view file) {
    using enum engine::EncodingError;
    switch (error) {
        case spreadsheet:
            return failed("unreadable_sheet.spreadsheet", {{"file", file}});
        case not_text:
            return failed("unreadable_sheet.not_text", {{"file", file}});
        case damaged:
            return failed("unreadable_sheet.damaged", {{"file", file}});
        case unknown_encoding:
            return failed("unreadable_sheet.unknown_encoding", {{"file", file}});
        case too_large:
            break;
    }
    return failed("unreadable_sheet.too_large", {{"file", file}});
}

Problem problem_of(const engine::SheetError& error) {
    using enum engine::SheetProblem;
    const std::uint64_t line = error.line;
    const std::string& about = error.about;
    const std::string titles = quoted_list(error.titles);
    switch (error.problem) {
        case empty:
            return failed("empty", {{"line", line}});
        case unreadable_headers:
            return failed(
                "no_headers.unreadable", {{"line", line}, {"reason", code_of(error.spoiled_by)}});
        case data_as_headers:
            return failed("no_headers.data", {{"line", line}, {"title", about}});
        case no_headers:
            return failed("no_headers", {{"line", line}, {"titles", titles}});
        case cut_off:
            return failed("cut_off", {{"line", line}});
        case unknown_column:
            return failed("unknown_column", {{"line", line}, {"title", about}, {"titles", titles}});
        case unknown_channel:
            return unknown_channel_of_map(about);
        case unknown_field:
            break;
    }
    return failed("unknown_field.of_sheet", {{"field", about}, {"fields", contact_fields()}});
}

Sentence why_left_out(const engine::SheetColumn& column) {
    switch (column.why_left_out) {
        case engine::LeftOut::as_asked:
            return {"sheet.left_out.as_asked"};
        case engine::LeftOut::no_title:
            return {"sheet.left_out.no_title"};
        case engine::LeftOut::maybe_key:
            return {"sheet.left_out.maybe_key"};
        case engine::LeftOut::unknown_channel:
            return unknown_channel_in_title(column.about);
        case engine::LeftOut::marks_conflicts:
            return {"sheet.left_out.marks_conflicts"};
        case engine::LeftOut::second_column:
            return {
                "sheet.left_out.second_column", {{"field", column.field}, {"title", column.about}}};
        case engine::LeftOut::no:
        case engine::LeftOut::unknown_title:
            break;
    }
    return {"sheet.left_out.unknown_title"};
}

Sentence sentence_of(const engine::AssumedDates& dates) {
    const std::string_view first = dates.order == engine::DateOrder::day_first ? "day" : "month";
    if (dates.example.empty()) return {"sheet.dates.mixed", {{"first", first}}};
    return {"sheet.dates.such_as", {{"date", dates.example}, {"first", first}}};
}

}  // namespace vereda::client
