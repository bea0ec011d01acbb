#pragma once

// Lives here: how an answer reads: the texts of what the desk answers, and where they go.
// Begin: here; each kind of answer has a file.
// Must not know: commands, the hub, and how anything is found out.

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/api/shown_json.h"
#include "client/desk/problems/problem.h"
#include "client/desk/problems/sentence.h"
#include "client/terminal/progress.h"
#include "client/terminal/style.h"

namespace vereda::client {

/// Where a command's words go: its answer to standard output, everything else to standard error.
/// Text for people, or JSON for machines; never both.
class Report {
  public:
    struct Form {
        bool json = false;
        Terminal out;  ///< What standard output leads to.
        Terminal err;
    };

    Report(std::ostream& out, std::ostream& err, Form form) : out_(out), err_(err), form_(form) {}

    [[nodiscard]] bool json() const { return form_.json; }
    [[nodiscard]] const Terminal& terminal() const { return form_.out; }
    /// For text of an answer.
    [[nodiscard]] Style style() const { return Style(form_.out.color); }

    /// The answer to a command, as one line of JSON or as text. Flushed: it is out when this
    /// returns.
    void answer(const Json& json, std::string_view text);
    /// A piece of an answer that is the same for both, such as a line of `batch` or `export`. Not
    /// flushed.
    void raw(std::string_view text);
    void flush();
    /// False once nobody reads the answer any more.
    [[nodiscard]] bool is_read() const;

    /// Something to know besides the answer.
    void note(std::string_view text);
    void note(const Sentence& sentence);
    void problem(const Problem& problem);
    /// A bar for work of `total` steps, on a terminal and without --json; else nothing happens.
    [[nodiscard]] std::unique_ptr<Progress> progress(std::string label, std::uint64_t total);

  private:
    std::ostream& out_;
    std::ostream& err_;
    Form form_;
};

/// In this program's language.
[[nodiscard]] ProblemSaid said(const Problem& problem);

/// What stands over a column of a table.
[[nodiscard]] std::string column_heading(std::string_view key);
/// The sentence, and the end of its line.
[[nodiscard]] std::string said_line(const Sentence& sentence);

/// `count` and a noun, as "1 contact" or "11,540 contacts".
[[nodiscard]] std::string counted(
    std::uint64_t count, std::string_view one, std::string_view many = {});

}  // namespace vereda::client
