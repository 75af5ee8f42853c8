"""What the system says to people: the guide's words, and nobody is sent to oneself (N1)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from shared.domain.customer_service import CALL
from shared.domain.decision import READERS, Reader, Refused, Sentence
from shared.http.problems import SENTENCES

PROJECT = Path(__file__).resolve().parents[2]
TO_CUSTOMER_SERVICE = re.compile(
    r"(ring|kontakta|fråga|be|låt|mejla) \w*\s*kundservice|kundservice måste", re.IGNORECASE
)
TO_A_MANAGER = re.compile(r"\bchef", re.IGNORECASE)
NEVER_READ_BY_CUSTOMER_SERVICE = {"not-your-patient", "block-not-yours"}
NOT_OUR_WORDS = re.compile(
    r"annuller|kunde inte lämnas|avsagt sig|\border(n|s)?\b|genom kundservice|läs om"
    r"|\bfakturering (tog|har|svar)|förskrivas till"
)


def refusals(of: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for each in of.__subclasses__():
        yield each
        yield from refusals(each)


def sentences() -> list[tuple[str, Sentence]]:
    for file in sorted([*PROJECT.glob("services/*/domain/**/*.py"), *PROJECT.glob("shared/**/*.py")]):
        if file.name != "__init__.py":
            import_module(".".join(file.relative_to(PROJECT).with_suffix("").parts))
    ours = [each for each in refusals() if each.__module__.startswith(("services", "shared"))]
    return [*((each.rule, each.sentence) for each in ours), *SENTENCES.items()]


@pytest.mark.parametrize("reader", READERS)
def test_sentences_use_the_guides_words(reader: Reader) -> None:
    wrong = [
        (rule, said.to(reader).sv) for rule, said in sentences() if NOT_OUR_WORDS.search(said.to(reader).sv)
    ]

    assert wrong == []


def test_customer_service_is_not_told_to_call_customer_service() -> None:
    said = [
        (rule, sentence.to("customer_service").sv)
        for rule, sentence in sentences()
        if rule not in NEVER_READ_BY_CUSTOMER_SERVICE
    ]

    assert [each for each in said if TO_CUSTOMER_SERVICE.search(each[1])] == []


def test_a_citizen_is_not_told_to_ask_a_manager() -> None:
    assert [each for each in sentences() if TO_A_MANAGER.search(each[1].to("citizen").sv)] == []


def test_a_sentence_for_one_reader_is_that_readers_alone_also_when_more_follows() -> None:
    both = Sentence("Det gick inte.", "It did not work.") + CALL

    assert both.to("staff").sv == f"Det gick inte. {CALL.sv}"
    assert both.to("customer_service") == Sentence("Det gick inte.", "It did not work.")
    assert both.to("citizen") == both.to("staff")
