#include "client/terminal/private_text.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "client/desk/problems/action_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/terminal/prompt.h"
#include "client/terminal/prompt_problem.h"
#include "engine/schema/fields.h"
#include "protocol/limits.h"

namespace vereda::client {
namespace {

constexpr std::size_t input_size_max = 2 * protocol::entry_size_max;

Or<std::string> ask(std::string_view name) {
    auto line = ask_line(std::string(name) + ": ");
    if (!line) return std::unexpected(question_problem(line.error(), name));
    return std::move(*line);
}

Or<std::string> read_input() {
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
        const ssize_t size = ::read(STDIN_FILENO, part.data(), part.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) {
            throw FileFailure(
                FileUse::read, "-",
                engine::StorageFailure(engine::StorageFault::io, std::strerror(errno)));
        }
        if (size == 0) break;
        text.append(part.data(), static_cast<std::size_t>(size));
        if (text.size() > input_size_max)
            return std::unexpected(
                problem_of(engine::ActionError{engine::ActionProblem::too_long, {}}));
    }
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace

Or<std::string> read_private(const PrivateText& text, std::string_view name) {
    switch (text.from) {
        case PrivateText::From::arguments:
            return text.text;
        case PrivateText::From::input:
            return read_input();
        case PrivateText::From::terminal:
            break;
    }
    return ask(name);
}

Or<PrivateText> read_if_piped(PrivateText text) {
    if (text.from != PrivateText::From::input) return text;
    auto read = read_input();
    if (!read) return std::unexpected(read.error());
    return PrivateText{PrivateText::From::arguments, std::move(*read)};
}

Or<std::vector<engine::FieldText>> ask_for_fields(const std::vector<std::string>& fields) {
    for (const std::string& field : fields) {
        if (engine::find_field(engine::FieldOwner::contact, field) == nullptr) {
            return std::unexpected(
                problem_of(engine::ActionError{engine::ActionProblem::unknown_field, field}));
        }
    }
    std::vector<engine::FieldText> answers;
    for (const std::string& field : fields) {
        auto answer = ask(field);
        if (!answer) return std::unexpected(answer.error());
        if (!answer->empty()) answers.push_back({field, std::move(*answer)});
    }
    return answers;
}

}  // namespace vereda::client
