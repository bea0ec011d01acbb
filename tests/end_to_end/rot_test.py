"""What a disk destroys is said in true words, and what is left of it is found."""

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess

import world


class Rot(world.World):
    def setUp(self):
        super().setUp()
        self.carla = self.founder(self.hub(), "North")
        self.carla.do("sync")

    def log(self):
        return os.path.join(self.carla.vault, "log.db")

    @contextlib.contextmanager
    def opened_log(self):
        with contextlib.closing(sqlite3.connect(self.log())) as log, log:
            yield log

    def flip(self, path, place, bits=0x40):
        with open(path, "r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ bits]))

    def tear(self, table):
        with self.opened_log() as log:
            (root,), = log.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
        self.flip(self.log(), (root - 1) * 1024)
        self.carla.run("audit", "verify")
        self.carla.run("status")

    def words(self, *words):
        """What a command says to people, whatever its exit code."""
        command = [word for word in self.carla.command(*words) if word != "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=world.environment())
        return done.stdout + done.stderr

    def add_person(self, name):
        return self.carla.do("contact", "add", "--turf", "North", "--set", f"name={name}")["id"]

    def add_visit(self, contact, note):
        return self.carla.do("interaction", "add", contact, "--kind", "door", "--outcome", "spoke", "--note", note)["id"]

    def lose_contact(self):
        contact = self.add_person("Rosa")
        visits = [self.add_visit(contact, note) for note in ("sees no bus", "wants a lift")]
        with self.opened_log() as log:
            rows = log.execute("SELECT id, sealed FROM open_entries ORDER BY id DESC LIMIT 3").fetchall()
            place, sealed = rows[-1]
            log.execute("UPDATE open_entries SET sealed = ? WHERE id = ?", (bytes([sealed[0] ^ 1]) + sealed[1:], place))
        return contact, visits

    def test_visits_to_a_lost_contact_are_counted_and_found_under_its_id(self):
        contact, visits = self.lose_contact()
        status = self.carla.do("status")
        self.assertEqual(status["missing_contacts"], [{"contact": contact, "lost": True, "interactions": 2}])
        self.assertEqual(status["lost"][0]["contacts"], [contact])
        self.assertEqual(status["lost"][0]["turf"], "North")
        self.assertIn("2 visits belong to a contact that is lost", self.words("status"))
        shown = self.carla.do("contact", "show", contact[:8])
        self.assertEqual(shown["missing"], "lost")
        self.assertEqual([visit["note"] for visit in shown["interactions"]], ["wants a lift", "sees no bus"])
        words = self.words("contact", "show", contact)
        for part in ("This contact is lost", "sees no bus", visits[0]):
            self.assertIn(part, words)
        self.assertEqual([action["entry"] for action in self.carla.do("history", contact)], visits)

    def test_a_lost_contact_is_written_again_and_then_nothing_more_is_told(self):
        contact, visits = self.lose_contact()
        again = self.add_person("Rosa")
        for visit in self.carla.do("contact", "show", contact)["interactions"]:
            self.carla.do("interaction", "add", again, "--kind", visit["kind"], "--outcome", visit["outcome"],
                          "--note", visit["note"], "--at", visit["at"])
            self.carla.do("interaction", "retract", visit["id"])
        self.assertEqual(self.carla.do("status")["missing_contacts"], [])
        self.carla.do("sync")
        self.assertEqual(self.carla.do("status")["unsynced"], 0)

    def test_visits_to_a_lost_contact_that_somebody_hid_are_found_and_restored(self):
        contact, visits = self.lose_contact()
        self.carla.run("sync")
        ana = self.organiser(self.carla, "ana", "North", role="coordinator")
        ana.do("sync")
        for visit in visits:
            ana.do("interaction", "retract", visit)
        ana.do("sync")
        told = self.carla.run("sync")
        self.assertEqual(sorted(told.json["hidden"]), sorted(visits))
        self.assertIn(f"(of contact {contact})", told.err)
        self.assertEqual(self.carla.do("status")["missing_contacts"], [])
        shown = self.carla.do("contact", "show", contact, "--retracted")
        self.assertEqual((shown["missing"], shown["hidden_interactions"]), ("lost", 2))
        named = [step["entry"] for step in self.carla.do("history", contact)]
        self.assertLess(set(visits), set(named))  # in what order, the clock's steps of 256 ms decide
        self.carla.do("interaction", "restore", visits[0])
        self.assertEqual(self.carla.do("status")["missing_contacts"][0]["interactions"], 1)

    def test_what_is_left_of_a_lost_contact_is_hidden_with_it_for_everybody(self):
        contact, _ = self.lose_contact()
        self.carla.run("sync")
        ana = self.organiser(self.carla, "ana", "North")
        ana.do("sync")
        self.assertEqual(len(ana.do("status")["missing_contacts"]), 1)
        self.assertIn("vereda contact retract", self.words("contact", "show", contact))
        self.assertTrue(self.carla.do("contact", "retract", contact)["changed"])
        self.carla.do("sync")
        ana.do("sync")
        for laptop in (self.carla, ana):
            self.assertEqual(laptop.do("status")["missing_contacts"], [])
        self.assertTrue(self.carla.do("contact", "show", contact)["retracted"])
        self.carla.do_batch(json.dumps({"do": "contact.restore", "contact": contact}) + "\n")
        self.assertEqual(len(self.carla.do("status")["missing_contacts"]), 1)

    def test_visits_to_a_lost_contact_are_exported_without_a_name(self):
        contact, visits = self.lose_contact()
        bea = self.add_visit(self.add_person("Bea"), "is well")
        self.carla.do("turf", "add", "South")
        for turf, found in (((), {contact: visits}), (("--turf", "North"), {contact: visits}), (("--turf", "South"), {})):
            lines = self.carla.run("export", "--format", "jsonl", "--interactions", *turf)
            rows = [json.loads(line) for line in lines.out.splitlines()]
            unnamed = [row for row in rows if not row["name"]]
            self.assertEqual(sorted(row["id"] for row in unnamed), sorted(found.get(contact, [])))
            self.assertEqual({row["contact"] for row in unnamed}, set(found))
            self.assertEqual([row["id"] for row in rows if row["name"]], [bea] if found else [])
            self.assertEqual("2 interactions belong to contacts that are lost or not here" in lines.err, bool(found))
        sheet = self.carla.run("export", "--format", "csv", "--interactions")
        cells = [row for row in csv.DictReader(io.StringIO(sheet.out)) if row["contact"] == contact]
        self.assertEqual(sorted((row["id"], row["name"], row["turf"]) for row in cells),
                         sorted((visit, "", "North") for visit in visits))
        self.carla.do("contact", "retract", contact)
        left = self.carla.run("export", "--format", "jsonl", "--interactions")
        self.assertEqual((len(left.out.splitlines()), "belong" in left.err), (1, False))

    def test_a_correction_of_a_visit_to_a_lost_contact_says_what_to_do(self):
        _, visits = self.lose_contact()
        refused = self.carla.run("interaction", "correct", visits[0], "--note", "sees a bus")
        self.expect(refused, world.FAILED, "contact_lost")
        words = self.words("interaction", "correct", visits[0], "--note", "sees a bus")
        for part in ("is lost", "vereda contact add", "vereda interaction retract"):
            self.assertIn(part, words)
        self.assertNotIn("vereda sync", words)

    def writes_to(self, contact):
        return (("contact", "set", contact, "--set", "city=Cali"), ("consent", "lift", contact, "sms", "--evidence", "said so"),
                ("interaction", "add", contact, "--kind", "door", "--outcome", "spoke"),
                ("conflicts", "settle", contact, "city", "Cali"))

    def batch_writes_to(self, contact):
        return "".join(json.dumps(line | {"contact": contact}) + "\n" for line in (
            {"do": "contact.set", "set": {"city": "Cali"}}, {"do": "interaction.add", "kind": "door"},
            {"do": "consent.lift", "channel": "sms", "evidence": "said so"}))

    def test_writing_to_a_lost_contact_says_that_it_is_lost_and_what_to_do(self):
        contact, _ = self.lose_contact()
        for words in self.writes_to(contact[:8]):
            with self.subTest(words):
                problem = self.expect(self.carla.run(*words), world.FAILED, "contact_lost")
                self.assertIn(f"The contact {contact} is lost", problem["error"])
                self.assertIn("nothing can be written to it", problem["why"])
                self.assertIn("vereda contact add", problem["do"])
        answers = [json.loads(line) for line in self.carla.run("batch", stdin=self.batch_writes_to(contact)).out.splitlines()]
        self.assertEqual([answer["code"] for answer in answers], ["contact_lost"] * 3)
        for answer in answers:
            self.assertIn("nothing can be written to it", answer["why"])
            self.assertIn("vereda contact add", answer["do"])

    def test_writing_to_a_contact_that_is_not_here_says_to_sync(self):
        rosa = self.add_person("Rosa")
        self.carla.do("sync")
        ana = self.organiser(self.carla, "ana", "North")
        ana.do("sync")
        ana.do("interaction", "add", rosa, "--kind", "door", "--outcome", "spoke")
        with contextlib.closing(sqlite3.connect(os.path.join(ana.vault, "log.db"))) as log, log:
            log.execute("UPDATE blocks SET bytes = zeroblob(length(bytes)) WHERE stream_seq IS NOT NULL")
        for name in os.listdir(ana.vault):
            if name.startswith("projection"):
                os.remove(os.path.join(ana.vault, name))
        for words in self.writes_to(rosa):
            with self.subTest(words):
                problem = self.expect(ana.run(*words), world.FAILED, "contact_not_here")
                self.assertIn("vereda sync", problem["do"])
        ana.do("sync")
        ana.do(*self.writes_to(rosa)[0])

    def test_a_torn_table_of_open_entries_is_told_as_what_may_be_lost(self):
        self.add_person("Rosa")
        self.tear("open_entries")
        self.carla.do("sync")
        status = self.carla.do("status")
        self.assertIn((0, False), [(lost["entries"], lost["entries_known"]) for lost in status["lost"]])
        words = self.words("status")
        self.assertIn("how much is unknown", words)
        self.assertNotIn("Everything recorded here is at the hub", words)
        self.assertIn("it has not kept everything", words)

    def test_torn_tables_without_a_row_are_no_alarm(self):
        self.add_person("Rosa")
        self.carla.do("sync")
        for table in ("set_aside", "open_entries"):
            self.tear(table)
            self.assertEqual(self.carla.do("status")["lost"], [])
        self.carla.do("sync")
        self.assertTrue(self.carla.do("audit", "verify")["sound"])

    def test_an_audit_says_to_sync_where_a_sync_heals(self):
        for name in ("Rosa", "Bea"):
            self.add_person(name)
            self.carla.do("sync")
        with self.opened_log() as log:
            place, wire = log.execute("SELECT id, bytes FROM blocks WHERE stream_seq IS NOT NULL ORDER BY id DESC").fetchone()
            log.execute("UPDATE blocks SET bytes = ? WHERE id = ?", (wire[:-9] + bytes([wire[-9] ^ 1]) + wire[-8:], place))
        audit = self.carla.run("audit", "verify")
        self.assertEqual((audit.code, audit.json["advice"]), (world.FINDINGS, "sync"), audit)
        self.assertIn("Run `vereda sync`", self.words("audit", "verify"))
        synced = self.carla.run("sync")
        self.assertEqual(synced.json["healed"], 1)
        self.assertIn("1 place that the disk had damaged is whole again", synced.err)
        self.assertNotIn("healed", self.carla.do("sync"))
        audit = self.carla.do("audit", "verify")
        self.assertEqual((audit["sound"], audit["advice"]), (True, ""))
        self.assertIn("block", [finding["part"] for finding in audit["findings"] if finding["what"] == "healed"])

    def test_nobody_is_blamed_while_blocks_are_missing_here(self):
        ana = self.organiser(self.carla, "ana", "North")
        rosa = self.add_person("Rosa")
        self.carla.do("sync")
        self.carla.do("contact", "set", rosa, "--set", "city=Cali")
        self.carla.do("sync")
        ana.do("sync")
        ana.do("contact", "set", rosa, "--set", "city=Pasto")
        ana.do("sync")
        self.carla.do("sync")
        with self.opened_log() as log:  # as a torn page leaves it
            (own,), = log.execute("SELECT max(id) FROM blocks WHERE id >> 40 = (SELECT min(ordinal) FROM logs WHERE turf = 1)")
            log.execute("DELETE FROM blocks WHERE id = ?", (own,))
        told = self.carla.run("status")
        self.assertIn("may show again", told.err)
        self.assertNotIn("without proof", told.err)
        self.assertGreaterEqual(told.json["damaged"], 1)
        self.assertIn("this disk may have lost", self.words("status"))
        self.assertIn("at least ", self.words("status"))
        self.carla.do("sync")
        told = self.carla.run("status")
        self.assertEqual((told.json["damaged"], told.json["unproven"], told.err), (0, [], ""))
        self.assertEqual(self.carla.do("contact", "show", rosa)["fields"]["city"], "Pasto")

    def test_a_sync_speaks_of_new_ids_only_where_there_are_some(self):
        self.lose_contact()
        told = self.carla.run("sync")
        self.assertIn("destroyed work of yours", told.err)
        self.assertNotIn("new ids", told.err)

    def test_a_damaged_guard_is_no_copy(self):
        guard = os.path.join(self.carla.vault, "vault.guard")
        self.flip(guard, 30)
        told = self.carla.run("status").err
        self.assertIn("vault.guard is damaged", told)
        self.assertNotIn("was copied", told)
        self.assertNotIn("othing is lost", told)
        self.assertIn("only in the other copy, if there is one", told)
        os.remove(guard)
        self.assertIn("vault.guard is gone", self.carla.run("status").err)
        shutil.copyfile(guard, guard + ".copy")
        os.replace(guard + ".copy", guard)
        told = self.carla.run("status").err
        self.assertIn("was copied or restored", told)
        self.assertIn("Use only one of the two", told)

    def put_back(self, copy):
        shutil.rmtree(self.carla.vault)
        shutil.copytree(copy, self.carla.vault)

    def test_a_vault_put_back_says_once_and_in_status_that_later_work_may_be_missing(self):
        copy = self.path("copy")
        shutil.copytree(self.carla.vault, copy)
        self.add_person("Rosa")
        self.carla.do("sync")
        self.put_back(copy)
        told = self.carla.run("status")
        self.assertTrue(told.json["old_copy"])
        for part in ("may be missing here", "this laptop writes a new log", "laptop's name stay"):
            self.assertIn(part, told.err)
        again = self.words("status")
        self.assertNotIn("copied or restored", again)
        self.assertIn("may be an older copy", again)
        self.assertNotIn("Everything recorded here is at the hub", again)
        audit = self.carla.run("audit", "verify")
        self.assertEqual((audit.code, audit.json["advice"]), (world.FINDINGS, "sync"), audit)
        self.assertEqual([finding["what"] for finding in audit.json["findings"]], ["guard_copied"])
        self.carla.do("sync")
        status = self.carla.do("status")
        self.assertEqual((status["old_copy"], status["contacts"]), (False, 1))
        self.assertIn("Everything recorded here is at the hub", self.words("status"))
        self.assertTrue(self.carla.do("audit", "verify")["sound"])

    def test_an_audit_of_a_database_that_does_not_read_counts_nothing(self):
        with self.opened_log() as log:
            log.execute("CREATE TABLE stray(x)")
        words = self.words("audit", "verify")
        self.assertIn("schema", words)
        self.assertNotIn("Checked", words)

    def test_the_answer_of_such_an_audit_has_no_counts(self):
        with self.opened_log() as log:
            log.execute("CREATE TABLE stray(x)")
        audit = self.carla.run("audit", "verify")
        self.assertEqual(audit.code, world.FINDINGS, audit)
        for count in ("blocks", "entries", "open_entries", "roster_entries"):
            self.assertNotIn(count, audit.json)

    def test_what_was_healed_is_one_line_for_people_and_each_place_in_json(self):
        with self.opened_log() as log:
            log.execute("UPDATE secret_copies SET sealed = zeroblob(length(sealed))")
        healed = [finding for finding in self.carla.do("audit", "verify")["findings"] if finding["what"] == "healed"]
        self.assertGreater(len(healed), 2)
        words = self.words("audit", "verify")
        self.assertEqual(words.count("healed"), 1)
        self.assertIn(f"{len(healed)} places", words)

    def test_lost_work_has_a_next_step(self):
        self.lose_contact()
        for words in (self.words("sync"), self.words("status")):
            self.assertIn("1 entry recorded in North", words)
            self.assertIn("record again what is missing", words)

    def test_a_rotten_write_version_is_mended(self):
        for place in (18, 19):
            self.flip(self.log(), place)
            self.assertEqual(self.carla.run("status").code, world.OK)
            self.assertEqual(self.carla.run("status").code, world.OK)

    def test_a_missing_or_empty_log_is_said_and_left(self):
        os.rename(self.log(), self.log() + ".kept")
        self.expect(self.carla.run("status"), world.LOCKED, "log_missing")
        self.assertFalse(os.path.exists(self.log()))
        with open(self.log(), "wb"):
            pass
        self.expect(self.carla.run("sync"), world.LOCKED, "log_missing")
        self.assertEqual(os.path.getsize(self.log()), 0)
        os.rename(self.log() + ".kept", self.log())
        self.assertEqual(self.carla.run("status").code, world.OK)

    def test_a_damaged_log_that_was_left_is_named_where_the_log_is_missing(self):
        self.add_person("Rosa")
        os.rename(self.log(), self.log() + ".damaged")
        problem = self.expect(self.carla.run("status"), world.LOCKED, "log_missing")
        self.assertIn("log.db.damaged", problem["why"])
        self.assertIn("rename log.db.damaged to log.db", problem["do"])
        os.rename(self.log() + ".damaged", self.log())
        self.assertEqual(self.carla.do("status")["contacts"], 1)

    def test_nobody_is_sent_in_a_circle_between_init_and_status(self):
        init = ("init", "--workspace", "Vote", "--member", "Carla", "--device", "office")
        for left in ("log.db.damaged", "vault.guard", "projection.snapshot"):
            with self.subTest(left):
                rest = self.laptop("rest " + left)
                os.mkdir(rest.vault)
                self.path(os.path.join(rest.vault, left), "x")
                occupied = self.expect(rest.run(*init), world.LOCKED, "occupied")
                self.assertIn("another directory", occupied["do"])
                opened = self.expect(rest.run("status"), world.FAILED, "damaged")
                self.assertIn("another directory", opened["do"])


if __name__ == "__main__":
    world.main()
