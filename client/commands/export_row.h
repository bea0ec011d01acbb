#pragma once

#include <string>

#include "engine/people/queries.h"

/// What `export` writes: one line for each contact or interaction. The titles of the CSV are those
/// that `import` recognises.
namespace vereda::client {

[[nodiscard]] std::string csv_contact_header();
[[nodiscard]] std::string csv_row(engine::Workspace& workspace, const engine::ContactView& contact);
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
