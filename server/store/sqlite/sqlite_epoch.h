#pragma once

#include "engine/storage/database.h"

namespace vereda::server {

/// Begins hub epoch `epoch`: the leaves stay, every chain over them begins again. Within a
/// transaction of the caller's. Throws StorageFailure (corrupt) when a stored block or entry does
/// not parse.
void rechain(engine::Database& database, std::uint64_t epoch);

/// Gives the blocks of a store of before their places. Once, in one transaction; nothing where that
/// was done.
void place_blocks_of_before(engine::Database& database);

}  // namespace vereda::server
