#include "client/desk/problems/channels_there.h"

#include <vector>

#include "engine/schema/channels.h"
#include "engine/text/nearest_word.h"

namespace vereda::client {
namespace {

// "correo" means email to people; so does "emial".
std::string channel_meant(std::string_view typed, const std::vector<std::string>& channels) {
    if (const auto other_language = engine::channel_of(typed)) return *other_language;
    const std::vector<std::string_view> words(channels.begin(), channels.end());
    return std::string(engine::nearest_word(typed, words).value_or(""));
}

}  // namespace

ChannelsThere channels_there(std::string_view typed) {
    const std::vector<std::string> channels = engine::every_channel();
    ChannelsThere there;
    for (const std::string& channel : channels)
        there.channels += (there.channels.empty() ? "" : ", ") + channel;
    there.meant = channel_meant(typed, channels);
    return there;
}

}  // namespace vereda::client
