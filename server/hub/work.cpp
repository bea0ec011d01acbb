#include "server/hub/work.h"

namespace vereda::server {
namespace {

constexpr double bytes_per_unit = 16 * 1024;
constexpr double ranges_per_unit = 4;  // each gap is two questions to the store

double work_of_pull(const std::optional<protocol::PullRequest>& pull) {
    if (!pull) return 0;
    double work = 0;
    for (const protocol::PullCursor& cursor : pull->cursors) {
        work += 1 + static_cast<double>(cursor.held.size()) / ranges_per_unit;
    }
    return work;
}

}  // namespace

double work_of_bytes(std::size_t bytes) { return static_cast<double>(bytes) / bytes_per_unit; }

double work_of(const PreparedRequest& request, std::size_t body) {
    double work = work_of_bytes(body);
    if (const auto* push = std::get_if<PreparedPush>(&request.message)) {
        work += static_cast<double>(push->blocks.size()) + work_of_pull(push->pull);
    } else if (const auto* pull = std::get_if<protocol::PullRequest>(&request.message)) {
        work += work_of_pull(*pull);
    } else if (const auto* read = std::get_if<protocol::RosterReadRequest>(&request.message)) {
        work += work_of_pull(read->pull);
    }
    return work;
}

}  // namespace vereda::server
