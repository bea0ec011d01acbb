#pragma once

#include <string>

#include "engine/queries/queries.h"

/// What `export` writes: one line for each contact or interaction. The titles of the CSV are those
/// that `import` recognises.
namespace vereda::client {

/// The channels of consent that have a column: the schema's, and whatever else occurs in
/// `contacts`.
[[nodiscard]] std::vector<std::string> consent_columns(
    engine::Workspace& workspace, const std::vector<engine::ContactLine>& contacts);
[[nodiscard]] std::string csv_contact_header(const std::vector<std::string>& channels);
[[nodiscard]] std::string csv_row(
    engine::Workspace& workspace, const engine::ContactView& contact,
    const std::vector<std::string>& channels);
[[nodiscard]] std::string json_row(
    engine::Workspace& workspace, const engine::ContactView& contact);

[[nodiscard]] std::string csv_interaction_header();
[[nodiscard]] std::string csv_row(
    engine::Workspace& workspace, const engine::ContactLine& contact,
    const engine::InteractionLine& visit);
[[nodiscard]] std::string json_row(
    engine::Workspace& workspace, const engine::ContactLine& contact,
    const engine::InteractionLine& visit);

}  // namespace vereda::client
