"""The block format of Vereda, read from docs/protocol.md by other means than the product: nothing here is translated
from its C++. Layouts and names are those of the document."""

import hashlib
from dataclasses import dataclass, field

import nacl.bindings
import nacl.exceptions
import nacl.signing
import zstandard

from strict_cbor import Malformed, last_item, loads

KIB = 1024
ENTRY_MAX, ENTRIES_MAX, PLAIN_MAX = 32 * KIB, 128 * KIB, 192 * KIB
PACKED_MIN, PACKED_MAX, BLOCK_MAX, CORE_MAX = 256, 208 * KIB, 224 * KIB, 1024
WINDOW_MAX = 128 * KIB
COUNT_MAX, SEQ_MAX, DEPTH = 511, 2**40 - 1, 5
HOUR_MS = 3_600_000


class Refused(ValueError):
    """The header or its signature is wrong: nothing of the block is kept."""


class Pending(ValueError):
    """The payload does not open, or does not agree with the root."""


def domain(name: str) -> bytes:
    return b"vereda/" + name.encode() + b"/v1\0"


def blake2b(message: bytes, key: bytes = b"", size: int = 32) -> bytes:
    return hashlib.blake2b(message, key=key, digest_size=size).digest()


def H(name: str, message: bytes) -> bytes:
    return blake2b(domain(name) + message)


def u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


@dataclass
class EpochKeys:
    """K_pay and K_nonce of one key epoch, and the commitment that the roster publishes."""

    pay: bytes
    nonce: bytes
    commitment: bytes

    @staticmethod
    def of(epoch_key: bytes) -> "EpochKeys":
        def subkey(purpose: str) -> bytes:
            person = f"vereda/{purpose}/v1".encode().ljust(16, b"\0")
            return hashlib.blake2b(b"", key=epoch_key, person=person, digest_size=32).digest()

        return EpochKeys(subkey("pay"), subkey("nonce"), blake2b(subkey("commit")))


CORE_FIELDS = ("version device turf incarnation block_no first_seq count previous root epoch"
               " roster_pos roster_hash seen").split()


@dataclass
class Block:
    header: bytes
    core_bytes: bytes
    payload_hash: bytes
    payload: bytes
    core: dict
    hash: bytes
    log: bytes


def check(condition: bool, why: str, kind=Refused) -> None:
    if not condition:
        raise kind(why)


def is_hash(value) -> bool:
    return isinstance(value, bytes) and len(value) == 32


def is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_core(core: dict) -> None:
    sizes = {"device": 32, "turf": 16, "incarnation": 16, "previous": 32, "root": 32, "roster_hash": 32}
    for name, size in sizes.items():
        check(isinstance(core[name], bytes) and len(core[name]) == size, name)
    for name in ("version", "block_no", "first_seq", "count", "epoch", "roster_pos"):
        check(is_number(core[name]), name)
    check(core["version"] == 1, "version")
    check(1 <= core["count"] <= COUNT_MAX, "count")
    check(1 <= core["first_seq"] <= SEQ_MAX - core["count"] + 1, "first_seq")
    check(core["epoch"] >= 1, "epoch")
    first = core["block_no"] == 0
    check(first == (core["previous"] == bytes(32)) == (core["first_seq"] == 1), "place in the log")
    check(core["block_no"] < core["first_seq"], "place in the log")


def read_block(workspace: bytes, wire: bytes) -> Block:
    """Header and signature. Raises Refused."""
    check(len(wire) <= BLOCK_MAX, "too large")
    try:
        header, signature, payload = loads(wire)
        check(all(isinstance(part, bytes) for part in (header, signature, payload)), "parts")
        core_bytes, payload_hash = header[:-32], header[-32:]
        check(len(core_bytes) <= CORE_MAX and len(signature) == 64, "sizes")
        values = loads(core_bytes)
        check(isinstance(values, list) and len(values) == len(CORE_FIELDS), "core")
    except (Malformed, TypeError, ValueError) as error:
        raise Refused(str(error)) from error
    core = dict(zip(CORE_FIELDS, values))
    check_core(core)
    try:
        nacl.signing.VerifyKey(core["device"]).verify(domain("block") + workspace + header, signature)
    except nacl.exceptions.BadSignatureError as error:
        raise Refused("signature") from error
    log = H("log", workspace + core["device"] + core["turf"] + core["incarnation"])
    return Block(header, core_bytes, payload_hash, payload, core, H("block", workspace + header), log)


def padme(size: int) -> int:
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step


def open_packed(workspace: bytes, block: Block, keys: EpochKeys) -> bytes:
    overhead = 24 + 16
    check(PACKED_MIN <= len(block.payload) - overhead <= PACKED_MAX, "payload size", Pending)
    nonce, sealed = block.payload[:24], block.payload[24:]
    aad = domain("payload") + workspace + block.core_bytes
    try:
        packed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, aad, nonce, keys.pay)
    except nacl.exceptions.CryptoError as error:
        raise Pending("AEAD") from error
    check(blake2b(aad + packed, keys.nonce, 24) == nonce, "nonce", Pending)
    return packed


def unpack(packed: bytes) -> bytes:
    frame_size = int.from_bytes(packed[:4], "big")
    frame, padding = packed[4 : 4 + frame_size], packed[4 + frame_size :]
    check(len(frame) == frame_size and not any(padding), "padding", Pending)
    check(len(packed) == max(PACKED_MIN, padme(4 + frame_size)), "padded size", Pending)
    check(frame[:4] == b"\x28\xb5\x2f\xfd", "no zstd frame", Pending)
    try:
        head = zstandard.get_frame_parameters(frame)
        unknown = zstandard.CONTENTSIZE_UNKNOWN
        check(head.content_size != unknown and head.content_size <= PLAIN_MAX, "content size", Pending)
        check(head.window_size <= WINDOW_MAX and not head.dict_id and not head.has_checksum,
              "frame header", Pending)
        reader = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX).decompressobj()
        plain = reader.decompress(frame)
    except zstandard.ZstdError as error:
        raise Pending("zstd") from error
    check(reader.eof and not reader.unused_data, "zstd", Pending)
    check(len(plain) == head.content_size, "content size", Pending)
    return plain


def children(node: bytes) -> list[bytes]:
    whole = blake2b(b"\0", node, 64)
    return [whole[16 * j : 16 * j + 16] for j in range(4)]


def grow_salts(cover: list[bytes], count: int, empty: set[int]) -> dict[int, bytes]:
    """The salt of every leaf 0..count that is not empty."""
    salts: dict[int, bytes] = {}
    nodes = list(cover)

    def walk(level: int, index: int, value: bytes | None) -> None:
        width = 4 ** (DEPTH - level)
        leaves = range(index * width, min((index + 1) * width, count + 1))
        if not leaves:
            return
        if value is None and not any(leaf in empty for leaf in leaves):
            check(bool(nodes), "cover", Pending)
            value = nodes.pop(0)
        if level == DEPTH:
            if value is not None:
                salts[index] = value
            return
        below = children(value) if value is not None else [None] * 4
        for j in range(4):
            walk(level + 1, 4 * index + j, below[j])

    walk(0, 0, None)
    check(not nodes, "cover", Pending)
    return salts


def merkle_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return blake2b(domain("node") + merkle_root(leaves[:split]) + merkle_root(leaves[split:]))


@dataclass
class Opened:
    preamble: list
    slots: list  # the entry's bytes, or None where a slot is empty
    leaves: list[bytes] = field(default_factory=list)


def is_entry(slot) -> bool:
    return isinstance(slot, bytes) and 1 <= len(slot) <= ENTRY_MAX


def is_empty_slot(slot) -> bool:
    return isinstance(slot, list) and len(slot) == 1 and is_hash(slot[0])


def check_plain(plain: bytes, count: int) -> tuple[bytes, list[bytes], list]:
    try:
        preamble, cover, slots = loads(plain)
    except (Malformed, TypeError, ValueError) as error:
        raise Pending("plain") from error
    check(isinstance(preamble, bytes) and isinstance(cover, list), "plain", Pending)
    check(all(isinstance(node, bytes) and len(node) == 16 for node in cover), "cover", Pending)
    check(isinstance(slots, list) and len(slots) == count, "slots", Pending)
    check(all(is_entry(slot) or is_empty_slot(slot) for slot in slots), "slots", Pending)
    check(sum(len(slot) for slot in slots if is_entry(slot)) <= ENTRIES_MAX, "entries", Pending)
    return preamble, cover, slots


def check_rows(rows, own: bytes, last_size: int) -> None:
    check(isinstance(rows, list), "preamble", Pending)
    for row in rows:
        check(isinstance(row, list) and len(row) == 3 and is_hash(row[0]), "preamble", Pending)
        check(is_number(row[1]) and 1 <= row[1] <= SEQ_MAX and row[0] != own, "preamble", Pending)
        check(isinstance(row[2], bytes) and len(row[2]) == last_size, "preamble", Pending)
    logs = [row[0] for row in rows]
    check(logs == sorted(set(logs)), "preamble", Pending)


def read_preamble(wire: bytes, workspace: bytes, block: Block) -> list:
    common = H("common", workspace)[:16] == block.core["turf"]
    try:
        preamble = loads(wire)
    except Malformed as error:
        raise Pending("preamble") from error
    check(isinstance(preamble, list) and len(preamble) == (3 if common else 2), "preamble", Pending)
    base = preamble[0]
    check(isinstance(base, int) and not isinstance(base, bool) and base % HOUR_MS == 0, "base", Pending)
    check_rows(preamble[1], block.log, 8)
    if common:
        check_rows(preamble[2], block.log, 32)
    return preamble


def open_block(workspace: bytes, block: Block, keys: EpochKeys) -> Opened:
    """The payload, every commitment and the root. Raises Pending."""
    count, first = block.core["count"], block.core["first_seq"]
    plain = unpack(open_packed(workspace, block, keys))
    preamble, cover, slots = check_plain(plain, count)
    empty = {i + 1 for i, slot in enumerate(slots) if not is_entry(slot)}
    salts = grow_salts(cover, count, empty)
    leaves = [blake2b(domain("preamble") + block.log + u64(first) + preamble, salts[0])]
    for i, slot in enumerate(slots):
        if is_entry(slot):
            leaves.append(blake2b(domain("entry") + block.log + u64(first + i) + slot, salts[i + 1]))
        else:
            leaves.append(slot[0])
    check(merkle_root(leaves) == block.core["root"], "root", Pending)
    entries = [slot if is_entry(slot) else None for slot in slots]
    return Opened(read_preamble(preamble, workspace, block), entries, leaves)


def read_entry(wire: bytes, preamble: list, own_log: bytes) -> dict:
    """The envelope, its references resolved to dots and its time to Unix milliseconds."""
    kind, version, critical, record, parent, offset, body = loads(wire)

    def dot(reference):
        if reference is None:
            return None
        index, seq = reference
        log = own_log if index == 0 else preamble[1][index - 1][0]
        return {"log": log.hex(), "seq": seq}

    return {"type": kind, "version": version, "critical": critical, "record": dot(record),
            "parent": dot(parent), "time": preamble[0] + offset,
            "body": last_item(wire, 7).hex(), "body_value": json_value(body)}


def json_value(value):
    """CBOR's values as JSON's; bytes as {"bytes": hex}, maps as lists of pairs."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [json_value(each) for each in value]
    if isinstance(value, dict):
        return {"map": [[json_value(key), json_value(each)] for key, each in value.items()]}
    return value
