"""Who starts the verification of the audit log: its units, the command, the alerts and the runbook agree."""

import re
from configparser import ConfigParser
from datetime import timedelta

import yaml

from deploy import audit
from tools.embedded.place import PROJECT

TIMERS = PROJECT / "deploy" / "timers"
RUNBOOK = (PROJECT / "docs" / "runbooks" / "audit.md").read_text()
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \|", re.MULTILINE)
NIGHTLY = re.compile(r"\*-\*-\* \d\d:\d\d:00 UTC")
A_DAY = timedelta(days=1)


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(delimiters=("=",), strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((TIMERS / name).read_text())
    return parser


def alert(name: str) -> dict[str, str]:
    (group,) = yaml.safe_load((PROJECT / "deploy" / "alerts" / "rules.yaml").read_text())["groups"]
    (found,) = [rule for rule in group["rules"] if rule["alert"] == name]
    return dict(found)


def test_the_timer_starts_the_command_that_verifies_the_log() -> None:
    service = unit("oppna-sesam-audit.service")["Service"]

    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == f"{service['WorkingDirectory']}/sesam audit verify"


def test_a_second_timer_verifies_the_whole_log_each_week() -> None:
    service = unit("oppna-sesam-audit-full.service")["Service"]
    timer = unit("oppna-sesam-audit-full.timer")["Timer"]

    assert service["ExecStart"] == f"{service['WorkingDirectory']}/sesam audit verify --full"
    assert timer["OnCalendar"].startswith("Sun ")
    assert NIGHTLY.fullmatch(timer["OnCalendar"].removeprefix("Sun "))
    assert timer["Persistent"] == "true"


def test_the_unit_names_every_setting_that_the_command_needs() -> None:
    told = (TIMERS / "oppna-sesam-audit.service").read_text()

    for name in ("MONGODB_URL", "SESAM_DATABASE_PREFIX", "SESAM_KEYS_FILE", "SESAM_AUDIT_DIR"):
        assert name in told


def test_the_timer_runs_each_night_in_utc_so_that_no_change_of_the_clock_skips_or_doubles_one() -> None:
    timer = unit("oppna-sesam-audit.timer")["Timer"]

    assert NIGHTLY.fullmatch(timer["OnCalendar"])
    assert timer["Persistent"] == "true"


def test_the_alert_waits_for_one_night_and_what_the_timer_may_be_late_and_not_for_two() -> None:
    timer = unit("oppna-sesam-audit.timer")["Timer"]
    late = timedelta(minutes=int(timer["RandomizedDelaySec"].removesuffix("min")))
    takes = timedelta(
        hours=int(unit("oppna-sesam-audit.service")["Service"]["TimeoutStartSec"].removesuffix("h"))
    )

    allowed = timedelta(seconds=int(alert("AuditIsNotVerified")["expr"].rpartition(">")[2]))
    before_the_first = timedelta(hours=int(alert("AuditWasNeverVerified")["for"].removesuffix("h")))

    assert A_DAY + late + takes < allowed < 2 * A_DAY
    assert before_the_first == allowed


def test_the_runbook_says_what_each_way_to_end_means() -> None:
    said = dict(ROW.findall(RUNBOOK))

    assert set(said) == {str(each) for each in (audit.DONE, audit.NOT_LOOKED_AT, 2, audit.BROKEN)}
    assert "unbroken" in said[str(audit.DONE)]
    assert "could not be read" in said[str(audit.NOT_LOOKED_AT)]
    assert "changed" in said[str(audit.BROKEN)]
