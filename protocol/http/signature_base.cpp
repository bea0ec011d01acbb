#include "protocol/http/signature_base.h"

#include <algorithm>

namespace vereda::http {
namespace {

using Value = std::expected<std::string, BaseError>;

/// One covered component as its identifier spells it. Source: RFC 9421 §2.
struct Component {
    std::string_view name;
    bool of_request = false;              // ";req"
    const std::string* member = nullptr;  // ";key"
};

std::expected<Component, BaseError> read_component(const Item& item) {
    const std::string* name = std::get_if<std::string>(&item.value);
    if (name == nullptr || name->empty()) return std::unexpected(BaseError::malformed_component);
    Component component{.name = *name};
    for (const Parameter& parameter : item.parameters) {
        if (parameter.key == "req" && parameter.value == BareItem(true)) {
            component.of_request = true;
        } else if (parameter.key == "key" && std::holds_alternative<std::string>(parameter.value)) {
            component.member = &std::get<std::string>(parameter.value);
        } else {
            return std::unexpected(BaseError::unsupported_component);
        }
    }
    return component;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view spaces = " \t";
    const std::size_t first = text.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// All lines of a field as one value. Source: RFC 9421 §2.1.
Value field_value(const Headers& headers, std::string_view name) {
    std::string out;
    bool found = false;
    for (const Header& line : headers.lines()) {
        if (line.name != name) continue;
        if (found) out += ", ";
        out += trim(line.value);
        found = true;
    }
    if (!found) return std::unexpected(BaseError::missing_component);
    if (out.find_first_of("\r\n") != std::string::npos)
        return std::unexpected(BaseError::malformed_component);
    return out;
}

/// One member of a dictionary field. Source: RFC 9421 §2.1.2.
Value member_value(const Headers& headers, std::string_view name, std::string_view key) {
    const Value field = field_value(headers, name);
    if (!field) return field;
    const auto dictionary = parse_dictionary(*field);
    if (!dictionary) return std::unexpected(BaseError::malformed_component);
    const Member* member = find_member(*dictionary, key);
    if (member == nullptr) return std::unexpected(BaseError::missing_component);
    return std::visit([](const auto& value) { return serialize(value); }, member->value);
}

Value plain_value(const Headers* headers, const Component& component) {
    if (headers == nullptr) return std::unexpected(BaseError::missing_component);
    if (component.member != nullptr)
        return member_value(*headers, component.name, *component.member);
    return field_value(*headers, component.name);
}

Value request_value(const RequestParts& request, const Component& component) {
    if (!component.name.starts_with('@')) return plain_value(request.headers, component);
    if (component.member != nullptr) return std::unexpected(BaseError::unsupported_component);
    if (component.name == "@method") return std::string(request.method);
    if (component.name == "@authority") return std::string(request.authority);
    if (component.name == "@path") return std::string(path_of(request.target));
    if (component.name == "@query") return std::string(query_of(request.target).value_or("?"));
    return std::unexpected(BaseError::unsupported_component);
}

Value component_value(const RequestParts& message, const Component& component) {
    if (component.of_request) return std::unexpected(BaseError::unsupported_component);
    return request_value(message, component);
}

Value component_value(const ResponseParts& message, const Component& component) {
    if (component.of_request) return request_value(message.request, component);
    if (!component.name.starts_with('@')) return plain_value(message.headers, component);
    if (component.name == "@status" && component.member == nullptr)
        return std::to_string(message.status);
    return std::unexpected(BaseError::unsupported_component);
}

template <class Parts>
Value make_base(const Parts& message, const InnerList& input) {
    std::string base;
    for (auto item = input.items.begin(); item != input.items.end(); ++item) {
        if (std::find(input.items.begin(), item, *item) != item) {
            return std::unexpected(BaseError::repeated_component);
        }
        const auto component = read_component(*item);
        if (!component) return std::unexpected(component.error());
        const Value value = component_value(message, *component);
        if (!value) return value;
        base += serialize(*item) + ": " + *value + '\n';
    }
    return base + "\"@signature-params\": " + serialize(input);
}

/// The dictionary in the only line of a field, or null.
std::expected<Dictionary, LabelError> only_dictionary(
    const Headers& headers, std::string_view name) {
    const auto field = headers.only(name);
    if (!field) {
        return std::unexpected(
            headers.count(name) == 0 ? LabelError::missing : LabelError::malformed);
    }
    auto dictionary = parse_dictionary(*field);
    if (!dictionary) return std::unexpected(LabelError::malformed);
    return *std::move(dictionary);
}

bool has_tag(const Member& member, std::string_view tag) {
    const InnerList* input = std::get_if<InnerList>(&member.value);
    if (input == nullptr) return false;
    const std::string* own = find_parameter<std::string>(input->parameters, "tag");
    return own != nullptr && *own == tag;
}

}  // namespace

std::expected<std::string, BaseError> signature_base(
    const RequestParts& message, const InnerList& input) {
    return make_base(message, input);
}

std::expected<std::string, BaseError> signature_base(
    const ResponseParts& message, const InnerList& input) {
    return make_base(message, input);
}

std::expected<LabelledSignature, LabelError> find_signature(
    const Headers& headers, std::string_view label) {
    const auto inputs = only_dictionary(headers, "signature-input");
    if (!inputs) return std::unexpected(inputs.error());
    const auto signatures = only_dictionary(headers, "signature");
    if (!signatures) return std::unexpected(signatures.error());

    const Member* input = find_member(*inputs, label);
    const Member* signature = find_member(*signatures, label);
    if (input == nullptr || signature == nullptr) return std::unexpected(LabelError::missing);
    const InnerList* list = std::get_if<InnerList>(&input->value);
    const Item* item = std::get_if<Item>(&signature->value);
    const Bytes* bytes = item == nullptr ? nullptr : std::get_if<Bytes>(&item->value);
    if (list == nullptr || bytes == nullptr) return std::unexpected(LabelError::malformed);

    LabelledSignature found{.label = std::string(label), .input = *list};
    if (bytes->size() != found.signature.size())
        return std::unexpected(LabelError::not_ed25519_sized);
    std::ranges::copy(*bytes, found.signature.begin());
    return found;
}

std::expected<std::string, TagError> find_tagged_label(
    const Headers& headers, std::string_view tag) {
    const auto inputs = only_dictionary(headers, "signature-input");
    if (!inputs) {
        return std::unexpected(
            inputs.error() == LabelError::missing ? TagError::missing : TagError::malformed);
    }
    const Member* found = nullptr;
    for (const Member& member : *inputs) {
        if (!has_tag(member, tag)) continue;
        if (found != nullptr) return std::unexpected(TagError::repeated);
        found = &member;
    }
    if (found == nullptr) return std::unexpected(TagError::missing);
    return found->key;
}

}  // namespace vereda::http
