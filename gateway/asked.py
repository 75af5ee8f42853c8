"""Questions to the services in the name of a signed-in person, and changes that are carried out once."""

import re
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import Request

from gateway.services import Answer, Services
from gateway.sessions.session import Session
from gateway.web import words
from gateway.web.forms import Form
from gateway.web.words import _

NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._:-]")
"""A key is made of the form's and of what is done with which thing; services take these signs in it."""


class Asked:
    """Asks with the person's own token, in the language of the reader."""

    def __init__(self, services: Services, request: Request, session: Session) -> None:
        self._services = services
        self.request = request
        self.session = session

    async def get(self, service: str, path: str) -> Answer:
        return await self._ask(service, "GET", path)

    async def post(self, service: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """Ask with a body. What changes something has the key by which it is carried out once."""
        return await self._ask(
            service, "POST", path, body=body, headers={"Idempotency-Key": key} if key else None
        )

    async def put(self, service: str, path: str, body: Any, *, key: str, etag: str = "") -> Answer:
        headers = {"Idempotency-Key": key, **({"If-Match": etag} if etag else {})}
        return await self._ask(service, "PUT", path, body=body, headers=headers)

    async def change(
        self, service: str, path: str, body: Any = None, *, key: str, etag: str = "", method: str = "POST"
    ) -> Answer:
        """Change something once. What somebody else did meanwhile, or the first press, is said in words."""
        headers = {"Idempotency-Key": NOT_IN_KEYS.sub("-", key), **({"If-Match": etag} if etag else {})}
        return in_words(await self._ask(service, method, path, body=body, headers=headers))

    async def listed(self, service: str, path: str, body: Any = None) -> Answer:
        """Ask for a long list, from where the page's address says; see `pager`."""
        cursor = self.request.query_params.get("cursor", "")
        whole = f"{path}{'&' if '?' in path else '?'}cursor={quote(cursor, safe='')}" if cursor else path
        return await (self.get(service, whole) if body is None else self.post(service, whole, body))

    def pager(self, answer: Answer) -> dict[str, str]:
        """Give the addresses of the first and the next page of a list; empty where there is none."""
        path, asked = self.request.url.path, self.request.query_params.multi_items()
        same = [(name, value) for name, value in asked if name != "cursor"]
        further = urlencode([*same, ("cursor", answer.next)])
        return {
            "first": f"{path}?{urlencode(same)}" if len(same) < len(asked) else "",
            "next": f"{path}?{further}" if answer.next else "",
        }

    async def _ask(self, service: str, method: str, path: str, **more: Any) -> Answer:
        token, language = self.session.tokens.access, words.language.get()
        return await self._services.ask(service, method, path, token=token, language=language, **more)


def in_words(answer: Answer) -> Answer:
    """Say in a reader's words what is about keys and versions."""
    if answer.rule == "key-reused":
        return answer.saying(
            _("Det du skickade först är redan gjort. Se hur det blev innan du skickar igen.")
        )
    if answer.rule == "version-changed":
        return answer.saying(_("Någon annan hann före. Sidan visar hur det är nu; skicka igen om du vill."))
    return answer


def key_of_form(form: Form | None, refusal: Answer | None) -> str:
    """Give the key under which a form is carried out once: a corrected form is the same, any other is new."""
    is_same = form is not None and refusal is not None and refusal.rule != "key-reused"
    return (form.text("key") if form and is_same else "") or uuid4().hex
