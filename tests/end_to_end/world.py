"""Real programs in a temporary directory: a hub on a free port of the loopback, and laptops with key files.

The programs are named by VEREDA_BIN, the directory that holds `vereda` and `vereda-hub`.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

PROGRAMS = os.environ.get("VEREDA_BIN", "")
SHEETS = os.path.join(os.path.dirname(__file__), "..", "data")

# Environment variables besides the usual ones.
SETTINGS = {}

OK, FAILED, USAGE, LOCKED, UNREACHABLE, REFUSED, FINDINGS, PARTLY = range(8)


class Answer:
    """What a command said and how it ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def problem(self):
        return json.loads(self.err.strip().splitlines()[-1])

    def __repr__(self):
        return f"exit {self.code}\n{self.out}\n{self.err}"


class Hub:
    """A hub that can be stopped, killed and started again on the same port."""

    def __init__(self, directory):
        self.data = os.path.join(directory, "hub")
        self.log_path = os.path.join(directory, "hub.log")
        self.listen = "127.0.0.1:0"
        self.process = None
        self.start()

    def start(self, *options):
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [os.path.join(PROGRAMS, "vereda-hub"), "serve", "--data", self.data, "--listen", self.listen,
                 *options],
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment())
        ready = json.loads(self.process.stdout.readline())
        self.url, self.pin = ready["url"], ready["pin"]
        self.listen = self.url.removeprefix("https://")

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(20)
        self.process.stdout.close()
        self.process = None

    def token(self):
        done = subprocess.run(
            [os.path.join(PROGRAMS, "vereda-hub"), "token", "--data", self.data],
            check=True, capture_output=True, text=True)
        return json.loads(done.stdout)["token"]


class Laptop:
    """One person's vault, opened with a key file."""

    def __init__(self, directory, name):
        self.name = name
        self.vault = os.path.join(directory, name)
        self.key = os.path.join(directory, name + ".key")
        self.before = ()  # words before every command, such as prlimit's

    def command(self, *words):
        return [*self.before, os.path.join(PROGRAMS, "vereda"), "--vault", self.vault, "--key-file", self.key, "--json", *words]

    def run(self, *words, stdin=None, timeout=120):
        """The answer, whatever the exit code."""
        return Answer(subprocess.run(
            self.command(*words), input=stdin, capture_output=True, text=True, timeout=timeout, env=environment()))

    def do(self, *words, stdin=None):
        """The JSON of a command that has to end well."""
        answer = self.run(*words, stdin=stdin)
        assert answer.code == OK, f"vereda {' '.join(words)}: {answer}"
        return answer.json

    def say(self, *words):
        """The words for people of a command that has to end well."""
        command = [word for word in self.command(*words) if word != "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment())
        assert done.returncode == OK, f"vereda {' '.join(words)}: {done}"
        return done.stdout

    def do_batch(self, lines):
        """Lines of `batch`, made durable together."""
        answer = self.run("batch", "--commit-every", "1000", stdin=lines)
        assert answer.code == OK, f"vereda batch: {answer}"

    def start(self, *words):
        """A process to talk to, or to kill."""
        return subprocess.Popen(
            self.command(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=environment())

    def digest(self):
        return self.do("status")["digest"]


def environment():
    """Nothing of the tester's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VEREDA_")}
    return kept | {"TZ": "UTC", "LC_ALL": "C.UTF-8"} | SETTINGS


class World(unittest.TestCase):
    """A directory for each test, gone when it passed."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="vereda-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def hub(self, directory=None):
        hub = Hub(directory or self.directory)
        self.addCleanup(hub.stop, signal.SIGKILL)
        return hub

    def laptop(self, name):
        return Laptop(self.directory, name)

    def path(self, name, contents=None):
        path = os.path.join(self.directory, name)
        if contents is not None:
            with open(path, "wb") as file:
                file.write(contents if isinstance(contents, bytes) else contents.encode())
        return path

    def founder(self, hub, *turfs):
        """A coordinator with turfs on the hub."""
        carla = self.laptop("carla")
        carla.do("init", "--workspace", "Vote", "--member", "Carla", "--device", "office",
                 "--hub", hub.url, "--pin", hub.pin, "--token", hub.token())
        for turf in turfs:
            carla.do("turf", "add", turf)
        return carla

    def alone(self, *turfs):
        """A workspace of one laptop without a hub."""
        ana = self.laptop("ana")
        ana.do("init", "--workspace", "Alone", "--member", "Ana", "--device", "laptop")
        for turf in turfs:
            ana.do("turf", "add", turf)
        return ana

    def organiser(self, coordinator, name, *turfs, role="organiser"):
        words = [word for turf in turfs for word in ("--turf", turf)]
        code = coordinator.do("invite", "--role", role, *words)["code"]
        laptop = self.laptop(name)
        laptop.do("join", code, "--member", name.capitalize(), "--device", "laptop")
        return laptop

    def expect(self, answer, code, name=None):
        """An exit code, and an error in three parts, none of them empty."""
        self.assertEqual(answer.code, code, answer)
        problem = answer.problem
        for part in ("error", "do", "code"):
            self.assertTrue(problem[part], answer)
        self.assertIn("why", problem)
        if name is not None:
            self.assertEqual(problem["code"], name, answer)
        return problem


def main():
    if not PROGRAMS:
        raise SystemExit("VEREDA_BIN names no directory")
    unittest.main(verbosity=2)
