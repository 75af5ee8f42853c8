"""The demo's programme: every flow of the guide and every bad day, by its name and in its chapter."""

import re

import pytest

from tools.demo.flows import main
from tools.demo.flows.programme import CHAPTERS, FLOWS, chosen
from tools.embedded.place import PROJECT

COLUMNS = 4
FLOW = re.compile(r"`([a-z-]+)`")

CHAPTERS_OF_THE_GUIDE = {
    "first": {"main", "block"},
    "patients": {"find", "launch", "not-served", "by-hand", "merge"},
    "prescribing": {"unusual", "preview", "rules", "exemption", "quantity", "copy", "print", "radar"}
    | {"incontinence", "diabetes", "used-up", "annul"},
    "withdrawals": {"channels", "guardian", "flavours", "delivery", "pickup", "several", "parts"}
    | {"substitute", "annul-sent", "draft-waits", "draft", "two-clerks"},
    "money": {"child", "asylum", "tariff", "waiver", "correction", "statement", "day-file", "reconciliation"},
    "devices": {"hand-out", "from-warehouse", "mistaken-hand-out", "joint-waits", "home-region"}
    | {"wrong-yes-or-no", "last-device", "day-91", "returned-in-time", "exchange"}
    | {"replaced"},
    "devices-back": {"collected", "not-there", "exchange-collected", "replenished", "from-template"}
    | {"purchased"}
    | {"maintenance", "fault", "swap", "recall"},
    "devices-catalogue": {"catalogue-file", "browse", "worn-label", "stock", "stocktake", "scan"}
    | {"find-order", "stolen", "outside"},
    "messages": {"ways", "language", "opt-out", "tasks", "sms-failed", "sms-unknown"},
}
BAD_DAYS = {
    "register-down",
    "becomes-protected",
    "distributor-silent",
    "unknown-line",
    "unreadable-reply",
    "used-id",
    "backlog",
    "another-speaks",
    "nothing-comes",
    "too-little-comes",
    "two-parcels",
    "nobody-delivers",
    "fee-refused",
    "sms-down",
    "death",
    "protected-sent",
    "number-changes-hands",
    "tariff-midnight",
    "clock-goes-back",
    "two-correct",
    "discontinued",
    "bad-rows",
    "file-interrupted",
    "answers-broken",
}


def test_the_flows_of_the_guide_and_every_bad_day_are_there() -> None:
    found = {chapter.name: {flow.name for flow in chapter.flows} for chapter in CHAPTERS}

    assert found == CHAPTERS_OF_THE_GUIDE | {"bad-days": BAD_DAYS}


def test_the_page_of_bad_days_names_the_flow_that_plays_each() -> None:
    rows = [line.split(" | ") for line in (PROJECT / "docs" / "bad-days.md").read_text().splitlines()]
    named = [name for row in rows if len(row) == COLUMNS for name in FLOW.findall(row[2])]

    assert sorted(named) == sorted(BAD_DAYS)


def test_no_two_flows_or_chapters_share_a_name() -> None:
    names = [flow.name for flow in FLOWS] + [chapter.name for chapter in CHAPTERS]

    assert len(set(names)) == len(names)


def test_listing_the_flows_names_each_under_its_chapter_and_plays_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([], list_only=True) == 0

    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    expected = [[chapter.name, *(flow.name for flow in chapter.flows)] for chapter in CHAPTERS]
    assert listed == [name for names in expected for name in names]


def test_a_chapter_is_played_by_its_name_and_a_flow_by_its_own() -> None:
    flows = chosen(["two-correct", "messages"])

    assert flows[0].name == "two-correct"
    assert {flow.name for flow in flows[1:]} == CHAPTERS_OF_THE_GUIDE["messages"]
    assert chosen([]) == list(FLOWS)


def test_an_unknown_flow_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mian"], list_only=False) == 2

    assert "two-clerks" in capsys.readouterr().out
