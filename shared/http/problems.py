"""Every error as problem+json (RFC 9457), with a stable code and a sentence in Swedish or English."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.auth.tokens import InvalidToken
from shared.domain.decision import Addressed, NotFound, Refused, Sentence
from shared.http.field_errors import field_problems
from shared.http.language import language_of, said
from shared.http.rates import TooOften
from shared.logs import own_frames
from shared.repository import KeyReused, VersionChanged, WrittenByNewer

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

SENTENCES: dict[str, Sentence] = {
    "not-found": Sentence(
        "Det du söker finns inte. Kontrollera numret.", "What you asked for does not exist. Check the number."
    ),
    "not-signed-in": Sentence("Du behöver logga in igen.", "You need to sign in again."),
    "forbidden": Addressed(
        "Din behörighet räcker inte för det här. Ansök via din chef.",
        "Your permission does not cover this. Apply through your manager.",
        to_citizen=Sentence(
            "Du har inte tillgång till det här. Ring kundservice om du behöver hjälp.",
            "You have no access to this. Call customer service if you need help.",
        ),
    ),
    "not-your-unit": Addressed(
        "Det här hör till en enhet som du inte har behörighet till.",
        "This belongs to a care unit that you have no permission for.",
        to_citizen=Sentence(
            "Du har inte tillgång till det här. Ring kundservice om du behöver hjälp.",
            "You have no access to this. Call customer service if you need help.",
        ),
    ),
    "version-changed": Sentence(
        "Någon annan har ändrat det här sedan du läste det. Ladda om och försök igen.",
        "Somebody else changed this since you read it. Read it again and retry.",
    ),
    "key-reused": Sentence(
        "Samma Idempotency-Key har redan använts med ett annat innehåll. Välj en ny nyckel.",
        "The same Idempotency-Key was already used with another body. Choose a new key.",
    ),
    "key-missing": Sentence(
        "Begäran måste ha en Idempotency-Key, så att den aldrig utförs två gånger.",
        "The request must carry an Idempotency-Key, so that it is never carried out twice.",
    ),
    "key-invalid": Sentence(
        "Idempotency-Key ska ha 8 till 128 tecken: bokstäver, siffror, punkt, kolon, streck.",
        "Idempotency-Key must have 8 to 128 characters: letters, digits, dot, colon, dash.",
    ),
    "etag-invalid": Sentence(
        "If-Match ska vara den ETag som lästes.", "If-Match must be the ETag that was read."
    ),
    "invalid": Sentence(
        "Uppgifterna kunde inte läsas. Rätta fälten som nämns.",
        "The input could not be read. Correct the named fields.",
    ),
    "malformed": Sentence(
        "Innehållet är inte giltig JSON.",
        "The body is not valid JSON.",
    ),
    "name-twice": Sentence(
        "Ett fält står två gånger i innehållet. Skicka varje fält en gång.",
        "A field stands twice in the body. Send each field once.",
    ),
    "not-json": Sentence(
        "Innehållet ska skickas som application/json.",
        "The body must be sent as application/json.",
    ),
    "too-often": Sentence(
        "För många förfrågningar på kort tid. Vänta en stund och försök igen.",
        "Too many requests within a short time. Wait a while and try again.",
    ),
    "newer-version": Sentence(
        "Systemet uppdateras, och det här har redan sparats av den nya versionen. Försök igen om en stund.",
        "The system is being updated, and the new version has already saved this. Try again in a while.",
    ),
    "method-not-allowed": Sentence(
        "Adressen finns, men inte för det här anropet. Kontrollera metoden.",
        "The address exists, but not for this request. Check the method.",
    ),
    "too-large": Sentence(
        "Innehållet är för stort. Dela upp det.", "The body is too large. Send it in several parts."
    ),
    "failed": Sentence(
        "Något gick fel hos oss. Försök igen; ingenting utförs två gånger.",
        "Something failed on our side. Try again; nothing is done twice.",
    ),
}
CODES_BY_STATUS = {
    400: "malformed",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
}

UPGRADED_SECONDS = 30
"""When to try again what an older version must leave alone: another replica may answer then."""


class Forbidden(Exception):
    """The person may not reach this thing; says a stable code, never whose it is.

    `patient_refs` are whom it is about, for the audit log alone.
    """

    def __init__(self, rule: str = "forbidden", *, patient_refs: tuple[str, ...] = ()) -> None:
        self.rule = rule
        self.patient_refs = patient_refs
        super().__init__(rule)


class Problem(Exception):
    """Any other expected error of a door; `patient_refs` are whom it is about, for the audit log alone."""

    def __init__(
        self,
        status: int,
        rule: str,
        sentence: Sentence | None = None,
        *,
        patient_refs: tuple[str, ...] = (),
        **more: Any,
    ) -> None:
        self.patient_refs = patient_refs
        self.status = status
        self.rule = rule
        self.sentence = sentence
        self.more = more
        super().__init__(rule)

    @classmethod
    def saying(cls, refused: type[Refused], status: int, *, patient_refs: tuple[str, ...] = ()) -> "Problem":
        """Say with another status than 422 what a rule would say."""
        return cls(status, refused.rule, refused.sentence, patient_refs=patient_refs)


def problem(
    request: Request, status: int, rule: str, sentence: Sentence | None = None, **more: Any
) -> JSONResponse:
    language = language_of(request.headers.get("accept-language"))
    body = {
        "type": f"urn:oppna-sesam:problem:{rule}",
        "title": rule,
        "status": status,
        "rule": rule,
        "detail": said(sentence or SENTENCES.get(rule, SENTENCES["failed"]), language),
        **more,
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers={"Content-Language": language})


def add_problems(app: FastAPI) -> None:
    """Turn every expected exception into its problem; an unexpected one into a 500 without details."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotFound, _plain(404, "not-found"))
    app.add_exception_handler(InvalidToken, _not_signed_in)
    app.add_exception_handler(TooOften, _too_often)
    app.add_exception_handler(VersionChanged, _plain(412, "version-changed"))
    app.add_exception_handler(KeyReused, _plain(422, "key-reused"))
    app.add_exception_handler(WrittenByNewer, _newer)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _plain(status: int, rule: str) -> Any:
    async def answer(request: Request, _: Exception) -> JSONResponse:
        return problem(request, status, rule)

    return answer


async def _not_signed_in(request: Request, _: Exception) -> JSONResponse:
    answer = problem(request, 401, "not-signed-in")
    answer.headers["WWW-Authenticate"] = "Bearer"  # RFC 6750 section 3
    return answer


async def _too_often(request: Request, often: Exception) -> JSONResponse:
    assert isinstance(often, TooOften)  # noqa: S101  registered for TooOften
    answer = problem(request, 429, "too-often")
    answer.headers["Retry-After"] = str(often.retry_after)
    return answer


async def _newer(request: Request, _: Exception) -> JSONResponse:
    answer = problem(request, 503, "newer-version")
    answer.headers["Retry-After"] = str(UPGRADED_SECONDS)
    return answer


async def _refused(request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, Refused)  # noqa: S101  registered for Refused
    language = language_of(request.headers.get("accept-language"))
    reasons = [
        {"rule": each.rule, "detail": said(each.said, language), "facts": each.facts}
        for each in refused.reasons
    ]
    return problem(request, 422, refused.rule, refused.said, reasons=reasons)


async def _forbidden(request: Request, forbidden: Exception) -> JSONResponse:
    assert isinstance(forbidden, Forbidden)  # noqa: S101  registered for Forbidden
    return problem(request, 403, forbidden.rule, SENTENCES.get(forbidden.rule, SENTENCES["forbidden"]))


async def _problem(request: Request, expected: Exception) -> JSONResponse:
    assert isinstance(expected, Problem)  # noqa: S101  registered for Problem
    return problem(request, expected.status, expected.rule, expected.sentence, **expected.more)


async def _invalid(request: Request, invalid: Exception) -> JSONResponse:
    assert isinstance(invalid, RequestValidationError)  # noqa: S101  registered for it
    if any(error["type"] == "json_invalid" for error in invalid.errors()):
        return problem(request, 400, "malformed")
    language = language_of(request.headers.get("accept-language"))
    return problem(request, 422, "invalid", fields=field_problems(invalid.errors(), language))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for it
    rule = CODES_BY_STATUS.get(error.status_code, f"http-{error.status_code}")
    answer = problem(request, error.status_code, rule, Sentence(str(error.detail), str(error.detail)))
    answer.headers.update(error.headers or {})
    return answer


async def _bug(request: Request, bug: Exception) -> JSONResponse:
    route = getattr(request.scope.get("route"), "name", None)
    log.error("request failed", error=type(bug).__name__, frames=own_frames(bug), route=route)
    return problem(request, 500, "failed")
