#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "tests/house/literals.h"
#include "tests/house/source_tree.h"

// Who speaks to people, and who in codes only. A sentence stands in client/words/*.json and is said
// by its key; below the client there is none. What has a blank there is SQL, HTTP, what a failure
// of the machine says of itself, what people type, or the notation of places.

using namespace vereda::house;

namespace {

const std::vector<std::string_view> speaks_in_codes{"engine/",     "protocol/",    "crypto/",
                                                    "server/hub/", "server/data/", "server/store/",
                                                    "client/desk/"};
const std::vector<std::string_view> decides{
    "engine/", "protocol/", "crypto/", "server/", "client/"};

bool is_of(const SourceFile& file, const std::vector<std::string_view>& folders) {
    return is_cpp(file.path) && std::ranges::any_of(folders, [&](std::string_view folder) {
               return file.path.starts_with(folder);
           });
}

bool finds(const std::string& text, const std::regex& pattern) {
    return std::regex_search(text, pattern);
}

std::string without_escapes(const std::string& text) {
    static const std::regex escape(R"(\\(x[0-9A-Fa-f]+|u[0-9A-Fa-f]{4}|.))");
    return std::regex_replace(text, escape, "");
}

bool has_blank_and_letter(const std::string& text) {
    static const std::regex letter("[A-Za-z]");
    const std::string plain = without_escapes(text);
    return plain.find(' ') != plain.npos && finds(plain, letter);
}

/// Statements and pieces of them; names of columns with a comma between.
bool is_sql(const Literal& literal) {
    static const std::regex keyword(
        R"(\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|REINDEX|PRAGMA|VACUUM|BEGIN|END)"
        R"(|FROM|JOIN|WHERE|VALUES|AND|OR|NOT NULL|ORDER|DESC|INDEXED)\b)");
    static const std::regex columns("^[a-z_]+(, [a-z_]+)+$");
    return finds(literal.text, keyword) || finds(literal.text, columns);
}

/// Lines of a head as RFC 9110 and RFC 9421 write them.
bool is_http(const SourceFile& file, const Literal& literal) {
    static const std::regex notation(R"(\\r\\n|^HTTP/1\.1 $|^bytes $|: $)");
    return file.path.starts_with("protocol/http/") && finds(literal.text, notation);
}

/// What an exception says, of which people read only that the machine failed; what an assertion
/// prints before the program ends.
bool is_of_failure(const Literal& literal) {
    static const std::regex construct(
        R"(\b(throw|StorageFailure|throw_\w+|fail|Descriptor|VEREDA_ASSERT|fprintf)\b[^{}]*$)");
    return finds(literal.before, construct);
}

/// What people type, in many languages.
bool is_word_list(const Literal& literal) {
    static const std::regex construct(R"(\bWordList( \w+)? ?\{ ?$)");
    return finds(literal.before, construct);
}

/// A place, or a code that has no name here, as programs read it: "log 7k2mq block 3", "code 7".
bool is_notation(const Literal& literal) {
    static const std::set<std::string> pieces{
        "log ",  "log.db ", "block row ", "open entry row ", "roster ", "turf ",    " entry ",
        " row ", " block",  " block ",    " blocks ",        " to ",    "channel ", "field ",
        "code ", "type ",   "consent ",   " bytes)",         "0 s",     " ago"};
    return pieces.contains(literal.text);
}

bool is_speech(const SourceFile& file, const Literal& literal) {
    return has_blank_and_letter(literal.text) && !is_sql(literal) && !is_http(file, literal) &&
           !is_of_failure(literal) && !is_word_list(literal) && !is_notation(literal);
}

/// Compared with a text, or sought in one.
bool decides_by_prose(const Literal& literal) {
    static const std::regex words("[a-z,;:] [a-z]");
    static const std::regex comparison(R"(([=!]= ?|\b(find|contains|starts_with|ends_with)\( ?)$)");
    return finds(literal.text, words) && finds(literal.before, comparison) && !is_sql(literal);
}

std::string place(const SourceFile& file, const Literal& literal) {
    return file.path + ":" + std::to_string(literal.line) + ": \"" + literal.text + "\"";
}

std::vector<std::string> speech_in(const SourceFile& file) {
    std::vector<std::string> found;
    if (!is_of(file, speaks_in_codes)) return found;
    for (const Literal& literal : literals_of(file.text))
        if (is_speech(file, literal)) found.push_back(place(file, literal));
    return found;
}

std::vector<std::string> prose_decided_by(const SourceFile& file) {
    std::vector<std::string> found;
    if (!is_of(file, decides)) return found;
    for (const Literal& literal : literals_of(file.text))
        if (decides_by_prose(literal)) found.push_back(place(file, literal));
    return found;
}

bool speaks(const std::string& source, const std::string& path = "engine/a.cpp") {
    return !speech_in({path, source}).empty();
}

}  // namespace

TEST_CASE("below the client, and in its desk, there are codes and no sentences") {
    for (const SourceFile& file : source_tree())
        for (const std::string& each : speech_in(file)) FAIL_CHECK(each);
}

TEST_CASE("nothing is decided by comparing prose") {
    for (const SourceFile& file : source_tree())
        for (const std::string& each : prose_decided_by(file)) FAIL_CHECK(each);
}

TEST_CASE("a sentence is found wherever it stands") {
    CHECK(speaks("return \"there is no field \" + it;"));
    CHECK(speaks("return it +\n \"a kind\"\n \"does not change\";"));
    CHECK(speaks("error.why = R\"(it is empty)\";"));
    CHECK(speaks("return \"it is empty\";", "client/desk/a.cpp"));
    CHECK(speaks("throw StorageFailure(\"gone\"); return \"it is empty\";"));
    CHECK(speaks("void fail() { say(\"it is empty\"); }"));
    CHECK_FALSE(speaks("return \"it is empty\";", "client/answers/a.cpp"));
    CHECK_FALSE(speaks("// \"it is empty\"\n#include \"a b\"\n/* \"a b\" */ return '\"';"));
}

TEST_CASE("SQL, HTTP, failures, typed words and places are no sentences") {
    CHECK_FALSE(speaks("exec(\"SELECT id FROM blocks\"); check(\"hash, served\");"));
    CHECK_FALSE(speaks("throw StorageFailure(StorageFault::corrupt, \"the number of a log\");"));
    CHECK_FALSE(speaks("constexpr WordList yes{\"yes si\"}; f({\"x\", WordList{\"a b\"}});"));
    CHECK_FALSE(speaks("return \"log \" + id + \" block \"; join(\", \"); trim(\" \\t\\r\");"));
    CHECK_FALSE(speaks("text += \"connection: close\\r\\n\";", "protocol/http/a.cpp"));
    CHECK(speaks("text += \"connection: close\\r\\n\";"));
}

TEST_CASE("a decision by a sentence is found") {
    const auto found = [](const std::string& source) {
        return prose_decided_by({"client/commands/a.cpp", source}).size();
    };
    CHECK(found("if (why == \"it is empty\") return;") == 1);
    CHECK(found("if (why.ends_with(\"was made.\")) return;") == 1);
    CHECK(found("if (code == \"not_shown\") return; say(\"it is empty\");") == 0);
}

TEST_CASE("literals are read as the compiler reads them") {
    const auto found =
        literals_of("f(1'000, 'a', \"x \\\" \"\n  \"y\", R\"z(q\"r)z\");\nh(\"i\");");
    REQUIRE(found.size() == 3);
    CHECK(found[0].text == "x \\\" y");
    CHECK(found[1].text == "q\"r");
    CHECK(found[2].line == 3);
    CHECK(found[2].before == "h(");
}
