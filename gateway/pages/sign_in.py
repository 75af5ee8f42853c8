"""Signing in at the region's provider, signing out here and there, and sessions that are over."""

from http import HTTPStatus

import httpx
import structlog
from fastapi import APIRouter, Request, Response

from gateway.pages import about
from gateway.sessions.session import Session, key_of, new_secret
from gateway.sign_in.attempt import WITHIN, Attempt, cookie_of, new_attempt, own_path
from gateway.sign_in.openid import NotSignedIn
from gateway.visit import (
    COOKIE,
    LANGUAGE_COOKIE,
    Gateway,
    is_partial,
    page_for,
    see,
)
from gateway.web.forms import Forged, Form, demand_same_site, form_of
from gateway.web.rendering import rendered

A_YEAR_SECONDS = 31_536_000

log = structlog.get_logger()


def router(gateway: Gateway) -> APIRouter:
    doors = APIRouter(include_in_schema=False)
    _signing_in(doors, gateway)
    _signing_out(doors, gateway)
    return doors


def _signing_in(doors: APIRouter, gateway: Gateway) -> None:
    @doors.get("/sign-in", response_model=None)
    async def begin_sign_in(request: Request) -> Response:
        """Lead to the provider; what only this browser knows goes along in a sealed cookie."""
        attempt = new_attempt(request.query_params.get("to", "/"))
        try:
            address = await gateway.openid.address_to_sign_in(attempt, language=about.language_now())
        except httpx.HTTPError:
            return about.trouble(gateway, request, "no-provider", status=503)
        answer = see(address)
        set_cookie(answer, attempt.cookie, gateway.attempts.sealed(attempt), int(WITHIN.total_seconds()))
        return answer

    @doors.get("/sign-in/callback", response_model=None)
    async def end_sign_in(request: Request) -> Response:
        """Take the provider's answer: a new session, whatever this browser had before."""
        said = request.query_params
        name = cookie_of(said.get("state", ""))
        attempt = gateway.attempts.opened(request.cookies.get(name, ""), said.get("state", ""))
        if attempt is None or not gateway.openid.is_from_provider(said.get("iss")):
            return about.trouble(gateway, request, "sign-in-too-late", status=400)
        if said.get("error"):
            return about.trouble(gateway, request, "broken-off", status=403)
        try:
            secret = await signed_in(gateway, request, said.get("code", ""), attempt)
        except NotSignedIn:
            return about.trouble(gateway, request, "not-let-in", status=403)
        except httpx.HTTPError:
            return about.trouble(gateway, request, "no-provider", status=503)
        answer = see(attempt.then_to)
        set_cookie(answer, COOKIE, secret, None)
        drop_cookie(answer, name)
        return answer


async def signed_in(gateway: Gateway, request: Request, code: str, attempt: Attempt) -> str:
    """Trade the code for a session; give the secret of its cookie. Raises NotSignedIn, httpx.HTTPError."""
    tokens, identity = await gateway.openid.tokens_for(code, attempt)
    answer = await gateway.person(tokens.access)
    if answer.is_down:
        raise httpx.ConnectError("prescription does not answer")
    if not answer.ok or answer.body["sub"] != identity.sub:
        raise NotSignedIn
    me = answer.body
    if before := request.cookies.get(COOKIE):
        await gateway.sessions.end(key_of(before))
    secret, now = new_secret(), gateway.clock.now()
    await gateway.sessions.begin(
        Session(key_of(secret), str(identity.sub), identity.sid, tokens, began_at=now, used_at=now, me=me)
    )
    log.info("signed in", roles=list(me["roles"]))
    return secret


def _signing_out(doors: APIRouter, gateway: Gateway) -> None:
    @doors.post("/sign-out", response_model=None)
    async def sign_out(request: Request) -> Response:
        """End the session here, and lead to the provider, which ends its own."""
        form = await form_of(request)
        demand_same_site(request, gateway.settings.gateway_url)
        secret = request.cookies.get(COOKIE, "")
        session = await gateway.sessions.read_to_end(key_of(secret))
        if session and not gateway.sessions.is_form_token(form.text("form_token"), session.sub):
            raise Forged
        await gateway.sessions.end(key_of(secret))
        there = await gateway.openid.address_to_sign_out(session.tokens.identity if session else "")
        answer = see(there or "/signed-out")
        drop_cookie(answer, COOKIE)
        return answer

    @doors.get("/language/{language}", response_model=None)
    async def choose_language(request: Request, language: str) -> Response:
        """Remember the language in this browser, and go back to the page."""
        answer = see(own_path(request.query_params.get("to", "/")))
        set_cookie(answer, LANGUAGE_COOKIE, "en" if language == "en" else "sv", A_YEAR_SECONDS)
        return answer

    @doors.get("/signed-out", response_model=None)
    async def signed_out(request: Request) -> Response:
        return page_for(gateway, request, "signed_out.html")

    @doors.post("/sign-out/notified", response_model=None)
    async def sign_out_notified(request: Request) -> Response:
        """End what the provider says is over (back-channel logout): that sign-in, or all of that person."""
        form = await form_of(request)
        try:
            identity = await gateway.openid.signed_out(form.text("logout_token"))
        except NotSignedIn:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if identity.sid:
            await gateway.sessions.end_sign_in(identity.sid)
        else:
            await gateway.sessions.end_person(str(identity.sub))
        return Response(status_code=HTTPStatus.OK)


async def asked_to_sign_in(gateway: Gateway, request: Request, form: Form | None) -> Response:
    """Answer who is not signed in (any more) without losing what was filled in."""
    if is_partial(request):
        answer = Response(rendered("parts/session_over.html"), 401, media_type="text/html")
        answer.headers.update({"HX-Retarget": "#alert", "HX-Reswap": "innerHTML"})
        return answer
    if form is not None:
        sealed = gateway.sessions.sealed_form(form.pairs)
        return page_for(gateway, request, "session_over.html", status=401, sealed=sealed)
    path = own_path(request.url.path)
    if path == "/":
        return page_for(gateway, request, "landing.html")
    return see(f"/sign-in?to={path}")


def set_cookie(answer: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that no script reads; Lax, or the provider's answer would come without it."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def drop_cookie(answer: Response, name: str) -> None:
    answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
