#pragma once

#include <algorithm>
#include <initializer_list>

#include "crypto/hash.h"

/// What the three stand-ins for ciphers share. They leave every plaintext as it is and only append
/// an authenticator as long as the real one, so that every size is right, wrong keys and changed
/// bytes are still refused, and the programs run as always. `cipher_removed_test.py` runs them, to
/// show that the search for leaks finds what is there. Never part of a program for people.
namespace vereda::crypto::without_cipher {

using Tag = ByteArray<16>;

/// A MAC over the parts, each with its length before it.
inline Tag tag_of(ByteView key, std::initializer_list<ByteView> parts) {
    Blake2b hash(sizeof(Tag), key);
    for (const ByteView part : parts) {
        Bytes length;
        append_u64(length, part.size());
        hash.update(length).update(part);
    }
    Tag tag;
    hash.finish(tag);
    return tag;
}

inline bool ends_with(ByteView sealed, const Tag& tag) {
    return std::ranges::equal(sealed.last(tag.size()), tag);
}

}  // namespace vereda::crypto::without_cipher
