"""What people meet when values differ, records are hidden and sheets travel: all of it is said."""

import csv
import io
import json
import os
import shlex
import subprocess

import world


class Conflicts(world.World):
    """Two laptops that wrote apart: a contact's city, and an interaction's outcome and time."""

    def setUp(self):
        super().setUp()
        self.carla = self.founder(self.hub(), "North")
        self.rosa = self.carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        self.visit = self.carla.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke")["id"]
        self.carla.do("sync")
        self.ana = self.organiser(self.carla, "ana", "North")
        for laptop, city, outcome, at in ((self.carla, "Cali", "call_back", "2026-03-01T10:00:00Z"),
                                          (self.ana, "Pasto", "refused", "2026-03-01T11:00:00Z")):
            laptop.do("contact", "set", self.rosa, "--set", f"city={city}")
            laptop.do("interaction", "correct", self.visit, "--outcome", outcome, "--at", at)
        for laptop in (self.ana, self.carla, self.ana):
            laptop.do("sync")

    def test_whatever_the_list_shows_can_be_settled_by_its_id(self):
        listed = self.carla.do("conflicts", "list")
        self.assertEqual({c["field"] for c in listed}, {"city", "outcome", "at"})
        settled = {c["field"]: c["values"][-1]["value"] for c in listed}  # of equal times either is last
        for conflict in listed:
            record = conflict.get("interaction", conflict["contact"])
            value = settled[conflict["field"]]
            answer = self.carla.do("conflicts", "settle", record, conflict["field"], value)
            self.assertEqual(answer, {"id": record, "changed": True})
        self.assertEqual(self.carla.do("conflicts", "list"), [])
        self.carla.do("sync")
        self.ana.do("sync")
        self.assertEqual(self.ana.do("conflicts", "list"), [])
        rosa = self.ana.do("contact", "show", self.rosa)
        visit = rosa["interactions"][0]
        self.assertEqual(
            {"city": rosa["fields"]["city"], "outcome": visit["outcome"], "at": visit["at"]}, settled)

    def test_a_form_held_open_replaces_what_it_showed_and_nothing_else(self):
        shown = self.carla.do("contact", "show", self.rosa)
        listed = {c["field"]: c for c in self.carla.do("conflicts", "list")}
        self.assertEqual(set(shown["seen"]["city"]), {v["entry"] for v in listed["city"]["values"]})
        self.assertEqual(shown["seen"]["name"], [self.rosa])
        self.carla.do("conflicts", "settle", self.rosa, "city", "Cali")
        held = self.carla.do("contact", "show", self.rosa)["seen"]
        self.carla.do("sync")
        self.ana.do("sync")
        self.ana.do("contact", "set", self.rosa, "--set", "city=Tumaco")
        self.ana.do("sync")
        self.carla.do("sync")
        line = {"do": "contact.set", "contact": self.rosa, "set": {"city": "Bogota"}, "seen": {"city": held["city"]}}
        answer = self.carla.do("batch", stdin=json.dumps(line))
        self.assertEqual((answer["ok"], answer["conflicts"]), (True, ["city"]))
        (conflict,) = [c for c in self.carla.do("conflicts", "list") if c["field"] == "city"]
        self.assertEqual({v["value"] for v in conflict["values"]}, {"Tumaco", "Bogota"})
        entries = {v["value"]: v["entry"] for v in conflict["values"]}
        answer = self.carla.do("conflicts", "settle", self.rosa, "city", "Bogota", "--seen", f"city={entries['Bogota']}")
        self.assertEqual(answer["conflicts"], ["city"])
        answer = self.carla.do("conflicts", "settle", self.rosa, "city", "Tumaco")
        self.assertEqual(answer, {"id": self.rosa, "changed": True})
        beginning = self.carla.run("contact", "set", self.rosa, "--set", "city=Neiva", "--seen", f"city={self.visit[:6]}")
        self.expect(beginning, world.USAGE, "not_an_id")

    def test_contact_show_marks_every_field_that_has_other_values(self):
        shown = self.carla.do("contact", "show", self.rosa)
        self.assertEqual(shown["conflicts"], ["city"])
        self.assertEqual([v["conflicts"] for v in shown["interactions"]], [["outcome", "at"]])
        words = self.carla.say("contact", "show", self.rosa)
        self.assertIn("≠ by Carla", words)
        self.assertRegex(words, "≠ (refused|call_back)")  # of equal times either may show
        self.assertIn("vereda conflicts list", words)
        for conflict in self.carla.do("conflicts", "list"):
            record = conflict.get("interaction", conflict["contact"])
            self.carla.do("conflicts", "settle", record, conflict["field"], conflict["values"][0]["value"])
        self.assertNotIn("≠", self.carla.say("contact", "show", self.rosa))

    def test_an_export_names_the_fields_that_have_other_values(self):
        self.carla.do("contact", "add", "--turf", "North", "--set", "name=Omar")
        for more, names, remark in (((), ["", "city"], "1 person has"),
                                    (("--interactions",), ["outcome; at"], "1 interaction has")):
            rows = self.carla.run("export", "--format", "csv", *more)
            self.assertEqual([row["conflicts"] for row in csv.DictReader(io.StringIO(rows.out))], names)
            self.assertIn(remark + " conflicting values. The column conflicts names the fields", rows.err)
            lines = self.carla.run("export", "--format", "jsonl", *more)
            found = [json.loads(line)["conflicts"] for line in lines.out.splitlines()]
            self.assertEqual(["; ".join(each) for each in found], names)
            self.assertIn(remark + " conflicting values. The key conflicts names the fields", lines.err)

    def test_the_marks_of_an_export_are_not_imported(self):
        file = self.path("out.csv")
        self.carla.do("export", "--format", "csv", file)
        self.carla.do("turf", "add", "South")
        result = self.carla.do("import", file, "--turf", "South")
        self.assertEqual((result["added"], result["rejected"]), (1, []))
        column = next(c for c in result["columns"] if c["title"] == "conflicts")
        self.assertIn("marks fields", column["left_out"])

    def test_an_export_without_conflicts_says_nothing_of_them(self):
        for conflict in self.carla.do("conflicts", "list"):
            record = conflict.get("interaction", conflict["contact"])
            self.carla.do("conflicts", "settle", record, conflict["field"], conflict["values"][0]["value"])
        self.assertEqual(self.carla.run("export", "--format", "csv").err, "")

    def test_settling_what_is_not_there_says_what_is_missing(self):
        self.expect(self.carla.run("conflicts", "settle", self.visit, "outcom", "spoke"), world.USAGE, "unknown_field")
        self.expect(self.carla.run("conflicts", "settle", self.rosa, "outcome", "spoke"), world.FAILED, "not_found")
        self.expect(self.carla.run("conflicts", "settle", self.visit, "at", "soon"), world.USAGE, "bad_time")


class Retracted(world.World):
    """A contact with a key that was retracted, and what comes for it afterwards."""

    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")
        self.rosa = self.ana.do("contact", "add", "--turf", "North", "--source", "roll", "--key", "7",
                                "--set", "name=Rosa")["id"]
        self.ana.do("contact", "retract", self.rosa)

    def test_who_is_added_under_the_key_of_a_retracted_contact_is_said_to_be_hidden(self):
        answer = self.ana.run("contact", "add", "--turf", "North", "--source", "roll", "--key", "7", "--set", "city=Cali")
        self.assertEqual(answer.code, world.OK, answer)
        self.assertTrue(answer.json["retracted"])
        self.assertIn("vereda contact restore " + answer.json["id"], answer.err)
        self.assertEqual(self.ana.do("contact", "list"), [])
        self.ana.do("contact", "restore", answer.json["id"])
        self.assertEqual(self.ana.do("contact", "show", self.rosa)["fields"], {"name": "Rosa", "city": "Cali"})

    def test_what_is_recorded_about_a_retracted_contact_is_said_to_be_hidden(self):
        for words in (("contact", "set", self.rosa, "--set", "city=Cali"),
                      ("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke")):
            answer = self.ana.run(*words)
            self.assertTrue(answer.json["retracted"], words)
            self.assertIn("vereda contact restore " + self.rosa, answer.err)
        self.ana.do("contact", "restore", self.rosa)
        answer = self.ana.run("contact", "set", self.rosa, "--set", "city=Pasto")
        self.assertEqual((answer.json, answer.err), ({"id": self.rosa, "changed": True}, ""))

    def test_lines_of_a_batch_about_retracted_contacts_are_named(self):
        lines = ('{"do":"contact.add","turf":"North","source":"roll","key":"7","set":{"city":"Cali"}}\n'
                 '{"do":"contact.add","turf":"North","source":"roll","key":"8","set":{"name":"Omar"}}\n'
                 '{"do":"contact.set","contact":"key:7","source":"roll","set":{"city":"Pasto"}}\n'
                 '{"do":"interaction.add","contact":"key:7","source":"roll","kind":"door"}\n')
        answer = self.ana.run("batch", stdin=lines)
        self.assertEqual(answer.code, world.OK, answer)
        self.assertEqual([json.loads(line).get("retracted", False) for line in answer.out.splitlines()],
                         [True, False, True, True])
        self.assertIn("hidden with them: 1, 3, 4.", answer.err)

    def test_an_import_names_its_rows_about_retracted_contacts(self):
        sheet = self.path("roll.csv", "id,name,city\n8,Omar,Cali\n7,Rosa,Pasto\n")
        words = ("import", sheet, "--turf", "North", "--source", "roll", "--key", "id")
        hidden = [{"line": 3, "contact": self.rosa}]
        self.assertEqual(self.ana.do(*words, "--dry-run")["retracted"], hidden)
        first = self.ana.do(*words)
        self.assertEqual((first["added"], first["updated"], first["retracted"]), (1, 1, hidden))
        self.assertIn("hidden with them: 3.", self.ana.say(*words))
        self.assertEqual([c["name"] for c in self.ana.do("contact", "list")], ["Omar"])
        self.ana.do("contact", "restore", self.rosa)
        self.assertEqual(self.ana.do(*words)["retracted"], [])


class HiddenWork(world.World):
    """One retracts a contact, another visits it, and neither knows of the other."""

    def test_both_are_told_by_their_next_sync_that_a_retraction_hides_a_visit(self):
        carla = self.founder(self.hub(), "North")
        rosa = carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        carla.do("sync")
        ana = self.organiser(carla, "ana", "North")
        carla.do("contact", "retract", rosa)
        ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke")
        self.assertNotIn("hidden", carla.do("sync"))
        for laptop in (ana, carla):
            answer = laptop.run("sync")
            self.assertEqual(answer.json["hidden"], [rosa])
            self.assertIn("1 contact is hidden by a retraction", answer.err)
            self.assertIn(rosa, answer.err)
            self.assertNotIn("hidden", laptop.do("sync"))
        carla.do("contact", "restore", rosa)
        self.assertEqual(len(carla.do("contact", "show", rosa)["interactions"]), 1)


class Sheets(world.World):
    """What is exported comes back the same, whatever it is made of."""

    def test_separators_and_control_characters_survive_a_sheet(self):
        ana = self.alone("North", "South")
        line = {"do": "contact.add", "turf": "North",
                "set": {"name": "Rosa", "notes": "a\u0001b\nc\t\"d\"", "city": "'=1"},
                "add": {"tags": ["rent; heating", "a,b|c", "=1+1", "\"VIP\""], "phones": ["ask her mother; no"]}}
        ana.do_batch(json.dumps(line) + "\n")
        file = self.path("out.csv")
        ana.do("export", "--format", "csv", file, "--turf", "North")
        with open(file, encoding="utf-8", newline="") as written:
            cells = next(csv.DictReader(written))
        self.assertTrue(all(not cell.startswith(("=", "+", "-", "@")) for cell in cells.values()), cells)
        self.assertEqual(ana.do("import", file, "--turf", "South")["added"], 1)
        first, second = [ana.do("contact", "show", c["id"])["fields"] for c in ana.do("contact", "list")]
        self.assertEqual(first, second)
        self.assertEqual(sorted(first["tags"]), sorted(line["add"]["tags"]))


class Help(world.World):
    """Whoever copies an example out of a help text gets what it promises."""

    # These name a hub, an invite or a terminal; that they can be typed is a test of its own.
    NEED_OTHERS = ("init", "join", "sync", "passphrase", "recover")

    def examples(self, program, *words):
        done = subprocess.run([os.path.join(world.PROGRAMS, program), *words, "--help"],
                              capture_output=True, text=True, check=True, env=world.environment())
        lines = done.stdout.partition("Examples:\n")[2].splitlines()
        found = [shlex.split(line.partition(" > ")[0]) for line in lines if line.startswith(f"  {program} ")]
        self.assertTrue(found, words)
        return [line[1:] for line in found]

    def test_examples_of_a_laptop_run(self):
        ana = self.founder(self.hub(), "North", "South")
        rosa = ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa", "--key", "10442",
                      "--add", "tags=volunteer")["id"]
        visit = ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "moved")["id"]
        sheet = self.path("roll.csv", "voter_id,name,Tel.,Internal\n1,Omar,+576015550102,x\n")
        files = {"7k2mq": rosa, "4t9ab": visit, "roll.csv": sheet, "north.csv": self.path("north.csv")}
        families = {"turf": ("add", "list"), "consent": ("lift",), "conflicts": ("list", "settle"),
                    "contact": ("add", "set", "show", "list", "retract", "restore"),
                    "interaction": ("add", "correct", "retract", "restore"), "audit": ("verify", "replay")}
        commands = [(), ("invite",), ("search",), ("import",), ("export",), ("status",), ("history",)]
        for family, members in families.items():
            commands += [(family,)] + [(family, member) for member in members]
        for command in commands:
            for example in self.examples("vereda", *command):
                if example[0] in self.NEED_OTHERS:
                    continue
                words = [files.get(word, word) for word in example]
                if words[:2] == ["turf", "add"]:
                    words[2] += " " + " ".join(command)  # a name is given once
                if words[:2] == ["consent", "lift"]:
                    ana.run("contact", "set", rosa, "--consent", "sms=withdrawn")
                answer = ana.run(*words)
                if words[:2] == ["conflicts", "settle"]:  # nobody has written beside ana
                    self.expect(answer, world.FAILED, "no_conflict")
                else:
                    self.assertEqual(answer.code, world.OK, f"{example}: {answer}")

    def test_examples_of_a_hub_run(self):
        for command in ((), ("serve",), ("token",)):
            for example in self.examples("vereda-hub", *command):
                words = [word.replace("/var/lib/vereda-hub", self.path("data")).replace("0.0.0.0:8443", "127.0.0.1:0")
                         for word in example]
                with subprocess.Popen([os.path.join(world.PROGRAMS, "vereda-hub"), *words], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True, cwd=self.directory) as hub:
                    said = json.loads(hub.stdout.readline())
                    self.assertTrue({"url", "pin"} <= set(said) if words[0] == "serve" else said["token"], example)
                    if words[0] == "serve":
                        hub.terminate()
                self.assertEqual(hub.returncode, 0, example)


    def hub_program(self, *words):
        return subprocess.run([os.path.join(world.PROGRAMS, "vereda-hub"), *words], capture_output=True, text=True,
                              cwd=self.directory, timeout=60)

    def test_a_hub_that_listens_everywhere_wants_to_be_told_what_laptops_use(self):
        for everywhere in ("0.0.0.0:0", "[::]:0"):
            hub = self.hub_program("serve", "--data", self.path("hub"), "--listen", everywhere)
            self.assertEqual((hub.returncode, hub.stdout), (world.USAGE, ""), everywhere)
            self.assertIn("--public-url", hub.stderr)
        self.assertFalse(os.path.exists(self.path("hub")))

    def test_a_hub_says_which_version_it_is(self):
        hub = self.hub_program("--version")
        self.assertEqual(hub.returncode, 0)
        self.assertRegex(hub.stdout, r"^vereda-hub \d+\.\d+\.\d+\n$")


class Twice(world.World):
    """Of two values for one field the later used to win without a word."""

    def test_two_values_for_one_field_are_refused_and_the_field_is_named(self):
        ana = self.alone("North")
        rosa = ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        for words in (("contact", "add", "--turf", "North"), ("contact", "set", rosa)):
            problem = self.expect(ana.run(*words, "--set", "city=Cali", "--set", "city=Pasto"), world.USAGE, "given_twice")
            self.assertIn("city", problem["error"])
        lines = ('{"do":"contact.set","contact":"%s","set":{"city":"Cali","city":"Pasto"}}\n'
                 '{"do":"contact.set","contact":"%s","set":{"city":["Cali","Pasto"]}}\n' % (rosa, rosa))
        answer = ana.run("batch", stdin=lines)
        answers = [json.loads(line) for line in answer.out.splitlines()]
        self.assertEqual([(a["ok"], a["code"]) for a in answers], [(False, "malformed"), (False, "given_twice")])
        self.assertTrue(all("city" in a["error"] for a in answers))
        visit = ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "moved")["id"]
        digest = ana.digest()
        self.expect(ana.run("interaction", "correct", visit, "--outcome", "spoke", "--outcome", "refused"), world.USAGE)
        self.assertEqual(ana.digest(), digest)


class Channels(world.World):
    """A mistyped channel would be a withdrawal where nobody looks."""

    def test_a_channel_that_nobody_knows_is_refused_wherever_it_is_typed(self):
        ana = self.alone("North")
        rosa = ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        digest = ana.digest()
        for words in (("contact", "add", "--turf", "North", "--consent", "emial=withdrawn"),
                      ("contact", "set", rosa, "--consent", "emial=withdrawn"),
                      ("consent", "lift", rosa, "emial", "--evidence", "a form")):
            problem = self.expect(ana.run(*words), world.USAGE, "unknown_channel")
            self.assertIn("mean email?", problem["do"])
        line = '{"do":"contact.set","contact":"%s","consent":{"emial":"withdrawn"}}\n' % rosa
        answer = ana.run("batch", stdin=line)
        self.assertEqual((answer.code, answer.json["code"]), (world.PARTLY, "unknown_channel"))
        sheet = self.path("roll.csv", "name,mail ok\nRosa,no\n")
        problem = self.expect(ana.run("import", sheet, "--turf", "North", "--map", "mail ok=consent_emial"), world.FAILED)
        self.assertIn("Do you mean email?", problem["why"])
        self.assertEqual(ana.digest(), digest)


world.main()
