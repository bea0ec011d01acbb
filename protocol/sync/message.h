#pragma once

// Lives here: what a laptop and a hub say to each other, and the leaves of the hub's streams.
// Begin: here for the messages, `leaf.h` for the streams (docs/protocol/sync.md).
// Must not know: how a message travels, and in which order they come (engine/sync).

#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/hash.h"
#include "crypto/sealed_box.h"
#include "crypto/signature.h"
#include "protocol/ids.h"
#include "protocol/limits.h"
#include "protocol/sealed_wrap.h"

/// What a device and a hub say to each other: one name and one CBOR body each way, carried by HTTP
/// or by a simulator's call. Bytes: docs/protocol/sync.md. Blocks and roster entries pass through
/// as they were received.
namespace vereda::protocol {

enum class MessageName {
    found,
    roster_read,
    roster_append,
    enrol,
    wraps_read,
    push,
    pull,
    went_back
};

/// The name as it stands in the request's path, such as `roster-read`.
[[nodiscard]] std::string_view text_of(MessageName name);
[[nodiscard]] std::optional<MessageName> parse_message_name(std::string_view text);

inline constexpr std::size_t message_size_max = 1024 * 1024;  ///< Bytes of any request or answer.
inline constexpr std::size_t push_blocks_max = 512;           ///< Blocks in one `push`.
inline constexpr std::size_t pull_turfs_max = 256;            ///< Cursors in one `pull`.
/// Ranges of leaves that one cursor leaves out.
inline constexpr std::size_t pull_held_max = 1024;
inline constexpr std::size_t own_logs_max = 1024;  ///< Logs asked about in one `roster-read`.

enum class MessageError { malformed };

/// Why a request as a whole was not carried out. The numbers are on the wire.
enum class Refusal : std::uint8_t {
    malformed = 1,     ///< The body is not what docs/protocol/sync.md says.
    unknown_name = 2,  ///< No message of that name, or no such path.
    /// The HTTP signature does not verify, or the key is on no roster of this hub.
    bad_signature = 3,
    /// Signed too long ago or in the future: sign again with the answer's time.
    clock_differs = 4,
    repeated = 5,       ///< This nonce was seen already.
    not_permitted = 6,  ///< Known, but the roster does not let this device do that.
    unknown_workspace = 7,
    bad_token = 8,  ///< Not a founding token of this hub, or used for another workspace.
    too_large = 9,
    too_fast = 10,    ///< The device's rate is used up: wait a little.
    over_quota = 11,  ///< The device's share of the hub's disk is used up.
    invite_unknown = 12,
    invite_expired = 13,
    invite_used = 14,  ///< By another device.
    invite_cancelled = 15,
    entry_refused = 16,  ///< The roster entry does not verify, or its author may not write it.
    /// The wraps do not give the entry's Merkle root, or the invite's share is missing.
    wraps_differ = 17,
    failed = 18,          ///< The hub's machine failed; nothing was acknowledged.
    roster_differs = 19,  ///< The caller's roster is another branch than this hub's: read from its
                          ///< beginning and compare.
    restored = 20,  ///< The hub was put back to an older copy, and no coordinator has read its
                    ///< roster since: nobody joins until then.
};
inline constexpr std::uint8_t refusal_last = 20;

/// The body of every answer whose HTTP status is not 200.
struct RefusalAnswer {
    Refusal code = Refusal::failed;
    Millis hub_time{};
    auto operator<=>(const RefusalAnswer&) const = default;
};

/// Where and when the hub took an object into one of its streams; the rest of the leaf follows from
/// the object.
struct Acceptance {
    std::uint64_t stream_seq = 0;
    Millis accepted{};
    auto operator<=>(const Acceptance&) const = default;
};

/// The newest block that the hub has of a log.
struct LogTip {
    LogId log{};
    std::uint64_t block_no = 0;
    BlockHash block{};
    Seq last_seq{};
    auto operator<=>(const LogTip&) const = default;
};

/// A stream head as the hub signed it; `leaf.h` reads and verifies it.
struct SignedHead {
    Bytes head{};
    crypto::Signature signature{};
    auto operator<=>(const SignedHead&) const = default;
};

/// The wraps that hang off one roster entry, in the order of their Merkle leaves.
struct EntryWraps {
    RosterPosition position{};
    std::vector<SealedWrap> wraps{};
    auto operator<=>(const EntryWraps&) const = default;
};

using FoundingToken = Id<struct FoundingTokenTag, 16>;
using InviteShare = Id<struct InviteShareTag, 32>;

// ---- found: puts a new workspace on a hub. Repeating it with the same entries gives the same
// answer.

struct FoundRequest {
    FoundingToken token{};
    std::vector<Bytes> entries{};  ///< From the genesis on, at least that one.
    std::vector<EntryWraps> wraps{};
};
struct FoundAnswer {
    std::vector<Acceptance> leaves{};  ///< One for each entry.
};

// ---- pull: what the hub has beyond a cursor, turf by turf. Alone, or with `push` or
// `roster-read`.

/// Leaves of a stream, the last one included.
struct LeafRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    auto operator<=>(const LeafRange&) const = default;
};
/// A place in a hub's stream, as a signed head named it. Epoch, seq and chain zero: the very
/// beginning.
struct PullCursor {
    TurfId turf{};
    std::uint64_t hub_epoch = 0;
    std::uint64_t turf_seq = 0;
    ChainHash turf_chain{};
    std::vector<LeafRange> held{};  ///< Leaves after it that the caller has, blocks and all: not
                                    ///< served. Ascending, with a leaf between any two.
    auto operator<=>(const PullCursor&) const = default;
};
struct PullRequest {
    std::vector<PullCursor> cursors{};
    std::uint64_t bytes_max = chunk_size_max;
    auto operator<=>(const PullRequest&) const = default;
};
/// A block with its current seal, if any, and where the hub took it in.
struct ServedBlock {
    Bytes block{};
    Bytes seal{};  ///< Empty: none.
    Acceptance leaf{};
    auto operator<=>(const ServedBlock&) const = default;
};
enum class PullOutcome : std::uint8_t {
    chunk = 0,  ///< The blocks after the cursor, gap-free except those that the caller has; `head`
                ///< is the stream at their end.
    cursor_unknown = 1,  ///< Another hub epoch, or a chain that is not this hub's: begin again;
                         ///< `head` is the stream's end.
    not_granted = 2,     ///< The roster does not give this device that turf.
};
struct PulledTurf {
    TurfId turf{};
    PullOutcome outcome = PullOutcome::not_granted;
    std::vector<ServedBlock> blocks{};
    SignedHead head{};  ///< Empty with not_granted.
    bool more = false;
    auto operator<=>(const PulledTurf&) const = default;
};
struct PullAnswer {
    std::vector<PulledTurf> turfs{};
};

// ---- roster-read: the roster from a position on, and how far the hub is in the caller's own logs.

struct RosterReadRequest {
    RosterPosition from{};
    std::vector<LogId> own_logs{};
    std::optional<PullRequest> pull{};
    /// Of the entry before `from`, as the caller has it; none to read from the beginning or without
    /// comparing. Another one at the hub is refused as `roster_differs`.
    std::optional<RosterHash> known{};
};
struct ServedEntry {
    Bytes entry{};
    Acceptance leaf{};
    auto operator<=>(const ServedEntry&) const = default;
};
struct RosterReadAnswer {
    std::vector<ServedEntry> entries{};
    bool more = false;
    std::vector<LogTip> heads{};  ///< Of those own logs that the hub knows.
    /// Of the roster's stream (turf zeros), at the hub's end; holds hub epoch and time.
    SignedHead head;
    std::vector<PulledTurf> turfs{};  ///< What was to be pulled; none while there is `more`.
};

// ---- roster-append: compare-and-set on the roster's end.

struct RosterAppendRequest {
    Bytes entry{};
    std::vector<SealedWrap> wraps{};
    std::optional<InviteShare> share{};  ///< With an invite, and only then.
};
struct RosterAppended {
    RosterPosition position{};
    Acceptance leaf{};
    auto operator<=>(const RosterAppended&) const = default;
};
/// The entry's predecessor is not the roster's last entry. Read on from there and sign again.
struct RosterConflict {
    std::uint64_t length = 0;
    RosterHash last{};
    auto operator<=>(const RosterConflict&) const = default;
};
using RosterAppendAnswer = std::variant<RosterAppended, RosterConflict>;

// ---- enrol: a device uses its invite. The same device gets the same answer again.

struct EnrolRequest {
    Bytes entry{};  ///< The hub puts position and predecessor in; the signatures do not cover them.
    /// The entry was on the roster already, which a restored hub has lost: there or nowhere.
    bool placed = false;
};
struct EnrolAnswer {
    RosterPosition position{};
    Acceptance leaf{};
    InviteShare share{};
};

// ---- wraps-read: the turf keys sealed to one box key.

struct WrapsReadRequest {
    crypto::BoxPublicKey recipient{};
};
struct ServedWrap {
    RosterPosition position{};
    TurfId turf{};
    Epoch epoch{};
    std::uint64_t index = 0;  ///< Of the leaf among `count`.
    std::uint64_t count = 0;
    Bytes wrap{};
    std::vector<crypto::Hash> path{};  ///< Siblings from the leaf up to the entry's root.
    auto operator<=>(const ServedWrap&) const = default;
};
struct WrapsReadAnswer {
    std::vector<ServedWrap> wraps{};
};

// ---- push: blocks, each judged by itself.

/// What a pusher understands. A hub that speaks 0 alone calls the longer request malformed; a
/// laptop that speaks 0 alone is given no outcome that it does not know.
inline constexpr std::uint64_t push_version = 1;

struct PushRequest {
    std::vector<Bytes> blocks{};
    std::optional<PullRequest> pull{};  ///< Done after the push; leaves out what was pushed.
    std::uint64_t version = 0;          ///< 0: the first form, which has no place for it.
};
enum class PushOutcome : std::uint8_t {
    accepted = 0,     ///< Durable; the log's head is now this block.
    already_had = 1,  ///< The very same block, with the leaf that it got then.
    evidence = 2,     ///< Another block has this place in the log: kept beside it, the head stays.
    /// Send from the block after `head`, or from the first if there is none.
    predecessor_unknown = 3,
    refused = 4,
    /// Nothing is wrong with it: offer it again, when `wait` says. From version 1 on.
    not_yet = 5,
};
/// Why a block is not taken yet. The numbers are on the wire.
enum class PushWait : std::uint8_t {
    none = 0,
    roster = 1,  ///< It names a roster position, or its hash, that this hub lacks: give the roster.
    quota = 2,   ///< Its author's share of today is used up.
};
inline constexpr std::uint8_t push_wait_last = 2;
inline constexpr std::uint64_t push_wait_ms_max = std::uint64_t{366} * 24 * 3600 * 1000;
enum class BlockRefusal : std::uint8_t {
    none = 0,
    malformed = 1,
    too_large = 2,
    bad_signature = 3,
    payload_differs = 4,  ///< The payload's hash is not the one that the author signed.
    device_unknown = 5,   ///< On no position of the hub's roster.
    turf_unknown = 6,     ///< On no position of the hub's roster.
    over_quota = 7,       ///< Of hubs that speak version 0.
    turf_never_held = 8,  ///< Up to the roster position that it names, its device never had that
                          ///< turf. From version 1 on; before, `turf_unknown`.
};
inline constexpr std::uint8_t block_refusal_last = 8;
struct BlockVerdict {
    PushOutcome outcome = PushOutcome::refused;
    Acceptance leaf{};                         ///< With accepted, already_had and evidence.
    std::optional<LogTip> head{};              ///< With predecessor_unknown.
    BlockRefusal reason = BlockRefusal::none;  ///< With refused.
    PushWait wait = PushWait::none;            ///< With not_yet.
    std::uint64_t again_after_ms = 0;          ///< With not_yet; 0 for the roster.
    auto operator<=>(const BlockVerdict&) const = default;
};
struct PushAnswer {
    std::vector<BlockVerdict> verdicts{};  ///< In the order of the blocks.
    std::vector<PulledTurf> turfs{};
};

// ---- went-back: shows a hub that it once had more, by its own signature. A hub whose machine was
// put back as a whole cannot tell by itself.

struct WentBackRequest {
    SignedHead head{};  ///< Of a turf, or of the roster (turf zeros).
};
struct WentBackAnswer {
    /// It did, and begins a new epoch; else the head is a part of what it has.
    bool proven = false;
};

/// What `GET /v1/hub` tells anyone.
struct HubCard {
    crypto::PublicKey signing_key{};
    std::uint64_t hub_epoch = 0;
    std::string public_url{};
    Millis time{};
};

[[nodiscard]] Bytes encode(const RefusalAnswer& answer);
[[nodiscard]] Bytes encode(const FoundRequest& request);
[[nodiscard]] Bytes encode(const FoundAnswer& answer);
[[nodiscard]] Bytes encode(const RosterReadRequest& request);
[[nodiscard]] Bytes encode(const RosterReadAnswer& answer);
[[nodiscard]] Bytes encode(const RosterAppendRequest& request);
[[nodiscard]] Bytes encode(const RosterAppendAnswer& answer);
[[nodiscard]] Bytes encode(const EnrolRequest& request);
[[nodiscard]] Bytes encode(const EnrolAnswer& answer);
[[nodiscard]] Bytes encode(const WrapsReadRequest& request);
[[nodiscard]] Bytes encode(const WrapsReadAnswer& answer);
[[nodiscard]] Bytes encode(const PushRequest& request);
[[nodiscard]] Bytes encode(const PushAnswer& answer);
[[nodiscard]] Bytes encode(const PullRequest& request);
[[nodiscard]] Bytes encode(const PullAnswer& answer);
[[nodiscard]] Bytes encode(const WentBackRequest& request);
[[nodiscard]] Bytes encode(const WentBackAnswer& answer);
[[nodiscard]] Bytes encode(const HubCard& card);

/// Each reads one body, whole and strictly. Error: `malformed`.
template <class Message>
using Parsed = std::expected<Message, MessageError>;
[[nodiscard]] Parsed<RefusalAnswer> parse_refusal_answer(ByteView body);
[[nodiscard]] Parsed<FoundRequest> parse_found_request(ByteView body);
[[nodiscard]] Parsed<FoundAnswer> parse_found_answer(ByteView body);
[[nodiscard]] Parsed<RosterReadRequest> parse_roster_read_request(ByteView body);
[[nodiscard]] Parsed<RosterReadAnswer> parse_roster_read_answer(ByteView body);
[[nodiscard]] Parsed<RosterAppendRequest> parse_roster_append_request(ByteView body);
[[nodiscard]] Parsed<RosterAppendAnswer> parse_roster_append_answer(ByteView body);
[[nodiscard]] Parsed<EnrolRequest> parse_enrol_request(ByteView body);
[[nodiscard]] Parsed<EnrolAnswer> parse_enrol_answer(ByteView body);
[[nodiscard]] Parsed<WrapsReadRequest> parse_wraps_read_request(ByteView body);
[[nodiscard]] Parsed<WrapsReadAnswer> parse_wraps_read_answer(ByteView body);
[[nodiscard]] Parsed<PushRequest> parse_push_request(ByteView body);
[[nodiscard]] Parsed<PushAnswer> parse_push_answer(ByteView body);
[[nodiscard]] Parsed<PullRequest> parse_pull_request(ByteView body);
[[nodiscard]] Parsed<PullAnswer> parse_pull_answer(ByteView body);
[[nodiscard]] Parsed<WentBackRequest> parse_went_back_request(ByteView body);
[[nodiscard]] Parsed<WentBackAnswer> parse_went_back_answer(ByteView body);
[[nodiscard]] Parsed<HubCard> parse_hub_card(ByteView body);

}  // namespace vereda::protocol
