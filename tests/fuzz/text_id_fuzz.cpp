#include "protocol/text_id.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::protocol;

/// What was read is read again as itself, and the text form of anything is letters and digits that
/// are read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto typed = parse_text_id(as_text(input));
    if (typed) fuzz::expect(parse_text_id(*typed) == typed, "one form of each");
    const std::string text = text_id(input);
    fuzz::expect(parse_text_id(text) == text, "what is written is read");
    for (const char letter : text) {
        const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z');
        fuzz::expect(plain, "no letter that a shell or a double click takes amiss");
    }
    return 0;
}
