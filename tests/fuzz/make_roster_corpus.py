#!/usr/bin/env python3
"""Writes the seeds of the roster's fuzz targets into corpus/, from tests/vectors/vereda-roster."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def write(target: str, name: str, content: bytes) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def bytes_of_code(text: str) -> bytes:
    """A code's bytes without its check: the target puts that behind them."""
    bits = "".join(f"{ALPHABET.index(letter):05b}" for letter in text.removeprefix("VEREDA-").replace("-", ""))
    return int(bits[: len(bits) // 8 * 8], 2).to_bytes(len(bits) // 8, "big")[:-5]


def main() -> None:
    vectors = json.loads((HERE.parent / "vectors" / "vereda-roster" / "roster.json").read_text())
    for entry in vectors["entries"]:
        write("roster_entry", f"kind_{entry['kind']}", bytes.fromhex(entry["entry"]))
    for position, entry in enumerate(vectors["chain"]["entries"]):
        write("roster_entry", f"chain_{position}", bytes.fromhex(entry))
    code = vectors["chain"]["invite"]["code"]
    write("invite_code", "text", code.encode())
    write("invite_code", "bytes", bytes_of_code(code))
    for name, text in vectors["printed"].items():
        write("printed_key", name, text.encode())


if __name__ == "__main__":
    main()
