#include "engine/sheets/encoding.h"
#include "engine/text/utf8.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

/// Whatever the bytes, the text is UTF-8 without zeros, the same every time; and it is recognised
/// as UTF-8 itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = as_text({data, size});
    const auto decoded = decode_text(bytes);
    if (!decoded) return 0;
    fuzz::expect(is_valid_utf8(decoded->text), "text is UTF-8");
    fuzz::expect(decoded->text.find('\0') == std::string::npos, "text has no zeros");
    const auto named = decode_text(bytes, decoded->encoding);
    fuzz::expect(
        named.has_value() && named->text == decoded->text,
        "naming what was recognised changes nothing");
    return 0;
}
