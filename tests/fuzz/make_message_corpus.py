#!/usr/bin/env python3
"""Writes the seeds of the sync messages' fuzz target into corpus/message, from docs/protocol/sync.md."""

import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def head(major: int, value: int) -> bytes:
    if value < 24:
        return bytes([major << 5 | value])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * size:
            return bytes([major << 5 | info]) + value.to_bytes(size, "big")
    raise ValueError(value)


def cbor(item) -> bytes:
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    return head(4, len(item)) + b"".join(cbor(part) for part in item)


def main() -> None:
    time = 1_800_000_000_000
    leaf = [70_000, time]
    tip = [b"\1" * 32, 7, b"\2" * 32, 900]
    signed_head = [b"\3" * 60, b"\4" * 64]
    wrap = [b"\5" * 16, 1, b"\6" * 32, b"\7" * 112]
    thing = [b"\x08", 9]  # where a block or an entry stands
    pull = [[[b"\1" * 16, 1, 40, b"\2" * 32, [[41, 41], [43, 50]]]], 262_144]
    turfs = [
        [b"\1" * 16, 0, [[thing, None, leaf], [thing, thing, leaf]], signed_head, True],
        [b"\2" * 16, 1, [], signed_head, False],
        [b"\3" * 16, 2, [], None, False],
    ]
    messages = {
        "refusal": [4, time],
        "found": [b"\1" * 16, [thing, thing], [[1, [wrap, wrap]]]],
        "found_answer": [[leaf, leaf]],
        "roster_read": [12, [b"\1" * 32, b"\2" * 32], None, b"\3" * 32],
        "roster_read_answer": [[[thing, 1, time]], True, [tip], signed_head, []],
        "roster_append": [thing, [wrap], b"\1" * 32],
        "roster_append_answer": [0, 3, leaf],
        "enrol": [thing, False],
        "enrol_answer": [9, leaf, b"\1" * 32],
        "wraps_read": [b"\1" * 32],
        "wraps_read_answer": [[[5, b"\1" * 16, 1, 2, 3, b"\7" * 112, [b"\2" * 32, b"\3" * 32]]]],
        "push": [[thing, thing], None],
        "push_answer": [[[0, leaf], [1, leaf], [2, leaf], [3, tip], [3, None], [4, 7]], []],
        "pull": pull,
        "pull_answer": [turfs],
        "hub_card": [b"\1" * 32, 1, "https://hub.example", time],
        "went_back": [signed_head],
        "went_back_answer": [True],
    }
    folder = HERE / "corpus" / "message"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, body) in enumerate(messages.items()):
        (folder / name).write_bytes(bytes([number]) + cbor(body))
    more = {
        "roster_read_and_pull": (3, [12, [], pull, None]),
        "roster_read_answer_and_turfs": (4, [[], False, [tip], signed_head, turfs]),
        "push_and_pull": (11, [[thing], pull]),
        "push_of_version_1": (11, [[thing], pull, 1]),
        "push_answer_not_yet": (12, [[[5, [1, 0]], [5, [2, 86_400_000]], [4, 8]], []]),
        "push_answer_and_turfs": (12, [[[0, leaf]], turfs]),
    }
    for name, (number, body) in more.items():
        (folder / name).write_bytes(bytes([number]) + cbor(body))
    (folder / "roster_conflict").write_bytes(bytes([6]) + cbor([1, 4, b"\1" * 32]))


if __name__ == "__main__":
    main()
