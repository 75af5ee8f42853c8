"""Routes for a person's own settings: from where devices are taken (S153)."""

from functools import partial
from typing import cast

from fastapi import Response

from services.prescription.domain.own.settings import OwnSettings, Source, choose_source
from services.prescription.repository.collections import OWN_SETTINGS
from services.prescription.repository.prescriptions import Prescribing
from shared.http import Ask, Asked, Request, Router, View


class SettingsForm(Request):
    """From where devices are taken unless the line says otherwise."""

    source: Source


class SettingsView(View):
    """The own settings; no source when none was chosen: then it is asked for each time (Q52)."""

    source: Source | None


def routes(prescribing: Prescribing) -> Router:
    router = Router("prescription", prefix="/me", tags=["me"])
    repository = prescribing.repository

    @router.get("/settings")
    async def get_own_settings(ask: Ask) -> SettingsView:
        kept = await repository.get(OWN_SETTINGS.maybe(ask.actor.sub))
        return SettingsView(source=kept.source if kept else None)

    @router.put("/settings", response_model=SettingsView)
    async def choose_own_settings(form: SettingsForm, asked: Asked) -> Response:
        person = asked.actor.sub
        answer = await repository.change(
            OWN_SETTINGS.maybe(person),
            partial(choose_source, person=person, source=form.source),
            cause=asked.cause,
            reply=lambda kept: SettingsView(source=cast("OwnSettings", kept).source),
        )
        return asked.answered(answer)

    return router
