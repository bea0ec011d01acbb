"""Bad input gets a clear error and changes nothing."""

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import time

import world


def files_below(directory):
    found = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, directory)] = file.read()
    return found


class Secrets(world.World):
    def test_a_wrong_key_file_opens_nothing(self):
        ana = self.alone("North")
        before = files_below(ana.vault)
        self.path("ana.key", os.urandom(32))
        self.expect(ana.run("status"), world.LOCKED, "wrong_secret")
        self.assertEqual(files_below(ana.vault), before)

    def test_a_wrong_passphrase_opens_nothing(self):
        self.path("right", "correct horse battery\n")
        self.path("wrong", "correct horse batterie\n")
        vault = self.path("vault")

        def run(file, *words):
            return world.Answer(subprocess.run(
                [os.path.join(world.PROGRAMS, "vereda"), "--json", "--vault", vault, "--passphrase-file",
                 self.path(file), *words], capture_output=True, text=True, env=world.environment()))

        made = run("right", "init", "--workspace", "W", "--member", "M", "--device", "D")
        self.assertEqual(made.code, world.OK, made)
        self.expect(run("wrong", "status"), world.LOCKED, "wrong_secret")
        self.assertEqual(run("right", "status").code, world.OK)

        self.path("code", made.json["recovery_code"])
        self.path("new", "another passphrase")
        recovered = run("right", "recover", "--code-file", self.path("code"), "--new-passphrase-file", self.path("new"))
        self.assertEqual(recovered.code, world.OK, recovered)
        self.expect(run("right", "status"), world.LOCKED, "wrong_secret")
        self.assertEqual(run("new", "status").code, world.OK)

    def test_a_short_passphrase_makes_no_vault(self):
        vault = self.path("vault")
        done = world.Answer(subprocess.run(
            [os.path.join(world.PROGRAMS, "vereda"), "--json", "--vault", vault, "--passphrase-file",
             self.path("short", "1234567"), "init", "--workspace", "W", "--member", "M", "--device", "D"],
            capture_output=True, text=True, env=world.environment()))
        self.expect(done, world.USAGE, "passphrase_too_short")
        self.assertFalse(os.path.exists(vault))

    def test_no_vault_is_said_so(self):
        self.path("ana.key", os.urandom(32))
        self.expect(self.laptop("ana").run("status"), world.LOCKED, "no_vault")

    def test_a_vault_is_never_replaced(self):
        ana = self.alone("North")
        before = files_below(ana.vault)
        self.expect(ana.run("init", "--workspace", "X", "--member", "Y", "--device", "Z"), world.LOCKED, "occupied")
        self.assertEqual(files_below(ana.vault), before)

    def test_two_processes_do_not_share_a_vault(self):
        ana = self.alone("North")
        first = ana.start("batch", "-")
        self.addCleanup(first.communicate)
        first.stdin.write('{"do":"contact.add","turf":"North","set":{"name":"Rosa"}}\n')
        first.stdin.flush()
        self.assertTrue(json.loads(first.stdout.readline())["ok"])
        self.expect(ana.run("status"), world.LOCKED, "in_use")

    def test_a_damaged_header_is_told_from_a_wrong_key(self):
        ana = self.alone("North")
        header = os.path.join(ana.vault, "vault.header")
        with open(header, "r+b") as file:
            file.seek(os.path.getsize(header) // 2)
            file.write(b"\xff\x00\xff\x00")
        answer = ana.run("status")
        self.assertIn(answer.code, (world.FAILED, world.LOCKED))
        self.assertTrue(answer.problem["do"])

    def test_a_vault_without_its_header_is_damaged_and_not_missing(self):
        ana = self.alone("North")
        os.remove(os.path.join(ana.vault, "vault.header"))
        before = files_below(ana.vault)
        self.expect(ana.run("status"), world.FAILED, "damaged")
        self.assertEqual(files_below(ana.vault), before)

    def test_a_damaged_snapshot_is_rebuilt(self):
        ana = self.alone("North")
        lines = "".join(json.dumps({"do": "contact.add", "turf": "North", "set": {"name": f"N{n}"}}) + "\n"
                        for n in range(6000))
        ana.run("batch", "--commit-every", "1000", stdin=lines)
        snapshot = os.path.join(ana.vault, "projection.snapshot")
        self.assertTrue(os.path.exists(snapshot))
        digest = ana.digest()
        with open(snapshot, "r+b") as file:
            file.seek(os.path.getsize(snapshot) // 2)
            file.write(b"damage")
        self.assertEqual(ana.digest(), digest)

    def test_a_rotten_open_entry_is_named_and_shuts_nothing(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        contact = carla.do("contact", "add", "--turf", "North", "--set", "name=Ana")["id"]
        carla.do("sync")
        visits = [carla.do("interaction", "add", contact, "--kind", "door", "--outcome", "spoke")["id"]
                  for _ in range(5)]
        with contextlib.closing(sqlite3.connect(os.path.join(carla.vault, "log.db"))) as log, log:
            rows = log.execute("SELECT id, sealed FROM open_entries ORDER BY id").fetchall()
            place, sealed = rows[2]
            rotten = bytes([sealed[0] ^ 1]) + sealed[1:]
            log.execute("UPDATE open_entries SET sealed = ? WHERE id = ?", (rotten, place))
        status = carla.do("status")
        self.assertEqual(status["interactions"], 4)
        self.assertEqual([lost["ids"] for lost in status["lost"]], [[visits[2]]])
        audit = carla.run("audit", "verify")
        self.assertEqual(audit.code, world.FINDINGS, audit)
        self.assertIn("lost", [finding["what"] for finding in audit.json["findings"]])
        self.assertEqual(carla.do("sync")["lost"][0]["ids"], [visits[2]])
        self.assertNotIn("lost", carla.do("sync"))
        self.assertEqual(carla.do("status")["unsynced"], 0)


class Hubs(world.World):
    def init_words(self, url, pin, token="0" * 32):
        return ("init", "--workspace", "W", "--member", "M", "--device", "D",
                "--hub", url, "--pin", pin, "--token", token)

    def expect_nothing_made(self, laptop):
        self.assertFalse(os.path.exists(laptop.vault))
        self.assertFalse(os.path.exists(laptop.key))

    def test_a_hub_that_is_not_there(self):
        hub = self.hub()
        hub.stop()
        ana = self.laptop("ana")
        self.expect(ana.run(*self.init_words(hub.url, hub.pin)), world.UNREACHABLE, "unreachable")
        self.expect_nothing_made(ana)

    def test_a_wrong_pin(self):
        hub = self.hub()
        ana = self.laptop("ana")
        wrong = "sha256//" + "A" * 43 + "="
        self.expect(ana.run(*self.init_words(hub.url, wrong, hub.token())), world.REFUSED, "wrong_pin")
        self.expect_nothing_made(ana)

    def test_a_used_or_invented_token(self):
        hub = self.hub()
        ana = self.laptop("ana")
        self.expect(ana.run(*self.init_words(hub.url, hub.pin)), world.REFUSED, "bad_token")
        self.expect_nothing_made(ana)

    def test_a_hub_that_speaks_nonsense(self):
        certificate = self.path("web.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=x", "-days", "2",
             "-keyout", certificate, "-out", self.path("web.crt")], check=True, capture_output=True)
        key = subprocess.run(["openssl", "pkey", "-in", certificate, "-pubout", "-outform", "DER"],
                             check=True, capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=key, check=True,
                                capture_output=True).stdout
        pin = "sha256//" + subprocess.run(["openssl", "base64", "-A"], input=digest, check=True,
                                          capture_output=True).stdout.decode()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        web = subprocess.Popen(
            ["openssl", "s_server", "-quiet", "-www", "-accept", f"127.0.0.1:{port}", "-key", certificate,
             "-cert", self.path("web.crt")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(web.wait)
        self.addCleanup(web.kill)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        ana = self.laptop("ana")
        answer = ana.run(*self.init_words(f"https://127.0.0.1:{port}", pin))
        self.expect(answer, world.REFUSED, "not_a_hub")
        self.expect_nothing_made(ana)

    def test_an_invite_lets_in_one_laptop_once(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        code = carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
        self.laptop("ana").do("join", code, "--member", "Ana", "--device", "laptop")
        eve = self.laptop("eve")
        self.expect(eve.run("join", code, "--member", "Eve", "--device", "laptop"), world.REFUSED, "invite_used")
        self.expect_nothing_made(eve)

    def test_an_expired_invite(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        code = carla.do("invite", "--role", "organiser", "--turf", "North", "--expires", "1s")["code"]
        time.sleep(1.5)
        ana = self.laptop("ana")
        self.expect(ana.run("join", code, "--member", "Ana", "--device", "laptop"), world.REFUSED, "invite_expired")
        self.expect_nothing_made(ana)

    def test_a_mistyped_invite(self):
        hub = self.hub()
        code = self.founder(hub, "North").do("invite", "--role", "coordinator")["code"]
        at = len(code) // 2
        while code[at] == "-":
            at += 1
        wrong = code[:at] + ("B" if code[at] != "B" else "C") + code[at + 1:]
        ana = self.laptop("ana")
        self.expect(ana.run("join", wrong, "--member", "Ana", "--device", "laptop"), world.USAGE, "mistyped")
        self.expect_nothing_made(ana)

    def test_only_coordinators_invite(self):
        hub = self.hub()
        ana = self.organiser(self.founder(hub, "North"), "ana", "North")
        self.expect(ana.run("invite", "--role", "organiser", "--turf", "North"), world.FAILED, "no_authority")


class Words(world.World):
    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")

    def unchanged(self, code, name, *words, stdin=None):
        digest = self.ana.digest()
        self.expect(self.ana.run(*words, stdin=stdin), code, name)
        self.assertEqual(self.ana.digest(), digest)

    def test_commands_that_do_not_exist(self):
        self.unchanged(world.USAGE, "usage", "frobnicate")
        self.unchanged(world.USAGE, "usage", "contact", "add")

    def test_fields_and_values_that_do_not_exist(self):
        self.unchanged(world.USAGE, "unknown_field", "contact", "add", "--turf", "North", "--set", "shoe_size=9")
        self.unchanged(world.USAGE, "not_a_set", "contact", "add", "--turf", "North", "--add", "city=Cali")
        self.unchanged(world.FAILED, "unknown_turf", "contact", "add", "--turf", "Nort", "--set", "name=X")

    def test_ids_that_do_not_exist(self):
        self.unchanged(world.USAGE, "not_an_id", "contact", "show", "!")
        self.unchanged(world.FAILED, "not_found", "contact", "show", "key:none")

    def test_a_withdrawal_ends_only_with_evidence(self):
        rosa = self.ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa", "--consent", "sms=withdrawn")["id"]
        self.unchanged(world.FAILED, "withdrawn", "contact", "set", rosa, "--consent", "sms=given")
        self.ana.do("consent", "lift", rosa, "sms", "--evidence", "asked at the door")
        self.assertEqual(self.ana.run("contact", "set", rosa, "--consent", "sms=given").code, world.OK)

    def test_sheets_that_cannot_be_read(self):
        for name, contents, problem in (
                ("cut.csv", 'first_name,last_name\nRosa,"Pérez\nOmar,X\n', "cut_off"),
                ("headless.csv", "Rosa,Pérez\nOmar,Díaz\n", "no_headers"),
                ("empty.csv", "", "empty"),
                ("picture.csv", bytes(range(256)) * 4, "unreadable_sheet")):
            with self.subTest(name):
                self.unchanged(world.FAILED, problem, "import", self.path(name, contents), "--turf", "North")

    def test_sheets_of_other_offices_are_recognised(self):
        text = "Имя,Фамилия,Город\n" + "Анна,Кузнецова,Ярославль\nПётр,Соловьёв,Архангельск\n" * 5
        for encoding in ("windows-1251", "utf-16", "utf-8"):
            with self.subTest(encoding):
                sheet = self.path(f"{encoding}.csv", text.encode(encoding))
                result = self.ana.do("import", sheet, "--turf", "North", "--dry-run",
                                     "--map", "Имя=given_name", "--map", "Фамилия=family_name", "--map", "Город=city")
                self.assertGreater(result["added"], 0)

    def test_a_bad_line_of_a_batch_leaves_the_others_alone(self):
        lines = ('{"do":"contact.add","turf":"North","key":"1","set":{"name":"Rosa"}}\n'
                 "nonsense\n"
                 '{"do":"contact.set","contact":"key:1","set":{"shoe_size":"9"}}\n'
                 '{"do":"contact.add","turf":"North","nmae":"Omar"}\n'
                 '{"do":"interaction.add","contact":"key:1","kind":"door","outcome":"spoke"}\n')
        answer = self.ana.run("batch", stdin=lines)
        self.assertEqual(answer.code, world.PARTLY)
        answers = [json.loads(line) for line in answer.out.splitlines()]
        self.assertEqual([(a["line"], a["ok"]) for a in answers],
                         [(1, True), (2, False), (3, False), (4, False), (5, True)])
        self.assertTrue(all(a["error"] for a in answers if not a["ok"]))
        self.assertEqual(self.ana.do("status")["interactions"], 1)

    def test_a_name_that_is_no_text_makes_nothing(self):
        ana = self.ana
        before = ana.do("turf", "list")
        self.expect(ana.run("turf", "add", b"a\xff"), world.USAGE, "unreadable_name")
        self.expect(ana.run("turf", "add", " North "), world.FAILED, "turf_exists")
        self.assertEqual(ana.do("turf", "list"), before)
        new = self.laptop("new")
        self.expect(new.run("init", "--workspace", "W", "--member", b"Jos\xe9", "--device", "d"),
                    world.USAGE, "unreadable_name")
        self.assertFalse(os.path.exists(new.vault))

    def test_a_key_of_two_people_is_not_guessed_at(self):
        ana = self.ana
        ana.do("turf", "add", "South")
        for turf in ("North", "South"):
            ana.do("contact", "add", "--turf", turf, "--key", "K7", "--set", "name=Ana")
        done = ana.run("batch", "-", stdin='{"do":"contact.set","contact":"key:K7","set":{"city":"Cali"}}\n')
        self.assertNotIn('"ok":true', done.out)

    def test_an_export_never_replaces_what_is_no_plain_file(self):
        ana = self.ana
        link = self.path("link")
        os.symlink(self.path("target", ""), link)
        self.expect(ana.run("export", "--format", "csv", link), world.USAGE, "no_plain_file")
        self.assertTrue(os.path.islink(link))

    def test_an_answer_that_could_not_be_written_is_a_failure(self):
        ana = self.ana
        with open("/dev/full", "w") as full:
            done = subprocess.run(ana.command("contact", "list"), stdout=full, stderr=subprocess.PIPE,
                                  text=True, env=world.environment())
        self.assertEqual(done.returncode, world.FAILED)
        self.assertIn("not_shown", done.stderr)


world.main()
