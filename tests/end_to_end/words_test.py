"""What the program says when something is not as it should be: what happened, why, what to do now; and nothing silent."""

import json
import os
import pty
import signal
import subprocess
import time

import world

NOBODY = 65534


def said(answer):
    """Everything of a problem, as one text."""
    return " ".join(str(part) for part in answer.problem.values())


class Typed(world.World):
    """What was typed says what is wanted, or is refused before anything happens."""

    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")
        self.rosa = self.ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        self.visit = self.ana.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke")["id"]

    def refused(self, *words, name="usage", code=world.USAGE, stdin=None):
        """Refused without a change; the answer, whose three parts say something."""
        digest = self.ana.digest()
        answer = self.ana.run(*words, stdin=stdin)
        problem = self.expect(answer, code, name)
        self.assertTrue(problem["why"], answer)
        self.assertEqual(answer.out, "")
        self.assertEqual(self.ana.digest(), digest)
        return said(answer)

    def test_an_empty_turf_is_not_all_turfs(self):
        for words in (("contact", "list"), ("export", "--format", "csv"), ("conflicts", "list"),
                      ("contact", "add", "--set", "name=X"), ("import", self.path("a.csv", "name\nX\n"))):
            with self.subTest(words):
                self.assertIn("--turf", self.refused(*words, "--turf", ""))

    def test_an_empty_word_stands_for_nothing(self):
        for words in (("export", "--format", "csv", ""), ("contact", "add", "--turf", "North", "--key", ""),
                      ("audit", "replay", "--until", ""),
                      ("interaction", "add", self.rosa, "--kind", "door", "--outcome", ""),
                      ("interaction", "add", self.rosa, "--kind", "door", "--outcome", "x", "--at", "")):
            with self.subTest(words):
                self.refused(*words)
        new = self.laptop("new")
        answer = new.run("init", "--workspace", "W", "--member", "M", "--device", "D", "--hub", "", "--pin", "", "--token", "")
        self.expect(answer, world.USAGE, "usage")
        self.assertFalse(os.path.exists(new.vault))

    def test_numbers_begin_with_one(self):
        for words in (("contact", "list", "--limit", "0"), ("contact", "list", "--limit", "-1"),
                      ("contact", "list", "--limit", "x"), ("search", "rosa", "--limit", "0"), ("sync", "--watch", "0"),
                      ("sync", "--watch", "18446744073709551615"), ("batch", "--commit-every", "0")):
            with self.subTest(words):
                self.assertIn("from 1 on", self.refused(*words, stdin=""))

    def test_a_refusal_shows_the_form_wanted(self):
        self.assertIn("such as 7d", self.refused("invite", "--role", "auditor", "--expires", "7 d"))
        self.assertIn("FIELD=VALUE", self.refused("contact", "set", self.rosa, "--set", "city"))
        for region in ("XX", "Colombia"):
            self.assertIn("such as CO", self.refused("--phone-region", region, "contact", "list"))
        self.refused("contact", "add", "--turf", "North", "--source", "roll", name="source_without_key")
        for words in (("frobnicate",), ("contact", "add"), ("invite", "--role", "boss")):
            self.refused(*words)

    def test_a_time_is_not_guessed_at(self):
        add = ("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--at")
        self.assertIn("milliseconds", self.refused(*add, "1700000000", name="bad_time"))
        self.refused(*add, "-5", name="bad_time")
        self.refused("interaction", "correct", self.visit, "--at", "-5", name="bad_time")
        line = {"do": "interaction.add", "contact": self.rosa, "kind": "door"}
        lines = "".join(json.dumps(line | {"at": at}) + "\n" for at in (1700000000, -5, "1700000000", 1700000000000))
        answers = [json.loads(answer)["ok"] for answer in self.ana.run("batch", stdin=lines).out.splitlines()]
        self.assertEqual(answers, [False, False, False, True])

    def test_a_time_in_the_future_is_taken_with_a_remark(self):
        add = ("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--at")
        for words in ((*add, "2101-01-01T00:00Z"), ("interaction", "correct", self.visit, "--at", "2101-01-01T00:00Z")):
            answer = self.ana.run(*words)
            self.assertEqual(answer.code, world.OK, answer)
            self.assertIn("lies in the future by this laptop's clock", answer.err)
        self.assertEqual(self.ana.run(*add, "now").err, "")

    def test_without_a_home_no_vault_is_made_here(self):
        settings = {k: v for k, v in world.environment().items() if k not in ("HOME", "XDG_DATA_HOME")}
        here = self.path("here")
        os.mkdir(here)
        done = world.Answer(subprocess.run(
            [os.path.join(world.PROGRAMS, "vereda"), "--json", "--key-file", self.ana.key, "init", "--workspace", "W",
             "--member", "M", "--device", "D"], cwd=here, env=settings, capture_output=True, text=True))
        self.assertIn("--vault", self.expect(done, world.USAGE, "usage")["do"])
        self.assertEqual(os.listdir(here), [])

    def test_advice_fits_what_was_refused(self):
        self.assertIn("1990-12-31", self.refused("contact", "set", self.rosa, "--set", "birth_date=1990-02-30",
                                                 name="unknown_value"))
        self.assertIn("--evidence", self.refused("consent", "lift", self.rosa, "sms", "--evidence", " ", name="no_evidence"))
        self.assertIn("first time", self.refused("consent", "lift", self.rosa, "sms", "--evidence", "x",
                                                 name="not_withdrawn", code=world.FAILED))
        self.assertIn("shorter", self.refused("interaction", "correct", self.visit, "--note", "x" * 40_000,
                                              name="too_long"))
        for size in (33_000, 70_000):  # more than an action holds, and more than is read
            long = self.ana.run("interaction", "correct", self.visit, "--note", "-", stdin="x" * size)
            self.assertEqual((long.code, long.problem["code"]), (world.USAGE, "too_long"))
            self.assertIn("32 KiB", long.problem["error"] + long.problem["why"])
        self.assertIn("such as door", self.refused("interaction", "correct", self.visit, "--kind", " ",
                                                   name="unknown_value"))
        self.assertNotIn("key:", self.refused("interaction", "correct", "!", "--note", "x", name="not_an_id"))

    def test_what_has_no_conflict_is_not_settled(self):
        self.refused("conflicts", "settle", self.rosa, "city", "Cali", name="no_conflict", code=world.FAILED)
        self.assertIn("what everybody wrote", self.refused("conflicts", "settle", self.rosa, "phones", "x", name="keeps_all"))
        stood = self.ana.do("conflicts", "settle", self.visit, "outcome", "spoke")
        self.assertFalse(stood["changed"])


class Files(world.World):
    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")

    def test_a_file_that_is_not_the_vaults_is_named_itself(self):
        folder = self.path("folder")
        os.mkdir(folder)
        target = os.path.join(folder, "none", "x.csv")
        for words, path, name in (
                (("import", folder, "--turf", "North"), folder, "file_unreadable"),
                (("batch", folder), folder, "file_unreadable"),
                (("export", "--format", "csv", target), target, "file_unwritable"),
                (("passphrase", "--new-key-file", target), target, "file_unwritable")):
            with self.subTest(words):
                answer = self.ana.run(*words)
                self.assertIn(path, self.expect(answer, world.FAILED, name)["error"])
                self.assertNotIn("vault", said(answer))

    def test_a_vault_that_takes_no_writes_is_said_to_need_them(self):
        for folder, names, files in os.walk(self.ana.vault):
            for file in files:
                os.chmod(os.path.join(folder, file), 0o444)
        os.chmod(self.ana.vault, 0o555)
        os.chmod(self.ana.key, 0o444)
        os.chmod(self.directory, 0o755)
        self.addCleanup(os.chmod, self.ana.vault, 0o755)
        user = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        answer = world.Answer(subprocess.run(
            self.ana.command("contact", "list"), capture_output=True, text=True, env=world.environment(), **user))
        self.assertIn("needs to be writable", self.expect(answer, world.FAILED, "read_only")["do"])

    def test_a_sheet_may_come_by_standard_input(self):
        sheet = "id,name\n1,Rosa\n2,Omar\n"
        answer = self.ana.run("import", "-", "--turf", "North", "--key", "id", stdin=sheet)
        self.expect(answer, world.USAGE, "sheet_unnamed")
        done = self.ana.run("import", "-", "--turf", "North", "--source", "roll", "--key", "id", stdin=sheet)
        self.assertEqual((done.code, done.json["added"]), (world.OK, 2))
        self.assertEqual(self.ana.do("import", self.path("roll.csv", sheet), "--turf", "North", "--key", "id")["unchanged"], 2)

    def test_a_sheet_of_two_hands_loses_only_the_rows_that_nobody_can_read(self):
        sheet = self.path("roll.csv", "name,city\nJosé,Bogotá\n".encode() + "Muñoz,Cali\n".encode("latin-1") + "Rosa,Málaga\n".encode())
        answer = self.ana.run("import", sheet, "--turf", "North")
        self.assertEqual(answer.code, world.PARTLY, answer)
        self.assertEqual(answer.json["added"], 2)
        self.assertEqual([row["line"] for row in answer.json["rejected"]], [3])
        self.assertIn("José", [c["name"] for c in self.ana.do("contact", "list")])
        self.assertIn("The sheet is UTF-8, but 1 line", answer.err)

    def test_a_left_out_column_of_ids_tells_of_key(self):
        self.assertIn("--key ID", self.ana.say("import", self.path("roll.csv", "ID,name\n1,Rosa\n"), "--turf", "North"))


class Interrupted(world.World):
    ROWS = 30_000

    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")
        rows = "".join(f"{n},Rosa {n},Street {n}\n" for n in range(self.ROWS))
        self.sheet = self.path("roll.csv", "id,name,address\n" + rows)
        self.words = ("import", self.sheet, "--turf", "North", "--key", "id")

    def size_of_log(self):
        names = ("log.db", "log.db-wal")
        paths = (os.path.join(self.ana.vault, name) for name in names)
        return sum(os.path.getsize(path) for path in paths if os.path.exists(path))

    def wait_until(self, holds):
        for _ in range(6000):
            if holds():
                return
            time.sleep(0.01)
        self.fail("it never came to that")

    def test_a_signal_leaves_nothing_of_an_export(self):
        self.ana.do(*self.words)
        target = self.path("out.csv")
        running = self.ana.start("export", "--format", "csv", target)
        self.wait_until(lambda: os.path.exists(target + ".new"))
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 130, err)
        self.assertEqual(json.loads(err.splitlines()[-1])["code"], "interrupted")
        self.assertEqual([name for name in os.listdir(self.directory) if name.startswith("out.csv")], [])

    def test_a_signal_stops_an_import_where_it_can_go_on(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            source = ("--source", str(code))
            before = self.size_of_log()
            running = self.ana.start(*self.words, *source)
            self.wait_until(lambda before=before: self.size_of_log() > before)  # the first rows are in
            running.send_signal(number)
            out, err = running.communicate(timeout=60)
            self.assertEqual((running.returncode, out), (code, ""), err)
            problem = json.loads(err.splitlines()[-1])
            self.assertEqual(problem["code"], "interrupted")
            self.assertIn(f"of {self.ROWS:,} rows are in", problem["why"])
            done = self.ana.do(*self.words, *source)
            rows_in = int(problem["why"].split()[0].replace(",", ""))
            self.assertEqual((done["unchanged"], done["added"]), (rows_in, self.ROWS - rows_in))

    def test_a_full_disk_says_how_far_it_came(self):
        self.ana.before = ("prlimit", f"--fsize={1024 * 1024}:")
        answer = self.ana.run(*self.words)
        self.expect(answer, world.FAILED, "disk_full")
        note = json.loads(answer.err.splitlines()[0])["note"]
        self.assertRegex(note, r"^[0-9,]+,000 of 30,000 rows are in; run the same import again, nothing is doubled\.$")
        self.ana.before = ()
        rows_in = int(note.split()[0].replace(",", ""))
        done = self.ana.do(*self.words)
        self.assertEqual((done["unchanged"], done["added"]), (rows_in, self.ROWS - rows_in))
        self.assertEqual(self.ana.do("status")["contacts"], self.ROWS)


class Outputs(world.World):
    def test_a_reader_that_has_enough_is_no_fault(self):
        ana = self.alone("North")
        ana.do_batch("".join(json.dumps({"do": "contact.add", "turf": "North", "set": {"name": f"Rosa {n}"}}) + "\n"
                             for n in range(6000)))
        for words in (("contact", "list"), ("export", "--format", "csv")):
            with self.subTest(words):
                running = subprocess.Popen(ana.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                           env=world.environment())
                running.stdout.read(10)
                running.stdout.close()
                self.assertEqual(running.stderr.read(), b"")
                running.stderr.close()
                running.wait(60)

    def test_help_that_nobody_could_read_is_a_failure(self):
        for words in (("--help",), ("contact", "add", "--help"), ("--version",)):
            with open("/dev/full", "w") as full:
                done = subprocess.run([os.path.join(world.PROGRAMS, "vereda"), *words], stdout=full,
                                      stderr=subprocess.PIPE, text=True, env=world.environment())
            self.assertEqual(done.returncode, world.FAILED)
            self.assertIn("could not be written", done.stderr)

    def test_a_picture_that_does_not_fit_is_left_out(self):
        carla = self.founder(self.hub(), "North")
        command = [word for word in carla.command("invite", "--role", "coordinator") if word != "--json"]

        def seen(columns, lines):
            child, file = pty.fork()
            if child == 0:
                os.execve("/bin/sh", ["sh", "-c", f'stty cols {columns} rows {lines}; exec "$0" "$@"', *command],
                          world.environment() | {"TERM": "xterm", "NO_COLOR": "1"})
            text = b""
            try:
                while piece := os.read(file, 4096):
                    text += piece
            except OSError:
                pass
            os.waitpid(child, 0)
            os.close(file)
            return text.decode()

        self.assertIn("▀", seen(120, 80))
        for columns, lines in ((40, 80), (120, 20)):
            text = seen(columns, lines)
            self.assertNotIn("▀", text)
            self.assertIn("The QR picture is left out", text)
            self.assertIn("VEREDA-", text)


class Hubs(world.World):
    def test_what_was_not_made_is_not_promised_to_a_sync(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        code = carla.do("invite", "--role", "coordinator")["code"]
        hub.stop()
        for words in (("invite", "--role", "auditor"), ("turf", "add", "South")):
            answer = carla.run(*words)
            self.expect(answer, world.UNREACHABLE, "unreachable")
            self.assertIn("Nothing was made.", said(answer))
            self.assertNotIn("sync", said(answer))
        new = self.laptop("new")
        for words in (("init", "--workspace", "W", "--hub", hub.url, "--pin", hub.pin, "--token", "0" * 32), ("join", code)):
            answer = new.run(*words, "--member", "M", "--device", "D")
            self.expect(answer, world.UNREACHABLE, "unreachable")
            self.assertNotIn("sync", said(answer))
        self.assertIn("vereda sync", said(carla.run("sync")))

    def test_a_role_that_may_not_write_is_sent_to_a_coordinator(self):
        carla = self.founder(self.hub(), "North")
        rosa = carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        eva = self.organiser(carla, "eva", "North", role="auditor")
        answer = eva.run("contact", "set", rosa, "--set", "city=Cali")
        self.assertIn("coordinator", self.expect(answer, world.FAILED, "no_authority")["do"])

    def hub_program(self, *words):
        return subprocess.run([os.path.join(world.PROGRAMS, "vereda-hub"), *words], capture_output=True, text=True)

    def test_a_token_is_made_only_where_a_hub_is(self):
        nowhere = self.path("typo")
        done = self.hub_program("token", "--data", nowhere)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("no hub's data in " + nowhere, done.stderr)
        self.assertFalse(os.path.exists(nowhere))
        hub = self.hub()
        hub.stop()
        self.assertEqual(len(hub.token()), 32)

    def test_a_hub_without_a_command_lists_them(self):
        done = self.hub_program()
        self.assertEqual(done.returncode, world.USAGE)
        for command in ("serve", "token"):
            self.assertIn(command, done.stderr)


world.main()
