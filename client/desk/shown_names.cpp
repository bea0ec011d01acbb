#include "client/desk/shown_names.h"

#include "protocol/text_id.h"

namespace vereda::client {
namespace {

std::string marked(const engine::LikeNames& names, const std::string& name, const std::string& id) {
    const std::string mark = names.mark_of(name, id);
    return mark.empty() ? name : name + " #" + mark;
}

}  // namespace

std::string ShownNames::member(const engine::Author& author) {
    if (!author.member_id) return author.member;
    if (!members_) members_ = engine::like_member_names(workspace_);
    return marked(*members_, author.member, member_id_of(author));
}

std::string ShownNames::device(const engine::Author& author) {
    if (!author.device_id) return author.device;
    if (!devices_) devices_ = engine::like_device_names(workspace_);
    return marked(*devices_, author.device, device_id_of(author));
}

std::string ShownNames::both(const engine::Author& author) {
    return member(author) + " (" + device(author) + ")";
}

std::string member_id_of(const engine::Author& author) {
    return author.member_id ? protocol::text_id(author.member_id->view()) : std::string();
}

std::string device_id_of(const engine::Author& author) {
    return author.device_id ? protocol::text_id(author.device_id->view()) : std::string();
}

}  // namespace vereda::client
