#include "server/routes/event_log.h"

namespace vereda::server {

std::string json_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (c == '"' || c == '\\') {
            quoted.append({'\\', c});
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted.append("\\u00").append(hex({&byte, 1}));
        } else {
            quoted.push_back(byte < 0x80 ? c : '?');
        }
    }
    return quoted + "\"";
}

void EventLog::write(std::string_view event, std::initializer_list<Field> fields) {
    std::string line = "{\"time_ms\":" + std::to_string(clock_.now().value);
    line.append(",\"event\":").append(json_string(event));
    for (const Field& field : fields) {
        line.append(",").append(json_string(field.name)).append(":");
        line.append(json_string(field.value));
    }
    line.append("}\n");
    const std::lock_guard lock(mutex_);
    out_ << line << std::flush;
}

}  // namespace vereda::server
