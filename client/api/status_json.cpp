#include "client/api/status_json.h"

namespace vereda::client {

std::optional<std::int64_t> milliseconds(std::optional<protocol::Millis> when) {
    if (!when) return std::nullopt;
    return when->value;
}

std::string word_of(SetAsideShown::Why why) {
    return why == SetAsideShown::Why::missing ? "missing" : "too_large";
}

std::string word_of(engine::FindingSeverity severity) {
    return severity == engine::FindingSeverity::fault ? "fault" : "note";
}

std::string word_of(engine::Remedy remedy) {
    switch (remedy) {
        case engine::Remedy::none:
            return "";
        case engine::Remedy::record_again:
            return "record_again";
        case engine::Remedy::open_again:
            return "open_again";
        case engine::Remedy::sync:
            return "sync";
        case engine::Remedy::keep:
            return "keep";
    }
    return "";
}

}  // namespace vereda::client
