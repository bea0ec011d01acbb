#include "engine/sync/roster_change.h"

namespace vereda::engine::sync {
namespace {

constexpr int attempts_max = 8;

}  // namespace

RosterChange::RosterChange(Workspace& workspace, WriteChange write)
    : workspace_(workspace), write_(std::move(write)) {}

void RosterChange::stop(ChangeTrouble trouble) {
    trouble_ = trouble;
    stage_ = Stage::over;
}

std::optional<Message> RosterChange::next() {
    if (stage_ == Stage::read) {
        const Roster& roster = workspace_.roster();
        protocol::RosterReadRequest request{.from = roster.next_position()};
        if (!roster.empty()) request.known = roster.last_hash();
        return Message{protocol::MessageName::roster_read, protocol::encode(request)};
    }
    if (stage_ == Stage::over) return std::nullopt;
    const WrittenEntry& entry = offer_->entries[at_];
    protocol::RosterAppendRequest request{
        .entry = entry.wire, .wraps = entry.wraps, .share = offer_->share};
    Bytes body = protocol::encode(request);
    workspace_.keep_change(entry.position, body);
    return Message{protocol::MessageName::roster_append, std::move(body)};
}

void RosterChange::receive(std::expected<Bytes, protocol::Refusal> answer) {
    if (!answer) {
        refusal_ = answer.error();
        return stop(ChangeTrouble::refused);
    }
    stage_ == Stage::read ? take_roster(*answer) : take_appended(*answer);
}

void RosterChange::take_roster(ByteView body) {
    const auto answer = protocol::parse_roster_read_answer(body);
    if (!answer) return stop(ChangeTrouble::nonsense);
    const auto appended = workspace_.extend_roster(answer->entries);
    if (!appended) return stop(ChangeTrouble::roster_refused);
    if (answer->more && *appended == 0) return stop(ChangeTrouble::nonsense);
    if (!answer->more) write_anew();
}

void RosterChange::write_anew() {
    if (++attempts_ > attempts_max) return stop(ChangeTrouble::overtaken);
    const RosterWriter writer(
        workspace_.roster(), workspace_.identity().keys.signing, workspace_.environment().entropy);
    auto offer = write_(writer);
    if (!offer) {
        write_error_ = offer.error();
        return stop(ChangeTrouble::not_written);
    }
    offer_ = std::move(*offer);
    at_ = 0;
    stage_ = Stage::append;
}

void RosterChange::take_appended(ByteView body) {
    const auto answer = protocol::parse_roster_append_answer(body);
    if (!answer) return stop(ChangeTrouble::nonsense);
    if (std::holds_alternative<protocol::RosterConflict>(*answer)) {
        stage_ = Stage::read;
        return;
    }
    keep(offer_->entries[at_], std::get<protocol::RosterAppended>(*answer).leaf);
}

void RosterChange::keep(const WrittenEntry& entry, const protocol::Acceptance& leaf) {
    const protocol::ServedEntry served{.entry = entry.wire, .leaf = leaf};
    if (!workspace_.extend_roster({&served, 1})) return stop(ChangeTrouble::roster_refused);
    if (++at_ < offer_->entries.size()) return;
    done_ = true;
    stage_ = Stage::over;
}

void RosterChange::apply_alone() {
    write_anew();
    while (stage_ == Stage::append) keep(offer_->entries[at_], {});
}

TurfKeySource TurfKeys::source() {
    return
        [this](const protocol::TurfId& turf, protocol::Epoch epoch) -> const crypto::SecretBytes* {
            const protocol::EpochKeys* keys = keyring_.find(turf, epoch);
            if (keys == nullptr) return nullptr;
            const auto [at, added] =
                keys_.try_emplace({turf, epoch}, crypto::SecretBytes::copy_of(keys->epoch_key()));
            return &at->second;
        };
}

}  // namespace vereda::engine::sync
