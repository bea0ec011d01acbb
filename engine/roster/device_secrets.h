#pragma once

#include "crypto/sealed_box.h"
#include "crypto/signature.h"
#include "protocol/roster/roster_body.h"

namespace vereda::engine {

/// A device's own three key pairs: one key, one purpose.
struct DeviceSecrets {
    crypto::SigningKey signing;  ///< Blocks and roster entries; its public key is the DeviceId.
    crypto::BoxKey box;          ///< Receives turf keys.
    crypto::SigningKey http;     ///< Requests to the hub.

    [[nodiscard]] static DeviceSecrets generate(crypto::Entropy& entropy) {
        return {
            crypto::SigningKey::generate(entropy), crypto::BoxKey::generate(entropy),
            crypto::SigningKey::generate(entropy)};
    }
    [[nodiscard]] protocol::DeviceId device() const { return {signing.public_key()}; }
    [[nodiscard]] protocol::DeviceKeys public_keys() const {
        return {device(), box.public_key(), http.public_key()};
    }
};

}  // namespace vereda::engine
