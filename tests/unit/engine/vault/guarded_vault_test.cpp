#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/unit/engine/office.h"

using namespace vereda;
using namespace vereda::engine;
using namespace vereda::tests;

namespace fs = std::filesystem;

TEST_CASE("a log put back to before a block was closed begins a new incarnation", "[guard]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    desk.workspace.reset();
    fs::copy_file(desk.vault + "/log.db", desk.vault + "/log.before");
    office.reopen(desk);
    CHECK_FALSE(desk->opening().new_incarnation);
    static_cast<void>(add_person(desk, "Bo", "Lund"));
    desk->close_blocks();
    desk.workspace.reset();
    fs::copy_file(
        desk.vault + "/log.before", desk.vault + "/log.db", fs::copy_options::overwrite_existing);
    office.reopen(desk);
    CHECK(desk->opening().new_incarnation);
}

TEST_CASE("a copied vault begins one new incarnation and no second one", "[guard]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    desk.workspace.reset();
    const std::string guard = desk.vault + "/vault.guard";
    fs::copy_file(guard, guard + ".copy");
    fs::remove(guard);
    fs::rename(guard + ".copy", guard);
    office.reopen(desk);
    CHECK(desk->opening().new_incarnation);
    CHECK(desk->opening().why_new_log == WhyNewLog::copied);
    office.reopen(desk);
    CHECK_FALSE(desk->opening().new_incarnation);
}

TEST_CASE("a log put back to before its new incarnation is told from a damaged guard", "[guard]") {
    Office office;
    Desk& desk = office.coordinator();
    static_cast<void>(add_person(desk, "Ana", "Ruiz"));
    desk->close_blocks();
    desk.workspace.reset();
    fs::copy_file(desk.vault + "/log.db", desk.vault + "/log.before");
    fs::remove(desk.vault + "/vault.guard");
    office.reopen(desk);
    if (GENERATE(false, true)) {
        static_cast<void>(add_person(desk, "Bo", "Lund"));
        desk->close_blocks();
    }
    desk.workspace.reset();
    fs::copy_file(
        desk.vault + "/log.before", desk.vault + "/log.db", fs::copy_options::overwrite_existing);
    office.reopen(desk);
    CHECK(desk->opening().new_incarnation);
    CHECK(desk->opening().why_new_log == WhyNewLog::log_went_back);
}

TEST_CASE("a vault with a damaged guard is not called a copy", "[guard]") {
    Office office;
    Desk& desk = office.coordinator();
    desk.workspace.reset();
    const std::string guard = desk.vault + "/vault.guard";
    const bool is_gone = GENERATE(true, false);
    is_gone ? static_cast<void>(fs::remove(guard)) : fs::resize_file(guard, 20);
    office.reopen(desk);
    CHECK(desk->opening().new_incarnation);
    const auto why = is_gone ? WhyNewLog::guard_gone : WhyNewLog::guard_damaged;
    CHECK(desk->opening().why_new_log == why);
}
