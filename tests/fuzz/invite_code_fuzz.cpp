#include <cstdlib>

#include "protocol/base32.h"
#include "protocol/domain.h"
#include "protocol/roster/invite.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

/// The input with a right check behind it, so that the fuzzer gets past the check.
std::string with_check(ByteView wire) {
    Bytes bytes(wire.begin(), wire.end());
    const crypto::Hash check = domain_hash("invite-code", wire);
    append(bytes, ByteView(check).first(5));
    return encode_base32(bytes);
}

}  // namespace

/// What parses as an invite code prints to a code that says the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    for (const std::string& text : {std::string(as_text(input)), with_check(input)}) {
        const auto code = parse_invite_code(text);
        if (code && parse_invite_code(print_invite_code(*code)) != *code) std::abort();
    }
    return 0;
}
