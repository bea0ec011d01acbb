#include "client/desk/written.h"

#include "engine/schema/value_text.h"

namespace vereda::client {
namespace {

/// "city, notes"
std::string listed(const std::vector<std::string>& fields) {
    std::string names;
    for (const std::string& field : fields) names += (names.empty() ? "" : ", ") + field;
    return names;
}

// Others wrote since these were shown; or somebody wrote by hand what a source says otherwise.
Sentence on_conflicts(const Written& written) {
    if (written.added) return {"remark.conflict_by_hand", {{"fields", listed(written.conflicts)}}};
    return {"remark.conflict_meanwhile", {{"fields", listed(written.conflicts)}}};
}

}  // namespace

std::vector<Sentence> remarks_on(const Written& written) {
    std::vector<Sentence> remarks;
    if (written.to_come)
        remarks.push_back({"remark.in_future", {{"time", engine::time_text(*written.to_come)}}});
    if (!written.conflicts.empty()) remarks.push_back(on_conflicts(written));
    if (written.hidden_with)
        remarks.push_back({"remark.hidden_contact_written", {{"contact", *written.hidden_with}}});
    return remarks;
}

}  // namespace vereda::client
