"""An SMS gateway over HTTP, in the form that Swedish gateways share (formats.md section 5)."""

from http import HTTPStatus

import httpx
from pydantic import BaseModel, ValidationError

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown

ANSWER_SECONDS = 8
NOT_TAKEN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# Nothing had left this process when these were raised; after any other error the gateway may have it.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Taken(BaseModel):
    """The gateway's answer."""

    id: str
    status: str


def gateway_client() -> httpx.AsyncClient:
    """Make the client: a kept connection that the gateway just closed would look like an unknown outcome."""
    return httpx.AsyncClient(timeout=ANSWER_SECONDS, limits=httpx.Limits(max_keepalive_connections=0))


class HttpGateway:
    """Posts one message as a form; our own message id goes along as the reference."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/a1/sms"

    async def send(self, message_id: str, *, to: str, text: str, sender: str) -> Outcome:
        form = {"from": sender, "to": to, "message": text, "reference": message_id}
        try:
            answer = await self._client.post(self._url, data=form)
        except NEVER_LEFT:
            return NotSent()
        except httpx.HTTPError:
            return Unknown()
        return _outcome(answer)


def _outcome(answer: httpx.Response) -> Outcome:
    if answer.status_code in NOT_TAKEN:
        return NotSent()
    if answer.is_client_error:
        return Rejected(f"http-{answer.status_code}")
    if not answer.is_success:
        return Unknown()
    try:
        taken = Taken.model_validate_json(answer.content)
    except ValidationError:
        return Unknown()
    return Rejected("failed") if taken.status == "failed" else Accepted(taken.id)
