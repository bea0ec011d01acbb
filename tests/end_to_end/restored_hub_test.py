"""A hub put back to an older state: what it lacks comes back from the laptops, and nothing parts unseen."""

import os
import shutil

import world


class RestoredHub(world.World):
    def setUp(self):
        super().setUp()
        self.server = self.hub()
        self.carla = self.founder(self.server, "North")
        self.ana = self.organiser(self.carla, "ana", "North")
        self.server.stop()
        self.backup = self.path("backup")
        shutil.copytree(self.server.data, self.backup)
        self.server.start()

    def since_the_backup(self):
        """Somebody joins, a turf is cut, visits are recorded, everybody knows of it."""
        self.carla.do("turf", "add", "South")
        self.bruno = self.organiser(self.carla, "bruno", "North", "South")
        for laptop in (self.ana, self.bruno, self.carla):
            laptop.do("contact", "add", "--turf", "North", "--set", f"given_name={laptop.name}")
        for laptop in (self.ana, self.bruno, self.carla) * 2:
            laptop.do("sync")

    def put_back(self, *, as_image):
        """The backup in the place of the data: copied, or written into the same files as an image of the disk is."""
        self.server.stop()
        if not as_image:
            shutil.rmtree(self.server.data)
            shutil.copytree(self.backup, self.server.data)
        else:
            for name in ("hub.db", "hub.guard"):
                with open(os.path.join(self.backup, name), "rb") as old:
                    contents = old.read()
                if name == "hub.guard":  # the image's own file: inode and birth time stay what they were
                    with open(os.path.join(self.server.data, name), "rb") as now:
                        contents = now.read(len(contents) - 8) + contents[-8:]
                with open(os.path.join(self.server.data, name), "r+b") as file:
                    file.write(contents)
                    file.truncate()

    def epoch(self):
        with open(self.server.log_path, encoding="utf-8") as log:
            return sum('"new_epoch"' in line for line in log) + 1

    def everybody_has_everything(self):
        for laptop in (self.carla, self.ana, self.bruno) * 2:
            laptop.do("sync")
        for laptop in (self.carla, self.ana, self.bruno):
            names = {person["name"] for person in laptop.do("contact", "list")}
            self.assertEqual(names, {"ana", "bruno", "carla"})
        self.assertEqual(self.bruno.digest(), self.carla.digest())

    def test_a_copy_put_back_gets_everything_again(self):
        self.since_the_backup()
        self.put_back(as_image=False)
        self.server.start()
        self.assertEqual(self.epoch(), 2)
        self.carla.do("sync")
        self.everybody_has_everything()

    def test_an_image_put_back_is_found_out_by_the_first_laptop_that_syncs(self):
        self.since_the_backup()
        self.put_back(as_image=True)
        self.server.start()
        self.assertEqual(self.epoch(), 1)
        first = self.carla.run("sync")
        self.assertIn("put back", first.err)
        self.assertEqual(self.epoch(), 2)
        self.everybody_has_everything()

    def test_who_joined_unseen_and_was_lost_comes_back(self):
        bruno = self.organiser(self.carla, "bruno", "North")
        bruno.do("contact", "add", "--turf", "North", "--set", "given_name=Eva")
        self.put_back(as_image=False)
        self.server.start()
        stranger = bruno.run("sync")
        self.assertIn("put back", self.expect(stranger, world.REFUSED, "unknown_device")["why"])
        self.carla.do("sync")
        bruno.do("sync")
        self.carla.do("sync")
        self.assertEqual(bruno.digest(), self.carla.digest())

    def test_a_host_may_say_so(self):
        self.since_the_backup()
        self.put_back(as_image=True)
        self.server.start("--restored")
        self.assertEqual(self.epoch(), 2)
        self.carla.do("sync")
        self.everybody_has_everything()

    def test_nobody_joins_before_a_coordinator_has_synced(self):
        code = self.carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
        self.server.stop()
        shutil.rmtree(self.backup)
        shutil.copytree(self.server.data, self.backup)
        self.put_back(as_image=False)
        self.server.start()
        dina = self.laptop("dina")
        self.expect(dina.run("join", code, "--member", "Dina", "--device", "laptop"), world.REFUSED, "hub_restored")
        self.carla.do("sync")
        dina.do("sync")
        self.assertEqual(dina.do("status")["member"], "Dina")


if __name__ == "__main__":
    world.main()
