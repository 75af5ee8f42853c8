"""Pages about the system itself: help, accessibility, my page, and what went wrong."""

from typing import Any
from uuid import uuid4

import structlog
from fastapi import Request, Response

from gateway.visit import FILLED_IN, Gateway, Pages, Visit, is_partial, page_for, see
from gateway.web import words
from gateway.web.forms import Form
from gateway.web.help_topics import topics
from gateway.web.rendering import rendered
from gateway.web.roles import named
from gateway.web.words import _
from shared.logs import own_frames

log = structlog.get_logger()


def register(pages: Pages) -> None:
    @pages.page("/me")
    async def my_page(visit: Visit) -> Response:
        """Show who the system takes me for, and what I may do (S52, S155)."""
        prescribing = await visit.get("prescription", "/me/prescribing") if is_staff(visit) else None
        names = await visit.unit_names()
        units = [names.get(each, each) for each in sorted(visit.me.get("care_units", ()))]
        mine = await visit.post("ordering", "/withdrawals/mine", {}) if has_withdrawals(visit) else None
        settings = await visit.get("prescription", "/me/settings") if has_settings(visit) else None
        return visit.page(
            "my_page.html",
            prescribing=prescribing,
            roles=roles_of(visit),
            units=units,
            mine=mine,
            settings=settings,
            sources=sources(),
            key=uuid4().hex,
            saved=visit.request.query_params.get("saved") == "1",
        )

    @pages.form("/me")
    async def choose_settings(visit: Visit, form: Form) -> Response:
        """Keep from where devices are taken unless a line says otherwise (S153)."""
        body = {"source": form.text("source")}
        kept = await visit.put("prescription", "/me/settings", body, key=form.text("key"), etag="*")
        return see("/me?saved=1") if kept.ok else visit.page("refused.html", status=kept.status, answer=kept)

    pages.open_page("/help", "help.html", topics=lambda visit: topics(visit.may if visit else everything))
    pages.open_page("/accessibility", "accessibility.html")


def has_withdrawals(visit: Visit) -> bool:
    return visit.may("ordering.list_my_withdrawals")


def has_settings(visit: Visit) -> bool:
    return visit.may("prescription.choose_own_settings")


def sources() -> list[tuple[str, str]]:
    return [("", _("Frågas varje gång")), ("storeroom", _("Eget förråd")), ("warehouse", _("Huvudlagret"))]


def everything(_action: str) -> bool:
    """Whoever is not signed in reads what there is."""
    return True


def is_staff(visit: Visit) -> bool:
    return visit.may("prescription.get_own_prescribing")


def roles_of(visit: Visit) -> list[str]:
    """Name the person's roles in words."""
    return named(visit.me.get("roles", ()))


def language_now() -> str:
    return words.language.get()


def trouble(gateway: Gateway, request: Request, what: str, *, status: int) -> Response:
    """Say what went wrong and what to do next."""
    titles = {
        "forged": _("Formuläret kunde inte tas emot"),
        "missing": _("Sidan finns inte"),
        "failed": _("Något gick fel hos oss"),
        "no-provider": _("Inloggningen svarar inte"),
        "not-let-in": _("Du kunde inte loggas in"),
        "broken-off": _("Du loggades inte in"),
        "sign-in-too-late": _("Inloggningen tog för lång tid"),
    }
    next_steps = {
        "forged": _("Öppna sidan på nytt och fyll i formuläret där."),
        "missing": _("Kontrollera adressen, eller börja om från startsidan."),
        "failed": _("Försök igen. Det du skickade görs inte två gånger."),
        "no-provider": _("Vänta en stund och försök igen."),
        "not-let-in": _("Försök igen. Hjälper det inte saknar du behörighet till systemet."),
        "broken-off": _("Inloggningen avbröts. Försök igen när du vill."),
        "sign-in-too-late": _("Logga in igen, i samma webbläsare som du började i."),
    }
    title, next_step = titles[what], next_steps[what]
    if is_partial(request):
        answer = Response(
            rendered("parts/trouble.html", title=title, next_step=next_step), status, media_type="text/html"
        )
        answer.headers.update({"HX-Retarget": "#alert", "HX-Reswap": "innerHTML"})
        return answer
    form = request.scope.get(FILLED_IN) if what == "failed" else None
    sealed = gateway.sessions.sealed_form(form.pairs) if form else ""
    said: dict[str, Any] = {"title": title, "next_step": next_step, "sealed": sealed}
    return page_for(gateway, request, "trouble.html", status=status, **said)


def note_failure(request: Request, error: Exception) -> None:
    """Log a bug with our own lines of code, and nothing of what somebody typed."""
    route = getattr(request.scope.get("route"), "name", None)
    log.error("request failed", error=type(error).__name__, frames=own_frames(error), route=route)
