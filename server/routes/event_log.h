#pragma once

#include <initializer_list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/clock.h"

namespace vereda::server {

/// Writes what happened as JSON lines: a time, an event name from our code, fields with ids,
/// numbers and fixed words. Addresses, names and contents never get here. Safe from any thread.
class EventLog {
  public:
    struct Field {
        std::string_view name;
        std::string value;
    };

    EventLog(std::ostream& out, engine::Clock& clock) : out_(out), clock_(clock) {}
    void write(std::string_view event, std::initializer_list<Field> fields = {});

  private:
    std::ostream& out_;
    engine::Clock& clock_;
    std::mutex mutex_;
};

/// `text` as a JSON string, quotes included. Bytes above ASCII are replaced, so that any text gives
/// valid JSON.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace vereda::server
