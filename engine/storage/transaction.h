#pragma once

#include "engine/storage/database.h"

namespace vereda::engine {

/// Everything between construction and `commit` happens, or nothing does. Not nestable. Rolls back
/// when it goes out of scope uncommitted, also by an exception.
class Transaction {
  public:
    /// One that only reads sees one state of the database, and keeps nobody from writing.
    enum class Kind { writes, reads };
    explicit Transaction(Database& database, Kind kind = Kind::writes);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// On return the changes are on disk (in memory: visible). When it throws they are undone here,
    /// but after an input/output error the disk may still hold them: reopen before judging.
    void commit();

  private:
    Database& database_;
};

}  // namespace vereda::engine
