"""Decisions about money take two people: the one who asks never decides."""

from shared.domain.decision import Refused, Sentence


class SamePerson(Refused):
    """The person who asked cannot decide (N5, S97)."""

    rule = "second-person-needed"
    sentence = Sentence(
        "Du har själv lagt förslaget. Be en kollega med samma behörighet att avgöra det.",
        "You made the proposal yourself. Ask a colleague with the same permission to decide on it.",
    )


def refuse_same_person(*, asked_by: str, by: str) -> None:
    """Raise SamePerson when one person would do both parts (N5, S97)."""
    if asked_by == by:
        raise SamePerson
