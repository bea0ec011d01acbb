#include "client/api/batch_line.h"

#include <nlohmann/json.hpp>
#include <set>

#include "client/desk/time_text.h"

namespace vereda::client {
namespace {

using nlohmann::json;

/// Thrown and caught in this file: what is wrong with the line.
struct Wrong {
    std::string why;
};

/// The members of one line; each is taken once, and what is left at the end is unknown.
class Members {
  public:
    Members(const json& object, protocol::Millis now) : object_(object), now_(now) {}

    std::string text(const char* name) {
        const json* value = take(name);
        if (value == nullptr) throw Wrong{std::string("\"") + name + "\" is missing"};
        return text_of(*value, name);
    }
    std::string text_or(const char* name, std::string fallback) {
        const json* value = take(name);
        return value == nullptr ? std::move(fallback) : text_of(*value, name);
    }
    std::optional<std::string> maybe_text(const char* name) {
        const json* value = take(name);
        if (value == nullptr) return std::nullopt;
        return text_of(*value, name);
    }
    std::optional<protocol::Millis> time(const char* name) {
        const json* value = take(name);
        if (value == nullptr) return std::nullopt;
        const auto time = value->is_number_integer() ? moment_of_number(value->get<std::int64_t>())
                                                     : parse_moment(text_of(*value, name), now_);
        if (time) return *time;
        throw Wrong{
            std::string("\"") + name +
            (time.error() == MomentError::maybe_seconds
                 ? "\" is before 2000: a number is read as milliseconds, not seconds"
                 : "\" is not a time")};
    }
    /// {"field": value or [values]}
    std::vector<engine::FieldText> fields(const char* name) {
        std::vector<engine::FieldText> texts;
        const json* value = take(name);
        if (value == nullptr) return texts;
        if (!value->is_object()) throw Wrong{std::string("\"") + name + "\" is not an object"};
        for (const auto& [field, content] : value->items()) {
            if (!content.is_array()) {
                texts.push_back({field, text_of(content, field.c_str())});
                continue;
            }
            for (const json& element : content)
                texts.push_back({field, text_of(element, field.c_str())});
        }
        return texts;
    }
    /// {"field": [entries]}
    BatchSeen seen() {
        BatchSeen seen;
        const json* value = take("seen");
        if (value == nullptr) return seen;
        if (!value->is_object()) throw Wrong{"\"seen\" is not an object"};
        for (const auto& [field, entries] : value->items()) {
            if (!entries.is_array()) throw Wrong{"\"seen\" has a list of ids for each field"};
            std::vector<std::string>& of_field = seen[field];
            for (const json& entry : entries) of_field.push_back(text_of(entry, "seen"));
        }
        return seen;
    }
    [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
    std::vector<engine::ConsentText> consents() {
        std::vector<engine::ConsentText> consents;
        for (const engine::FieldText& one : fields("consent")) {
            if (one.value != "given" && one.value != "withdrawn") {
                throw Wrong{"consent is \"given\" or \"withdrawn\""};
            }
            consents.push_back({one.field, one.value == "given"});
        }
        return consents;
    }
    void expect_no_more() const {
        for (const auto& [name, value] : object_.items()) {
            if (std::ranges::find(taken_, name) == taken_.end())
                throw Wrong{"nobody knows \"" + name + "\" here"};
        }
    }

  private:
    const json* take(const char* name) {
        taken_.emplace_back(name);
        const auto found = object_.find(name);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }
    static std::string text_of(const json& value, const char* name) {
        if (value.is_string()) return value.get<std::string>();
        if (value.is_null()) return {};
        if (value.is_number_float()) {  // 5.73E+11 was a telephone number or a key once
            throw Wrong{
                std::string("\"") + name +
                "\" is a number with a point or an exponent: write it "
                "as text"};
        }
        if (value.is_number() || value.is_boolean()) return value.dump();
        throw Wrong{std::string("\"") + name + "\" is not text"};
    }

    const json& object_;
    protocol::Millis now_;
    std::vector<std::string> taken_;
};

BatchContactAdd contact_add(Members& members, const std::string& source) {
    BatchContactAdd action{.turf = members.text("turf"), .draft = {}};
    action.draft.kind = members.text_or("kind", {});
    action.draft.set = members.fields("set");
    action.draft.add = members.fields("add");
    action.draft.consents = members.consents();
    if (auto key = members.maybe_text("key")) {
        action.draft.key = engine::RowKey{source, std::move(*key)};
    }
    return action;
}

BatchContactSet contact_set(Members& members) {
    BatchContactSet action{
        .contact = members.text("contact"), .change = {}, .seen = members.seen()};
    action.change.set = members.fields("set");
    action.change.add = members.fields("add");
    action.change.remove = members.fields("remove");
    action.change.consents = members.consents();
    return action;
}

BatchInteractionAdd interaction_add(Members& members) {
    BatchInteractionAdd action{.contact = members.text("contact"), .draft = {}};
    action.draft.kind = members.text("kind");
    action.draft.outcome = members.text_or("outcome", {});
    action.draft.note = members.text_or("note", {});
    action.draft.at = members.time("at");
    return action;
}

BatchInteractionCorrect interaction_correct(Members& members) {
    BatchInteractionCorrect action{
        .interaction = members.text("interaction"), .change = {}, .seen = members.seen()};
    action.change.kind = members.maybe_text("kind");
    action.change.outcome = members.maybe_text("outcome");
    action.change.note = members.maybe_text("note");
    action.change.at = members.time("at");
    return action;
}

BatchSettle conflict_settle(Members& members) {
    const bool interaction = members.has("interaction");
    return {
        .record = members.text(interaction ? "interaction" : "contact"),
        .interaction = interaction,
        .field = members.text("field"),
        .value = members.text_or("value", {}),
        .seen = members.seen()};
}

BatchLine read(const json& object, protocol::Millis now) {
    if (!object.is_object()) throw Wrong{"the line is not a JSON object"};
    Members members(object, now);
    const std::string what = members.text("do");
    BatchLine line;
    line.source = members.text_or("source", "batch");
    if (what == "contact.add") {
        line.action = contact_add(members, line.source);
    } else if (what == "contact.set") {
        line.action = contact_set(members);
    } else if (what == "interaction.add") {
        line.action = interaction_add(members);
    } else if (what == "interaction.correct") {
        line.action = interaction_correct(members);
    } else if (what == "contact.retract" || what == "contact.restore") {
        line.action = BatchHide{members.text("contact"), false, what == "contact.restore"};
    } else if (what == "interaction.retract" || what == "interaction.restore") {
        line.action = BatchHide{members.text("interaction"), true, what == "interaction.restore"};
    } else if (what == "contact.release") {
        line.action = BatchRelease{members.text("contact"), false};
    } else if (what == "interaction.release") {
        line.action = BatchRelease{members.text("interaction"), true};
    } else if (what == "conflict.settle") {
        line.action = conflict_settle(members);
    } else if (what == "consent.lift") {
        line.action = BatchConsentLift{
            members.text("contact"), members.text("channel"), members.text("evidence")};
    } else {
        throw Wrong{"nobody knows how to do \"" + what + "\""};
    }
    members.expect_no_more();
    return line;
}

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

}  // namespace

std::expected<BatchLine, std::string> parse_batch_line(
    std::string_view line, protocol::Millis now) {
    NamesOnce names;
    const auto see = [&names](int, json::parse_event_t event, json& value) {
        return names.see(event, value);
    };
    const json parsed = json::parse(line, see, false);
    if (parsed.is_discarded()) return std::unexpected("the line is not JSON");
    if (names.twice()) return std::unexpected("\"" + *names.twice() + "\" stands there twice");
    try {
        return read(parsed, now);
    } catch (const Wrong& wrong) {
        return std::unexpected(wrong.why);
    }
}

}  // namespace vereda::client
