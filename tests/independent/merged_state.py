"""What entries do to records, and the digest of a turf's state: docs/protocol/events.md "What an entry does",
docs/protocol/roster.md "Authority", docs/protocol/digest.md."""

from dataclasses import dataclass, field

import cbor2

import event_format as ev
from block_format import H, EpochKeys, Opened, Pending, Refused, open_block, read_block
from log_places import Place, Standing, Table
from strict_cbor import Malformed

RETRACTION, CONSENTS, BINDING, MERGE = 1000, 1001, 1002, range(1000, 1100)
KIND, OUTCOME, NOTE, AT = 101, 102, 103, 104
WRITERS = {"coordinator", "organiser"}


@dataclass
class Item:
    value: bytes
    source: str
    live: bool = True
    proven: bool = True


@dataclass
class Entry:
    """An entry at its place, its references resolved."""

    dot: tuple
    time: int
    envelope: ev.Envelope
    event: ev.Event | None
    table: Table
    role: str
    status: str = ""

    @property
    def record(self):
        return self.table.dot(self.envelope.record) if self.envelope.record else None

    @property
    def parent(self):
        return self.table.dot(self.envelope.parent) if self.envelope.parent else None

    def proven_dots(self, over: ev.Over) -> list:
        references = [self.envelope.record] if over.creating else over
        return [self.table.dot(each) for each in references if self.table.is_proven(each, self.dot[1])]


@dataclass
class Record:
    """Items by (field, element, dot), and what took away which of them, by the remover's source."""

    items: dict = field(default_factory=dict)
    removals: list = field(default_factory=list)
    created: list = field(default_factory=list)  # (dot, kind) of a contact, (dot, contact) of an interaction

    def add(self, place: tuple, value: bytes = b"", source: str = "", proven: bool = True) -> None:
        self.items.setdefault(place, Item(value, source, proven=proven))

    def settle(self) -> None:
        """A sheet's value that a person wrote over stays as its baseline; everything else taken away goes."""
        gone = {place for place, source in self.removals
                if place in self.items and self.items[place].source in ("", source)}
        for place, _ in self.removals:
            if place in self.items:
                self.items[place].live = False
        self.items = {place: item for place, item in self.items.items() if place not in gone}


def may_write(role: str, type_: int, in_common: bool) -> bool:
    if type_ == ev.PROFILE:
        return in_common
    if type_ == ev.VOID:
        return in_common or role in WRITERS
    if type_ == ev.CRITICAL_LIFT:
        return not in_common and role == "coordinator"
    return not in_common and role in WRITERS


def is_shaped(entry: Entry) -> bool:
    """The record and the parent that the table of events asks for."""
    type_, envelope = entry.envelope.type, entry.envelope
    if type_ in (ev.CONTACT, ev.VISIT, ev.PROFILE):
        return entry.record == entry.dot and (envelope.parent is not None) == (type_ == ev.VISIT)
    return type_ == ev.VOID or envelope.record is not None


def status_of(entry: Entry, in_common: bool, is_foreign) -> str:
    envelope, table = entry.envelope, entry.table
    if not (table.covers(envelope.record) and table.covers(envelope.parent)):
        return "malformed"
    known = envelope.type in ev.KNOWN
    if not may_write(entry.role, envelope.type if known else ev.EDIT, in_common):
        return "no authority"
    if not known or envelope.version != 1:
        binds = envelope.critical and entry.role == "coordinator"
        return "binds" if binds and envelope.record and not is_foreign(entry.record) else "unknown"
    try:
        entry.event = ev.read_body(envelope.type, envelope.body)
    except Malformed:
        return "malformed"
    if not is_shaped(entry) or not all(table.covers(each) for each in entry.event.references()):
        return "malformed"
    about = entry.parent if envelope.type == ev.VISIT else entry.record
    return "foreign" if about and is_foreign(about) else "applied"


class Turf:
    """The merged state of one turf."""

    def __init__(self, entries: list[Entry]):
        self.contacts, self.visits, self.profiles, self.keys = {}, {}, {}, {}
        for entry in entries:
            if entry.status == "applied" and entry.envelope.type == ev.CONTACT and entry.event.key:
                self.keys.setdefault(entry.event.key, []).append(entry.dot)
        self.group_of = {dot: min(dots) for dots in self.keys.values() for dot in dots}
        for entry in entries:
            if entry.status == "binds":
                self.state_of(entry).add((BINDING, b"", entry.dot))
            elif entry.status == "applied":
                getattr(self, EFFECTS[entry.envelope.type])(entry)
        for records in (self.contacts, self.visits, self.profiles):
            for record in records.values():
                record.settle()

    def state_of(self, entry: Entry) -> Record:
        if entry.parent is None:
            return self.contacts.setdefault(self.group_of.get(entry.record, entry.record), Record())
        return self.visits.setdefault(entry.record, Record())

    def contact(self, entry: Entry) -> None:
        record, event = self.state_of(entry), entry.event
        record.created.append((entry.dot, event.kind))
        for number, is_element, value in event.values:
            if number not in MERGE:
                place = (number, value if is_element else b"", entry.dot)
                record.add(place, b"" if is_element else value, event.source)
        for mark in event.writes:
            record.add((CONSENTS, mark.channel, entry.dot), bytes([mark.state]), event.source)

    def visit(self, entry: Entry) -> None:
        record, (kind, outcome, note, after) = self.state_of(entry), entry.event.visit
        record.created.append((entry.dot, entry.parent))
        values = {KIND: kind, OUTCOME: outcome, AT: entry.time + after}
        if note is not None:
            values[NOTE] = note
        for number, value in values.items():
            record.add((number, b"", entry.dot), cbor2.dumps(value))

    def edit(self, entry: Entry) -> None:
        record, written = self.state_of(entry), set()
        for write in entry.event.writes:
            if write.kind != ev.CONSENT and write.number in MERGE:
                continue
            element = write.channel or (b"" if write.kind == ev.REGISTER else write.value)
            number = CONSENTS if write.kind == ev.CONSENT else write.number
            if write.kind != ev.REMOVE and (write.kind, number, element) in written:
                continue  # one dot: of several writes to one place the first counts
            written.add((write.kind, number, element))
            self.take_away(record, entry, number, element, write.over)
            if write.kind != ev.REMOVE:
                value = {ev.REGISTER: write.value, ev.ADD: b"", ev.CONSENT: bytes([write.state])}[write.kind]
                record.add((number, element, entry.dot), value, entry.event.source)

    def take_away(self, record: Record, entry: Entry, number: int, element: bytes, over: ev.Over) -> None:
        for dot in entry.proven_dots(over):
            record.removals.append(((number, element, dot), entry.event.source))

    def retract(self, entry: Entry) -> None:
        proven = entry.table.is_proven(entry.envelope.record, entry.dot[1])
        self.state_of(entry).add((RETRACTION, b"", entry.dot), proven=proven)

    def restore(self, entry: Entry) -> None:
        self.take_away(self.state_of(entry), entry, RETRACTION, b"", entry.event.over)

    def critical_lift(self, entry: Entry) -> None:
        self.take_away(self.state_of(entry), entry, BINDING, b"", entry.event.over)

    def consent_lift(self, entry: Entry) -> None:
        record, channel = self.state_of(entry), entry.event.channel
        self.take_away(record, entry, CONSENTS, channel, entry.event.over)
        record.add((CONSENTS, channel, entry.dot), bytes([ev.GIVEN]))

    def void(self, entry: Entry) -> None:
        pass

    def profile(self, entry: Entry) -> None:
        record = self.profiles.setdefault((entry.event.kind, entry.event.id), Record())
        dots = [] if entry.event.over.creating else entry.proven_dots(entry.event.over)
        record.removals += [((0, b"", dot), "") for dot in dots]
        record.add((0, b"", entry.dot), cbor2.dumps(entry.event.name))

    def bound(self) -> list:
        """The records that a later version's critical entry binds."""
        records = list(self.contacts.items()) + list(self.visits.items())
        return sorted(dot for dot, record in records if any(place[0] == BINDING for place in record.items))


EFFECTS = {ev.CONTACT: "contact", ev.VISIT: "visit", ev.EDIT: "edit", ev.RETRACT: "retract", ev.RESTORE: "restore",
           ev.CONSENT_LIFT: "consent_lift", ev.VOID: "void", ev.CRITICAL_LIFT: "critical_lift", ev.PROFILE: "profile"}


# ---- docs/protocol/digest.md


def number(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + number(rest) if rest else bytes([low])


def sized(value: bytes) -> bytes:
    return number(len(value)) + value


def dot_bytes(dot: tuple) -> bytes:
    return sized(dot[0]) + number(dot[1])


def item_bytes(place: tuple, item: Item, own: tuple | None) -> bytes:
    field_, element, dot = place
    mark = (1 if item.live else 0) + (0 if dot == own else 2)
    written_by = b"" if dot == own else dot_bytes(dot)
    return (number(field_) + sized(element) + bytes([mark]) + written_by + sized(item.value)
            + sized(item.source.encode()))


def items_bytes(record: Record, own: tuple | None) -> bytes:
    shown = sorted((place, item) for place, item in record.items.items() if item.proven and place[0] != BINDING)
    return number(len(shown)) + b"".join(item_bytes(place, item, own) for place, item in shown)


def contact_bytes(record: Record) -> bytes:
    made = sorted(record.created)
    names = b"".join(dot_bytes(dot) + number(kind) for dot, kind in made)
    return b"\x01" + number(len(made)) + names + items_bytes(record, made[0][0])


def visit_bytes(record: Record) -> bytes:
    (dot, contact), = record.created
    return b"\x02" + dot_bytes(dot) + dot_bytes(contact) + items_bytes(record, dot)


def profile_bytes(key: tuple, record: Record) -> bytes:
    return b"\x03" + number(key[0]) + sized(key[1]) + items_bytes(record, None)


def digest(turf_id: bytes, turf: Turf, logs: set[bytes]) -> bytes:
    contacts = sorted((r for r in turf.contacts.values() if r.created), key=lambda r: min(r.created))
    visits = sorted((r for r in turf.visits.values() if r.created and r.created[0][1][0] in logs),
                    key=lambda r: r.created[0])
    parts = [contact_bytes(each) for each in contacts] + [visit_bytes(each) for each in visits]
    parts += [profile_bytes(*each) for each in sorted(turf.profiles.items(), key=lambda pair: pair[0])]
    return H("turf-state", sized(turf_id) + b"".join(parts))


# ---- from blocks


class Reading:
    """Everything that an export says (read_state.py): blocks, keys, and who the devices are."""

    def __init__(self, export: dict):
        self.workspace = bytes.fromhex(export["workspace"])
        self.roles = {bytes.fromhex(device): role for device, role in export["roles"].items()}
        self.keys = {(bytes.fromhex(each["turf"]), each["epoch"]): EpochKeys.of(bytes.fromhex(each["key"]))
                     for each in export["epochs"]}
        roster = [bytes.fromhex(each) for each in export["roster"]]
        blocks = [block for block in map(self.block, export["blocks"]) if block]
        self.standing = Standing(self.workspace, blocks, roster, set(self.roles))
        self.turf_of_log = {name: place.block.core["turf"]
                            for place in self.standing.places.values() for name in (place.name, place.block.log)}
        self.tables, self.entries = {}, {}
        for hash_, place in sorted(self.standing.places.items()):
            self.read(hash_, place)

    def block(self, wire: str):
        try:
            return read_block(self.workspace, bytes.fromhex(wire))
        except Refused:
            return None

    def open(self, place: Place) -> Opened | None:
        keys = self.keys.get((place.block.core["turf"], place.block.core["epoch"]))
        try:
            return open_block(self.workspace, place.block, keys) if keys else None
        except Pending:
            return None

    def read(self, hash_: bytes, place: Place) -> None:
        opened = self.open(place)
        if opened is None:
            return
        table = self.tables[hash_] = Table(self.standing, place, opened)
        turf = place.block.core["turf"]
        for i, wire in enumerate(opened.slots):
            if wire is not None:
                seq = place.block.core["first_seq"] + i
                self.entries.setdefault(turf, []).append(self.entry(place, table, opened, seq, wire))

    def entry(self, place: Place, table: Table, opened: Opened, seq: int, wire: bytes) -> Entry:
        role, turf = self.roles[place.block.core["device"]], place.block.core["turf"]
        common = turf == H("common", self.workspace)[:16]
        try:
            envelope = ev.read_envelope(wire)
        except Malformed:
            return Entry((place.name, seq), 0, None, None, table, role, "malformed")
        entry = Entry((place.name, seq), opened.preamble[0] + envelope.offset, envelope, None, table, role)
        entry.status = status_of(entry, common, lambda dot: self.turf_of_log.get(dot[0], turf) != turf)
        return entry

    def turfs(self) -> dict[bytes, Turf]:
        return {turf: Turf(entries) for turf, entries in sorted(self.entries.items())}

    def digest_of(self, turf_id: bytes, turf: Turf) -> bytes:
        logs = {log for log, of in self.turf_of_log.items() if of == turf_id}
        return digest(turf_id, turf, logs)
