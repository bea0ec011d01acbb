#include "engine/text/word_list.h"

#include "engine/text/fold.h"

namespace vereda::engine {

std::string plain_title(std::string_view title) {
    std::string plain = fold(title);
    std::erase(plain, ' ');
    return plain;
}

}  // namespace vereda::engine
