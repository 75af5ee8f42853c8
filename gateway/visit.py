"""A signed-in person's request: the session, its token, questions to services, and the page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway.asked import Asked
from gateway.names import UnitNames
from gateway.services import Answer, Services
from gateway.sessions.kept import Sessions
from gateway.sessions.session import Session, key_of
from gateway.settings import GatewaySettings
from gateway.sign_in.attempt import Attempts
from gateway.sign_in.openid import NotSignedIn, OpenId
from gateway.web import words
from gateway.web.forms import Forged, Form, demand_same_site, form_of
from gateway.web.help_topics import topic_of
from gateway.web.opened_by import OPENED_BY
from gateway.web.rendering import as_file, html
from gateway.web.words import _
from shared.clock import Clock

COOKIE = "__Host-session"
LANGUAGE_COOKIE = "__Host-language"
FILLED_IN = "filled_in"
"""Where a request keeps its form, for the page that says that we failed."""
LOOK_AGAIN_SECONDS = 0.1
LOOKS = 150
Said = TypeVar("Said")


class NobodySignedIn(Exception):
    """No session, or one that is over; `form` is what the person had filled in."""

    def __init__(self, form: Form | None = None) -> None:
        self.form = form
        super().__init__()


class ProviderSilent(Exception):
    """The session cannot go on just now, because the provider does not answer: it is not over."""


class NotShown(Exception):
    """A page cannot be shown without this answer, which did not come or is a refusal."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__()


@dataclass(frozen=True)
class Gateway:
    """All that pages need."""

    settings: GatewaySettings
    clock: Clock
    sessions: Sessions
    attempts: Attempts
    openid: OpenId
    services: Services
    unit_names: UnitNames = field(default_factory=UnitNames)

    async def session_of(self, request: Request) -> Session | None:
        """Give the session of a browser with a token that is good; None when there is none any more."""
        secret = request.cookies.get(COOKIE)
        session = await self.sessions.read(key_of(secret)) if secret else None
        if session is None:
            return None
        now = self.clock.now()
        if not session.tokens.are_good(now):
            return await self._refreshed(session)
        if session.is_use_to_note(now):
            return await self.sessions.keep(session.used(now))
        return session

    async def _refreshed(self, session: Session) -> Session | None:
        """Refresh once, however many requests and replicas come at this moment."""
        is_usable = self.clock.now() < session.tokens.good_until
        if not await self.sessions.take_turn(session.key):
            return session if is_usable else await self._refreshed_by_another(session.key)
        try:
            tokens = await self.openid.refreshed(session.tokens)
        except NotSignedIn:
            await self.sessions.end(session.key)
            return None
        except httpx.HTTPError:
            if is_usable:
                return session
            raise
        # kept before anything else is asked: the old refresh token is spent
        session = await self.sessions.keep(session.used(self.clock.now()).refreshed(tokens, session.me))
        me = await self.person(session.tokens.access)
        return await self.sessions.keep(session.refreshed(tokens, me.body)) if me.ok else session

    async def _refreshed_by_another(self, key: str) -> Session | None:
        for _look in range(LOOKS):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            session = await self.sessions.read(key)
            if session is None or session.tokens.are_good(self.clock.now()):
                return session
        return None

    async def person(self, token: str) -> Answer:
        """Ask prescription who a token speaks for and what the person may do."""
        return await self.services.ask(
            "prescription", "GET", "/me", token=token, language=words.language.get()
        )


class Visit(Asked):
    """One request of one signed-in person."""

    def __init__(self, gateway: Gateway, request: Request, session: Session) -> None:
        super().__init__(gateway.services, request, session)
        self.gateway = gateway
        self.me = session.me

    def may(self, action: str) -> bool:
        """Tell whether the roles have a route, as `ordering.get_order`: the service decides again."""
        return action in self.me.get("may", ())

    @property
    def is_citizen(self) -> bool:
        return "patient" in self.me.get("roles", ())

    @property
    def is_customer_service(self) -> bool:
        return "customer_service" in self.me.get("roles", ())

    def refused(self, answer: Answer) -> Response:
        """Answer with a page that says why it cannot be shown."""
        form = self.request.scope.get(FILLED_IN)
        sealed = self.gateway.sessions.sealed_form(form.pairs) if form and answer.is_down else ""
        return self.page("refused.html", status=answer.status, answer=answer, sealed=sealed)

    def file(self, answer: Answer, name: str) -> Response:
        """Answer with a print or a file of a service; a refusal is a page."""
        return as_file(answer.body, answer.media_type, name) if answer.ok else self.refused(answer)

    async def unit_names(self) -> Mapping[str, str]:
        """Give the names of care units by number."""
        return await self.gateway.unit_names.read(lambda: self.get("inventory", "/care-units/names"))

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        wrong = values["refusal"].by_field if values.get("refusal") else {}
        return page_for(
            self.gateway, self.request, template, status=status, visit=self, wrong=wrong, **values
        )

    @property
    def form_token(self) -> str:
        return self.gateway.sessions.form_token(self.session.sub)


def page_for(
    gateway: Gateway,
    request: Request,
    template: str,
    *,
    status: int = 200,
    visit: Visit | None = None,
    **values: Any,
) -> Response:
    """Answer with a page, for a signed-in person or for somebody who is not."""
    settings = gateway.settings
    return html(
        template,
        status=status,
        visit=visit,
        me=visit.me if visit else None,
        phone=settings.customer_service_phone,
        is_testdata=settings.mode != "production",
        is_partial=is_partial(request),
        path=request.url.path,
        help_topic=topic_of(request.url.path),
        today=gateway.clock.today(),
        **values,
    )


def see(path: str) -> Response:
    """Lead to the page that shows what came of it: going back or reading again repeats nothing."""
    return RedirectResponse(path, 303)


def may_open(visit: Visit, path: str) -> bool:
    """Tell whether the roles open a page: the services that it asks decide again about each thing."""
    action = OPENED_BY.get(path)
    return action is None or visit.may(action)


def not_for_you(visit: Visit) -> Response:
    detail = _("Din roll har inte den här sidan. Fråga din chef om du borde ha den.")
    refusal = Answer("gateway", 403, {"rule": "forbidden", "detail": detail})
    return visit.page("refused.html", status=403, answer=refusal)


def is_partial(request: Request) -> bool:
    """Tell whether htmx asks for a part of a page."""
    return request.headers.get("hx-request-type") == "partial"


def part(text: str) -> str:
    """Write a name as one part of an address."""
    return quote(text, safe="")


Handler = Callable[..., Awaitable[Response]]


async def shown_or_refused(handler: Handler, visit: Visit, *form: Form) -> Response:
    """Answer with the page, or say why it cannot be shown."""
    try:
        return await handler(visit, *form)
    except NotShown as missing:
        return visit.refused(missing.answer)


class Pages:
    """Registers pages: each demands a session, and each form its token, in this one place."""

    def __init__(self, gateway: Gateway) -> None:
        self.router = APIRouter()
        self._gateway = gateway

    def page(self, path: str) -> Callable[[Handler], Handler]:
        """Register a handler of `(visit)` for reading a page."""

        def register(handler: Handler) -> Handler:
            async def answer(request: Request) -> Response:
                visit = await self._visit(request, None)
                return await shown_or_refused(handler, visit) if may_open(visit, path) else not_for_you(visit)

            self._add(path, answer, "GET", handler.__name__)
            return handler

        return register

    def form(self, path: str) -> Callable[[Handler], Handler]:
        """Register a handler of `(visit, form)` for a form that is sent."""

        def register(handler: Handler) -> Handler:
            async def answer(request: Request) -> Response:
                form = self._filled_in(await form_of(request))
                request.scope[FILLED_IN] = form
                demand_same_site(request, self._gateway.settings.gateway_url)
                visit = await self._visit(request, form)
                if not self._gateway.sessions.is_form_token(form.text("form_token"), visit.session.sub):
                    raise Forged
                if not may_open(visit, path):
                    return not_for_you(visit)
                return await shown_or_refused(handler, visit, form)

            self._add(path, answer, "POST", handler.__name__)
            return handler

        return register

    def _filled_in(self, form: Form) -> Form:
        """Give back what outlived a session, without the button that was pressed: it is pressed again."""
        sealed = form.text("sealed")
        if not sealed:
            return form
        return Form(pair for pair in self._gateway.sessions.opened_form(sealed) if pair[0] != "do")

    def open_page(self, path: str, template: str, **values: Callable[["Visit | None"], Any]) -> None:
        """Register a page that everybody may read, signed in or not; `values` come from who reads."""

        async def answer(request: Request) -> Response:
            try:
                session = await self._gateway.session_of(request)
            except httpx.HTTPError:
                session = None
            visit = Visit(self._gateway, request, session) if session else None
            made = {name: value(visit) for name, value in values.items()}
            return page_for(self._gateway, request, template, visit=visit, **made)

        self._add(path, answer, "GET", template.removesuffix(".html"))

    async def _visit(self, request: Request, form: Form | None) -> Visit:
        try:
            session = await self._gateway.session_of(request)
        except httpx.HTTPError as silent:
            raise ProviderSilent from silent
        if session is None:
            raise NobodySignedIn(form)
        return Visit(self._gateway, request, session)

    def _add(self, path: str, answer: Handler, method: str, name: str) -> None:
        self.router.add_api_route(
            path, answer, methods=[method], name=name, response_model=None, include_in_schema=False
        )
