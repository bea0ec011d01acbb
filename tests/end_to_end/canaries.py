"""Words that must not be in any file, where they are looked for, and a day that writes them everywhere."""

import json
import os

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


def files_of(path):
    if os.path.isfile(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def contents_of(paths):
    """Every file below the paths, and what it holds."""
    for file in (file for path in paths for file in files_of(path)):
        with open(file, "rb") as content:
            yield file, content.read()


def findings(paths, secrets=()):
    """Where any canary or secret lies in clear, in any file below the paths: pairs of what and where."""
    sought = list(needles()) + [(f"secret {n}", secret) for n, secret in enumerate(secrets)]
    return {(what, file) for file, held in contents_of(paths) for what, needle in sought if needle in held}


class Day(world.World):
    """What a day leaves behind is in `found`; the files are looked through several times, for some are short-lived."""

    def setUp(self):
        super().setUp()
        self.found = set()
        self.secrets = []
        self.places = []
        self.temporary = self.path("tmp")
        os.mkdir(self.temporary)
        world.SETTINGS["TMPDIR"] = self.temporary
        self.addCleanup(world.SETTINGS.clear)

    def without_compression(self):
        """Blocks lie in clear below the cipher, then: zstd stores what it is given."""
        world.SETTINGS["VEREDA_COMPRESSION_LEVEL"] = "-131072"

    def look(self):
        self.found |= findings(self.places, self.secrets)
        self.found |= {("address", file) for file, held in contents_of(self.vaults) if self.address in held}

    def live_through_a_day(self):
        """Everything that writes: founding, importing, recording, crashing, syncing."""
        hub = self.hub()
        carla, ana = self.laptop("carla"), self.laptop("ana")
        self.vaults = [carla.vault, ana.vault]  # a laptop does not tell which hub it works with
        self.address = hub.listen.encode()
        self.places = [*self.vaults, hub.data, hub.log_path, self.temporary]
        self.found_workspace(hub, carla)
        self.look()
        self.join(carla, ana)
        rosa = ana.do("contact", "show", f"key:{CANARIES['key']}7")["id"]
        self.record_and_crash(ana, rosa)
        self.look()
        ana.do("search", CANARIES["name"], "--limit", "3")
        ana.do("sync")
        carla.do("sync")
        carla.do("history", rosa)
        self.look()
        hub.stop()
        self.look()

    def found_workspace(self, hub, carla):
        codes = carla.do("init", "--workspace", CANARIES["workspace"], "--member", CANARIES["member"], "--device",
                         "office", "--hub", hub.url, "--pin", hub.pin, "--token", hub.token())
        self.secrets += [codes["recovery_code"].encode(), codes["recovery_key"].encode(), key_of(carla)]
        carla.do("turf", "add", CANARIES["turf"])
        sheet = self.path("sheet.csv", "id,first_name,last_name,phone,tags\n" + "".join(
            f"{CANARIES['key']}{n},{CANARIES['name']},{CANARIES['family']},{CANARIES['phone']},{CANARIES['tag']}\n"
            for n in range(6000)))
        carla.do("import", sheet, "--turf", CANARIES["turf"], "--source", "roll", "--key", "id")
        carla.do("sync")

    def join(self, carla, ana):
        code = carla.do("invite", "--role", "organiser", "--turf", CANARIES["turf"])["code"]
        ana.do("join", code, "--member", CANARIES["member"] + "2", "--device", "laptop")
        self.secrets += [code.encode(), key_of(ana)]

    def record_and_crash(self, ana, contact):
        """Some of 200 visits, then a kill: what was acknowledged is open, and the database's log is still there."""
        batch = ana.start("batch", "-")
        for _ in range(200):
            batch.stdin.write(json.dumps({"do": "interaction.add", "contact": contact, "kind": "door",
                                          "outcome": "spoke", "note": CANARIES["note"]}) + "\n")
        batch.stdin.flush()
        batch.stdout.readline()
        batch.kill()
        batch.communicate()


def key_of(laptop):
    with open(laptop.key, "rb") as key:
        return key.read()
