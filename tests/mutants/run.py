#!/usr/bin/env python3
"""Puts faults into a copy of the sources, one at a time, and asks the tests whether they notice.

Every line of faults.tsv is a fault that somebody could make: file, old, new. All of them are compiled in at once, each
behind a switch that the environment turns, so that no fault costs a build:

    an expression  old            becomes   (mutants::on(N) ? (new) : (old))
    a statement    old;           becomes   if (mutants::on(N)) { new } else { old; }

A fault that no program notices is printed; the tests then lack something. Takes hours on two cores:
part of `scripts/test --night`.

    tests/mutants/run.py            all faults
    tests/mutants/run.py 12 30      only these lines
    tests/mutants/run.py --list     which faults there are, and whether each still finds its place
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COPY = ROOT / "build" / "mutants" / "source"
BUILD = ROOT / "build" / "mutants" / "build"
WANTED_SCORE = 0.95
TIMEOUT_S = 900

SWITCH = """#pragma once
#include <cstdlib>
namespace mutants {
inline bool on(int number) {
    static const char* const text = std::getenv("VEREDA_MUTANT");
    static const int chosen = text == nullptr ? 0 : std::atoi(text);
    return chosen == number;
}
}  // namespace mutants
"""

# Which programs are asked about a fault in a folder, the quickest first.
PROGRAMS = [
    ("protocol/http/", ["http_tests", "client_tests"]),
    ("protocol/", ["protocol_tests", "engine_tests"]),
    ("crypto/", ["crypto_tests", "protocol_tests"]),
    ("server/", ["server_tests", "sim_tests"]),
    ("client/", ["client_tests"]),
    ("engine/log/", ["engine_tests", "sim_tests"]),
    ("engine/sync/", ["engine_tests", "sim_tests", "client_tests"]),
    ("engine/", ["engine_tests", "sim_tests"]),
]


class Fault:
    def __init__(self, number, line):
        self.number = number
        self.file, self.old, self.new = line.split("\t")

    def __str__(self):
        return f"{self.number:3}  {self.file}: {self.old}  ->  {self.new or '(nothing)'}"

    def place_in(self, text):
        """Where the fault goes; None when its line has changed or is there twice."""
        return text.find(self.old) if text.count(self.old) == 1 else None

    def switched(self):
        switch = f"::mutants::on({self.number})"
        if self.old.endswith((";", "}")):
            return f"if ({switch}) {{ {self.new} }} else {{ {self.old} }}"
        return f"({switch} ? ({self.new}) : ({self.old}))"

    def programs(self):
        return next(programs for folder, programs in PROGRAMS if self.file.startswith(folder))


def load_faults():
    lines = (HERE / "faults.tsv").read_text().splitlines()
    return [Fault(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]


def lost_places(faults):
    return [fault for fault in faults if fault.place_in((ROOT / fault.file).read_text()) is None]


def copy_sources():
    shutil.rmtree(COPY, ignore_errors=True)
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.splitlines():
        target = COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    (COPY / "mutants.h").write_text(SWITCH)


def put_faults_in(faults):
    for file in {fault.file for fault in faults}:
        path = COPY / file
        text = path.read_text()
        here = [(fault.place_in(text), fault) for fault in faults if fault.file == file]
        for at, fault in sorted(here, key=lambda each: each[0], reverse=True):
            text = text[:at] + fault.switched() + text[at + len(fault.old):]
        path.write_text('#include "mutants.h"\n' + text)


def build():
    subprocess.run(["cmake", "-S", COPY, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                    "-DVEREDA_BENCH=OFF", "-DVEREDA_WARNINGS_ARE_ERRORS=OFF"], check=True, stdout=subprocess.DEVNULL)
    programs = sorted({program for _, some in PROGRAMS for program in some})
    subprocess.run(["cmake", "--build", BUILD, "--target", *programs], check=True)


def passes(program, number):
    environment = {**os.environ, "VEREDA_MUTANT": str(number), "VEREDA_SIM_SEEDS": "20"}
    try:
        run = subprocess.run([BUILD / "tests" / program, "--abort"], env=environment, timeout=TIMEOUT_S,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def noticed_by(fault):
    """The program that notices the fault; None when all pass."""
    return next((program for program in fault.programs() if not passes(program, fault.number)), None)


def main(arguments):
    faults = load_faults()
    lost = lost_places(faults)
    for fault in lost:
        print("no longer there, or there twice:", fault)
    if "--list" in arguments:
        for fault in faults:
            print(fault)
        return 1 if lost else 0
    if lost:
        return 1
    wanted = {int(argument) for argument in arguments}
    copy_sources()
    put_faults_in(faults)
    build()
    for program in sorted({program for _, some in PROGRAMS for program in some}):
        if not passes(program, 0):
            print(program, "fails without any fault")
            return 1
    chosen = [fault for fault in faults if not wanted or fault.number in wanted]
    survivors = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for fault, program in zip(chosen, pool.map(noticed_by, chosen)):
            print(f"{program or 'SURVIVED':15}{fault}", flush=True)
            if program is None:
                survivors.append(fault)
    score = 1 - len(survivors) / len(chosen)
    print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} faults were noticed ({score:.0%}; wanted {WANTED_SCORE:.0%})")
    for fault in survivors:
        print("survived:", fault)
    return 0 if score >= WANTED_SCORE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
