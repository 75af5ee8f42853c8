"""A refusal of billing tells callers each fact that it is known to tell (N1)."""

from tests.refusals import told_and_kept


def test_every_refusal_of_billing_tells_the_facts_that_callers_read() -> None:
    told, kept = told_and_kept("billing")

    assert told == kept
