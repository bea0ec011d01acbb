#pragma once

#include "client/api/status_json.h"
#include "client/desk/sync_done.h"

namespace vereda::client {

/// Records whose retraction hides work, contacts first.
[[nodiscard]] std::vector<std::string> hidden_ids(const SyncNews& news);

template <class Form, Is<SyncDone> Value>
void members(Form& form, Value& done) {
    const engine::sync::Report& report = done.report;
    const auto some = [](std::uint64_t count) { return when(count != 0, count); };
    form.member("pushed", std::uint64_t{report.pushed_entries})
        .member("pulled", std::uint64_t{report.pulled_entries})
        .member("bytes_up", done.bytes_up)
        .member("bytes_down", done.bytes_down)
        .if_any("left_open", some(report.left_open))
        .if_any("lost", done.news.lost)
        .if_any("waits_for_roster", some(report.waits.roster))
        .if_any("waits_for_quota", some(report.waits.quota))
        .if_any("come_again_ms", milliseconds(report.waits.come_again))
        .if_any("set_aside", some(report.set_aside))
        .if_any("wanted", some(report.wanted_blocks))
        .if_any("offered_again", some(report.offered_again))
        .if_any("unread", some(report.unread_blocks))
        .if_any("healed", some(done.healed))
        .if_any("hidden", hidden_ids(done.news));
}

}  // namespace vereda::client
