"""No name, phone, note or key occurs in any file of a vault or hub, nor in the hub's log, whatever crashed before.

`cipher_removed_test.py` shows that these tests fail when the cipher does nothing.
"""

import os
import subprocess
import time

import world
from canaries import CANARIES, Day, findings


class Leaks(Day):
    def check_a_day(self):
        self.live_through_a_day()
        self.assertEqual(self.found, set())
        self.assertEqual(os.listdir(self.temporary), [])

    def test_no_canary_in_any_file(self):
        self.check_a_day()

    def test_no_canary_in_any_file_without_compression(self):
        self.without_compression()
        self.check_a_day()

    def test_the_search_finds_a_canary_that_is_there(self):
        carla = self.alone(CANARIES["turf"])
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            planted = os.path.join(carla.vault, "planted")
            with open(planted, "wb") as file:
                file.write(os.urandom(1000) + CANARIES["note"].encode(encoding) + os.urandom(1000))
            self.assertEqual(findings([carla.vault]), {(f"note ({encoding})", planted)})
            os.remove(planted)
        self.assertEqual(findings([carla.vault]), set())

    def test_memory_of_a_running_program_is_not_dumped(self):
        ana = self.alone("North")
        process = ana.start("batch", "-")
        self.addCleanup(process.communicate)
        time.sleep(0.3)
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
            core = next(line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(core.split()[4:6], ["0", "0"])

    def test_files_are_for_their_owner_alone(self):
        ana = self.alone("North")
        listed = subprocess.run(["find", ana.vault, ana.key, "-perm", "/077"], check=True, capture_output=True)
        self.assertEqual(listed.stdout, b"")


world.main()
