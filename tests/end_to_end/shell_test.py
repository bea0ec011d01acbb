"""What is said of people need stand neither in the shell's history nor in the list of processes, and no sheet goes unasked."""

import os
import subprocess
import time

import world
from terminal import Terminal


def command_line(process):
    """What `ps` shows of a process, once it is past its first steps."""
    for _ in range(100):
        with open(f"/proc/{process}/cmdline", "rb") as file:
            words = [word for word in file.read().decode(errors="replace").split("\0") if word]
        if len(words) == 1:
            return words
        time.sleep(0.05)
    return words


class Said(world.World):
    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")
        self.rosa = self.ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]

    def at_a_terminal(self, *words):
        command = [word for word in self.ana.command(*words) if word != "--json"]
        return Terminal(command, world.environment() | {"TERM": "xterm"})

    def without_terminal(self, *words):
        return world.Answer(subprocess.run(
            self.ana.command(*words), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            env=world.environment(), start_new_session=True))

    def notes(self):
        return [visit["note"] for visit in self.ana.do("contact", "show", self.rosa)["interactions"]]

    def test_a_note_that_is_left_open_is_asked_for(self):
        asked = self.at_a_terminal("interaction", "add", self.rosa, "--kind", "door", "--outcome", "afraid of him", "--note")
        asked.read_until("note: ")
        self.assertEqual(command_line(asked.child), [os.path.join(world.PROGRAMS, "vereda")])
        asked.type("wants a lift\n")
        asked.read_until("Recorded.")
        self.assertEqual(asked.wait(), world.OK)
        self.assertEqual(self.notes(), ["wants a lift"])

    def test_a_correction_asks_for_its_note_as_well(self):
        visit = self.ana.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--note", "x")["id"]
        asked = self.at_a_terminal("interaction", "correct", visit, "--note")
        asked.read_until("note: ")
        asked.type("wants a lift\n")
        self.assertEqual(asked.wait(), world.OK)
        self.assertEqual(self.notes(), ["wants a lift"])

    def test_a_note_comes_from_standard_input_and_the_arguments_are_wiped_meanwhile(self):
        waiting = self.ana.start("interaction", "add", self.rosa, "--kind", "door", "--outcome", "afraid", "--note", "-")
        self.assertEqual(command_line(waiting.pid), [os.path.join(world.PROGRAMS, "vereda")])
        out, err = waiting.communicate("wants a lift,\nand a leaflet\n", timeout=60)
        self.assertEqual(waiting.returncode, world.OK, out + err)
        self.assertEqual(self.notes(), ["wants a lift,\nand a leaflet"])
        long = self.ana.run("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--note", "-",
                            stdin="x" * 100_000)
        self.expect(long, world.USAGE, "too_long")

    def test_an_empty_note_is_empty_and_asks_nobody(self):
        self.ana.do("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--note", "")
        self.assertEqual(self.notes(), [""])

    def test_fields_are_asked_for_and_an_empty_answer_leaves_them(self):
        added = self.at_a_terminal("contact", "add", "--turf", "North", "--ask", "name", "--ask", "notes", "--ask", "city")
        for question, answer in (("name: ", "Olga\n"), ("notes: ", "afraid of him\n"), ("city: ", "\n")):
            added.read_until(question)
            added.type(answer)
        self.assertEqual(added.wait(), world.OK)
        olga = self.ana.do("search", "-", stdin="olga\n")[0]["id"]
        self.assertEqual(self.ana.do("contact", "show", olga)["fields"], {"name": "Olga", "notes": "afraid of him"})
        asked = self.at_a_terminal("contact", "set", olga, "--ask", "notes", "--set", "city=Cali")
        asked.read_until("notes: ")
        asked.type("\n")
        self.assertEqual(asked.wait(), world.OK)
        fields = self.ana.do("contact", "show", olga)["fields"]
        self.assertEqual(fields, {"name": "Olga", "notes": "afraid of him", "city": "Cali"})

    def test_a_field_that_nobody_knows_is_not_asked_for(self):
        self.expect(self.ana.run("contact", "set", self.rosa, "--ask", "shoe"), world.USAGE, "unknown_field")

    def test_without_a_terminal_nothing_is_asked_and_nothing_done(self):
        digest = self.ana.digest()
        for words in (("interaction", "add", self.rosa, "--kind", "door", "--outcome", "spoke", "--note"),
                      ("contact", "set", self.rosa, "--ask", "notes"),
                      ("contact", "add", "--turf", "North", "--ask", "name")):
            self.expect(self.without_terminal(*words), world.USAGE, "no_terminal")
        self.assertEqual(self.ana.digest(), digest)


class Exports(world.World):
    def test_an_export_takes_no_files_place_unasked(self):
        ana = self.alone("North")
        ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")
        for name in ("own.csv", "half.csv.new"):
            sheet = self.path(name, "mine\n")
            target = sheet.removesuffix(".new")
            for words in (("--format", "csv"), ("--format", "jsonl", "--interactions")):
                problem = self.expect(ana.run("export", *words, target), world.FAILED, "file_exists")
                self.assertIn(sheet, problem["error"])
                self.assertIn("--replace", problem["do"])
            with open(sheet, encoding="utf-8") as file:
                self.assertEqual(file.read(), "mine\n")
            self.assertEqual(ana.do("export", "--format", "csv", "--replace", target)["rows"], 1)
            with open(target, encoding="utf-8") as file:
                self.assertIn("Rosa", file.read())

    def test_replace_takes_no_link(self):
        ana = self.alone("North")
        link = self.path("link.csv")
        os.symlink(self.path("own.csv", "mine\n"), link)
        self.expect(ana.run("export", "--format", "csv", "--replace", link), world.USAGE, "no_plain_file")


world.main()
