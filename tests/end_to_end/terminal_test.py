"""What a person at a terminal meets: questions that do not show what is typed, and a sync that goes on by itself."""

import json
import os
import signal
import subprocess
import time

import world
from terminal import Terminal


class Typed(world.World):
    def vereda(self, *words):
        settings = world.environment() | {"TERM": "xterm", "COLUMNS": "100"}
        return Terminal([os.path.join(world.PROGRAMS, "vereda"), "--vault", self.path("vault"), *words], settings)

    def test_a_passphrase_is_asked_for_and_never_shown(self):
        made = self.vereda("init", "--workspace", "W", "--member", "M", "--device", "D")
        made.read_until("New passphrase")
        made.type("five random words\n")
        made.read_until("once more")
        made.type("five random words\n")
        made.read_until("Recovery code")
        self.assertEqual(made.wait(), world.OK)
        self.assertNotIn("random", made.seen)

        opened = self.vereda("status")
        opened.read_until("Passphrase")
        opened.type("five random words\n")
        opened.read_until("0 contacts")
        self.assertEqual(opened.wait(), world.OK)

        wrong = self.vereda("status")
        wrong.read_until("Passphrase")
        wrong.type("six random words\n")
        wrong.read_until("does not open")
        self.assertEqual(wrong.wait(), world.LOCKED)

    def test_two_different_passphrases_make_no_vault(self):
        made = self.vereda("init", "--workspace", "W", "--member", "M", "--device", "D")
        made.read_until("New passphrase")
        made.type("five random words\n")
        made.read_until("once more")
        made.type("five other words\n")
        made.read_until("Try again")
        self.assertEqual(made.seen.count("not the same"), 1, made.seen)
        self.assertEqual(made.wait(), world.LOCKED)
        self.assertFalse(os.path.exists(self.path("vault")))

    def test_without_a_terminal_it_says_what_to_give(self):
        ana = self.alone("North")
        done = world.Answer(subprocess.run(
            [os.path.join(world.PROGRAMS, "vereda"), "--json", "--vault", ana.vault, "status"],
            capture_output=True, text=True, start_new_session=True, env=world.environment()))
        problem = self.expect(done, world.LOCKED, "no_passphrase")
        self.assertIn("--passphrase-file", problem["do"])


class Watching(world.World):
    def test_a_watching_sync_leaves_the_vault_to_others_and_ends_when_told(self):
        hub = self.hub()
        carla = self.founder(hub, "North")
        ana = self.organiser(carla, "ana", "North")
        watching = ana.start("sync", "--watch", "1")
        self.addCleanup(watching.communicate)
        carla.do("contact", "add", "--turf", "North", "--set", "name=Rosa")
        carla.do("sync")
        seen = json.loads(watching.stdout.readline())
        while seen["pulled"] == 0:
            seen = json.loads(watching.stdout.readline())
        for _ in range(50):
            status = ana.run("status")
            if status.code == world.OK:
                break
            time.sleep(0.1)
        self.assertEqual(status.json["contacts"], 1)
        hub.stop()
        time.sleep(1.5)
        hub.start()
        self.assertIsNone(watching.poll(), "a hub that is away for a while ends no watch")
        watching.send_signal(signal.SIGTERM)
        self.assertEqual(watching.wait(30), world.OK)


world.main()
