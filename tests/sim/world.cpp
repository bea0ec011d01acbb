#include "tests/sim/world.h"

#include <sodium.h>

#include "engine/replay/digest.h"

namespace vereda::sim {
namespace {

using engine::StorageFailure;
using engine::sync::Message;

// libsodium's own draws (sealed boxes, streams), made repeatable.
crypto::SeededEntropy* sodium_source = nullptr;

void fill_from_source(void* out, std::size_t size) {
    sodium_source->fill({static_cast<std::uint8_t*>(out), size});
}
std::uint32_t random_from_source() {
    std::uint32_t value = 0;
    fill_from_source(&value, sizeof value);
    return value;
}
const char* source_name() { return "simulation"; }

randombytes_implementation sodium_implementation{source_name, random_from_source, nullptr,
                                                 nullptr,     fill_from_source,   nullptr};

const std::string vault = "/vault";

// Only a hub that lied is in trouble.
void note_trouble(World& world, engine::sync::Trouble trouble) {
    if (trouble == engine::sync::Trouble::none) return;
    VEREDA_ASSERT(
        trouble == engine::sync::Trouble::hub_contradicts && world.lies.contains("push dropped"));
    ++world.lies["dropped push told"];
}

}  // namespace

HubNode::HubNode(engine::Clock& clock, crypto::Entropy& entropy)
    : clock_(clock), key_(crypto::SigningKey::generate(entropy)) {
    start();
}

void HubNode::start() {
    auto store =
        server::SqliteStore::open({.path = "/hub/hub.db", .vfs = vfs_.name(), .page_size = 8192});
    VEREDA_ASSERT(store);
    store_ = std::move(*store);
    hub_ = std::make_unique<server::Hub>(
        *store_, tokens_, clock_, key_.clone(),
        server::HubConfig{.public_url = entry().url, .limits = limits_});
}

void HubNode::limit(const server::HubLimits& limits) {
    limits_ = limits;
    hub_.reset();
    store_.reset();
    start();
}

server::HubAnswer HubNode::handle(const server::HubRequest& request) {
    return hub_->handle(request);
}

void HubNode::lose_power(std::optional<std::uint64_t> torn_seed) {
    torn_seed ? disk_.lose_power_torn(*torn_seed) : disk_.lose_power();
    hub_.reset();
    store_.reset();
    disk_.restart();
    start();
}

void HubNode::restore(const FaultyDisk& backup) {
    const std::uint64_t epoch = store_->workspaces().hub_epoch();
    go_back_to(backup);
    begin_epoch(epoch + 1);
}

void HubNode::go_back_to(const FaultyDisk& image) {
    hub_.reset();
    store_.reset();
    disk_.become(image);
    start();
}

void HubNode::begin_epoch(std::uint64_t epoch) {
    store_->workspaces().begin_epoch(epoch);
    hub_.reset();
    store_.reset();
    start();
}

protocol::HubEntry HubNode::entry() const {
    return {.url = "https://hub.example", .pin = {}, .signing_key = key_.public_key(), .epoch = 1};
}

protocol::FoundingToken HubNode::new_token(crypto::Entropy& entropy) {
    const protocol::FoundingToken token{entropy.bytes<16>()};
    tokens_.add(token);
    return token;
}

Laptop::Laptop(
    std::string name, std::uint64_t seed, std::int64_t clock_offset_ms,
    engine::FakeClock& world_clock)
    : name_(std::move(name)),
      clock_(world_clock, clock_offset_ms),
      entropy_(seed),
      environment_{files_, clock_, entropy_, vfs_.name(), crypto::passphrase_cost_floor},
      key_file_(64, static_cast<std::uint8_t>(seed)) {}

void Laptop::found(HubNode& hub, const std::string& workspace_name) {
    const engine::FoundingOffer offer{
        {name_, name_ + "'s laptop"}, workspace_name, hub.entry(), hub.new_token(entropy_)};
    auto founded = engine::Workspace::found(environment_, vault, secret(), offer, {});
    VEREDA_ASSERT(founded);
    workspace_ = std::move(founded->workspace);
}

void Laptop::join(const protocol::InviteCode& code) {
    auto joined = engine::Workspace::join(
        environment_, vault, secret(), {name_, name_ + "'s laptop"}, code, {});
    VEREDA_ASSERT(joined);
    workspace_ = std::move(joined->workspace);
}

void Laptop::open() {
    workspace_.reset();
    auto opened = engine::Workspace::open(environment_, vault, secret(), {});
    VEREDA_ASSERT(opened);
    workspace_ = std::move(*opened);
}

void Laptop::lose_power(std::optional<std::uint64_t> torn_seed) {
    if (disk_.has_power()) torn_seed ? disk_.lose_power_torn(*torn_seed) : disk_.lose_power();
    workspace_.reset();
    disk_.restart();
    open();
}

std::unique_ptr<Laptop> Laptop::clone(std::uint64_t seed, engine::FakeClock& world_clock) const {
    auto copy = std::make_unique<Laptop>(name_ + " (clone)", seed, 0, world_clock);
    copy->key_file_ = key_file_;
    copy->disk_.become(disk_);
    copy->open();
    return copy;
}

std::optional<engine::TurfNumber> Laptop::turf(const protocol::TurfId& id) {
    const auto device = workspace_->identity().keys.device();
    return workspace_->roster().holds_turf(device, id) ? workspace_->store().find_turf(id)
                                                       : std::nullopt;
}

void Laptop::note(engine::LocalDot dot) {
    acknowledged.push_back({workspace_->store().info(dot.log()).log, dot.seq()});
}

World::World(std::uint64_t seed, Weather weather_)
    : dice(seed), weather(weather_), entropy_(seed ^ 0x5eed) {
    VEREDA_ASSERT(sodium_init() >= 0);
    sodium_source = &entropy_;
    randombytes_set_implementation(&sodium_implementation);
    hub = std::make_unique<HubNode>(clock, entropy_);
}

World::~World() {
    laptops.clear();
    hub.reset();
    randombytes_set_implementation(&randombytes_sysrandom_implementation);
    sodium_source = nullptr;
}

void World::settle(std::size_t organisers, std::size_t turf_count) {
    laptops.push_back(std::make_unique<Laptop>("Coordinator", dice.seed(), 0, clock));
    laptops[0]->found(*hub, "Field work");
    VEREDA_ASSERT(sync(*laptops[0], true));
    for (std::size_t i = 0; i < turf_count; ++i) turfs.push_back(add_turf());
    for (std::size_t i = 0; i < organisers; ++i) {
        std::vector<protocol::TurfId> mine{turfs[i % turfs.size()]};
        if (turfs.size() > 1 && dice.one_in(2)) mine.push_back(turfs[(i + 1) % turfs.size()]);
        std::sort(mine.begin(), mine.end());
        add_organiser(mine);
    }
}

template <class Conversation>
bool World::converse(Laptop& laptop, Conversation& conversation, bool fair) {
    while (const std::optional<Message> message = conversation.next()) {
        const auto answer = exchange(laptop, *message, fair);
        if (!answer) return false;
        if (answer->status == 200) {
            conversation.receive(answer->body);
            continue;
        }
        const auto refusal = protocol::parse_refusal_answer(answer->body);
        VEREDA_ASSERT(refusal);
        conversation.receive(std::unexpected(refusal->code));
    }
    return true;
}

std::optional<server::HubAnswer> World::exchange(
    Laptop& laptop, const Message& message, bool fair) {
    const auto happens = [&](std::uint64_t chance) {
        return !fair && chance != 0 && dice.one_in(chance);
    };
    clock.advance_ms(static_cast<std::int64_t>(dice.up_to(400)));
    const engine::Identity& identity = laptop.workspace().identity();
    const server::HubRequest request{
        message.name, identity.workspace, identity.keys.http.public_key(), message.body};
    if (happens(weather.hub_power_loss)) {
        hub->lose_power(dice.one_in(2) ? std::optional(dice.seed()) : std::nullopt);
    }
    if (happens(weather.lost_request)) return std::nullopt;
    if (!fair) {
        if (auto lie = lie_about_push(laptop, message)) return lie;
    }
    server::HubAnswer answer = hub->handle(request);
    if (happens(weather.repeated_request)) answer = hub->handle(request);
    if (!fair) answer = lie_about_blocks(message, std::move(answer));
    if (happens(weather.lost_reply)) return std::nullopt;
    return answer;
}

protocol::TurfId World::add_turf(Laptop& coordinator) {
    std::optional<engine::TurfMade> made;
    engine::sync::RosterChange change(
        coordinator.workspace(), [&](const engine::RosterWriter& writer) {
            auto turf = writer.create_turf();
            VEREDA_ASSERT(turf);
            engine::sync::ChangeOffer offer{turf->entries, std::nullopt};
            made = std::move(*turf);
            return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
                std::move(offer));
        });
    VEREDA_ASSERT(converse(coordinator, change, true) && change.is_done());
    VEREDA_ASSERT(coordinator.workspace().add_key(made->turf, {1}, made->key.view()));
    return made->turf;
}

void World::retire(Laptop& laptop) {
    engine::Workspace& coordinator = laptops[0]->workspace();
    engine::sync::RosterChange change(coordinator, [&](const engine::RosterWriter&) {
        const engine::Roster& roster = coordinator.roster();
        protocol::RosterEntry entry{
            roster.next_position(),
            roster.last_hash(),
            protocol::Retired{laptop.workspace().identity().keys.device(), {}},
            {}};
        const crypto::SigningKey& key = coordinator.identity().keys.signing;
        entry.signatures.push_back(
            {key.public_key(), key.sign(protocol::message_to_sign(roster.workspace(), entry))});
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {{{entry.position, protocol::encode(entry), {}}}, std::nullopt});
    });
    VEREDA_ASSERT(converse(*laptops[0], change, true) && change.is_done());
}

Laptop& World::add_organiser(const std::vector<protocol::TurfId>& mine) {
    Laptop& laptop = add_laptop(mine);
    VEREDA_ASSERT(sync(laptop, true));
    return laptop;
}

Laptop& World::add_laptop(const std::vector<protocol::TurfId>& mine) {
    Laptop& coordinator = *laptops[0];
    std::optional<protocol::InviteCode> code;
    engine::sync::TurfKeys keys(coordinator.workspace().keyring());
    engine::sync::RosterChange change(
        coordinator.workspace(), [&](const engine::RosterWriter& writer) {
            auto invited = writer.invite({.turfs = mine}, keys.source(), clock);
            VEREDA_ASSERT(invited);
            code = invited->code;
            engine::sync::ChangeOffer offer{
                {invited->entry}, protocol::InviteShare{invited->share}};
            return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
                std::move(offer));
        });
    VEREDA_ASSERT(converse(coordinator, change, true) && change.is_done());
    const auto range = static_cast<std::uint64_t>(weather.clock_offset_max_ms) * 2 + 1;
    const std::int64_t offset =
        static_cast<std::int64_t>(dice.up_to(range)) - weather.clock_offset_max_ms;
    laptops.push_back(std::make_unique<Laptop>(
        "Organiser " + std::to_string(laptops.size()), dice.seed(), offset, clock));
    laptops.back()->join(*code);
    return *laptops.back();
}

bool World::sync(Laptop& laptop, bool fair) {
    engine::DirectOpener opener;
    try {
        engine::sync::Session session(laptop.workspace(), opener, {});
        const bool ended = converse(laptop, session, fair);
        if (ended) note_trouble(*this, session.report().trouble);
        return ended;
    } catch (const StorageFailure&) {
        VEREDA_ASSERT(!laptop.disk().has_power());
        laptop.lose_power(std::nullopt);
        return false;
    }
}

void World::sync_all() {
    for (int round = 0; round < 2; ++round) {
        for (const auto& laptop : laptops) {
            VEREDA_ASSERT(sync(*laptop, true));
        }
    }
}

std::string World::disagreement_about_people() { return disagreement_about(turfs); }

std::string World::disagreement_about(const std::vector<protocol::TurfId>& some) {
    for (const protocol::TurfId& turf : some) {
        std::optional<engine::StateDigest> first;
        for (const auto& laptop : laptops) {
            const auto number = laptop->turf(turf);
            if (!number) continue;
            const auto digest = engine::digest_of_turf(
                laptop->workspace().projection(), laptop->workspace().store(), *number);
            if (!first) first = digest;
            if (digest != *first) return laptop->name() + " has another state";
        }
    }
    return {};
}

std::string World::disagreement() {
    std::vector<protocol::TurfId> all = turfs;
    all.push_back(laptops[0]->workspace().roster().common());
    if (auto differs = disagreement_about(all); !differs.empty()) return differs;
    engine::Workspace& whole = laptops[0]->workspace();  // the coordinator holds every turf
    for (const auto& laptop : laptops) {
        for (const protocol::Dot& dot : laptop->acknowledged) {
            const auto log = whole.store().find_log(dot.log);
            if (!log || whole.projection().frontier().read_to(*log) < dot.seq) {
                return "an acknowledged action of " + laptop->name() + " is lost";
            }
        }
    }
    return {};
}

}  // namespace vereda::sim
