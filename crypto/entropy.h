#pragma once

#include <span>

#include "crypto/bytes.h"

namespace vereda::crypto {

/// Where random bytes come from; handed in, so that a simulation can repeat itself from a seed.
class Entropy {
  public:
    virtual ~Entropy() = default;
    /// Fills `out` with unpredictable bytes. Never fails: a machine without entropy aborts.
    virtual void fill(std::span<std::uint8_t> out) = 0;

    template <std::size_t size>
    [[nodiscard]] ByteArray<size> bytes() {
        ByteArray<size> out;
        fill(out);
        return out;
    }
    /// A random id of any of the types in protocol/ids.h.
    template <class Id>
    [[nodiscard]] Id id() {
        return Id{bytes<Id::size>()};
    }
};

/// The operating system's generator, through libsodium. Safe from any thread.
class SystemEntropy final : public Entropy {
  public:
    void fill(std::span<std::uint8_t> out) override;
};

/// The same bytes for the same seed (XChaCha20 keystream): for tests and simulation only.
class SeededEntropy final : public Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed);
    void fill(std::span<std::uint8_t> out) override;

  private:
    ByteArray<32> key_{};
    std::uint64_t block_ = 0;
};

}  // namespace vereda::crypto
