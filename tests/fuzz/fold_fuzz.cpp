#include "engine/text/fold.h"
#include "engine/text/utf8.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

/// Folding is UTF-8 and final: folded once more, in its words or in its other spellings, nothing
/// changes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    const std::string folded = fold(text);
    fuzz::expect(is_valid_utf8(folded), "folded text is UTF-8");
    fuzz::expect(fold(folded) == folded, "folding twice is folding once");
    for (const std::string& word : words(text))
        fuzz::expect(fold(word) == word, "a word is folded");
    for (const std::string& variant : fold_variants(text)) {
        fuzz::expect(!variant.empty() && fold(variant) == variant, "a variant is folded");
    }
    for (const auto& spellings : query_words(text)) {
        fuzz::expect(
            !spellings.empty() && !spellings.front().empty(), "a query's word has a spelling");
    }
    return 0;
}
