"""Limits, ages and periods in the rules of ordering are those that were decided."""

from tests.figures import figures, kept


def test_no_figure_of_a_rule_is_another_than_was_decided() -> None:
    assert sorted(figures("services/ordering/domain")) == sorted(kept("services/ordering/domain"))
