#pragma once

#include <string>
#include <string_view>

namespace vereda::client {

/// What to say of a channel of consent that is none.
struct ChannelsThere {
    std::string channels;  ///< "door, phone, …"
    std::string meant;     ///< One of them, if what was typed lets guess it.
};
[[nodiscard]] ChannelsThere channels_there(std::string_view typed);

}  // namespace vereda::client
