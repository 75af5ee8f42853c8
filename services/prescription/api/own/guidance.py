"""Routes for the help of each page and for who is entitled to devices (S151, S178 to S180, S183)."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field

from services.prescription.domain.own.guidance import Guidance, change_guidance
from services.prescription.repository.collections import GUIDANCE
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.decision import NotFound, Sentence
from shared.domain.text import single_line
from shared.fields import of_text
from shared.http import Ask, Asked, Language, Request, Router, View
from shared.http.ids import Id
from shared.http.language import said

LONGEST_TEXT = 2000
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), of_text(single_line)]


class GuidanceForm(Request):
    """The region's own text, in both languages."""

    sv: Text
    en: Text


class GuidanceView(View):
    """A text in the reader's language."""

    key: str
    """A page, or `entitled-` with a kind of patient."""
    title: str
    text: str
    changed: bool
    """The region has changed it."""

    @classmethod
    def of(cls, guidance: Guidance, language: Language) -> "GuidanceView":
        return cls(
            key=guidance.key,
            title=said(guidance.title, language),
            text=said(guidance.text, language),
            changed=guidance.changed_by is not None,
        )


def routes(prescribing: Prescribing, delivered: Mapping[str, Guidance], clock: Clock) -> Router:
    router = Router("prescription", prefix="/guidance", tags=["me"])
    repository = prescribing.repository

    @router.get("")
    async def list_guidance(ask: Ask) -> list[GuidanceView]:
        """List the help of every page, and who is entitled, in the reader's language."""
        kept = await repository.get(GUIDANCE.maybe_many(list(delivered)))
        now = (own or each for own, each in zip(kept, delivered.values(), strict=True))
        return [GuidanceView.of(each, ask.language) for each in now]

    @router.put("/{key}", response_model=GuidanceView)
    async def change_guidance_text(key: Id, form: GuidanceForm, asked: Asked) -> Response:
        """Change a text for the whole region, in both languages; it names nobody."""
        if key not in delivered:
            raise NotFound(GUIDANCE.noun, key)
        rule = partial(
            change_guidance,
            delivered=delivered[key],
            text=Sentence(form.sv, form.en),
            by=asked.actor.sub,
            at=clock.now(),
        )
        answer = await repository.change(
            GUIDANCE.maybe(key),
            rule,
            cause=asked.cause,
            reply=lambda kept: GuidanceView.of(kept or delivered[key], asked.language),
        )
        return asked.answered(answer)

    return router
