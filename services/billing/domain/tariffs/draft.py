"""A drafted tariff: one person drafts it, another publishes it (N5)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.billing.domain.tariffs.tariff import PublishedTariff, against_publish
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.two_people import refuse_same_person
from shared.events.billing import TariffPublished
from shared.events.tasks import TaskRaised, TaskResolved


class DraftDecided(Refused):
    """The draft is published or withdrawn, and never changed after that."""

    rule = "tariff-draft-decided"
    sentence = Sentence(
        "Utkastet är redan avgjort. Gör ett nytt utkast.",
        "The draft is decided already. Make a new draft.",
    )


@dataclass(frozen=True)
class Draft:
    """A proposed tariff; its content never changes, so that what was previewed is what is published."""

    draft_id: str
    proposed: TariffPublished
    drafted_by: str
    drafted_at: datetime
    state: Literal["drafted", "published", "withdrawn"] = "drafted"
    decided_by: str | None = None
    decided_at: datetime | None = None


def draft_tariff(
    draft: Draft | None, existing: PublishedTariff | None, *, proposal: Draft, not_before: date | None
) -> Decision[Draft | None, PublishedTariff | None]:
    """Keep a draft that could be published, and ask a second person to decide (N5).

    Raises what `against_publish` gives.
    """
    if draft:
        return draft, existing, []
    refuse_any(against_publish(existing, proposed=proposal.proposed, not_before=not_before))
    return proposal, existing, [_waits(proposal)]


def publish_draft(
    draft: Draft, existing: PublishedTariff | None, *, by: str, at: datetime, not_before: date | None
) -> Decision[Draft, PublishedTariff | None]:
    """Publish exactly what was drafted, in force from its first day on (S57 to S62, N5).

    Raises DraftDecided, SamePerson, and what `against_publish` gives.
    """
    _refuse_decided(draft)
    refuse_same_person(asked_by=draft.drafted_by, by=by)
    refuse_any(against_publish(existing, proposed=draft.proposed, not_before=not_before))
    published = replace(draft, state="published", decided_by=by, decided_at=at)
    tariff = PublishedTariff(draft.proposed.tariff, draft.proposed)
    return published, tariff, [draft.proposed, _decided(draft, "published")]


def withdraw_draft(draft: Draft, *, by: str, at: datetime) -> Decision[Draft]:
    """Take a draft back, which its drafter may do alone (N5); raises DraftDecided."""
    _refuse_decided(draft)
    withdrawn = replace(draft, state="withdrawn", decided_by=by, decided_at=at)
    return withdrawn, [_decided(draft, "withdrawn")]


def _refuse_decided(draft: Draft) -> None:
    if draft.state != "drafted":
        raise DraftDecided(state=draft.state)


def _waits(draft: Draft) -> TaskRaised:
    return TaskRaised(
        task_id=f"tariff-draft:{draft.draft_id}",
        kind="tariff_draft_waits",
        role="economist",
        subject_no=draft.draft_id,
        reason="tariff-drafted",
        details={"tariff": draft.proposed.tariff},
    )


def _decided(draft: Draft, how: str) -> TaskResolved:
    return TaskResolved(task_id=f"tariff-draft:{draft.draft_id}", how=how)
