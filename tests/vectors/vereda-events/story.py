"""A coordinator and an organiser write; what stands afterwards, for several sets of blocks and orders of them."""

import itertools

from close_block import Author, Closed, encode
from event_format import CONSENT_LIFT, CONTACT, CRITICAL_LIFT, EDIT, RESTORE, RETRACT, VISIT, VOID
from read_state import state_of

BASE, LATER_TYPE = 1_800_000_000_000, 99
GIVEN_NAME, DISTRICT, TAGS, NEW_FIELD = 1, 14, 19, 1100


def entry(type_: int, body, record=None, parent=None, version=1, critical=False, after_ms=256) -> bytes:
    return encode([type_, version, critical, record, parent, after_ms, body])


def edit(record, *writes, source=None, parent=None) -> bytes:
    return entry(EDIT, [list(writes), source], record, parent)


def row(block: Closed, seq: int | None = None) -> list:
    """What somebody writes into a table who has seen `block` up to `seq`."""
    seen = block.first_seq + block.count - 1 if seq is None else seq
    return [block.log, seen, block.hash[:8]]


def untrue(true: list) -> list:
    return [*true[:2], bytes(each ^ 1 for each in true[2])]


class Story:
    def __init__(self, chain: dict):
        self.chain, self.blocks, self.made = chain, [], itertools.count(1)

    def author(self, who: str) -> Author:
        roster = (len(self.chain["hashes"]) - 1, self.chain["hashes"][-1])
        incarnation = bytes([next(self.made)]) * 16
        return Author(self.chain["workspace"], self.chain[who], self.chain["turf"], incarnation,
                      self.chain["epoch_key"], roster, BASE)

    def close(self, author: Author, entries: list, rows=()) -> Closed:
        closed = author.close(entries, sorted(rows))
        self.blocks.append(closed)
        return closed

    def export(self, numbers: list[int]) -> dict:
        chain = self.chain
        device = {who: Author(chain["workspace"], chain[who], chain["turf"], b"\0" * 16, chain["epoch_key"],
                              (0, b""), BASE).device.hex() for who in ("coordinator", "organiser")}
        return {"workspace": chain["workspace"].hex(), "roster": [each.hex() for each in chain["hashes"]],
                "roles": {device[who]: who for who in device},
                "epochs": [{"turf": chain["turf"].hex(), "epoch": 1, "key": chain["epoch_key"].hex()}],
                "blocks": [self.blocks[n].wire.hex() for n in numbers]}


def contacts(story: Story, boss: Author) -> Closed:
    """Entries 1 to 3: Rosa, a row of a sheet, and a visit to Rosa."""
    rosa = {GIVEN_NAME: "Rosa", 1000: "of the merge", 1099: ["too"], NEW_FIELD: "a later field"}
    return story.close(boss, [
        entry(CONTACT, [1, rosa, None], [0, 1]),
        entry(CONTACT, [1, {DISTRICT: "North", TAGS: ["vol"]}, ["sheet", "7"], [[3, 0, 2]]], [0, 2]),
        entry(VISIT, [1, 1, "said yes"], [0, 3], [0, 1], after_ms=-1000)])


def proven_work(story: Story, first: Closed) -> Closed:
    """An organiser who has seen all of it: each removal counts as soon as `first` stands."""
    rosa, sheets_row, visit = [1, 1], [1, 2], [1, 3]
    return story.close(story.author("organiser"), [
        edit(rosa, [0, GIVEN_NAME, "Rosalía", 0], [0, NEW_FIELD, "changed", 0], [0, 1050, "passed over", 0]),
        edit(sheets_row, [0, DISTRICT, "South", [[1, 2]]], [2, TAGS, "vol", [[1, 2]]]),
        edit(sheets_row, [1, TAGS, "new"], [1, TAGS, "new"], [0, DISTRICT, "East", []], [0, DISTRICT, "West", 0]),
        edit(visit, [0, 102, 4, 0], parent=rosa),
        entry(CONSENT_LIFT, [3, 0, [[1, 2]], "signed card"], sheets_row),
        entry(RETRACT, [], rosa),
        entry(RESTORE, [[[0, 6]]], rosa),
        entry(RETRACT, [], visit, rosa)], [row(first)])


def unproven_work(story: Story, first: Closed) -> Closed:
    """The same claims under a row that names no block that there is: values count, removals do not."""
    rosa, sheets_row = [1, 1], [1, 2]
    return story.close(story.author("organiser"), [
        edit(rosa, [0, GIVEN_NAME, "Nobody", 0]),
        edit(sheets_row, [2, TAGS, "vol", [[1, 2]]], [3, 4, 0, 2]),
        entry(CONSENT_LIFT, [3, 0, [[1, 2]], "none"], sheets_row),
        entry(RETRACT, [], sheets_row)], [untrue(row(first))])


def malformed_work(story: Story, first: Closed) -> Closed:
    """Well-formed bodies that the block's table does not cover, and bodies that are not as the page says."""
    rosa = [1, 1]
    return story.close(story.author("organiser"), [
        edit([2, 1], [1, TAGS, "beyond the table"]),
        edit([1, 4], [1, TAGS, "beyond what was seen"]),
        edit(rosa, [0, GIVEN_NAME, "over a row that is not there", [[2, 1]]]),
        edit(rosa, [0, GIVEN_NAME, "over more than was seen", [[1, 4]]]),
        edit(rosa, [0, GIVEN_NAME, "over one of each", [[1, 1], [1, 4]]]),
        entry(RESTORE, [[[2, 1]]], rosa),
        entry(CONTACT, [1, {}, None], rosa),
        entry(CONTACT, [1, {}, None], [0, 8], rosa),
        entry(VISIT, [1, 1, None], [0, 9]),
        entry(EDIT, [[], None], rosa),
        edit(None, [1, TAGS, "about nothing"]),
        entry(RETRACT, [0], rosa),
        encode([EDIT, 1, False, rosa, None, 0]),
        entry(VOID, "whatever"),
        edit(rosa, [0, GIVEN_NAME, "over what is still to come", [[0, 90]]])], [row(first)])


def later_versions(story: Story, boss: Author) -> Closed:
    """Entries 4 to 6 of the coordinator bind Rosa, the sheet's row and the visit."""
    return story.close(boss, [
        entry(LATER_TYPE, ["unheard of"], [0, 1], critical=True),
        entry(EDIT, "of another version", [0, 2], version=2, critical=True),
        entry(LATER_TYPE, [], [0, 3], [0, 1], critical=True),
        entry(LATER_TYPE, [], [0, 2])])


def organisers_critical(story: Story, first: Closed, later: Closed) -> Closed:
    """An organiser binds nothing, and lifts nothing."""
    return story.close(story.author("organiser"), [
        entry(LATER_TYPE, [], [1, 1], critical=True),
        entry(CRITICAL_LIFT, [[[1, 4]]], [1, 1])], [row(later)])


def lifts(story: Story, row_of_later: list) -> Closed:
    """A coordinator releases Rosa and the visit, on another laptop."""
    return story.close(story.author("coordinator"), [
        entry(CRITICAL_LIFT, [[[1, 4]]], [1, 1]),
        entry(CRITICAL_LIFT, [[[1, 6]]], [1, 3], [1, 1]),
        entry(CRITICAL_LIFT, [1], [1, 2]),
        entry(CRITICAL_LIFT, [[[1, 8]]], [1, 2])], [row_of_later])


def large_table(story: Story, first: Closed, rows: int) -> tuple[list[Closed], Closed]:
    """As many names of Rosa, each in a log of its own, and one that replaces them all."""
    others = []
    for i in range(rows - 1):
        writes = [0, GIVEN_NAME, f"Name {i}", []]
        others.append(story.close(story.author("organiser"), [edit([1, 1], writes)], [row(first)]))
    table = sorted([row(first)] + [row(each) for each in others])
    at = {each[0]: i + 1 for i, each in enumerate(table)}
    over = [[at[each.log], 1] for each in others]
    rosa = [at[first.log], 1]
    return others, story.close(story.author("organiser"), [edit(rosa, [0, GIVEN_NAME, f"One of {rows}", over])], table)


def forked(story: Story, first: Closed) -> tuple[list[Closed], list[Closed]]:
    """A log that parts after its first block, and for each branch somebody who has seen that one."""
    cloned = story.author("organiser")
    begin = story.close(cloned, [edit([1, 1], [1, TAGS, "before"])], [row(first)])
    branches = [story.close(cloned, [edit([1, 1], [1, TAGS, "left"])], [row(first)])]
    cloned.forget_last()
    branches.append(story.close(cloned, [edit([1, 1], [1, TAGS, "right"])], [row(first)]))
    readers = [removal(story, first, branch, word) for branch, word in zip(branches, ("left", "right"))]
    return [begin, *branches], readers


def removal(story: Story, first: Closed, branch: Closed, word: str) -> Closed:
    table = sorted([row(first), row(branch)])
    at = {each[0]: i + 1 for i, each in enumerate(table)}
    rosa, branch_at = [at[first.log], 1], at[branch.log]
    writes = [2, TAGS, word, [[branch_at, 2]]], [2, TAGS, "before", [[branch_at, 1]]]
    return story.close(story.author("organiser"), [edit(rosa, *writes)], table)


def tell(chain: dict) -> dict:
    story = Story(chain)
    boss = story.author("coordinator")
    first = contacts(story, boss)
    steps = [("the first block alone", [first]), *told_of_rows(story, first), *told_of_binding(story, boss, first),
             *told_of_tables(story, first), *told_of_branches(story, first), ("everything", story.blocks)]
    numbered = [(name, [story.blocks.index(each) for each in blocks]) for name, blocks in steps]
    return {**story.export(range(len(story.blocks))), "roster_entries": [each.hex() for each in chain["entries"]],
            "steps": [step(story, name, numbers) for name, numbers in numbered]}


def told_of_rows(story: Story, first: Closed) -> list:
    proven, unproven = proven_work(story, first), unproven_work(story, first)
    malformed = malformed_work(story, first)
    return [("removals through a proven row", [first, proven]),
            ("the same while the row waits for its block", [proven]),
            ("a row that names no block", [first, unproven]),
            ("what a table does not cover, and bodies that are not as they should be", [first, malformed])]


def told_of_binding(story: Story, boss: Author, first: Closed) -> list:
    later = later_versions(story, boss)
    frozen = organisers_critical(story, first, later)
    lift, false_lift = lifts(story, row(later)), lifts(story, untrue(row(later)))
    return [("a coordinator's critical entries", [first, later]),
            ("an organiser binds and lifts nothing", [first, later, frozen]),
            ("a proven lift", [first, later, frozen, lift]),
            ("a lift through a row that names no block", [first, later, false_lift]),
            ("a lift whose critical entry has not come", [first, lift])]


def told_of_tables(story: Story, first: Closed) -> list:
    eight, over_eight = large_table(story, first, 8)
    nine, over_nine = large_table(story, first, 9)
    return [("eight rows, one block missing: the others count", [first, *eight[1:], over_eight]),
            ("eight rows, all there", [first, *eight, over_eight]),
            ("nine rows, one block missing: none counts", [first, *nine[1:], over_nine]),
            ("nine rows, all there", [first, *nine, over_nine])]


def told_of_branches(story: Story, first: Closed) -> list:
    log, readers = forked(story, first)
    return [("a log of two branches", [first, *log, *readers]),
            ("its second branch alone", [first, log[0], log[2], *readers])]


def orders(numbers: list[int]) -> list[list[int]]:
    """Some ways in which the blocks may come; a block before its predecessor waits for it."""
    turned = numbers[len(numbers) // 2 :] + numbers[: len(numbers) // 2]
    ways = [numbers, numbers[::-1], turned, turned[::-1]]
    return [list(each) for each in dict.fromkeys(map(tuple, ways))]


def step(story: Story, name: str, numbers: list[int]) -> dict:
    state = state_of(story.export(numbers))
    statuses = [{key: each[key] for key in ("log", "seq", "id", "status")} for each in state["entries"]]
    (turf,) = state["turfs"]
    return {"name": name, "orders": orders(numbers), "rows": state["rows"], "entries": statuses,
            "digest": turf["digest"], "bound": turf["bound"]}
