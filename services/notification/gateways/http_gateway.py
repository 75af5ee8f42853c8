"""SMS gateways over HTTP: 46elks, and others with the same interface (formats.md section 5)."""

from http import HTTPStatus

import httpx
import structlog
from pydantic import BaseModel

from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from shared.http_client import http_client
from shared.strict_json import checked

log = structlog.get_logger()

ANSWER_SECONDS = 8
KEPT_SECONDS = 0.25
"""With a gateway of the region's own, which keeps what is idle for five seconds or says that it closes."""
OURS_TO_MEND = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
"""Our account or address is wrong, not the patient's number: nothing was sent, a person mends it."""
NOT_TAKEN = (
    *OURS_TO_MEND,
    HTTPStatus.REQUEST_TIMEOUT,  # it had not read the whole of it (RFC 9110 section 15.5.9)
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
# Nothing had left this process when these were raised; after any other error the gateway may have it.
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Taken(BaseModel):
    """The gateway's answer."""

    id: str
    status: str


def gateway_client(
    user: str = "",
    password: str = "",
    *,
    kept_seconds: float = 0,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Make a client, by default with a new connection for each message.

    A kept one that the gateway just closed would look like an unknown outcome.
    """
    auth = httpx.BasicAuth(user, password) if user else None
    return http_client(
        within_seconds=ANSWER_SECONDS, auth=auth, kept_seconds=kept_seconds, transport=transport
    )


class HttpGateway:
    """Posts one message as a form; our own message id goes along as the reference.

    `fresh` keeps no connection: it takes over for good when a kept one broke.
    """

    def __init__(
        self, client: httpx.AsyncClient, url: str, *, fresh: httpx.AsyncClient | None = None
    ) -> None:
        self._client = client
        self._fresh = fresh
        self._url = f"{url.rstrip('/')}/a1/sms"

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome:
        form = {"from": sender, "to": to, "message": text, "whendelivered": report_to}
        try:
            answer = await self._client.post(self._url, data={**form, **self._own(message_id)})
        except NEVER_LEFT as trouble:
            return NotSent(type(trouble).__name__)
        except httpx.TimeoutException:
            return Unknown()
        except httpx.HTTPError:
            self._keep_no_more()
            return Unknown()
        return _outcome(answer)

    def _keep_no_more(self) -> None:
        """Let a gateway that closes what it should keep cost no more messages than are with it now."""
        if self._fresh and self._client is not self._fresh:
            log.warning("gateway broke a connection", what="no connection is kept any more")
            self._client = self._fresh

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
        taken = Taken.model_validate_json(checked(answer.content), strict=True)
    except ValueError:
        return Unknown()
    return Rejected("failed") if taken.status == "failed" else Accepted(taken.id, reports=True)
