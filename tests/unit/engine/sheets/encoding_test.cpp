#include "engine/sheets/encoding.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "engine/sheets/guess_encoding.h"

using namespace vereda::engine;

namespace {

/// `text` in `encoding`; empty if it cannot be written in it.
std::string encoded(const std::string& text, const char* encoding) {
    std::string bytes(4 * text.size() + 16, '\0');
    UErrorCode status = U_ZERO_ERROR;
    UConverter* converter = ucnv_open(encoding, &status);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    ucnv_setFallback(converter, false);
    const icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
    const auto size = ucnv_fromUChars(
        converter, bytes.data(), static_cast<int32_t>(bytes.size()), units.getBuffer(),
        units.length(), &status);
    ucnv_close(converter);
    bytes.resize(U_SUCCESS(status) ? static_cast<std::size_t>(size) : 0);
    return bytes;
}

void check_recognised(const std::string& text, const char* encoding) {
    CAPTURE(text, encoding);
    const std::string bytes = encoded(text, encoding);
    REQUIRE_FALSE(bytes.empty());
    const auto decoded = decode_text(bytes);
    REQUIRE(decoded.has_value());
    CHECK(decoded->text == text);
    CHECK(decoded->encoding == encoding);
    CHECK(decoded->guessed == std::string(encoding).starts_with("windows"));
}

std::vector<std::string> names_of(std::initializer_list<const char*> places) {
    std::ifstream file(VEREDA_TEST_DATA "/data/names/locales.json");
    const auto document = nlohmann::json::parse(file);
    std::vector<std::string> names;
    for (const char* place : places) {
        for (const auto& name : document.at(place)) names.push_back(name.get<std::string>());
    }
    return names;
}

bool has_letters_beyond_ascii(const std::string& text) {
    return std::any_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

TEST_CASE("UTF-8 is recognised with and without its mark, and the mark taken off", "[encoding]") {
    const auto marked = decode_text("\xEF\xBB\xBFИмя,Año\n");
    REQUIRE(marked.has_value());
    CHECK(marked->text == "Имя,Año\n");
    const auto bare = decode_text("Имя,Año\n");
    REQUIRE(bare.has_value());
    CHECK(bare->encoding == "UTF-8");
    CHECK_FALSE(bare->guessed);
    CHECK(decode_text("First,Last\n")->encoding == "UTF-8");
    CHECK(decode_text("")->text.empty());
}

TEST_CASE("UTF-16 is recognised in both byte orders, with and without its mark", "[encoding]") {
    for (const std::string text :
         {"First,Last\nAna,Ruiz\n", "Имя,Фамилия\nЁлка,Соловьёва\n", "الاسم,الهاتف\nمحمد,٠١٢\n"}) {
        check_recognised(text, "UTF-16LE");
        check_recognised(text, "UTF-16BE");
        CHECK(decode_text("\xFF\xFE" + encoded(text, "UTF-16LE"))->text == text);
        CHECK(decode_text("\xFE\xFF" + encoded(text, "UTF-16BE"))->text == text);
    }
}

TEST_CASE("short sheets in the Windows encodings are recognised", "[encoding]") {
    check_recognised("Имя,Фамилия\nАнна,Иванова\n", "windows-1251");
    check_recognised("Прізвище;Ім'я\nШевченко;Їжак\n", "windows-1251");
    check_recognised("Име;Презиме\nЂорђе;Петровић\n", "windows-1251");
    check_recognised("First,Last\nИван,Ёлкин\n", "windows-1251");
    check_recognised("ФАМИЛИЯ,ГОРОД\nСИДОРОВ,ТУЛА\n", "windows-1251");
    check_recognised("الاسم,الهاتف\nمحمد,0123\n", "windows-1256");
    check_recognised("First,Last\nعلي,حسن\n", "windows-1256");
    check_recognised("Nombre;Apellido\nJosé;Núñez\n", "windows-1252");
    check_recognised("Nome,Município\nJoão,São Paulo\n", "windows-1252");
    check_recognised("Prénom,Nom\nHélène,Lefèvre\n", "windows-1252");
    check_recognised("First,Last\nJosé,Smith\n", "windows-1252");
}

TEST_CASE("one name or city is enough, nearly always", "[encoding]") {
    struct Case {
        const char* encoding;
        std::vector<std::string> names;
    };
    const std::vector<Case> cases = {
        {"windows-1251", names_of({"ru", "uk", "mk"})},
        {"windows-1256", names_of({"ar"})},
        {"windows-1252", names_of({"es", "es_MX", "fr"})},
    };
    for (const Case& each : cases) {
        int right = 0;
        int all = 0;
        std::string wrong;
        for (const std::string& name : each.names) {
            const std::string bytes = encoded(name, each.encoding);
            if (!has_letters_beyond_ascii(name) || bytes.empty()) continue;
            ++all;
            const bool found = guess_encoding(bytes) == each.encoding;
            right += found ? 1 : 0;
            if (!found) wrong += name + " as " + guess_encoding(bytes) + "; ";
        }
        CAPTURE(each.encoding, right, all, wrong);
        CHECK(all >= 20);
        CHECK(right * 100 >= all * 95);
    }
}

TEST_CASE("a sheet of many names of a country is recognised", "[encoding]") {
    const auto sheet = [](std::initializer_list<const char*> places, const char* encoding) {
        std::string text = "First,Last\n";
        for (const std::string& name : names_of(places)) {
            if (!encoded(name, encoding).empty()) text += name + ",x\n";
        }
        return text;
    };
    for (const char* place : {"ru", "uk", "mk"}) {
        check_recognised(sheet({place}, "windows-1251"), "windows-1251");
    }
    for (const char* place : {"es", "es_MX", "fr"}) {
        check_recognised(sheet({place}, "windows-1252"), "windows-1252");
    }
    check_recognised(sheet({"ar"}, "windows-1256"), "windows-1256");
    check_recognised(sheet({"hr"}, "windows-1250"), "windows-1250");
    check_recognised(sheet({"sr_RS_latin"}, "windows-1250"), "windows-1250");
}

TEST_CASE("a named encoding is used without guessing", "[encoding]") {
    const auto decoded = decode_text(encoded("Анна", "KOI8-R"), "KOI8-R");
    REQUIRE(decoded.has_value());
    CHECK(decoded->text == "Анна");
    CHECK_FALSE(decoded->guessed);
    CHECK(decode_text("Анна", "klingon-8").error() == EncodingError::unknown_encoding);
    CHECK(decode_text("\xFF\xFE\xFD", "UTF-8").error() == EncodingError::damaged);
    CHECK(decode_text("\xEF\xBB\xBFx", "UTF-8")->text == "x");
}

TEST_CASE("spreadsheet files are told from text", "[encoding]") {
    CHECK(decode_text("PK\x03\x04\x14\x00").error() == EncodingError::spreadsheet);
    CHECK(decode_text("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").error() == EncodingError::spreadsheet);
}

TEST_CASE("bytes that no text has are refused", "[encoding]") {
    using namespace std::string_literals;
    CHECK(decode_text("a,b\0c,d"s).error() == EncodingError::not_text);
    CHECK(decode_text("a\0\0b"s).error() == EncodingError::not_text);
    CHECK(decode_text("a,\x01\x02\n").error() == EncodingError::not_text);
    CHECK(
        decode_text("\xEF\xBB\xBF"
                    "a\0"s)
            .error() == EncodingError::not_text);
    CHECK(
        decode_text("\xFF\xFE"
                    "a\0\0\0"s)
            .error() == EncodingError::not_text);
}

TEST_CASE("UTF-8 cut off inside a character is damaged, not another encoding", "[encoding]") {
    std::string text = "Имя,Фамилия\nАнна,Иванова";
    text.pop_back();
    CHECK(decode_text(text).error() == EncodingError::damaged);
    CHECK(
        decode_text("\xEF\xBB\xBF"
                    "a\xD0")
            .error() == EncodingError::damaged);
    CHECK(
        decode_text("\xFF\xFE"
                    "a")
            .error() == EncodingError::damaged);
}

TEST_CASE("UTF-8 with some lines of another hand stays UTF-8 and names them", "[encoding]") {
    const std::string text =
        "name,city\nJos\xC3\xA9,Bogot\xC3\xA1\r\nMu\xF1oz,Cali\nRu\xC3\xADz,M\xE1laga\n";
    const auto decoded = decode_text(text);
    REQUIRE(decoded.has_value());
    CHECK(decoded->encoding == "UTF-8");
    CHECK_FALSE(decoded->guessed);
    CHECK(decoded->damaged_lines == std::vector<std::uint64_t>{3, 4});
    CHECK(
        decoded->text ==
        "name,city\nJos\u00E9,Bogot\u00E1\r\nMu\uFFFDoz,Cali\nRu\u00EDz,M\uFFFDlaga\n");
    const auto marked = decode_text("\xEF\xBB\xBF" + text);
    REQUIRE(marked.has_value());
    CHECK(marked->text == decoded->text);
    CHECK(decode_text(text, "utf-8")->text == decoded->text);
    CHECK(decode_text("Jos\xC3\xA9,\uFFFD\n")->damaged_lines.empty());
}

TEST_CASE("one zero byte makes no UTF-16 of a text", "[encoding]") {
    std::string text = "name,city\nRosa,Cali\nOmar,Bogota\n";
    text.resize(text.size() / 2 * 2);
    for (const std::size_t at : {12U, 13U}) {
        std::string spoiled = text;
        spoiled[at] = '\0';
        const auto decoded = decode_text(spoiled);
        REQUIRE_FALSE(decoded.has_value());
        CHECK(decoded.error() == EncodingError::not_text);
    }
}
