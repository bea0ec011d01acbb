#!/usr/bin/python3
"""Writes text_ids.json, bodies.json and story.json as docs/ says, with tests/independent and no code of the product.

usage: make_vectors.py [--check]          --check writes nothing, and fails where a file differs
"""

import importlib.util
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "independent"))

import text_id  # noqa: E402
from block_format import EpochKeys, H, u64  # noqa: E402
from bodies import BODIES  # noqa: E402
from event_format import read_body  # noqa: E402
from story import tell  # noqa: E402
from strict_cbor import Malformed  # noqa: E402


def roster_maker():
    """The script beside the roster's vectors: Ed25519 and roster entries by Python's own library."""
    spec = importlib.util.spec_from_file_location("roster_vectors", HERE.parent / "vereda-roster" / "make_vectors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- text ids


def texts() -> dict:
    return {"ids": [text_of(id_) for id_ in ids()],
            "typed": [{"typed": typed, "read": text_id.read_typed(typed)} for typed in typed_well()],
            "refused": [{"typed": typed, "why": why_refused(typed)} for typed in typed_badly()]}


def ids() -> list[bytes]:
    """Of every kind and length: hashes, a byte, and two records."""
    records = [(bytes(32), 1), (b"\xff" * 32, 2**40 - 1)]
    hashes = [bytes(32), bytes(range(32))] + [H("id", bytes([n])) for n in range(24)]
    return [*hashes, b"\x2a", *(log + u64(seq) for log, seq in records)]


def text_of(id_: bytes) -> dict:
    return {"id": id_.hex(), "text": text_id.text_id(id_), "old_text": text_id.old_text_id(id_)}


def typed_well() -> list[str]:
    whole = text_id.text_id(bytes(32))
    return [whole, whole.upper(), text_id.old_text_id(bytes(32)), whole[:4], whole[:12], "-".join(whole), "O1Il",
            "0000000000000", "EK0W-94368-BWKQ", "EK0W-94368-BWKS"]


def typed_badly() -> list[str]:
    whole, old = text_id.text_id(bytes(32)), text_id.old_text_id(bytes(32))
    misshapen = ["", "abc", "a-b-c", whole + "0", "abcu", "abc*", "ab cd", "u" + whole[1:], whole[:12] + "!", "abcé"]
    wrong_checks = [whole[:12] + each for each in text_id.OLD_CHECKS if each not in (whole[12], old[12])]
    swapped = [whole[:i] + whole[i + 1] + whole[i] + whole[i + 2 :] for i in range(12) if whole[i] != whole[i + 1]]
    return misshapen + wrong_checks + swapped


def why_refused(typed: str) -> str:
    try:
        text_id.read_typed(typed)
    except text_id.NotAnId as error:
        return str(error)
    raise AssertionError(f"{typed} is an id")


# ---- bodies


def bodies() -> dict:
    good = [{"type": type_, "says": says, "body": body, "references": references_of(type_, body)}
            for type_, says, body in BODIES["good"]]
    bad = [{"type": type_, "why": why, "body": body} for type_, why, body in BODIES["malformed"]]
    for each in bad:
        check_malformed(each)
    return {"good": good, "malformed": bad}


def references_of(type_: int, body: str) -> list:
    return [list(each) for each in read_body(type_, bytes.fromhex(body)).references()]


def check_malformed(vector: dict) -> None:
    try:
        read_body(vector["type"], bytes.fromhex(vector["body"]))
    except Malformed:
        return
    raise AssertionError(f"{vector} is read")


# ---- a story of two devices


def roster_chain() -> dict:
    """Genesis, a turf and its key, an invite, an enrolment: a coordinator and an organiser."""
    maker = roster_maker()
    f, none = maker.f, [bytes(32), 0]
    founder, organiser, turf, epoch_key = f(1), f(5), f(0x51, 16), f(0x44)
    keys = [maker.ed25519_public(founder), maker.x25519_public_of_box_seed(f(3)), maker.ed25519_public(f(2))]
    first, unsigned = maker.signed_entry(founder, 0, 0, bytes(32), [f(0x21, 16), keys, maker.ed25519_public(f(4)), []],
                                         bytes(32))
    workspace = maker.h("genesis", unsigned)
    entries, hashes = [first], [maker.h("roster", workspace + unsigned)]

    def append(kind: int, body) -> None:
        wire, unsigned = maker.signed_entry(founder, kind, len(entries), hashes[-1], body, workspace)
        entries.append(wire)
        hashes.append(maker.h("roster", workspace + unsigned))

    invite = [maker.ed25519_public(f(8)), maker.x25519_public_of_box_seed(f(9))]
    append(6, [turf])
    append(9, [turf, 1, EpochKeys.of(epoch_key).commitment, None, none])
    append(4, [f(0x41, 16), *invite, 2, None, [turf], 1_800_000_000_000, none])
    body = [3, f(0x22, 16), [maker.ed25519_public(organiser), maker.x25519_public_of_box_seed(f(7)),
                             maker.ed25519_public(f(6))]]
    message = b"vereda/roster/v1\0" + workspace + maker.cbor([3, 3, hashes[3], body])
    signatures = [[maker.ed25519_public(seed), maker.ed25519_sign(seed, message)] for seed in (f(8), organiser, f(6))]
    entries.append(maker.cbor([3, 4, hashes[3], body, signatures]))
    hashes.append(maker.h("roster", workspace + maker.cbor([3, 4, hashes[3], body])))
    return {"workspace": workspace, "entries": entries, "hashes": hashes, "turf": turf, "epoch_key": epoch_key,
            "coordinator": founder, "organiser": organiser}


def files() -> dict[str, dict]:
    return {"text_ids.json": texts(), "bodies.json": bodies(), "story.json": tell(roster_chain())}


def main(check: bool) -> None:
    for name, vectors in files().items():
        content = json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"
        if not check:
            (HERE / name).write_text(content, encoding="utf-8")
        elif (HERE / name).read_text(encoding="utf-8") != content:
            sys.exit(f"{name} differs from what make_vectors.py makes")


if __name__ == "__main__":
    main(sys.argv[1:] == ["--check"])
