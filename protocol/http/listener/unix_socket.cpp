#include "protocol/http/listener/unix_socket.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace vereda::http {
namespace {

[[noreturn]] void throw_errno(const std::string& doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

class Descriptor {
  public:
    explicit Descriptor(int number, const std::string& doing) : number_(number) {
        if (number < 0) throw_errno(doing);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

Descriptor new_socket(int flags) {
    return Descriptor(
        ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), "cannot make a Unix socket");
}

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    const bool fits = !path.empty() && path.size() < sizeof address.sun_path &&
                      path.find('\0') == std::string::npos;
    if (!fits) return std::nullopt;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

const sockaddr* any(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// Two processes that start at once must not replace each other's socket: the folder is locked
/// meanwhile. A lock file of its own would stay behind.
bool lock_folder(const Descriptor& folder) {
    if (::flock(folder.number(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK) throw_errno("cannot lock the folder of the socket");
    return false;
}

/// Only a refused connection says that nobody listens.
bool is_deserted(const sockaddr_un& address) {
    const Descriptor probe = new_socket(SOCK_NONBLOCK);
    return ::connect(probe.number(), any(address), sizeof address) != 0 && errno == ECONNREFUSED;
}

bool make_room(const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(address.sun_path, &status) != 0) return errno == ENOENT;
    if (!S_ISSOCK(status.st_mode) || !is_deserted(address)) return false;
    return ::unlink(address.sun_path) == 0;
}

/// Nobody can connect before `listen`, so nobody sees the mode that the file is made with.
struct stat bind_and_listen(const Descriptor& socket, const sockaddr_un& address) {
    const std::string path = address.sun_path;
    if (::bind(socket.number(), any(address), sizeof address) != 0)
        throw_errno("cannot make " + path);
    struct stat made {};
    if (::chmod(address.sun_path, 0600) != 0 || ::lstat(address.sun_path, &made) != 0 ||
        ::listen(socket.number(), SOMAXCONN) != 0)
        throw_errno("cannot listen at " + path);
    return made;
}

}  // namespace

std::expected<UnixSocket, ListenError> UnixSocket::listen(const std::filesystem::path& path) {
    const auto address = address_of(path.string());
    if (!address) return std::unexpected(ListenError::path_unfit);
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor folder(
        ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        "cannot open " + parent.string());
    if (!lock_folder(folder) || !make_room(*address))
        return std::unexpected(ListenError::path_taken);
    Descriptor socket = new_socket(0);
    const struct stat made = bind_and_listen(socket, *address);
    return UnixSocket(path, socket.release(), made.st_dev, made.st_ino);
}

UnixSocket::UnixSocket(std::filesystem::path path, int descriptor, dev_t device, ino_t inode)
    : path_(std::move(path)), descriptor_(descriptor), device_(device), inode_(inode) {}

UnixSocket::UnixSocket(UnixSocket&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      device_(other.device_),
      inode_(other.inode_) {}

UnixSocket::~UnixSocket() {
    remove_file();
    if (descriptor_ >= 0) ::close(descriptor_);
}

int UnixSocket::release() { return std::exchange(descriptor_, -1); }

void UnixSocket::remove_file() {
    struct stat status {};
    const std::filesystem::path path = std::exchange(path_, {});
    if (path.empty() || ::lstat(path.c_str(), &status) != 0) return;
    if (status.st_dev == device_ && status.st_ino == inode_) ::unlink(path.c_str());
}

}  // namespace vereda::http
