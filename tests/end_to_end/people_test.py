"""What people meet when values differ, records are hidden and sheets travel: all of it is said."""

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

    def test_settling_what_is_not_there_says_what_is_missing(self):
        self.expect(self.carla.run("conflicts", "settle", self.visit, "outcom", "spoke"), world.USAGE, "unknown_field")
        self.expect(self.carla.run("conflicts", "settle", self.rosa, "outcome", "spoke"), world.FAILED, "not_found")
        self.expect(self.carla.run("conflicts", "settle", self.visit, "at", "soon"), world.USAGE, "bad_time")


world.main()
