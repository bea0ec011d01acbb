#include "protocol/http/structured_field.h"

#include <algorithm>
#include <charconv>

#include "protocol/http/base64.h"

namespace vereda::http {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_key_start(char c) { return is_lower(c) || c == '*'; }
bool is_key_rest(char c) {
    return is_key_start(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}
bool is_token_start(char c) { return is_alpha(c) || c == '*'; }
bool is_token_rest(char c) {
    return is_alpha(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

/// A cursor over the text; every `read_` returns false at the first character out of place. Source:
/// RFC 8941 §4.2.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool read_dictionary(Dictionary& out) {
        skip(" ");
        while (!rest_.empty()) {
            if (!read_member(out)) return false;
            skip(" \t");
            if (rest_.empty()) return true;
            if (!take(',')) return false;
            skip(" \t");
            if (rest_.empty()) return false;  // trailing comma
        }
        return true;
    }

  private:
    bool read_member(Dictionary& out) {
        Member member;
        if (!read_key(member.key) || find_member(out, member.key) != nullptr) return false;
        if (take('=')) {
            if (!read_member_value(member)) return false;
        } else {
            Item present{.value = true, .parameters = {}};
            if (!read_parameters(present.parameters)) return false;
            member.value = std::move(present);
        }
        out.push_back(std::move(member));
        return true;
    }

    bool read_member_value(Member& member) {
        if (!rest_.starts_with('(')) return read_item(member.value.emplace<Item>());
        return read_inner_list(member.value.emplace<InnerList>());
    }

    bool read_inner_list(InnerList& list) {
        take('(');
        for (;;) {
            skip(" ");
            if (take(')')) return read_parameters(list.parameters);
            if (!read_item(list.items.emplace_back())) return false;
            if (!rest_.starts_with(' ') && !rest_.starts_with(')')) return false;
        }
    }

    bool read_item(Item& item) {
        return read_bare_item(item.value) && read_parameters(item.parameters);
    }

    bool read_parameters(std::vector<Parameter>& out) {
        while (take(';')) {
            skip(" ");
            Parameter parameter{.key = {}, .value = true};
            if (!read_key(parameter.key)) return false;
            const auto same_key = [&](const Parameter& other) {
                return other.key == parameter.key;
            };
            if (std::ranges::any_of(out, same_key)) return false;
            if (take('=') && !read_bare_item(parameter.value)) return false;
            out.push_back(std::move(parameter));
        }
        return true;
    }

    bool read_bare_item(BareItem& out) {
        if (rest_.empty()) return false;
        const char first = rest_.front();
        if (first == '-' || is_digit(first)) return read_integer(out);
        if (first == '"') return read_string(out);
        if (first == ':') return read_bytes(out);
        if (first == '?') return read_boolean(out);
        if (is_token_start(first)) return read_token(out);
        return false;
    }

    bool read_integer(BareItem& out) {
        const std::size_t sign = rest_.front() == '-' ? 1 : 0;
        std::size_t size = sign;
        while (size < rest_.size() && is_digit(rest_[size])) ++size;
        if (size == sign || size - sign > 15) return false;
        if (size < rest_.size() && rest_[size] == '.') return false;  // a decimal
        std::int64_t value = 0;
        std::from_chars(rest_.data(), rest_.data() + size, value);
        rest_.remove_prefix(size);
        out = value;
        return true;
    }

    bool read_string(BareItem& out) {
        std::string text;
        for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
            char c = rest_.front();
            if (c == '"') {
                rest_.remove_prefix(1);
                out = std::move(text);
                return true;
            }
            if (c == '\\') {
                rest_.remove_prefix(1);
                if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\\')) return false;
                c = rest_.front();
            }
            if (c < 0x20 || c > 0x7e) return false;
            text.push_back(c);
        }
        return false;
    }

    bool read_bytes(BareItem& out) {
        const std::size_t end = rest_.find(':', 1);
        if (end == std::string_view::npos) return false;
        auto bytes = parse_base64(rest_.substr(1, end - 1));
        if (!bytes) return false;
        rest_.remove_prefix(end + 1);
        out = std::move(*bytes);
        return true;
    }

    bool read_boolean(BareItem& out) {
        rest_.remove_prefix(1);
        if (take('1')) return out = true, true;
        if (take('0')) return out = false, true;
        return false;
    }

    bool read_token(BareItem& out) {
        std::size_t size = 1;
        while (size < rest_.size() && is_token_rest(rest_[size])) ++size;
        out = Token{std::string(rest_.substr(0, size))};
        rest_.remove_prefix(size);
        return true;
    }

    bool read_key(std::string& out) {
        if (rest_.empty() || !is_key_start(rest_.front())) return false;
        std::size_t size = 1;
        while (size < rest_.size() && is_key_rest(rest_[size])) ++size;
        out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip(std::string_view spaces) {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(spaces), rest_.size()));
    }

    std::string_view rest_;
};

struct BareItemWriter {
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(const std::string& text) const {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out.push_back('\\');
            out.push_back(c);
        }
        return out + '"';
    }
    std::string operator()(const Token& token) const { return token.text; }
    std::string operator()(const Bytes& bytes) const { return ":" + base64(bytes) + ":"; }
    std::string operator()(bool value) const { return value ? "?1" : "?0"; }
};

bool is_true(const BareItem& item) {
    const bool* value = std::get_if<bool>(&item);
    return value != nullptr && *value;
}

std::string serialize_parameters(const std::vector<Parameter>& parameters) {
    std::string out;
    for (const Parameter& parameter : parameters) {
        out += ';' + parameter.key;
        if (!is_true(parameter.value)) out += '=' + serialize(parameter.value);
    }
    return out;
}

std::string serialize_member(const Member& member) {
    if (const InnerList* list = std::get_if<InnerList>(&member.value))
        return member.key + '=' + serialize(*list);
    const Item& item = std::get<Item>(member.value);
    if (is_true(item.value)) return member.key + serialize_parameters(item.parameters);
    return member.key + '=' + serialize(item);
}

}  // namespace

std::expected<Dictionary, FieldError> parse_dictionary(std::string_view text) {
    if (text.size() > field_size_max) return std::unexpected(FieldError::too_long);
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    Dictionary out;
    if (!Reader(text).read_dictionary(out)) return std::unexpected(FieldError::malformed);
    return out;
}

std::string serialize(const BareItem& item) { return std::visit(BareItemWriter{}, item); }

std::string serialize(const Item& item) {
    return serialize(item.value) + serialize_parameters(item.parameters);
}

std::string serialize(const InnerList& list) {
    std::string out = "(";
    for (const Item& item : list.items) {
        if (out.size() > 1) out += ' ';
        out += serialize(item);
    }
    return out + ')' + serialize_parameters(list.parameters);
}

std::string serialize(const Dictionary& dictionary) {
    std::string out;
    for (const Member& member : dictionary) {
        if (!out.empty()) out += ", ";
        out += serialize_member(member);
    }
    return out;
}

const Member* find_member(const Dictionary& dictionary, std::string_view key) {
    for (const Member& member : dictionary) {
        if (member.key == key) return &member;
    }
    return nullptr;
}

}  // namespace vereda::http
