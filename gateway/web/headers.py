"""Headers of every answer, and the one address at which the gateway answers."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUIET = ("/live", "/ready", "/metrics")
"""Asked by machines, at whatever address they know the process."""
HALF_A_YEAR_SECONDS = 15_768_000


def policy(provider: str) -> str:
    """Say what a page may load: our own files and nothing else (no style or script inside a page).

    Signing out is a form of ours that the provider's page follows: some browsers check `form-action` there.
    """
    origin = urlsplit(provider)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self' {origin.scheme}://{origin.netloc}; base-uri 'none'; frame-ancestors 'none'"
    )


class SafeHeaders:
    """Adds the headers, keeps pages out of every cache, and leads other names of this machine here."""

    def __init__(self, app: ASGIApp, *, gateway_url: str, issuer_url: str) -> None:
        self._app = app
        self._own = urlsplit(gateway_url)
        self._headers = {
            "Content-Security-Policy": policy(issuer_url),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if self._own.scheme == "https":
            self._headers["Strict-Transport-Security"] = f"max-age={HALF_A_YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if Headers(scope=scope).get("host") != self._own.netloc:
            await self._elsewhere(scope)(scope, receive, sent)
        else:
            await self._app(scope, receive, sent)

    def _elsewhere(self, scope: Scope) -> Response:
        """Cookies belong to one name: `localhost` is led to it; a form sent to another name is not taken."""
        if scope["method"] != "GET":
            return Response(status_code=421)
        return RedirectResponse(f"{self._own.geturl().rstrip('/')}/", 303)
