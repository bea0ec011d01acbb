#include "tests/house/sentences.h"

#include <catch2/catch.hpp>

using namespace vereda::house;

namespace {

constexpr std::string_view folder = "client/words/";

bool is_language(const SourceFile& file) {
    return file.path.starts_with(folder) && file.path.ends_with(".json");
}

Sentences english() {
    for (const SourceFile& file : source_tree())
        if (file.path == "client/words/en.json") return sentences_of(file.text);
    return {};
}

std::vector<Use> uses() {
    std::vector<Use> all;
    for (const SourceFile& file : source_tree()) {
        for (Use& use : findings_in(file)) all.push_back(std::move(use));
        for (Use& use : fields_in(file)) all.push_back(std::move(use));
        if (!file.path.starts_with("client/") || !is_cpp(file.path)) continue;
        for (Use& use : uses_in(file)) all.push_back(std::move(use));
    }
    return all;
}

std::vector<std::string> faults(const std::string& source, const Sentences& sentences) {
    return faults_of_use(sentences, uses_in({"client/a.cpp", source}));
}

const Sentences of_file{
    {"problem.file_missing.error", "There is no file {file}."},
    {"problem.file_missing.why", "Nothing has that name."},
    {"problem.file_missing.advice", "Try again."}};
const Sentences of_remark{{"remark.renamed", "{count, plural, one {# name} other {# names}}"}};

}  // namespace

TEST_CASE("every sentence that the client says is there, with its arguments, and no other") {
    const std::vector<Use> said = uses();
    CHECK(said.size() > 5);
    for (const std::string& fault : faults_of_use(english(), said)) FAIL_CHECK(fault);
}

TEST_CASE("a language is sorted, a sentence a line, in patterns that can be read, and short") {
    for (const SourceFile& file : source_tree()) {
        if (!is_language(file)) continue;
        for (const std::string& fault : faults_of_form(file.text))
            FAIL_CHECK(file.path << ": " << fault);
    }
}

TEST_CASE("a translation has sentences that English has, with the same arguments") {
    for (const SourceFile& file : source_tree()) {
        if (!is_language(file)) continue;
        for (const std::string& fault : faults_of_translation(english(), sentences_of(file.text)))
            FAIL_CHECK(file.path << ": " << fault);
    }
}

TEST_CASE("a sentence that is missing, unused or lacks an argument is found") {
    CHECK(faults("failed(\n \"file_missing\", {{\"file\", path}});", of_file).empty());
    CHECK(faults("Problem{Exit::usage, \"file_missing\", {{\"file\", a(b)}}}", of_file).empty());
    CHECK(faults("note(say(\"remark.renamed\", {{\"count\", n}}));", of_remark).empty());
    Sentences less = of_file;
    less.erase("problem.file_missing.why");
    CHECK(faults("failed(\"file_missing\", {{\"file\", path}});", less).size() == 1);
    CHECK(faults("", of_remark).size() == 1);
    CHECK(faults("locked(\"file_missing\");", of_file).size() == 1);
    CHECK(faults("usage(\"file_missing\", {{\"path\", path}});", of_file).size() == 1);
    CHECK(faults("usage(\"file_missing\", {{\"file\", a}, {\"b\", c}});", of_file).size() == 1);
    CHECK(faults("failed(\"file_missing\", arguments);", of_file).size() == 1);
}

TEST_CASE("the sentences of an audit are found by its codes, with as many arguments as they name") {
    const SourceFile audit{
        "engine/audit/audit.cpp", "fault(\"gap\"); note(report, \"fork.of_two\");"};
    const auto found = findings_in(audit);
    REQUIRE(found.size() == 2);
    CHECK(found[1].key == "fork.of_two");
    const Sentences words{
        {"finding.gap", "Some are gone."}, {"finding.fork.of_two", "{count} and {about}."}};
    CHECK(faults_of_use(words, found).empty());
    CHECK(faults_of_use({{"finding.gap", "{why}."}}, {found[0]}).size() == 1);
    CHECK(findings_in({"engine/log/mishaps.cpp", audit.text}).empty());
    const auto fields =
        fields_in({"engine/schema/fields.cpp", "Field{10, contact, single, \"city\"},"});
    REQUIRE(fields.size() == 1);
    CHECK(fields[0].sentences.front() == "field.city");
}

TEST_CASE("what is wrong with the form of a language is found") {
    CHECK(faults_of_form("{\n  \"a\": \"A.\",\n  \"b\": \"B.\"\n}\n").empty());
    CHECK(faults_of_form("{\n  \"b\": \"B.\",\n  \"a\": \"A.\"\n}\n").size() == 1);
    CHECK(faults_of_form("{\n  \"a\": \"A.\", \"b\": \"B.\"\n}\n").size() == 1);
    CHECK(faults_of_form("{\n  \"a\": \"A.\",\n  \"a\": \"B.\"\n}\n").size() == 1);
    CHECK(faults_of_form("{\n  \"a\": \"{count, plural, one {#}}\"\n}\n").size() == 1);
    std::string words;
    for (int i = 0; i < 21; ++i) words += "word ";
    CHECK(faults_of_form("{\n  \"a\": \"" + words + "\"\n}\n").size() == 1);
}

TEST_CASE("what a translation has too much or too little is found") {
    CHECK(faults_of_translation(of_remark, {}).empty());
    CHECK(faults_of_translation(of_remark, {{"remark.renamed", "noms : {count}"}}).empty());
    CHECK(faults_of_translation(of_remark, {{"remark.renamed", "des noms"}}).size() == 1);
    CHECK(faults_of_translation(of_remark, {{"remark.other", "autre"}}).size() == 1);
}

TEST_CASE("an apostrophe hides no argument, and code is one word") {
    CHECK(arguments_of("l'{place}, d'{file}") == Names{"file", "place"});
    CHECK(longest_of("Run `vereda contact add --turf NAME`, then try. One.") == 4);
    CHECK(longest_of("{kind, select, a {One two three} other {One}} more.") == 4);
}
