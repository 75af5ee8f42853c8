"""Asks the services, each over its HTTP interface, with the person's own token."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

import httpx

from gateway.web.words import _
from shared import tracing
from shared.settings import Settings

WITHIN_SECONDS = 5.0
DOWN = 503
FILES = ("application/pdf", "text/csv")


@dataclass(frozen=True)
class Answer:
    """What a service said. `body` is JSON; of a refusal it is a problem (RFC 9457)."""

    service: str
    status: int
    body: Any = field(default=None, repr=False)
    etag: str | None = None
    next: str = ""
    """Asks for the next page of a long list; empty on the last one."""
    media_type: str = ""
    """Of a print or a file, whose body is bytes."""

    @property
    def ok(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_down(self) -> bool:
        """Tell whether the service did not answer, or could not: nobody knows then what came of it."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_refused(self) -> bool:
        return not self.ok and not self.is_down

    @property
    def page_status(self) -> int:
        """Give the status of the page that shows this refusal beside its form."""
        return DOWN if self.is_down else HTTPStatus.UNPROCESSABLE_ENTITY

    @property
    def rule(self) -> str:
        return str(self.body.get("rule", "")) if isinstance(self.body, dict) else ""

    def saying(self, sentence: str) -> "Answer":
        """Say it in other words, which fit the page."""
        return replace(self, body={"rule": self.rule, "detail": sentence})

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Give every reason of a refusal in words, each with its rule and facts; of an answer none."""
        if self.ok:
            return []
        if self.is_down or not isinstance(self.body, dict):
            return [{"rule": "unreachable", "detail": out_of_reach(), "facts": {}}]
        fields = [
            {"rule": "invalid", "detail": each["detail"], "facts": {"field": each["field"]}}
            for each in self.body.get("fields", [])
            if "detail" in each
        ]
        whole = {"rule": self.rule, "detail": self.body.get("detail", ""), "facts": {}}
        return self.body.get("reasons") or fields or [whole]

    @property
    def by_field(self) -> dict[str, str]:
        """Give what is wrong with each field, by the last part of its name."""
        at = ((str((each.get("facts") or {}).get("field", "")), each["detail"]) for each in self.reasons)
        return {field.rpartition(".")[2]: detail for field, detail in at if field}


def out_of_reach() -> str:
    return _(
        "Den här delen av systemet svarar inte just nu. Försök igen om en stund; ingenting görs två gånger."
    )


class Services:
    """The five services at their configured addresses."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        token: str,
        language: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; an answer that does not come is one with the status 503."""
        shown = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": language,
            "traceparent": tracing.traceparent() or "",
            **(headers or {}),
        }
        try:
            answer = await self._client.request(
                method,
                self._settings.url_of(service) + path,
                json=body,
                headers=shown,
                timeout=WITHIN_SECONDS,
            )
            media_type = answer.headers.get("content-type", "")
            if answer.is_success and media_type.startswith(FILES):
                return Answer(service, answer.status_code, answer.content, media_type=media_type)
            said = answer.json() if answer.content else None
        except (httpx.HTTPError, ValueError):
            return Answer(service, DOWN)
        etag, following = answer.headers.get("etag"), answer.headers.get("next-cursor", "")
        return Answer(service, answer.status_code, said, etag, following)
