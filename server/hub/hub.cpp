#include "server/hub/hub.h"

#include <atomic>
#include <map>

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
class StoreTransaction {
  public:
    StoreTransaction(Store& store, bool writes) : store_(store), open_(writes) {
        if (open_) store_.begin();
    }
    StoreTransaction(const StoreTransaction&) = delete;
    StoreTransaction& operator=(const StoreTransaction&) = delete;
    ~StoreTransaction() {
        if (open_) store_.rollback();
    }
    void commit() {
        if (open_) store_.commit();
        open_ = false;
    }

  private:
    Store& store_;
    bool open_;
};

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
          epoch(store.hub_epoch()) {
        note_epoch();
    }

    Store& store;
    FoundingTokens& tokens;
    engine::Clock& clock;
    const crypto::SigningKey key;
    const HubConfig config;
    RateLimit rates;
    std::atomic<std::uint64_t> epoch;
    std::optional<protocol::Millis> epoch_began;  ///< Nothing in the first one.
    bool went_back = false;
    KnownKeys known;
    std::map<WorkspaceId, std::unique_ptr<Workspace>> workspaces;
    std::vector<TokenHash> spent;
    HubCounts counts;

    Workspace* workspace(const WorkspaceId& id) {
        const auto at = workspaces.find(id);
        if (at != workspaces.end()) return at->second.get();
        auto loaded = Workspace::load(store, id);
        if (!loaded) return nullptr;
        return workspaces.emplace(id, std::move(loaded)).first->second.get();
    }

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

void Hub::Parts::begin_new_epoch() {
    went_back = false;
    workspaces.clear();  // their chains are the old epoch's
    store.begin_epoch(epoch + 1);
    epoch = store.hub_epoch();
    counts.new_epoch = epoch;
    note_epoch();
}

/// The first time that it is served.
void Hub::Parts::note_epoch() {
    epoch_began = store.epoch_began();
    if (epoch == 1 || epoch_began) return;
    epoch_began = clock.now();
    StoreTransaction transaction(store, true);
    store.note_epoch_began(*epoch_began);
    transaction.commit();
}

std::uint64_t Hub::Parts::quota_times(protocol::Millis now) const {
    constexpr std::int64_t giving_again_ms = 30 * Allowance::day_ms;
    const bool is_giving_again = epoch_began && now.value - epoch_began->value < giving_again_ms;
    return is_giving_again ? std::max<std::uint64_t>(1, config.limits.restored_times) : 1;
}

void Hub::Parts::run_one(PreparedRequest& request) {
    if (std::holds_alternative<std::monostate>(request.outcome)) request.outcome = judge(request);
}

Outcome Hub::Parts::judge(PreparedRequest& request) {
    if (const auto* founding = std::get_if<protocol::FoundRequest>(&request.message)) {
        return judge_founding(request, *founding);
    }
    Workspace* there = workspace(request.workspace);
    if (there == nullptr) return Refusal::unknown_workspace;
    return judge_member(request, *there);
}

Outcome Hub::Parts::judge_founding(
    const PreparedRequest& request, const protocol::FoundRequest& message) {
    if (Workspace* there = workspace(request.workspace)) {
        return outcome_of(found_again(*there, request.caller, message));
    }
    const TokenHash token = hash_of(message.token);
    if (store.workspace_of_token(token) || !tokens.holds(token)) return Refusal::bad_token;
    auto founded = found(store, request.workspace, request.caller, message, clock.now());
    if (!founded) return founded.error();
    workspaces[request.workspace] = std::move(founded->workspace);
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
    for (const WorkspaceId& id : store.workspaces()) parts_->known.add(*parts_->workspace(id));
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
    parts_->counts = {};
    parts_->spent.clear();
    const bool writes = std::ranges::any_of(
        group, [](const PreparedRequest* request) { return request->writes(); });
    try {
        StoreTransaction transaction(parts_->store, writes);
        for (PreparedRequest* request : group) parts_->run_one(*request);
        transaction.commit();
    } catch (...) {
        parts_->workspaces.clear();  // memory may be ahead of what was rolled back
        parts_->went_back = false;
        throw;
    }
    if (parts_->counts.roster_entries > 0) {
        for (const PreparedRequest* request : group) {
            const auto at = parts_->workspaces.find(request->workspace);
            if (at != parts_->workspaces.end()) parts_->known.add(*at->second);
        }
    }
    for (const TokenHash& token : parts_->spent) parts_->tokens.spend(token);
    if (parts_->went_back) parts_->begin_new_epoch();
    return parts_->counts;
}

void Hub::tidy() { parts_->store.tidy(); }

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
    return parts_->known.has(workspace, http_key);
}

protocol::HubCard Hub::card() const {
    return {
        parts_->key.public_key(), parts_->epoch, parts_->config.public_url, parts_->clock.now()};
}

const crypto::SigningKey& Hub::key() const { return parts_->key; }

}  // namespace vereda::server
