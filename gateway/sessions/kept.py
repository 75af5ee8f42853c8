"""Keeps sessions, with all that is personal in them sealed."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from gateway.sessions.session import LONGEST, Session, Tokens
from shared.clock import Clock
from shared.durable import write_whole

REFRESH_WITHIN = timedelta(seconds=15)
"""So long one process has the turn to refresh a session; then another may try."""


class Documents(Protocol):
    """Where the documents of sessions are: MongoDB, or memory in tests."""

    async def read(self, key: str) -> dict[str, Any] | None:
        """Give the document, None when there is none."""

    async def add(self, document: dict[str, Any]) -> None:
        """Keep a new one."""

    async def replace(self, document: dict[str, Any], *, was: str) -> bool:
        """Put its fields in place where the sealed text is still `was`; False when it is not, or is gone.

        A turn that somebody took stays noted.
        """

    async def take_turn(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Note that somebody refreshes this one until then; False when somebody else does already."""

    async def remove(self, name: str, values: Sequence[str]) -> None:
        """Remove each whose field has one of the values."""


class Sessions:
    """Reads and writes sessions. What has run out does not exist, whether it was removed yet or not."""

    def __init__(self, documents: Documents, clock: Clock, keys: Sequence[str]) -> None:
        self._documents = documents
        self._clock = clock
        self._fernet = MultiFernet([Fernet(each) for each in keys])
        self._hash_keys = [each.encode() for each in keys]

    async def read(self, key: str) -> Session | None:
        """Give the session of this key, unless it is over or was sealed with a key that we lack."""
        document = await self._documents.read(key)
        session = self._opened(document) if document else None
        return session if session and not session.is_over(self._clock.now()) else None

    async def begin(self, session: Session) -> None:
        await self._documents.add(self._sealed(session))

    async def read_to_end(self, key: str) -> Session | None:
        """Give a session also when it is over, as far as it is still there: signing out needs its token."""
        document = await self._documents.read(key)
        return self._opened(document) if document else None

    async def keep(self, session: Session) -> Session:
        """Keep how a session went on, unless it was ended or went on otherwise meanwhile."""
        document = self._sealed(session)
        kept = await self._documents.replace(document, was=session.read_as)
        return replace(session, read_as=document["sealed"]) if kept else session

    async def take_turn(self, key: str) -> bool:
        """Ask to be the one who refreshes: a provider ends a sign-in whose refresh token is used twice."""
        now = self._clock.now()
        return await self._documents.take_turn(key, now=now, until=now + REFRESH_WITHIN)

    async def end(self, key: str) -> None:
        await self._documents.remove("_id", [key])

    async def end_sign_in(self, sid: str) -> None:
        """End each session of one sign-in at the provider."""
        await self._documents.remove("sid", self._hashes(f"sid|{sid}"))

    async def end_person(self, sub: str) -> None:
        """End each session of a person, in every browser."""
        await self._documents.remove("sub", self._hashes(f"sub|{sub}"))

    def form_token(self, sub: str) -> str:
        """Give what a form must hold besides the cookie.

        It is the person's, not the session's: a form that outlived a session can be sent after a new sign-in,
        by the same person alone.
        """
        return self._hashes(f"form|{sub}")[0]

    def is_form_token(self, token: str, sub: str) -> bool:
        return any(hmac.compare_digest(each.encode(), token.encode()) for each in self._hashes(f"form|{sub}"))

    def sealed_form(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Seal what was filled in, for a page that anybody at the computer may read."""
        return self._fernet.encrypt(json.dumps(list(pairs)).encode()).decode()

    def opened_form(self, sealed: str) -> list[tuple[str, str]]:
        """Open it again within the longest time of a session; nothing when it is none of ours."""
        try:
            said = self._fernet.decrypt(sealed.encode(), ttl=int(LONGEST.total_seconds()))
        except InvalidToken:
            return []
        return [(name, value) for name, value in json.loads(said)]

    def _hashes(self, text: str) -> list[str]:
        """Give the keyed hash under each key; the first is what is written."""
        return [hmac.digest(each, text.encode(), "sha256").hex() for each in self._hash_keys]

    def _sealed(self, session: Session) -> dict[str, Any]:
        said = json.dumps(asdict(replace(session, read_as="")), default=datetime.isoformat)
        return {
            "_id": session.key,
            "sub": self._hashes(f"sub|{session.sub}")[0],
            "sid": self._hashes(f"sid|{session.sid}")[0] if session.sid else None,
            "ends_at": session.ends_at,
            "sealed": self._fernet.encrypt(said.encode()).decode(),
        }

    def _opened(self, document: dict[str, Any]) -> Session | None:
        try:
            said = json.loads(self._fernet.decrypt(document["sealed"]))
        except InvalidToken:
            return None
        for times, name in ((said, "began_at"), (said, "used_at"), (said["tokens"], "good_until")):
            times[name] = datetime.fromisoformat(times[name])
        return Session(**said | {"tokens": Tokens(**said["tokens"]), "read_as": document["sealed"]})


def session_keys(path: Path) -> list[str]:
    """Read the keys; raises FileNotFoundError, and ValueError for what is no list of keys."""
    keys = json.loads(path.read_text())
    if not isinstance(keys, list) or not keys:
        raise ValueError(f"{path} is no list of keys")
    for each in keys:
        Fernet(each)
    return keys


def new_session_keys(path: Path) -> None:
    """Make a file with one fresh key, readable by its owner only; an existing one stays."""
    if not path.exists():
        write_whole(path, json.dumps([Fernet.generate_key().decode()]).encode())
