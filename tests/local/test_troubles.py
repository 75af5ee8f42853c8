"""What an operator can do wrong: a sentence that says what to do, the right exit code, and no traceback."""

import errno
import json
import os
import subprocess
from pathlib import Path

import pytest
from aio_pika.exceptions import AMQPConnectionError
from pydantic_settings import SettingsError
from pymongo.errors import InvalidURI, OperationFailure, ServerSelectionTimeoutError

from shared.settings import Settings
from tools.commands.embedded import use_running_system
from tools.commands.quality import in_full
from tools.commands.troubles import in_words, told_in_words, warn_of_unknown_variables
from tools.embedded.lock import hold, is_held
from tools.embedded.rabbitmq import Installed, Node, settings, without_blanks
from tools.embedded.refusals import NotRunning, Unknown, one_of

PROJECT = Path(__file__).resolve().parents[2]


def sesam(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SESAM_", "MONGODB"))}
    return subprocess.run(
        [str(PROJECT / "sesam"), *words],
        cwd=folder,
        env={**clean, "SESAM_PROJECT_LOCAL": str(folder / "local"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (ServerSelectionTimeoutError("timed out"), "MongoDB does not answer"),
        (OperationFailure("no", code=20), "replica set"),
        (OperationFailure("no", code=40573), "replica set"),
        (OperationFailure("no", code=18), "did not accept the account"),
        (InvalidURI("no"), "MONGODB_URL is not an address"),
        (AMQPConnectionError("gone"), "RabbitMQ does not answer"),
        (OSError(errno.ENOSPC, "full"), "The disk is full"),
        (OSError(errno.EACCES, "no", "/x"), "/x may not be read or written"),
        (FileNotFoundError(errno.ENOENT, "no", "/x/sealed.json"), "no keys in /x/sealed.json"),
        (IsADirectoryError(errno.EISDIR, "no", "/x"), "/x is a folder where a file should be"),
        (SettingsError('error parsing value for field "staff_acr" from source'), "SESAM_STAFF_ACR"),
        (ExceptionGroup("both", [OSError(errno.ENOSPC, "full")]), "The disk is full"),
    ],
)
def test_a_trouble_that_an_operator_can_put_right_is_told_in_words(trouble: Exception, said: str) -> None:
    assert said in str(in_words(trouble))


def test_a_bug_is_never_told_as_if_an_operator_could_mend_it() -> None:
    assert in_words(KeyError("line")) is None
    assert in_words(OperationFailure("no", code=2)) is None
    with pytest.raises(KeyError, match="line"), told_in_words():
        raise KeyError("line")


def test_a_wrong_value_names_its_variable_and_never_shows_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAM_SMS_SENDER", "070-1740605")
    with pytest.raises(ValueError) as wrong:
        Settings()

    said = str(in_words(wrong.value))

    assert "SESAM_SMS_SENDER" in said
    assert "1740605" not in said


def test_a_misspelt_variable_is_told_with_the_one_that_is_meant(capfd: pytest.CaptureFixture[str]) -> None:
    warn_of_unknown_variables({"SESAM_SMS_SENDR": "x", "SESAM_MODE": "embedded", "HOME": "/"})

    told = "".join(capfd.readouterr())
    assert "SESAM_SMS_SENDR is no variable of this system; is SESAM_SMS_SENDER meant?" in told
    assert "SESAM_MODE" not in told


def test_a_wrong_name_tells_all_that_exist() -> None:
    assert one_of("billing", ["ordering", "billing"], what="service") == "billing"
    with pytest.raises(Unknown, match="Is billing meant") as unknown:
        one_of("biling", ["ordering", "billing"], what="service")
    assert "ordering, billing" in str(unknown.value)


def test_a_command_without_a_system_of_its_own_reaches_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MONGODB_URL", "SESAM_PORT_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SESAM_PROJECT_LOCAL", str(tmp_path))

    with pytest.raises(NotRunning, match="No system has run"):
        use_running_system()
    (tmp_path / "running.json").write_text(json.dumps({"port_base": 8100}))
    with pytest.raises(NotRunning, match="does not run now"):
        use_running_system()
    monkeypatch.setenv("SESAM_PORT_BASE", "8200")
    with hold(tmp_path), pytest.raises(NotRunning, match="runs on the ports from 8100"):
        use_running_system()


def test_a_place_is_held_as_long_as_its_run_lasts(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with hold(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_a_test_s_path_is_relative_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_it.py").touch()

    assert in_full("test_it.py::test_a") == f"{tmp_path}/test_it.py::test_a"
    assert in_full("-x") == "-x"
    assert in_full("nowhere.py") == "nowhere.py"


def test_rabbitmq_is_never_told_a_path_with_a_blank(tmp_path: Path) -> None:
    folder = tmp_path / "två ord"
    folder.mkdir()
    (folder / "file").write_text("here")
    node = Node(folder, 1, 2, 3)

    link = without_blanks(folder)

    assert (link / "file").read_text() == "here"
    assert " " not in str(link)
    assert without_blanks(tmp_path) == tmp_path
    installed = Installed(Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), Path("/e/bin/erl"), Path("/e"))
    told = settings(installed, node)
    assert not [name for name, value in told.items() if str(folder) in value]


@pytest.mark.slow
def test_the_command_line_ends_in_words_and_in_the_right_code(tmp_path: Path) -> None:
    without_system = sesam("parked", "list", folder=tmp_path)
    wrong_service = sesam("replay", "--since", "2026-11-29T10:00", "--service", "nosuch", folder=tmp_path)
    wrong_point = sesam("chaos", "sweep", "--points", "nosuch", "--list", folder=tmp_path)
    wrong_setting = sesam(
        "parked", "list", folder=tmp_path, MONGODB_URL="mongodb://127.0.0.1:1", SESAM_STAFF_ACR="x"
    )
    wrong_python = sesam("--help", folder=tmp_path, SESAM_PYTHON="/bin/false")

    assert without_system.returncode == 1
    assert "No system has run" in without_system.stderr + without_system.stdout
    assert wrong_service.returncode == wrong_point.returncode == 2
    assert wrong_setting.returncode == 1
    assert "SESAM_STAFF_ACR" in wrong_setting.stderr + wrong_setting.stdout
    assert wrong_python.returncode == 1
    for each in (without_system, wrong_service, wrong_point, wrong_setting, wrong_python):
        assert "Traceback" not in each.stderr + each.stdout
