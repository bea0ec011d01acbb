#include "client/answers/contact_answer.h"
#include "client/commands/commands.h"
#include "client/terminal/private_text.h"

namespace vereda::client {

void declare_search(Verb& program, Chosen& chosen) {
    declare<SearchCommand>(
        program, chosen, "search", "Find contacts by words", [](Verb& verb, SearchCommand& c) {
            verb.texts("WORDS", c.words, "Names, numbers, streets, tags …", Need::required)
                .number("--limit", c.limit, "At most this many")
                .examples(
                    "  vereda search rosa calle\n"
                    "  vereda search 601 555 0101\n"
                    "All words must be there; the last may be a beginning. Accents and case do "
                    "not count. Four digits or more find the telephone numbers that end like "
                    "that; spaces and dashes do not count. Notes of visits are not searched. The "
                    "words stay in the shell's history; "
                    "with - they are read from standard input.");
        });
}

namespace {

/// The words, which a lone "-" says are on standard input.
Or<std::string> words_of(const SearchCommand& command) {
    if (command.words == std::vector<std::string>{"-"})
        return read_private({PrivateText::From::input, {}}, "search");
    std::string words;
    for (const std::string& word : command.words) words += words.empty() ? word : " " + word;
    return words;
}

}  // namespace

Outcome run(Application& application, const SearchCommand& command) {
    const auto words = words_of(command);
    if (!words) return std::unexpected(words.error());
    return application.with_desk([&](Desk& desk) {
        return answer(application.report(), desk.read(SearchContacts{*words, command.limit}));
    });
}

}  // namespace vereda::client
