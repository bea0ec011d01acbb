"""What the README says to paste works when it is pasted."""

import os
import re
import subprocess

import world

README = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")


class Readme(world.World):
    def lines(self):
        with open(README, encoding="utf-8") as file:
            (block,) = re.findall(r"```sh\n(.*?)```", file.read(), re.DOTALL)
        return block

    def test_the_lines_by_hand_show_the_organisers_visit_to_the_coordinator(self):
        os.makedirs(self.path("build"))
        os.symlink(os.path.abspath(world.PROGRAMS), self.path("build/release"))
        script = "set -e\ntrap 'kill %1' EXIT\n" + self.lines()
        done = subprocess.run(["bash", "-c", script], cwd=self.directory, capture_output=True, text=True, timeout=100,
                              env=world.environment())
        self.assertEqual(done.returncode, 0, done)
        shown = done.stdout[done.stdout.rindex("Rosa Díaz"):]
        self.assertIn("wants a lift to the polling station", shown)
        self.assertIn("Ana", shown)


if __name__ == "__main__":
    world.main()
