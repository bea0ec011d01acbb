#include "tests/house/layering.h"

#include <algorithm>

namespace vereda::house {
namespace {

using Folders = std::vector<std::string_view>;

struct Room {
    std::string_view folder;
    std::string_view
        main_header;      // it says what lives there, where to begin, what it must not know
    Folders may_include;  // besides itself
};

Folders operator+(Folders some, const Folders& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

const Folders bytes{"crypto/", "protocol/"};
const Folders formats = Folders{"protocol/log/", "protocol/roster/", "protocol/sync/"} + bytes;
const Folders kept =
    Folders{"engine/roster/", "engine/vault/", "engine/storage/", "engine/"} + formats;
const Folders shown =
    Folders{"engine/merge/", "engine/log/", "engine/schema/", "engine/text/"} + kept;
const Folders open_vault =
    Folders{"engine/workspace/", "engine/replay/", "engine/projection/"} + shown;
const Folders asked = Folders{"engine/queries/"} + open_vault;
const Folders engine =
    Folders{"engine/sheets/", "engine/actions/", "engine/audit/", "engine/sync/"} + asked;
const Folders http{"protocol/http/", "protocol/http/listener/"};

const Folders at_desk{"client/desk/", "client/desk/problems/", "client/desk/times/"};
const Folders sayings = Folders{"client/api/", "client/words/", "client/terminal/"} + at_desk;
const Folders commands = Folders{"client/commands/", "client/answers/"} + sayings + engine;

/// From the roof down, so what a room may include stands below it.
const std::vector<Room> rooms{
    {"client/", "command_line.h",
     Folders{"client/commands/", "client/answers/"} + sayings + engine},
    {"client/commands/sheets/", "export_row.h", commands},
    {"client/commands/vault/", "synchronise.h", Folders{"client/line/"} + http + commands},
    {"client/commands/", "commands.h", Folders{"client/answers/"} + sayings + engine},
    {"client/answers/", "report.h", sayings + asked},
    {"client/api/", "json_text.h", at_desk + engine},
    {"client/words/", "catalogue.h", Folders{"client/desk/problems/", "crypto/"}},
    {"client/line/", "hub_line.h", Folders{"client/desk/problems/"} + http + engine},
    {"client/terminal/", "prompt.h",
     Folders{"client/desk/problems/", "client/desk/times/"} + engine},
    {"client/desk/", "desk.h", Folders{"client/desk/problems/", "client/desk/times/"} + engine},
    {"client/desk/problems/", "problem.h", engine},
    {"client/desk/times/", "time_text.h", Folders{"engine/text/"} + bytes},

    {"server/", "serve.h", Folders{"server/routes/", "server/hub/", "server/data/"} + http + kept},
    {"server/routes/", "routes.h", Folders{"server/hub/"} + http + kept},
    {"server/hub/", "hub.h", Folders{"server/data/", "server/store/"} + kept},
    {"server/data/", "hub_data.h", Folders{"server/store/sqlite/", "server/store/"} + kept},
    {"server/store/sqlite/", "sqlite_store.h", Folders{"server/store/"} + kept},
    {"server/store/", "store.h", formats},

    {"engine/sheets/", "sheet.h", Folders{"engine/actions/"} + asked},
    {"engine/actions/", "actions.h", asked},
    {"engine/audit/", "audit.h", asked},
    {"engine/sync/", "session.h", open_vault},
    {"engine/queries/", "queries.h", open_vault},
    {"engine/workspace/", "workspace.h", Folders{"engine/replay/", "engine/projection/"} + shown},
    {"engine/replay/", "replay.h", Folders{"engine/projection/"} + shown},
    {"engine/projection/", "projection.h", shown},
    {"engine/merge/", "record_state.h",
     Folders{"engine/log/", "engine/schema/", "engine/text/"} + formats},
    {"engine/log/", "log_store.h", kept},
    {"engine/roster/", "roster.h", Folders{"engine/"} + formats},
    {"engine/vault/", "vault_files.h", Folders{"engine/storage/", "engine/"} + formats},
    {"engine/storage/", "database.h", bytes},
    {"engine/schema/", "fields.h", Folders{"engine/text/"} + formats},
    {"engine/text/", "fold.h", bytes},
    {"engine/", "clock.h", bytes},

    {"protocol/http/listener/", "server.h", Folders{"protocol/http/", "protocol/sync/"} + bytes},
    {"protocol/http/", "exchange.h", Folders{"protocol/sync/"} + bytes},
    {"protocol/sync/", "message.h", Folders{"protocol/log/"} + bytes},
    {"protocol/roster/", "roster_entry.h", Folders{"protocol/log/"} + bytes},
    {"protocol/log/", "block.h", bytes},
    {"protocol/", "ids.h", {"crypto/"}},
    {"crypto/", "bytes.h", {}},
};

struct Library {
    std::string_view header;  // or the beginning of its headers
    Folders homes;
    bool in_sources_only = false;
};

const std::vector<Library> libraries{
    {"sodium", {"crypto/"}, true},
    {"zstd", {"protocol/log/", "engine/log/", "engine/replay/"}, true},
    {"sqlite3", {"engine/storage/"}, true},
    {"unicode/", {"engine/text/", "engine/sheets/", "client/words/", "client/terminal/"}, true},
    {"uchardet", {"engine/sheets/"}, true},
    {"phonenumbers/", {"engine/schema/"}, true},
    {"boost/", {"protocol/http/listener/"}},
    {"openssl/", {"protocol/http/", "protocol/http/listener/", "client/line/"}},
    {"nlohmann/", {"server/", "client/api/", "client/words/"}},
    {"curl/", {"client/line/"}, true},
    {"qrencode", {"client/terminal/"}, true},
    {"CLI/", {"server/", "client/", "client/commands/"}},
};

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == path.npos ? std::string_view() : path.substr(0, slash + 1);
}

const Room* room_of(std::string_view path) {
    const auto found = std::ranges::find_if(
        rooms, [folder = folder_of(path)](const Room& room) { return folder == room.folder; });
    return found == rooms.end() ? nullptr : &*found;
}

bool contains(const Folders& folders, std::string_view folder) {
    return std::ranges::find(folders, folder) != folders.end();
}

std::optional<std::string> wrong_own(const Room& from, const std::string& target) {
    const Room* to = room_of(target);
    if (to == nullptr) return "\"" + target + "\" is no header of a room, named from the root";
    if (to == &from || contains(from.may_include, to->folder)) return std::nullopt;
    return std::string(from.folder) + " may not include " + std::string(to->folder);
}

std::optional<std::string> wrong_library(
    const Room& from, std::string_view path, const std::string& target) {
    const auto library = std::find_if(libraries.begin(), libraries.end(), [&](const Library& each) {
        return target.starts_with(each.header);
    });
    if (library == libraries.end()) return std::nullopt;
    if (!contains(library->homes, from.folder))
        return "<" + target + "> has no home in " + std::string(from.folder);
    if (library->in_sources_only && is_header(path))
        return "<" + target + "> belongs into a .cpp, not into a header";
    return std::nullopt;
}

std::string_view without_spaces(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

bool take(std::string_view& text, std::string_view word) {
    text = without_spaces(text);
    if (!text.starts_with(word)) return false;
    text = without_spaces(text.substr(word.size()));
    return true;
}

}  // namespace

std::vector<Include> includes_of(std::string_view text) {
    std::vector<Include> includes;
    std::size_t number = 0;
    for (std::string_view line : lines_of(text)) {
        ++number;
        if (!take(line, "#") || !take(line, "include") || line.empty()) continue;
        const bool own = line.front() == '"';
        const std::size_t end = line.find(own ? '"' : '>', 1);
        if (end != line.npos)
            includes.push_back({std::string(line.substr(1, end - 1)), own, number});
    }
    return includes;
}

std::optional<std::string> wrong_arrow(std::string_view path, const Include& include) {
    const Room* from = room_of(path);
    if (from == nullptr) return std::nullopt;
    return include.own ? wrong_own(*from, include.target)
                       : wrong_library(*from, path, include.target);
}

bool is_in_a_room(std::string_view path) { return room_of(path) != nullptr; }

std::vector<std::string> main_headers() {
    std::vector<std::string> headers;
    for (const Room& room : rooms)
        headers.push_back(std::string(room.folder) + std::string(room.main_header));
    return headers;
}

std::vector<std::string> arrows_up() {
    std::vector<std::string> up;
    for (auto room = rooms.begin(); room != rooms.end(); ++room) {
        for (const std::string_view below : room->may_include) {
            const bool stands_below = std::any_of(
                room + 1, rooms.end(), [below](const Room& each) { return each.folder == below; });
            if (!stands_below)
                up.push_back(std::string(room->folder) + " -> " + std::string(below));
        }
    }
    return up;
}

std::vector<std::string> wrong_arrows(const SourceFile& file) {
    std::vector<std::string> wrong;
    for (const Include& include : includes_of(file.text))
        if (const auto why = wrong_arrow(file.path, include))
            wrong.push_back(file.path + ":" + std::to_string(include.line) + ": " + *why);
    return wrong;
}

}  // namespace vereda::house
