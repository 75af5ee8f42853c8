"""Pages about the system itself: help, accessibility, my page, and what went wrong."""

from typing import Any

import structlog
from fastapi import Request, Response

from gateway.visit import FILLED_IN, Gateway, Pages, Visit, is_partial, page_for
from gateway.web import words
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
        return visit.page("my_page.html", prescribing=prescribing, roles=roles_of(visit), units=units)

    pages.open_page("/help", "help.html")
    pages.open_page("/accessibility", "accessibility.html")


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
