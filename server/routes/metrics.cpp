#include "server/routes/metrics.h"

namespace vereda::server {
namespace {

void line(std::string& text, std::string_view name, std::uint64_t value) {
    text.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void metric(
    std::string& text, std::string_view name, std::string_view kind, std::string_view help,
    std::uint64_t value) {
    text.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
    line(text, name, value);
}

void counter(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
    metric(text, name, "counter", help, value);
}

}  // namespace

void Metrics::count(const ServedRequest& served) {
    const std::lock_guard lock(mutex_);
    requests_[{std::string(served.name), served.status}] += 1;
    bytes_in_ += served.bytes_in;
    bytes_out_ += served.bytes_out;
}

void Metrics::count(std::size_t requests, const HubCounts& counts) {
    const std::lock_guard lock(mutex_);
    totals_.blocks += counts.blocks;
    totals_.entries += counts.entries;
    totals_.evidence += counts.evidence;
    totals_.not_yet += counts.not_yet;
    totals_.roster_entries += counts.roster_entries;
    totals_.served_blocks += counts.served_blocks;
    groups_ += 1;
    grouped_requests_ += requests;
    for (std::size_t i = 0; i < group_bounds.size(); ++i) {
        if (requests <= group_bounds[i]) groups_up_to_[i] += 1;
    }
}

std::string Metrics::text(const ConnectionNumbers& connections, std::uint64_t hub_epoch) const {
    const std::lock_guard lock(mutex_);
    std::string text;
    text += "# HELP vereda_requests_total Requests answered, by message and HTTP status.\n";
    text += "# TYPE vereda_requests_total counter\n";
    for (const auto& [key, value] : requests_) {
        const auto& [name, status] = key;
        line(
            text,
            "vereda_requests_total{message=\"" + name + "\",status=\"" + std::to_string(status) +
                "\"}",
            value);
    }
    counter(text, "vereda_request_bytes_total", "Bytes of request bodies.", bytes_in_);
    counter(text, "vereda_response_bytes_total", "Bytes of answer bodies.", bytes_out_);
    counter(text, "vereda_blocks_total", "Blocks taken in.", totals_.blocks);
    counter(text, "vereda_entries_total", "Entries in those blocks.", totals_.entries);
    counter(text, "vereda_evidence_total", "Blocks on branches that lost.", totals_.evidence);
    counter(text, "vereda_not_yet_total", "Blocks to be offered again later.", totals_.not_yet);
    counter(text, "vereda_roster_entries_total", "Roster entries.", totals_.roster_entries);
    counter(text, "vereda_served_blocks_total", "Blocks served.", totals_.served_blocks);
    counter(text, "vereda_store_failures_total", "Groups that the disk failed.", failures_);
    text += "# HELP vereda_group_requests Requests that shared one transaction.\n";
    text += "# TYPE vereda_group_requests histogram\n";
    for (std::size_t i = 0; i < group_bounds.size(); ++i) {
        const std::string bound = std::to_string(group_bounds[i]);
        line(text, "vereda_group_requests_bucket{le=\"" + bound + "\"}", groups_up_to_[i]);
    }
    line(text, "vereda_group_requests_bucket{le=\"+Inf\"}", groups_);
    line(text, "vereda_group_requests_sum", grouped_requests_);
    line(text, "vereda_group_requests_count", groups_);
    metric(text, "vereda_connections_open", "gauge", "Open connections.", connections.open);
    counter(text, "vereda_connections_total", "Connections accepted.", connections.accepted);
    counter(
        text, "vereda_connections_turned_away_total", "Connections over a limit.",
        connections.turned_away);
    metric(text, "vereda_hub_epoch", "gauge", "Grows when data was restored.", hub_epoch);
    return text;
}

}  // namespace vereda::server
