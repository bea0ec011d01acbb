#include "client/terminal/qr.h"

#include <qrencode.h>

#include "client/terminal/display_text.h"
#include "engine/text/utf8.h"

using namespace vereda::client;

namespace {

/// The modules of a drawn code, row by row, dark as '#'.
std::vector<std::string> modules_of(const std::string& drawn) {
    std::vector<std::string> rows;
    std::string upper;
    std::string lower;
    for (std::size_t at = 0; at < drawn.size();) {
        const char32_t letter = vereda::engine::next_code_point(drawn, at);
        if (letter == '\n') {
            rows.push_back(upper);
            rows.push_back(lower);
            upper.clear();
            lower.clear();
            continue;
        }
        upper += letter == U'█' || letter == U'▀' ? ' ' : '#';
        lower += letter == U'█' || letter == U'▄' ? ' ' : '#';
    }
    return rows;
}

}  // namespace

TEST_CASE("a drawn code has exactly the library's modules inside a quiet zone of four", "[qr]") {
    const std::string text = "vereda:hub.example.org/0123456789abcdef";
    const auto drawn = qr_code(text, false);
    REQUIRE(drawn.has_value());
    QRcode* code = QRcode_encodeData(
        static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
        QR_ECLEVEL_M);
    REQUIRE(code != nullptr);
    const auto rows = modules_of(*drawn);
    const int width = code->width;
    REQUIRE(static_cast<int>(rows.size()) >= width + 8);
    for (int row = 0; row < width + 8; ++row) {
        REQUIRE(static_cast<int>(rows[static_cast<std::size_t>(row)].size()) == width + 8);
        for (int column = 0; column < width + 8; ++column) {
            const bool inside = row >= 4 && column >= 4 && row < width + 4 && column < width + 4;
            const bool dark = inside && (code->data[(row - 4) * width + column - 4] & 1) != 0;
            REQUIRE(
                (rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] == '#') ==
                dark);
        }
    }
    QRcode_free(code);
}

TEST_CASE("a colored code is the same with its own ground", "[qr]") {
    std::string colored = qr_code("x", true).value();
    CHECK(colored.starts_with("\x1b[97;40m"));
    for (const std::string code : {"\x1b[97;40m", "\x1b[0m"}) {
        for (auto at = colored.find(code); at != std::string::npos; at = colored.find(code))
            colored.erase(at, code.size());
    }
    CHECK(colored == qr_code("x", false));
}

TEST_CASE("what no code holds is not drawn", "[qr]") {
    CHECK_FALSE(qr_code("", false).has_value());
    CHECK(qr_code(std::string(2331, 'a'), false).has_value());
    CHECK_FALSE(qr_code(std::string(2332, 'a'), false).has_value());
    CHECK_FALSE(qr_code(std::string(1'000'000, 'a'), false).has_value());
}

TEST_CASE("a terminal that is too narrow or too low gets words instead of a picture", "[qr]") {
    const auto picture = [](int width, int height) {
        return qr_picture(
            "vereda:hub.example.org/0123456789abcdef",
            {.is_terminal = true, .color = false, .width = width, .height = height});
    };
    CHECK(picture(80, 24).find("█") != std::string::npos);
    CHECK(picture(80, 0).find("█") != std::string::npos);
    for (const std::string& words : {picture(36, 24), picture(80, 19)}) {
        CHECK(words.find("█") == std::string::npos);
        CHECK(words.find("left out") != std::string::npos);
        CHECK(words.find("37 columns and 20 lines") != std::string::npos);
    }
    CHECK(qr_picture("x", {}).empty());
}
