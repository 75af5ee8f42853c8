"""What a refusal tells machines beside its sentence: the names are kept, so that none is lost unseen."""

import ast
import re
from collections.abc import Iterator

from shared.domain.decision import ABOUT
from tests.refusals import KEPT, told, trees

TREES = trees("services", "shared")

ONE_OF_THEM = re.compile(
    r"\b(?<!det här )(?:raden|artikeln|uttaget|beställningen|smaken|varan)\b", re.IGNORECASE
)
"""Words of a refusal that is about a certain line, article, withdrawal or order."""
NAMED_ELSEWHERE = {
    "BasketFull": "the basket, whose lines are counted",
    "BadCell": "a cell: the report says its row and article",
    "GuardianOfAdult": "the guardian",
    "NotYourPatient": "the patient",
}


def names(nodes: list[ast.expr]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def refusals() -> set[str]:
    """Name every class that is a refusal, whatever stands between."""
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"Refused"}, set[str]()
    while found != before:
        before = set(found)
        found |= {each.name for each in classes if names(each.bases) & found}
    return found


def test_a_refusal_has_the_facts_that_it_is_known_to_have() -> None:
    """Callers read these names. Lost one? Give it back. A new one is a new line in the kept file."""
    assert sorted(told(TREES, refusals())) == KEPT.read_text().splitlines()


def said(node: ast.ClassDef) -> str:
    return " ".join(
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def test_a_refusal_about_a_line_an_article_an_order_or_a_withdrawal_names_it() -> None:
    """Of several at once people must see which is meant: `Refused.said` begins with what the facts name."""
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    about_one = {each.name for each in classes if ONE_OF_THEM.search(said(each))} & refusals()

    unnamed = {name for name, facts in made() if name in about_one and not facts & ABOUT.keys()}

    assert len(about_one) > 20
    assert unnamed == set(NAMED_ELSEWHERE)


def made() -> Iterator[tuple[str, set[str]]]:
    """Give each making of a refusal with the names of its facts, also where it is raised without any."""
    known = refusals()
    for node in (node for tree in TREES.values() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            yield node.func.id, {each.arg or "**" for each in node.keywords}
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in known:
            yield node.exc.id, set()


def test_a_refusal_of_a_refusal_is_found_as_well() -> None:
    assert {"UsedUpLine", "AgainstTheBook", "NotAPersonId"} <= refusals()
