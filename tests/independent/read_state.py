#!/usr/bin/python3
"""Reads an export as read_blocks.py does, and says what its entries amount to, as one JSON document.

usage: read_state.py EXPORT.json          the export, or - for standard input: that of read_blocks.py, and
  "roster": [hash of the entry at each position…], "roles": {device: "coordinator" | "organiser" | "auditor"…}

prints {"rows": {block: [proven?…]}, "entries": [{"log", "seq", "id", "status"}…],
        "turfs": [{"turf", "digest", "bound": [{"log", "seq"}…]}…]}
"""

import json
import sys

from merged_state import Reading
from text_id import record_text_id


def dot(value: tuple) -> dict:
    return {"log": value[0].hex(), "seq": value[1]}


def state_of(export: dict) -> dict:
    reading = Reading(export)
    entries = sorted((each for some in reading.entries.values() for each in some), key=lambda each: each.dot)
    turfs = [{"turf": id_.hex(), "digest": reading.digest_of(id_, turf).hex(), "bound": [dot(d) for d in turf.bound()]}
             for id_, turf in reading.turfs().items()]
    return {"rows": {hash_.hex(): table.proven for hash_, table in sorted(reading.tables.items())},
            "entries": [{**dot(each.dot), "id": record_text_id(*each.dot), "status": each.status} for each in entries],
            "turfs": turfs}


def main() -> None:
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")
    with source:
        print(json.dumps(state_of(json.load(source))))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
