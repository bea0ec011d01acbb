#!/usr/bin/env python3
"""Writes roster.json from docs/protocol/roster.md alone: no code of the product, no library beyond Python's own."""

import hashlib
import json
import pathlib

# ---- Ed25519 and X25519, straight from RFC 8032 and RFC 7748; slow and not for secrets.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BY = 4 * pow(5, P - 2, P) % P


def recover_x(y: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x % 2 == 0 else P - x


BASE = (recover_x(BY), BY)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P


def multiply(n, point):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def pack(point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def expand(seed: bytes):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return scalar, digest[32:]


def ed25519_public(seed: bytes) -> bytes:
    return pack(multiply(expand(seed)[0], BASE))


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix = expand(seed)
    public = ed25519_public(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    commitment = pack(multiply(r, BASE))
    k = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % L
    return commitment + ((r + k * scalar) % L).to_bytes(32, "little")


def x25519_public_of_box_seed(seed: bytes) -> bytes:
    """crypto_box_seed_keypair: the scalar is the first half of SHA-512(seed)."""
    scalar = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little") & ((1 << 254) - 8) | 1 << 254
    x = multiply(scalar, BASE)  # the same point on Curve25519 is u = (1 + y) / (1 - y)
    return ((1 + x[1]) * pow(1 - x[1], P - 2, P) % P).to_bytes(32, "little")


# ---- CBOR, hashes, base32


def head(major: int, n: int) -> bytes:
    if n < 24:
        return bytes([major << 5 | n])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | code]) + n.to_bytes(size, "big")
    raise ValueError(n)


class Raw(bytes):
    """An item encoded already."""


def cbor(item) -> bytes:
    if item is None:
        return b"\xf6"
    if isinstance(item, Raw):
        return bytes(item)
    if isinstance(item, int):
        return head(0, item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    return head(4, len(item)) + b"".join(cbor(one) for one in item)


def blake2b(message: bytes, key: bytes = b"") -> bytes:
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


def h(domain: str, message: bytes) -> bytes:
    return blake2b(b"vereda/" + domain.encode() + b"/v1\0" + message)


def base32(data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[i : i + 5], 2)] for i in range(0, len(bits), 5))


def grouped(text: str) -> str:
    return "-".join(text[i : i + 5] for i in range(0, len(text), 5))


# ---- the sample bodies, one of each kind


def f(value: int, size: int = 32) -> bytes:
    return bytes([value]) * size


def keys(first: int):
    return [f(first), f(first + 1), f(first + 2)]


HEADS = [[f(0x31), 7, f(0x32)], [f(0x33), 300, f(0x34)]]
MEMBER, TURF, WRAPS = f(0x21, 16), f(0x51, 16), [f(0x53), 2]


def order(name: int):
    sealed = f(0x63, 60)
    return [f(name, 16), TURF, 2, h("list", sealed), [f(0x61), f(0x62)], sealed]


BODIES = [
    [MEMBER, keys(0x11), f(0x14), [[15, 2]]],
    ["https://hub.example:8443", f(0x15), f(0x16), 1],
    [MEMBER, 2, HEADS],
    [4, MEMBER, keys(0x17)],
    [f(0x41, 16), f(0x42), f(0x43), 3, f(0x44, 16), [f(0x51, 16), f(0x52, 16)], 1_800_000_000_000, [f(0x45), 3]],
    [f(0x41, 16)],
    [TURF],
    [MEMBER, TURF, WRAPS],
    [MEMBER, TURF, HEADS],
    [TURF, 2, f(0x54), f(0x55, 72), WRAPS],
    [2, f(0x11), HEADS],
    [1, MEMBER, []],
    [10, HEADS],
    [11, HEADS],
    [11, []],
    order(0x71),
    order(0x71),
    [15, Raw(cbor(order(0x72)))],
    [17, f(0x73)],
    [18, f(0x74), [[19, f(0x75)], [24, f(0x76)]]],
]


def entry_vector(kind: int, body, workspace: bytes) -> dict:
    predecessor = bytes(32) if kind == 0 else f(0x81)
    unsigned = cbor([kind, kind, predecessor, Raw(cbor(body))])
    return {
        "kind": kind,
        "body": cbor(body).hex(),
        "entry": cbor([kind, kind, predecessor, Raw(cbor(body)), [[f(0x82), f(0x83, 64)]]]).hex(),
        "message": (b"vereda/roster/v1\0" + (bytes(32) if kind == 0 else workspace) + unsigned).hex(),
        "hash": h("roster", workspace + unsigned).hex(),
    }


def signed_entry(seed: bytes, kind: int, position: int, predecessor: bytes, body, workspace: bytes):
    unsigned = cbor([kind, position, predecessor, body])
    signature = ed25519_sign(seed, b"vereda/roster/v1\0" + workspace + unsigned)
    return cbor([kind, position, predecessor, body, [[ed25519_public(seed), signature]]]), unsigned


def chain() -> dict:
    """A workspace that an implementation must accept: genesis, turf, invite, enrolment."""
    founder, founder_http, founder_box = f(1), f(2), f(3)
    device_keys = [ed25519_public(founder), x25519_public_of_box_seed(founder_box), ed25519_public(founder_http)]
    genesis, unsigned = signed_entry(
        founder, 0, 0, bytes(32), [f(0x21, 16), device_keys, ed25519_public(f(4)), []], bytes(32))
    workspace = h("genesis", unsigned)
    entries = [genesis]
    last = h("roster", workspace + unsigned)

    turf, unsigned = signed_entry(founder, 6, 1, last, [f(0x51, 16)], workspace)
    entries.append(turf)
    last = h("roster", workspace + unsigned)

    secret, share = f(0x0A, 16), f(0x0B)
    sign_seed, box_seed = blake2b(b"vereda/invite-sign", secret), h("invite-box", secret + share)
    body = [f(0x41, 16), ed25519_public(sign_seed), x25519_public_of_box_seed(box_seed), 2, None, [f(0x51, 16)],
            1_800_000_000_000, [bytes(32), 0]]
    invite, unsigned = signed_entry(founder, 4, 2, last, body, workspace)
    entries.append(invite)
    invite_hash = last = h("roster", workspace + unsigned)

    seeds = [f(5), f(6)]
    body = [2, f(0x22, 16), [ed25519_public(seeds[0]), x25519_public_of_box_seed(f(7)), ed25519_public(seeds[1])]]
    message = b"vereda/roster/v1\0" + workspace + cbor([3, 2, invite_hash, body])
    signatures = [[ed25519_public(seed), ed25519_sign(seed, message)] for seed in [sign_seed] + seeds]
    entries.append(cbor([3, 3, last, body, signatures]))

    code = cbor([1, "https://hub.example:8443", f(0x15), workspace, 2, invite_hash, secret, None])
    return {
        "workspace": workspace.hex(),
        "entries": [entry.hex() for entry in entries],
        "last_hash": h("roster", workspace + cbor([3, 3, last, body])).hex(),
        "newcomer": ed25519_public(seeds[0]).hex(),
        "invite": {"secret": secret.hex(), "share": share.hex(), "signing_key": ed25519_public(sign_seed).hex(),
                   "box_key": x25519_public_of_box_seed(box_seed).hex(),
                   "code": "VEREDA-" + grouped(base32(code + h("invite-code", code)[:5]))},
    }


def wraps() -> dict:
    leaves = [h("wrap-leaf", cbor([f(i, 16), 1, f(9), f(7, 112)])) for i in range(3)]
    node = lambda a, b: h("node", a + b)
    return {"root_of_3": node(node(leaves[0], leaves[1]), leaves[2]).hex()}


def main() -> None:
    workspace = f(0x91)
    code, key = bytes(range(16)), bytes(range(32))
    vectors = {
        "workspace": workspace.hex(),
        "entries": [entry_vector(kind, body, workspace) for kind, body in enumerate(BODIES)],
        "chain": chain(),
        "wraps": wraps(),
        "printed": {
            "recovery_code": grouped(base32(code) + base32(h("recovery-code", code))[:4]),
            "recovery_key": grouped(base32(key) + base32(h("recovery-key", key))[:8]),
        },
    }
    target = pathlib.Path(__file__).with_name("roster.json")
    target.write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
