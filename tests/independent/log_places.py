"""Which blocks stand, how their entries are called, and which rows are proven: docs/protocol.md "Reading a block",
"Forks" and "What a row proves". All branches are read here; the bound of 64 is not looked at."""

from block_format import H, Block, Opened
from event_format import Envelope

ALONE_MAX = 8


def follows(block: Block, before: Block | None) -> bool:
    """Neither a gap nor a roster that went back; block 0 follows nothing."""
    if before is None:
        return block.core["block_no"] == 0
    same_log = block.log == before.log
    number = block.core["block_no"] == before.core["block_no"] + 1
    seq = block.core["first_seq"] == before.core["first_seq"] + before.core["count"]
    return same_log and number and seq and block.core["roster_pos"] >= before.core["roster_pos"]


class Place:
    """Where a block stands: the blocks before it, and the name that its own entries have."""

    def __init__(self, block: Block, before: "Place | None", name: bytes):
        self.block, self.before, self.name = block, before, name

    def holds(self, seq: int) -> bool:
        return self.block.core["first_seq"] <= seq < self.block.core["first_seq"] + self.block.core["count"]

    def name_of(self, seq: int) -> bytes:
        """What the entry `seq` of the log along this branch is called."""
        place = self
        while place.before and seq < place.block.core["first_seq"]:
            place = place.before
        return place.name


class Standing:
    """The blocks that have a place, whichever order they came in. `roster`: the hash at each known position."""

    def __init__(self, workspace: bytes, blocks: list[Block], roster: list[bytes], devices: set[bytes]):
        self.workspace, self.places, self.branches = workspace, {}, {}
        known = [b for b in blocks if self.is_on(roster, b) and b.core["device"] in devices]
        self.by_previous: dict = {}
        for block in {b.hash: b for b in known}.values():
            key = block.log if block.core["block_no"] == 0 else block.core["previous"]
            self.by_previous.setdefault(key, []).append(block)
        for log in {block.log for block in known}:
            self.place(log, None, log)

    @staticmethod
    def is_on(roster: list[bytes], block: Block) -> bool:
        position = block.core["roster_pos"]
        return position < len(roster) and roster[position] == block.core["roster_hash"]

    def place(self, after: bytes, before: Place | None, name: bytes) -> None:
        """The smallest hash goes on under the name; each other block begins a branch."""
        todo = [(after, before, name)]
        while todo:
            after, before, name = todo.pop()
            fitting = [b for b in self.by_previous.get(after, []) if follows(b, before and before.block)]
            for i, block in enumerate(sorted(fitting, key=lambda b: b.hash)):
                own = name if i == 0 else H("fork", self.workspace + name + block.hash)
                self.branches.setdefault(own, block.log)
                self.places[block.hash] = Place(block, before, own)
                todo.append((block.hash, self.places[block.hash], own))

    def root_of(self, name: bytes) -> bytes:
        return self.branches.get(name, name)

    def proof_of(self, row: list, turf: bytes) -> Place | None:
        """The block that the author of a row claims to have seen, if it stands."""
        log, seen, start = row
        found = [place for hash_, place in self.places.items()
                 if hash_[:8] == start and place.holds(seen) and place.block.log == self.root_of(log)
                 and place.block.core["turf"] == turf]
        return min(found, key=lambda place: place.block.hash, default=None)

    def last_of(self, name: bytes) -> Place | None:
        """The last place under a name."""
        places = [place for place in self.places.values() if place.name == name]
        return max(places, key=lambda place: place.block.core["block_no"], default=None)


class Table:
    """The rows of one block's preamble, as they read here."""

    def __init__(self, standing: Standing, place: Place, opened: Opened):
        self.standing, self.place, self.rows = standing, place, opened.preamble[1]
        turf = place.block.core["turf"]
        self.proofs = [standing.proof_of(row, turf) for row in self.rows]
        self.proven = [proof is not None for proof in self.proofs]
        if len(self.rows) > ALONE_MAX and not all(self.proven):
            self.proven = [False] * len(self.rows)

    def covers(self, reference: tuple | None) -> bool:
        """Whether a reference is within the table, and within what the table says was seen."""
        if reference is None or reference[0] == 0:
            return True
        index, seq = reference
        return index <= len(self.rows) and seq <= self.rows[index - 1][1]

    def dot(self, reference: tuple) -> tuple:
        index, seq = reference
        if index == 0:
            return self.place.name_of(seq), seq
        log = self.rows[index - 1][0]
        place = self.proofs[index - 1] or self.standing.last_of(log)
        return (place.name_of(seq) if place else log), seq

    def is_proven(self, reference: tuple, own_seq: int) -> bool:
        index, seq = reference
        return seq < own_seq if index == 0 else self.proven[index - 1]
