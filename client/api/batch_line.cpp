#include "client/api/batch_line.h"

#include <nlohmann/json.hpp>
#include <set>

#include "client/api/request_members.h"
#include "client/api/request_reader.h"
#include "client/api/write_verbs.h"

namespace vereda::client {
namespace {

using nlohmann::json;

/// Notes the first name that an object has twice: a reader keeps one of the two and says nothing.
class NamesOnce {
  public:
    bool see(json::parse_event_t event, const json& parsed) {
        if (event == json::parse_event_t::object_start) names_.emplace_back();
        if (event == json::parse_event_t::object_end) names_.pop_back();
        if (event != json::parse_event_t::key || twice_) return true;
        auto name = parsed.get<std::string>();
        if (!names_.back().insert(name).second) twice_ = std::move(name);
        return true;
    }
    [[nodiscard]] const std::optional<std::string>& twice() const { return twice_; }

  private:
    std::vector<std::set<std::string>> names_;  // one for each object that is open
    std::optional<std::string> twice_;
};

// What the line says of itself: what to do, and whose keys these are.
struct Heading {
    std::string verb;
    std::string source = "batch";
};

template <class Form, Is<Heading> Value>
void members(Form& form, Value& heading) {
    form.member("do", heading.verb).if_any("source", heading.source);
}

Or<WriteRequest> read(const json& object, protocol::Millis now) {
    Heading heading;
    RequestReader head(object, {}, now);
    members(head, heading);
    const WriteVerb* verb = find_write_verb(heading.verb);
    if (verb == nullptr)
        return std::unexpected(usage("malformed.unknown_verb", {{"name", heading.verb}}));
    WriteRequest request = verb->request;
    RequestReader body(object, heading.source, now);
    members(body, heading);
    std::visit([&body](auto& one) { members(body, one); }, request);
    body.expect_no_more();
    return request;
}

}  // namespace

Or<WriteRequest> parse_batch_line(std::string_view line, protocol::Millis now) {
    NamesOnce names;
    const auto see = [&names](int, json::parse_event_t event, json& value) {
        return names.see(event, value);
    };
    const json parsed = json::parse(line, see, false);
    if (parsed.is_discarded()) return std::unexpected(usage("malformed.not_json"));
    if (names.twice()) return std::unexpected(usage("malformed.twice", {{"name", *names.twice()}}));
    if (!parsed.is_object()) return std::unexpected(usage("malformed.no_object"));
    try {
        return read(parsed, now);
    } catch (const RequestReader::Malformed& malformed) {
        return std::unexpected(malformed.problem);
    }
}

}  // namespace vereda::client
