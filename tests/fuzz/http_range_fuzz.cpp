#include "protocol/http/listener/byte_range.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::http;

namespace {

std::string spelled(const RangeField& field) {
    std::string text = "bytes=";
    if (field.first) text += std::to_string(*field.first);
    text += "-";
    if (field.last) text += std::to_string(*field.last);
    return text;
}

/// No byte is served that is not in the body, and none that was not asked for.
void cut(const RangeField& field, std::uint64_t size) {
    const auto served = range_within(field, size);
    if (!served) return;
    fuzz::expect(served->size > 0, "what is served is not empty");
    fuzz::expect(served->first < size, "it begins within the body");
    fuzz::expect(served->size <= size - served->first, "it ends within the body");
    const std::uint64_t last = served->first + served->size - 1;
    if (field.first) {
        fuzz::expect(served->first == *field.first, "it begins where the client asked");
        fuzz::expect(!field.last || last <= *field.last, "it ends where the client asked");
    } else {
        fuzz::expect(last == size - 1, "the last bytes end with the body");
        fuzz::expect(served->size <= *field.last, "they are no more than the client asked for");
    }
}

}  // namespace

/// The first eight bytes are the size of a body, the others the field.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 8) return 0;
    std::uint64_t body = 0;
    for (std::size_t i = 0; i < 8; ++i) body = body << 8 | data[i];
    const auto field = parse_range(as_text({data + 8, size - 8}));
    if (!field) return 0;
    fuzz::expect(field->first || field->last, "a range has a beginning or an end");
    fuzz::expect(parse_range(spelled(*field)) == field, "a range survives being written");
    for (const std::uint64_t each : {std::uint64_t{0}, std::uint64_t{1}, body, ~std::uint64_t{0}})
        cut(*field, each);
    return 0;
}
