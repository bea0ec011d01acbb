#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "engine/log/block_opening.h"

namespace vereda::client {

/// Opens blocks on one thread of its own while the caller merges: verifying, decrypting and
/// unzipping is half the work. Order is kept. For one caller thread; the keys stay unchanged until
/// all blocks have come out. A bad block is a verdict; a machine that fails (no memory) throws from
/// `next`.
class ThreadedOpener final : public engine::BlockOpener {
  public:
    ThreadedOpener() = default;
    ThreadedOpener(const ThreadedOpener&) = delete;
    ThreadedOpener& operator=(const ThreadedOpener&) = delete;
    ~ThreadedOpener() override;

    /// The thread starts with the first one.
    void submit(
        const protocol::WorkspaceId& workspace, const engine::Keyring& keys, Job job) override;
    [[nodiscard]] std::optional<engine::OpenedBlock> next() override;
    void abandon() override;

  private:
    struct Waiting {
        protocol::WorkspaceId workspace;
        const engine::Keyring* keys = nullptr;
        Job job;
    };
    struct Ready {
        engine::OpenedBlock block;
        std::exception_ptr failure;
    };
    void work();
    [[nodiscard]] static Ready open(Waiting waiting);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> waiting_;
    std::deque<Ready> ready_;
    std::size_t in_work_ = 0;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace vereda::client
