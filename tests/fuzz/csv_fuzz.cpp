#include "engine/sheets/csv_reader.h"
#include "engine/sheets/export_csv.h"
#include "engine/sheets/formula.h"
#include "engine/text/utf8.h"
#include "tests/fuzz/expect.h"

using namespace vereda;
using namespace vereda::engine;

namespace {

/// What was written from these cells reads as these cells.
void expect_round_trip(const CsvRow& row) {
    std::string text;
    append_csv_row(text, row.fields);
    CsvReader reader(text, ',', {.field_size_max = 16 * 1024 * 1024});
    CsvRow again;
    const auto read = reader.next(again);
    fuzz::expect(read.has_value() && *read, "a written row is read");
    fuzz::expect(again.fields.size() == row.fields.size(), "as many cells as were written");
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
        const std::string valid = make_valid_utf8(row.fields[i]);
        fuzz::expect(shown_as_written(again.fields[i]) == valid, "a cell reads as it was");
        fuzz::expect(
            !could_be_formula(again.fields[i]) || again.fields[i].starts_with('\''),
            "no cell is run");
    }
    const auto end = reader.next(again);
    fuzz::expect(end.has_value() && !*end, "one row was written");
}

}  // namespace

/// Reading ends, lines and positions only rise, rows keep to the limits; writing is the inverse of
/// reading.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    const CsvLimits limits{.field_size_max = 4096, .columns_max = 64};
    CsvReader reader(text, detect_delimiter(text), limits);
    CsvRow row;
    std::uint64_t line = 0;
    std::size_t position = 0;
    for (;;) {
        const auto more = reader.next(row);
        if (more && !*more) break;
        fuzz::expect(reader.position() > position, "every row takes something");
        position = reader.position();
        fuzz::expect(row.fields.size() <= limits.columns_max, "no more columns than allowed");
        if (!more) continue;
        fuzz::expect(row.line > line, "every row begins on a later line");
        line = row.line;
        for (const auto& field : row.fields)
            fuzz::expect(field.size() <= limits.field_size_max, "no field is too long");
        expect_round_trip(row);
    }
    fuzz::expect(position <= size, "nothing is read behind the end");
    return 0;
}
