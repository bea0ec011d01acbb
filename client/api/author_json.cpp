#include "client/api/author_json.h"

#include "client/desk/shown_names.h"

namespace vereda::client {

JsonObject& add_author(JsonObject& object, const engine::Author& author) {
    return object.add("member", author.member)
        .add("member_id", member_id_of(author))
        .add("device", author.device)
        .add("device_id", device_id_of(author));
}

}  // namespace vereda::client
