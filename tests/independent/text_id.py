"""Ids as people type them, from docs/protocol.md "Text form of ids"."""

from block_format import H, u64

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
OLD_CHECKS = DIGITS + "*~$=u"
MEANT = {"i": "1", "l": "1", "o": "0"}
SHORTEST, WHOLE = 4, 13


class NotAnId(ValueError):
    """What was typed is no text id and no beginning of one."""


def weights() -> list[int]:
    """2^12 down to 2^1 in GF(2)[x] / (x^5 + x^2 + 1): the remainders of x^12 … x^1, by long division."""
    found = []
    for power in range(12, 0, -1):
        remainder = 1 << power
        for bit in range(power, 4, -1):
            if remainder >> bit & 1:
                remainder ^= 0b100101 << (bit - 5)
        found.append(remainder)
    return found


def product(a: int, b: int) -> int:
    """In GF(32): the product of two polynomials, and its remainder."""
    whole = 0
    for bit in range(5):
        if b >> bit & 1:
            whole ^= a << bit
    for bit in range(8, 4, -1):
        if whole >> bit & 1:
            whole ^= 0b100101 << (bit - 5)
    return whole


def check_of(twelve: str) -> str:
    total = 0
    for weight, digit in zip(weights(), twelve, strict=True):
        total ^= product(weight, DIGITS.index(digit))
    return DIGITS[total]


def old_check_of(twelve: str) -> str:
    return OLD_CHECKS[sum(DIGITS.index(digit) * 32**place for place, digit in enumerate(reversed(twelve))) % 37]


def twelve_digits(id_: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in H("id", id_))
    return "".join(DIGITS[int(bits[5 * i : 5 * i + 5], 2)] for i in range(12))


def text_id(id_: bytes) -> str:
    twelve = twelve_digits(id_)
    return twelve + check_of(twelve)


def old_text_id(id_: bytes) -> str:
    twelve = twelve_digits(id_)
    return twelve + old_check_of(twelve)


def record_text_id(log: bytes, seq: int) -> str:
    return text_id(log + u64(seq))


def read_typed(typed: str) -> str:
    """The beginning of text ids that was meant: 4 to 12 digits, or the whole with its new check."""
    text = "".join(MEANT.get(each, each) for each in typed.lower() if each != "-")
    twelve, check = text[:12], text[12:]
    if not SHORTEST <= len(text) <= WHOLE:
        raise NotAnId("length")
    if not typed.isascii() or any(digit not in DIGITS for digit in twelve) or check not in OLD_CHECKS:
        raise NotAnId("character")
    if not check:
        return twelve
    if check not in (check_of(twelve), old_check_of(twelve)):
        raise NotAnId("check")
    return twelve + check_of(twelve)
