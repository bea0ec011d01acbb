#pragma once

#include "client/api/json_text.h"
#include "engine/queries/queries.h"

namespace vereda::client {

/// "member", "member_id", "device", "device_id".
JsonObject& add_author(JsonObject& object, const engine::Author& author);

}  // namespace vereda::client
