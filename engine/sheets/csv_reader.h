#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values as the world writes them. Source: RFC 4180, section 2, and its practice:
/// lines end with CRLF, LF or CR; the delimiter may be another character; a quote inside a field
/// that does not begin with one is an ordinary letter (5" pipe).
namespace vereda::engine {

struct CsvLimits {
    std::size_t field_size_max = 1024 * 1024;  ///< Bytes.
    std::size_t columns_max = 1024;
};

enum class CsvProblem {
    unterminated_quote,  ///< The text ends inside a quoted field: the file was cut off, or a quote
                         ///< is missing.
    text_after_quote,    ///< "abc"def
    field_too_long,
    too_many_columns,
};

struct CsvError {
    CsvProblem problem{};
    /// Where the row or, for a missing quote, the field begins; the first line is 1.
    std::uint64_t line = 0;
    auto operator<=>(const CsvError&) const = default;
};

struct CsvRow {
    std::uint64_t line = 0;           ///< The line it begins on; the first is 1.
    std::vector<std::string> fields;  ///< Unquoted; line breaks within are kept as written.

    /// One empty field, or only empty ones: spreadsheets leave such rows behind.
    [[nodiscard]] bool is_blank() const;
};

/// Reads rows one after another. `text` is borrowed and stays in place; a byte order mark at its
/// start is skipped. An error concerns one row and reading may go on behind it, except after
/// `unterminated_quote`, which is the end.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text, char delimiter = ',', CsvLimits limits = {});

    /// The next row, into `row` (its memory is used again). False at the end.
    [[nodiscard]] std::expected<bool, CsvError> next(CsvRow& row);
    /// How many bytes are behind: for a progress bar.
    [[nodiscard]] std::size_t position() const { return at_; }

  private:
    enum class Ended { field, row };
    [[nodiscard]] Ended read_field(std::string& field);
    void read_quoted(std::string& field);
    void read_plain(std::string& field);
    [[nodiscard]] bool at_line_end() const;
    void skip_line_end();
    void keep(std::string& field, std::string_view piece);
    void fail(CsvProblem problem, std::uint64_t line);

    std::string_view text_;
    char delimiter_;
    CsvLimits limits_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
    bool failed_ = false;  ///< In this row; the first problem counts.
    CsvError error_;
};

/// The likeliest of , ; tab and | for `text`: the one that gives its first rows the most columns,
/// equally many in each. A comma where none does.
[[nodiscard]] char detect_delimiter(std::string_view text);

}  // namespace vereda::engine
