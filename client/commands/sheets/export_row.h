#pragma once

// Lives here: sheets in and out, as commands.
// Begin: `import.cpp`, `export.cpp`; here are the lines that an export writes.
// Must not know: how a sheet is read (engine/sheets).

#include <string>
#include <vector>

#include "client/desk/exported.h"

/// What `export` writes: one line for each contact or interaction. The titles of the CSV are those
/// that `import` recognises.
namespace vereda::client {

[[nodiscard]] std::string csv_contact_header(const std::vector<std::string>& channels);
[[nodiscard]] std::string csv_row(
    const ContactExported& contact, const std::vector<std::string>& channels);
[[nodiscard]] std::string json_row(const ContactExported& contact);

[[nodiscard]] std::string csv_interaction_header();
[[nodiscard]] std::string csv_row(const VisitExported& visit);
[[nodiscard]] std::string json_row(const VisitExported& visit);

}  // namespace vereda::client
