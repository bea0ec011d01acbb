#include "office.h"

#include <limits>

#include "protocol/domain.h"
#include "protocol/sync/leaf.h"

namespace vereda::server::test {

Office::Office(std::uint64_t seed)
    : entropy(seed),
      ana(engine::DeviceSecrets::generate(entropy)),
      ben(engine::DeviceSecrets::generate(entropy)),
      east{entropy.bytes<16>()},
      west{entropy.bytes<16>()} {
    const auto recovery = crypto::SigningKey::generate(entropy);
    engine::Founded made = engine::found(ana, recovery.public_key(), std::nullopt, entropy);
    workspace = made.workspace;
    entries = std::move(made.entries);
}

Footprint Office::footprint(bool writes) const {
    Footprint footprint{.writes = writes, .workspaces = {}};
    footprint.workspaces[workspace] = {
        .appends = writes, .turfs = {east, west}, .devices = {ana.device(), ben.device()}};
    return footprint;
}

WorkspaceStanding Office::begin(Store& store, bool writes) const {
    return store.begin(footprint(writes)).at(workspace);
}

WorkspaceStanding Office::look(Store& store) const {
    WorkspaceStanding standing = begin(store, false);
    store.commit();
    return standing;
}

WorkspaceNo Office::found(Store& store, const TokenHash& token) const {
    static_cast<void>(store.begin(footprint(true)));
    WorkspaceStanding standing;
    standing.no = store.workspaces().add(workspace, token);
    for (std::uint64_t at = 0; at < entries.size(); ++at) put_entry(store, standing, at);
    store.commit();
    return standing.no;
}

void Office::put_entry(
    Store& store, const WorkspaceStanding& standing, std::uint64_t position,
    protocol::Millis now) const {
    const protocol::ChainHash chain{protocol::payload_hash(entries.at(position).wire).bytes};
    store.rosters().put_entry(
        standing.no, {position}, entries.at(position).wire, {position + 1, now}, chain);
}

OfficeLog Office::log(const engine::DeviceSecrets& author, const protocol::TurfId& turf) {
    OfficeLog log{{}, author.signing};
    log.core.device = author.device();
    log.core.turf = turf;
    log.core.incarnation = {entropy.bytes<16>()};
    log.core.count = 1;
    log.core.first_seq = {1};
    return log;
}

Bytes Office::next(OfficeLog& log, std::size_t size) {
    Bytes payload(size);
    entropy.fill(payload);
    log.core.root = {entropy.bytes<32>()};
    Bytes header = protocol::encode_core(log.core);
    append(header, protocol::payload_hash(payload).view());
    log.core.previous = protocol::block_hash(workspace, header);
    log.core.block_no += 1;
    log.core.first_seq = log.core.first_seq.next();
    return protocol::encode_block(
        header, protocol::sign_block(workspace, header, log.key), payload);
}

namespace {

LogNo number_of(Store& store, WorkspaceNo workspace, const protocol::ParsedBlock& block) {
    for (const StoredLog& log : store.logs().of_device(workspace, block.core.device)) {
        if (log.log == block.log) return log.no;
    }
    return store.logs().add(workspace, block.log, block.core.device);
}

}  // namespace

NewBlock Office::put(
    Store& store, WorkspaceStanding& standing, ByteView block, bool evidence,
    protocol::Millis now) const {
    const auto parsed = *protocol::parse_block(workspace, block);
    StreamEnd& end = standing.streams.at(parsed.core.turf);
    if (end.no == StreamNo{}) {
        end.chain = protocol::chain_start(workspace, standing.epoch, parsed.core.turf);
        end.no = store.streams().add(standing.no, parsed.core.turf, end.chain);
    }
    const protocol::Acceptance leaf{end.seq + 1, now};
    const auto step = encode_leaf(protocol::leaf_of(workspace, parsed), leaf);
    const NewBlock put{
        .workspace = standing.no,
        .stream = end.no,
        .log = number_of(store, standing.no, parsed),
        .author = parsed.core.device,
        .block_no = parsed.core.block_no,
        .evidence = evidence,
        .leaf = leaf,
        .chain = protocol::chain_next(end.chain, step),
        .hash = parsed.hash,
        .last_seq = parsed.core.last_seq(),
        .block = block};
    store.streams().put(put);
    end = {end.no, leaf.stream_seq, put.chain};
    return put;
}

NewBlock Office::push(Store& store, OfficeLog& log, bool evidence, protocol::Millis now) {
    const Bytes block = next(log);
    WorkspaceStanding standing = begin(store);
    NewBlock put_block = put(store, standing, block, evidence, now);
    store.commit();
    put_block.block = {};  // its bytes are gone
    return put_block;
}

std::vector<StoredBlock> all_blocks(Store& store, StreamNo stream) {
    constexpr auto all = std::numeric_limits<std::uint32_t>::max();
    return store.streams().blocks_after(stream, 0, all, all, 0, false);
}

}  // namespace vereda::server::test
