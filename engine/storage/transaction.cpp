#include "engine/storage/transaction.h"

#include <sqlite3.h>

#include "crypto/assert.h"

namespace vereda::engine {

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
    VEREDA_ASSERT(!database_.in_transaction());
    database_.exec(kind == Kind::writes ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
    // Not exec: a destructor may not throw, and SQLite may have rolled back already.
    if (database_.in_transaction()) {
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

void Transaction::commit() {
    VEREDA_ASSERT(database_.in_transaction());
    database_.exec("COMMIT");
}

}  // namespace vereda::engine
