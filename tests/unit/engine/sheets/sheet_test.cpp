#include "engine/sheets/sheet.h"

#include <fstream>
#include <set>
#include <sstream>

#include "engine/schema/fields.h"
#include "engine/sheets/export_csv.h"

using namespace vereda::engine;

namespace {

using Values = std::vector<FieldValue>;
using Consents = std::vector<ChannelConsent>;

Sheet opened(std::string_view text, SheetOptions options = {}) {
    options.this_year = 2026;
    auto sheet = Sheet::open(text, std::move(options));
    if (!sheet) FAIL(static_cast<int>(sheet.error().problem));
    return std::move(*sheet);
}

SheetError refused(std::string_view text, const SheetOptions& options = {}) {
    const auto sheet = Sheet::open(text, options);
    REQUIRE_FALSE(sheet.has_value());
    return sheet.error();
}

/// The only row of a sheet.
SheetRow row_of(std::string_view text, const SheetOptions& options = {}) {
    Sheet sheet = opened(text, options);
    const auto row = sheet.next();
    REQUIRE(row.has_value());
    if (!*row) FAIL(static_cast<int>(row->error().why));
    CHECK_FALSE(sheet.next().has_value());
    return **row;
}

RejectedRow rejection_of(std::string_view text, const SheetOptions& options = {}) {
    Sheet sheet = opened(text, options);
    const auto row = sheet.next();
    REQUIRE(row.has_value());
    REQUIRE_FALSE(row->has_value());
    CHECK(row->error().line == 2);
    return row->error();
}

std::string left_out(const Sheet& sheet) {
    std::string titles;
    for (const SheetColumn& column : sheet.columns()) {
        if (column.is_left_out()) titles += column.title + "|";
    }
    return titles;
}

}  // namespace

TEST_CASE("the sheet of 11,540 voters is understood without help", "[sheet]") {
    std::ostringstream text;
    text << std::ifstream(VEREDA_TEST_DATA "/data/osdi/fake_data.csv", std::ios::binary).rdbuf();
    const std::string content = text.str();
    Sheet sheet = opened(content, {.phone_region = "US"});
    CHECK(left_out(sheet).empty());
    CHECK(sheet.row_count() == 11'540);
    CHECK_FALSE(sheet.assumed_dates());
    std::uint64_t read = 0;
    for (auto row = sheet.next(); row; row = sheet.next()) {
        REQUIRE(row->has_value());
        if (read++ > 0) continue;
        CHECK(
            (*row)->values == Values{
                                  {"household", "0000000001"},
                                  {"family_name", "Woodard"},
                                  {"given_name", "Lawrence"},
                                  {"additional_name", "J"},
                                  {"address_line", "401 I St. SW"},
                                  {"city", "Washington"},
                                  {"region", "DC"},
                                  {"postal_code", "20024"},
                                  {"emails", "lawrence.woodard@fake.osdi.info"},
                                  {"birth_date", "1976-02-03"}});
    }
    CHECK(read == 11'540);
}

TEST_CASE("titles are known in seven languages", "[sheet]") {
    const Values expected = {
        {"given_name", "A"}, {"family_name", "B"}, {"city", "C"}, {"emails", "d@e.org"}};
    for (const char* titles :
         {"First Name,Last Name,City,E-mail", "first_name;surname;Town;Email address",
          "Nombre,Apellidos,Ciudad,Correo electrónico", "Nome,Sobrenome,Município,E-mail",
          "Prénom,Nom,Ville,Courriel", "Имя,Фамилия,Город,Эл. почта", "Ім’я,Прізвище,Місто,Пошта",
          "الاسم,اللقب,المدينة,البريد الإلكتروني", "FIRST NAME\tLAST NAME\tCITY\tEMAIL"}) {
        CAPTURE(titles);
        const char delimiter = detect_delimiter(titles);
        std::string text = std::string(titles) + "\nA,B,C,d@e.org\n";
        std::replace(text.begin(), text.end(), ',', delimiter);
        CHECK(row_of(text, {.delimiter = delimiter}).values == expected);
    }
}

TEST_CASE("a name alone is the whole name, beside one half it is the other", "[sheet]") {
    CHECK(
        row_of("Name,Phone\nAna Ruiz,+34600123456\n").values[0] == FieldValue{"name", "Ana Ruiz"});
    CHECK(
        row_of("Nombre,Apellido\nAna,Ruiz\n").values ==
        Values{{"given_name", "Ana"}, {"family_name", "Ruiz"}});
    CHECK(
        row_of("Prénom,Nom\nAna,Ruiz\n").values ==
        Values{{"given_name", "Ana"}, {"family_name", "Ruiz"}});
    CHECK(
        row_of("First name,Last name,Name\nAna,Ruiz,Ana Ruiz\n").values.back() ==
        FieldValue{"name", "Ana Ruiz"});
}

TEST_CASE("words of place and numbers in a title do not hide its field", "[sheet]") {
    const SheetRow row = row_of(
        "Name,Home Phone,Phone (Work),Mobile,E-mail 1 - Value,Email "
        "2\nAna,+34600123456,+34600123457,+34600123458,a@b.org,c@d.org\n");
    CHECK(
        row.values == Values{
                          {"name", "Ana"},
                          {"phones", "+34600123456"},
                          {"phones", "+34600123457"},
                          {"phones", "+34600123458"},
                          {"emails", "a@b.org"},
                          {"emails", "c@d.org"}});
}

TEST_CASE("a sheet without titles is refused", "[sheet]") {
    CHECK(
        refused("Woodard,Lawrence,J,Washington\nCarter,Joshua,L,Washington\n").problem ==
        SheetProblem::no_headers);
    CHECK(
        refused("Ana,ana@example.org\nEva,eva@example.org\n").problem ==
        SheetProblem::data_as_headers);
    CHECK(
        refused("City,+34 600 123 456\nSoria,+34 600 123 457\n").problem ==
        SheetProblem::data_as_headers);
    CHECK(refused("0000000001,City\n").problem == SheetProblem::data_as_headers);
    CHECK(refused("").problem == SheetProblem::empty);
    CHECK(refused("\n \n").problem == SheetProblem::no_headers);
    CHECK(refused(",,\n,,\n").problem == SheetProblem::empty);
}

TEST_CASE("a sheet that was cut off is refused before its first row is read", "[sheet]") {
    const SheetError error = refused("First,Last\nAna,Ruiz\nEva,\"Sol");
    CHECK(error.problem == SheetProblem::cut_off);
    CHECK(error.line == 3);
}

TEST_CASE("a column can be mapped by hand and left out", "[sheet]") {
    const SheetOptions options{
        .map = {{"Alias", "given_name"}, {"city", "-"}, {"May text", "consent_sms"}}};
    const std::string text = "Alias,City,May text,Shoe size\nAna,Soria,yes,38\n";
    Sheet sheet = opened(text, options);
    CHECK(left_out(sheet) == "City|Shoe size|");
    const SheetRow row = row_of(text, options);
    CHECK(row.values == Values{{"given_name", "Ana"}});
    CHECK(row.consents == Consents{{"sms", true}});
}

TEST_CASE("mapping what is not there is refused and says what is", "[sheet]") {
    const SheetError column = refused("First,Last\n", {.map = {{"Alias", "given_name"}}});
    CHECK(column.problem == SheetProblem::unknown_column);
    CHECK(column.about == "Alias");
    CHECK(column.titles == std::vector<std::string>{"First", "Last"});
    const SheetError field = refused("First,Last\n", {.map = {{"First", "shoe_size"}}});
    CHECK(field.problem == SheetProblem::unknown_field);
    CHECK(field.about == "shoe_size");
    CHECK(refused("First,Last\n", {.key_column = "ID"}).problem == SheetProblem::unknown_column);
    CHECK(
        refused("First,Last\n", {.map = {{"First", "consent_pigeon"}}}).problem ==
        SheetProblem::unknown_channel);
}

TEST_CASE("a channel that nobody knows is left out and mapped to nothing", "[sheet]") {
    const Sheet sheet = opened("First,consent_pigeon,consent_sms\nAna,withdrawn,given\n");
    CHECK(left_out(sheet) == "consent_pigeon|");
    CHECK(sheet.columns()[1].why_left_out == LeftOut::unknown_channel);
    CHECK(sheet.columns()[1].about == "pigeon");
    const SheetError error = refused("First,Last\n", {.map = {{"First", "consent_emial"}}});
    CHECK(error.problem == SheetProblem::unknown_channel);
    CHECK(error.about == "emial");
}

TEST_CASE("of two columns for one field the second is left out and says so", "[sheet]") {
    const Sheet sheet = opened("First,Given name,City\nAna,Anna,Soria\n");
    CHECK(left_out(sheet) == "Given name|");
    CHECK(sheet.columns()[1].why_left_out == LeftOut::second_column);
    CHECK(sheet.columns()[1].about == "First");
}

TEST_CASE("address lines and notes of several columns are joined", "[sheet]") {
    CHECK(
        row_of("First,street_number,address_1,address_2\nAna,12,Calle Mayor,2º B\n")
            .values.back() == FieldValue{"address_line", "12 Calle Mayor, 2º B"});
    CHECK(
        row_of("First,Notes,Comments\nAna,one,two\n").values.back() ==
        FieldValue{"notes", "one\ntwo"});
}

TEST_CASE(
    "a row with more or fewer cells than titles is rejected, and the others are read", "[sheet]") {
    Sheet sheet = opened("First,Last\nAna\nEva,Sol,x\nIda,Paz,,\nUma,Rey\n");
    CHECK(sheet.next()->error().line == 2);
    CHECK(sheet.next()->error().line == 3);
    CHECK(sheet.next()->value().line == 4);
    CHECK(sheet.next()->value().line == 5);
    CHECK_FALSE(sheet.next().has_value());
}

TEST_CASE("a spoiled row is rejected at its line", "[sheet]") {
    Sheet sheet = opened("First,Last\n\"Ana\"x,Ruiz\nEva,Sol\n");
    CHECK(sheet.next()->error().line == 2);
    CHECK(sheet.next()->value().values[0].value == "Eva");
}

TEST_CASE("blank rows are passed over, rows that say nothing are rejected", "[sheet]") {
    Sheet sheet = opened("First,Shoe size\n,\n\nAna,38\n,38\n");
    CHECK(sheet.row_count() == 2);
    CHECK(sheet.next()->value().line == 4);
    CHECK(sheet.next()->error().line == 5);
    CHECK_FALSE(sheet.next().has_value());
}

TEST_CASE("a key names its row, is required and is unique", "[sheet]") {
    Sheet sheet = opened("ID,First\n7,Ana\n,Eva\n7,Ida\n8,Uma\n", {.key_column = "id"});
    CHECK(sheet.next()->value().key == "7");
    CHECK(sheet.next()->error().why == RowProblem::empty_key);
    const RejectedRow again = sheet.next()->error();
    CHECK(again.why == RowProblem::repeated_key);
    CHECK(again.value == "7");
    CHECK(again.number == 2);
    CHECK(sheet.next()->value().key == "8");
}

TEST_CASE("cells are trimmed and read as they were before an export", "[sheet]") {
    CHECK(
        row_of("First,Last\n \u00A0Ana ,\u200FRuiz\t\n").values ==
        Values{{"given_name", "Ana"}, {"family_name", "Ruiz"}});
    const std::vector<std::string> titles = {"First", "Phone", "Notes"};
    const std::vector<std::string> cells = {"=Ana", "+34600123456", "-said; \"hm\"\r\n"};
    std::string text;
    append_csv_row(text, titles);
    append_csv_row(text, cells);
    CHECK(
        row_of(text).values ==
        Values{{"given_name", "=Ana"}, {"phones", "+34600123456"}, {"notes", "-said; \"hm\""}});
}

TEST_CASE("several phones, addresses and tags in one cell are several", "[sheet]") {
    const SheetRow row = row_of(
        "Name,Phone,Email,Tags\nAna,600123456 / 600123457;600123456,a@b.org; c@d.org,\"river, "
        "youth;  river\"\n",
        {.phone_region = "ES"});
    CHECK(
        row.values == Values{
                          {"name", "Ana"},
                          {"phones", "+34600123456"},
                          {"phones", "+34600123457"},
                          {"emails", "a@b.org"},
                          {"emails", "c@d.org"},
                          {"tags", "river"},
                          {"tags", "youth"}});
}

TEST_CASE("one number or address with separators in it stays one", "[sheet]") {
    CHECK(
        row_of("Name,Phone\nAna,011/123-4567\n", {.phone_region = "RS"}).values[1] ==
        FieldValue{"phones", "+381111234567"});
    CHECK(
        row_of("Name,Phone\nAna,+34912345678;ext=5\n").values[1] ==
        FieldValue{"phones", "+34912345678;ext=5"});
    CHECK(
        row_of("Name,Email\nAna,Ana Ruiz <a@b.org>\n").values[1] ==
        FieldValue{"emails", "Ana Ruiz <a@b.org>"});
}

TEST_CASE("a placeholder is no phone and no address", "[sheet]") {
    CHECK(row_of("Name,Phone,Email\nAna,N/A,-\n").values == Values{{"name", "Ana"}});
    CHECK(
        row_of("Name,Phone\nAna,ask her mother\n").values[1] ==
        FieldValue{"phones", "ask her mother"});
}

TEST_CASE("dates are read in the order that the column proves", "[sheet]") {
    const auto dates = [](std::string_view text, const SheetOptions& options = {}) {
        std::string all;
        Sheet sheet = opened(text, options);
        for (auto row = sheet.next(); row; row = sheet.next())
            all += row->has_value() ? (*row)->values.back().value + " " : "- ";
        return all + (sheet.assumed_dates() ? "1" : "0");
    };
    CHECK(dates("Name,Birth date\na,03/04/1990\nb,25/12/1990\n") == "1990-04-03 1990-12-25 0");
    CHECK(dates("Name,Birth date\na,03/04/1990\nb,12/25/1990\n") == "1990-03-04 1990-12-25 0");
    CHECK(dates("Name,Birth date\na,03/04/1990\n") == "1990-04-03 1");
    CHECK(dates("Name,Birth date\na,03/04/1990\n", {.phone_region = "US"}) == "1990-03-04 1");
    CHECK(
        dates("Name,Birth date\na,03/04/1990\n", {.date_order = DateOrder::month_first}) ==
        "1990-03-04 0");
    CHECK(dates("Name,Birth date\na,1990-04-03\n") == "1990-04-03 0");
    CHECK(
        dates("Name,Birth date\na,25/12/1990\nb,26/12/1990\nc,12/25/1990\n") ==
        "1990-12-25 1990-12-26 - 1");
}

TEST_CASE("birth dates of three columns are put together, also in part", "[sheet]") {
    CHECK(
        row_of("First,YoB,MoB,DoB\nAna,1976,2,3\n").values.back() ==
        FieldValue{"birth_date", "1976-02-03"});
    CHECK(
        row_of("First,YoB,MoB,DoB\nAna,1976,,\n").values.back() ==
        FieldValue{"birth_date", "1976"});
    CHECK(
        row_of("First,YoB,MoB,DoB\nAna,,Feb,3\n").values.back() ==
        FieldValue{"birth_date", "--02-03"});
    CHECK(
        row_of("First,Year of birth\nAna,76\n").values.back() == FieldValue{"birth_date", "1976"});
    CHECK(
        row_of("First,DOB\nAna,3.2.1976\n").values.back() ==
        FieldValue{"birth_date", "1976-02-03"});
    CHECK(rejection_of("First,YoB,MoB,DoB\nAna,1977,2,29\n").why == RowProblem::no_birth_date);
    CHECK(rejection_of("First,YoB,MoB,DoB\nAna,1977,13,1\n").value == "13");
    CHECK(rejection_of("First,YoB,MoB,DoB\nAna,1977,,1\n").why == RowProblem::no_birth_date);
}

TEST_CASE("a date that no calendar has rejects its row", "[sheet]") {
    CHECK(rejection_of("First,Birth date\nAna,2008-25-1\n").why == RowProblem::no_such_day);
    CHECK(rejection_of("First,Birth date\nAna,soon\n").why == RowProblem::not_a_date);
}

TEST_CASE("columns about consent are told from columns about contact", "[sheet]") {
    const auto consents = [](const std::string& title, const std::string& cell) {
        return row_of("First," + title + "\nAna," + cell + "\n").consents;
    };
    CHECK(consents("consent_sms", "given") == Consents{{"sms", true}});
    CHECK(consents("consent_sms", "withdrawn") == Consents{{"sms", false}});
    CHECK(consents("SMS opt-in", "yes") == Consents{{"sms", true}});
    CHECK(consents("SMS opt-in", "no") == Consents{{"sms", false}});
    CHECK(consents("SMS opt-in", "").empty());
    CHECK(consents("do_not_phone", "1") == Consents{{"phone", false}});
    CHECK(consents("do_not_phone", "0").empty());
    CHECK(consents("Do not mail", "TRUE") == Consents{{"post", false}});
    CHECK(consents("Do not e-mail", "x") == Consents{{"email", false}});
    CHECK(consents("Email opt out", "opted out") == Consents{{"email", false}});
    CHECK(consents("No llamar", "Sí") == Consents{{"phone", false}});
    CHECK(consents("Ne pas appeler", "oui") == Consents{{"phone", false}});
    CHECK(consents("Не звонить", "да") == Consents{{"phone", false}});
    CHECK(consents("Згода SMS", "так") == Consents{{"sms", true}});
    CHECK(consents("Consent WhatsApp", "✓") == Consents{{"whatsapp", true}});
    CHECK(
        row_of("First,Phone no.\nAna,+34600123456\n").values.back() ==
        FieldValue{"phones", "+34600123456"});
}

TEST_CASE("opting out of everything withdraws every channel", "[sheet]") {
    const SheetRow row = row_of("First,is_opt_out\nAna,1\n");
    CHECK(row.consents.size() == 8);
    for (const ChannelConsent& consent : row.consents) CHECK_FALSE(consent.given);
}

TEST_CASE("of two answers about a channel the withdrawal counts", "[sheet]") {
    CHECK(
        row_of("First,SMS consent,Do not text\nAna,yes,yes\n").consents ==
        Consents{{"sms", false}});
    CHECK(
        row_of("First,Do not text,SMS consent\nAna,yes,yes\n").consents ==
        Consents{{"sms", false}});
}

TEST_CASE("an unclear answer about consent rejects its row", "[sheet]") {
    CHECK(rejection_of("First,SMS consent\nAna,maybe\n").why == RowProblem::unclear_consent);
}

TEST_CASE("channels and kinds are said in the schema's words", "[sheet]") {
    CHECK(
        row_of("First,Preferred channel\nAna,Teléfono\n").values.back() ==
        FieldValue{"preferred_channel", "phone"});
    CHECK(
        row_of("First,Preferred channel\nAna,pigeon\n").values.back() ==
        FieldValue{"preferred_channel", "pigeon"});
    CHECK(row_of("Name,Contact type\nRiver Club,Organization\n").kind == "organisation");
    CHECK(rejection_of("Name,Contact type\nRiver Club,Ghost\n").why == RowProblem::unknown_kind);
}

TEST_CASE("CiviCRM's titles are understood", "[sheet]") {
    const Sheet sheet = opened(
        "First Name,Last Name,Birth Date,Street Address,Supplemental Address 1,City,Postal "
        "Code,Country,State,Email,Website,Phone,"
        "Gender,Preferred Language,do_not_sms,Contact Type,Job Title,Note(s)\n");
    CHECK(left_out(sheet).empty());
}

TEST_CASE("febrl's titles are understood, except its two numbers", "[sheet]") {
    const Sheet sheet = opened(
        "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, "
        "state, date_of_birth, soc_sec_id\n");
    CHECK(left_out(sheet) == "rec_id|soc_sec_id|");
}

TEST_CASE("a title of ten thousand words is read as quickly as others", "[sheet]") {
    std::string title = "First,";
    for (int i = 0; i < 10'000; ++i) title += "call ";
    const Sheet sheet = opened(title + "\nAna,x\n");
    CHECK(sheet.columns()[1].is_left_out());
}

TEST_CASE("a cell that no entry could hold rejects its row", "[sheet]") {
    CHECK(
        rejection_of("First,Notes\nAna," + std::string(16 * 1024 + 1, 'x') + "\n").title ==
        "Notes");
    CHECK(row_of("First,Notes\nAna," + std::string(16 * 1024, 'x') + "\n").values.size() == 2);
}

TEST_CASE("our own export is understood, column by column", "[sheet]") {
    std::vector<std::string> titles = {"id", "turf", "kind"};
    for (const Field& field : fields()) {
        if (field.owner == FieldOwner::contact) titles.emplace_back(field.name);
    }
    for (const Term& channel : terms(Vocabulary::channel))
        titles.push_back("consent_" + std::string(channel.word));
    titles.insert(titles.end(), {"source", "key", std::string(conflicts_title)});
    std::string text;
    append_csv_row(text, titles);
    const Sheet sheet = opened(text);
    CHECK(left_out(sheet) == "id|turf|source|key|conflicts|");
    for (const SheetColumn& column : sheet.columns()) {
        CAPTURE(column.title);
        const bool known = find_field(FieldOwner::contact, column.title) != nullptr;
        CHECK((!known || column.field == column.title));
        CHECK(column.consent.has_value() == column.title.starts_with("consent_"));
    }
}

TEST_CASE("a first line that names the delimiter is obeyed, and no row", "[sheet]") {
    for (const std::string line : {"sep=;\r\n", "SEP=;\n"}) {
        const std::string text = line + "name;city\nRosa, the elder;Cali\n";
        Sheet sheet = opened(text);
        CHECK(sheet.row_count() == 1);
        const auto row = sheet.next();
        REQUIRE(row.has_value());
        REQUIRE(row->has_value());
        CHECK((*row)->line == 3);
        CHECK((*row)->values == Values{{"name", "Rosa, the elder"}, {"city", "Cali"}});
    }
    CHECK(row_of("sep=|\nname|city\nRosa|Cali\n").values.size() == 2);
}

TEST_CASE("a number that a spreadsheet has rounded is rejected, not kept", "[sheet]") {
    for (const std::string number : {"5.73E+11", "5E+11", "5.73e+11"}) {
        CHECK(rejection_of("name,phone\nRosa," + number + "\n").why == RowProblem::rounded_number);
    }
    CHECK(rejection_of("name;phone\nRosa;5,73E+11\n").why == RowProblem::rounded_number);
    CHECK(
        rejection_of("id,name\n1.2E+10,Rosa\n", {.key_column = "id"}).why ==
        RowProblem::rounded_number);
    CHECK(row_of("name,notes\nRosa,5.73E+11\n").values.size() == 2);
}

TEST_CASE("a column of ids that is left out says how it names the rows", "[sheet]") {
    const auto why = [](std::string_view text) {
        return opened(text).columns().front().why_left_out;
    };
    CHECK(why("ID,name\n1,Rosa\n") == LeftOut::maybe_key);
    CHECK(why("id,name\n1,Rosa\n") == LeftOut::maybe_key);
    CHECK(why("id,name,key\n1,Rosa,2\n") != LeftOut::maybe_key);
    CHECK(why("shoe,name\n1,Rosa\n") != LeftOut::maybe_key);
}

TEST_CASE("a row with damaged bytes in what is read is rejected alone", "[sheet]") {
    const std::string text = "name,shoe\nRosa,\uFFFD\nJos\uFFFD,9\n";
    Sheet sheet = opened(text, {.has_damaged_bytes = true});
    const auto first = sheet.next();
    REQUIRE(first.has_value());
    CHECK(first->has_value());
    const auto second = sheet.next();
    REQUIRE(second.has_value());
    REQUIRE_FALSE(second->has_value());
    CHECK(second->error().line == 3);
    CHECK(row_of("name\nJos\uFFFD\n").values.size() == 1);
}
