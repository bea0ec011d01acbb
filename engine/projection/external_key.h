#pragma once

#include <string>

namespace vereda::engine {

/// The name of a contact in the sheet or system that it came from.
struct RowKey {
    std::string source;
    std::string key;
};

}  // namespace vereda::engine
