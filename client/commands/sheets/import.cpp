#include <ctime>
#include <filesystem>

#include "client/answers/written_answer.h"
#include "client/commands/commands.h"
#include "client/commands/sheets/import_course.h"
#include "client/commands/sheets/load_sheet.h"
#include "client/desk/lookup.h"
#include "client/desk/problems/sheet_problem.h"
#include "client/desk/rejected_row.h"
#include "client/terminal/display_text.h"
#include "client/terminal/table.h"
#include "client/words/catalogue.h"
#include "engine/sheets/encoding.h"
#include "engine/sheets/sheet_import.h"

namespace vereda::client {

void declare_import(Verb& program, Chosen& chosen) {
    declare<ImportCommand>(
        program, chosen, "import", "Bring a sheet of contacts in",
        [](Verb& verb, ImportCommand& c) {
            verb.word("FILE", c.file, "A CSV file; - for standard input", Need::required)
                .word("--turf", c.turf, "The turf that its people belong to", Need::required)
                .word(
                    "--source", c.source,
                    "Name of the list; the same name means the same list (the file's name)")
                .pairs(
                    "--map", c.map, "A column and its field, or - to leave it out", "COLUMN=FIELD")
                .word("--key", c.key_column, "The column that names each row, such as a voter id")
                .word("--encoding", c.encoding, "Such as windows-1251, if it is not recognised")
                .choice(
                    "--dates", c.dates, {"day-first", "month-first"},
                    "How 03/04/1990 is meant, if the sheet does not show it")
                .flag("--dry-run", c.dry_run, "Say what would happen, and change nothing")
                .examples(
                    "  vereda import roll.csv --turf North --source roll --key voter_id --dry-run\n"
                    "  vereda import roll.csv --turf North --map \"Tel.=phone\" --map Internal=-\n"
                    "Importing the same sheet again adds nothing and overwrites nobody's edits. "
                    "Exit code 7 when rows were rejected.");
        });
}

namespace {

int this_year() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    return parts.tm_year + 1900;
}

std::optional<engine::DateOrder> date_order_of(const ImportCommand& command) {
    if (command.dates.empty()) return std::nullopt;
    return command.dates == "day-first" ? engine::DateOrder::day_first
                                        : engine::DateOrder::month_first;
}

std::string source_of(const ImportCommand& command) {
    return command.source.empty() ? std::filesystem::path(command.file).stem().string()
                                  : command.source;
}

Json json_of(const engine::Sheet& sheet) {
    JsonArray columns;
    for (const engine::SheetColumn& column : sheet.columns()) {
        JsonObject object;
        object.add("title", column.title);
        if (column.is_key) object.add("key", true);
        if (!column.field.empty()) object.add("field", column.field);
        if (column.is_left_out()) object.add("left_out", catalogue().say(why_left_out(column)));
        columns.add(object.done());
    }
    return columns.done();
}

std::vector<std::string> assumptions_of(const engine::Sheet& sheet) {
    if (!sheet.assumed_dates()) return {};
    return {catalogue().say(sentence_of(*sheet.assumed_dates()))};
}

Json hidden_rows(const engine::RecordIds& ids, const std::vector<engine::HiddenRow>& rows) {
    JsonArray hidden;
    for (const engine::HiddenRow& row : rows) {
        hidden.add(
            JsonObject().add("line", row.line).add("contact", ids.text_of(row.contact)).done());
    }
    return hidden.done();
}

Json json_of(
    const engine::RecordIds& ids, const engine::ImportResult& result, const engine::Sheet& sheet,
    const engine::DecodedText& text, const std::string& source) {
    JsonArray rejected;
    for (const engine::RejectedRow& row : result.rejected) {
        rejected.add(JsonObject()
                         .add("line", row.line)
                         .add("why", catalogue().say(why_rejected(row)))
                         .done());
    }
    return JsonObject()
        .add("added", result.added)
        .add("updated", result.updated)
        .add("unchanged", result.unchanged)
        .add("conflicts", result.conflicts)
        .add("kept_withdrawn", result.kept_withdrawn)
        .add("rejected", rejected.done())
        .add("retracted", hidden_rows(ids, result.retracted))
        .add("source", source)
        .add("encoding", text.encoding)
        .add("columns", json_of(sheet))
        .add("assumptions", json_texts(assumptions_of(sheet)))
        .done();
}

std::string left_out_cell(const engine::SheetColumn& column) {
    const std::string why = catalogue().say(why_left_out(column));
    return catalogue().say("sheet.column_left_out", {{"why", why}});
}

std::string columns_text(const engine::Sheet& sheet, const Terminal& terminal) {
    Table table({{column_heading("column.column")}, {column_heading("column.read_as")}});
    for (const engine::SheetColumn& column : sheet.columns()) {
        std::string read = column.consent ? "consent" : column.field;
        if (column.is_key) read = "key";
        if (column.is_left_out()) read = left_out_cell(column);
        table.add({column.title, read});
    }
    return table.text(terminal);
}

std::string key_hint(const engine::Sheet& sheet) {
    for (const engine::SheetColumn& column : sheet.columns()) {
        if (column.why_left_out == engine::LeftOut::maybe_key)
            return " " + catalogue().say("sheet.key_hint", {{"title", printable(column.title)}});
    }
    return {};
}

// Nothing of a sheet goes missing without a word.
std::string left_out_text(const engine::Sheet& sheet) {
    std::string titles;
    for (const engine::SheetColumn& column : sheet.columns()) {
        if (!column.is_left_out()) continue;
        titles += (titles.empty() ? "" : ", ") + printable(column.title);
    }
    if (titles.empty()) return {};
    return catalogue().say("sheet.columns_left_out", {{"titles", titles}}) + key_hint(sheet) + "\n";
}

void tell_damaged_lines(Report& report, const engine::DecodedText& text) {
    constexpr std::size_t lines_shown = 10;
    if (text.damaged_lines.empty()) return;
    std::string lines;
    for (std::size_t i = 0; i < std::min(text.damaged_lines.size(), lines_shown); ++i)
        lines += (i == 0 ? "" : ", ") + std::to_string(text.damaged_lines[i]);
    if (text.damaged_lines.size() > lines_shown) lines += " …";
    report.note(
        Sentence{"remark.damaged_lines", {{"count", text.damaged_lines.size()}, {"lines", lines}}});
}

std::string counts_text(const engine::ImportResult& result) {
    std::string words = catalogue().say(
                            "sheet.counts", {{"added", result.added},
                                             {"updated", result.updated},
                                             {"unchanged", result.unchanged},
                                             {"conflicts", result.conflicts},
                                             {"rejected", result.rejected.size()}}) +
                        "\n";
    if (result.kept_withdrawn != 0)
        words += catalogue().say("sheet.kept_withdrawn", {{"count", result.kept_withdrawn}}) + "\n";
    std::vector<std::uint64_t> lines;
    for (const engine::HiddenRow& row : result.retracted) lines.push_back(row.line);
    return lines.empty() ? words : words + catalogue().say(hidden_lines(lines)) + "\n";
}

std::string rejected_text(const engine::ImportResult& result, const Terminal& terminal) {
    Table table(
        {{column_heading("column.line"), Table::Align::right},
         {column_heading("column.rejected_because")}});
    for (const engine::RejectedRow& row : result.rejected)
        table.add({std::to_string(row.line), catalogue().say(why_rejected(row))});
    return table.empty() ? std::string() : table.text(terminal);
}

std::string text_of(
    const ImportCommand& command, const engine::ImportResult& result, const engine::Sheet& sheet,
    const engine::DecodedText& text, const Terminal& terminal) {
    std::string words;
    words += command.dry_run ? columns_text(sheet, terminal) + "\n" : left_out_text(sheet);
    if (text.guessed)
        words += catalogue().say("sheet.guessed", {{"encoding", text.encoding}}) + "\n";
    for (const std::string& assumption : assumptions_of(sheet)) words += assumption + "\n";
    if (command.dry_run) words += catalogue().say("sheet.would_be") + " ";
    return words + counts_text(result) + rejected_text(result, terminal);
}

Outcome import_into(
    Application& application, engine::Workspace& workspace, const ImportCommand& command,
    const engine::DecodedText& text) {
    const auto turf = find_turf(workspace, command.turf);
    if (!turf) return std::unexpected(turf.error());
    auto sheet = engine::Sheet::open(
        text.text, {.map = command.map,
                    .key_column = command.key_column,
                    .phone_region = application.settings().phone_region,
                    .this_year = this_year(),
                    .date_order = date_order_of(command),
                    .has_damaged_bytes = !text.damaged_lines.empty()});
    if (!sheet) return std::unexpected(problem_of(sheet.error()));

    Report& report = application.report();
    const std::string source = source_of(command);
    const auto result =
        take_rows(report, workspace, *turf, *sheet, {.source = source, .dry_run = command.dry_run});
    if (!result) return std::unexpected(result.error());
    tell_damaged_lines(report, text);
    report.answer(
        json_of(engine::RecordIds(workspace), *result, *sheet, text, source),
        text_of(command, *result, *sheet, text, report.terminal()));
    return result->rejected.empty() ? Exit::ok : Exit::partly;
}

}  // namespace

Outcome run(Application& application, const ImportCommand& command) {
    const auto text = load_sheet(application, command);
    if (!text) return std::unexpected(text.error());
    return application.with_workspace([&](engine::Workspace& workspace) {
        return import_into(application, workspace, command, *text);
    });
}

}  // namespace vereda::client
