#include "client/terminal/line_reader.h"

#include <catch2/catch.hpp>
#include <thread>
#include <unistd.h>

using vereda::client::LineReader;

namespace {

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends) == 0); }
    ~Pipe() {
        close_writer();
        ::close(ends[0]);
    }
    void write(const std::string& text) {
        REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    void close_writer() {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }
    int ends[2]{};
};

}  // namespace

TEST_CASE("lines come as they are written, the last one without its end", "[lines]") {
    Pipe pipe;
    LineReader reader(pipe.ends[0]);
    pipe.write("one\n\ntw");
    CHECK(reader.next()->text == "one");
    CHECK(reader.next()->text.empty());
    CHECK(reader.would_wait());
    pipe.write("o\nthree");
    CHECK_FALSE(reader.would_wait());
    CHECK(reader.next()->text == "two");
    pipe.close_writer();
    CHECK(reader.next()->text == "three");
    CHECK_FALSE(reader.next());
}

TEST_CASE("an overlong line is cut and marked, and the next one is whole", "[lines]") {
    Pipe pipe;
    LineReader reader(pipe.ends[0]);
    std::thread writer([&pipe] {
        pipe.write(std::string(3 * LineReader::line_size_max, 'x') + "\nnext\n");
        pipe.close_writer();
    });
    const auto line = reader.next();
    REQUIRE(line);
    CHECK(line->too_long);
    CHECK(line->text.size() == LineReader::line_size_max);
    const auto next = reader.next();
    REQUIRE(next);
    CHECK_FALSE(next->too_long);
    CHECK(next->text == "next");
    writer.join();
}
