#include <utility>

#include "protocol/sync/message_parts.h"

namespace vereda::protocol {

/// [why, milliseconds until it is worth another try]
void write_wait(CborWriter& out, const BlockVerdict& verdict) {
    out.array(2).unsigned_integer(static_cast<std::uint64_t>(verdict.wait));
    out.unsigned_integer(verdict.again_after_ms);
}
void read_wait(CborReader& in, BlockVerdict& verdict) {
    in.array_of(2);
    const std::uint64_t wait = in.unsigned_integer();
    if (wait == 0 || wait > push_wait_last) in.fail();
    verdict.wait = static_cast<PushWait>(wait);
    verdict.again_after_ms = in.unsigned_integer();
    if (verdict.again_after_ms > push_wait_ms_max) in.fail();
}

/// [outcome, leaf | head or null | reason | wait]
void write(CborWriter& out, const BlockVerdict& verdict) {
    out.array(2).unsigned_integer(static_cast<std::uint64_t>(verdict.outcome));
    switch (verdict.outcome) {
        case PushOutcome::accepted:
        case PushOutcome::already_had:
        case PushOutcome::evidence:
            write(out, verdict.leaf);
            break;
        case PushOutcome::predecessor_unknown:
            verdict.head ? write(out, *verdict.head) : static_cast<void>(out.null());
            break;
        case PushOutcome::refused:
            out.unsigned_integer(static_cast<std::uint64_t>(verdict.reason));
            break;
        case PushOutcome::not_yet:
            write_wait(out, verdict);
            break;
    }
}

BlockRefusal read_reason(CborReader& in) {
    const std::uint64_t reason = in.unsigned_integer();
    if (reason == 0 || reason > block_refusal_last) in.fail();
    return static_cast<BlockRefusal>(reason);
}

void read(CborReader& in, BlockVerdict& verdict) {
    in.array_of(2);
    const std::uint64_t outcome = in.unsigned_integer();
    if (outcome > static_cast<std::uint64_t>(PushOutcome::not_yet)) return in.fail();
    verdict.outcome = static_cast<PushOutcome>(outcome);
    if (verdict.outcome == PushOutcome::refused) {
        verdict.reason = read_reason(in);
    } else if (verdict.outcome == PushOutcome::not_yet) {
        read_wait(in, verdict);
    } else if (verdict.outcome != PushOutcome::predecessor_unknown) {
        read(in, verdict.leaf);
    } else if (!in.take_null()) {
        read(in, verdict.head.emplace());
    }
}

void write(CborWriter& out, const LeafRange& range) {
    out.array(2).unsigned_integer(range.first).unsigned_integer(range.last);
}
void read(CborReader& in, LeafRange& range) {
    in.array_of(2);
    range.first = in.unsigned_integer();
    range.last = in.unsigned_integer();
}

/// Whether ranges are the one way to write what they say: after the cursor, ascending, never side
/// by side.
bool are_held(const PullCursor& cursor) {
    std::uint64_t before = cursor.turf_seq;
    for (const LeafRange& range : cursor.held) {
        const bool first = &range == cursor.held.data();
        if (range.first <= before + (first ? 0 : 1) || range.last < range.first) return false;
        before = range.last;
    }
    return cursor.held.size() <= pull_held_max;
}

/// [turf, hub_epoch, turf_seq, turf_chain, [[first, last]…]]
void write(CborWriter& out, const PullCursor& cursor) {
    out.array(5).byte_string(cursor.turf.view()).unsigned_integer(cursor.hub_epoch);
    out.unsigned_integer(cursor.turf_seq).byte_string(cursor.turf_chain.view());
    write_all(out, cursor.held);
}
void read(CborReader& in, PullCursor& cursor) {
    in.array_of(5);
    cursor.turf = in.id<TurfId>();
    cursor.hub_epoch = in.unsigned_integer();
    cursor.turf_seq = in.unsigned_integer();
    cursor.turf_chain = in.id<ChainHash>();
    read_all(in, cursor.held);
    if (!are_held(cursor)) in.fail();
}

/// [[cursor…], max bytes]
void write(CborWriter& out, const PullRequest& request) {
    write_all(out.array(2), request.cursors);
    out.unsigned_integer(request.bytes_max);
}
void read(CborReader& in, PullRequest& request) {
    in.array_of(2);
    read_all(in, request.cursors);
    if (request.cursors.size() > pull_turfs_max) in.fail();
    request.bytes_max = in.unsigned_integer();
}
void write(CborWriter& out, const std::optional<PullRequest>& request) {
    request ? write(out, *request) : static_cast<void>(out.null());
}
void read(CborReader& in, std::optional<PullRequest>& request) {
    if (!in.take_null()) read(in, request.emplace());
}

/// [block, seal | null, [stream_seq, accepted_ms]]
void write(CborWriter& out, const ServedBlock& served) {
    out.array(3).raw(served.block);
    served.seal.empty() ? out.null() : out.raw(served.seal);
    write(out, served.leaf);
}
void read(CborReader& in, ServedBlock& served) {
    in.array_of(3);
    served.block = read_item(in);
    if (!in.take_null()) served.seal = read_item(in);
    read(in, served.leaf);
}

/// [turf, outcome, blocks, signed head | null, more?]
void write(CborWriter& out, const PulledTurf& pulled) {
    out.array(5).byte_string(pulled.turf.view());
    out.unsigned_integer(static_cast<std::uint64_t>(pulled.outcome));
    write_all(out, pulled.blocks);
    pulled.outcome == PullOutcome::not_granted ? static_cast<void>(out.null())
                                               : write(out, pulled.head);
    out.boolean(pulled.more);
}
void read(CborReader& in, PulledTurf& pulled) {
    in.array_of(5);
    pulled.turf = in.id<TurfId>();
    const std::uint64_t outcome = in.unsigned_integer();
    if (outcome > static_cast<std::uint64_t>(PullOutcome::not_granted)) return in.fail();
    pulled.outcome = static_cast<PullOutcome>(outcome);
    read_all(in, pulled.blocks);
    const bool headless = in.take_null();
    if (!headless) read(in, pulled.head);
    pulled.more = in.boolean();
    // Blocks and heads come with chunks; nothing can follow what is not served.
    const bool chunk = pulled.outcome == PullOutcome::chunk;
    if (headless != (pulled.outcome == PullOutcome::not_granted)) in.fail();
    if (!chunk && (pulled.more || !pulled.blocks.empty())) in.fail();
}

/// [blocks, pull | null], from version 1 on followed by the version.
Bytes encode(const PushRequest& request) {
    Bytes body;
    CborWriter out(body);
    write_items(out.array(request.version == 0 ? 2 : 3), request.blocks);
    write(out, request.pull);
    if (request.version != 0) out.unsigned_integer(request.version);
    return body;
}
Parsed<PushRequest> parse_push_request(ByteView body) {
    CborReader in(body);
    PushRequest request;
    const std::size_t items = in.array();
    if (items != 2 && items != 3) in.fail();
    read_items(in, request.blocks, push_blocks_max);
    read(in, request.pull);
    if (items == 3) request.version = in.unsigned_integer();
    if (items == 3 && request.version == 0) in.fail();  // the first form says it shorter
    return finish(in, std::move(request));
}

Bytes encode(const PushAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(2), answer.verdicts);
    write_all(out, answer.turfs);
    return body;
}
Parsed<PushAnswer> parse_push_answer(ByteView body) {
    CborReader in(body);
    PushAnswer answer;
    in.array_of(2);
    read_all(in, answer.verdicts);
    read_all(in, answer.turfs);
    return finish(in, std::move(answer));
}

Bytes encode(const PullRequest& request) {
    Bytes body;
    CborWriter out(body);
    write(out, request);
    return body;
}
Parsed<PullRequest> parse_pull_request(ByteView body) {
    CborReader in(body);
    PullRequest request;
    read(in, request);
    return finish(in, std::move(request));
}

Bytes encode(const PullAnswer& answer) {
    Bytes body;
    CborWriter out(body);
    write_all(out.array(1), answer.turfs);
    return body;
}
Parsed<PullAnswer> parse_pull_answer(ByteView body) {
    CborReader in(body);
    PullAnswer answer;
    in.array_of(1);
    read_all(in, answer.turfs);
    return finish(in, std::move(answer));
}

}  // namespace vereda::protocol
