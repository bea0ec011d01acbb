"""Laptops whose clocks are years off: nothing is lost, and their owners hear of it."""

import json

import world


class Clocks(world.World):
    def test_a_clock_years_off_loses_nothing_and_is_told_of(self):
        hub = self.hub()
        carla = self.laptop("carla")
        carla.do("init", "--workspace", "Vote", "--member", "Carla", "--device", "office",
                 "--hub", hub.url, "--pin", hub.pin, "--token", hub.token())
        carla.do("turf", "add", "North")
        clocks = {"ahead": "+50y", "behind": "-10y", "dead": "-60y"}  # the last before 1970
        laptops = [carla]
        for name, clock in clocks.items():
            laptop = self.laptop(name)
            laptop.before = ("faketime", "-f", clock)
            code = carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
            laptop.do("join", code, "--member", name, "--device", "laptop")
            laptop.do("contact", "add", "--turf", "North", "--set", f"name={name}")
            synced = laptop.run("sync")
            self.assertEqual(synced.code, world.OK, synced)
            self.assertIn("clock", synced.err)
            laptops.append(laptop)
        for laptop in laptops:
            laptop.do("sync")
        self.assertEqual({person["name"] for person in carla.do("contact", "list")}, set(clocks))
        self.assertEqual(len({laptop.digest() for laptop in laptops}), 1)
        self.assertNotIn("clock", carla.run("sync").err)


class ToCome(world.World):
    def test_lines_of_a_batch_for_times_to_come_are_named(self):
        ana = self.alone("North")
        rosa = ana.do("contact", "add", "--turf", "North", "--set", "name=Rosa")["id"]
        lines = "".join('{"do":"interaction.add","contact":"%s","kind":"door","at":"%s"}\n' % (rosa, at)
                        for at in ("2026-01-02T10:00:00Z", "2191-01-02T10:00:00Z"))
        answer = ana.run("batch", stdin=lines)
        self.assertEqual(answer.code, world.OK, answer)
        told = [json.loads(line) for line in answer.out.splitlines()]
        self.assertEqual([line.get("future", False) for line in told], [False, True])
        self.assertIn("1 line is recorded for a time that lies in the future by this laptop's clock: 2.", answer.err)
        correction = '{"do":"interaction.correct","interaction":"%s","at":"2191-01-03T10:00:00Z"}\n' % told[0]["id"]
        self.assertIn('"future":true', ana.run("batch", stdin=correction).out)


if __name__ == "__main__":
    world.main()
