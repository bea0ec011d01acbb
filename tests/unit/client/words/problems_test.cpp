#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "client/desk/problems/action_problem.h"
#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/record_problem.h"
#include "client/desk/problems/sheet_problem.h"
#include "client/desk/problems/vault_problem.h"
#include "client/desk/rejected_row.h"
#include "client/desk/sync_done.h"
#include "client/line/hub_problem.h"
#include "client/terminal/prompt_problem.h"
#include "client/words/catalogue.h"

using namespace vereda;
using namespace vereda::client;

namespace {

/// Every enumerator from the first on, up to and including `last`.
template <class Enum>
std::vector<Enum> all_to(Enum last, int first = 0) {
    std::vector<Enum> all;
    for (int value = first; value <= static_cast<int>(last); ++value)
        all.push_back(static_cast<Enum>(value));
    return all;
}

/// What happened, why, what to do: nothing left out, no gap left open.
void check_whole(const Problem& problem) {
    INFO(problem.sentence);
    CHECK(problem.exit != Exit::ok);
    CHECK_FALSE(problem.code.empty());
    CHECK(problem.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    const ProblemWords words = in_words(problem);
    for (const std::string& part : {words.error, words.why, words.advice}) {
        CHECK_FALSE(part.empty());
        CHECK(part.find_first_of("{}") == std::string::npos);
    }
}

}  // namespace

TEST_CASE("every error of a vault has words", "[words]") {
    for (const auto error : all_to(engine::WorkspaceError::newer_version))
        check_whole(problem_of(error, "/v"));
    for (const auto error : all_to(engine::ChangeSlotsError::cost_out_of_bounds))
        check_whole(problem_of(error));
    for (const auto fault : all_to(engine::StorageFault::statement))
        check_whole(problem_of(fault, "x"));
    for (const auto error : all_to(protocol::PrintedKeyError::mistyped))
        check_whole(problem_of(error));
    for (const auto error : all_to(PromptError::different)) check_whole(problem_of(error));
}

TEST_CASE("no reason for a new log says that nothing was lost", "[words]") {
    using engine::WhyNewLog;
    for (const auto why : all_to(WhyNewLog::lost_blocks)) {
        const std::string words = catalogue().say(why_new_log(why));
        INFO(words);
        CHECK(words.find("this laptop writes a new log") != std::string::npos);
        CHECK(words.find("laptop's name stay") != std::string::npos);
        CHECK(words.find("othing is lost") == std::string::npos);
    }
}

TEST_CASE("an older copy names a sync only where that can help", "[words]") {
    for (const bool may_catch_up : {true, false}) {
        const std::string words = catalogue().say(old_copy_sentence(may_catch_up));
        CHECK(words.find("may be missing here") != std::string::npos);
        CHECK(words.find("only in the other copy") != std::string::npos);
        CHECK((words.find("vereda sync") != std::string::npos) == may_catch_up);
    }
}

TEST_CASE("a laptop of which the hub has newer work hears what may be missing", "[words]") {
    const auto remarks = remarks_on({.new_incarnation = true}, {});
    REQUIRE(remarks.size() == 1);
    const std::string words = catalogue().say(remarks.front());
    CHECK(words.find("othing is lost") == std::string::npos);
    CHECK(words.find("not synced may be missing here") != std::string::npos);
}

TEST_CASE("every error of the line to the hub has words", "[words]") {
    for (const auto error : all_to(LinkError::answer_too_large)) check_whole(problem_of(error));
    for (const auto refusal : all_to(protocol::Refusal::failed, 1))
        check_whole(problem_of(refusal));
    for (const auto trouble : all_to(engine::sync::Trouble::not_enrolled, 1))
        check_whole(problem_of(trouble));
    for (const auto trouble : all_to(engine::sync::ChangeTrouble::overtaken, 1))
        check_whole(problem_of(trouble));
    for (const auto error : all_to(protocol::InviteCodeError::newer_version))
        check_whole(problem_of(error));
}

TEST_CASE("every error of the roster has words", "[words]") {
    for (const auto error : all_to(engine::RosterWriteError::refused))
        check_whole(problem_of(error));
}

TEST_CASE("every error about records and sheets has words", "[words]") {
    for (const auto problem : all_to(engine::ActionProblem::nothing_to_change))
        check_whole(problem_of(engine::ActionError{problem, "it"}));
    for (const auto problem : all_to(engine::LookupProblem::ambiguous))
        check_whole(
            problem_of(engine::LookupError{problem, {}}, "7k2mq", engine::RecordKind::contact));
    for (const auto error : all_to(engine::EncodingError::too_large))
        check_whole(problem_of(error, "f"));
    for (const auto problem : all_to(engine::SheetProblem::unknown_channel))
        check_whole(problem_of(engine::SheetError{.problem = problem, .line = 1, .about = "it"}));
    for (const auto why : all_to(engine::RowProblem::action))
        CHECK(catalogue().say(why_rejected({.line = 1, .why = why})).size() > 10);
}

TEST_CASE(
    "a contact that is lost or not here says why nothing is written and what to do", "[words]") {
    const Problem lost = missing_contact_problem("7k2mq", true);
    const Problem absent = missing_contact_problem("7k2mq", false);
    check_whole(lost);
    check_whole(absent);
    CHECK(lost.code == "contact_lost");
    CHECK(absent.code == "contact_not_here");
    CHECK(in_words(lost).advice.find("vereda contact add") != std::string::npos);
    CHECK(in_words(absent).advice.find("vereda sync") != std::string::npos);
}

TEST_CASE("a code with several wordings says each of them", "[words]") {
    const Problem ended = problem_of(PromptError::ended);
    const Problem nobody = problem_of(PromptError::no_terminal);
    CHECK(ended.code == "no_passphrase");
    CHECK(nobody.code == "no_passphrase");
    CHECK(in_words(ended).error != in_words(nobody).error);
    const Problem made = when_nothing_was_made(problem_of(LinkError::unreachable));
    CHECK(made.code == "unreachable");
    CHECK(made.exit == Exit::unreachable);
    CHECK(in_words(made).why.ends_with("Nothing was made."));
}

TEST_CASE("a channel that is mistyped or of another language is guessed", "[words]") {
    const auto unknown = [](const char* typed) {
        return problem_of(engine::ActionError{engine::ActionProblem::unknown_channel, typed});
    };
    CHECK(in_words(unknown("emial")).advice == "Do you mean email?");
    CHECK(in_words(unknown("smoke")).advice == "Use one of those channels.");
    CHECK(in_words(unknown("smoke")).why.find("sms") != std::string::npos);
}

TEST_CASE("every problem of the program itself has words", "[words]") {
    for (const auto problem : all_to(ClientProblem::not_shown))
        check_whole(problem_of(problem, "it"));
}

TEST_CASE("the hub's refusals are told apart by their names", "[words]") {
    std::set<std::string> codes;
    for (const auto refusal : all_to(protocol::Refusal::failed, 1))
        codes.insert(problem_of(refusal).code);
    // Only malformed and unknown_name share one: the versions do not fit.
    CHECK(codes.size() == 17);
}

TEST_CASE("exit codes say what a script needs to know", "[words]") {
    CHECK(problem_of(engine::WorkspaceError::wrong_secret).exit == Exit::locked);
    CHECK(problem_of(engine::WorkspaceError::in_use).exit == Exit::locked);
    CHECK(problem_of(LinkError::unreachable).exit == Exit::unreachable);
    CHECK(problem_of(LinkError::timeout).exit == Exit::unreachable);
    CHECK(problem_of(LinkError::wrong_pin).exit == Exit::refused);
    CHECK(problem_of(protocol::Refusal::invite_used).exit == Exit::refused);
    CHECK(
        problem_of(engine::ActionError{engine::ActionProblem::unknown_field, "x"}).exit ==
        Exit::usage);
    CHECK(problem_of(engine::StorageFault::disk_full, "").exit == Exit::failed);
}
