#pragma once

#include <string>

#include "client/api/status_json.h"
#include "client/terminal/style.h"

namespace vereda::client {

/// What an audit found, in the words of a language.
[[nodiscard]] AuditSaid said(const engine::AuditReport& audit);

/// How much was looked at, a table of the findings, and what to do now. What is whole again is one
/// line, however many places that were.
[[nodiscard]] std::string text_of(const AuditSaid& audit, const Terminal& terminal);
[[nodiscard]] std::string text_of(const ReplayShown& replayed);

}  // namespace vereda::client
