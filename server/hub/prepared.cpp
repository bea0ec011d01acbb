#include "server/hub/prepared.h"

namespace vereda::server {
namespace {

using protocol::BlockRefusal;
using protocol::MessageName;

BlockRefusal judge(const protocol::WorkspaceId& workspace, const protocol::ParsedBlock& block) {
    if (!protocol::carries_authors_payload(block)) return BlockRefusal::payload_differs;
    if (!protocol::verify_block(workspace, block)) return BlockRefusal::bad_signature;
    return BlockRefusal::none;
}

PreparedBlock prepare_block(const protocol::WorkspaceId& workspace, Bytes wire) {
    PreparedBlock block;
    block.wire = std::move(wire);
    const auto parsed = protocol::parse_block(workspace, block.wire);
    if (!parsed) {
        const bool is_large = parsed.error() == protocol::BlockError::too_large;
        block.reason = is_large ? BlockRefusal::too_large : BlockRefusal::malformed;
        return block;
    }
    block.parsed = *parsed;
    block.reason = judge(workspace, block.parsed);
    return block;
}

void take_push(PreparedRequest& request, protocol::PushRequest push) {
    PreparedPush prepared{.blocks = {}, .pull = std::move(push.pull), .version = push.version};
    for (Bytes& wire : push.blocks) {
        prepared.blocks.push_back(prepare_block(request.workspace, std::move(wire)));
    }
    request.message = std::move(prepared);
}

template <class Message>
void take(PreparedRequest& request, protocol::Parsed<Message> parsed) {
    if (!parsed) {
        request.outcome = protocol::Refusal::malformed;
    } else if constexpr (std::same_as<Message, protocol::PushRequest>) {
        take_push(request, *std::move(parsed));
    } else {
        request.message = *std::move(parsed);
    }
}

void take_body(PreparedRequest& request, MessageName name, ByteView body) {
    switch (name) {
        case MessageName::found:
            return take(request, protocol::parse_found_request(body));
        case MessageName::roster_read:
            return take(request, protocol::parse_roster_read_request(body));
        case MessageName::roster_append:
            return take(request, protocol::parse_roster_append_request(body));
        case MessageName::enrol:
            return take(request, protocol::parse_enrol_request(body));
        case MessageName::wraps_read:
            return take(request, protocol::parse_wraps_read_request(body));
        case MessageName::push:
            return take(request, protocol::parse_push_request(body));
        case MessageName::pull:
            return take(request, protocol::parse_pull_request(body));
        case MessageName::went_back:
            return take(request, protocol::parse_went_back_request(body));
    }
}

}  // namespace

void PreparedRequestDelete::operator()(PreparedRequest* request) const { delete request; }

PreparedPtr prepare_request(HubRequest request) {
    PreparedPtr prepared(new PreparedRequest);
    prepared->workspace = request.workspace;
    prepared->caller = request.caller;
    if (request.body.size() > protocol::message_size_max) {
        prepared->outcome = protocol::Refusal::too_large;
    } else {
        take_body(*prepared, request.name, request.body);
    }
    return prepared;
}

}  // namespace vereda::server
