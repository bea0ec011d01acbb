#include "hub_world.h"

#include <catch2/catch.hpp>

#include "protocol/domain.h"
#include "protocol/sync/leaf.h"

namespace vereda::server::test {

using protocol::MessageName;

BlockLog::BlockLog(HubWorld& world, const Laptop& author, const protocol::TurfId& turf)
    : world_(world), author_(author), places_(1) {
    core_.device = author.keys.device();
    core_.turf = turf;
    core_.incarnation = {world.entropy.bytes<16>()};
}

Bytes BlockLog::next(std::uint32_t entries, std::size_t size) {
    Bytes payload(size);
    world_.entropy.fill(payload);
    core_.roster_position = named_position.value_or(world_.roster.last_position());
    core_.roster_hash = named_hash.value_or(
        *world_.roster.hash_at(std::min(core_.roster_position, world_.roster.last_position())));
    core_.block_no = places_.size() - 1;
    core_.first_seq = places_.back().first_seq;
    core_.previous = places_.back().previous;
    core_.count = entries;
    core_.root = {world_.entropy.bytes<32>()};
    Bytes header = protocol::encode_core(core_);
    append(header, protocol::payload_hash(payload).view());
    places_.push_back({core_.last_seq().next(), protocol::block_hash(world_.workspace, header)});
    const auto signature = protocol::sign_block(world_.workspace, header, author_.keys.signing);
    return protocol::encode_block(header, signature, payload);
}

protocol::LogId BlockLog::id() const {
    return protocol::log_id(world_.workspace, core_.device, core_.turf, core_.incarnation);
}

void BlockLog::go_back_to(std::uint64_t block_no) { places_.resize(block_no + 1); }

std::unique_ptr<SqliteStore> memory_store() {
    auto opened = SqliteStore::open({.path = {}, .in_memory = true});
    REQUIRE(opened.has_value());
    return *std::move(opened);
}

HubWorld::HubWorld(HubLimits limits, std::unique_ptr<SqliteStore> on)
    : store(std::move(on)),
      hub_key(crypto::SigningKey::generate(entropy)),
      founder(entropy),
      roster(protocol::WorkspaceId{}) {
    restart(limits);
    found();
    east = create_turf();
    west = create_turf();
}

void HubWorld::restart(HubLimits limits) {
    hub.reset();
    hub = std::make_unique<Hub>(
        *store, tokens, clock, hub_key.clone(), HubConfig{"https://hub.example", limits});
}

void HubWorld::found() {
    const auto recovery = crypto::SigningKey::generate(entropy);
    const protocol::HubEntry entry{"https://hub.example", {}, hub_key.public_key(), 1};
    engine::Founded made = engine::found(founder.keys, recovery.public_key(), entry, entropy);
    workspace = made.workspace;
    founder.member = made.member;
    founding.token = {entropy.bytes<16>()};
    tokens.add(founding.token);
    roster = engine::Roster(workspace);
    for (const engine::WrittenEntry& written : made.entries) {
        REQUIRE(roster.append(written.wire).has_value());
        founding.entries.push_back(written.wire);
        if (!written.wraps.empty()) founding.wraps.push_back({written.position, written.wraps});
    }
    turf_keys_.emplace(roster.common(), std::move(made.common_key));
    REQUIRE(ask(founder, MessageName::found, encode(founding)).status == 200);
}

HubAnswer HubWorld::ask(const Laptop& by, MessageName name, Bytes body) {
    return hub->handle({name, workspace, by.keys.http.public_key(), std::move(body)});
}

engine::RosterWriter HubWorld::writer() {
    return engine::RosterWriter(roster, founder.keys.signing, entropy);
}

const crypto::SecretBytes* HubWorld::key_of(const protocol::TurfId& turf) const {
    const auto at = turf_keys_.find(turf);
    return at == turf_keys_.end() ? nullptr : &at->second;
}

void HubWorld::append(const engine::WrittenEntry& entry, std::optional<ByteArray<32>> share) {
    protocol::RosterAppendRequest request{entry.wire, entry.wraps, {}};
    if (share) request.share = protocol::InviteShare{*share};
    const HubAnswer answer = ask(founder, MessageName::roster_append, encode(request));
    REQUIRE(answer.status == 200);
    const auto parsed = protocol::parse_roster_append_answer(answer.body);
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<protocol::RosterAppended>(*parsed));
    REQUIRE(roster.append(entry.wire).has_value());
}

protocol::TurfId HubWorld::create_turf() {
    auto made = writer().create_turf();
    REQUIRE(made);
    for (const engine::WrittenEntry& entry : made->entries) append(entry);
    turf_keys_.emplace(made->turf, std::move(made->key));
    return made->turf;
}

engine::Invited HubWorld::invite(protocol::Role role, std::vector<protocol::TurfId> turfs) {
    std::ranges::sort(turfs);
    const auto keys = [this](const protocol::TurfId& turf, protocol::Epoch) {
        return key_of(turf);
    };
    engine::InviteOffer offer;
    offer.role = role;
    offer.turfs = std::move(turfs);
    auto invited = writer().invite(offer, keys, clock);
    REQUIRE(invited);
    append(invited->entry, invited->share);
    return *std::move(invited);
}

Bytes HubWorld::enrolment(const engine::Invited& invited, const Laptop& newcomer) const {
    const auto entry = engine::make_enrolment(invited.code, newcomer.member, newcomer.keys);
    return encode(protocol::EnrolRequest{encode(entry)});
}

Laptop HubWorld::organiser(std::vector<protocol::TurfId> turfs) {
    const engine::Invited invited = invite(protocol::Role::organiser, std::move(turfs));
    Laptop laptop(entropy);
    REQUIRE(ask(laptop, MessageName::enrol, enrolment(invited, laptop)).status == 200);
    catch_up();
    return laptop;
}

void HubWorld::catch_up() {
    const protocol::RosterReadRequest request{roster.next_position(), {}};
    const auto answer = protocol::parse_roster_read_answer(
        ask(founder, MessageName::roster_read, encode(request)).body);
    REQUIRE(answer);
    for (const protocol::ServedEntry& served : answer->entries) {
        REQUIRE(roster.append(served.entry).has_value());
    }
}

void HubWorld::retire(const Laptop& laptop) { write(protocol::Retired{laptop.keys.device(), {}}); }

void HubWorld::write(protocol::RosterBody body) {
    protocol::RosterEntry entry{roster.next_position(), roster.last_hash(), std::move(body), {}};
    const auto message = protocol::message_to_sign(workspace, entry);
    entry.signatures.push_back(
        {founder.keys.signing.public_key(), founder.keys.signing.sign(message)});
    append({entry.position, encode(entry), {}});
}

protocol::PushAnswer HubWorld::push(
    const Laptop& by, std::vector<Bytes> blocks, std::uint64_t version) {
    const protocol::PushRequest request{
        .blocks = std::move(blocks), .pull = {}, .version = version};
    const HubAnswer answer = ask(by, MessageName::push, encode(request));
    REQUIRE(answer.status == 200);
    const auto parsed = protocol::parse_push_answer(answer.body);
    REQUIRE(parsed);
    return *parsed;
}

protocol::PulledTurf HubWorld::pull(const Laptop& by, const protocol::PullCursor& cursor) {
    const HubAnswer answer = ask(by, MessageName::pull, encode(protocol::PullRequest{{cursor}}));
    REQUIRE(answer.status == 200);
    const auto parsed = protocol::parse_pull_answer(answer.body);
    REQUIRE(parsed);
    REQUIRE(parsed->turfs.size() == 1);
    return parsed->turfs[0];
}

std::vector<Bytes> HubWorld::pull_all(const Laptop& by, const protocol::TurfId& turf) {
    std::vector<Bytes> blocks;
    protocol::PullCursor cursor;
    cursor.turf = turf;
    for (bool more = true; more;) {
        const protocol::PulledTurf pulled = pull(by, cursor);
        REQUIRE(pulled.outcome == protocol::PullOutcome::chunk);
        for (const protocol::ServedBlock& served : pulled.blocks) blocks.push_back(served.block);
        cursor = cursor_at(pulled);
        more = pulled.more;
    }
    return blocks;
}

protocol::Refusal refusal_of(const HubAnswer& answer) {
    REQUIRE(answer.status != 200);
    const auto parsed = protocol::parse_refusal_answer(answer.body);
    REQUIRE(parsed);
    return parsed->code;
}

protocol::PullCursor cursor_at(const protocol::PulledTurf& turf) {
    const auto head = protocol::parse_stream_head(turf.head.head);
    REQUIRE(head);
    return {turf.turf, head->hub_epoch, head->turf_seq, head->turf_chain};
}

}  // namespace vereda::server::test
