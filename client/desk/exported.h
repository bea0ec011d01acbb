#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/desk/problems/problem.h"
#include "client/desk/requests.h"
#include "client/desk/shown.h"
#include "engine/queries/queries.h"
#include "engine/queries/record_ids.h"
#include "protocol/ids.h"

/// Contacts and interactions as an export has them, one by one: of an organisation of any size only
/// one is in memory at a time.
namespace vereda::client {

struct FieldExported {
    std::uint32_t code = 0;
    std::string name;
    bool set = false;
    std::vector<std::string> values;  ///< The one that shows; of a set, every element.
};

struct ContactExported {
    std::string id;
    std::string turf;
    std::string kind;
    std::string name;
    protocol::Millis created;
    std::vector<FieldExported> fields;
    std::vector<ConsentShown> consents;
    std::vector<engine::RowKey> keys;
    std::vector<std::string> conflicts;  ///< Names of fields that have other values besides.
};

struct VisitExported {
    std::string id;
    std::string contact;
    std::string contact_name;
    bool contact_is_here = true;
    std::string turf;
    std::string kind, outcome, note;
    protocol::Millis at;
    std::string member, member_id, device, device_id;
    std::vector<std::string> conflicts;
};

/// Goes through the contacts of one list. Borrows the workspace. Throws StorageFailure.
class ContactsExport {
  public:
    ContactsExport(engine::Workspace& workspace, std::vector<engine::ContactLine> contacts);

    [[nodiscard]] std::size_t size() const { return contacts_.size(); }
    /// How many of them were looked at.
    [[nodiscard]] std::size_t done() const { return done_; }
    /// The channels of consent that have a column: the schema's, and whatever else occurs here.
    [[nodiscard]] std::vector<std::string> channels();
    /// Nothing after the last one.
    [[nodiscard]] std::optional<ContactExported> next();

  private:
    [[nodiscard]] ContactExported exported(const engine::ContactView& contact) const;

    engine::Queries queries_;
    engine::RecordIds ids_;
    std::vector<engine::ContactLine> contacts_;
    std::size_t done_ = 0;
};

/// Goes through the interactions of one list of contacts, contact by contact.
class VisitsExport {
  public:
    /// Those of one turf, if there is one.
    VisitsExport(
        engine::Workspace& workspace, std::vector<engine::ContactLine> contacts,
        std::optional<engine::TurfNumber> turf);

    [[nodiscard]] std::size_t size() const { return contacts_.size(); }
    [[nodiscard]] std::size_t done() const { return done_; }
    /// Those with the next contact; nothing after the last one.
    [[nodiscard]] std::optional<std::vector<VisitExported>> next();

  private:
    [[nodiscard]] VisitExported exported(
        const engine::InteractionLine& visit, const engine::ContactLine& contact) const;

    engine::Queries queries_;
    engine::RecordIds ids_;
    std::vector<engine::ContactLine> contacts_;
    std::optional<engine::TurfNumber> turf_;
    std::size_t done_ = 0;
};

}  // namespace vereda::client
