#include "client/terminal/vault_secret.h"

#include <algorithm>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "client/desk/problems/client_problem.h"
#include "client/desk/problems/file_failure.h"
#include "client/desk/problems/vault_problem.h"
#include "client/terminal/prompt.h"
#include "client/terminal/prompt_problem.h"

namespace vereda::client {
namespace {

constexpr std::size_t key_file_size_min = 32;
constexpr std::size_t key_file_size_max = 64 * 1024;
constexpr std::size_t passphrase_file_size_max = 64 * 1024;

/// Wipes UTF-16 on its way out.
class WideText {
  public:
    explicit WideText(std::size_t size) : units_(size) {}
    WideText(const WideText&) = delete;
    WideText& operator=(const WideText&) = delete;
    ~WideText() {
        crypto::wipe(
            {reinterpret_cast<std::uint8_t*>(units_.data()), units_.size() * sizeof(UChar)});
    }
    [[nodiscard]] UChar* data() { return units_.data(); }
    [[nodiscard]] int32_t size() const { return static_cast<int32_t>(units_.size()); }

  private:
    std::vector<UChar> units_;
};

Or<crypto::SecretBytes> load_secret_file(
    engine::FileSystem& files, const std::string& path, std::size_t size_max) {
    auto contents = naming_file(FileUse::read, path, [&] { return files.read(path, size_max); });
    if (!contents) {
        const bool missing = contents.error() == engine::ReadFileError::missing;
        return std::unexpected(problem_of(
            missing ? ClientProblem::file_missing : ClientProblem::file_too_large, path));
    }
    crypto::SecretBytes secret = crypto::SecretBytes::copy_of(*contents);
    crypto::wipe(*contents);
    return secret;
}

ByteView first_line(ByteView bytes) {
    const auto end =
        std::ranges::find_if(bytes, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
    return bytes.first(static_cast<std::size_t>(end - bytes.begin()));
}

}  // namespace

crypto::SecretBytes compose_passphrase(ByteView typed) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* composed = unorm2_getNFCInstance(&status);
    WideText wide(typed.size() + 1);
    int32_t wide_size = 0;
    u_strFromUTF8(
        wide.data(), wide.size(), &wide_size, reinterpret_cast<const char*>(typed.data()),
        static_cast<int32_t>(typed.size()), &status);
    WideText normal(3 * typed.size() + 1);
    const int32_t normal_size =
        unorm2_normalize(composed, wide.data(), wide_size, normal.data(), normal.size(), &status);
    crypto::SecretBytes utf8(3 * static_cast<std::size_t>(std::max(normal_size, 0)) + 1);
    int32_t size = 0;
    u_strToUTF8(
        reinterpret_cast<char*>(utf8.writable().data()), static_cast<int32_t>(utf8.size()), &size,
        normal.data(), normal_size, &status);
    if (U_FAILURE(status)) return crypto::SecretBytes::copy_of(typed);
    return crypto::SecretBytes::copy_of(utf8.view().first(static_cast<std::size_t>(size)));
}

Or<VaultSecret> load_passphrase(engine::FileSystem& files, const std::string& path) {
    auto contents = load_secret_file(files, path, passphrase_file_size_max);
    if (!contents) return std::unexpected(contents.error());
    return VaultSecret{
        engine::SlotKind::passphrase, compose_passphrase(first_line(contents->view())), {}};
}

Or<VaultSecret> load_key_file(engine::FileSystem& files, const std::string& path) {
    auto contents = load_secret_file(files, path, key_file_size_max);
    if (!contents) return std::unexpected(contents.error());
    if (contents->size() < key_file_size_min)
        return std::unexpected(problem_of(ClientProblem::key_file_unfit, path));
    return VaultSecret{engine::SlotKind::key_file, std::move(*contents), {}};
}

VaultSecret make_key_file(
    engine::FileSystem& files, const std::string& path, crypto::Entropy& entropy) {
    crypto::SecretBytes key = crypto::SecretBytes::random(key_file_size_min, entropy);
    naming_file(FileUse::written, path, [&] { files.write(path, key.view()); });
    return {engine::SlotKind::key_file, std::move(key), path};
}

Or<VaultSecret> ask_passphrase(const std::string& question) {
    auto typed = ask_secret(question);
    if (!typed) return std::unexpected(problem_of(typed.error()));
    return VaultSecret{engine::SlotKind::passphrase, compose_passphrase(typed->view()), {}};
}

Or<VaultSecret> fit_to_be_new(VaultSecret secret) {
    const bool fit = secret.kind != engine::SlotKind::passphrase ||
                     secret.bytes.size() >= new_passphrase_size_min;
    if (!fit) return std::unexpected(problem_of(ClientProblem::passphrase_too_short));
    return secret;
}

Or<VaultSecret> ask_new_passphrase() {
    auto typed = ask_new_secret("New passphrase (at least 8 characters): ", "The same once more: ");
    if (!typed) return std::unexpected(problem_of(typed.error()));
    return fit_to_be_new({engine::SlotKind::passphrase, compose_passphrase(typed->view()), {}});
}

Or<VaultSecret> load_recovery_code(engine::FileSystem& files, const std::string& path) {
    crypto::SecretBytes typed;
    if (path.empty()) {
        auto asked = ask_secret("Recovery code: ");
        if (!asked) return std::unexpected(problem_of(asked.error()));
        typed = std::move(*asked);
    } else {
        auto contents = load_secret_file(files, path, passphrase_file_size_max);
        if (!contents) return std::unexpected(contents.error());
        typed = std::move(*contents);
    }
    auto code = protocol::parse_recovery_code(as_text(typed.view()));
    if (!code) return std::unexpected(problem_of(code.error()));
    return VaultSecret{engine::SlotKind::recovery_code, std::move(*code), {}};
}

Or<VaultSecret> load_new_secret(
    engine::FileSystem& files, const std::string& passphrase_file, const std::string& key_file,
    crypto::Entropy& entropy) {
    if (!key_file.empty()) {
        if (!files.exists(key_file)) return make_key_file(files, key_file, entropy);
        return load_key_file(files, key_file);
    }
    if (passphrase_file.empty()) return ask_new_passphrase();
    auto loaded = load_passphrase(files, passphrase_file);
    return loaded ? fit_to_be_new(std::move(*loaded)) : std::move(loaded);
}

}  // namespace vereda::client
