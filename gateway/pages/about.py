"""Pages about the system itself: help, accessibility, my page, the language, and what went wrong."""

import structlog
from fastapi import Request, Response

from gateway.sign_in.attempt import own_path
from gateway.visit import LANGUAGE_COOKIE, Gateway, Pages, Visit, page_for, see
from gateway.web import words
from gateway.web.words import _
from shared.logs import own_frames

A_YEAR_SECONDS = 31_536_000

log = structlog.get_logger()


def register(pages: Pages) -> None:
    @pages.page("/me")
    async def my_page(visit: Visit) -> Response:
        """Show who the system takes me for, and what I may do (S52, S155)."""
        prescribing = await visit.get("prescription", "/me/prescribing") if is_staff(visit) else None
        names = await visit.unit_names()
        units = [names.get(each, each) for each in sorted(visit.me.get("care_units", ()))]
        return visit.page("my_page.html", prescribing=prescribing, roles=roles_of(visit), units=units)

    @pages.page("/help")
    async def help_page(visit: Visit) -> Response:
        return visit.page("help.html")

    @pages.page("/accessibility")
    async def accessibility(visit: Visit) -> Response:
        return visit.page("accessibility.html")

    @pages.page("/language/{language}")
    async def choose_language(visit: Visit) -> Response:
        """Remember the language in this browser, and go back to the page."""
        answer = see(own_path(visit.request.query_params.get("to", "/")))
        wanted = "en" if visit.request.path_params["language"] == "en" else "sv"
        answer.set_cookie(
            LANGUAGE_COOKIE, wanted, A_YEAR_SECONDS, path="/", secure=True, httponly=True, samesite="lax"
        )
        return answer


def is_staff(visit: Visit) -> bool:
    return visit.may("prescription.get_own_prescribing")


def roles_of(visit: Visit) -> list[str]:
    """Name the person's roles in words."""
    named = {
        "prescriber": _("Förskrivare"),
        "physician": _("Läkare"),
        "dietitian": _("Dietist"),
        "order_placer": _("Beställare"),
        "customer_service": _("Kundservice"),
        "store_keeper": _("Förrådspersonal"),
        "technician": _("Tekniker"),
        "economist": _("Ekonom"),
        "operator": _("Driftpersonal"),
        "patient": _("Patient eller vårdnadshavare"),
    }
    return [named[each] for each in visit.me.get("roles", ()) if each in named]


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
        "sign-in-too-late": _("Inloggningen tog för lång tid"),
    }
    next_steps = {
        "forged": _("Öppna sidan på nytt och fyll i formuläret där."),
        "missing": _("Kontrollera adressen, eller börja om från startsidan."),
        "failed": _("Försök igen. Det du skickade görs inte två gånger."),
        "no-provider": _("Vänta en stund och försök igen."),
        "not-let-in": _("Försök igen. Hjälper det inte saknar du behörighet: fråga din chef."),
        "sign-in-too-late": _("Logga in igen, i samma webbläsare som du började i."),
    }
    return page_for(
        gateway, request, "trouble.html", status=status, title=titles[what], next_step=next_steps[what]
    )


def note_failure(request: Request, error: Exception) -> None:
    """Log a bug with our own lines of code, and nothing of what somebody typed."""
    route = getattr(request.scope.get("route"), "name", None)
    log.error("request failed", error=type(error).__name__, frames=own_frames(error), route=route)
