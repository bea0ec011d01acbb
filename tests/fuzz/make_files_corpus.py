#!/usr/bin/env python3
"""Writes the seeds of events (docs/protocol/events.md), of a vault's and a hub's files (docs/protocol/vault.md), and of
what people and scripts type, into corpus/."""

import json
import pathlib

from make_message_corpus import cbor

HERE = pathlib.Path(__file__).resolve().parent


def item(value) -> bytes:
    """As `cbor`, and maps and negative integers."""
    if isinstance(value, dict):
        return bytes([0xA0 + len(value)]) + b"".join(item(k) + item(v) for k, v in value.items())
    if isinstance(value, list):
        return bytes([0x80 + len(value)]) + b"".join(item(part) for part in value)
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        return bytes([cbor(-1 - value)[0] | 0x20]) + cbor(-1 - value)[1:]
    return cbor(value)


def write(target: str, name: str, content: bytes) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def write_events() -> None:
    over = [[0, 7], [1, 300]]
    events = {
        "contact_create": (1, [1, {1: "Rosa", 6: ["+573015550000", "+573015550001"], 16: None}, ["roll", "17"]]),
        "contact_with_consents": (1, [2, {4: "Junta"}, None, [[3, 0, 2], ["fax", 1, 1]]]),
        "interaction_create": (2, [1, 1, "wants a lift"]),
        "interaction_at": (2, ["walk", 0, None, -90_000]),
        "edit": (3, [[[0, 10, "Cali", 0], [1, 19, "x"], [2, 19, "y", over], [3, 3, 0, 2]], "roll"]),
        "retract": (4, []),
        "restore": (5, [over]),
        "consent_lift": (6, [3, 0, over, "asked at the door"]),
        "void": (7, [b"\1" * 32]),
        "profile": (20, [1, b"\2" * 16, "Ana", over]),
        "unknown": (31, [{1: [True, -5]}]),
    }
    for name, (number, body) in events.items():
        write("event", name, bytes([number]) + item(body))


def write_vault_files() -> None:
    slots = [[1, 1, 262_144, 3, b"\1" * 16, b"\2" * 72, b"\3" * 32], [2, 2, 0, 0, b"\4" * 16, b"\5" * 72, b"\6" * 32]]
    write("vault_header", "two_slots", item([item([1, 3, slots]), b"\7" * 32]))
    write("vault_header", "newer", item([item([2, 3, slots]), b"\7" * 32]))
    heads = [[b"\1" * 32, 4, b"\2" * 32], [b"\2" * 32, 0, b"\3" * 32]]
    write("vault_files", "guard", item([1, b"\1" * 16, -12, 1_700_000_000_000_000_000, heads]))
    write("vault_files", "guard_of_nothing", item([1, b"\1" * 16, 12, 0, []]))
    write("vault_files", "waiting", item([b"\1" * 40]))
    write("vault_files", "waiting_accepted", item([b"\1" * 40, 9, 1_800_000_000_000]))


def write_hub_files() -> None:
    numbers = b"".join(n.to_bytes(8, "big") for n in (1, 77, 5, 78, 6, 1000))
    write("hub_start", "guard", b"vereda/hub-guard/v1\0" + numbers)
    for name, text in (("loopback", "127.0.0.1:8443"), ("six", "[::1]:0"), ("name", "hub.example:443")):
        write("hub_start", name, text.encode())
    rfc8410 = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"  # published in section 10.3
    write("hub_start", "tls_key", f"-----BEGIN PRIVATE KEY-----\n{rfc8410}\n-----END PRIVATE KEY-----\n".encode())


def write_typed() -> None:
    lines = {
        "contact_add": {"do": "contact.add", "turf": "North", "kind": "person", "key": "17", "source": "roll",
                        "set": {"name": "Rosa"}, "add": {"tags": ["x", "y"]}, "consent": {"sms": "withdrawn"}},
        "contact_set": {"do": "contact.set", "contact": "key:17", "set": {"city": None}, "remove": {"tags": "x"}},
        "interaction_add": {"do": "interaction.add", "contact": "key:17", "kind": "door", "outcome": "spoke",
                            "note": "…", "at": "2026-03-01T17:30"},
        "interaction_correct": {"do": "interaction.correct", "interaction": "7k2mq", "at": 1_770_000_000_000},
        "retract": {"do": "contact.retract", "contact": "7k2mq"},
        "lift": {"do": "consent.lift", "contact": "key:17", "channel": "sms", "evidence": "asked"},
    }
    for name, line in lines.items():
        write("batch_line", name, json.dumps(line, ensure_ascii=False).encode())
    commands = {
        "init": "--vault\nv\ninit\n--workspace\nW\n--member\nM\n--device\nD",
        "add": "--json\ncontact\nadd\n--turf\nNorth\n--set\nname=Rosa\n--consent\nsms=withdrawn",
        "import": "import\nsheet.csv\n--turf\nNorth\n--map\nA=-\n--dry-run",
        "interaction": "interaction\nadd\n7k2mq\n--kind\ndoor\n--outcome\nspoke\n--at\nyesterday",
        "sync": "sync\n--watch\n30",
        "help": "invite\n--help",
    }
    for name, words in commands.items():
        write("command_line", name, words.encode())


if __name__ == "__main__":
    write_events()
    write_vault_files()
    write_hub_files()
    write_typed()
