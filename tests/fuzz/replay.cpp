#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

/// Replays a target's corpus without libFuzzer: every file as it is, cut, and with a few bytes
/// changed. The changes are the same in every run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int mutations_per_file = 100;
constexpr int random_inputs = 2000;

std::size_t below(std::mt19937& random, std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

std::uint8_t any_byte(std::mt19937& random) {
    return static_cast<std::uint8_t>(below(random, 256));
}

/// Hands over a copy that ends where the input ends, so that a sanitizer sees the first byte too
/// far.
void run(const Input& input) {
    const Input exact(input);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

Input mutated(Input input, std::mt19937& random) {
    if (input.empty()) return input;
    for (std::size_t changes = below(random, 4); changes > 0; --changes) {
        input[below(random, input.size())] = any_byte(random);
    }
    if (below(random, 4) == 0) input.resize(below(random, input.size()));
    if (below(random, 8) == 0) input.push_back(any_byte(random));
    return input;
}

Input read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return Input(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

int replay(const std::filesystem::path& corpus, std::mt19937& random) {
    int files = 0;
    if (!std::filesystem::is_directory(corpus)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        const Input input = read_file(entry.path());
        run(input);
        for (int i = 0; i < mutations_per_file; ++i) run(mutated(input, random));
        ++files;
    }
    return files;
}

}  // namespace

int main(int count, char** arguments) {
    std::mt19937 random(1);
    run({});
    for (int i = 0; i < random_inputs; ++i) {
        Input input(below(random, 64));
        for (auto& byte : input) byte = any_byte(random);
        run(input);
    }
    int files = 0;
    for (int i = 1; i < count; ++i) files += replay(arguments[i], random);
    std::printf("%d files replayed\n", files);
    return 0;
}
