#pragma once

#include "client/exit_code.h"

/// A problem by how the program ends: what happened, why, what to do now.
namespace vereda::client {

inline Problem usage(std::string code, std::string error, std::string why, std::string advice) {
    return {Exit::usage, std::move(code), std::move(error), std::move(why), std::move(advice)};
}
inline Problem failed(std::string code, std::string error, std::string why, std::string advice) {
    return {Exit::failed, std::move(code), std::move(error), std::move(why), std::move(advice)};
}
inline Problem locked(std::string code, std::string error, std::string why, std::string advice) {
    return {Exit::locked, std::move(code), std::move(error), std::move(why), std::move(advice)};
}

}  // namespace vereda::client
