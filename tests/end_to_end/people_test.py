"""What people meet when values differ, records are hidden and sheets travel: all of it is said."""

import csv
import io
import json

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
        for conflict in listed:
            record = conflict.get("interaction", conflict["contact"])
            value = conflict["values"][-1]["value"]
            answer = self.carla.do("conflicts", "settle", record, conflict["field"], value)
            self.assertEqual(answer, {"id": record, "changed": True})
        self.assertEqual(self.carla.do("conflicts", "list"), [])
        self.carla.do("sync")
        self.ana.do("sync")
        self.assertEqual(self.ana.do("conflicts", "list"), [])
        visit = self.ana.do("contact", "show", self.rosa)["interactions"][0]
        self.assertEqual((visit["outcome"], visit["at"]), ("call_back", "2026-03-01T10:00:00.000Z"))

    def test_contact_show_marks_every_field_that_has_other_values(self):
        shown = self.carla.do("contact", "show", self.rosa)
        self.assertEqual(shown["conflicts"], ["city"])
        self.assertEqual([v["conflicts"] for v in shown["interactions"]], [["outcome", "at"]])
        words = self.carla.say("contact", "show", self.rosa)
        self.assertIn("≠ by Carla", words)
        self.assertIn("≠ refused", words)
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
            self.assertIn(remark + " conflicting values; the column conflicts names the fields", rows.err)
            lines = self.carla.run("export", "--format", "jsonl", *more)
            found = [json.loads(line)["conflicts"] for line in lines.out.splitlines()]
            self.assertEqual(["; ".join(each) for each in found], names)
            self.assertIn(remark + " conflicting values; the key conflicts names the fields", lines.err)

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


world.main()
