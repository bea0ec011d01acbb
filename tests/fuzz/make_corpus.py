#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets of the block format into corpus/, from the published vectors."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"


def write(target: str, name: str, content: bytes) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name.replace(" ", "_").replace(",", "")).write_bytes(content)


def write_block_seeds(vector: dict) -> None:
    """Of every vector but the largest raw ones, which teach a fuzzer nothing new."""
    name = vector["name"]
    if "511" in name and "raw" in name:
        return
    plain, packed = bytes.fromhex(vector["plain"]), bytes.fromhex(vector["packed"])
    frame = bytes.fromhex(vector["zstd_frame"])
    count = (int(name.split()[0]) - 1 if name[0].isdigit() else 0).to_bytes(2, "big")
    write("payload", name + " packed", b"\0" + count + packed)
    write("payload", name + " frame", b"\1" + count + frame)
    if len(plain) < 4096:
        write("payload", name + " plain", b"\2" + count + plain)
        write("cbor", name + " plain", plain)
    if "block" in vector:
        write("block", name, bytes.fromhex(vector["block"]))
        write("cbor", name, bytes.fromhex(vector["core"]))
        write("block", name + " core", bytes.fromhex(vector["core"]))
        write("preamble", name, bytes.fromhex(vector["preamble"]))
        for i, entry in enumerate(vector["entries"][:3]):
            write("entry", f"{name} {i}", bytes.fromhex(entry))
    else:
        seal, signature = bytes.fromhex(vector["seal"]), bytes.fromhex(vector["seal_signature"])
        write("seal", name, seal)
        write("seal", name + " signed", b"\x82\x58" + bytes([len(seal)]) + seal + b"\x58\x40" + signature)


def main() -> None:
    vectors = json.loads((VECTORS / "vereda-format" / "vectors.json").read_text())
    for vector in vectors["blocks"]:
        write_block_seeds(vector)
    for kind in ("accept", "refuse"):
        for item in vectors["cbor_" + kind]:
            write("cbor", kind + " " + item, bytes.fromhex(item))
    for item in json.loads((VECTORS / "cbor" / "appendix_a.json").read_text()):
        write("cbor", "rfc8949 " + item["hex"][:24], bytes.fromhex(item["hex"]))
    for name in ("leaf_1", "leaf_2", "stream_head"):
        write("leaf", name, bytes.fromhex(vectors["hub"][name]))
    zero = bytes(32)
    checked = b"\x86\x01" + 3 * (b"\x58\x20" + zero) + b"\x05" + b"\x58\x20" + zero
    write("seal", "checked", checked)
    record, slots = b"\x82\x58\x20" + zero + b"\x07", b"\x82\x58\x20" + zero + b"\x83\x01\x18\xc8\x19\x01\xff"
    write("erase_list", "one of each", b"\x82\x81" + record + b"\x81" + slots)
    write("erase_list", "nothing", b"\x82\x80\x80")
    heads = b"\x83\x00\x80\x81\x83\x58\x20" + zero + b"\x04\x58\x20" + zero
    write("preamble", "heads", heads)
    for text in (b"ya6wtf8f73acn", b"ya6wtf8f73acj", b"EK0W-94368-BWKQ", b"EK0W-94368-BWKS", b"0oIl"):
        write("text_id", text.decode(), text)


if __name__ == "__main__":
    main()
