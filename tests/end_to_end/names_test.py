"""Two of one name: whoever reads a list can tell who wrote what."""

import json
import os
import re

import world
from terminal import Terminal


class Names(world.World):
    def setUp(self):
        super().setUp()
        self.carla = self.founder(self.hub(), "North")
        self.rosa = self.carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]

    def join(self, folder, member, device):
        code = self.carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
        laptop = self.laptop(folder)
        answer = laptop.run("join", code, "--member", member, "--device", device)
        self.assertEqual(answer.code, world.OK, answer)
        return laptop, [json.loads(line)["note"] for line in answer.err.splitlines()]

    def test_join_remarks_on_a_name_that_is_there_already(self):
        _, notes = self.join("one", "Bruno", "old laptop")
        self.assertEqual(notes, [])
        other, notes = self.join("two", "\u0412runo", "new laptop")  # a Cyrillic В
        self.assertEqual(len(notes), 1)
        self.assertIn("There is already a member", notes[0])
        mark = other.do("status")["member_id"][:4]
        self.assertIn(f"\u0412runo #{mark}", notes[0])
        _, notes = self.join("three", "Olga", "OLD LAPTOP")
        self.assertEqual(["already a laptop" in note for note in notes], [True])

    def test_lists_mark_names_that_are_alike_and_json_has_the_ids(self):
        laptops = [self.join("one", "Bruno", "laptop")[0], self.join("two", "bruno", "laptop")[0]]
        visits = []
        for laptop, city in zip(laptops, ("Cali", "Pasto")):
            laptop.do("contact", "set", self.rosa, "--set", f"city={city}")
            visits.append(laptop.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke")["id"])
        for laptop in (*laptops, self.carla):
            laptop.do("sync")
        members = [laptop.do("status")["member_id"] for laptop in laptops]
        devices = [laptop.do("status")["device_id"] for laptop in laptops]
        carla = self.carla.do("status")

        conflict = self.carla.do("conflicts", "list")[0]
        self.assertEqual({v["member_id"] for v in conflict["values"]}, set(members))
        self.assertEqual({v["device_id"] for v in conflict["values"]}, set(devices))
        history = self.carla.do("history", self.rosa)
        self.assertEqual({a["member_id"] for a in history}, {*members, carla["member_id"]})
        self.assertEqual({a["device_id"] for a in history}, {*devices, carla["device_id"]})
        shown = self.carla.do("contact", "show", self.rosa)["interactions"]
        self.assertEqual({v["id"]: (v["member"], v["member_id"], v["device_id"]) for v in shown},
                         dict(zip(visits, zip(("Bruno", "bruno"), members, devices))))
        rows = [json.loads(line) for line in
                self.carla.run("export", "--format", "jsonl", "--interactions").out.splitlines()]
        self.assertEqual({row["member_id"] for row in rows}, set(members))
        header = self.carla.run("export", "--format", "csv", "--interactions").out.splitlines()[0]
        self.assertIn("member,member_id,device,device_id", header)

        for words in (("conflicts", "list"), ("history", self.rosa), ("contact", "show", self.rosa)):
            said = self.carla.say(*words)
            for member in members:
                self.assertIn(f"#{member[:4]}", said, words)
            self.assertNotIn("Carla #", said)
        self.assertIn(f"laptop #{devices[0][:4]}", self.carla.say("conflicts", "list"))
        self.assertRegex(laptops[0].say("status"), f"Bruno #{members[0][:4]} .* on laptop #{devices[0][:4]}")

    def at_a_terminal(self, folder, member):
        code = self.carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
        laptop = self.laptop(folder)
        words = [word for word in laptop.command("join", code, "--member", member, "--device", folder) if word != "--json"]
        return laptop, Terminal(words, world.environment() | {"TERM": "xterm"})

    def test_join_asks_for_another_name_on_a_terminal(self):
        self.join("one", "Bruno", "one")
        laptop, joining = self.at_a_terminal("two", "Bruno")
        joining.read_until("Another name")
        self.assertIn("Recovery code", joining.seen)
        joining.type("BRUNO\n")
        joining.read_until('looks like, “BRUNO”')
        joining.type("Bruno from the south\n")
        self.assertEqual(joining.wait(), world.OK)
        self.assertEqual(laptop.do("status")["member"], "Bruno from the south")
        self.carla.do("sync")
        laptop.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke")
        laptop.do("sync")
        self.carla.do("sync")
        self.assertIn("Bruno from the south (two)", re.sub(r"\s+", " ", self.carla.say("history", self.rosa)))

    def test_enter_keeps_the_name(self):
        self.join("one", "Bruno", "one")
        laptop, joining = self.at_a_terminal("two", "Bruno")
        joining.read_until("Another name")
        joining.type("\n")
        joining.read_until("Lists show the beginning of the id")
        self.assertEqual(joining.wait(), world.OK)
        self.assertEqual(laptop.do("status")["member"], "Bruno")


class Ids(world.World):
    """Whatever a text id is printed in, a double click takes it and a shell leaves it alone."""

    def test_ids_are_letters_and_digits_and_the_old_form_is_read(self):
        ana = self.alone("North")
        ana.do_batch("".join(json.dumps({"do": "contact.add", "turf": "North", "set": {"name": f"P{i}"}}) + "\n"
                             for i in range(60)))
        digits = "0123456789abcdefghjkmnpqrstvwxyz"
        for contact in ana.do("contact", "list"):
            self.assertRegex(contact["id"], "^[0-9a-hjkmnp-tv-z]{13}$")
        number = 0
        for digit in contact["id"][:12]:
            number = number * 32 + digits.index(digit)
        old = contact["id"][:12] + (digits + "*~$=u")[number % 37]
        self.assertEqual(ana.do("contact", "show", old)["id"], contact["id"])
        wrong = contact["id"][:12] + next(c for c in digits if c not in (contact["id"][12], old[12]))
        self.expect(ana.run("contact", "show", wrong), world.USAGE, "wrong_check")

    def test_no_table_breaks_an_id(self):
        ana = self.alone("North", "A turf whose name is longer than any terminal has room for, in one line at least")
        name = "A name that is longer than any terminal has room for, in one line at the very least"
        rosa = ana.do("contact", "add", "--turf", "North", "--set", f"name={name}")["id"]
        visit = ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke", "--note", name)["id"]
        for words, found in ((("contact", "list"), rosa), (("contact", "show", rosa), visit),
                             (("history", rosa), visit), (("turf", "list"), ana.do("turf", "list")[0]["id"])):
            command = [word for word in ana.command(*words) if word != "--json"]
            shown = Terminal(command, world.environment() | {"TERM": "xterm"})
            os.set_blocking(shown.file, True)
            shown.read_until(found)
            self.assertEqual(shown.wait(), world.OK)


world.main()
