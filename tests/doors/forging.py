"""Making tokens by hand, byte by byte: no library stands between an attack and the verifier."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, KeySet

from tests.support import A_MONDAY_MORNING, claims, signing_key

NOW = int(A_MONDAY_MORNING.timestamp())
KID = "test-1"
HEADER: dict[str, Any] = {"alg": "ES256", "typ": "at+jwt", "kid": KID}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


@dataclass(frozen=True)
class Attack:
    """A token that must not let anybody in, and what it tries."""

    name: str
    token: str


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: Any) -> str:
    """Encode a header or claims; text goes as it is, so that broken JSON can be made."""
    return b64(value.encode() if isinstance(value, str) else json.dumps(value).encode())


def said(**changes: Any) -> dict[str, Any]:
    """Give good claims of customer service with some replaced."""
    return claims("customer_service", at=A_MONDAY_MORNING, **changes)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in said().items() if key != name}


@cache
def ours() -> ec.EllipticCurvePrivateKey:
    """The key that the verifier trusts: signing with it makes an attack of the words alone."""
    secret = signing_key().private_key
    assert isinstance(secret, ec.EllipticCurvePrivateKey)
    return secret


@cache
def foreign() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def foreign_jwk() -> dict[str, Any]:
    return dict(ECKey.import_key(pem(foreign())).as_dict(private=False))


@cache
def foreign_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def ecdsa(signed: str, key: ec.EllipticCurvePrivateKey, digest: hashes.HashAlgorithm | None = None) -> bytes:
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(digest or hashes.SHA256())))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def es256(header: Any, of_claims: Any, key: ec.EllipticCurvePrivateKey | None = None) -> str:
    """Sign as the issuer does: with our key unless another is given."""
    signed = f"{part(header)}.{part(of_claims)}"
    return f"{signed}.{b64(ecdsa(signed, key or ours()))}"


def hs(header: Any, of_claims: Any, secret: bytes, digest: str = "sha256") -> str:
    signed = f"{part(header)}.{part(of_claims)}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), digest).digest())}"


def rsa_signed(alg: str, of_claims: Any) -> str:
    signed = f"{part({**HEADER, 'alg': alg})}.{part(of_claims)}"
    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[alg[2:]]
    scheme: Any = padding.PKCS1v15()
    if alg.startswith("PS"):
        scheme = padding.PSS(padding.MGF1(digest), digest.digest_size)
    return f"{signed}.{b64(foreign_rsa().sign(signed.encode(), scheme, digest))}"


def ed25519_signed(header: Any, of_claims: Any, key: ed25519.Ed25519PrivateKey | None = None) -> str:
    """Sign with a key of one's own unless another is given."""
    signed = f"{part(header)}.{part(of_claims)}"
    return f"{signed}.{b64((key or ed25519.Ed25519PrivateKey.generate()).sign(signed.encode()))}"


def public_secrets() -> dict[str, bytes]:
    """What is known to everybody about our key, in every form that somebody took for a shared secret."""
    public = ours().public_key()
    subject = serialization.PublicFormat.SubjectPublicKeyInfo
    as_pem = public.public_bytes(serialization.Encoding.PEM, subject)
    jwk = signing_key().as_dict(private=False)
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    x962 = serialization.Encoding.X962
    return {
        "pem": as_pem,
        "pem without its last newline": as_pem.rstrip(),
        "pem with CRLF": as_pem.replace(b"\n", b"\r\n"),
        "der": public.public_bytes(serialization.Encoding.DER, subject),
        "jwk": json.dumps(jwk).encode(),
        "compact jwk": json.dumps(jwk, separators=(",", ":")).encode(),
        "thumbprint's jwk": json.dumps(needed, separators=(",", ":"), sort_keys=True).encode(),
        "thumbprint": hashlib.sha256(
            json.dumps(needed, separators=(",", ":"), sort_keys=True).encode()
        ).digest(),
        "x": str(jwk["x"]).encode(),
        "point": public.public_bytes(x962, serialization.PublicFormat.UncompressedPoint),
        "key set": json.dumps({"keys": [jwk]}).encode(),
        "key id": KID.encode(),
        "nothing": b"",
        "the word secret": b"secret",
    }


async def public_keys() -> KeySet:
    """Publish the key as the issuer does: its public half."""
    return KeySet([ECKey.import_key(signing_key().as_dict(private=False))])
