#include "client/desk/authors.h"

#include "protocol/text_id.h"

namespace vereda::client {
namespace {

std::string marked(const std::string& name, const std::string& mark) {
    return mark.empty() ? name : name + " #" + mark;
}

}  // namespace

std::string member_words(const AuthorShown& author) {
    return marked(author.member, author.member_mark);
}

std::string device_words(const AuthorShown& author) {
    return marked(author.device, author.device_mark);
}

std::string author_words(const AuthorShown& author) {
    return member_words(author) + " (" + device_words(author) + ")";
}

std::string Authors::Marks::of(const std::string& name, const std::string& id) {
    const auto [at, is_new] = found.try_emplace({name, id});
    if (is_new) at->second = names.mark_of(name, id);
    return at->second;
}

AuthorShown Authors::shown(const engine::Author& author) {
    if (!members_) members_ = Marks{engine::like_member_names(workspace_)};
    if (!devices_) devices_ = Marks{engine::like_device_names(workspace_)};
    AuthorShown shown{.member = author.member, .device = author.device};
    if (author.member_id) {
        shown.member_id = protocol::text_id(author.member_id->view());
        shown.member_mark = members_->of(author.member, shown.member_id);
    }
    if (author.device_id) {
        shown.device_id = protocol::text_id(author.device_id->view());
        shown.device_mark = devices_->of(author.device, shown.device_id);
    }
    return shown;
}

}  // namespace vereda::client
