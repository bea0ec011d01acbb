"""A full disk: a clear error, what was acknowledged stands, and the same command works once there is room.

Disks are full in two ways here. A limit on the size of files (RLIMIT_FSIZE) needs no rights; writes beyond it fail as at
a quota, with EFBIG. A small tmpfs has no room for anything, ENOSPC; it wants a mount namespace of our own, and where
the system gives none to this user (`unshare --map-root-user --mount`), those tests are skipped and say so.
"""

import json
import os
import resource
import shutil
import subprocess
import sys

import world

NAMESPACE = ("unshare", "--map-root-user", "--mount")
INSIDE = "DISK_FULL_TEST_INSIDE"
KIB = 1024


class FileLimit:
    """No file of ours grows beyond some size."""

    def __init__(self, test):
        self.directory = test.path("disk")
        os.mkdir(self.directory)

    def fill(self, laptop, leave):
        laptop.before = ("prlimit", f"--fsize={leave}:")

    def make_room(self, laptop):
        laptop.before = ()

    def fill_hub(self, hub, leave):
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (leave, resource.RLIM_INFINITY))

    def make_room_for_hub(self, hub):
        if hub.process is None:
            return  # a new one has no limit
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class SmallDisk:
    """A tmpfs that a filler takes all the room of."""

    def __init__(self, test):
        if INSIDE not in os.environ:
            test.skipTest("this user may not mount a disk of its own: " + " ".join(NAMESPACE) + " is refused")
        self.directory = test.path("disk")
        self.filler = os.path.join(self.directory, "filler")
        os.mkdir(self.directory)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", self.directory], check=True)
        test.addCleanup(subprocess.run, ["umount", "--lazy", self.directory], check=True)

    def fill(self, _, leave):
        free = shutil.disk_usage(self.directory).free
        with open(self.filler, "ab") as filler:
            filler.write(bytes(max(free - leave, 0)))
        assert shutil.disk_usage(self.directory).free <= leave

    def make_room(self, _):
        os.remove(self.filler)

    fill_hub, make_room_for_hub = fill, make_room


def visits(count, first=0):
    return "".join(
        json.dumps({"do": "interaction.add", "contact": "key:1", "kind": "door", "outcome": "spoke",
                    "note": f"visit {number}"}) + "\n" for number in range(first, first + count))


def contacts(count, first=0):
    return "".join(
        json.dumps({"do": "contact.add", "turf": "North", "key": str(number), "set": {"name": f"Rosa {number}"}}) + "\n"
        for number in range(first, first + count))


class Laptops:
    """What holds whichever way the disk is full."""

    def setUp(self):
        super().setUp()
        self.disk = self.disk_of(self)

    def laptop_on_the_disk(self, name):
        return world.Laptop(self.disk.directory, name)

    def expect_full(self, answer):
        problem = self.expect(answer, world.FAILED, "disk_full")
        self.assertIn("room", problem["do"])

    def founder_on_the_disk(self):
        self.carla = self.laptop_on_the_disk("carla")
        self.carla.do("init", "--workspace", "Alone", "--member", "Carla", "--device", "laptop")
        self.carla.do("turf", "add", "North")
        self.carla.do_batch(contacts(2))
        return self.carla

    def check_batch(self, every):
        carla = self.founder_on_the_disk()
        self.disk.fill(carla, 200 * KIB)
        answer = carla.run("batch", "--commit-every", str(every), stdin=visits(5000))
        self.expect_full(answer)
        lines = [json.loads(line) for line in answer.out.splitlines()]
        self.assertTrue(all(line["ok"] for line in lines), answer)
        self.assertTrue(0 < len(lines) < 5000, f"{len(lines)} lines were acknowledged")
        self.assertEqual(carla.do("status")["interactions"], len(lines))  # the disk is full, and it can be read
        self.expect_full(carla.run("batch", "--commit-every", "5000", stdin=visits(5000)))
        self.disk.make_room(carla)
        shown = {visit["id"] for visit in carla.do("contact", "show", "key:1")["interactions"]}
        self.assertEqual(shown, {line["id"] for line in lines})
        carla.do_batch(visits(5000 - len(lines), len(lines)))
        self.assertEqual(carla.do("status")["interactions"], 5000)
        self.assertTrue(carla.do("audit", "verify")["sound"])

    def test_batch_keeps_what_it_acknowledged_line_by_line(self):
        self.check_batch(1)

    def test_batch_keeps_what_it_acknowledged_group_by_group(self):
        self.check_batch(7)

    def test_an_action_is_done_whole_or_not_at_all(self):
        carla = self.founder_on_the_disk()
        digest = carla.digest()
        self.disk.fill(carla, 0)
        self.expect_full(carla.run("contact", "set", "key:1", "--set", "city=Cali"))
        self.assertEqual(carla.digest(), digest)
        self.disk.make_room(carla)
        self.assertTrue(carla.do("contact", "set", "key:1", "--set", "city=Cali")["changed"])
        self.assertNotEqual(carla.digest(), digest)

    def test_an_import_goes_on_where_it_ended(self):
        carla = self.founder_on_the_disk()
        sheet = self.path("sheet.csv", "first_name,last_name,phone\n" + "".join(
            f"Rosa,Perez {n},+57301555{n:04}\n" for n in range(6000)))
        words = ("import", sheet, "--turf", "North")
        self.disk.fill(carla, 600 * KIB)
        self.expect_full(carla.run(*words))
        taken = carla.do("status")["contacts"] - 2
        self.assertLess(taken, 6000)
        self.disk.make_room(carla)
        result = carla.do(*words)
        self.assertEqual((result["added"], result["unchanged"]), (6000 - taken, taken))
        self.assertEqual(carla.do("status")["contacts"], 6002)

    def test_no_room_for_a_snapshot_is_no_failure(self):
        # The fastest level hardly compresses: the snapshot is larger than the room left.
        world.SETTINGS["VEREDA_COMPRESSION_LEVEL"] = "-131072"
        self.addCleanup(world.SETTINGS.pop, "VEREDA_COMPRESSION_LEVEL")
        carla = self.founder_on_the_disk()
        carla.do_batch(contacts(4990, 2))
        self.assertFalse(os.path.exists(os.path.join(carla.vault, "projection.snapshot")))
        self.disk.fill(carla, 400 * KIB)
        answer = carla.run("batch", "--commit-every", "100", stdin=contacts(20, 4992))
        self.assertEqual(answer.code, world.OK, answer)
        self.assertFalse(os.path.exists(os.path.join(carla.vault, "projection.snapshot")))
        self.assertEqual(os.listdir(carla.vault).count("projection.snapshot.new"), 0)
        self.assertEqual(carla.do("status")["contacts"], 5012)
        self.disk.make_room(carla)
        carla.do("status")
        self.assertTrue(os.path.exists(os.path.join(carla.vault, "projection.snapshot")))

    def test_a_new_vault_is_made_whole_or_can_be_made_again(self):
        ana = self.laptop_on_the_disk("ana")
        words = ("init", "--workspace", "Alone", "--member", "Ana", "--device", "laptop")
        for leave in (0, 4 * KIB, 20 * KIB):
            with self.subTest(leave=leave):
                self.disk.fill(ana, leave)
                self.expect_full(ana.run(*words))
                self.assertFalse(os.path.exists(ana.vault))
                self.assertFalse(os.path.exists(ana.key))
                self.disk.make_room(ana)
        ana.do(*words)

    def test_a_sync_takes_and_gives_what_there_was_no_room_for(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        carla.do_batch(contacts(2))
        code = carla.do("invite", "--role", "organiser", "--turf", "North")["code"]
        carla.do("sync")
        ana = self.laptop_on_the_disk("ana")
        ana.do("join", code, "--member", "Ana", "--device", "laptop")
        ana.do_batch(visits(1500))
        carla.do_batch(contacts(3000, 2))
        carla.do("sync")
        unsynced = ana.do("status")["unsynced"]
        for leave in (0, 40 * KIB, 150 * KIB):
            with self.subTest(leave=leave):
                self.disk.fill(ana, leave)
                self.expect_full(ana.run("sync"))
                self.assertEqual(ana.do("status")["interactions"], 1500)
                self.disk.make_room(ana)
        self.assertGreaterEqual(unsynced, 1500)
        ana.do("sync")
        self.assertEqual(ana.do("status")["unsynced"], 0)
        self.assertEqual(ana.do("status")["contacts"], 3002)
        carla.do("sync")
        self.assertEqual(carla.digest(), ana.digest())
        for laptop in (carla, ana):
            self.assertTrue(laptop.do("audit", "verify")["sound"])

    def test_a_full_hub_acknowledges_nothing_and_goes_on(self):
        hub = self.hub(self.disk.directory)
        carla = self.founder(hub, "North")
        carla.do_batch(contacts(2))
        ana = self.organiser(carla, "ana", "North")
        carla.do("sync")
        ana.do_batch(visits(1500))
        self.disk.fill_hub(hub, 8 * KIB)
        self.expect(ana.run("sync"), world.UNREACHABLE, "hub_failed")
        unsynced = ana.do("status")["unsynced"]
        self.assertGreaterEqual(unsynced, 1500)
        self.assertEqual(carla.do("sync")["pulled"], 0)  # nothing half accepted; and the hub answers
        self.expect(ana.run("sync"), world.UNREACHABLE, "hub_failed")
        self.assertIsNone(hub.process.poll(), "the hub has ended")
        self.disk.make_room_for_hub(hub)
        ana.do("sync")
        self.assertEqual(ana.do("status")["unsynced"], 0)
        self.assertGreaterEqual(carla.do("sync")["pulled"], 1500)
        self.assertEqual(carla.digest(), ana.digest())

    def test_a_full_hub_can_be_stopped_and_started(self):
        hub = self.hub(self.disk.directory)
        carla = self.founder(hub, "North")
        carla.do_batch(contacts(500))
        carla.do("sync")
        self.disk.fill_hub(hub, 0)
        process = hub.process
        hub.stop()
        self.assertEqual(process.returncode, 0)
        self.disk.make_room_for_hub(hub)
        hub.start()
        bruno = self.organiser(carla, "bruno", "North")
        self.assertEqual(bruno.do("status")["contacts"], 500)


class LimitedFiles(Laptops, world.World):
    disk_of = FileLimit


class FullDisk(Laptops, world.World):
    disk_of = SmallDisk


def enter_namespace():
    """The same program where it may mount; nothing where that is not to be had."""
    if INSIDE in os.environ or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode != 0:
        return
    os.environ[INSIDE] = "yes"
    os.execvp(NAMESPACE[0], [*NAMESPACE, sys.executable, "-B", *sys.argv])


enter_namespace()
world.main()
