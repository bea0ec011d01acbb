#include "client/commands/vault/name_in_use.h"

#include <unistd.h>

#include "client/commands/vault/synchronise.h"
#include "client/desk/names.h"
#include "client/terminal/prompt.h"
#include "client/words/catalogue.h"
#include "engine/actions/actions.h"
#include "engine/queries/like_names.h"
#include "protocol/text_id.h"

namespace vereda::client {
namespace {

using Kind = protocol::Profile::Kind;

/// One of the two names of this laptop, and those of the others of its kind.
struct OwnName {
    Kind kind;
    Bytes id;
    std::string name;
    engine::LikeNames others;

    [[nodiscard]] std::string mark_of(const std::string& wanted) const {
        return others.mark_of(wanted, protocol::text_id(id));
    }
};

OwnName member_of(engine::Workspace& workspace) {
    const protocol::MemberId id = workspace.identity().member;
    const auto view = id.view();
    return {
        Kind::member, Bytes(view.begin(), view.end()), engine::Queries(workspace).member_name(id),
        engine::like_member_names(workspace)};
}

OwnName device_of(engine::Workspace& workspace) {
    const protocol::DeviceId id = workspace.identity().keys.device();
    const auto view = id.view();
    return {
        Kind::device, Bytes(view.begin(), view.end()), engine::Queries(workspace).device_name(id),
        engine::like_device_names(workspace)};
}

bool can_ask(const Report& report) {
    return !report.json() && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

void remark(Report& report, const OwnName& own) {
    const std::string mark = own.mark_of(own.name);
    if (own.kind == Kind::member)
        report.note(Sentence{"remark.name_in_use.member", {{"name", own.name}, {"mark", mark}}});
    else
        report.note(Sentence{"remark.name_in_use.laptop", {{"name", own.name}, {"mark", mark}}});
}

std::string question(const OwnName& own, const std::string& taken) {
    if (own.kind == Kind::member)
        return catalogue().say("ask.another_name.member", {{"taken", taken}, {"name", own.name}});
    return catalogue().say("ask.another_name.laptop", {{"taken", taken}, {"name", own.name}});
}

/// Another name than the one that is taken; nothing when it is to stay.
std::optional<std::string> ask_for_another(Report& report, const OwnName& own) {
    std::string taken = own.name;
    for (;;) {
        const auto typed = ask_line(question(own, taken));
        if (!typed || typed->empty()) return std::nullopt;
        const auto name = read_name(*typed);
        if (!name) {
            report.problem(name.error());
        } else if (own.mark_of(*name).empty()) {
            return *name;
        } else {
            taken = *name;
        }
    }
}

/// True when it has another name now.
bool settle(Application& application, engine::Workspace& workspace, const OwnName& own) {
    if (own.mark_of(own.name).empty()) return false;
    Report& report = application.report();
    const auto another = can_ask(report) ? ask_for_another(report, own) : std::nullopt;
    const bool named =
        another && engine::People(workspace).name(own.kind, own.id, *another).has_value();
    if (!named) remark(report, own);
    return named;
}

}  // namespace

void settle_names(Application& application, engine::Workspace& workspace) {
    const bool member = settle(application, workspace, member_of(workspace));
    const bool device = settle(application, workspace, device_of(workspace));
    if (!member && !device) return;
    auto line = HubLine::to_hub_of(workspace);
    if (line && converse(application, workspace, *line)) {
        application.report().note(Sentence{"remark.name_sent"});
    } else {
        application.report().note(Sentence{"remark.name_follows"});
    }
}

}  // namespace vereda::client
