#pragma once

#include "client/exit_code.h"

/// A problem by how the program ends. The sentence stands here as it is written, with its arguments
/// in braces beside it: tests/house/sentences_test.cpp reads both.
namespace vereda::client {

inline Problem usage(std::string sentence, Arguments arguments = {}) {
    return {Exit::usage, std::move(sentence), std::move(arguments)};
}
inline Problem failed(std::string sentence, Arguments arguments = {}) {
    return {Exit::failed, std::move(sentence), std::move(arguments)};
}
inline Problem locked(std::string sentence, Arguments arguments = {}) {
    return {Exit::locked, std::move(sentence), std::move(arguments)};
}
inline Problem not_reached(std::string sentence, Arguments arguments = {}) {
    return {Exit::unreachable, std::move(sentence), std::move(arguments)};
}
inline Problem said_no(std::string sentence, Arguments arguments = {}) {
    return {Exit::refused, std::move(sentence), std::move(arguments)};
}

}  // namespace vereda::client
