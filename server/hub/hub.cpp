#include "server/hub/hub.h"

#include <atomic>
#include <mutex>

#include "engine/storage/storage_failure.h"
#include "server/hub/group_footprint.h"
#include "server/hub/known_keys.h"
#include "server/hub/messages.h"
#include "server/hub/rate.h"
#include "server/hub/stream_head.h"
#include "server/hub/work.h"

namespace vereda::server {
namespace {

using protocol::Refusal;
using protocol::WorkspaceId;

template <class... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 deduces none for an aggregate

/// Rolls the store back unless told that all went well.
class OpenGroup {
  public:
    explicit OpenGroup(Store& store) : store_(store) {}
    OpenGroup(const OpenGroup&) = delete;
    OpenGroup& operator=(const OpenGroup&) = delete;
    ~OpenGroup() {
        if (!committed_) store_.rollback();
    }
    [[nodiscard]] Standing begin(const Footprint& footprint) { return store_.begin(footprint); }
    void commit() {
        store_.commit();
        committed_ = true;
    }

  private:
    Store& store_;
    bool committed_ = false;
};

/// How often the gate asks the store about one workspace that somebody unknown names: strangers do
/// not make it search.
constexpr double looks_per_s = 10;

}  // namespace

struct Hub::Parts {
    Parts(
        Store& store_, FoundingTokens& tokens_, engine::Clock& clock_, crypto::SigningKey key_,
        HubConfig config_)
        : store(store_),
          tokens(tokens_),
          clock(clock_),
          key(std::move(key_)),
          config(std::move(config_)),
          rates(config.limits.work_per_s, config.limits.work_burst),
          looks(looks_per_s, looks_per_s),
          epoch(store.workspaces().hub_epoch()),
          workspaces(store) {
        note_epoch();
    }

    Store& store;
    FoundingTokens& tokens;
    engine::Clock& clock;
    const crypto::SigningKey key;
    const HubConfig config;
    RateLimit rates;
    RateLimit looks;
    /// Who may use the store: the thread of `run`, or the gate, which looks for a key.
    std::mutex turn;
    std::atomic<std::uint64_t> epoch;
    std::optional<protocol::Millis> epoch_began;  ///< Nothing in the first one.
    bool went_back = false;
    KnownKeys known;
    KnownWorkspaces workspaces;
    std::vector<TokenHash> spent;
    HubCounts counts;

    void run_group(std::span<PreparedRequest* const> group);
    void take_up_epoch();
    void take_up(const WorkspaceId& id);
    [[nodiscard]] bool may_look(const WorkspaceId& id);
    void look_for_keys(const WorkspaceId& id);
    void begin_new_epoch();
    void note_epoch();
    [[nodiscard]] std::uint64_t quota_times(protocol::Millis now) const;
    void run_one(PreparedRequest& request);
    Outcome judge(PreparedRequest& request);
    Outcome judge_founding(const PreparedRequest& request, const protocol::FoundRequest& message);
    Outcome judge_member(PreparedRequest& request, Workspace& workspace);
    Outcome dispatch(
        const PreparedRequest& request, Occasion& on, const protocol::DeviceId& caller);
};

namespace {

template <class Answer>
Outcome outcome_of(Answered<Answer> answered) {
    if (!answered) return answered.error();
    return *std::move(answered);
}

}  // namespace

/// What is remembered of the workspaces is then of an epoch before, and goes when it is met.
void Hub::Parts::begin_new_epoch() {
    went_back = false;
    store.workspaces().begin_epoch(epoch + 1);
    epoch = store.workspaces().hub_epoch();
    counts.new_epoch = epoch;
    note_epoch();
}

/// The first time that it is served.
void Hub::Parts::note_epoch() {
    epoch_began = store.workspaces().epoch_began();
    if (epoch == 1 || epoch_began) return;
    epoch_began = clock.now();
    OpenGroup group(store);
    static_cast<void>(group.begin({.writes = true, .workspaces = {}}));
    store.workspaces().note_epoch_began(*epoch_began);
    group.commit();
}

/// Another process may have begun one.
void Hub::Parts::take_up_epoch() {
    const std::uint64_t now = store.workspaces().hub_epoch();
    if (epoch == now && (now == 1 || epoch_began)) return;
    epoch = now;
    epoch_began = store.workspaces().epoch_began();
}

/// Makes what is remembered of one workspace true, and its keys known.
void Hub::Parts::take_up(const WorkspaceId& id) {
    Footprint footprint;
    footprint.workspaces[id];
    OpenGroup group(store);
    workspaces.take_up(footprint, group.begin(footprint));
    group.commit();
    if (const Workspace* there = workspaces.find(id)) known.add(*there);
}

/// Workspaces that nobody here has heard of share one allowance.
bool Hub::Parts::may_look(const WorkspaceId& id) {
    const crypto::PublicKey whose = known.has_any(id) ? id.bytes : crypto::PublicKey{};
    return looks.take(whose, clock.now());
}

/// What fails here fails for the next group too, which tells.
void Hub::Parts::look_for_keys(const WorkspaceId& id) {
    const std::lock_guard lock(turn);
    try {
        take_up(id);
    } catch (const engine::StorageFailure&) {
        workspaces.forget();
    }
}

std::uint64_t Hub::Parts::quota_times(protocol::Millis now) const {
    constexpr std::int64_t giving_again_ms = 30 * Allowance::day_ms;
    const bool is_giving_again = epoch_began && now.value - epoch_began->value < giving_again_ms;
    return is_giving_again ? std::max<std::uint64_t>(1, config.limits.restored_times) : 1;
}

void Hub::Parts::run_one(PreparedRequest& request) {
    if (request.is_open()) request.outcome = judge(request);
}

Outcome Hub::Parts::judge(PreparedRequest& request) {
    if (const auto* founding = std::get_if<protocol::FoundRequest>(&request.message)) {
        return judge_founding(request, *founding);
    }
    Workspace* there = workspaces.find(request.workspace);
    if (there == nullptr) return Refusal::unknown_workspace;
    return judge_member(request, *there);
}

Outcome Hub::Parts::judge_founding(
    const PreparedRequest& request, const protocol::FoundRequest& message) {
    if (Workspace* there = workspaces.find(request.workspace)) {
        return outcome_of(found_again(*there, request.caller, message));
    }
    const TokenHash token = hash_of(message.token);
    if (store.workspaces().of_token(token) || !tokens.holds(token)) return Refusal::bad_token;
    auto founded = found(store, request.workspace, request.caller, message, clock.now());
    if (!founded) return founded.error();
    workspaces.add(std::move(founded->workspace));
    spent.push_back(token);
    counts.roster_entries += message.entries.size();
    return std::move(founded->answer);
}

Outcome Hub::Parts::judge_member(PreparedRequest& request, Workspace& workspace) {
    const protocol::Millis now = clock.now();
    Occasion on{workspace, now,       config.limits,   key.public_key(),
                counts,    went_back, quota_times(now)};
    if (const auto* message = std::get_if<protocol::EnrolRequest>(&request.message)) {
        return outcome_of(enrol(on, request.caller, *message));
    }
    const auto caller = workspace.device_of(request.caller);
    if (!caller) return Refusal::bad_signature;
    // A device that has left may still hand in work, and gets nothing.
    const bool is_active = workspace.roster().is_active(*caller);
    if (const auto* message = std::get_if<PreparedPush>(&request.message)) {
        protocol::PushAnswer answer = push(on, *message);
        if (message->pull && is_active)
            answer.turfs = pull(on, *caller, *message->pull, *message, answer);
        return answer;
    }
    if (!is_active) return Refusal::not_permitted;
    return dispatch(request, on, *caller);
}

Outcome Hub::Parts::dispatch(
    const PreparedRequest& request, Occasion& on, const protocol::DeviceId& caller) {
    return std::visit(
        Match{
            [&](const protocol::RosterReadRequest& message) -> Outcome {
                return outcome_of(read_roster(on, caller, message));
            },
            [&](const protocol::RosterAppendRequest& message) -> Outcome {
                return outcome_of(append_roster(on, caller, message));
            },
            [&](const protocol::WrapsReadRequest& message) -> Outcome {
                return read_wraps(on, message);
            },
            [&](const protocol::WentBackRequest& message) -> Outcome {
                return outcome_of(meet_own_head(on, message));
            },
            [&](const protocol::PullRequest& message) -> Outcome {
                return protocol::PullAnswer{pull(on, caller, message)};
            },
            [](const auto&) -> Outcome { return Refusal::malformed; }},
        request.message);
}

Hub::Hub(
    Store& store, FoundingTokens& tokens, engine::Clock& clock, crypto::SigningKey key,
    HubConfig config)
    : parts_(std::make_unique<Parts>(store, tokens, clock, std::move(key), std::move(config))) {
    for (const WorkspaceId& id : store.workspaces().all()) parts_->take_up(id);
}

Hub::~Hub() = default;

HubAnswer Hub::handle(HubRequest request) {
    const PreparedPtr prepared = prepare(std::move(request));
    PreparedRequest* const group[] = {prepared.get()};
    run(group);
    HubAnswer answer = finish(*prepared);
    tidy();
    return answer;
}

PreparedPtr Hub::prepare(HubRequest request) {
    const crypto::PublicKey caller = request.caller;
    if (!parts_->rates.take(caller, parts_->clock.now())) {
        PreparedPtr refused(new PreparedRequest);
        refused->outcome = Refusal::too_fast;
        return refused;
    }
    const std::size_t size = request.body.size();
    PreparedPtr prepared = prepare_request(std::move(request));
    parts_->rates.charge(caller, work_of(*prepared, size), parts_->clock.now());
    return prepared;
}

HubCounts Hub::run(std::span<PreparedRequest* const> group) {
    const std::lock_guard lock(parts_->turn);
    parts_->counts = {};
    parts_->spent.clear();
    try {
        parts_->run_group(group);
    } catch (...) {
        parts_->workspaces.forget();
        parts_->went_back = false;
        throw;
    }
    for (const TokenHash& token : parts_->spent) parts_->tokens.spend(token);
    if (parts_->went_back) parts_->begin_new_epoch();
    return parts_->counts;
}

/// In one transaction of the store.
void Hub::Parts::run_group(std::span<PreparedRequest* const> group) {
    const Footprint footprint = footprint_of(group, workspaces);
    OpenGroup open(store);
    const bool has_grown = workspaces.take_up(footprint, open.begin(footprint));
    take_up_epoch();
    for (PreparedRequest* request : group) run_one(*request);
    open.commit();
    if (!has_grown && counts.roster_entries == 0) return;
    for (const auto& [id, part] : footprint.workspaces) {
        if (const Workspace* there = workspaces.find(id)) known.add(*there);
    }
}

void Hub::tidy() {
    const std::lock_guard lock(parts_->turn);
    parts_->store.tidy();
}

namespace {

HubAnswer answer_with(Bytes body) { return {200, std::move(body)}; }

void sign_heads(
    std::vector<protocol::PulledTurf>& turfs, const WorkspaceId& workspace,
    const crypto::SigningKey& key) {
    for (protocol::PulledTurf& turf : turfs) {
        if (!turf.head.head.empty()) sign(turf.head, workspace, key);
    }
}

}  // namespace

HubAnswer Hub::finish(const PreparedRequest& request) const {
    HubAnswer answer = sign_and_encode(request);
    parts_->rates.charge(request.caller, work_of_bytes(answer.body.size()), parts_->clock.now());
    return answer;
}

HubAnswer Hub::sign_and_encode(const PreparedRequest& request) const {
    return std::visit(
        Match{
            [&](std::monostate) { return refuse(Refusal::failed); },
            [&](Refusal code) { return refuse(code); },
            [&](protocol::RosterReadAnswer answer) {
                sign(answer.head, request.workspace, parts_->key);
                sign_heads(answer.turfs, request.workspace, parts_->key);
                return answer_with(encode(answer));
            },
            [&](protocol::PushAnswer answer) {
                sign_heads(answer.turfs, request.workspace, parts_->key);
                return answer_with(encode(answer));
            },
            [&](protocol::PullAnswer answer) {
                sign_heads(answer.turfs, request.workspace, parts_->key);
                return answer_with(encode(answer));
            },
            [](const auto& answer) { return answer_with(encode(answer)); }},
        request.outcome);
}

HubAnswer Hub::refuse(Refusal code) const {
    return {status_of(code), encode(protocol::RefusalAnswer{code, parts_->clock.now()})};
}

bool Hub::knows(const WorkspaceId& workspace, const crypto::PublicKey& http_key) const {
    if (parts_->known.has(workspace, http_key)) return true;
    if (!parts_->store.is_shared() || !parts_->may_look(workspace)) return false;
    parts_->look_for_keys(workspace);
    return parts_->known.has(workspace, http_key);
}

protocol::HubCard Hub::card() const {
    return {
        parts_->key.public_key(), parts_->epoch, parts_->config.public_url, parts_->clock.now()};
}

const crypto::SigningKey& Hub::key() const { return parts_->key; }

}  // namespace vereda::server
