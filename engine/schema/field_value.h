#pragma once

#include <string>

/// What somebody says of a contact, in the words of the schema.
namespace vereda::engine {

struct FieldValue {
    std::string field;  ///< A name of the schema. A set has one FieldValue per element.
    std::string value;  ///< Not empty.
    auto operator<=>(const FieldValue&) const = default;
};

struct ChannelConsent {
    std::string channel;  ///< A word of the schema's vocabulary.
    bool given = false;   ///< Otherwise withdrawn.
    auto operator<=>(const ChannelConsent&) const = default;
};

}  // namespace vereda::engine
