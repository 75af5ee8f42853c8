"""A refusal of ordering tells callers each fact that it is known to tell (N1)."""

from tests.refusals import KEPT, told, trees


def test_every_refusal_of_ordering_tells_the_facts_that_callers_read() -> None:
    kept = [line for line in KEPT.read_text().splitlines() if line.startswith("services/ordering/")]
    refusals = {line.split()[1] for line in kept}

    assert sorted(told(trees("services/ordering"), refusals)) == kept
