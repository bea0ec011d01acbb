#include "client/commands/sheets/load_sheet.h"

#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/desk/problems/sheet_problem.h"

namespace vereda::client {
namespace {

constexpr std::size_t sheet_size_max = 512U << 20U;

bool is_standard_input(const ImportCommand& command) { return command.file == "-"; }

std::expected<Bytes, engine::ReadFileError> read_standard_input() {
    Bytes sheet;
    for (;;) {
        std::uint8_t piece[64 * 1024];
        const ssize_t size = ::read(STDIN_FILENO, piece, sizeof piece);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0)
            throw std::system_error(errno, std::generic_category(), "reading standard input");
        if (size == 0) return sheet;
        sheet.insert(sheet.end(), piece, piece + size);
        if (sheet.size() > sheet_size_max) return std::unexpected(engine::ReadFileError::too_large);
    }
}

}  // namespace

Or<engine::DecodedText> load_sheet(Application& application, const ImportCommand& command) {
    if (is_standard_input(command) && command.source.empty())
        return std::unexpected(problem_of(ClientProblem::sheet_unnamed));
    const auto bytes = naming_file(FileUse::read, command.file, [&] {
        return is_standard_input(command) ? read_standard_input()
                                          : application.files().read(command.file, sheet_size_max);
    });
    if (!bytes) {
        const bool missing = bytes.error() == engine::ReadFileError::missing;
        return std::unexpected(problem_of(
            missing ? ClientProblem::file_missing : ClientProblem::file_too_large, command.file));
    }
    auto text = engine::decode_text(as_text(*bytes), command.encoding);
    if (!text) return std::unexpected(problem_of(text.error(), command.file));
    return std::move(*text);
}

}  // namespace vereda::client
