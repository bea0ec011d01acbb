#include "client/words.h"
#include "client/words/channels_there.h"
#include "client/words/problems.h"

namespace vereda::client {
namespace {

Problem unknown_contact(const engine::LookupError& error, std::string_view typed) {
    using enum engine::LookupProblem;
    switch (error.problem) {
        case not_an_id:
            return usage("not_an_id.contact", {{"typed", typed}});
        case wrong_check:
            return usage("wrong_check", {{"typed", typed}});
        case not_found:
            return failed("not_found.contact", {{"typed", typed}});
        case ambiguous:
            break;
    }
    if (typed.starts_with("key:")) return failed("ambiguous.contact_key", {{"typed", typed}});
    return failed("ambiguous.contact_id", {{"typed", typed}});
}

Problem unknown_interaction(const engine::LookupError& error, std::string_view typed) {
    using enum engine::LookupProblem;
    switch (error.problem) {
        case not_an_id:
            return usage("not_an_id.interaction", {{"typed", typed}});
        case wrong_check:
            return usage("wrong_check", {{"typed", typed}});
        case not_found:
            return failed("not_found.interaction", {{"typed", typed}});
        case ambiguous:
            break;
    }
    return failed("ambiguous.interaction", {{"typed", typed}});
}

Sentence unknown_channel_in_title(const std::string& typed) {
    const ChannelsThere there = channels_there(typed);
    if (there.meant.empty())
        return {"sheet.left_out.unknown_channel", {{"typed", typed}, {"channels", there.channels}}};
    return {
        "sheet.left_out.unknown_channel_meant",
        {{"typed", typed}, {"channels", there.channels}, {"meant", there.meant}}};
}

}  // namespace

Problem words_for(
    const engine::LookupError& error, std::string_view typed, engine::RecordKind kind) {
    return kind == engine::RecordKind::contact ? unknown_contact(error, typed)
                                               : unknown_interaction(error, typed);
}

Problem words_for(const engine::EntryLookupError& error) {
    using enum engine::LookupProblem;
    const std::string& typed = error.typed;
    if (error.problem == wrong_check) return usage("wrong_check.entry", {{"typed", typed}});
    if (error.problem == not_an_id) return usage("not_an_id.entry", {{"typed", typed}});
    return failed("unknown_entry", {{"typed", typed}});
}

Problem words_for_missing_contact(std::string_view id, bool is_lost) {
    if (is_lost) return failed("contact_lost.contact", {{"contact", id}});
    return failed("contact_not_here.contact", {{"contact", id}});
}

Problem words_for(engine::EncodingError error, std::string_view file) {
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

Problem words_for(const engine::SheetError& error) {
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

Sentence words_for_left_out(const engine::SheetColumn& column) {
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
