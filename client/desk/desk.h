#pragma once

// Lives here: what may be asked of one open vault, and what is answered, as values.
// Begin: here, then `requests.h` and the answers beside it; `problem.h` says what went wrong.
// Must not know: words, threads, sockets, files, JSON, the terminal.

#include <map>
#include <string>
#include <vector>

#include "client/desk/authors.h"
#include "client/desk/exported.h"
#include "client/desk/problems/problem.h"
#include "client/desk/requests.h"
#include "client/desk/shown.h"
#include "client/desk/status_shown.h"
#include "client/desk/written.h"
#include "engine/actions/actions.h"
#include "engine/audit/audit.h"
#include "engine/queries/lost_work.h"
#include "engine/queries/queries.h"
#include "engine/queries/record_ids.h"
#include "engine/queries/set_aside.h"

namespace vereda::client {

/// One open vault, at which people ask and are answered. Borrows the workspace; for one thread at a
/// time. Tables of ids and names are made at the first question that needs them and kept. Not for
/// use across `Workspace::begin_incarnation`. Throws StorageFailure.
class Desk {
  public:
    struct Options {
        std::string phone_region = {};  ///< ISO 3166, for numbers typed without +; may be empty.
    };

    explicit Desk(engine::Workspace& workspace) : Desk(workspace, Options{}) {}
    Desk(engine::Workspace& workspace, const Options& options);

    // ---- writes: everything is checked before anything is written; durable on return, or with
    // the workspace's `commit_group`
    [[nodiscard]] Or<Written> write(const WriteRequest& request);
    [[nodiscard]] Or<Written> write(const AddContact& request);
    [[nodiscard]] Or<Written> write(const ChangeContact& request);
    [[nodiscard]] Or<Written> write(const HideContact& request);
    [[nodiscard]] Or<Written> write(const ReleaseContact& request);
    [[nodiscard]] Or<Written> write(const LiftConsent& request);
    [[nodiscard]] Or<Written> write(const AddInteraction& request);
    [[nodiscard]] Or<Written> write(const CorrectInteraction& request);
    [[nodiscard]] Or<Written> write(const HideInteraction& request);
    [[nodiscard]] Or<Written> write(const ReleaseInteraction& request);
    [[nodiscard]] Or<Written> write(const SettleConflict& request);

    // ---- before somebody is asked for a text that would be for nothing
    [[nodiscard]] Or<void> expect_turf(const std::string& name);
    [[nodiscard]] Or<void> expect_contact(const ContactName& name);
    [[nodiscard]] Or<void> expect_interaction(const std::string& id);

    // ---- reads
    [[nodiscard]] Or<ContactShown> read(const ShowContact& request);
    [[nodiscard]] Or<std::vector<ContactRow>> read(const ListContacts& request);
    [[nodiscard]] Or<std::vector<ContactRow>> read(const SearchContacts& request);
    [[nodiscard]] Or<std::vector<ConflictShown>> read(const ListConflicts& request);
    [[nodiscard]] Or<std::vector<EntryShown>> read(const ShowHistory& request);
    [[nodiscard]] Or<ContactsExport> read(const ExportContacts& request);
    /// Also with contacts that are lost or not here.
    [[nodiscard]] Or<VisitsExport> read(const ExportVisits& request);

    [[nodiscard]] Or<std::vector<TurfRow>> read(const ListTurfs& request);
    [[nodiscard]] Or<StatusShown> read(const ShowStatus& request);
    /// May take long: `progress` hears how far it is.
    [[nodiscard]] engine::AuditReport read(
        const VerifyVault& request, const engine::AuditProgress& progress = {});
    [[nodiscard]] ReplayShown read(
        const ReplayLog& request, const engine::AuditProgress& progress = {});
    /// Own actions that no block could hold.
    [[nodiscard]] std::vector<SetAsideShown> set_aside();

    /// What no sync has told yet. From now on it counts as told.
    [[nodiscard]] SyncNews take_news();

    [[nodiscard]] engine::Workspace& workspace() { return workspace_; }

  private:
    [[nodiscard]] Or<engine::TurfNumber> turf_called(const std::string& name);
    /// Nothing for an empty name: every turf.
    [[nodiscard]] Or<std::optional<engine::TurfNumber>> only_turf(const std::string& name);
    [[nodiscard]] Or<engine::LocalDot> contact_called(const ContactName& name);
    [[nodiscard]] std::optional<engine::LocalDot> by_own_key(const ContactName& name);
    [[nodiscard]] Or<Written> changed(
        engine::LocalDot record, const engine::People::Result& result) const;
    void note_hiding(engine::LocalDot contact, Written& written);
    void note_time(std::optional<protocol::Millis> when, Written& written) const;
    [[nodiscard]] Or<engine::RecordKind> kind_to_settle(const SettleConflict& request);
    [[nodiscard]] Or<Written> settle_contact(const SettleConflict& request);
    [[nodiscard]] Or<Written> settle_interaction(const SettleConflict& request);
    [[nodiscard]] Or<std::string> value_to_settle(const SettleConflict& request) const;

    [[nodiscard]] ContactShown shown(const engine::ContactView& contact, bool lists_hidden);
    [[nodiscard]] VisitShown shown(const engine::InteractionLine& visit, engine::LocalDot contact);
    [[nodiscard]] FieldShown shown(const engine::FieldView& field);
    [[nodiscard]] ValueShown shown(const engine::ValueView& value);
    [[nodiscard]] ConflictShown shown(const engine::ConflictView& conflict);
    [[nodiscard]] std::vector<ContactRow> rows_of(const std::vector<engine::ContactLine>& lines);
    [[nodiscard]] ContactShown::Presence presence_of(const engine::ContactView& contact);
    [[nodiscard]] std::vector<std::string> ids_of(
        const std::vector<engine::LocalDot>& entries) const;

    [[nodiscard]] std::vector<SetAsideShown> shown(
        const std::vector<engine::SetAsideView>& actions) const;
    [[nodiscard]] std::vector<LostWorkShown> shown(const std::vector<engine::LostWork>& lost) const;
    [[nodiscard]] std::string turf_id(engine::TurfNumber turf) const;
    void take_hidden(SyncNews& news);
    void take_lost(SyncNews& news);
    [[nodiscard]] std::string contact_id_of(engine::LocalDot visit);

    engine::Workspace& workspace_;
    engine::People people_;
    engine::Queries queries_;
    engine::RecordIds ids_;
    Authors authors_;
    std::map<std::string, engine::TurfNumber> turfs_;  // by what they were called
};

}  // namespace vereda::client
