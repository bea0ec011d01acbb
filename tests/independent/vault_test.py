#!/usr/bin/python3
"""A real vault's blocks, opened by the independent reader: the same entries as the product finds.

usage: vault_test.py EXPORT_VAULT-PROGRAM DIR
"""

import json
import pathlib
import subprocess
import sys


def slots(lines: str) -> list:
    return [(line["log"], line["seq"], line["entry"]) for line in map(json.loads, lines.splitlines()) if "seq" in line]


def main(program: str, directory: str) -> None:
    subprocess.run([program, directory], check=True)
    reader = pathlib.Path(__file__).with_name("read_blocks.py")
    read = subprocess.run([sys.executable, "-B", reader, f"{directory}/export.json"], check=True, capture_output=True, text=True)
    ours = slots(read.stdout)
    product = slots(pathlib.Path(directory, "expected.jsonl").read_text(encoding="utf-8"))
    assert len(product) > 600, f"only {len(product)} entries in the vault"
    assert ours == product, "the two readers differ"
    print(f"{len(ours)} entries, read alike")


if __name__ == "__main__":
    main(*sys.argv[1:])
