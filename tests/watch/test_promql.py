"""Every expression of the alerts and the dashboard is PromQL, of metrics and labels that services tell."""

from collections.abc import Iterator

import pytest
from promql_parser import AggregateExpr, Call, Expr, MatrixSelector, VectorSelector, parse, walk

from tests.watch.test_alerts import Metrics, expressions, metrics

__all__ = ["metrics"]
OF_COUNTERS = {"rate", "irate", "increase"}
OF_GAUGES = {"delta", "idelta", "deriv"}
FROM_SCRAPING = {"job", "instance"}
"""Labels that Prometheus adds itself."""


def parts(expr: str) -> list[Expr]:
    """Parse an expression; raises ValueError for what is no PromQL, with the place."""
    found: list[Expr] = []
    walk(parse(expr), pre_visit=found.append)
    return found


def selectors(expr: str) -> Iterator[VectorSelector]:
    for part in parts(expr):
        if isinstance(part, VectorSelector):
            yield part
        elif isinstance(part, MatrixSelector):
            yield part.vector_selector


EXPRESSIONS = list(expressions())


@pytest.mark.parametrize(("where", "expr"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_every_expression_is_promql(where: str, expr: str) -> None:
    assert parts(expr), where


async def test_every_metric_and_label_that_is_selected_is_exported(metrics: Metrics) -> None:
    for where, expr in EXPRESSIONS:
        for selector in selectors(expr):
            assert selector.name in metrics, where
            told = {name for labels in metrics[selector.name] for name, _ in labels} | FROM_SCRAPING
            selected = {each.name for each in selector.matchers.matchers}
            assert not metrics[selector.name] or selected <= told, where


async def test_every_label_that_is_grouped_by_is_exported(metrics: Metrics) -> None:
    for where, expr in EXPRESSIONS:
        for part in parts(expr):
            if not isinstance(part, AggregateExpr) or part.modifier is None:
                continue
            below = [each.name for each in selectors(part.expr.prettify())]
            told = {name for each in below for labels in metrics[str(each)] for name, _ in labels}
            empty = any(not metrics[str(each)] for each in below)
            assert empty or set(part.modifier.labels) <= told | FROM_SCRAPING, where


def test_counters_are_asked_how_fast_they_grow_and_gauges_how_they_differ() -> None:
    for where, expr in EXPRESSIONS:
        for part in parts(expr):
            if not isinstance(part, Call):
                continue
            names = [str(each.name) for argument in part.args for each in selectors(argument.prettify())]
            if part.func.name in OF_COUNTERS:
                assert all(name.endswith("_total") for name in names), where
            if part.func.name in OF_GAUGES:
                assert not any(name.endswith("_total") for name in names), where


@pytest.mark.parametrize(
    "broken",
    ["max by (job (sesam_parked) > 0", "increase(sesam_relay_total) > 0", "sesam_parked >", "nosuch(a)"],
)
def test_what_is_no_promql_is_seen(broken: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parts(broken)
