#include <set>

#include "engine/schema/fields.h"
#include "engine/sheets/sheet.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

void expect_sound(const SheetRow& row) {
    fuzz::expect(!row.values.empty() || !row.consents.empty(), "a row says something");
    std::set<std::string> once;
    for (const FieldValue& value : row.values) {
        const Field* field = find_field(FieldOwner::contact, value.field);
        fuzz::expect(field != nullptr && field->name == value.field, "a field is the schema's");
        fuzz::expect(!value.value.empty(), "a value is not empty");
        const bool is_new = once.insert(value.field).second;
        fuzz::expect(is_new || field->rule == MergeRule::set, "only a set has several values");
    }
    for (const ChannelConsent& consent : row.consents) {
        fuzz::expect(
            code_of(Vocabulary::channel, consent.channel).has_value(), "a channel is the schema's");
        fuzz::expect(once.insert("consent " + consent.channel).second, "a channel has one consent");
    }
}

}  // namespace

/// The first byte chooses the options. As many rows come out, read or rejected, as were counted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    SheetOptions options{.phone_region = (data[0] & 1) != 0 ? "ES" : "", .this_year = 2026};
    if ((data[0] & 2) != 0) options.map = {{"x", "birth_year"}, {"y", "consent_sms"}};
    if ((data[0] & 4) != 0) options.key_column = "id";
    auto sheet = Sheet::open(as_text({data + 1, size - 1}), options);
    if (!sheet) return 0;
    std::uint64_t rows = 0;
    for (auto row = sheet->next(); row; row = sheet->next(), ++rows) {
        if (*row)
            expect_sound(**row);
        else
            fuzz::expect(row->error().line > 0, "a rejection says where");
    }
    fuzz::expect(rows == sheet->row_count(), "every row is accounted for");
    return 0;
}
