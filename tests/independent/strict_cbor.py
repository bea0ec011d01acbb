"""Deterministic CBOR as docs/protocol.md allows it, checked byte by byte; cbor2, which forgives much, then reads it."""

import cbor2

DEPTH_MAX = 16
INTEGER_MAX = 2**63 - 1


class Malformed(ValueError):
    """Not an item of the format's CBOR."""


def _need(condition: bool, why: str) -> None:
    if not condition:
        raise Malformed(why)


def _head(wire: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument and the place behind the head; the shortest form is the only one."""
    _need(at < len(wire), "ends early")
    major, info = wire[at] >> 5, wire[at] & 31
    if major == 7:
        _need(wire[at] in (0xF4, 0xF5, 0xF6), "neither false, true nor null")
        return 7, info, at + 1
    _need(major < 6 and info < 28, "a tag, an indefinite length or a reserved form")
    if info < 24:
        return major, info, at + 1
    size = 1 << (info - 24)
    _need(at + 1 + size <= len(wire), "ends early")
    argument = int.from_bytes(wire[at + 1 : at + 1 + size], "big")
    shortest = 24 if size == 1 else 1 << (4 * size)
    _need(shortest <= argument <= INTEGER_MAX, "not the shortest form, or too large")
    return major, argument, at + 1 + size


def _string_end(wire: bytes, at: int, size: int, text: bool) -> int:
    _need(size <= len(wire) - at, "ends early")
    if text:
        try:
            wire[at : at + size].decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("not UTF-8") from error
    return at + size


def _map_end(wire: bytes, at: int, pairs: int, depth: int) -> int:
    last_key = b""
    for _ in range(pairs):
        key_end = item_end(wire, at, depth + 1)
        _need(last_key < wire[at:key_end], "keys out of order or twice")
        last_key = wire[at:key_end]
        at = item_end(wire, key_end, depth + 1)
    return at


def item_end(wire: bytes, at: int = 0, depth: int = 0) -> int:
    """The place behind the item at `at`; `depth` arrays and maps are around it."""
    major, argument, at = _head(wire, at)
    if major in (2, 3):
        return _string_end(wire, at, argument, major == 3)
    if major in (4, 5):
        _need(depth < DEPTH_MAX, "too deep")
        _need(argument <= len(wire) - at, "ends early")
        if major == 5:
            return _map_end(wire, at, argument, depth)
        for _ in range(argument):
            at = item_end(wire, at, depth + 1)
    return at


def loads(wire: bytes):
    """The value of exactly one item."""
    _need(item_end(wire) == len(wire), "bytes behind the item")
    return cbor2.loads(wire)


def last_item(wire: bytes, items: int) -> bytes:
    """The encoding of the last of an array's `items` items."""
    _, argument, at = _head(wire, 0)
    _need(argument == items, "another number of items")
    for _ in range(items - 1):
        at = item_end(wire, at, 1)
    return wire[at:]
