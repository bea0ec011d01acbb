#include "tests/bench/team.h"

#include <algorithm>
#include <unistd.h>

#include "engine/roster/roster_writer.h"
#include "engine/schema/fields.h"
#include "engine/sync/roster_change.h"

namespace vereda::bench {
namespace {

using engine::EntryDraft;
using engine::LocalDot;
using engine::Workspace;

std::vector<protocol::ServedEntry> whole_roster(Workspace& workspace) {
    std::vector<protocol::ServedEntry> entries;
    for (const Bytes& wire : workspace.kept_roster()) entries.push_back({.entry = wire});
    return entries;
}

protocol::CodeOrText term(engine::Vocabulary vocabulary, const std::string& word) {
    const auto code = engine::code_of(vocabulary, word);
    return code ? protocol::CodeOrText{*code, {}} : protocol::CodeOrText{0, word};
}

}  // namespace

ScratchDirectory::ScratchDirectory()
    : path_(
          std::filesystem::temp_directory_path() / ("vereda-bench-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
}
ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Team::Team(std::size_t laptops, Workspace::Options options) : options_(options) {
    protocol::HubEntry hub{.url = "https://127.0.0.1:1", .epoch = 1};
    hub.signing_key = crypto::SigningKey::generate(entropy_).public_key();
    auto founded = Workspace::found(
        environment_, directory(0), engine::KeySecret::key_file(key_file_),
        {{"Carla", "office"}, "Bench", hub, {}}, options_);
    members_.push_back({std::move(founded->workspace)});
    engine::sync::RosterChange change(coordinator(), [&](const engine::RosterWriter& writer) {
        auto made = writer.create_turf();
        turf_ = made->turf;
        turf_key_ = made->key.clone();
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {made->entries, std::nullopt});
    });
    change.apply_alone();
    VEREDA_ASSERT(coordinator().add_key(turf_, {1}, turf_key_.view()));
    for (std::size_t i = 0; i < laptops; ++i) invite_one();
    for (Member& member : members_) {
        VEREDA_ASSERT(member.workspace->extend_roster(whole_roster(coordinator())));
    }
}

std::string Team::directory(std::size_t member) const {
    return scratch_.path("member-" + std::to_string(member));
}

void Team::invite_one() {
    std::optional<protocol::InviteCode> code;
    engine::sync::TurfKeys keys(coordinator().keyring());
    engine::sync::RosterChange change(coordinator(), [&](const engine::RosterWriter& writer) {
        auto invited = writer.invite({.turfs = {turf_}}, keys.source(), clock_);
        code = invited->code;
        return std::expected<engine::sync::ChangeOffer, engine::RosterWriteError>(
            {{invited->entry}, protocol::InviteShare{invited->share}});
    });
    change.apply_alone();
    auto joined = Workspace::join(
        environment_, directory(members_.size()), engine::KeySecret::key_file(key_file_),
        {"Member", "laptop"}, *code, options_);
    Workspace& workspace = *joined->workspace;
    const auto enrolment = engine::placed(
        engine::make_enrolment(*code, workspace.identity().member, workspace.identity().keys),
        coordinator().roster());
    const protocol::ServedEntry served{.entry = protocol::encode(enrolment)};
    VEREDA_ASSERT(coordinator().extend_roster({&served, 1}));
    VEREDA_ASSERT(workspace.extend_roster(whole_roster(coordinator())));
    const protocol::TurfId common = coordinator().roster().common();
    VEREDA_ASSERT(workspace.add_key(turf_, {1}, turf_key_.view()));
    VEREDA_ASSERT(
        workspace.add_key(common, {1}, coordinator().keyring().find(common, {1})->epoch_key()));
    workspace.set_beginnings({});
    members_.push_back({std::move(joined->workspace)});
}

void Team::reopen(std::size_t member, Workspace::Options options) {
    members_[member].workspace.reset();
    auto opened = Workspace::open(
        environment_, directory(member), engine::KeySecret::key_file(key_file_),
        std::move(options));
    VEREDA_ASSERT(opened);
    members_[member].workspace = std::move(*opened);
}

engine::TurfNumber Team::turf_of(Workspace& workspace) const { return workspace.number_of(turf_); }

void Team::add_people(const std::vector<Person>& people) {
    Workspace& workspace = coordinator();
    const engine::TurfNumber turf = turf_of(workspace);
    workspace.begin_group();
    for (const Person& person : people) {
        const LocalDot dot = workspace.append(turf, person_draft(person));
        people_.push_back({workspace.store().info(dot.log()).log, dot.seq()});
    }
    workspace.commit_group();
    workspace.close_blocks();
}

void Team::share_people() {
    const std::vector<Bytes> blocks = own_blocks(coordinator());
    engine::DirectOpener opener;
    for (std::size_t i = 1; i < members_.size(); ++i)
        receive(*members_[i].workspace, blocks, opener, 100);
}

LocalDot Team::person(Workspace& workspace, std::size_t i) const {
    return LocalDot::of(*workspace.store().find_log(people_[i].log), people_[i].seq);
}

void Team::play(
    Workspace& workspace, const std::vector<Deed>& day, std::size_t block_entries,
    bool acknowledged) {
    const engine::TurfNumber turf = turf_of(workspace);
    for (std::size_t from = 0; from < day.size(); from += block_entries) {
        workspace.begin_group();
        for (std::size_t i = from; i < std::min(day.size(), from + block_entries); ++i) {
            clock_.set(day[i].at_ms);
            const LocalDot who = person(workspace, day[i].person);
            static_cast<void>(workspace.append(
                turf,
                day[i].visit ? visit_draft(who, day[i]) : edit_draft(workspace, who, day[i])));
        }
        workspace.commit_group();
        workspace.close_blocks();
        if (acknowledged) note_acknowledged(workspace);
    }
}

// As after a sync: no second copy of a block is kept.
void Team::note_acknowledged(Workspace& workspace) {
    engine::LogStore& store = workspace.store();
    engine::Transaction transaction(store.database());
    for (const engine::LogOrdinal log : workspace.writer().own_logs()) {
        if (store.head(log)) store.set_pushed(log, store.head(log)->block_no + 1);
    }
    transaction.commit();
}

std::vector<Bytes> Team::own_blocks(Workspace& workspace) {
    std::vector<Bytes> blocks;
    for (const engine::LogOrdinal log : workspace.writer().own_logs()) {
        if (workspace.store().info(log).turf.value == 0) continue;
        workspace.store().visit_blocks(log, {0}, [&](const engine::StoredBlock& block) {
            blocks.push_back(block.bytes);
            return true;
        });
    }
    return blocks;
}

void Team::receive(
    Workspace& workspace, const std::vector<Bytes>& blocks, engine::BlockOpener& opener,
    std::size_t per_commit) {
    for (std::size_t from = 0; from < blocks.size(); from += per_commit) {
        std::vector<engine::BlockOpener::Job> jobs;
        for (std::size_t i = from; i < std::min(blocks.size(), from + per_commit); ++i) {
            jobs.push_back({blocks[i], std::nullopt, false});
        }
        workspace.receive(std::move(jobs), opener);
    }
}

EntryDraft visit_draft(LocalDot person, const Deed& deed) {
    const protocol::InteractionCreate event{
        .kind = term(engine::Vocabulary::interaction_kind, deed.kind),
        .outcome = term(engine::Vocabulary::outcome, deed.outcome),
        .note = deed.note};
    return {
        .type = protocol::EventType::interaction_create,
        .parent = person,
        .body = protocol::encode(event)};
}

EntryDraft person_draft(const Person& person) {
    std::vector<std::pair<std::uint64_t, Bytes>> values;
    for (std::size_t i = 0; i < person_fields.size(); ++i) {
        const engine::Field* known =
            engine::find_field(engine::FieldOwner::contact, person_fields[i]);
        values.emplace_back(known->code, protocol::text_value(person.values[i]));
    }
    std::sort(values.begin(), values.end());
    protocol::ContactCreate event;
    for (const auto& [code, value] : values) event.values.push_back({code, false, value});
    return {.type = protocol::EventType::contact_create, .body = protocol::encode(event)};
}

EntryDraft edit_draft(Workspace& workspace, LocalDot person, const Deed& deed) {
    const engine::Field* known =
        engine::find_field(engine::FieldOwner::contact, person_fields[deed.field]);
    const auto row = workspace.projection().contacts().load(person);
    VEREDA_ASSERT(known && row);
    const Bytes value = protocol::text_value(deed.value);
    protocol::Write write{
        .kind = protocol::Write::Kind::set_register,
        .field = known->code,
        .value = value,
        .consent = {},
        .over = {}};
    const auto seen = row->state.dots({known->code, {}});
    if (seen.size() == 1 && seen[0] == person) {
        write.over.creating = true;
    } else {
        for (const LocalDot dot : seen) {
            write.over.dots.push_back(engine::open_reference(
                dot, workspace.writer().own_log(workspace.roster(), row->turf)));
        }
    }
    return {
        .type = protocol::EventType::edit,
        .record = person,
        .body = protocol::encode(protocol::Edit{{write}, {}})};
}

}  // namespace vereda::bench
