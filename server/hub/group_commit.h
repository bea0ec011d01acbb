#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "server/hub/hub.h"
#include "server/hub/prepared.h"

namespace vereda::server {

struct GroupLimits {
    std::size_t group_max = 128;     ///< Requests in one transaction.
    std::size_t waiting_max = 4096;  ///< Beyond that a request is turned away.
};

/// Why a group came to nothing, or the tidying up after one.
enum class GroupFailure {
    disk_full,  ///< The hub goes on; clients try again.
    fatal,      ///< The store must be opened again: the program should end.
};

/// Many requests, one sync of the disk: whatever waits while a transaction is being committed goes
/// into the next one together. One thread runs the store, another signs and hands out answers, so
/// that neither waits for the other. No answer leaves before its transaction is durable.
class GroupCommit {
  public:
    using Answered = std::move_only_function<void(HubAnswer)>;
    /// Told after each group, on the store's thread: requests in it and what they did.
    using Committed = std::function<void(std::size_t requests, const HubCounts& counts)>;
    using Failed = std::function<void(GroupFailure failure, std::string_view what)>;

    GroupCommit(Hub& hub, GroupLimits limits, Committed committed, Failed failed);
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;
    /// Stops, if nobody has.
    ~GroupCommit();

    /// Queues a prepared request; `answered` is called once, from another thread. From any thread,
    /// without waiting.
    void submit(PreparedPtr request, Answered answered);
    /// Runs what waits, hands out its answers, then ends both threads. Later requests are turned
    /// away.
    void stop();

  private:
    struct Waiting {
        PreparedPtr request;
        Answered answered;
    };
    using Group = std::vector<Waiting>;

    void run_groups();
    [[nodiscard]] Group next_group();
    void run(Group& group);
    void hand_over(Group group);
    void tidy();
    /// False when the store failed, which was then told.
    bool attempt(const std::function<void()>& work);
    void hand_out_answers();

    Hub& hub_;
    const GroupLimits limits_;
    const Committed committed_;
    const Failed failed_;

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable answers_;
    std::deque<Waiting> waiting_;
    std::deque<Group> done_;
    bool stopping_ = false;
    bool store_ended_ = false;
    std::thread store_thread_;
    std::thread answer_thread_;
};

}  // namespace vereda::server
