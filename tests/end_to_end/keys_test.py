"""Contacts that come again under the key of another system, and what names them."""

import json
import subprocess

import world


class AddedAgain(world.World):
    """What scripts do after a crash: everything once more."""

    def setUp(self):
        super().setUp()
        self.ana = self.alone("North")
        self.words = ("contact", "add", "--turf", "North", "--source", "s", "--key", "1")

    def test_a_contact_added_again_is_the_one_that_the_list_shows(self):
        first = self.ana.do(*self.words, "--set", "name=First")
        self.assertEqual(set(first), {"id"})
        second = self.ana.do(*self.words, "--set", "name=Second")
        self.assertEqual(second, {"id": first["id"], "changed": True})
        self.assertEqual(self.ana.do("contact", "list"), [{"id": first["id"], "name": "Second", "turf": "North"}])
        self.assertEqual(self.ana.do("conflicts", "list"), [])
        self.assertEqual(self.ana.do(*self.words, "--set", "name=Second"), {"id": first["id"], "changed": False})
        self.assertIn("was there already", self.ana.say(*self.words, "--set", "name=Second"))
        self.assertIn("was there already", self.ana.say(*self.words, "--set", "name=Third"))

    def test_a_batch_that_runs_three_times_adds_nobody_twice(self):
        lines = ('{"do":"contact.add","turf":"North","key":"1","set":{"name":"Rosa"},"add":{"tags":["a","b"]}}\n'
                 '{"do":"contact.add","turf":"North","key":"2","set":{"name":"Omar"},"consent":{"sms":"given"}}\n')
        first = [json.loads(line) for line in self.ana.run("batch", stdin=lines).out.splitlines()]
        digest = self.ana.digest()
        for _ in range(2):
            again = [json.loads(line) for line in self.ana.run("batch", stdin=lines).out.splitlines()]
            self.assertEqual(again, [answer | {"changed": False} for answer in first])
        self.assertEqual(self.ana.digest(), digest)

    def test_what_somebody_wrote_by_hand_since_is_a_conflict_that_is_said(self):
        rosa = self.ana.do(*self.words, "--set", "city=Cali")["id"]
        self.ana.do("contact", "set", rosa, "--set", "city=Pasto")
        self.assertEqual(self.ana.do(*self.words, "--set", "city=Cali"), {"id": rosa, "changed": False})
        answer = self.ana.run(*self.words, "--set", "city=Quito")
        self.assertEqual(answer.json, {"id": rosa, "changed": True, "conflicts": ["city"]})
        self.assertIn("vereda conflicts list", answer.err)
        line = '{"do":"contact.add","turf":"North","source":"s","key":"1","set":{"city":"Tunja"}}\n'
        self.assertEqual(self.ana.run("batch", stdin=line).json["conflicts"], ["city"])

    def test_a_retracted_contact_added_again_is_said_to_be_hidden_even_when_nothing_changes(self):
        rosa = self.ana.do(*self.words, "--set", "name=Rosa")["id"]
        self.ana.do("contact", "retract", rosa)
        answer = self.ana.run(*self.words, "--set", "name=Rosa")
        self.assertEqual(answer.json, {"id": rosa, "changed": False, "retracted": True})
        self.assertIn("vereda contact restore " + rosa, answer.err)


class Numbers(world.World):
    """Telephone numbers as people type them."""

    def test_a_number_is_found_by_its_digits_however_it_is_typed(self):
        ana = self.alone("North")
        ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa", "--set", "phone=+57 601 555 0101")
        ana.do("contact", "add", "--turf", "North", "--set", "name=Omar", "--set", "phone=300 123 4567")
        for typed, name in (("+57 601 555 0101", "Rosa"), ("601 555 0101", "Rosa"), ("6015550101", "Rosa"),
                            ("5550101", "Rosa"), ("0 601 555 0101", "Rosa"), ("٥٥٥ ٠١٠١", "Rosa"),
                            ("3001234567", "Omar"), ("123-4567 omar", "Omar")):
            self.assertEqual([c["name"] for c in ana.do("search", typed)], [name], typed)
            self.assertEqual([c["name"] for c in ana.do("search", *typed.split(" "))], [name], typed)
        self.assertEqual(ana.do("search", "rosa 123 4567"), [])


class Ambiguous(world.World):
    """One key in two sources and two turfs."""

    def setUp(self):
        super().setUp()
        self.ana = self.alone("North", "South")
        add = lambda turf, source: self.ana.do("contact", "add", "--turf", turf, "--source", source, "--key", "7",
                                               "--set", f"name={source} {turf}")["id"]
        self.roll, self.list = add("North", "roll"), add("North", "list")
        self.others = add("North", "club"), add("South", "club")

    def test_a_source_before_the_key_says_which_is_meant(self):
        self.assertEqual(self.ana.do("contact", "show", "key:roll/7")["id"], self.roll)
        self.assertEqual(self.ana.do("contact", "set", "key:list/7", "--set", "city=Cali")["id"], self.list)
        line = '{"do":"interaction.add","contact":"key:roll/7","kind":"door"}\n'
        self.assertEqual(self.ana.run("batch", stdin=line).code, world.OK)
        self.assertEqual(len(self.ana.do("contact", "show", self.roll)["interactions"]), 1)

    def test_what_still_names_several_lists_them(self):
        problem = self.expect(self.ana.run("contact", "show", "key:club/7"), world.FAILED, "ambiguous")
        self.assertEqual(problem["candidates"], [
            {"id": self.others[0], "name": "club North", "source": "club", "turf": "North"},
            {"id": self.others[1], "name": "club South", "source": "club", "turf": "South"}])
        self.assertIn("key:SOURCE/KEY", problem["do"])
        problem = self.expect(self.ana.run("contact", "show", "key:7"), world.FAILED, "ambiguous")
        self.assertEqual({c["id"] for c in problem["candidates"]}, {self.roll, self.list, *self.others})
        line = '{"do":"contact.set","contact":"key:club/7","set":{"city":"Cali"}}\n'
        answer = self.ana.run("batch", stdin=line)
        self.assertEqual(len(answer.json["candidates"]), 2, answer)
        words = [w for w in self.ana.command("contact", "show", "key:club/7") if w != "--json"]
        told = subprocess.run(words, capture_output=True, text=True, check=False, env=world.environment()).stderr
        for id in self.others:
            self.assertIn(id, told)

    def test_a_problem_that_is_not_about_several_has_no_candidates(self):
        problem = self.expect(self.ana.run("contact", "show", "key:9"), world.FAILED, "not_found")
        self.assertNotIn("candidates", problem)


class Empty(world.World):
    """Contacts of whom nothing is said."""

    def test_a_contact_without_anything_to_see_is_refused(self):
        ana = self.alone("North")
        add = ("contact", "add", "--turf", "North")
        for more in ((), ("--set", "name="), ("--set", "name= \t"), ("--set", "name=\u200b\u2060\u200f"),
                     ("--source", "s", "--key", "1"), ("--set", "name=\u00a0", "--set", "phone=")):
            self.expect(ana.run(*add, *more), world.USAGE, "no_content")
        for line in ('{"set":{"name":null}}', '{}', '{"key":"1"}', '{"set":{"tags":[]}}', '{"set":{"name":"\u200b"}}'):
            line = json.dumps(json.loads(line) | {"do": "contact.add", "turf": "North"}) + "\n"
            answer = ana.run("batch", stdin=line)
            self.assertEqual((answer.code, answer.json["code"]), (world.PARTLY, "no_content"), answer)
        self.assertEqual(ana.do("contact", "list"), [])
        ana.do(*add, "--consent", "sms=withdrawn")
        self.assertEqual(len(ana.do("contact", "list")), 1)


class Composed(world.World):
    """One word as two keyboards make it."""

    def test_what_looks_the_same_is_the_same(self):
        ana = self.alone("North")
        whole, apart = "Jos\u00e9", "Jose\u0301"
        words = ("contact", "add", "--turf", "North", "--source", apart, "--key", apart, "--set")
        first = ana.do(*words, f"name={apart}")["id"]
        self.assertEqual(ana.do(*(w.replace(apart, whole) for w in words), f"name={whole}"), {"id": first, "changed": False})
        self.assertEqual(ana.do("contact", "show", f"key:{apart}")["name"], whole)
        self.assertEqual(ana.do("contact", "show", f"key:{whole}/{apart}")["id"], first)
        line = json.dumps({"do": "contact.set", "contact": f"key:{apart}", "source": apart, "set": {"name": apart}})
        self.assertEqual(ana.run("batch", stdin=line + "\n").json, {"line": 1, "ok": True, "id": first, "changed": False})


world.main()
