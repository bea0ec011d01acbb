#!/usr/bin/python3
"""The independent reader opens the published blocks, and notices when one is spoilt."""

import json
import pathlib
import subprocess
import sys
import unittest

import cbor2

import strict_cbor

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = json.loads((HERE.parent / "vectors" / "vereda-format" / "vectors.json").read_text())
WORLD = VECTORS["world"]


def authors_block(vector: dict) -> dict:
    name = vector.get("of", vector["name"])
    return next(each for each in VECTORS["blocks"] if each["name"] == name)


def wire_of(vector: dict) -> bytes:
    """A resealed vector's block is the author's header and signature with its new payload."""
    author = authors_block(vector)
    parts = (author["header"], author["signature"], vector["payload"])
    return cbor2.dumps([bytes.fromhex(part) for part in parts])


def read(blocks: list[bytes], key: str = WORLD["K_epoch"]) -> tuple[int, list[dict]]:
    epochs = [{"turf": WORLD["turf"], "epoch": WORLD["epoch"], "key": key}]
    export = {"workspace": WORLD["workspace"], "epochs": epochs, "blocks": [b.hex() for b in blocks]}
    command = [sys.executable, str(HERE / "read_blocks.py"), "-"]
    done = subprocess.run(command, input=json.dumps(export), capture_output=True, text=True, check=False)
    if done.stderr:
        raise AssertionError(done.stderr)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


class PublishedBlocks(unittest.TestCase):
    def test_every_block_opens_to_its_entries(self):
        for vector in VECTORS["blocks"]:
            with self.subTest(vector["name"]):
                status, (block, *slots) = read([wire_of(vector)])
                self.assertEqual((status, block["verdict"]), (0, "open"))
                self.assertEqual(block["block"], vector["block_hash"])
                author = authors_block(vector)
                self.assertEqual(len(slots), len(author["entries"]))
                for i, slot in enumerate(slots):
                    self.assertEqual(slot["seq"], author["first_seq"] + i)
                    self.assertEqual(slot["slot"] == "empty", i + 1 in vector.get("erased", []))
                    if slot["slot"] == "present":
                        self.assertEqual(slot["entry"], author["entries"][i])

    def test_whole_blocks_are_rebuilt_byte_for_byte(self):
        for vector in VECTORS["blocks"]:
            if "block" in vector:
                self.assertEqual(wire_of(vector).hex(), vector["block"])

    def test_the_envelope_is_read(self):
        _, (_, first, *_) = read([wire_of(VECTORS["blocks"][0])])
        fields = first["fields"]
        self.assertEqual(fields["record"], {"log": WORLD["log"], "seq": 1})
        self.assertIsNone(fields["parent"])
        self.assertGreaterEqual(fields["time"], WORLD["time_base"])


class SpoiltBlocks(unittest.TestCase):
    def spoil(self, at: int) -> dict:
        wire = bytearray(wire_of(VECTORS["blocks"][0]))
        wire[at] ^= 1
        status, lines = read([bytes(wire)])
        self.assertEqual(status, 1)
        return lines[0]

    def test_a_changed_header_is_refused(self):
        self.assertEqual(self.spoil(10)["verdict"], "refused")

    def test_a_changed_payload_is_pending(self):
        self.assertEqual(self.spoil(-1), {**self.spoil(-1), "verdict": "pending", "why": "AEAD"})

    def test_another_key_leaves_a_block_pending(self):
        status, (block,) = read([wire_of(VECTORS["blocks"][0])], key="55" * 32)
        self.assertEqual((status, block["verdict"]), (1, "pending"))


class StrictCbor(unittest.TestCase):
    def test_the_published_lists(self):
        for item in VECTORS["cbor_accept"]:
            strict_cbor.loads(bytes.fromhex(item))
        for item in VECTORS["cbor_refuse"]:
            with self.subTest(item), self.assertRaises(strict_cbor.Malformed):
                strict_cbor.loads(bytes.fromhex(item))


if __name__ == "__main__":
    unittest.main()
