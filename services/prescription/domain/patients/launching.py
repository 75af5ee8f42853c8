"""Opening a patient from a record system, once for each signed context (S28)."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.decision import Decision, Refused, Sentence


class LaunchRefused(Refused):
    """The context is forged, old, for somebody else, or was used already; never says which (S28)."""

    rule = "launch-refused"
    sentence = Sentence(
        "Uthoppet gäller inte längre. Gör ett nytt uthopp från journalen, eller sök fram patienten här.",
        "The launch is not valid any more. Launch again from the record, or find the patient here.",
    )


@dataclass(frozen=True)
class Launch:
    """A launch that was used: by whom, to whom, from where."""

    patient_ref: str
    system: str
    by: str
    at: datetime


def use_launch(used: Launch | None, *, launch: Launch) -> Decision[Launch]:
    """Use a launch, once (S28); raises LaunchRefused the second time."""
    if used is not None:
        raise LaunchRefused
    return launch, []
