#include "engine/sync/went_back.h"

namespace vereda::engine::sync {
namespace {

std::optional<protocol::SignedHead> kept_roster_head(LogStore& store) {
    const auto stored = store.meta(roster_head_name);
    const auto kept = protocol::parse_went_back_request(stored ? ByteView(*stored) : ByteView());
    return kept ? std::optional(kept->head) : std::nullopt;
}

}  // namespace

bool shows_older_roster(
    Talk& talk, const protocol::StreamHead& now, const protocol::SignedHead& signed_now) {
    const auto kept = kept_roster_head(talk.store());
    const auto before = protocol::parse_stream_head(kept ? ByteView(kept->head) : ByteView());
    const bool same_epoch = before && before->hub_epoch == now.hub_epoch;
    if (same_epoch && now.turf_seq < before->turf_seq && !talk.has_proven) {
        talk.proof = *kept;
        return true;
    }
    if (!same_epoch || now.turf_seq > before->turf_seq) {
        const Bytes newest = protocol::encode(protocol::WentBackRequest{signed_now});
        talk.store().put_meta(roster_head_name, newest);
    }
    return false;
}

bool shows_older_stream(Talk& talk, TurfNumber turf, const protocol::StreamHead& now) {
    const auto kept = talk.store().stream_head(turf);
    const auto cursor = talk.store().cursor(turf);
    if (talk.has_proven || !kept || !cursor || cursor->hub_epoch != now.hub_epoch) return false;
    talk.proof = *kept;
    return true;
}

Message proof_message(const Talk& talk) {
    return {
        protocol::MessageName::went_back, protocol::encode(protocol::WentBackRequest{*talk.proof})};
}

}  // namespace vereda::engine::sync
