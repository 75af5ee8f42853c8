"""Decisions about money take two people: the one who asks never decides."""

from shared.domain.decision import Refused, Sentence


class SamePerson(Refused):
    """The person who asked cannot decide (N5, S97)."""

    rule = "second-person-needed"
    sentence = Sentence(
        "Du har själv lagt förslaget. Be en kollega med samma behörighet att avgöra det.",
        "You made the proposal yourself. Ask a colleague with the same permission to decide on it.",
    )


class AnotherProposal(Refused):
    """What waits is not what the second person read: it was taken back, and another was made (S97, Q57)."""

    rule = "another-proposal"
    sentence = Sentence(
        "Det som är föreslaget nu är ett annat än det du läste. Läs ärendet igen, och avgör sedan.",
        "What is proposed now is another than you read. Read the case again, then decide.",
    )


def refuse_same_person(*, asked_by: str, by: str) -> None:
    """Raise SamePerson when one person would do both parts (N5, S97)."""
    if asked_by == by:
        raise SamePerson


def refuse_unread(*, proposed: object, read: object) -> None:
    """Raise AnotherProposal when what is proposed is not what the second person read (S97, Q57)."""
    if proposed != read:
        raise AnotherProposal
