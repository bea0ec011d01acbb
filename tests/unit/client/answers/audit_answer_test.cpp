#include "client/answers/audit_answer.h"

#include <catch2/catch.hpp>

using namespace vereda;
using namespace vereda::client;
using engine::FindingSeverity;

namespace {

engine::Finding healed(const std::string& part) {
    engine::Finding finding = make_finding(FindingSeverity::note, "healed", "log.db");
    finding.part = part;
    return finding;
}

std::string text_with(const std::vector<engine::Finding>& findings) {
    return text_of(said(engine::AuditReport{.findings = findings}), Terminal{});
}

}  // namespace

TEST_CASE("a code of a finding is parted from its variant", "[audit]") {
    const auto plain = make_finding(FindingSeverity::fault, "gap", "log a");
    CHECK(plain.what == "gap");
    CHECK(plain.variant.empty());
    const auto one_of_two = make_finding(FindingSeverity::note, "pending.author", "log a");
    CHECK(one_of_two.what == "pending");
    CHECK(one_of_two.variant == "author");
}

TEST_CASE("a finding is said with what it is about", "[audit]") {
    engine::Finding fork = make_finding(FindingSeverity::note, "fork", "log a block 3");
    fork.about = "log b";
    engine::Finding waiting = make_finding(FindingSeverity::note, "waiting", "blocks");
    waiting.count = 2;
    const AuditSaid audit = said(engine::AuditReport{.findings = {fork, waiting, healed("index")}});
    REQUIRE(audit.findings.size() == 3);
    CHECK(audit.findings[0].words.ends_with("this branch as log b."));
    CHECK(audit.findings[1].words == "2 blocks wait for what comes before.");
    CHECK(audit.findings[2].words == "An index: the disk had damaged it. It is whole again.");
}

TEST_CASE("a part that this version does not know is named by its code", "[audit]") {
    const AuditSaid audit = said(engine::AuditReport{.findings = {healed("attic")}});
    CHECK(audit.findings[0].words.starts_with("attic: "));
}

TEST_CASE("all that was healed is one line of the text", "[audit]") {
    const std::string text = text_with({healed("index"), healed("row")});
    CHECK(text.find("2 places") != std::string::npos);
    CHECK(text.find("An index") == std::string::npos);
    CHECK(text_with({healed("index")}).find("An index") != std::string::npos);
    CHECK(text_with({}).find("Everything holds.") != std::string::npos);
}
