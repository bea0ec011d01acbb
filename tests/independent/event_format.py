"""What entries say, from docs/protocol/events.md: the envelope and the bodies, each item of them looked at."""

import dataclasses
from dataclasses import dataclass

import cbor2

from block_format import ENTRY_MAX, SEQ_MAX, is_number
from strict_cbor import Malformed, item_end, last_item, loads

CONTACT, VISIT, EDIT, RETRACT, RESTORE, CONSENT_LIFT, VOID, CRITICAL_LIFT, PROFILE = 1, 2, 3, 4, 5, 6, 7, 10, 20
KNOWN = {CONTACT, VISIT, EDIT, RETRACT, RESTORE, CONSENT_LIFT, VOID, CRITICAL_LIFT, PROFILE}
REGISTER, ADD, REMOVE, CONSENT = range(4)
FIELD_MAX, LIST_MAX = 2**31 - 1, 4096
GIVEN, WITHDRAWN = 1, 2


class Over(list):
    """The dots that a write replaces, as [index, seq]; `creating` where the document writes 0."""

    creating = False


@dataclass
class Write:
    kind: int
    number: int = 0
    value: bytes = b""  # one CBOR item, as received
    channel: bytes = b""  # CBOR channel | CBOR purpose
    state: int = 0
    over: Over = dataclasses.field(default_factory=Over)


@dataclass
class Event:
    type: int
    kind: int = 0
    values: list = dataclasses.field(default_factory=list)  # of a new contact: (field, is element, value)
    key: tuple | None = None
    writes: list = dataclasses.field(default_factory=list)
    source: str = ""
    over: Over = dataclasses.field(default_factory=Over)
    channel: bytes = b""
    visit: tuple = ()  # kind, outcome, note, ms after the entry's time
    id: bytes = b""
    name: str = ""

    def overs(self) -> list:
        return [write.over for write in self.writes] + [self.over]

    def references(self) -> list:
        return [reference for over in self.overs() for reference in over]


@dataclass
class Envelope:
    type: int
    version: int
    critical: bool
    record: tuple | None
    parent: tuple | None
    offset: int
    body: bytes


def need(condition, why: str) -> None:
    if not condition:
        raise Malformed(why)


def array(value, *sizes: int) -> list:
    need(isinstance(value, list) and (not sizes or len(value) in sizes), "an array of another size")
    return value


def text(value) -> str:
    need(isinstance(value, str), "no text")
    return value


def items_of(wire: bytes) -> list[bytes]:
    """The encodings of an array's items, or of a map's keys and values in turn."""
    count = wire[0] & 31
    at = 1
    if count >= 24:
        size = 1 << (count - 24)
        count, at = int.from_bytes(wire[1 : 1 + size], "big"), 1 + size
    count *= 2 if wire[0] >> 5 == 5 else 1
    found = []
    for _ in range(count):
        end = item_end(wire, at, 1)
        found.append(wire[at:end])
        at = end
    return found


def reference(value) -> tuple[int, int]:
    index, seq = array(value, 2)
    need(is_number(index) and is_number(seq) and 1 <= seq <= SEQ_MAX, "no reference")
    return index, seq


def over_of(value) -> Over:
    over = Over()
    if is_number(value):
        need(value == 0, "over")
        over.creating = True
        return over
    need(len(array(value)) <= LIST_MAX, "over")
    over.extend(reference(each) for each in value)
    return over


def code(value):
    need(is_number(value) or (isinstance(value, str) and value), "neither code nor words")
    return value


def field_number(value) -> int:
    need(is_number(value) and 1 <= value <= FIELD_MAX, "no field")
    return value


def scalar(wire: bytes) -> bytes:
    need(wire[0] >> 5 not in (4, 5), "no scalar")
    return wire


def channel_of(channel, purpose) -> bytes:
    need(is_number(purpose), "purpose")
    return cbor2.dumps(code(channel)) + cbor2.dumps(purpose)


def consent_state(value) -> int:
    need(is_number(value) and value in (GIVEN, WITHDRAWN), "state")
    return value


def consents_of(value) -> list[Write]:
    need(1 <= len(array(value)) <= LIST_MAX, "consents")
    marks = [array(each, 3) for each in value]
    return [Write(CONSENT, channel=channel_of(c, p), state=consent_state(s)) for c, p, s in marks]


def values_of(wire: bytes) -> list[tuple]:
    need(wire[0] >> 5 == 5, "no map")
    values, parts = [], items_of(wire)
    for key, value in zip(parts[::2], parts[1::2]):
        number = field_number(loads(key))
        if value[0] >> 5 != 4:
            values.append((number, False, scalar(value)))
            continue
        elements = items_of(value)
        need(elements, "a set without an element")
        values += [(number, True, scalar(each)) for each in elements]
    return values


def contact(body: bytes, value) -> Event:
    array(value, 3, 4)
    need(is_number(value[0]), "kind")
    event = Event(CONTACT, kind=value[0], values=values_of(items_of(body)[1]))
    if value[2] is not None:
        event.key = tuple(text(each) for each in array(value[2], 2))
        event.source = event.key[0]
    if len(value) == 4:
        event.writes = consents_of(value[3])
    return event


def visit(body: bytes, value) -> Event:
    kind, outcome, note, *rest = array(value, 3, 4)
    need(note is None or isinstance(note, str), "note")
    need(not rest or isinstance(rest[0], int) and not isinstance(rest[0], bool), "when")
    return Event(VISIT, visit=(code(kind), code(outcome), note, rest[0] if rest else 0))


def write_of(wire: bytes) -> Write:
    value = array(loads(wire), 3, 4)
    kind = value[0]
    need(is_number(kind) and kind <= CONSENT, "no such write")
    need(len(value) == (3 if kind == ADD else 4), "a write of another size")
    if kind == CONSENT:
        return Write(CONSENT, channel=channel_of(value[1], value[2]), state=consent_state(value[3]))
    over = Over() if kind == ADD else over_of(value[3])
    return Write(kind, field_number(value[1]), scalar(items_of(wire)[2]), over=over)


def edit(body: bytes, value) -> Event:
    writes, source = array(value, 2)
    need(1 <= len(array(writes)) <= LIST_MAX, "writes")
    need(source is None or isinstance(source, str), "source")
    return Event(EDIT, writes=[write_of(each) for each in items_of(items_of(body)[0])], source=source or "")


def retract(body: bytes, value) -> Event:
    array(value, 0)
    return Event(RETRACT)


def restore(body: bytes, value) -> Event:
    return Event(RESTORE, over=over_of(array(value, 1)[0]))


def critical_lift(body: bytes, value) -> Event:
    return Event(CRITICAL_LIFT, over=over_of(array(value, 1)[0]))


def consent_lift(body: bytes, value) -> Event:
    channel, purpose, over, evidence = array(value, 4)
    need(text(evidence), "no evidence")
    return Event(CONSENT_LIFT, channel=channel_of(channel, purpose), over=over_of(over))


def void(body: bytes, value) -> Event:
    return Event(VOID)


def profile(body: bytes, value) -> Event:
    kind, id_, name, over = array(value, 4)
    need(is_number(kind) and isinstance(id_, bytes) and 1 <= len(id_) <= 32, "whose name")
    return Event(PROFILE, kind=kind, id=id_, name=text(name), over=over_of(over))


READERS = {CONTACT: contact, VISIT: visit, EDIT: edit, RETRACT: retract, RESTORE: restore,
           CONSENT_LIFT: consent_lift, VOID: void, CRITICAL_LIFT: critical_lift, PROFILE: profile}


def read_body(type_: int, body: bytes) -> Event:
    """What an entry of a known type says. Raises Malformed."""
    return READERS[type_](body, loads(body))


def read_envelope(wire: bytes) -> Envelope:
    """Readable in every version. Raises Malformed."""
    need(1 <= len(wire) <= ENTRY_MAX, "size")
    type_, version, critical, record, parent, offset, _ = array(loads(wire), 7)
    need(is_number(type_) and is_number(version) and isinstance(critical, bool), "envelope")
    need(isinstance(offset, int) and not isinstance(offset, bool), "time")
    places = [None if each is None else reference(each) for each in (record, parent)]
    return Envelope(type_, version, critical, *places, offset, last_item(wire, 7))
