#include "tests/unit/engine/office.h"

#include <catch2/catch.hpp>
#include <map>

#include "engine/roster/roster_writer.h"
#include "protocol/roster/invite.h"

namespace vereda::tests {

using namespace engine;

namespace {

protocol::HubEntry hub_of(crypto::Entropy& entropy) {
    return {
        "https://hub.example:8443", entropy.bytes<32>(),
        crypto::SigningKey::generate(entropy).public_key()};
}

std::vector<protocol::ServedEntry> whole_roster(const Roster& roster) {
    std::vector<protocol::ServedEntry> all;
    for (std::uint64_t i = 0; i < roster.size(); ++i) {
        const ByteView wire = roster.wire_at({i});
        all.push_back({.entry = Bytes(wire.begin(), wire.end())});
    }
    return all;
}

/// The turf keys of a laptop, as the roster's writer asks for them.
class Keys {
  public:
    explicit Keys(const Keyring& keyring) : keyring_(keyring) {}
    TurfKeySource source() {
        return [this](const protocol::TurfId& turf, protocol::Epoch epoch) {
            const auto made = kept_.try_emplace(
                turf, crypto::SecretBytes::copy_of(keyring_.find(turf, epoch)->epoch_key()));
            return &made.first->second;
        };
    }

  private:
    const Keyring& keyring_;
    std::map<protocol::TurfId, crypto::SecretBytes> kept_;
};

}  // namespace

KeySecret Office::secret() const { return KeySecret::key_file(key_file_); }

Office::Office(Workspace::Options options) : options_(std::move(options)) {
    auto desk = std::make_unique<Desk>();
    desk->vault = directory_ / "coordinator";
    const FoundingOffer offer{
        .owner = {"Carla", "Carla's laptop"}, .workspace_name = "Field", .hub = hub_of(entropy_)};
    auto founded = Workspace::found(environment_, desk->vault, secret(), offer, options_);
    REQUIRE(founded);
    desk->workspace = std::move(founded->workspace);
    desks_.push_back(std::move(desk));
    make_turf();
}

void Office::make_turf() {
    Desk& desk = coordinator();
    const TurfMade made = create_turf(desk);
    REQUIRE(serve_roster(desk, made.entries));
    REQUIRE(desk->add_key(made.turf, {1}, made.key.view()));
    desk.north = desk->number_of(made.turf);
    REQUIRE(People(*desk).name(protocol::Profile::Kind::turf, made.turf.view(), "North"));
}

Desk& Office::join(const std::string& member, protocol::Role role) {
    Desk& founder = coordinator();
    const RosterWriter writer(founder->roster(), founder->identity().keys.signing, entropy_);
    Keys keys(founder->keyring());
    InviteOffer offer{.role = role};
    if (role != protocol::Role::coordinator)
        offer.turfs.push_back(founder->store().turf(founder.north));
    const auto invited = writer.invite(offer, keys.source(), clock);
    REQUIRE(invited);
    REQUIRE(serve_roster(founder, {invited->entry}));

    auto desk = std::make_unique<Desk>();
    desk->vault = directory_ / member;
    auto joined = Workspace::join(
        environment_, desk->vault, secret(), {member, member + "'s laptop"}, invited->code,
        options_);
    REQUIRE(joined);
    desk->workspace = std::move(joined->workspace);
    const protocol::RosterEntry enrolment = placed(
        make_enrolment(invited->code, (*desk)->identity().member, (*desk)->identity().keys),
        founder->roster());
    const protocol::ServedEntry entry{.entry = protocol::encode(enrolment)};
    REQUIRE(founder->extend_roster({&entry, 1}));
    REQUIRE((*desk)->extend_roster(whole_roster(founder->roster())));
    for (const auto& other : desks_)
        REQUIRE((*other)->extend_roster(whole_roster(founder->roster())));
    share_keys(*desk);
    desk->north = (*desk)->number_of(founder->store().turf(founder.north));
    (*desk)->name_owner({member, member + "'s laptop"});
    desks_.push_back(std::move(desk));
    return *desks_.back();
}

void Office::share_keys(Desk& desk) {
    const Keyring& keys = coordinator()->keyring();
    for (const protocol::TurfId& turf : desk->roster().turfs_of(desk->identity().keys.device())) {
        REQUIRE(desk->add_key(turf, {1}, keys.find(turf, {1})->epoch_key()));
    }
}

void Office::reopen(Desk& desk) {
    desk.workspace.reset();
    auto opened = Workspace::open(environment_, desk.vault, secret(), options_);
    REQUIRE(opened);
    desk.workspace = std::move(*opened);
}

std::size_t Office::carry(Desk& from, Desk& to) {
    from->close_blocks();
    std::vector<BlockOpener::Job> blocks;
    LogStore& store = from->store();
    for (std::uint32_t log = 1; log <= store.log_count(); ++log) {
        store.visit_blocks({log}, {0}, [&](const StoredBlock& block) {
            blocks.push_back({block.bytes, block.acceptance, false});
            return true;
        });
    }
    DirectOpener opener;
    return to->receive(std::move(blocks), opener).entries;
}

void Office::carry_all() {
    for (int round = 0; round < 2; ++round) {
        for (const auto& from : desks_) {
            for (const auto& to : desks_) {
                if (from != to) carry(*from, *to);
            }
        }
    }
}

TurfMade create_turf(Desk& desk) {
    const RosterWriter writer(
        desk->roster(), desk->identity().keys.signing, desk->environment().entropy);
    auto made = writer.create_turf();
    REQUIRE(made);
    return std::move(*made);
}

std::expected<std::size_t, RosterError> serve_roster(
    Desk& desk, const std::vector<WrittenEntry>& entries) {
    std::vector<protocol::ServedEntry> served;
    for (const WrittenEntry& entry : entries) served.push_back({.entry = entry.wire});
    return desk->extend_roster(served);
}

LocalDot add_person(Desk& desk, const std::string& given, const std::string& family) {
    const auto added = People(*desk).add_contact(
        desk.north, {.set = {{"given_name", given}, {"family_name", family}}});
    REQUIRE(added);
    return added->id;
}

std::string shown(Desk& desk, LocalDot contact, const std::string& field) {
    const auto view = Queries(*desk).contact(contact);
    REQUIRE(view);
    for (const FieldView& found : view->fields) {
        if (found.name != field) continue;
        REQUIRE_FALSE(found.conflict);
        return found.values.empty() ? std::string() : found.values.front().text;
    }
    return {};
}

}  // namespace vereda::tests
