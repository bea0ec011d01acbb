#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <tuple>

#include "server/store/sqlite/sqlite_store.h"
#include "tests/unit/server/folder.h"

/// The suite that a store of a hub has to pass. A new one adds a factory to `Stores`: a class that
/// makes an empty store when it is constructed and clears it away when it goes. `connect` opens it
/// as one hub would, and may be called again while others have it open. Every test of this folder
/// then runs on it as well.
namespace vereda::server::test {

class SqliteFiles {
  public:
    [[nodiscard]] std::unique_ptr<Store> connect() const {
        auto opened = SqliteStore::open({.path = folder_ / "hub.db", .shared = true});
        REQUIRE(opened.has_value());
        return *std::move(opened);
    }

  private:
    Folder folder_;
};

using Stores = std::tuple<SqliteFiles>;

}  // namespace vereda::server::test
