#include "engine/actions/edit_draft.h"

#include <algorithm>

#include "engine/projection/action.h"
#include "engine/schema/fields.h"

namespace vereda::engine {

using protocol::Write;

namespace {

// A value that is longer is not said again by each of many entries: those before the last write the
// field empty.
constexpr std::size_t value_repeated_max = 4096;
// To name fewer apart is not worth an entry: it was not they that made the edit too long.
constexpr std::size_t dots_apart_min = 4;

bool is_register(const Write& write) { return write.kind == Write::Kind::set_register; }

/// Takes from an edit, entry by entry, what one entry cannot name.
class Parts {
  public:
    Parts(protocol::Edit edit, EntryDraft envelope, LocalDot next)
        : rest_(std::move(edit)), envelope_(std::move(envelope)), next_(next) {}

    std::optional<std::vector<EntryDraft>> all() {
        while (!rest_.writes.empty() && !take(rest_)) {
            const auto most = std::ranges::max_element(
                rest_.writes, {}, [](const Write& write) { return write.over.dots.size(); });
            if (!take_start_of(*most)) return std::nullopt;
            if (most->over.dots.empty()) rest_.writes.erase(most);
        }
        return std::move(taken_);
    }

  private:
    // Makes an entry of it, if one holds it.
    bool take(const protocol::Edit& edit) {
        envelope_.body = protocol::encode(edit);
        if (!fits_an_entry(envelope_)) return false;
        taken_.push_back(envelope_);
        return true;
    }

    // As many of the dots that `write` is over as an entry of its own can name. A field's next
    // entry is over this one too, so that one value remains.
    bool take_start_of(Write& write) {
        std::vector<protocol::Reference>& dots = write.over.dots;
        protocol::Edit part{.writes = {write}, .source = rest_.source};
        Write& first = part.writes.front();
        const Bytes empty = protocol::null_value();
        if (is_register(write) && write.value.size() > value_repeated_max) first.value = empty;
        do {
            if (first.over.dots.size() < dots_apart_min) return false;
            first.over.dots.resize((first.over.dots.size() + 1) / 2);
        } while (!take(part));
        dots.erase(
            dots.begin(), dots.begin() + static_cast<std::ptrdiff_t>(first.over.dots.size()));
        const protocol::Seq written{next_.seq().value + taken_.size() - 1};
        if (is_register(write)) dots.push_back({0, written});
        return true;
    }

    protocol::Edit rest_;
    EntryDraft envelope_;
    LocalDot next_;
    std::vector<EntryDraft> taken_;
};

}  // namespace

protocol::Over over_of(std::span<const LocalDot> seen, LocalDot record, LogOrdinal own) {
    protocol::Over over;
    if (seen.size() == 1 && seen.front() == record) {
        over.creating = true;
        return over;
    }
    over.dots.reserve(seen.size());
    for (const LocalDot dot : seen) over.dots.push_back(open_reference(dot, own));
    return over;
}

protocol::CodeOrText channel_term(std::string_view channel) {
    const auto code = code_of(Vocabulary::channel, channel);
    return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, channel};
}

ByteView EditDraft::keep(ByteView bytes) {
    return values_.emplace_back(bytes.begin(), bytes.end());
}

Write& EditDraft::append(Write::Kind kind, std::uint32_t field, ByteView value) {
    return event_.writes.emplace_back(Write{.kind = kind, .field = field, .value = keep(value)});
}

void EditDraft::set(std::uint32_t field, ByteView value, std::span<const LocalDot> over) {
    append(Write::Kind::set_register, field, value).over = over_of(over, record_, own_);
}

void EditDraft::add(std::uint32_t field, ByteView element) {
    append(Write::Kind::add_element, field, element);
}

void EditDraft::remove(std::uint32_t field, ByteView element, std::span<const LocalDot> over) {
    append(Write::Kind::remove_element, field, element).over = over_of(over, record_, own_);
}

void EditDraft::consent(const protocol::CodeOrText& channel, protocol::ConsentState state) {
    const std::string_view kept = as_text(keep(as_bytes(channel.text)));
    event_.writes.push_back(
        {.kind = Write::Kind::consent,
         .consent = {.channel = {channel.code, kept}, .state = state}});
}

std::optional<std::vector<EntryDraft>> EditDraft::entries(
    LocalDot next, LocalDot parent, std::optional<std::string_view> source) const {
    protocol::Edit edit = event_;
    edit.source = source;
    const EntryDraft envelope{
        .type = protocol::EventType::edit, .record = record_, .parent = parent, .body = {}};
    return Parts(std::move(edit), envelope, next).all();
}

}  // namespace vereda::engine
