#include "tests/house/literals.h"

#include <algorithm>

namespace vereda::house {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

/// Reads the code of a file from its beginning to its end.
class Reading {
  public:
    explicit Reading(std::string_view source) : rest_(source) {}

    std::vector<Literal> run() {
        while (!rest_.empty()) step();
        return std::move(literals_);
    }

  private:
    void step() {
        if (rest_.starts_with("//") || rest_.starts_with("#include")) return drop_to("\n");
        if (rest_.starts_with("/*")) return drop_to("*/");
        if (rest_.starts_with("R\"")) return read_raw();
        if (rest_.front() == '"') return read_quoted();
        if (is_letter()) return read_letter();
        read_code(rest_.front());
    }

    // '"' and '\'', but not the sign between the digits of 1'000.
    [[nodiscard]] bool is_letter() const {
        return rest_.front() == '\'' &&
               (before_.empty() || !std::isalnum(static_cast<unsigned char>(before_.back())));
    }

    void read_letter() {
        const std::size_t end = rest_.find('\'', rest_.starts_with("'\\") ? 3 : 1);
        drop(std::min(end, rest_.size() - 1) + 1);
        before_ += "''";
    }

    void read_quoted() {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        add(rest_.substr(1, end - 1));
        drop(std::min(end + 1, rest_.size()));
    }

    void read_raw() {
        const std::size_t open = std::min(rest_.find('('), rest_.size() - 1);
        const std::string close = ")" + std::string(rest_.substr(2, open - 2)) + "\"";
        const std::size_t end = std::min(rest_.find(close, open), rest_.size() - close.size());
        add(rest_.substr(open + 1, end - open - 1));
        drop(end + close.size());
    }

    void add(std::string_view text) {
        if (is_joined_) {
            literals_.back().text += text;
        } else {
            literals_.push_back({line_, std::string(text), before_});
            before_ += "\"\"";
        }
        is_joined_ = true;
    }

    void read_code(char c) {
        drop(1);
        if (is_blank(c)) {
            if (!before_.empty() && before_.back() != ' ') before_ += ' ';
            return;
        }
        is_joined_ = false;
        before_ += c;
        if (c == ';') before_.clear();
    }

    void drop_to(std::string_view mark) {
        const std::size_t at = rest_.find(mark);
        drop(at == rest_.npos ? rest_.size() : at + mark.size());
    }

    void drop(std::size_t size) {
        line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, size), '\n'));
        rest_.remove_prefix(size);
    }

    std::string_view rest_;
    std::size_t line_ = 1;
    std::string before_;
    bool is_joined_ = false;
    std::vector<Literal> literals_;
};

}  // namespace

std::vector<Literal> literals_of(std::string_view source) { return Reading(source).run(); }

}  // namespace vereda::house
