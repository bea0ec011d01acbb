#include "protocol/http/listener/tls_identity.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <system_error>
#include <unistd.h>

#include "crypto/assert.h"
#include "protocol/http/base64.h"
#include "protocol/http/content_digest.h"

namespace vereda::http {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using MemoryBio = std::unique_ptr<BIO, Free<BIO_free_all>>;

constexpr std::string_view pin_prefix = "sha256//";

TlsPin pin_of(const EVP_PKEY& key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(&key, &der);
    VEREDA_ASSERT(size > 0);
    const TlsPin pin = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return pin;
}

std::string text_of(BIO& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(&bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Certificate self_signed(EVP_PKEY& key) {
    Certificate certificate(X509_new());
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), 1);
    ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20000101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z");
    X509_set_pubkey(certificate.get(), &key);
    const int size = X509_sign(certificate.get(), &key, nullptr);
    VEREDA_ASSERT(size > 0);
    return certificate;
}

TlsIdentity identity_of(EVP_PKEY& key, X509& certificate) {
    const MemoryBio key_bio(BIO_new(BIO_s_secmem()));
    const MemoryBio certificate_bio(BIO_new(BIO_s_mem()));
    const bool written =
        PEM_write_bio_PrivateKey(key_bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
        PEM_write_bio_X509(certificate_bio.get(), &certificate) == 1;
    VEREDA_ASSERT(written);
    return {
        .private_key_pem = text_of(*key_bio),
        .certificate_pem = text_of(*certificate_bio),
        .pin = pin_of(key)};
}

[[noreturn]] void fail(const std::string& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

class File {
  public:
    File(const std::filesystem::path& path, int flags)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
        if (fd_ < 0) fail("cannot open " + path.string());
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(fd_); }

    void write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t size = ::write(fd_, text.data(), text.size());
            if (size < 0) fail("cannot write the TLS key");
            text.remove_prefix(static_cast<std::size_t>(size));
        }
    }
    void sync() {
        if (::fsync(fd_) != 0) fail("cannot store the TLS key");
    }

  private:
    int fd_;
};

/// Whole or not at all: written beside its place, synced, renamed.
void store(const std::filesystem::path& path, const TlsIdentity& identity) {
    const std::filesystem::path beside = path.string() + ".new";
    std::filesystem::remove(beside);
    File file(beside, O_WRONLY | O_CREAT | O_EXCL);
    file.write(identity.private_key_pem);
    file.write(identity.certificate_pem);
    file.sync();
    std::filesystem::rename(beside, path);
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    File(folder, O_RDONLY | O_DIRECTORY).sync();
}

int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

std::string pin_text(const TlsPin& pin) { return std::string(pin_prefix) + base64(pin); }

std::expected<TlsPin, PinError> parse_pin(std::string_view text) {
    if (!text.starts_with(pin_prefix)) return std::unexpected(PinError::malformed);
    const auto bytes = parse_base64(text.substr(pin_prefix.size()));
    TlsPin pin{};
    if (!bytes || bytes->size() != pin.size()) return std::unexpected(PinError::malformed);
    std::ranges::copy(*bytes, pin.begin());
    return pin;
}

TlsIdentity make_tls_identity() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    VEREDA_ASSERT(key != nullptr);
    return identity_of(*key, *self_signed(*key));
}

std::expected<TlsIdentity, TlsIdentityError> parse_tls_identity(std::string_view pem) {
    const auto open = [&] {
        return MemoryBio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    };
    const MemoryBio key_bio = open();
    const MemoryBio certificate_bio = open();
    const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_passphrase, nullptr));
    const Certificate certificate(
        PEM_read_bio_X509(certificate_bio.get(), nullptr, no_passphrase, nullptr));
    if (key == nullptr || certificate == nullptr)
        return std::unexpected(TlsIdentityError::malformed);
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
        return std::unexpected(TlsIdentityError::mismatched);
    }
    return identity_of(*key, *certificate);
}

std::expected<TlsIdentity, TlsIdentityError> load_or_make_tls_identity(
    const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) {
        std::ifstream stream(file, std::ios::binary);
        const std::string pem(std::istreambuf_iterator<char>(stream), {});
        if (stream.bad()) fail("cannot read " + file.string());
        return parse_tls_identity(pem);
    }
    TlsIdentity identity = make_tls_identity();
    store(file, identity);
    return identity;
}

}  // namespace vereda::http
