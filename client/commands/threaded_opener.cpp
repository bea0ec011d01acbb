#include "client/commands/threaded_opener.h"

#include <utility>

namespace vereda::client {
namespace {

// Opened blocks that nobody has taken yet: 512 entries each, some 200 KB. More only costs memory.
constexpr std::size_t ready_max = 64;

}  // namespace

ThreadedOpener::~ThreadedOpener() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        waiting_.clear();
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void ThreadedOpener::submit(
    const protocol::WorkspaceId& workspace, const engine::Keyring& keys, Job job) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({workspace, &keys, std::move(job)});
    }
    changed_.notify_all();
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

std::optional<engine::OpenedBlock> ThreadedOpener::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || (waiting_.empty() && in_work_ == 0); });
    if (ready_.empty()) return std::nullopt;
    Ready first = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    changed_.notify_all();
    if (first.failure) std::rethrow_exception(first.failure);
    return std::move(first.block);
}

void ThreadedOpener::abandon() {
    std::unique_lock lock(mutex_);
    waiting_.clear();
    changed_.wait(lock, [this] { return in_work_ == 0; });
    ready_.clear();
}

void ThreadedOpener::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(
            lock, [this] { return ending_ || (!waiting_.empty() && ready_.size() < ready_max); });
        if (ending_) return;
        Waiting job = std::move(waiting_.front());
        waiting_.pop_front();
        in_work_ = 1;
        lock.unlock();
        Ready opened = open(std::move(job));
        lock.lock();
        ready_.push_back(std::move(opened));
        in_work_ = 0;
        changed_.notify_all();
    }
}

ThreadedOpener::Ready ThreadedOpener::open(Waiting waiting) {
    try {
        return {
            engine::open_block(
                waiting.workspace, *waiting.keys, std::move(waiting.job.wire),
                waiting.job.acceptance, waiting.job.signature_known),
            nullptr};
    } catch (...) {
        return {{}, std::current_exception()};
    }
}

}  // namespace vereda::client
