#include "server/hub/group_commit.h"

#include <algorithm>

#include "engine/storage/storage_failure.h"

namespace vereda::server {

GroupCommit::GroupCommit(Hub& hub, GroupLimits limits, Committed committed, Failed failed)
    : hub_(hub), limits_(limits), committed_(std::move(committed)), failed_(std::move(failed)) {
    store_thread_ = std::thread([this] { run_groups(); });
    answer_thread_ = std::thread([this] { hand_out_answers(); });
}

GroupCommit::~GroupCommit() { stop(); }

void GroupCommit::submit(PreparedPtr request, Answered answered) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && waiting_.size() < limits_.waiting_max) {
            waiting_.push_back({std::move(request), std::move(answered)});
            work_.notify_one();
            return;
        }
    }
    answered(hub_.refuse(protocol::Refusal::too_fast));
}

void GroupCommit::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        work_.notify_all();
    }
    if (store_thread_.joinable()) store_thread_.join();
    if (answer_thread_.joinable()) answer_thread_.join();
}

void GroupCommit::run_groups() {
    for (Group group = next_group(); !group.empty(); group = next_group()) {
        run(group);
        hand_over(std::move(group));
        tidy();
    }
    const std::lock_guard lock(mutex_);
    store_ended_ = true;
    answers_.notify_one();
}

/// Waits for work; empty when there is none left and none to come.
GroupCommit::Group GroupCommit::next_group() {
    std::unique_lock lock(mutex_);
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    Group group;
    const std::size_t size = std::min(waiting_.size(), limits_.group_max);
    for (std::size_t i = 0; i < size; ++i) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return group;
}

bool GroupCommit::attempt(const std::function<void()>& work) {
    try {
        work();
        return true;
    } catch (const engine::StorageFailure& failure) {
        const bool is_full = failure.fault() == engine::StorageFault::disk_full;
        failed_(is_full ? GroupFailure::disk_full : GroupFailure::fatal, failure.what());
    } catch (const std::exception& failure) {
        failed_(GroupFailure::fatal, failure.what());
    }
    return false;
}

void GroupCommit::run(Group& group) {
    std::vector<PreparedRequest*> requests;
    for (const Waiting& waiting : group) requests.push_back(waiting.request.get());
    const bool done = attempt([&] { committed_(group.size(), hub_.run(requests)); });
    if (done) return;
    for (PreparedRequest* request : requests) request->outcome = protocol::Refusal::failed;
}

void GroupCommit::hand_over(Group group) {
    const std::lock_guard lock(mutex_);
    done_.push_back(std::move(group));
    answers_.notify_one();
}

/// What fails here was acknowledged by nobody: all that was is in the write-ahead log.
void GroupCommit::tidy() {
    static_cast<void>(attempt([this] { hub_.tidy(); }));
}

void GroupCommit::hand_out_answers() {
    std::unique_lock lock(mutex_);
    for (;;) {
        answers_.wait(lock, [this] { return store_ended_ || !done_.empty(); });
        if (done_.empty()) return;
        Group group = std::move(done_.front());
        done_.pop_front();
        lock.unlock();
        for (Waiting& waiting : group) waiting.answered(hub_.finish(*waiting.request));
        group.clear();
        lock.lock();
    }
}

}  // namespace vereda::server
