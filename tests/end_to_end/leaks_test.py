"""No name, phone, note or key occurs in any file of a vault or hub, nor in the hub's log, whatever crashed before."""

import json
import os
import subprocess
import tempfile
import time

import world

CANARIES = {
    "name": "Xochitlquetzal",
    "family": "Zzyzxbarranca",
    "phone": "+573015559876",
    "note": "krummhornfagott under the mat",
    "tag": "blauwalgesang",
    "key": "extkey-7781-canary",
    "member": "Perpetuafelicitas",
    "turf": "Quebradahonda",
    "workspace": "Wolkenkuckucksheim",
}


def needles():
    for what, text in CANARIES.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for spelling in {text, text.lower(), text.upper()}:
                yield f"{what} ({encoding})", spelling.encode(encoding)


def findings(paths, secrets=()):
    """Where any canary or secret lies in clear, in any file below the paths."""
    found = []
    sought = list(needles()) + [(f"secret {n}", secret) for n, secret in enumerate(secrets)]
    for path in paths:
        files = [path] if os.path.isfile(path) else [
            os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
        for file in files:
            with open(file, "rb") as content:
                held = content.read()
            found += [f"{what} in {file}" for what, needle in sought if needle in held]
    return found


class Leaks(world.World):
    def live_through_a_day(self, hub):
        """Everything that writes: founding, importing, recording, syncing, crashing."""
        carla = self.laptop("carla")
        codes = carla.do("init", "--workspace", CANARIES["workspace"], "--member", CANARIES["member"], "--device",
                         "office", "--hub", hub.url, "--pin", hub.pin, "--token", hub.token())
        carla.do("turf", "add", CANARIES["turf"])
        sheet = self.path("sheet.csv", "id,first_name,last_name,phone,tags\n" + "".join(
            f"{CANARIES['key']}{n},{CANARIES['name']},{CANARIES['family']},{CANARIES['phone']},{CANARIES['tag']}\n"
            for n in range(6000)))
        carla.do("import", sheet, "--turf", CANARIES["turf"], "--source", "roll", "--key", "id")
        carla.do("sync")
        code = carla.do("invite", "--role", "organiser", "--turf", CANARIES["turf"])["code"]
        ana = self.laptop("ana")
        ana.do("join", code, "--member", CANARIES["member"] + "2", "--device", "laptop")
        rosa = ana.do("contact", "show", f"key:{CANARIES['key']}7")["id"]
        batch = ana.start("batch", "-")
        for _ in range(200):
            batch.stdin.write(json.dumps({"do": "interaction.add", "contact": rosa, "kind": "door",
                                          "outcome": "spoke", "note": CANARIES["note"]}) + "\n")
        batch.stdin.flush()
        batch.stdout.readline()
        batch.kill()
        batch.communicate()
        ana.do("search", CANARIES["name"], "--limit", "3")
        ana.do("sync")
        carla.do("sync")
        carla.do("history", rosa)
        return carla, ana, [codes["recovery_code"].encode(), codes["recovery_key"].encode(), code.encode()]

    def check_a_day(self):
        hub = self.hub()
        tempfiles = tempfile.gettempdir()
        before = set(os.listdir(tempfiles))
        carla, ana, secrets = self.live_through_a_day(hub)
        for laptop in (carla, ana):
            with open(laptop.key, "rb") as key:
                secrets.append(key.read())
        # The hub's database is read while it runs and after it stopped.
        places = [carla.vault, ana.vault, hub.data, hub.log_path]
        self.assertEqual(findings(places, secrets), [])
        hub.stop()
        self.assertEqual(findings(places, secrets), [])
        left = [os.path.join(tempfiles, name) for name in set(os.listdir(tempfiles)) - before
                if "vereda" in name and not name.startswith("vereda-test-")]
        self.assertEqual(left, [])
        return carla

    def test_no_canary_in_any_file(self):
        self.check_a_day()

    def test_no_canary_in_any_file_without_compression(self):
        world.SETTINGS["VEREDA_COMPRESSION_LEVEL"] = "-131072"
        self.addCleanup(world.SETTINGS.clear)
        self.check_a_day()

    def test_the_search_finds_a_canary_that_is_there(self):
        carla = self.alone(CANARIES["turf"])
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            planted = os.path.join(carla.vault, "planted")
            with open(planted, "wb") as file:
                file.write(os.urandom(1000) + CANARIES["note"].encode(encoding) + os.urandom(1000))
            self.assertEqual(len(findings([carla.vault])), 1)
            os.remove(planted)
        self.assertEqual(findings([carla.vault]), [])

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
