#!/usr/bin/env python3
"""Makes vaults and a hub's store as the programs named by VEREDA_BIN leave them, into a new folder of tests/corpus.

    VEREDA_BIN=build/release tests/corpus/make.py 2026-11

Run with the programs of a version before they are forgotten; what it makes is never made again, and every later version
opens it (tests/end_to_end/corpus_test.py). In it: a hub on a fixed port, a coordinator, an organiser with work that has
not been synced, her colleague, a copy of his vault that went its own way, and a vault large enough to have a snapshot.
"""
import json
import os
import shutil
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end_to_end"))
import world  # noqa: E402

PORT = 18471
SHEET = "Nombre,Apellido,Teléfono,Ciudad\nIván,Lara,+573005550101,Cali\nRosa,Paz,+573005550102,Pasto\nОльга,Коваль,+380445550103,Київ\n"


def join(directory, ana, name):
    laptop = world.Laptop(directory, name)
    code = ana.do("invite", "--role", "organiser", "--turf", "North")["code"]
    laptop.do("join", code, "--member", name.capitalize(), "--device", name + "'s laptop")
    return laptop


def contact_of(laptop, name):
    return next(line["id"] for line in laptop.do("contact", "list") if line["name"].startswith(name))


def make_workspace(directory):
    hub = world.Hub.__new__(world.Hub)
    hub.data = os.path.join(directory, "hub")
    hub.log_path = os.path.join(directory, "hub.log")
    hub.listen = f"127.0.0.1:{PORT}"
    hub.start()
    ana = world.Laptop(directory, "ana")
    ana.do("init", "--workspace", "Corpus", "--member", "Ana", "--device", "ana's laptop",
           "--hub", hub.url, "--pin", hub.pin, "--token", hub.token())
    ana.do("turf", "add", "North")
    sheet = os.path.join(directory, "people.csv")
    with open(sheet, "w", encoding="utf-8") as out:
        out.write(SHEET)
    ana.do("import", sheet, "--turf", "North")
    ana.do("sync")
    bea, carl = join(directory, ana, "bea"), join(directory, ana, "carl")
    rosa = contact_of(bea, "Rosa")
    bea.do("contact", "set", rosa, "--set", "city=Ipiales", "--consent", "sms=withdrawn")
    carl.do("contact", "set", rosa, "--set", "city=Tumaco", "--add", "tags=volunteer")
    carl.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke", "--note", "wants a lift")
    for laptop in (bea, carl, ana, bea, carl):
        laptop.do("sync")
    shutil.copytree(carl.vault, os.path.join(directory, "carl-copy"))
    shutil.copy(carl.key, os.path.join(directory, "carl-copy.key"))
    copy = world.Laptop(directory, "carl-copy")
    copy.do("interaction", "add", contact_of(copy, "Iv"), "--kind", "call", "--outcome", "no_answer")
    copy.do("sync")
    bea.do("contact", "retract", contact_of(bea, "Ольга"))
    bea.do("interaction", "add", rosa, "--kind", "door", "--outcome", "not_home", "--note", "not synced yet")
    ana.do("sync")
    expected = {laptop.name: laptop.do("status") for laptop in (ana, bea, carl, copy)}
    hub.stop(signal.SIGTERM)
    return expected


def make_large_vault(directory):
    dora = world.Laptop(directory, "dora")
    dora.do("init", "--workspace", "Alone", "--member", "Dora", "--device", "dora's laptop")
    dora.do("turf", "add", "South")
    contact = dora.do("contact", "add", "--turf", "South", "--set", "name=Omar")["id"]
    visit = {"do": "interaction.add", "contact": contact, "kind": "door", "outcome": "spoke", "at": "2026-03-01T17:30"}
    dora.do_batch("\n".join([json.dumps(visit)] * 5200))
    dora.do("status")  # what was written is read, and a snapshot made
    return {"dora": dora.do("status")}


def main(name):
    directory = os.path.join(HERE, name)
    os.mkdir(directory)
    expected = make_workspace(directory) | make_large_vault(directory)
    for laptop, status in expected.items():
        expected[laptop] = {key: status[key] for key in ("contacts", "interactions", "conflicts", "unsynced", "digest")}
    with open(os.path.join(directory, "expected.json"), "w", encoding="utf-8") as out:
        json.dump(expected, out, indent=1)
        out.write("\n")
    for left in ("people.csv", "hub.log"):
        os.remove(os.path.join(directory, left))


if __name__ == "__main__":
    main(sys.argv[1])
