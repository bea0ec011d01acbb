#include "tests/sim/faulty_disk.h"

#include <algorithm>

#include "crypto/assert.h"

namespace vereda::sim {

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
class SectorDice {
  public:
    explicit SectorDice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t below(std::uint64_t bound) {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (z ^ (z >> 31)) % bound;
    }

  private:
    std::uint64_t state_;
};

namespace {

constexpr std::uint64_t sector_size = 512;

void overwrite(Bytes& image, std::uint64_t offset, ByteView data) {
    if (image.size() < offset + data.size()) image.resize(offset + data.size());
    std::ranges::copy(data, image.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

std::string directory_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

// --- A file
// -------------------------------------------------------------------------------------------------

std::int64_t FaultyDisk::File::birth_ns() const {
    return 1'700'000'000'000'000'000 + static_cast<std::int64_t>(inode) * 1'000'000;
}

void FaultyDisk::File::apply(Bytes& image, const Change& change) {
    if (change.truncation) {
        image.resize(change.offset);
    } else {
        overwrite(image, change.offset, change.data);
    }
}

/// Half of the change's sectors reach the disk, one in eight of those only up to some byte.
void FaultyDisk::File::apply_torn(const Change& change, SectorDice& dice) {
    if (change.truncation) {
        if (dice.below(2) == 0) apply(durable_, change);
        return;
    }
    ByteView rest = change.data;
    std::uint64_t offset = change.offset;
    while (!rest.empty()) {
        const auto length =
            std::min<std::uint64_t>(rest.size(), sector_size - offset % sector_size);
        const bool kept = dice.below(2) == 0;
        const auto arrived = dice.below(8) == 0 ? dice.below(length) : length;
        if (kept && arrived > 0) overwrite(durable_, offset, rest.first(arrived));
        rest = rest.subspan(length);
        offset += length;
    }
}

void FaultyDisk::File::make_durable() {
    for (const Change& change : pending_) apply(durable_, change);
    pending_.clear();
}

void FaultyDisk::File::power_lost(SectorDice* dice) {
    if (dice != nullptr) {
        for (const Change& change : pending_) apply_torn(change, *dice);
    }
    pending_.clear();
    seen_ = durable_;
    locks.clear();
}

// --- Faults
// -------------------------------------------------------------------------------------------------

FaultyDisk::FaultyDisk() = default;
FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::lose_power(std::optional<std::uint64_t> torn_seed) {
    SectorDice dice(torn_seed.value_or(0));
    SectorDice* torn = torn_seed ? &dice : nullptr;
    has_power_ = false;
    ++generation_;
    power_fails_at_ = 0;
    sync_fails_at_ = 0;

    const std::size_t kept = torn == nullptr ? 0 : dice.below(pending_names_.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) {
        for (const NameChange& change : pending_names_[i])
            durable_names_[change.path] = change.file;
    }
    std::erase_if(durable_names_, [](const auto& name) { return name.second == nullptr; });
    pending_names_.clear();
    names_ = durable_names_;
    for (const auto& [path, file] : names_) file->power_lost(torn);
}

void FaultyDisk::become(const FaultyDisk& other) {
    ++generation_;
    pending_names_.clear();
    names_.clear();
    for (const auto& [path, file] : other.durable_names_) {
        auto image = std::make_shared<File>(file->inode);
        image->seen_ = image->durable_ = file->durable_;
        names_[path] = std::move(image);
    }
    durable_names_ = names_;
    next_inode_ = other.next_inode_;
}

void FaultyDisk::restart() { has_power_ = true; }

void FaultyDisk::lose_power_at(std::uint64_t operation, std::optional<std::uint64_t> torn_seed) {
    power_fails_at_ = operations_ + operation;
    torn_seed_ = torn_seed;
}

void FaultyDisk::fail_sync_at(std::uint64_t sync) { sync_fails_at_ = syncs_ + sync; }

bool FaultyDisk::power_fails_now() {
    if (++operations_ != power_fails_at_) return false;
    lose_power(torn_seed_);
    return true;
}

bool FaultyDisk::sync_fails_now() { return ++syncs_ == sync_fails_at_; }

void FaultyDisk::rot(const std::string& path, std::size_t offset, std::uint8_t mask) {
    File& file = *names_.at(path);
    if (offset < file.seen_.size()) file.seen_[offset] ^= mask;
    if (offset < file.durable_.size()) file.durable_[offset] ^= mask;
}

void FaultyDisk::copy(const std::string& from, const std::string& to) {
    const auto copied = std::make_shared<File>(next_inode_++);
    copied->seen_ = names_.at(from)->seen_;
    copied->durable_ = copied->seen_;
    names_[to] = copied;
    durable_names_[to] = copied;
}

// --- Looking
// -------------------------------------------------------------------------------------------------

std::optional<Bytes> FaultyDisk::contents(const std::string& path) const {
    const auto found = names_.find(path);
    if (found == names_.end()) return std::nullopt;
    return found->second->seen_;
}

std::optional<Bytes> FaultyDisk::durable_contents(const std::string& path) const {
    const auto found = durable_names_.find(path);
    if (found == durable_names_.end()) return std::nullopt;
    return found->second->durable_;
}

std::vector<std::string> FaultyDisk::paths() const {
    std::vector<std::string> paths;
    for (const auto& [path, file] : names_) paths.push_back(path);
    return paths;
}

Bytes FaultyDisk::all_bytes() const {
    Bytes all;
    for (const auto* names : {&names_, &durable_names_}) {
        for (const auto& [path, file] : *names) {
            append(all, file->seen_);
            append(all, file->durable_);
        }
    }
    return all;
}

void FaultyDisk::look_for_canaries(ByteView data) {
    for (const Bytes& canary : canaries_) {
        if (!std::ranges::search(data, canary).empty()) ++canary_sightings_;
    }
}

// --- The file system
// --------------------------------------------------------------------------------------------

std::shared_ptr<FaultyDisk::File> FaultyDisk::open(const std::string& path, bool create) {
    if (!has_power_) return nullptr;
    const auto found = names_.find(path);
    if (found != names_.end()) return found->second;
    if (!create) return nullptr;
    const auto file = std::make_shared<File>(next_inode_++);
    names_[path] = file;
    pending_names_.push_back({NameChange{path, file}});
    return power_fails_now() ? nullptr : file;
}

std::optional<std::size_t> FaultyDisk::read(
    const File& file, std::uint64_t offset, std::span<std::uint8_t> out) const {
    if (!has_power_) return std::nullopt;
    if (offset >= file.seen_.size()) return 0;
    const auto length = std::min<std::size_t>(out.size(), file.seen_.size() - offset);
    std::ranges::copy(ByteView(file.seen_).subspan(offset, length), out.begin());
    return length;
}

std::uint64_t FaultyDisk::room_for(const File& file) const {
    std::uint64_t others = 0;
    for (const auto& [path, other] : names_) {
        if (other.get() != &file) others += other->size();
    }
    return capacity_ > others ? capacity_ - others : 0;
}

DiskResult FaultyDisk::write(File& file, std::uint64_t offset, ByteView data) {
    if (!has_power_) return DiskResult::no_power;
    ++writes_;
    look_for_canaries(data);
    const std::uint64_t room = std::max(room_for(file), file.size());
    const bool fits = offset + data.size() <= room;
    if (!fits) data = data.first(room > offset ? room - offset : 0);
    file.pending_.push_back({.offset = offset, .data = Bytes(data.begin(), data.end())});
    if (!data.empty()) File::apply(file.seen_, file.pending_.back());
    if (power_fails_now()) return DiskResult::no_power;
    return fits ? DiskResult::ok : DiskResult::full;
}

DiskResult FaultyDisk::truncate(File& file, std::uint64_t size) {
    if (!has_power_) return DiskResult::no_power;
    file.pending_.push_back({.offset = size, .data = {}, .truncation = true});
    File::apply(file.seen_, file.pending_.back());
    return power_fails_now() ? DiskResult::no_power : DiskResult::ok;
}

DiskResult FaultyDisk::sync(File& file) {
    if (!has_power_ || power_fails_now()) return DiskResult::no_power;
    if (sync_fails_now()) {
        file.pending_.clear();
        return DiskResult::io_error;
    }
    if (!ignore_syncs_) file.make_durable();
    return DiskResult::ok;
}

DiskResult FaultyDisk::sync_directory(const std::string& directory) {
    if (!has_power_ || power_fails_now()) return DiskResult::no_power;
    if (sync_fails_now()) return DiskResult::io_error;
    if (ignore_syncs_) return DiskResult::ok;
    const auto is_here = [&](const std::vector<NameChange>& changes) {
        return directory_of(changes.front().path) == directory;
    };
    for (const auto& changes : pending_names_) {
        if (!is_here(changes)) continue;
        for (const NameChange& change : changes) durable_names_[change.path] = change.file;
    }
    std::erase_if(durable_names_, [](const auto& name) { return name.second == nullptr; });
    std::erase_if(pending_names_, is_here);
    return DiskResult::ok;
}

DiskResult FaultyDisk::remove(const std::string& path) {
    if (!has_power_) return DiskResult::no_power;
    if (names_.erase(path) == 0) return DiskResult::missing;
    pending_names_.push_back({NameChange{path, nullptr}});
    return power_fails_now() ? DiskResult::no_power : DiskResult::ok;
}

DiskResult FaultyDisk::rename(const std::string& from, const std::string& to) {
    if (!has_power_) return DiskResult::no_power;
    const auto found = names_.find(from);
    if (found == names_.end()) return DiskResult::missing;
    VEREDA_ASSERT(directory_of(from) == directory_of(to));
    const auto file = found->second;
    names_.erase(found);
    names_[to] = file;
    pending_names_.push_back({NameChange{to, file}, NameChange{from, nullptr}});
    return power_fails_now() ? DiskResult::no_power : DiskResult::ok;
}

}  // namespace vereda::sim
