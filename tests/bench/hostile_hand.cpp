#include "tests/bench/hostile_hand.h"

#include <fstream>
#include <malloc.h>
#include <sys/resource.h>

#include "engine/schema/fields.h"

namespace vereda::bench {

using protocol::EventType;

namespace {

constexpr double mib = 1024.0 * 1024.0;

double processor_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    }
    return 0;
}

std::size_t bytes_of(const std::vector<Bytes>& blocks) {
    std::size_t bytes = 0;
    for (const Bytes& block : blocks) bytes += block.size();
    return bytes;
}

double disk_mib(const std::string& directory) {
    double disk = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory))
        disk += static_cast<double>(file.file_size()) / mib;
    return disk;
}

double seconds_of(const std::function<void()>& work) {
    const double start = processor_s();
    work();
    return processor_s() - start;
}

}  // namespace

Bytes entry(EventType type, protocol::Reference record, ByteView body) {
    return protocol::encode_entry(
        {.type = static_cast<std::uint64_t>(type), .record = record, .body = body});
}

Bytes contact_entry(std::uint64_t seq) {
    const Bytes name = protocol::text_value("Ana");
    protocol::ContactCreate event;
    event.values.push_back({engine::field::name, false, name});
    return entry(EventType::contact_create, {0, {seq}}, protocol::encode(event));
}

Bytes edit_entry(std::uint64_t field, const std::string& text, bool element) {
    const Bytes value = protocol::text_value(text);
    protocol::Write write{.field = field, .value = value};
    if (element) write.kind = protocol::Write::Kind::add_element;
    return entry(EventType::edit, {0, {1}}, protocol::encode(protocol::Edit{.writes = {write}}));
}

std::string random_letters(std::size_t size) {
    static std::uint64_t state = 7;
    std::string text;
    while (text.size() < size) {
        state = state * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        for (int shift = 16; shift < 64; shift += 8)
            text += static_cast<char>('0' + (state >> shift & 63));
    }
    text.resize(size);
    return text;
}

Json cost_of(Team& team, const Hand& hand, const Delivery& delivery) {
    engine::Workspace& laptop = team.laptop(0);
    engine::DirectOpener opener;
    const auto parting = hand.blocks().begin() + static_cast<std::ptrdiff_t>(delivery.before);
    const std::vector<Bytes> before(hand.blocks().begin(), parting);
    const std::vector<Bytes> blocks(parting, hand.blocks().end());
    const auto look = [&laptop] { static_cast<void>(laptop.projection().database()); };
    Team::receive(laptop, before, opener, 100);
    laptop.save_snapshot(true);
    const double disk = disk_mib(team.directory(1));
    const double counted = std::max(static_cast<double>(bytes_of(blocks)), 65536.0) / mib;
    malloc_trim(0);  // what was measured before must not lend its memory
    const double memory = resident_mib();
    const double reading =
        seconds_of([&] { Team::receive(laptop, blocks, opener, delivery.per_commit); });
    const double looking = seconds_of(look);
    const double grown = resident_mib() - memory;
    laptop.save_snapshot(true);
    const double disk_grown = disk_mib(team.directory(1)) - disk;
    team.shut(1);
    const double opening = seconds_of([&team] { team.reopen(1, {}); });
    return {
        {"bytes", bytes_of(blocks)},
        {"blocks", blocks.size()},
        {"processor_s", reading + looking},
        {"of_which_looking_s", looking},
        {"processor_s_per_mib", (reading + looking) / counted},
        {"memory_mib_per_mib", grown / counted},
        {"disk_mib_per_mib", disk_grown / counted},
        {"opening_s", opening},
        {"target", "<= 4 s, 96 MiB, 16 MiB a MiB"}};
}

}  // namespace vereda::bench
