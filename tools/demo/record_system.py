"""The demo's record system: opens a patient by a signed context, for one user and once (S28)."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from joserfc import jwt

from tools.demo.issuer import kept_key, write_private

SYSTEM = "demo-journal"
AUDIENCE = "oppna-sesam-launch"
LIFETIME = timedelta(minutes=2)


def launch_context(key_file: Path, *, user: str, number: str, at: datetime) -> str:
    """Sign whom a user has open in the record; the number stands in a body, never in an address."""
    key = kept_key(key_file)
    issued = int(at.timestamp())
    says = {"iss": SYSTEM, "aud": AUDIENCE, "sub": user, "number": number, "jti": uuid4().hex}
    times = {"iat": issued, "exp": issued + int(LIFETIME.total_seconds())}
    return jwt.encode({"alg": "ES256", "typ": "launch+jwt", "kid": key.kid}, {**says, **times}, key)


def write_trusted_keys(path: Path, *, key_file: Path) -> None:
    """Write the public keys of the record systems that the run trusts: the demo's own."""
    public = kept_key(key_file).as_dict(private=False, alg="ES256", use="sig")
    write_private(path, json.dumps({SYSTEM: {"keys": [public]}}))
