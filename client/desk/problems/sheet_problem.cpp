#include "client/desk/problems/sheet_problem.h"

#include "client/desk/problems/channels_there.h"

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
    const std::string& why = error.why;
    switch (error.problem) {
        case empty:
            return failed("empty", {{"line", line}, {"why", why}});
        case no_headers:
            return failed("no_headers", {{"line", line}, {"why", why}});
        case cut_off:
            return failed("cut_off", {{"line", line}, {"why", why}});
        case unknown_column:
            return failed("unknown_column", {{"line", line}, {"why", why}});
        case unknown_field:
            break;
    }
    return failed("unknown_field.of_sheet", {{"line", line}, {"why", why}});
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

}  // namespace vereda::client
