"""HTTP requests to others: httpx's interface over aiohttp's connections (decision 0036)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx

KEPT_SECONDS = 2
"""Seconds after which an idle connection is closed, before the server does: uvicorn after five."""
MOST_CONNECTIONS = 100
PART_BYTES = 16 * 1024
NOT_OURS_TO_SAY = ("connection", "transfer-encoding")


def http_client(
    *,
    within_seconds: float,
    auth: httpx.Auth | None = None,
    kept_seconds: float = KEPT_SECONDS,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Make a client that gives up a connection when nothing went through it for so long.

    One that keeps none (0) never meets one that the other side just closed.
    """
    return httpx.AsyncClient(
        auth=auth,
        timeout=within_seconds,
        transport=transport or Connections(kept_seconds=kept_seconds),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


class Connections(httpx.AsyncBaseTransport):
    """Opened when first needed, on the loop that needs them.

    Raises ConnectError and ConnectTimeout of a POST only where nothing has left this process: whoever must
    not send twice knows by these that it may send again. (A GET is asked again by aiohttp itself.)
    """

    def __init__(self, *, kept_seconds: float) -> None:
        self._kept_seconds = kept_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies = getproxies()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions["timeout"]
        with told_as_httpx(request):
            answer = await self._opened().request(
                request.method,
                str(request.url),
                headers=[each for each in request.headers.multi_items() if each[0] not in NOT_OURS_TO_SAY],
                data=await request.aread() or None,
                allow_redirects=False,
                proxy=self._proxy(request.url),
                timeout=aiohttp.ClientTimeout(
                    connect=timeout.get("pool"),
                    sock_connect=timeout.get("connect"),
                    sock_read=timeout.get("read"),
                ),
            )
        stream = _Stream(request, answer)
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=stream, request=request)

    async def aclose(self) -> None:
        if self._session:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = (
                aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=self._kept_seconds)
                if self._kept_seconds
                else aiohttp.TCPConnector(limit=MOST_CONNECTIONS, force_close=True)
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._session

    def _proxy(self, url: httpx.URL) -> str | None:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(url.netloc.decode("ascii")):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


class _Stream(httpx.AsyncByteStream):
    def __init__(self, request: httpx.Request, answer: aiohttp.ClientResponse) -> None:
        self._request = request
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with told_as_httpx(self._request):
            async for part in self._answer.content.iter_chunked(PART_BYTES):
                yield part

    async def aclose(self) -> None:
        self._answer.close()


@contextmanager
def told_as_httpx(request: httpx.Request) -> Iterator[None]:
    """Raise aiohttp's errors as httpx's; an error counts as after the sending unless it surely was before."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as trouble:
        raise httpx.ConnectTimeout(str(trouble), request=request) from trouble
    except (aiohttp.ClientConnectorError, UnicodeError) as trouble:  # an invalid name is never reached
        raise httpx.ConnectError(str(trouble), request=request) from trouble
    except TimeoutError as trouble:
        raise httpx.ReadTimeout(str(trouble), request=request) from trouble
    except (aiohttp.ClientError, OSError) as trouble:
        raise httpx.ReadError(str(trouble), request=request) from trouble
