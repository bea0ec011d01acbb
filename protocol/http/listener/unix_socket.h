#pragma once

#include <expected>
#include <filesystem>
#include <sys/types.h>

#include "protocol/http/listener/server.h"

namespace vereda::http {

/// A Unix socket that listens, and its file.
class UnixSocket {
  public:
    /// Makes the file, readable and writable by its owner alone (0600), and listens. Replaces a
    /// socket at which nobody listens. Errors: `path_unfit`, `path_taken`; the latter also while
    /// another process starts in the same folder. Throws std::system_error.
    [[nodiscard]] static std::expected<UnixSocket, ListenError> listen(
        const std::filesystem::path& path);

    UnixSocket(UnixSocket&& other) noexcept;
    UnixSocket& operator=(UnixSocket&&) = delete;
    UnixSocket(const UnixSocket&) = delete;
    UnixSocket& operator=(const UnixSocket&) = delete;
    ~UnixSocket();

    /// Hands over the descriptor. The file stays in our care.
    [[nodiscard]] int release();
    /// Removes the file, if it is still ours. To be called while the socket listens: after that, it
    /// may be another server's. Destruction does it too.
    void remove_file();

  private:
    UnixSocket(std::filesystem::path path, int descriptor, dev_t device, ino_t inode);

    std::filesystem::path path_;  // empty when there is no file of ours
    int descriptor_;
    dev_t device_;
    ino_t inode_;
};

}  // namespace vereda::http
