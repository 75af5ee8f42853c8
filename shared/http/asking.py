"""Reads from a request who asks, for which purpose, in which language, with which Idempotency-Key."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from shared.auth.actor import Actor
from shared.auth.policy import allows
from shared.auth.tokens import InvalidToken
from shared.domain.hashing import plain_hash
from shared.http.json_body import NameTwice, NotJson, canonical
from shared.http.language import Language, is_read_by, language_of
from shared.http.problems import Forbidden, Problem
from shared.repository import Answer, Cause, Entry

KEY = re.compile(r"[A-Za-z0-9._:\-]{8,128}\Z")
ETAG = re.compile(r'(?:W/)?"([0-9]{1,12})"\Z')


@dataclass(frozen=True)
class Asking:
    """A person at the door who reads, searches or previews."""

    actor: Actor
    action: str
    language: Language
    if_match: frozenset[int] | None
    """The versions that the reader would change; None for any (RFC 9110 section 13.1.1)."""
    response: Response
    traceparent: str | None

    @property
    def entry(self) -> Entry:
        return entry_of(self.actor, self.action)

    def seen(self, version: int) -> None:
        """Tell the version that was read, for a later If-Match."""
        self.response.headers["ETag"] = f'"{version}"'


@dataclass(frozen=True)
class AskingOnce(Asking):
    """A person at the door who wants something changed, once."""

    cause: Cause
    """Names the request; key and body may hold a person's number: only keyed hashes are kept."""

    def answered(self, answer: Answer, status: int = 200) -> Response:
        """Answer with the kept bytes: the same key gets the same answer."""
        headers = {"ETag": f'"{answer.version}"', "Cache-Control": "no-store"}
        if answer.repeated:
            headers["Idempotency-Replayed"] = "true"
        return Response(answer.body or "{}", status, headers, media_type="application/json")


def entry_of(actor: Actor, action: str) -> Entry:
    """Write who asks for what, as the audit log's rows begin."""
    return Entry(
        actor=actor.sub,
        action=action,
        roles=tuple(sorted(actor.roles)),
        care_units=tuple(sorted(actor.care_units)),
        purpose=actor.purpose,
    )


async def signed_in(request: Request) -> Actor:
    """Give the person behind the bearer token; raises InvalidToken."""
    said = request.headers.getlist("authorization")
    scheme, _, token = (said[0] if len(said) == 1 else "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken
    actor: Actor = await request.app.state.verifier.actor(token)
    return actor


async def asking(
    request: Request,
    response: Response,
    if_match: Annotated[str | None, Header(description="The version that was read, as its ETag said")] = None,
) -> Asking:
    """Let the policy table decide; deny by default. Raises TooOften and Forbidden."""
    actor = await signed_in(request)
    is_read_by(actor)
    request.app.state.rates.request(actor)
    await _demand_json(request)
    await _demand_one_meaning(request)
    action = f"{request.app.state.service}.{request.scope['route'].name}"
    request.state.entry = entry_of(actor, action)
    if not allows(request.app.state.policy, actor, action):
        raise Forbidden
    response.headers["Cache-Control"] = "no-store"
    return Asking(
        actor=actor,
        action=action,
        language=language_of(request.headers.get("accept-language")),
        if_match=_versions(if_match),
        response=response,
        traceparent=request.scope.get("traceparent"),
    )


async def looking_up(request: Request, ask: Annotated[Asking, Depends(asking)]) -> Asking:
    """Count a search for a person by number apart: numbers can be tried one after the other."""
    request.app.state.rates.look_up(ask.actor)
    return ask


async def asking_once(
    request: Request,
    ask: Annotated[Asking, Depends(asking)],
    idempotency_key: Annotated[
        str | None, Header(description="Chosen by the caller; the same key never has a second effect")
    ] = None,
) -> AskingOnce:
    """Demand an Idempotency-Key; the body's hash tells two different requests under one key apart."""
    if idempotency_key is None:
        raise Problem(400, "key-missing")
    if not KEY.match(idempotency_key):
        raise Problem(400, "key-invalid")
    as_sent = f"{request.url.path}|{request.headers.get('if-match', '')}|".encode() + await request.body()
    as_meant = f"{request.url.path}|{sorted(ask.if_match or ())}|".encode() + request.state.canonical
    hashes, asker = request.app.state.hashes, f"{ask.action}|{ask.actor.sub}"
    named = f"{asker}|{idempotency_key}"
    cause = Cause(
        key=f"{asker}|{hashes.of(named)}",
        former_keys=(f"{asker}|{plain_hash(named)}", named),
        fingerprint=hashes.of(as_meant),
        former_fingerprints=(plain_hash(as_meant), plain_hash(as_sent)),
        traceparent=ask.traceparent,
        entry=ask.entry,
    )
    fields: dict[str, Any] = {name: getattr(ask, name) for name in ask.__dataclass_fields__}
    return AskingOnce(**fields, cause=cause)


async def looking_up_once(request: Request, asked: Annotated[AskingOnce, Depends(asking_once)]) -> AskingOnce:
    """Count what is done to a person by full number: that, too, shows whether somebody has the number."""
    request.app.state.rates.look_up(asked.actor)
    return asked


async def _demand_json(request: Request) -> None:
    """A form or a text that happens to read as JSON comes from a web page that is not ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and await request.body():
        raise Problem(415, "not-json")


async def _demand_one_meaning(request: Request) -> None:
    """Let no body through that two readers would read in two ways; keep its one form for the fingerprint."""
    try:
        request.state.canonical = canonical(await request.body())
    except NameTwice:
        raise Problem(400, "name-twice") from None
    except NotJson:
        raise Problem(400, "malformed") from None


def _versions(if_match: str | None) -> frozenset[int] | None:
    """Read a tag, several, or `*`; a weak tag names the same version, as proxies make them weak."""
    if if_match is None or if_match.strip() == "*":
        return None
    tags = [ETAG.match(each.strip()) for each in if_match.split(",")]
    if None in tags:
        raise Problem(400, "etag-invalid")
    return frozenset(int(tag.group(1)) for tag in tags if tag)


Ask = Annotated[Asking, Depends(asking)]
AskByNumber = Annotated[Asking, Depends(looking_up)]
Asked = Annotated[AskingOnce, Depends(asking_once)]
AskedByNumber = Annotated[AskingOnce, Depends(looking_up_once)]

__all__ = ["Ask", "AskByNumber", "Asked", "AskedByNumber", "Language"]
