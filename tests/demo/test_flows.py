"""The flows of the demo: chosen by name, timed step by step, and loud when a step does not come."""

import json
from datetime import datetime, time
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from shared.clock import FixedClock
from shared.domain.days import STOCKHOLM
from tools.demo.control import Control
from tools.demo.flows.acts import Line
from tools.demo.flows.chapter import Flow
from tools.demo.flows.opening_hours import begin_by_day, pass_until
from tools.demo.flows.play import play
from tools.demo.flows.stage import Call, Stage, demand
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.journal import Journal
from tools.demo.settings import DemoSettings

GENERIC = {
    "article_no": "900001",
    "variants": [
        {"article_no": "900002", "variant_name": "choklad"},
        {"article_no": "900003", "variant_name": "jordgubb"},
    ],
}
LINE = Line("p-1", "F2026-000001-1-1", GENERIC, packages=15)


@pytest.fixture
def output() -> StringIO:
    return StringIO()


@pytest.fixture
def console(output: StringIO) -> Console:
    return Console(file=output, width=160)


def a_system(answer: httpx.Response) -> httpx.AsyncClient:
    """A system whose issuer works and whose services all answer the same."""

    def say(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"access_token": "t"}) if request.url.path == "/token" else answer

    return httpx.AsyncClient(transport=httpx.MockTransport(say))


def a_stage(answer: httpx.Response, console: Console, folder: Path) -> Stage:
    settings = DemoSettings(peer_log_dir=folder)
    return Stage(settings, a_system(answer), Timeline(console))


async def test_a_peer_behaves_otherwise_until_the_block_ends_also_when_a_step_fails(
    console: Console, tmp_path: Path
) -> None:
    stage = a_stage(httpx.Response(200), console, tmp_path)

    def go_wrong() -> None:
        with stage.behaving("distributor", "hold"):
            assert stage.control("distributor").now().mode == "hold"
            demand(condition=False, what="it went wrong", look_at="")

    with pytest.raises(StepFailed):
        go_wrong()

    assert stage.control("distributor").now().mode == "normal"


async def test_time_passes_until_a_time_of_day_today_or_tomorrow(
    by_day: DemoSettings, console: Console
) -> None:
    stage = Stage(by_day, a_system(httpx.Response(200)), Timeline(console))
    stage.clock = FixedClock(datetime(2026, 10, 24, 23, 30, tzinfo=STOCKHOLM))

    await pass_until(stage, time(4, 0))

    assert by_day.clock_file is not None
    assert json.loads(by_day.clock_file.read_text()) == {"offset_seconds": 5.5 * 3600}


async def test_a_step_that_does_not_come_in_time_fails_and_says_where_to_look(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.demo.flows.stage.WITHIN_SECONDS", 0.05)
    stage = a_stage(httpx.Response(200), console, tmp_path)

    async def never() -> None:
        return None

    with pytest.raises(StepFailed, match="the goods are delivered: not within") as failure:
        await stage.eventually("the goods are delivered", never, look_at="the log of ordering")

    assert failure.value.look_at == "the log of ordering"


async def test_a_step_that_came_is_printed_with_its_time(
    console: Console, output: StringIO, tmp_path: Path
) -> None:
    stage = a_stage(httpx.Response(200), console, tmp_path)

    async def at_once() -> str:
        return "U2026-000001-1"

    assert await stage.eventually("the goods are delivered", at_once, look_at="", noting=str)

    assert "ms  the goods are delivered  U2026-000001-1" in output.getvalue()


async def test_a_services_refusal_fails_the_step_with_its_own_words(console: Console, tmp_path: Path) -> None:
    stage = a_stage(httpx.Response(422, json={"rule": "line-expired"}), console, tmp_path)

    with pytest.raises(StepFailed, match=r"ordering answered 422 to /withdrawals.*line-expired"):
        await stage.ask("customer_service", Call("ordering", "/withdrawals", {}))


async def test_a_refusal_that_was_due_gives_every_rule(console: Console, tmp_path: Path) -> None:
    problem = {"rule": "line-expired", "reasons": [{"rule": "line-expired"}, {"rule": "article-on-the-way"}]}
    stage = a_stage(httpx.Response(422, json=problem), console, tmp_path)

    rules = await stage.refusal("customer_service", Call("ordering", "/withdrawals", {}))

    assert rules == {"line-expired", "article-on-the-way"}


async def test_a_refusal_that_does_not_come_fails_the_step(console: Console, tmp_path: Path) -> None:
    stage = a_stage(httpx.Response(201, json={}), console, tmp_path)

    with pytest.raises(StepFailed, match="a refusal was due"):
        await stage.refusal("customer_service", Call("ordering", "/withdrawals", {}))


async def test_when_nobody_answers_the_step_says_what_to_start(console: Console, tmp_path: Path) -> None:
    def lost(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    nobody = httpx.AsyncClient(transport=httpx.MockTransport(lost))
    stage = Stage(DemoSettings(peer_log_dir=tmp_path), nobody, Timeline(console))

    with pytest.raises(StepFailed) as failure:
        await stage.ask("customer_service", Call("ordering", "/withdrawals", {}))

    assert "./sesam run" in failure.value.look_at


async def test_what_a_peer_got_is_read_from_its_book(console: Console, tmp_path: Path) -> None:
    Journal(tmp_path / "invoicing.jsonl").add({"what": "asked", "key": "1"})

    assert a_stage(httpx.Response(200), console, tmp_path).book("invoicing") == [
        {"what": "asked", "key": "1"}
    ]


@pytest.fixture
def by_day(tmp_path: Path) -> DemoSettings:
    """A run whose clock the demo may set, so that the tests are the same at night."""
    return DemoSettings(clock_file=tmp_path / "clock.json")


async def test_one_flow_that_fails_does_not_stop_the_others(
    by_day: DemoSettings, console: Console, output: StringIO
) -> None:
    played: list[str] = []

    async def fails(_: Stage) -> None:
        demand(condition=False, what="two orders came", look_at="distributor.jsonl")

    async def works(_: Stage) -> None:
        played.append("works")

    flows = [Flow("fails", "breaks", fails), Flow("works", "goes on", works)]
    code = await play(flows, by_day, console)

    assert code == 1
    assert played == ["works"]
    assert "1 of 2 flows failed: fails" in output.getvalue()
    assert output.getvalue().splitlines()[-1].startswith("  fails: ")
    assert "look at: distributor.jsonl" in output.getvalue()


async def test_when_every_flow_goes_well_the_demo_says_so(
    by_day: DemoSettings, console: Console, output: StringIO
) -> None:
    async def works(_: Stage) -> None:
        return

    assert await play([Flow("works", "goes on", works)], by_day, console) == 0

    assert "the flow went well" in output.getvalue()


def test_packages_are_split_over_named_flavours() -> None:
    split = LINE.split_by_name({"jordgubb": 10, "choklad": 5}).splits

    assert split == [{"article_no": "900003", "packages": 10}, {"article_no": "900002", "packages": 5}]


def test_packages_are_split_over_flavours_in_the_catalogues_order() -> None:
    assert LINE.split(9, 6).splits[0] == {"article_no": "900002", "packages": 9}


def test_an_article_without_flavours_is_taken_whole() -> None:
    assert LINE.whole().splits == [{"article_no": "900001", "packages": 15}]


async def test_at_night_the_demo_moves_the_clock_to_a_morning_and_says_so(
    by_day: DemoSettings, console: Console, output: StringIO
) -> None:
    stage = Stage(by_day, a_system(httpx.Response(200)), Timeline(console))
    stage.clock = FixedClock(datetime(2026, 11, 23, 21, 30, tzinfo=STOCKHOLM))

    await begin_by_day(stage)

    assert by_day.clock_file is not None
    assert json.loads(by_day.clock_file.read_text()) == {"offset_seconds": 12.5 * 3600}
    assert "the run's clock goes forward to Tuesday 10:00" in output.getvalue()


async def test_at_night_a_run_without_a_clock_file_is_told_what_to_set(console: Console) -> None:
    stage = Stage(DemoSettings(), a_system(httpx.Response(200)), Timeline(console))
    stage.clock = FixedClock(datetime(2026, 11, 23, 21, 30, tzinfo=STOCKHOLM))

    with pytest.raises(StepFailed) as failure:
        await begin_by_day(stage)

    assert "SESAM_CLOCK_FILE" in failure.value.look_at


async def test_after_a_demo_that_was_killed_the_sms_gateway_has_rested(
    by_day: DemoSettings, console: Console, tmp_path: Path
) -> None:
    settings = by_day.model_copy(update={"peer_log_dir": tmp_path})
    Control("sms_gateway", settings).tell({"mode": "500"})

    await play([], settings, console)

    assert settings.clock_file is not None
    assert json.loads(settings.clock_file.read_text()) == {"offset_seconds": 360.0}


async def test_after_a_demo_that_was_killed_the_register_says_what_is_filed(
    by_day: DemoSettings, console: Console, output: StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def switch(_: Stage, to: str) -> None:
        asked.append(to)

    monkeypatch.setattr("tools.demo.flows.patients.register.switch", switch)
    settings = by_day.model_copy(update={"peer_log_dir": tmp_path})
    left = {"only_in_register": {"to": "deceased", "number": None}}
    (tmp_path / "register.switches.json").write_text(json.dumps(left))

    await play([], settings, console)

    assert asked == ["as-filed"]
    assert "what is filed again" in output.getvalue()


async def test_the_demo_begins_with_partners_that_work_as_usual(
    by_day: DemoSettings, console: Console, output: StringIO, tmp_path: Path
) -> None:
    settings = by_day.model_copy(update={"peer_log_dir": tmp_path})
    Control("distributor", settings).tell({"mode": "hold"})

    await play([], settings, console)

    assert not Control("distributor", settings).path.exists()
    assert "The distributor was told to behave otherwise" in output.getvalue()
