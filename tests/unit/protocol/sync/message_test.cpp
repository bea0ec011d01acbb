#include "protocol/sync/message.h"

#include <catch2/catch.hpp>
#include <functional>

#include "protocol/cbor.h"

using namespace vereda;
using namespace vereda::protocol;

namespace {

template <class Id>
Id filled(std::uint8_t byte) {
    Id id;
    id.bytes.fill(byte);
    return id;
}

/// Some item that a block or roster entry may be: an array of one byte string.
Bytes item(std::uint8_t byte, std::size_t size = 3) {
    Bytes out;
    CborWriter(out).array(1).byte_string(Bytes(size, byte));
    return out;
}

SignedHead signed_head() {
    SignedHead head{.head = {1, 2, 3}, .signature = {}};
    head.signature.fill(9);
    return head;
}

const Acceptance leaf{.stream_seq = 70'000, .accepted = {1'800'000'000'123}};

SealedWrap wrap() {
    SealedWrap sealed{filled<TurfId>(2), {3}, {}, Bytes(112, 7)};
    sealed.recipient.fill(4);
    return sealed;
}

PulledTurf chunk() {
    return {
        .turf = filled<TurfId>(2),
        .outcome = PullOutcome::chunk,
        .blocks = {{item(1), {}, leaf}, {item(2), item(3), {.stream_seq = 1, .accepted = {}}}},
        .head = signed_head(),
        .more = true};
}

ServedWrap served_wrap() {
    ServedWrap served{{5}, filled<TurfId>(2), {1}, 2, 3, Bytes(112, 7), {}};
    served.path.resize(2);
    served.path[0].fill(6);
    return served;
}

PullRequest pull_request() {
    PullCursor cursor{filled<TurfId>(1), 1, 40, filled<ChainHash>(2)};
    cursor.held = {{41, 41}, {43, 90'000}};
    return {{cursor, {}}, chunk_size_max};
}

bool is_read_with_held(std::vector<LeafRange> held) {
    PullRequest request = pull_request();
    request.cursors[0].held = std::move(held);
    return parse_pull_request(encode(request)).has_value();
}

/// Every message of some content, with a check that what it reads to encodes to the same bytes.
struct Sample {
    const char* name;
    Bytes wire;
    std::function<std::optional<Bytes>(ByteView)> again;
};

template <class Message, class Parse>
Sample sample(const char* name, const Message& message, Parse parse) {
    return {name, encode(message), [parse](ByteView wire) -> std::optional<Bytes> {
                const auto parsed = parse(wire);
                if (!parsed) return std::nullopt;
                return encode(*parsed);
            }};
}

std::vector<Sample> samples() {
    const LogTip tip{filled<LogId>(1), 7, filled<BlockHash>(8), {900}};
    return {
        sample("refusal", RefusalAnswer{Refusal::too_fast, {5}}, parse_refusal_answer),
        sample(
            "found",
            FoundRequest{filled<FoundingToken>(1), {item(1), item(2)}, {{{1}, {wrap(), wrap()}}}},
            parse_found_request),
        sample("found answer", FoundAnswer{{leaf, leaf}}, parse_found_answer),
        sample(
            "roster-read", RosterReadRequest{{12}, {filled<LogId>(1), filled<LogId>(2)}},
            parse_roster_read_request),
        sample(
            "roster-read and pull",
            RosterReadRequest{{12}, {}, pull_request(), filled<RosterHash>(3)},
            parse_roster_read_request),
        sample(
            "roster-read answer",
            RosterReadAnswer{{{item(1), leaf}, {item(2), leaf}}, true, {tip}, signed_head()},
            parse_roster_read_answer),
        sample(
            "roster-read answer with turfs",
            RosterReadAnswer{{}, false, {tip}, signed_head(), {chunk()}}, parse_roster_read_answer),
        sample(
            "roster-append", RosterAppendRequest{item(1), {wrap()}, filled<InviteShare>(5)},
            parse_roster_append_request),
        sample(
            "roster-append without share", RosterAppendRequest{item(1), {}, std::nullopt},
            parse_roster_append_request),
        sample(
            "appended", RosterAppendAnswer(RosterAppended{{3}, leaf}), parse_roster_append_answer),
        sample(
            "conflict", RosterAppendAnswer(RosterConflict{4, filled<RosterHash>(1)}),
            parse_roster_append_answer),
        sample("enrol", EnrolRequest{item(1)}, parse_enrol_request),
        sample("enrol answer", EnrolAnswer{{9}, leaf, filled<InviteShare>(5)}, parse_enrol_answer),
        sample("went-back", WentBackRequest{signed_head()}, parse_went_back_request),
        sample("went-back answer", WentBackAnswer{true}, parse_went_back_answer),
        sample("wraps-read", WrapsReadRequest{}, parse_wraps_read_request),
        sample("wraps-read answer", WrapsReadAnswer{{served_wrap()}}, parse_wraps_read_answer),
        sample("push", PushRequest{{item(1, 300), item(2)}}, parse_push_request),
        sample("push and pull", PushRequest{{item(1)}, pull_request()}, parse_push_request),
        sample("push of version 1", PushRequest{{item(1)}, pull_request(), 1}, parse_push_request),
        sample("push of a later version", PushRequest{{item(1)}, {}, 70'000}, parse_push_request),
        sample(
            "push answer",
            PushAnswer{
                {{.outcome = PushOutcome::accepted, .leaf = leaf},
                 {.outcome = PushOutcome::already_had, .leaf = leaf},
                 {.outcome = PushOutcome::evidence, .leaf = leaf},
                 {.outcome = PushOutcome::predecessor_unknown, .head = tip},
                 {.outcome = PushOutcome::predecessor_unknown},
                 {.outcome = PushOutcome::refused, .reason = BlockRefusal::over_quota},
                 {.outcome = PushOutcome::refused, .reason = BlockRefusal::turf_never_held},
                 {.outcome = PushOutcome::not_yet, .wait = PushWait::roster},
                 {.outcome = PushOutcome::not_yet,
                  .wait = PushWait::quota,
                  .again_after_ms = 86'400'000}}},
            parse_push_answer),
        sample(
            "push answer with turfs",
            PushAnswer{{{.outcome = PushOutcome::accepted, .leaf = leaf}}, {chunk()}},
            parse_push_answer),
        sample("pull", pull_request(), parse_pull_request),
        sample(
            "pull answer",
            PullAnswer{
                {chunk(),
                 {.turf = {}, .outcome = PullOutcome::cursor_unknown, .head = signed_head()},
                 {.turf = {}, .outcome = PullOutcome::not_granted}}},
            parse_pull_answer),
        sample("hub card", HubCard{{}, 2, "https://hub.example", {77}}, parse_hub_card),
    };
}

}  // namespace

TEST_CASE("every message reads back to the bytes it was written as", "[message]") {
    for (const Sample& message : samples()) {
        INFO(message.name);
        const auto again = message.again(message.wire);
        REQUIRE(again.has_value());
        CHECK(*again == message.wire);
    }
}

TEST_CASE("a message cut short or followed by anything is malformed", "[message]") {
    for (const Sample& message : samples()) {
        INFO(message.name);
        for (std::size_t size = 0; size < message.wire.size(); ++size) {
            CHECK_FALSE(message.again(ByteView(message.wire).first(size)));
        }
        Bytes longer = message.wire;
        longer.push_back(0);
        CHECK_FALSE(message.again(longer));
    }
}

TEST_CASE(
    "a message with a flipped bit is malformed or reads as exactly those bytes", "[message]") {
    for (const Sample& message : samples()) {
        INFO(message.name);
        for (std::size_t bit = 0; bit < message.wire.size() * 8; ++bit) {
            Bytes flipped = message.wire;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            const auto again = message.again(flipped);
            if (again) CHECK(*again == flipped);
        }
    }
}

TEST_CASE("a pushed block comes out of the message byte for byte", "[message]") {
    const Bytes block = item(0xab, 5000);
    const auto parsed = parse_push_request(encode(PushRequest{{item(1), block}}));
    REQUIRE(parsed);
    CHECK(parsed->blocks.at(1) == block);
}

TEST_CASE("a pull answer keeps blocks, seals and heads apart", "[message]") {
    const auto parsed = parse_pull_answer(encode(PullAnswer{{chunk()}}));
    REQUIRE(parsed);
    CHECK(parsed->turfs == std::vector{chunk()});
}

TEST_CASE("a push of more blocks than the limit is malformed", "[message]") {
    const PushRequest most{std::vector<Bytes>(push_blocks_max, item(1))};
    const PushRequest more{std::vector<Bytes>(push_blocks_max + 1, item(1))};
    CHECK(parse_push_request(encode(most)));
    CHECK_FALSE(parse_push_request(encode(more)));
}

TEST_CASE("a push of version 0 is said in the first form alone", "[message]") {
    const Bytes first = encode(PushRequest{{item(1)}});
    CHECK(first[0] == 0x82);
    CHECK(parse_push_request(first)->version == 0);
    Bytes longer = first;
    longer[0] = 0x83;
    longer.push_back(1);
    REQUIRE(parse_push_request(longer));
    CHECK(parse_push_request(longer)->version == 1);
    longer.back() = 0;
    CHECK_FALSE(parse_push_request(longer));
}

TEST_CASE("a wait of no known reason, or of more than a year, is malformed", "[message]") {
    const auto is_read = [](PushWait wait, std::uint64_t ms) {
        const BlockVerdict verdict{
            .outcome = PushOutcome::not_yet, .wait = wait, .again_after_ms = ms};
        return parse_push_answer(encode(PushAnswer{{verdict}})).has_value();
    };
    CHECK(is_read(PushWait::quota, push_wait_ms_max));
    CHECK_FALSE(is_read(PushWait::quota, push_wait_ms_max + 1));
    CHECK_FALSE(is_read(PushWait::none, 5));
    CHECK_FALSE(is_read(static_cast<PushWait>(push_wait_last + 1), 5));
}

TEST_CASE("leaves that a caller has are said in one way only", "[message]") {
    CHECK(is_read_with_held({{41, 50}, {52, 52}}));
    CHECK_FALSE(is_read_with_held({{40, 50}}));            // not after the cursor
    CHECK_FALSE(is_read_with_held({{42, 41}}));            // the wrong way round
    CHECK_FALSE(is_read_with_held({{41, 50}, {51, 52}}));  // one range in two
    CHECK_FALSE(is_read_with_held({{52, 52}, {41, 50}}));
    std::vector<LeafRange> many;
    for (std::uint64_t i = 0; i < pull_held_max; ++i) many.push_back({100 + 2 * i, 100 + 2 * i});
    CHECK(is_read_with_held(many));
    many.push_back({90'000, 90'000});
    CHECK_FALSE(is_read_with_held(many));
}

TEST_CASE("turfs beside a roster that goes on are malformed", "[message]") {
    RosterReadAnswer answer{{}, true, {}, signed_head(), {chunk()}};
    CHECK_FALSE(parse_roster_read_answer(encode(answer)));
    answer.more = false;
    CHECK(parse_roster_read_answer(encode(answer)));
}

TEST_CASE("blocks beside a verdict that serves none are malformed", "[message]") {
    PulledTurf turf = chunk();
    turf.outcome = PullOutcome::cursor_unknown;
    CHECK_FALSE(parse_pull_answer(encode(PullAnswer{{turf}})));
}

TEST_CASE("a wrap whose index is not below its count is malformed", "[message]") {
    ServedWrap served = served_wrap();
    served.index = served.count;
    CHECK_FALSE(parse_wraps_read_answer(encode(WrapsReadAnswer{{served}})));
}

TEST_CASE("a refusal code that no version knows is malformed", "[message]") {
    const Bytes unknown = {0x82, 0x18, 0xff, 0x00};
    CHECK_FALSE(parse_refusal_answer(unknown));
    CHECK_FALSE(parse_refusal_answer(Bytes{0x82, 0x00, 0x00}));
}

TEST_CASE("founding without a genesis is malformed", "[message]") {
    CHECK_FALSE(parse_found_request(encode(FoundRequest{})));
}

TEST_CASE("message names are those of the paths", "[message]") {
    for (const auto* name :
         {"found", "roster-read", "roster-append", "enrol", "wraps-read", "push", "pull"}) {
        const auto parsed = parse_message_name(name);
        REQUIRE(parsed);
        CHECK(text_of(*parsed) == name);
    }
    CHECK_FALSE(parse_message_name("roster"));
    CHECK_FALSE(parse_message_name(""));
}

TEST_CASE("a pull of more turfs than one message may name is malformed", "[message]") {
    PullRequest request;
    for (std::size_t i = 0; i < pull_turfs_max; ++i)
        request.cursors.push_back({.turf = filled<TurfId>(static_cast<std::uint8_t>(i))});
    CHECK(parse_pull_request(encode(request)));
    request.cursors.push_back({.turf = filled<TurfId>(1)});
    CHECK_FALSE(parse_pull_request(encode(request)));
}

TEST_CASE("a refusal without a reason, or for one that nobody knows, is malformed", "[message]") {
    const auto is_read = [](std::uint8_t reason) {
        PushAnswer answer;
        BlockVerdict& verdict = answer.verdicts.emplace_back();
        verdict.outcome = PushOutcome::refused;
        verdict.reason = static_cast<BlockRefusal>(reason);
        return parse_push_answer(encode(answer)).has_value();
    };
    CHECK(is_read(block_refusal_last));
    CHECK_FALSE(is_read(block_refusal_last + 1));
    CHECK_FALSE(is_read(0));
}
