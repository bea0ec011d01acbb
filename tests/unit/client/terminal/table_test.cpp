#include "client/terminal/table.h"

#include <sstream>

#include "client/terminal/display_text.h"

using namespace vereda::client;

namespace {

constexpr Terminal no_terminal{};
constexpr Terminal plain_terminal{.is_terminal = true, .color = false, .width = 40};

Table people() {
    Table table({{"name"}, {"visits", Table::Align::right}, {"city"}});
    return table;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("a table aligns by what is seen", "[table]") {
    Table table = people();
    table.add({"Núñez", "3", "Soria"});
    table.add({"山田", "12", "東京"});
    CHECK(
        table.text(no_terminal) ==
        "name   visits  city\n"
        "Núñez       3  Soria\n"
        "山田       12  東京\n");
}

TEST_CASE("missing cells are empty and lines have no spaces at their ends", "[table]") {
    Table table = people();
    table.add({"Ana"});
    CHECK(table.text(no_terminal) == "name  visits  city\nAna\n");
}

TEST_CASE("a narrow terminal breaks cells within their columns", "[table]") {
    Table table({{"name"}, {"note"}});
    table.add({"Ana Ruiz", "talked about the road and the well and the school"});
    const auto lines = lines_of(table.text(plain_terminal));
    REQUIRE(lines.size() == 3);
    CHECK(lines[1] == "Ana Ruiz  talked about the road and the");
    CHECK(lines[2] == "          well and the school");
}

TEST_CASE("no line of a table is wider than its terminal while columns can shrink", "[table]") {
    Table table({{"name"}, {"note"}, {"city"}});
    table.add(
        {"Anastasia Konstantinopolskaya", "one two three four five six seven",
         "Santa Cruz de la Sierra"});
    for (const std::string& line : lines_of(table.text(plain_terminal)))
        CHECK(display_width(line) <= 40);
}

TEST_CASE("a file gets whole lines, however long", "[table]") {
    Table table({{"name"}, {"note"}});
    table.add({"Ana", std::string(300, 'x')});
    CHECK(lines_of(table.text(no_terminal)).size() == 2);
}

TEST_CASE("a note that would fill many screens is cut on a terminal, and says so") {
    Table table({{"Name"}, {"Note"}, {"City"}});
    table.add({"Ana", std::string(30'000, 'x'), "Cali"});
    const auto on_terminal = table.text({.is_terminal = true, .width = 80});
    CHECK(on_terminal.size() < 3'000);
    CHECK(on_terminal.find("--json") != std::string::npos);
    CHECK(table.text({}).size() > 30'000);
}

TEST_CASE("one long note does not pad the other lines of a file", "[table]") {
    Table table({{"name"}, {"note"}, {"city"}});
    table.add({"Ana", std::string(30'000, 'x'), "Cali"});
    table.add({"Rosa", "short", "Bogota"});
    const auto lines = lines_of(table.text(no_terminal));
    REQUIRE(lines.size() == 3);
    CHECK(lines[1] == "Ana   " + std::string(30'000, 'x') + "  Cali");
    CHECK(lines[2] == "Rosa  short" + std::string(57, ' ') + "Bogota");
}

TEST_CASE(
    "right-to-left cells are held in their columns on a terminal, bare in a file", "[table]") {
    Table table({{"name"}, {"city"}});
    table.add({"محمد", "بغداد"});
    CHECK(
        table.text(plain_terminal).find("\u200Eمحمد\u200E  \u200Eبغداد\u200E") !=
        std::string::npos);
    CHECK(table.text(no_terminal).find("محمد  بغداد") != std::string::npos);
}

TEST_CASE("a cell cannot drive the terminal", "[table]") {
    Table table({{"name"}});
    table.add({"\x1b[31mAna\nRuiz"});
    CHECK(table.text(no_terminal).find('\x1b') == std::string::npos);
    CHECK(lines_of(table.text(no_terminal)).size() == 2);
}

TEST_CASE("titles are bold only with color", "[table]") {
    Table table({{"name"}});
    CHECK(table.text({.is_terminal = true, .color = true, .width = 40}) == "\x1b[1mname\x1b[0m\n");
    CHECK(table.text(plain_terminal) == "name\n");
    CHECK(table.empty());
}

TEST_CASE("an id is never broken, however narrow the terminal", "[table]") {
    constexpr Terminal narrow{.is_terminal = true, .color = false, .width = 20};
    Table table({Table::of_ids("id"), {"name"}, Table::of_ids("where")});
    table.add({"ya6wtf8f73acn", "Anastasia Konstantinopolskaya", "log ek0w94368bwkq, block 12"});
    const std::string text = table.text(narrow);
    CHECK(text.find("ya6wtf8f73acn") != std::string::npos);
    CHECK(text.find("ek0w94368bwkq") != std::string::npos);
    CHECK(text.find("Anastasia Konstantinopolskaya") == std::string::npos);
}

TEST_CASE("a faint row is faint only with color", "[table]") {
    Table table({{"name"}});
    table.add({"Ana"}, Table::Look::faint);
    const Terminal color{.is_terminal = true, .color = true, .width = 40};
    CHECK(table.text(color) == "\x1b[1mname\x1b[0m\n\x1b[2mAna\x1b[0m\n");
    CHECK(table.text(plain_terminal) == "name\nAna\n");
}
