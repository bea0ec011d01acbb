#include "engine/sheets/export_csv.h"

#include "engine/sheets/csv_reader.h"
#include "engine/sheets/formula.h"

using namespace vereda::engine;

namespace {

using Fields = std::vector<std::string>;

std::string written(const Fields& cells) {
    std::string text;
    append_csv_row(text, cells);
    return text;
}

}  // namespace

TEST_CASE("a row ends with CRLF and quotes only what needs it", "[export]") {
    CHECK(
        written({"Ana", "Ruiz, de", "said \"yes\"", ""}) ==
        "Ana,\"Ruiz, de\",\"said \"\"yes\"\"\",\r\n");
    CHECK(written({" a", "b ", "c d"}) == "\" a\",\"b \",c d\r\n");
}

TEST_CASE("a cell that a spreadsheet would run is shown as text", "[export]") {
    for (const std::string start : {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}) {
        CAPTURE(start);
        const std::string text = written({start + "HYPERLINK(1)"});
        CHECK((text.starts_with("'") || text.starts_with("\"'")));
    }
    CHECK(written({"a=b", "1-2", "me@here"}) == "a=b,1-2,me@here\r\n");
}

TEST_CASE("another delimiter finds no cell inside a cell", "[export]") {
    CHECK(written({"a;=1+1"}) == "\"a;=1+1\"\r\n");
    CHECK(written({"a|=1+1"}) == "\"a|=1+1\"\r\n");
    CHECK(written({"a\t=1+1"}) == "\"a\t=1+1\"\r\n");
}

TEST_CASE("what was shown as text reads as it was written", "[export]") {
    const Fields values = {"=1", "'=1", "''=1", "+34600123456", "'",      "''", "'t is", "-",
                           "",   "\t",  "@x",   "O'Neill",      "a\r\nb", "\"", "\"\"\""};
    const std::string text = written(values);
    CsvReader reader(text);
    CsvRow row;
    REQUIRE(reader.next(row).value());
    REQUIRE(row.fields.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(shown_as_written(row.fields[i]) == values[i]);
    CHECK_FALSE(reader.next(row).value());
}

TEST_CASE("what is not UTF-8 is not exported as such", "[export]") {
    CHECK(written({"a\xFF"}) == "a\uFFFD\r\n");
}

TEST_CASE("a first cell keeps the byte order mark it begins with", "[export]") {
    const std::string text = written({"\uFEFFa"});
    CsvReader reader(text);
    CsvRow row;
    REQUIRE(reader.next(row).value());
    CHECK(row.fields[0] == "\uFEFFa");
}
