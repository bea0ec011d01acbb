#include "client/api/json_writer.h"

#include "engine/schema/value_text.h"

namespace vereda::client {

Json json_of(protocol::Millis when) { return Json::of(engine::time_text(when)); }

}  // namespace vereda::client
