#pragma once

#include <optional>

#include "engine/sync/talk.h"

/// The keys of this device's turfs: a newcomer's come with the invite, later ones for the device.
namespace vereda::engine::sync {

class KeyTalk {
  public:
    explicit KeyTalk(Talk& talk) : talk_(talk) {}

    /// The hub has given the newcomer the invite's share.
    void take_share(const protocol::InviteShare& share);
    [[nodiscard]] bool has_invite() const { return invite_box_.has_value(); }

    /// From the beginning, after the roster was read.
    void begin();
    /// Nothing when no key is to be had.
    [[nodiscard]] std::optional<Message> next() const;
    void receive(ByteView body);

  private:
    enum class Stage { of_invite, of_device, over };
    [[nodiscard]] bool lacks_keys() const;
    [[nodiscard]] const crypto::BoxKey& box() const;
    void take_wrap(const protocol::ServedWrap& served);
    void settle_in();

    Talk& talk_;
    Stage stage_ = Stage::over;
    std::optional<crypto::BoxKey> invite_box_;
};

}  // namespace vereda::engine::sync
