"""Nothing that `batch` acknowledged is lost, whenever it is killed: on the laptop, and at the hub after a sync.

VEREDA_KILL_ROUNDS says how often (25).
"""

import json
import os
import random
import shutil
import signal
import threading
import time

import world

ROUNDS = int(os.environ.get("VEREDA_KILL_ROUNDS", "25"))


def acknowledged(lines):
    """The ids of the answers that came whole."""
    ids = []
    for line in lines:
        if not line.endswith("\n"):
            continue
        answer = json.loads(line)
        assert answer["ok"], line
        ids.append(answer["id"])
    return ids


class Killed(world.World):
    def kill_during_batch(self, laptop, chance, number, words):
        """Feeds visits until the process is killed at a random moment; the ids it acknowledged."""
        process = laptop.start("batch", "-", *words)
        killer = threading.Timer(chance.uniform(0.02, 0.5), process.kill)
        killer.start()
        answers = []
        reader = threading.Thread(target=lambda: answers.extend(process.stdout))
        reader.start()
        try:
            for line in range(100_000):
                process.stdin.write(json.dumps({
                    "do": "interaction.add", "contact": "key:1", "kind": "door", "outcome": "spoke",
                    "note": f"visit {number}.{line}"}) + "\n")
                process.stdin.flush()
        except BrokenPipeError:
            pass
        process.wait(30)
        reader.join(30)
        killer.cancel()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        return acknowledged(answers)

    def visits(self, laptop):
        return {visit["id"] for visit in laptop.do("contact", "show", "key:1")["interactions"]}

    def test_every_acknowledged_line_is_there_after_kill_9(self):
        seed = int.from_bytes(os.urandom(4), "big")
        chance = random.Random(seed)
        ana = self.alone("North")
        ana.run("batch", stdin='{"do":"contact.add","turf":"North","key":"1","set":{"name":"Rosa"}}\n')
        promised = set()
        for number in range(ROUNDS):
            words = ("--commit-every", str(chance.choice((1, 1, 7, 50))))
            promised.update(self.kill_during_batch(ana, chance, number, words))
            missing = promised - self.visits(ana)
            self.assertFalse(missing, f"seed {seed}, round {number}: {len(missing)} lost")
        self.assertTrue(promised, "no round acknowledged anything")
        self.assertTrue(ana.do("audit", "verify")["sound"])

    def copy_of(self, laptop, name, without=()):
        copy = self.laptop(name)
        copy.key = laptop.key
        shutil.copytree(laptop.vault, copy.vault, ignore=shutil.ignore_patterns(*without))
        return copy

    def test_a_copy_after_a_kill_has_what_was_answered_because_log_db_wal_came_along(self):
        ana = self.alone("North")
        self.assertEqual([name for name in os.listdir(ana.vault) if name.startswith("log.db")], ["log.db"])
        with ana.start("batch", "-") as process:
            process.stdin.write('{"do":"contact.add","turf":"North","set":{"name":"Rosa"}}\n')
            process.stdin.flush()
            self.assertEqual(len(acknowledged([process.stdout.readline()])), 1)
            process.kill()
        self.assertIn("log.db-wal", os.listdir(ana.vault))
        whole, torn = self.copy_of(ana, "whole"), self.copy_of(ana, "torn", without=("log.db-wal",))
        self.assertEqual([contact["name"] for contact in whole.do("contact", "list")], ["Rosa"])
        self.assertEqual(torn.do("contact", "list"), [])  # as docs/protocol/vault.md warns

    def test_what_was_synced_is_at_a_hub_that_was_killed_meanwhile(self):
        seed = int.from_bytes(os.urandom(4), "big")
        chance = random.Random(seed)
        hub = self.hub()
        carla = self.founder(hub, "North")
        carla.run("batch", stdin='{"do":"contact.add","turf":"North","key":"1","set":{"name":"Rosa"}}\n')
        for number in range(max(3, ROUNDS // 5)):
            lines = "".join(
                json.dumps({"do": "interaction.add", "contact": "key:1", "kind": "door", "outcome": "spoke",
                            "note": f"{number}.{line}"}) + "\n" for line in range(200))
            carla.run("batch", "--commit-every", "200", stdin=lines)
            killer = threading.Timer(chance.uniform(0, 0.3), hub.process.kill)
            killer.start()
            carla.run("sync")
            killer.join()
            hub.stop(signal.SIGKILL)
            hub.start()
        time.sleep(0.1)
        carla.do("sync")
        self.assertEqual(carla.do("status")["unsynced"], 0)
        ana = self.organiser(carla, "ana", "North")
        self.assertEqual(self.visits(ana), self.visits(carla), f"seed {seed}")


world.main()
