#include "client/api/exported_json.h"

namespace vereda::client {

Json json_of(const std::vector<FieldExported>& fields) {
    JsonObject object;
    for (const FieldExported& field : fields) {
        if (field.values.empty()) continue;
        if (field.set) {
            object.add(field.name, json_texts(field.values));
        } else {
            object.add(field.name, field.values.front());
        }
    }
    return object.done();
}

}  // namespace vereda::client
