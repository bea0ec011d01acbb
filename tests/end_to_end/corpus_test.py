"""Vaults and hub stores that earlier versions left (tests/corpus) open, hold what they held, and go on.

They are frozen: each test works on a copy, so every vault says once that it was copied.
"""

import json
import os
import shutil
import unittest

import world

CORPUS = os.path.join(os.path.dirname(__file__), "..", "corpus")
VERSIONS = sorted(name for name in os.listdir(CORPUS) if os.path.isdir(os.path.join(CORPUS, name)))
PORTS = {"2026-11": 18471}  # the hub's address stands in the roster


class Corpus(world.World):
    version = None

    def setUp(self):
        super().setUp()
        self.copy = os.path.join(self.directory, self.version)
        shutil.copytree(os.path.join(CORPUS, self.version), self.copy)
        for folder, _, names in os.walk(self.copy):
            os.chmod(folder, 0o700)
            for name in names:
                os.chmod(os.path.join(folder, name), 0o600)
        with open(os.path.join(self.copy, "expected.json"), encoding="utf-8") as expected:
            self.expected = json.load(expected)

    def laptop(self, name):
        return world.Laptop(self.copy, name)

    def start_hub(self):
        hub = world.Hub.__new__(world.Hub)
        hub.data, hub.log_path = os.path.join(self.copy, "hub"), os.path.join(self.copy, "hub.log")
        hub.listen = f"127.0.0.1:{PORTS[self.version]}"
        hub.start()
        self.addCleanup(hub.stop)
        return hub

    def test_every_vault_holds_what_it_held(self):
        for name, held in self.expected.items():
            with self.subTest(vault=name):
                laptop = self.laptop(name)
                first = laptop.run("status")
                self.assertEqual(first.code, world.OK, first)
                self.assertIn("copied", first.err)
                status = first.json
                if held["unsynced"] != 0:  # what is open gets new ids in a copy
                    held = {key: held[key] for key in held if key != "digest"}
                self.assertEqual({key: status[key] for key in held}, held)
                self.assertNotIn("copied", laptop.run("status").err)
                # Where there is a hub, nobody knows until a sync whether the copy lacks later work.
                found = laptop.run("audit", "verify").json["findings"]
                faults = {finding["what"] for finding in found if finding["severity"] == "fault"}
                self.assertLessEqual(faults, {"guard_copied"})
                self.assertTrue(laptop.do("audit", "replay")["same_as_in_use"])

    def test_the_hub_goes_on_and_what_was_not_sent_arrives(self):
        self.start_hub()
        laptops = [self.laptop(name) for name in ("ana", "bea", "carl", "carl-copy")]
        for _ in range(3):
            for laptop in laptops:
                laptop.do("sync")
        self.assertEqual(len({laptop.digest() for laptop in laptops}), 1)
        for laptop in laptops:
            self.assertEqual(laptop.do("status")["unsynced"], 0)
        rosa = next(line["id"] for line in laptops[0].do("contact", "list") if line["name"].startswith("Rosa"))
        notes = {visit["note"] for visit in laptops[0].do("contact", "show", rosa)["interactions"]}
        self.assertEqual(notes, {"wants a lift", "not synced yet"})
        self.assertEqual(laptops[2].do("contact", "show", rosa)["consents"], {"sms": "withdrawn"})
        laptops[1].do("conflicts", "settle", rosa, "city", "Tumaco")
        code = laptops[0].do("invite", "--role", "organiser", "--turf", "North")["code"]
        newcomer = world.Laptop(self.copy, "newcomer")
        newcomer.do("join", code, "--member", "Nina", "--device", "nina's laptop")
        laptops[1].do("sync")
        newcomer.do("sync")
        self.assertEqual(newcomer.do("contact", "show", rosa)["fields"]["city"], "Tumaco")


def load_tests(loader, _, __):
    suite = unittest.TestSuite()
    for version in VERSIONS:
        suite.addTests(loader.loadTestsFromTestCase(type(f"Corpus_{version}", (Corpus,), {"version": version})))
    return suite


if __name__ == "__main__":
    unittest.main()
