#!/usr/bin/python3
"""A real vault's blocks, opened by the independent reader: the same entries as the product finds, and the same state.

usage: vault_test.py EXPORT_VAULT-PROGRAM DIR
"""

import json
import pathlib
import subprocess
import sys

from read_state import state_of


def slots(lines: str) -> list:
    read = [line for line in map(json.loads, lines.splitlines()) if "seq" in line]
    return sorted((line["log"], line["seq"], line["entry"]) for line in read)


def read_slots(directory: pathlib.Path) -> list:
    reader = pathlib.Path(__file__).with_name("read_blocks.py")
    command = [sys.executable, "-B", reader, directory / "export.json"]
    read = subprocess.run(command, check=True, capture_output=True, text=True)
    return slots(read.stdout)


def in_order(state: dict) -> dict:
    """What the two list in orders of their own."""
    by_name = {name: sorted(state[name], key=json.dumps) for name in ("entries", "turfs")}
    return {"rows": state["rows"], **by_name}


def compare_states(directory: pathlib.Path) -> dict:
    ours = in_order(state_of(json.loads((directory / "export.json").read_text())))
    product = in_order(json.loads((directory / "expected_state.json").read_text()))
    for part, found in product.items():
        assert ours[part] == found, f"the two readers differ in {part}"
    return ours


def check_that_all_is_there(state: dict) -> None:
    """The vault shows what the comparison is for."""
    assert any(row is False for rows in state["rows"].values() for row in rows), "no row is unproven"
    assert {"applied", "binds"} <= {each["status"] for each in state["entries"]}, "nothing binds"
    assert any(turf["bound"] for turf in state["turfs"]), "nothing is bound"


def main(program: str, directory: pathlib.Path) -> None:
    subprocess.run([program, directory], check=True)
    ours = read_slots(directory)
    product = slots((directory / "expected.jsonl").read_text(encoding="utf-8"))
    assert len(product) > 600, f"only {len(product)} entries in the vault"
    assert ours == product, "the two readers differ"
    check_that_all_is_there(compare_states(directory))
    print(f"{len(ours)} entries, read alike")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
