"""SMS gateways over HTTP: the demo's own, and 46elks, whose form it shares (formats.md section 5)."""

from http import HTTPStatus

import httpx
from pydantic import BaseModel, ValidationError

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from shared.http_client import http_client

ANSWER_SECONDS = 8
KEPT_SECONDS = 0.25
"""Between two messages that follow each other. A gateway that gives up what is idle does so much later; one
that goes away just now may break a fresh connection as well, and either way the outcome is unknown."""
OURS_TO_MEND = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
"""Our account or address is wrong, not the patient's number: nothing was sent, a person mends it."""
NOT_TAKEN = (*OURS_TO_MEND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# Nothing had left this process when these were raised; after any other error the gateway may have it.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Taken(BaseModel):
    """The gateway's answer."""

    id: str
    status: str


def gateway_client(
    user: str = "", password: str = "", *, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Make the client: a connection that the gateway closed as idle would look like an unknown outcome."""
    auth = httpx.BasicAuth(user, password) if user else None
    return http_client(
        within_seconds=ANSWER_SECONDS, auth=auth, kept_seconds=KEPT_SECONDS, transport=transport
    )


class HttpGateway:
    """Posts one message as a form; our own message id goes along as the reference."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/a1/sms"

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome:
        form = {"from": sender, "to": to, "message": text, "whendelivered": report_to}
        try:
            answer = await self._client.post(self._url, data={**form, **self._own(message_id)})
        except NEVER_LEFT as trouble:
            return NotSent(type(trouble).__name__)
        except httpx.HTTPError:
            return Unknown()
        return _outcome(answer)

    def _own(self, message_id: str) -> dict[str, str]:
        return {"reference": message_id}


class ElksGateway(HttpGateway):
    """46elks knows no reference of ours, and is asked not to keep the text."""

    def _own(self, message_id: str) -> dict[str, str]:  # noqa: ARG002  it has no field for it
        return {"dontlog": "message"}


def _outcome(answer: httpx.Response) -> Outcome:
    if answer.status_code in NOT_TAKEN:
        return NotSent(f"http-{answer.status_code}")
    if answer.is_client_error:
        return Rejected(f"http-{answer.status_code}")
    if not answer.is_success:
        return Unknown()
    try:
        taken = Taken.model_validate_json(answer.content)
    except ValidationError:
        return Unknown()
    return Rejected("failed") if taken.status == "failed" else Accepted(taken.id, reports=True)
