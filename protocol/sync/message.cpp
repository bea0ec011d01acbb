#include "protocol/sync/message.h"

#include <array>
#include <utility>

#include "protocol/sync/message_parts.h"

namespace vereda::protocol {
namespace {

constexpr std::array<std::pair<MessageName, std::string_view>, 8> names{{
    {MessageName::found, "found"},
    {MessageName::roster_read, "roster-read"},
    {MessageName::roster_append, "roster-append"},
    {MessageName::enrol, "enrol"},
    {MessageName::wraps_read, "wraps-read"},
    {MessageName::push, "push"},
    {MessageName::pull, "pull"},
    {MessageName::went_back, "went-back"},
}};
constexpr std::size_t head_size_max = 128;
constexpr std::size_t url_size_max = 2048;

}  // namespace

std::string_view text_of(MessageName name) { return names[static_cast<std::size_t>(name)].second; }

std::optional<MessageName> parse_message_name(std::string_view text) {
    for (const auto& [name, known] : names) {
        if (text == known) return name;
    }
    return std::nullopt;
}

void write_time(CborWriter& out, Millis time) {
    out.unsigned_integer(time.value < 0 ? 0 : static_cast<std::uint64_t>(time.value));
}
Millis read_time(CborReader& in) { return {static_cast<std::int64_t>(in.unsigned_integer())}; }

void write(CborWriter& out, const Acceptance& leaf) {
    out.array(2).unsigned_integer(leaf.stream_seq);
    write_time(out, leaf.accepted);
}
void read(CborReader& in, Acceptance& leaf) {
    in.array_of(2);
    leaf.stream_seq = in.unsigned_integer();
    if (leaf.stream_seq == 0) in.fail();  // a stream's leaves count from 1
    leaf.accepted = read_time(in);
}

void write(CborWriter& out, const LogTip& head) {
    out.array(4).byte_string(head.log.view()).unsigned_integer(head.block_no);
    out.byte_string(head.block.view()).unsigned_integer(head.last_seq.value);
}
void read(CborReader& in, LogTip& head) {
    in.array_of(4);
    head.log = in.id<LogId>();
    head.block_no = in.unsigned_integer();
    head.block = in.id<BlockHash>();
    head.last_seq.value = in.unsigned_integer();
}

void write(CborWriter& out, const SignedHead& head) {
    out.array(2).byte_string(head.head).byte_string(head.signature);
}
void read(CborReader& in, SignedHead& head) {
    in.array_of(2);
    head.head = read_bytes(in, head_size_max);
    in.fixed(head.signature);
}

void write(CborWriter& out, const SealedWrap& wrap) {
    out.array(4).byte_string(wrap.turf.view()).unsigned_integer(wrap.epoch.value);
    out.byte_string(wrap.recipient).byte_string(wrap.wrap);
}
void read(CborReader& in, SealedWrap& wrap) {
    in.array_of(4);
    wrap.turf = in.id<TurfId>();
    wrap.epoch.value = in.unsigned_integer();
    in.fixed(wrap.recipient);
    wrap.wrap = read_bytes(in, wrap_size_max);
}

Bytes read_item(CborReader& in) {
    const ByteView item = in.item();
    return {item.begin(), item.end()};
}

Bytes read_bytes(CborReader& in, std::size_t size_max) {
    const ByteView bytes = in.byte_string();
    if (bytes.size() > size_max) in.fail();
    return in.ok() ? Bytes(bytes.begin(), bytes.end()) : Bytes();
}

void write_items(CborWriter& out, const std::vector<Bytes>& items) {
    out.array(items.size());
    for (const Bytes& item : items) out.raw(item);
}

void read_items(CborReader& in, std::vector<Bytes>& items, std::size_t count_max) {
    const std::size_t count = in.array();
    if (count > count_max) in.fail();
    for (std::size_t i = 0; i < count && in.ok(); ++i) items.push_back(read_item(in));
}

Bytes encode(const RefusalAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    out.array(2).unsigned_integer(static_cast<std::uint64_t>(answer.code));
    write_time(out, answer.hub_time);
    return body;
}

Parsed<RefusalAnswer> parse_refusal_answer(ByteView body) {
    CborReader in(body);
    in.array_of(2);
    const std::uint64_t code = in.unsigned_integer();
    if (code == 0 || code > refusal_last) in.fail();
    const RefusalAnswer answer{static_cast<Refusal>(code), read_time(in)};
    return finish(in, answer);
}

Bytes encode(const HubCard& card) {
    Bytes body;
    CborWriter out(body);
    out.array(4).byte_string(card.signing_key).unsigned_integer(card.hub_epoch);
    out.text(card.public_url);
    write_time(out, card.time);
    return body;
}

Parsed<HubCard> parse_hub_card(ByteView body) {
    CborReader in(body);
    HubCard card;
    in.array_of(4);
    in.fixed(card.signing_key);
    card.hub_epoch = in.unsigned_integer();
    card.public_url = in.text();
    if (card.public_url.size() > url_size_max) in.fail();
    card.time = read_time(in);
    return finish(in, std::move(card));
}

}  // namespace vereda::protocol
