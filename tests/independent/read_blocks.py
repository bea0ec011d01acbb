#!/usr/bin/python3
"""Reads an export of blocks and keys without the product, and prints what is in them as JSON lines.

usage: read_blocks.py EXPORT.json          the export, or - for standard input:
  {"workspace": hex, "epochs": [{"turf": hex, "epoch": n, "key": hex}…], "blocks": [hex…]}

A line for each block, {"block", "log", "verdict": "open" | "pending" | "refused", "why"?}, and after an open one a line
for each of its slots: {"log", "seq", "slot": "present", "entry", "fields"} or {"log", "seq", "slot": "empty", "leaf"}.
Exit status 0 when every block opened, 1 otherwise.
"""

import json
import sys

from block_format import Block, EpochKeys, Opened, Pending, Refused, open_block, read_block, read_entry


def say(**line) -> None:
    print(json.dumps(line, separators=(",", ":")))


def load_keys(export: dict) -> dict:
    return {(bytes.fromhex(each["turf"]), each["epoch"]): EpochKeys.of(bytes.fromhex(each["key"]))
            for each in export["epochs"]}


def say_slots(block: Block, opened: Opened) -> None:
    for i, entry in enumerate(opened.slots):
        place = {"log": block.log.hex(), "seq": block.core["first_seq"] + i}
        if entry is None:
            say(**place, slot="empty", leaf=opened.leaves[i + 1].hex())
        else:
            say(**place, slot="present", entry=entry.hex(),
                fields=read_entry(entry, opened.preamble, block.log))


def read_one(workspace: bytes, keys: dict, wire: bytes) -> bool:
    try:
        block = read_block(workspace, wire)
    except Refused as error:
        say(verdict="refused", why=str(error))
        return False
    name = {"block": block.hash.hex(), "log": block.log.hex()}
    key = keys.get((block.core["turf"], block.core["epoch"]))
    if key is None:
        say(**name, verdict="pending", why="no key")
        return False
    try:
        opened = open_block(workspace, block, key)
    except Pending as error:
        say(**name, verdict="pending", why=str(error))
        return False
    say(**name, verdict="open")
    say_slots(block, opened)
    return True


def main() -> int:
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")
    with source:
        export = json.load(source)
    workspace, keys = bytes.fromhex(export["workspace"]), load_keys(export)
    results = [read_one(workspace, keys, bytes.fromhex(block)) for block in export["blocks"]]
    return 0 if all(results) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main())
