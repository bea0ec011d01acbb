#include "engine/replay/state_writer.h"

#include <algorithm>
#include <tuple>

#include "engine/schema/fields.h"
#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr std::size_t buffer_size = 16 * 1024;

// A value as one CBOR item, made on the stack: an interaction has three of them.
class SmallItem {
  public:
    explicit SmallItem(std::uint64_t value) { head(0, value); }
    explicit SmallItem(std::int64_t value) {
        value < 0 ? head(1, static_cast<std::uint64_t>(-1 - value))
                  : head(0, static_cast<std::uint64_t>(value));
    }
    [[nodiscard]] std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes_), size_};
    }

  private:
    void head(std::uint8_t major, std::uint64_t argument) {
        const auto lead = static_cast<std::uint8_t>(major << 5);
        if (argument < 24) {
            bytes_[size_++] = static_cast<std::uint8_t>(lead | argument);
            return;
        }
        const int log_size =
            argument <= 0xff ? 0 : (argument <= 0xffff ? 1 : (argument <= 0xffffffff ? 2 : 3));
        bytes_[size_++] = static_cast<std::uint8_t>(lead | (24 + log_size));
        for (int shift = (8 << log_size) - 8; shift >= 0; shift -= 8)
            bytes_[size_++] = static_cast<std::uint8_t>(argument >> shift);
    }
    std::uint8_t bytes_[9]{};
    std::size_t size_ = 0;
};

}  // namespace

StateWriter::StateWriter(const LogStore& store, const protocol::TurfId& turf)
    : store_(store), hash_("turf-state") {
    buffer_.reserve(buffer_size + 1024);
    bytes(turf.view());
}

void StateWriter::flush() {
    hash_.update(buffer_);
    buffer_.clear();
}

void StateWriter::byte(std::uint8_t value) {
    if (buffer_.size() >= buffer_size) flush();
    buffer_.push_back(value);
}

// Seven bits a byte, the least significant first; the high bit says that more follow.
void StateWriter::number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
}

void StateWriter::bytes(ByteView value) {
    number(value.size());
    if (buffer_.size() + value.size() > buffer_size) flush();
    buffer_.insert(buffer_.end(), value.begin(), value.end());
}

void StateWriter::dot(LocalDot dot) {
    bytes(store_.info(dot.log()).log.view());
    number(dot.seq().value);
}

void StateWriter::item(
    std::uint32_t field, LocalDot written_by, bool live, std::string_view element,
    std::string_view value, std::string_view source) {
    number(field);
    bytes(as_bytes(element));
    byte(static_cast<std::uint8_t>((live ? 1 : 0) | (written_by == own_ ? 0 : 2)));
    if (written_by != own_) dot(written_by);
    bytes(as_bytes(value));
    bytes(as_bytes(source));
}

bool StateWriter::before(LocalDot a, LocalDot b) const {
    if (a.log() == b.log()) return a.seq() < b.seq();
    return store_.info(a.log()).log < store_.info(b.log()).log;
}

void StateWriter::items(const RecordState::Items& items) {
    std::vector<const RecordState::Item*> sorted;
    sorted.reserve(items.size());
    for (const RecordState::Item& each : items) {
        if (each.proven && each.field != critical_slot) sorted.push_back(&each);
    }
    std::sort(
        sorted.begin(), sorted.end(),
        [this](const RecordState::Item* a, const RecordState::Item* b) {
            const auto place_a = std::tie(a->field, a->element);
            const auto place_b = std::tie(b->field, b->element);
            return place_a == place_b ? before(a->dot, b->dot) : place_a < place_b;
        });
    number(sorted.size());
    for (const RecordState::Item* each : sorted)
        item(each->field, each->dot, each->live, each->element, each->value, each->source);
}

bool StateWriter::initial(LocalDot id, const protocol::ContactCreate& event) {
    if (!event.consents.empty()) return false;
    const protocol::InitialValue* last = nullptr;
    for (const protocol::InitialValue& value : event.values) {
        const bool in_order = last == nullptr || last->field < value.field ||
                              (value.element && last->field == value.field &&
                               as_text(last->value) < as_text(value.value));
        if (!in_order || is_of_merge(value.field)) return false;
        last = &value;
    }
    const std::string_view source = event.key ? event.key->source : std::string_view{};
    number(event.values.size());
    for (const protocol::InitialValue& value : event.values) {
        const auto code = static_cast<std::uint32_t>(value.field);
        const std::string_view bytes = as_text(value.value);
        item(
            code, id, true, value.element ? bytes : std::string_view{},
            value.element ? std::string_view{} : bytes, source);
    }
    return true;
}

void StateWriter::visit(LocalDot id, const Visit& visit) {
    number(visit.note ? 4 : 3);
    item(field::kind, id, true, {}, SmallItem(visit.kind).view(), {});
    item(field::outcome, id, true, {}, SmallItem(visit.outcome).view(), {});
    if (visit.note) {
        scratch_.clear();
        protocol::CborWriter(scratch_).text(*visit.note);
        item(field::note, id, true, {}, as_text(scratch_), {});
    }
    item(field::at, id, true, {}, SmallItem(visit.at_ms).view(), {});
}

crypto::Hash StateWriter::finish() {
    flush();
    return hash_.finish();
}

}  // namespace vereda::engine
