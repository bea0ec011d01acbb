"""Bodies of entries as docs/protocol/events.md lays them out, good and malformed: type, what it is, bytes."""

from close_block import encode
from event_format import CONSENT_LIFT, CONTACT, CRITICAL_LIFT, EDIT, PROFILE, RESTORE, RETRACT, VISIT

SEQ_MAX, FIELD_MAX, LIST_MAX = 2**40 - 1, 2**31 - 1, 4096
ID = b"\x21" * 16


def edit(*writes, source=None) -> list:
    return [list(writes), source]


GOOD = [
    (CONTACT, "nothing but its kind", [1, {}, None]),
    (CONTACT, "a register and a set", [1, {1: "Rosa", 6: ["+254 700 000001", "+254 700 000002"]}, None]),
    (CONTACT, "every scalar", [3, {1: None, 2: True, 3: -1, 4: b"\x00", 5: 2**63 - 1, 9: ""}, None]),
    (CONTACT, "a row of a sheet, with consents", [2, {4: "Клуб"}, ["sheet", "7"], [[3, 0, 2], ["fax", 4, 1]]]),
    (CONTACT, "a kind and fields of a later version", [77, {999: "a", 1100: "b", FIELD_MAX: ["c"]}, None]),
    (CONTACT, "fields of the merge itself, passed over", [1, {1000: "a", 1002: 1, 1099: ["b"]}, None]),
    (VISIT, "codes", [1, 12, None]),
    (VISIT, "words, a note, and when", ["canvass", "asked for a ride", "Тётя", -7_200_000]),
    (EDIT, "a register over its creation", edit([0, 1, "Rosa", 0])),
    (EDIT, "a register over two dots", edit([0, 1, None, [[0, 1], [2, SEQ_MAX]]])),
    (EDIT, "a register over nothing", edit([0, 1100, "x", []])),
    (EDIT, "an element in and out", edit([1, 19, "vol"], [2, 19, "old", [[1, 5]]])),
    (EDIT, "consent, by an import", edit([3, "fax", 2, 1], [3, 3, 0, 2], source="sheet")),
    (EDIT, "the last fields before and after the merge's own", edit([0, 999, 1, []], [0, 1100, 2, []])),
    (EDIT, "fields of the merge itself, passed over", edit([0, 1000, 1, []], [1, 1050, "x"], [2, 1099, "x", 0])),
    (RETRACT, "empty", []),
    (RESTORE, "over a retract", [[[1, 9]]]),
    (RESTORE, "over nothing", [[]]),
    (CONSENT_LIFT, "over a withdrawal", [3, 0, [[1, 4]], "signed card of 3 May"]),
    (CRITICAL_LIFT, "over one critical entry", [[[1, 9]]]),
    (CRITICAL_LIFT, "over two", [[[0, 3], [1, SEQ_MAX]]]),
    (CRITICAL_LIFT, "over what created the record", [0]),
    (CRITICAL_LIFT, "over nothing", [[]]),
    (PROFILE, "a member", [1, ID, "Ana", []]),
    (PROFILE, "over another name", [4, ID * 2, "", [[1, 2]]]),
]

MALFORMED = [
    (CONTACT, "two items", [1, {}]),
    (CONTACT, "a set without an element", [1, {6: []}, None]),
    (CONTACT, "a set inside a set", [1, {6: [["a"]]}, None]),
    (CONTACT, "a map as a value", [1, {6: {}}, None]),
    (CONTACT, "field 0", [1, {0: "a"}, None]),
    (CONTACT, "a field beyond 31 bits", [1, {FIELD_MAX + 1: "a"}, None]),
    (CONTACT, "a field that is text", [1, {"name": "a"}, None]),
    (CONTACT, "a key without a source", [1, {}, ["7"]]),
    (CONTACT, "an empty list of consents", [1, {}, None, []]),
    (CONTACT, "a consent of another state", [1, {}, None, [[3, 0, 3]]]),
    (VISIT, "two items", [1, 12]),
    (VISIT, "an empty word", ["", 12, None]),
    (VISIT, "a negative code", [-1, 12, None]),
    (VISIT, "a note of bytes", [1, 12, b"x"]),
    (VISIT, "when, as text", [1, 12, None, "now"]),
    (EDIT, "no write", edit()),
    (EDIT, "a write of kind 4", edit([4, 1, "x", []])),
    (EDIT, "a register without its over", edit([0, 1, "x"])),
    (EDIT, "an added element with an over", edit([1, 19, "x", []])),
    (EDIT, "field 0", edit([0, 0, "x", []])),
    (EDIT, "an array as a value", edit([0, 1, ["x"], []])),
    (EDIT, "an over of 1", edit([0, 1, "x", 1])),
    (EDIT, "an over of null", edit([0, 1, "x", None])),
    (EDIT, "a reference of three items", edit([0, 1, "x", [[0, 1, 2]]])),
    (EDIT, "seq 0", edit([0, 1, "x", [[0, 0]]])),
    (EDIT, "a seq beyond the largest", edit([0, 1, "x", [[0, SEQ_MAX + 1]]])),
    (EDIT, "an over too long", edit([0, 1, "x", [[0, 1]] * (LIST_MAX + 1)])),
    (EDIT, "a source of bytes", edit([1, 19, "x"], source=b"s")),
    (EDIT, "a consent without its state", edit([3, 3, 0])),
    (EDIT, "a consent of state 0", edit([3, 3, 0, 0])),
    (EDIT, "an empty channel", edit([3, "", 0, 1])),
    (EDIT, "a negative purpose", edit([3, 3, -1, 1])),
    (RETRACT, "an item", [0]),
    (RETRACT, "null", None),
    (RESTORE, "no over", []),
    (RESTORE, "two items", [[], []]),
    (RESTORE, "the bare list", [[0, 1]]),
    (CONSENT_LIFT, "no evidence", [3, 0, [[1, 4]], ""]),
    (CONSENT_LIFT, "evidence of null", [3, 0, [[1, 4]], None]),
    (CONSENT_LIFT, "three items", [3, 0, [[1, 4]]]),
    (CRITICAL_LIFT, "no over", []),
    (CRITICAL_LIFT, "an over of 1", [1]),
    (CRITICAL_LIFT, "an over of null", [None]),
    (CRITICAL_LIFT, "a bare reference", [[0, 1]]),
    (CRITICAL_LIFT, "two items", [[[0, 1]], 0]),
    (CRITICAL_LIFT, "seq 0", [[[1, 0]]]),
    (CRITICAL_LIFT, "a seq beyond the largest", [[[1, SEQ_MAX + 1]]]),
    (CRITICAL_LIFT, "a reference of one item", [[[1]]]),
    (CRITICAL_LIFT, "a negative index", [[[-1, 1]]]),
    (CRITICAL_LIFT, "an over too long", [[[0, 1]] * (LIST_MAX + 1)]),
    (CRITICAL_LIFT, "a map", {0: 0}),
    (PROFILE, "an empty id", [1, b"", "Ana", []]),
    (PROFILE, "an id of 33 bytes", [1, b"\x21" * 33, "Ana", []]),
    (PROFILE, "a name of bytes", [1, ID, b"Ana", []]),
    (PROFILE, "three items", [1, ID, "Ana"]),
]

RAW_MALFORMED = [
    (CRITICAL_LIFT, "an integer that is not in its shortest form", "811800"),
    (CRITICAL_LIFT, "bytes behind the item", "810000"),
    (CRITICAL_LIFT, "ends early", "81"),
    (CRITICAL_LIFT, "an indefinite length", "819fff"),
    (CRITICAL_LIFT, "a tag", "c18100"),
]

BODIES = {
    "good": [(type_, says, encode(body).hex()) for type_, says, body in GOOD],
    "malformed": [(type_, why, encode(body).hex()) for type_, why, body in MALFORMED] + RAW_MALFORMED,
}
