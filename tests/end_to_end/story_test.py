"""The main story: a day without network, one hub, one state."""

import os
import subprocess

import world


class Story(world.World):
    def test_everyone_ends_in_the_same_state_with_every_conflict_visible(self):
        hub = self.hub()
        carla = self.founder(hub, "North", "South")
        sheet = self.path("roll.csv", "voter_id,first_name,last_name,phone\n" + "".join(
            f"{n},Name{n},Family{n},+1202555{n:04}\n" for n in range(200)))
        result = carla.do("import", sheet, "--turf", "North", "--source", "roll", "--key", "voter_id")
        self.assertEqual((result["added"], result["rejected"]), (200, []))
        carla.do("sync")
        ana = self.organiser(carla, "ana", "North")
        bruno = self.organiser(carla, "bruno", "North", "South")
        self.assertEqual(ana.do("status")["contacts"], 200)

        hub.stop()
        self.expect(ana.run("sync"), world.UNREACHABLE, "unreachable")
        rosa = ana.do("contact", "show", "key:7")["id"]
        ana.do("contact", "set", rosa, "--set", "phone=+12025559001")
        bruno.do("contact", "set", rosa, "--set", "phone=+12025559002", "--consent", "sms=withdrawn")
        visit = ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke", "--note", "a lift")["id"]
        ana.do("interaction", "correct", visit, "--outcome", "call_back")
        self.assertEqual(ana.do("status")["unsynced"], 3)

        hub.start()
        for laptop in (ana, bruno, carla, ana, bruno):
            synced = laptop.do("sync")
            self.assertEqual(set(synced), {"pushed", "pulled", "bytes_up", "bytes_down"})
        states = [{turf["name"]: turf["digest"] for turf in laptop.do("status")["turfs"]}
                  for laptop in (carla, ana, bruno)]
        self.assertEqual(len({state["North"] for state in states}), 1)
        self.assertEqual(carla.digest(), bruno.digest())

        conflicts = carla.do("conflicts", "list")
        self.assertEqual([(c["contact"], c["field"]) for c in conflicts], [(rosa, "phone")])
        self.assertEqual({(v["value"], v["member"]) for v in conflicts[0]["values"]},
                         {("+12025559001", "Ana"), ("+12025559002", "Bruno")})
        carla.do("conflicts", "settle", rosa, "phone", "+12025559002")
        carla.do("sync")
        ana.do("sync")
        self.assertEqual(ana.do("conflicts", "list"), [])
        shown = ana.do("contact", "show", rosa)
        self.assertEqual(shown["fields"]["phone"], "+12025559002")
        self.assertEqual(shown["consents"], {"sms": "withdrawn"})
        self.assertEqual(shown["interactions"][0]["outcome"], "call_back")
        types = [action["type"] for action in ana.do("history", rosa)]
        self.assertEqual(types[0], "contact.create")
        self.assertIn("interaction.create", types)

        auditor = self.organiser(carla, "auditor", "North", "South", role="auditor")
        self.assertTrue(auditor.do("audit", "verify")["sound"])
        replayed = auditor.do("audit", "replay")
        self.assertTrue(replayed["same_as_in_use"])
        self.assertEqual(replayed["digest"], auditor.digest())
        self.assertEqual(replayed["contacts"], 200)

    def test_importing_again_adds_nothing_and_leaves_edits_alone(self):
        ana = self.alone("North")
        sheet = self.path("roll.csv", "id,first_name,city\n1,Rosa,Cali\n2,Omar,Pasto\n")
        words = ("import", sheet, "--turf", "North", "--source", "roll", "--key", "id")
        self.assertEqual(ana.do(*words)["added"], 2)
        ana.do("contact", "set", "key:1", "--set", "city=Bogotá")
        again = ana.do(*words)
        self.assertEqual((again["added"], again["updated"], again["unchanged"]), (0, 0, 2))
        self.assertEqual(ana.do("contact", "show", "key:1")["fields"]["city"], "Bogotá")

    def test_an_organiser_sees_nothing_of_another_turf(self):
        hub = self.hub()
        carla = self.founder(hub, "North", "South")
        carla.do("contact", "add", "--turf", "South", "--set", "name=Hidden")
        carla.do("contact", "add", "--turf", "North", "--set", "name=Shown")
        carla.do("sync")
        ana = self.organiser(carla, "ana", "North")
        ana.do("sync")
        self.assertEqual([c["name"] for c in ana.do("contact", "list")], ["Shown"])
        self.assertEqual([t["name"] for t in ana.do("turf", "list")], ["North"])
        self.expect(ana.run("contact", "add", "--turf", "South", "--set", "name=X"), world.FAILED, "unknown_turf")

    def test_what_was_exported_comes_back_the_same(self):
        ana = self.alone("North", "South")
        ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa, \"la Nena\"", "--set", "notes==1+1",
               "--add", "tags=a", "--add", "tags=b", "--consent", "sms=withdrawn")
        file = self.path("out.csv")
        ana.do("export", "--format", "csv", file, "--turf", "North")
        with open(file, encoding="utf-8", newline="") as written:
            self.assertNotIn(",=1+1", written.read())
        ana.do("import", file, "--turf", "South")
        first, second = [ana.do("contact", "show", c["id"]) for c in ana.do("contact", "list")]
        self.assertEqual(first["fields"], second["fields"])
        self.assertEqual(first["consents"], second["consents"])
        line = ana.run("export", "--format", "jsonl", "--turf", "North").json
        self.assertEqual(line["fields"]["tags"], ["a", "b"])

    def test_a_copied_vault_writes_under_a_new_name_and_nothing_is_lost(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        rosa = carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        carla.do("sync")
        copy = self.laptop("copy")
        subprocess.run(["cp", "-r", carla.vault, copy.vault], check=True)
        subprocess.run(["cp", carla.key, copy.key], check=True)
        carla.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke")
        carla.do("sync")
        copy.do("interaction", "add", rosa, "--kind", "call", "--outcome", "no_answer")
        copy.do("sync")
        carla.do("sync")
        self.assertEqual(carla.do("status")["interactions"], 2)
        self.assertEqual(carla.digest(), copy.digest())

    def test_the_story_of_scripts_runs_to_its_end(self):
        root = os.path.join(os.path.dirname(__file__), "..", "..")
        done = subprocess.run(
            [os.path.join(root, "scripts", "story"), world.PROGRAMS, self.path("story")],
            capture_output=True, text=True, timeout=600, env=world.environment())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


world.main()
