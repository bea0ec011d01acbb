#include <algorithm>
#include <cstdlib>

#include "protocol/base32.h"
#include "protocol/printed_key.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

template <std::size_t size>
ByteArray<size> array_of(const crypto::SecretBytes& secret) {
    ByteArray<size> bytes;
    std::copy(secret.view().begin(), secret.view().end(), bytes.begin());
    return bytes;
}

}  // namespace

/// What parses prints to its canonical spelling.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    if (const auto code = parse_recovery_code(text)) {
        const std::string printed = print_recovery_code(array_of<16>(*code));
        if (canonical_base32(printed) != canonical_base32(text)) std::abort();
    }
    if (const auto key = parse_recovery_key(text)) {
        const std::string printed = print_recovery_key(array_of<32>(*key));
        if (canonical_base32(printed) != canonical_base32(text)) std::abort();
    }
    if (const auto bytes = parse_base32(text)) {
        if (encode_base32(*bytes) != canonical_base32(text)) std::abort();
    }
    return 0;
}
