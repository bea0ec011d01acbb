#include <utility>

#include "protocol/sync/message_parts.h"

namespace vereda::protocol {

constexpr std::size_t found_entries_max = 256;
constexpr std::size_t wrap_path_max = 64;  // no tree of 64-bit counts is higher

void write(CborWriter& out, const EntryWraps& wraps) {
    out.array(2).unsigned_integer(wraps.position.value);
    write_all(out, wraps.wraps);
}
void read(CborReader& in, EntryWraps& wraps) {
    in.array_of(2);
    wraps.position.value = in.unsigned_integer();
    read_all(in, wraps.wraps);
}

void write(CborWriter& out, const LogId& log) { out.byte_string(log.view()); }
void read(CborReader& in, LogId& log) { log = in.id<LogId>(); }

void write(CborWriter& out, const ServedWrap& wrap) {
    out.array(7).unsigned_integer(wrap.position.value).byte_string(wrap.turf.view());
    out.unsigned_integer(wrap.epoch.value).unsigned_integer(wrap.index);
    out.unsigned_integer(wrap.count).byte_string(wrap.wrap);
    out.array(wrap.path.size());
    for (const crypto::Hash& sibling : wrap.path) out.byte_string(sibling);
}
void read(CborReader& in, ServedWrap& wrap) {
    in.array_of(7);
    wrap.position.value = in.unsigned_integer();
    wrap.turf = in.id<TurfId>();
    wrap.epoch.value = in.unsigned_integer();
    wrap.index = in.unsigned_integer();
    wrap.count = in.unsigned_integer();
    if (wrap.index >= wrap.count) in.fail();
    wrap.wrap = read_bytes(in, wrap_size_max);
    const std::size_t height = in.array();
    if (height > wrap_path_max) in.fail();
    for (std::size_t i = 0; i < height && in.ok(); ++i) in.fixed(wrap.path.emplace_back());
}

/// [tag, first, second]: the two answers to a compare-and-set.
constexpr std::uint64_t appended_tag = 0;
constexpr std::uint64_t conflict_tag = 1;

void write(CborWriter& out, const ServedEntry& entry) {
    out.array(3).raw(entry.entry).unsigned_integer(entry.leaf.stream_seq);
    write_time(out, entry.leaf.accepted);
}
void read(CborReader& in, ServedEntry& entry) {
    in.array_of(3);
    entry.entry = read_item(in);
    entry.leaf.stream_seq = in.unsigned_integer();
    entry.leaf.accepted = read_time(in);
}

Bytes encode(const FoundRequest& request) {
    Bytes body;
    CborWriter out(body);
    out.array(3).byte_string(request.token.view());
    write_items(out, request.entries);
    write_all(out, request.wraps);
    return body;
}
Parsed<FoundRequest> parse_found_request(ByteView body) {
    CborReader in(body);
    FoundRequest request;
    in.array_of(3);
    request.token = in.id<FoundingToken>();
    read_items(in, request.entries, found_entries_max);
    if (request.entries.empty()) in.fail();
    read_all(in, request.wraps);
    return finish(in, std::move(request));
}

Bytes encode(const FoundAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(1), answer.leaves);
    return body;
}
Parsed<FoundAnswer> parse_found_answer(ByteView body) {
    CborReader in(body);
    FoundAnswer answer;
    in.array_of(1);
    read_all(in, answer.leaves);
    return finish(in, std::move(answer));
}

Bytes encode(const RosterReadRequest& request) {
    Bytes body;
    CborWriter out(body);
    out.array(4).unsigned_integer(request.from.value);
    write_all(out, request.own_logs);
    write(out, request.pull);
    request.known ? out.byte_string(request.known->view()) : out.null();
    return body;
}
Parsed<RosterReadRequest> parse_roster_read_request(ByteView body) {
    CborReader in(body);
    RosterReadRequest request;
    in.array_of(4);
    request.from.value = in.unsigned_integer();
    read_all(in, request.own_logs);
    if (request.own_logs.size() > own_logs_max) in.fail();
    read(in, request.pull);
    if (!in.take_null()) request.known = in.id<RosterHash>();
    return finish(in, std::move(request));
}

Bytes encode(const RosterReadAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(5), answer.entries);
    write_all(out.boolean(answer.more), answer.heads);
    write(out, answer.head);
    write_all(out, answer.turfs);
    return body;
}
Parsed<RosterReadAnswer> parse_roster_read_answer(ByteView body) {
    CborReader in(body);
    RosterReadAnswer answer;
    in.array_of(5);
    read_all(in, answer.entries);
    answer.more = in.boolean();
    read_all(in, answer.heads);
    read(in, answer.head);
    read_all(in, answer.turfs);
    if (answer.more && !answer.turfs.empty()) in.fail();
    return finish(in, std::move(answer));
}

Bytes encode(const RosterAppendRequest& request) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(3).raw(request.entry), request.wraps);
    request.share ? out.byte_string(request.share->view()) : out.null();
    return body;
}
Parsed<RosterAppendRequest> parse_roster_append_request(ByteView body) {
    CborReader in(body);
    RosterAppendRequest request;
    in.array_of(3);
    request.entry = read_item(in);
    read_all(in, request.wraps);
    if (!in.take_null()) request.share = in.id<InviteShare>();
    return finish(in, std::move(request));
}

Bytes encode(const RosterAppendAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    out.array(3);
    if (const auto* appended = std::get_if<RosterAppended>(&answer)) {
        out.unsigned_integer(appended_tag).unsigned_integer(appended->position.value);
        write(out, appended->leaf);
    } else {
        const auto& conflict = std::get<RosterConflict>(answer);
        out.unsigned_integer(conflict_tag).unsigned_integer(conflict.length);
        out.byte_string(conflict.last.view());
    }
    return body;
}
Parsed<RosterAppendAnswer> parse_roster_append_answer(ByteView body) {
    CborReader in(body);
    in.array_of(3);
    const std::uint64_t tag = in.unsigned_integer();
    if (tag == appended_tag) {
        RosterAppended appended{.position = {in.unsigned_integer()}, .leaf = {}};
        read(in, appended.leaf);
        return finish(in, RosterAppendAnswer(appended));
    }
    if (tag != conflict_tag) in.fail();
    RosterConflict conflict{.length = in.unsigned_integer(), .last = {}};
    conflict.last = in.id<RosterHash>();
    return finish(in, RosterAppendAnswer(conflict));
}

Bytes encode(const EnrolRequest& request) {
    Bytes body;
    CborWriter(body).array(2).raw(request.entry).boolean(request.placed);
    return body;
}
Parsed<EnrolRequest> parse_enrol_request(ByteView body) {
    CborReader in(body);
    EnrolRequest request;
    in.array_of(2);
    request.entry = read_item(in);
    request.placed = in.boolean();
    return finish(in, std::move(request));
}

Bytes encode(const EnrolAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    out.array(3).unsigned_integer(answer.position.value);
    write(out, answer.leaf);
    out.byte_string(answer.share.view());
    return body;
}
Parsed<EnrolAnswer> parse_enrol_answer(ByteView body) {
    CborReader in(body);
    EnrolAnswer answer;
    in.array_of(3);
    answer.position.value = in.unsigned_integer();
    read(in, answer.leaf);
    answer.share = in.id<InviteShare>();
    return finish(in, answer);
}

Bytes encode(const WrapsReadRequest& request) {
    Bytes body;
    CborWriter(body).array(1).byte_string(request.recipient);
    return body;
}
Parsed<WrapsReadRequest> parse_wraps_read_request(ByteView body) {
    CborReader in(body);
    WrapsReadRequest request;
    in.array_of(1);
    in.fixed(request.recipient);
    return finish(in, request);
}

Bytes encode(const WrapsReadAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(1), answer.wraps);
    return body;
}
Parsed<WrapsReadAnswer> parse_wraps_read_answer(ByteView body) {
    CborReader in(body);
    WrapsReadAnswer answer;
    in.array_of(1);
    read_all(in, answer.wraps);
    return finish(in, std::move(answer));
}

Bytes encode(const WentBackRequest& request) {
    Bytes body;
    CborWriter out(body);
    write(out.array(1), request.head);
    return body;
}
Parsed<WentBackRequest> parse_went_back_request(ByteView body) {
    CborReader in(body);
    WentBackRequest request;
    in.array_of(1);
    read(in, request.head);
    return finish(in, std::move(request));
}

Bytes encode(const WentBackAnswer& answer) {
    Bytes body;
    CborWriter(body).array(1).boolean(answer.proven);
    return body;
}
Parsed<WentBackAnswer> parse_went_back_answer(ByteView body) {
    CborReader in(body);
    in.array_of(1);
    return finish(in, WentBackAnswer{in.boolean()});
}

}  // namespace vereda::protocol
