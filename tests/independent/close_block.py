"""Closes blocks, from docs/protocol.md: what block_format.py reads, written. For vectors: frames of stored zstd blocks,
which every implementation can make, and salts from a seed that is given."""

from dataclasses import dataclass

import cbor2
import nacl.bindings
import nacl.signing

from block_format import HOUR_MS, PACKED_MIN, EpochKeys, H, blake2b, domain, grow_salts, merkle_root, padme, u64

ZSTD_BLOCK = 128 * 1024


def encode(item) -> bytes:
    return cbor2.dumps(item, canonical=True)


def stored_frame(plain: bytes) -> bytes:
    """RFC 8878: a single-segment frame, its size in 4 bytes, its blocks not compressed."""
    pieces = [plain[i : i + ZSTD_BLOCK] for i in range(0, len(plain), ZSTD_BLOCK)]
    frame = b"\x28\xb5\x2f\xfd" + bytes([0b10100000]) + len(plain).to_bytes(4, "little")
    for i, piece in enumerate(pieces):
        frame += (len(piece) << 3 | (i == len(pieces) - 1)).to_bytes(3, "little") + piece
    return frame


def pack(plain: bytes) -> bytes:
    frame = stored_frame(plain)
    packed = len(frame).to_bytes(4, "big") + frame
    return packed.ljust(max(PACKED_MIN, padme(len(packed))), b"\0")


@dataclass
class Closed:
    wire: bytes
    hash: bytes
    log: bytes
    first_seq: int
    count: int


class Author:
    """A log that its device writes: blocks one after the other, and, where asked, one beside another."""

    def __init__(self, workspace: bytes, seed: bytes, turf: bytes, incarnation: bytes, epoch_key: bytes,
                 roster: tuple[int, bytes], base: int):
        self.workspace, self.turf, self.incarnation, self.roster, self.base = workspace, turf, incarnation, roster, base
        self.signing, self.keys = nacl.signing.SigningKey(seed), EpochKeys.of(epoch_key)
        self.device = bytes(self.signing.verify_key)
        self.log = H("log", workspace + self.device + turf + incarnation)
        self.blocks: list[Closed] = []

    def next_seq(self) -> int:
        return self.blocks[-1].first_seq + self.blocks[-1].count if self.blocks else 1

    def close(self, entries: list[bytes], rows: list) -> Closed:
        assert self.base % HOUR_MS == 0
        first, count = self.next_seq(), len(entries)
        preamble = encode([self.base, rows])
        seed = blake2b(b"seed" + self.log + u64(first) + b"".join(entries), size=16)
        salts = grow_salts([seed], count, set())
        leaves = [blake2b(domain("preamble") + self.log + u64(first) + preamble, salts[0])]
        leaves += [blake2b(domain("entry") + self.log + u64(first + i) + entry, salts[i + 1])
                   for i, entry in enumerate(entries)]
        previous = self.blocks[-1].hash if self.blocks else bytes(32)
        core = encode([1, self.device, self.turf, self.incarnation, len(self.blocks), first, count, previous,
                       merkle_root(leaves), 1, *self.roster, None])
        payload = self.seal(core, pack(encode([preamble, [seed], entries])))
        header = core + H("sealed", payload)
        signature = self.signing.sign(domain("block") + self.workspace + header).signature
        wire = encode([header, signature, payload])
        self.blocks.append(Closed(wire, H("block", self.workspace + header), self.log, first, count))
        return self.blocks[-1]

    def seal(self, core: bytes, packed: bytes) -> bytes:
        aad = domain("payload") + self.workspace + core
        nonce = blake2b(aad + packed, self.keys.nonce, 24)
        return nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(packed, aad, nonce, self.keys.pay)

    def forget_last(self) -> Closed:
        """So that the next block stands beside it: the log forks there."""
        return self.blocks.pop()
