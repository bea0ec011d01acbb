#pragma once

#include <string>

#include "crypto/entropy.h"
#include "crypto/passphrase_key.h"
#include "engine/clock.h"
#include "engine/storage/file_system.h"

namespace vereda::engine {

/// The world as the engine meets it: handed in, so that a simulator can hand in another one.
struct Environment {
    FileSystem& files;
    Clock& clock;
    crypto::Entropy& entropy;
    std::string sqlite_vfs = {};                  ///< Empty: the system's.
    crypto::PassphraseCost passphrase_cost = {};  ///< Of new passphrase slots.
};

}  // namespace vereda::engine
