#include "client/command_line.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::client;

/// Arguments, one a line: a command, help, or a refusal in words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::string> arguments(1);
    for (const char each : as_text({data, size})) {
        if (each == '\n') {
            arguments.emplace_back();
        } else {
            arguments.back() += each;
        }
    }
    const auto parsed = parse_command_line(std::move(arguments));
    if (!parsed) {
        fuzz::expect(!parsed.error().error.empty(), "a refusal says what is wrong");
        fuzz::expect(!parsed.error().advice.empty(), "and what to do");
    } else if (const auto* help = std::get_if<HelpText>(&*parsed)) {
        fuzz::expect(!help->text.empty(), "help is a text");
    }
    return 0;
}
