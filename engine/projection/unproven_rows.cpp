#include "engine/projection/unproven_rows.h"

#include <algorithm>

namespace vereda::engine {
namespace {

using protocol::BlockHashStart;

std::int64_t number_of(ByteView start) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : start.first(BlockHashStart().size())) number = number << 8 | byte;
    return static_cast<std::int64_t>(number);
}

BlockHashStart start_of(std::int64_t number) {
    BlockHashStart start{};
    auto left = static_cast<std::uint64_t>(number);
    for (auto byte = start.rbegin(); byte != start.rend(); ++byte, left >>= 8)
        *byte = static_cast<std::uint8_t>(left);
    return start;
}

// A block's log and number, laid out as a dot.
std::int64_t id_of(BlockAt block) { return LocalDot::of(block.log, {block.block_no}).value; }
BlockAt block_of(std::int64_t id) {
    const LocalDot packed{id};
    return {packed.log(), packed.seq().value};
}

UnprovenRows::Waiting read(const Row& row) {
    UnprovenRows::Waiting waiting{
        .block = block_of(row.integer(1)), .start = start_of(row.integer(0))};
    const ByteView rest = row.blob(2);
    for (std::size_t at = 0; at < rest.size(); at += BlockHashStart().size()) {
        std::copy_n(
            rest.begin() + static_cast<std::ptrdiff_t>(at), BlockHashStart().size(),
            waiting.rest.emplace_back().begin());
    }
    return waiting;
}

}  // namespace

UnprovenRows::UnprovenRows(Database& database)
    : database_(&database),
      insert_(
          database,
          "INSERT INTO unproven(start, block, rest) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
      select_(database, "SELECT start, block, rest FROM unproven WHERE start = ?1 ORDER BY block"),
      delete_(database, "DELETE FROM unproven WHERE start = ?1"),
      select_all_(database, "SELECT start, block, rest FROM unproven LIMIT ?1") {
    const auto count = Statement(database, "SELECT count(*) FROM unproven").query_integer();
    count_ = static_cast<std::size_t>(count.value_or(0));
}

void UnprovenRows::add(const Waiting& row) {
    Bytes rest;
    for (const BlockHashStart& start : row.rest) rest.insert(rest.end(), start.begin(), start.end());
    insert_.run(number_of(row.start), id_of(row.block), rest);
    count_ += static_cast<std::size_t>(database_->changes());
}

std::vector<UnprovenRows::Waiting> UnprovenRows::take(const protocol::BlockHash& hash) {
    std::vector<Waiting> found;
    if (count_ == 0) return found;
    const std::int64_t start = number_of(hash.view());
    for (const Row& row : select_.query(start)) found.push_back(read(row));
    if (found.empty()) return found;
    delete_.run(start);
    count_ -= found.size();
    return found;
}

std::vector<UnprovenRows::Waiting> UnprovenRows::all(std::size_t limit) {
    std::vector<Waiting> found;
    for (const Row& row : select_all_.query(limit)) found.push_back(read(row));
    return found;
}

}  // namespace vereda::engine
