#include "client/commands/unproven_answer.h"

#include "client/api/author_json.h"
#include "client/commands/report.h"
#include "client/desk/shown_names.h"
#include "client/terminal/display_text.h"

namespace vereda::client {
namespace {

std::string excused_text(const engine::WorkspaceStatus& status) {
    std::uint64_t removals = 0;
    for (const engine::UnprovenClaims& claims : status.unproven) removals += claims.waiting;
    if (removals == 0) return {};
    return counted(removals, "removal waits", "removals wait") +
           " for blocks that this disk may have lost: the next sync asks for them\n";
}

std::string waiting_text(const engine::UnprovenClaims& claims, const std::string& who) {
    if (claims.waiting == 0) return {};
    return counted(claims.waiting, "removal") + " by " + who +
           (claims.waiting == 1 ? " waits" : " wait") + " for a block that is not here\n";
}

std::string contradicted_text(const engine::UnprovenClaims& claims, const std::string& who) {
    if (claims.contradicted == 0) return {};
    return counted(claims.contradicted, "removal") + " by " + who +
           (claims.contradicted == 1 ? " names" : " name") +
           " a block, and another one stands there: a copy of that laptop, or an untrue claim\n";
}

}  // namespace

Json json_of_unproven(const engine::WorkspaceStatus& status) {
    JsonArray array;
    for (const engine::UnprovenClaims& claims : status.unproven) {
        JsonObject object;
        add_author(object, claims.author)
            .add("waiting", claims.waiting)
            .add("contradicted", claims.contradicted);
        array.add(object.done());
    }
    return array.done();
}

std::string unproven_text(engine::Workspace& workspace, const engine::WorkspaceStatus& status) {
    ShownNames names(workspace);
    std::string text = status.has_damage ? excused_text(status) : std::string();
    for (const engine::UnprovenClaims& claims : status.unproven) {
        const std::string who = printable(names.both(claims.author));
        if (!status.has_damage) text += waiting_text(claims, who);
        text += contradicted_text(claims, who);
    }
    return text;
}

}  // namespace vereda::client
