"""The search for leaks finds them: the same day, with programs whose cipher leaves every byte as it is.

They are built from `without_cipher/`, and VEREDA_BIN names their directory. Everything else about them is as always,
wrong keys and changed bytes are refused; so what is found here is what the cipher alone hides. `leaks_test.py` demands
that nothing at all is found.
"""

import os

import world
from canaries import CANARIES, Day

EVERYTHING = {f"{what} (utf-8)" for what in CANARIES}
NOTE = {"note (utf-8)"}


class CipherRemoved(Day):
    def found_in(self, *path):
        return {what for what, file in self.found if file == os.path.join(self.directory, *path)}

    def test_every_canary_is_found_in_every_database_and_snapshot(self):
        self.without_compression()
        self.live_through_a_day()
        for place in (("ana", "log.db"), ("carla", "log.db")):
            self.assertEqual(self.found_in(*place), EVERYTHING | {"address"}, place)
        for place in (("hub", "hub.db"), ("hub", "hub.db-wal")):
            self.assertEqual(self.found_in(*place), EVERYTHING, place)
        for laptop in ("ana", "carla"):  # visits came too late for it
            self.assertEqual(self.found_in(laptop, "projection.snapshot"), EVERYTHING - NOTE)
        self.assertEqual(self.found_in("ana", "log.db-wal"), NOTE, "open entries, when the program was killed")

    def test_compression_alone_hides_nothing(self):
        self.live_through_a_day()
        for place in (("ana", "log.db"), ("carla", "log.db"), ("hub", "hub.db")):  # a snapshot codes its letters
            self.assertTrue(self.found_in(*place), place)


world.main()
