#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

/// Reads a published vector file below tests/vectors.
inline nlohmann::json load_vectors(const std::string& name) {
    std::ifstream file(VEREDA_SOURCE_DIR "/tests/vectors/" + name);
    return nlohmann::json::parse(file);
}
