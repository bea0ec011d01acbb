#!/usr/bin/env python3
"""Puts faults into a copy of the sources, one at a time, and asks the tests whether they notice.

Every line of faults.tsv is a fault that somebody could make: file, old, new. All of them are compiled in at once, each
behind a switch that the environment turns, so that no fault costs a build:

    an expression  old            becomes   (mutants::on(N) ? (new) : (old))
    a statement    old;           becomes   if (mutants::on(N)) { new } else { old; }

`\\n` in the list is the end of a line. Several faults may have one and the same place. A fault that no program notices
is printed; the tests then lack something. Takes hours on two cores: part of `scripts/test --night`. The environment:
VEREDA_SIM_SEEDS, by default 20; VEREDA_MUTANT_JOBS, by default as many as there are cores.

    tests/mutants/run.py                    all faults
    tests/mutants/run.py 12 30              only these lines of the list
    tests/mutants/run.py engine/log server  only faults below these folders
    tests/mutants/run.py --list             which faults there are, and whether each still finds its place
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COPY = ROOT / "build" / "mutants" / "source"
BUILD = ROOT / "build" / "mutants" / "build"
WANTED_SCORE = 0.95
TIMEOUT_S = 3600  # of a program without a fault; with one it has ten times what it takes, and a minute

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
        fields = line.split("\t")
        if len(fields) != 3:
            sys.exit(f"line {number} of the list has {len(fields)} fields in place of 3")
        self.file, self.old, self.new = (field.replace("\\n", "\n") for field in fields)

    def __str__(self):
        text = f"{self.number:3}  {self.file}: {self.old}  ->  {self.new or '(nothing)'}"
        return " ".join(text.replace("\n", " ").split())

    def place_in(self, text):
        """Where the fault goes; None when its line has changed or is there twice."""
        return text.find(self.old) if text.count(self.old) == 1 else None

    def switched(self, otherwise):
        switch = f"::mutants::on({self.number})"
        if self.old.endswith(";"):
            return f"if ({switch}) {{ {self.new} }} else {{ {otherwise} }}"
        return f"({switch} ? ({self.new}) : ({otherwise}))"

    def runs(self):
        """Programs with their arguments; the tests nearest to the fault come first."""
        programs = next(programs for folder, programs in PROGRAMS if self.file.startswith(folder))
        nearest = ",".join(f"[#{test.stem}]" for test in nearest_tests(self.file))
        return ([(programs[0], ("-#", nearest))] if nearest else []) + [(program, ()) for program in programs]


def nearest_tests(file):
    """The unit tests of the fault's own folder, where those are a part of their program."""
    folder = pathlib.PurePath(file).parent
    is_part = folder.parts[0] == "engine"
    return sorted((ROOT / "tests" / "unit" / folder).glob("*_test.cpp")) if is_part else []


def load_faults():
    lines = (HERE / "faults.tsv").read_text().splitlines()
    return [Fault(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("# ")]


def misplaced(faults):
    """Faults without a place of their own, and such as overlap with another one."""
    wrong = []
    for file in sorted({fault.file for fault in faults}):
        text = (ROOT / file).read_text() if (ROOT / file).is_file() else ""
        here = [fault for fault in faults if fault.file == file]
        wrong += [fault for fault in here if fault.place_in(text) is None]
        placed = sorted({(fault.place_in(text), fault.old): fault for fault in here if fault not in wrong}.items())
        for (before, _), (after, fault) in zip(placed, placed[1:]):
            if before[0] + len(before[1]) > after[0]:
                wrong.append(fault)
    return wrong


def with_faults(text, faults):
    places = {}
    for fault in faults:
        places.setdefault(fault.place_in(text), []).append(fault)
    for at in sorted(places, reverse=True):
        switched = places[at][0].old
        for fault in places[at]:
            switched = fault.switched(switched)
        text = text[:at] + switched + text[at + len(places[at][0].old):]
    return '#include "mutants.h"\n' + text


def copy_sources(faults):
    """Only what has changed is written, so that a second run builds little."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = set(subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())
    names = {name for name in names if (ROOT / name).is_file()}
    for old in COPY.rglob("*"):
        if old.is_file() and str(old.relative_to(COPY)) not in names | {"mutants.h"}:
            old.unlink()
    for name in names:
        here = [fault for fault in faults if fault.file == name]
        content = (ROOT / name).read_bytes()
        if here:
            content = with_faults(content.decode(), here).encode()
        write_changed(COPY / name, content)
    write_changed(COPY / "mutants.h", SWITCH.encode())


def write_changed(path, content):
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def build(programs):
    # A build type of its own name has no flags but these: built once, run often, never debugged.
    subprocess.run(["cmake", "-S", COPY, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Mutants",
                    "-DCMAKE_CXX_FLAGS=-O1 -DNDEBUG -w", "-DVEREDA_BENCH=OFF", "-DVEREDA_WARNINGS_ARE_ERRORS=OFF"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD, "--target", *programs], check=True)


def passes(program, arguments, number, timeout_s):
    environment = {"VEREDA_SIM_SEEDS": "20", **os.environ, "VEREDA_MUTANT": str(number)}
    try:
        run = subprocess.run([BUILD / "tests" / program, "--abort", *arguments], env=environment, timeout=timeout_s,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def time_without_fault(program):
    """In seconds; None when the program fails."""
    begun = time.monotonic()
    return time.monotonic() - begun if passes(program, (), 0, TIMEOUT_S) else None


def noticed_by(fault, times):
    """The program that notices the fault; None when all pass."""
    for program, arguments in fault.runs():
        if not passes(program, arguments, fault.number, 60 + 10 * times[program]):
            return program
    return None


def is_chosen(fault, arguments):
    return not arguments or any(
        str(fault.number) == argument or fault.file.startswith(argument) for argument in arguments)


def main(arguments):
    faults = load_faults()
    lost = misplaced(faults)
    for fault in lost:
        print("no longer there, there twice, or across another one:", fault)
    if "--list" in arguments:
        for fault in faults:
            print(fault)
    if lost or "--list" in arguments:
        return 1 if lost else 0
    chosen = [fault for fault in faults if is_chosen(fault, arguments)]
    if not chosen:
        print("no such fault")
        return 1
    asked = sorted({program for fault in chosen for program, _ in fault.runs()})
    copy_sources(faults)
    build(asked)
    times = {program: time_without_fault(program) for program in asked}
    failing = [program for program, seconds in times.items() if seconds is None]
    if failing:
        print("fails without any fault:", *failing)
        return 1
    return report(chosen, times)


def report(chosen, times):
    survivors = []
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("VEREDA_MUTANT_JOBS", os.cpu_count()))) as pool:
        for fault, program in zip(chosen, pool.map(lambda fault: noticed_by(fault, times), chosen)):
            print(f"{program or 'SURVIVED':15}{fault}", flush=True)
            if program is None:
                survivors.append(fault)
    noticed = len(chosen) - len(survivors)
    score = noticed / len(chosen)
    print(f"\n{noticed} of {len(chosen)} faults were noticed ({score:.0%}; wanted {WANTED_SCORE:.0%})")
    for fault in survivors:
        print("survived:", fault)
    return 0 if score >= WANTED_SCORE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
