#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/desk/problems/sentence.h"
#include "protocol/ids.h"

namespace vereda::client {

/// What came of a write.
struct Written {
    std::string id;                      ///< The record's.
    bool added = false;                  ///< It is new, or was asked to be.
    std::optional<bool> changed;         ///< Of a record that was there: false, it stood like that.
    std::size_t entries = 1;             ///< That it took.
    std::vector<std::string> conflicts;  ///< Fields that have several values now.
    std::optional<std::string> hidden_with;   ///< The retracted contact that it is hidden with.
    std::optional<protocol::Millis> to_come;  ///< It is recorded for a time that is still to come.
};

/// What its author should know besides.
[[nodiscard]] std::vector<Sentence> remarks_on(const Written& written);

}  // namespace vereda::client
