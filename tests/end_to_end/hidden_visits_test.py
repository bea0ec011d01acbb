"""A visit that somebody else retracts is told of, found and brought back."""

import json

import world


class Hidden(world.World):
    def setUp(self):
        super().setUp()
        self.carla = self.founder(self.hub(), "North")
        self.rosa = self.carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        self.ana = self.organiser(self.carla, "ana", "North")
        self.visit = self.ana.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke",
                                 "--note", "wants a lift")["id"]
        for laptop in (self.ana, self.carla):
            laptop.do("sync")
        self.carla.do("interaction", "retract", self.visit)
        self.carla.do("sync")

    def test_the_next_sync_tells_whose_visit_it_was_and_once(self):
        told = self.ana.run("sync")
        self.assertEqual(told.json["hidden"], [self.visit])
        note = json.loads(told.err.splitlines()[-1])["note"]
        for part in ("1 interaction is hidden", self.visit, self.rosa, "vereda interaction restore"):
            self.assertIn(part, note)
        self.assertNotIn("Rosa", note)
        self.assertNotIn("hidden", self.ana.do("sync"))
        self.assertNotIn("hidden", self.carla.do("sync"))

    def test_contacts_and_interactions_are_told_apart(self):
        self.carla.do("contact", "retract", self.rosa)
        self.carla.do("sync")
        told = self.ana.run("sync")
        self.assertEqual(told.json["hidden"], [self.rosa, self.visit])
        notes = [json.loads(line)["note"] for line in told.err.splitlines()]
        self.assertEqual([note.split(" is ")[0] for note in notes], ["1 contact", "1 interaction"])

    def test_it_is_counted_listed_and_restored(self):
        self.ana.do("sync")
        shown = self.ana.do("contact", "show", self.rosa)
        self.assertEqual((shown["interactions"], shown["hidden_interactions"]), ([], 1))
        listed = self.ana.do("contact", "show", self.rosa, "--retracted")
        self.assertEqual([(v["id"], v["retracted"]) for v in listed["interactions"]], [(self.visit, True)])
        self.assertEqual(listed["hidden_interactions"], 1)
        words = self.ana.say("contact", "show", self.rosa)
        self.assertIn("1 hidden: `vereda contact show ID --retracted` lists it", words)
        self.assertNotIn(self.visit, words)
        self.assertIn(self.visit, self.ana.say("contact", "show", self.rosa, "--retracted"))
        self.assertTrue(self.ana.do("interaction", "restore", self.visit)["changed"])
        shown = self.ana.do("contact", "show", self.rosa)
        self.assertEqual(([v["id"] for v in shown["interactions"]], shown["hidden_interactions"]), ([self.visit], 0))
        self.assertNotIn("hidden", self.ana.say("contact", "show", self.rosa))

    def test_history_shows_the_ids_of_entries_and_of_what_they_are_about(self):
        self.ana.do("sync")
        words = self.ana.say("history", self.rosa)
        for action in self.ana.do("history", self.rosa):
            self.assertIn(action["entry"], words)
        self.assertIn(f"of {self.visit}:", words)

    def test_batch_brings_it_back_too(self):
        self.ana.do("sync")
        answer = self.ana.do("batch", stdin=json.dumps({"do": "interaction.restore", "interaction": self.visit}) + "\n")
        self.assertEqual((answer["ok"], answer["id"]), (True, self.visit))


world.main()
