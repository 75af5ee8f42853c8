"""Turns errors that an operator can correct into one sentence that says what to do, without traceback."""

import errno
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches

import typer
from aio_pika.exceptions import AMQPError
from httpx import HTTPError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from pymongo.errors import AutoReconnect, ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from deploy.key_ring import KeysRefused
from shared.settings import Settings
from tools.embedded.lock import AlreadyRunning
from tools.embedded.mongod import NoMongod
from tools.embedded.packages import NotInstallable
from tools.embedded.ports import PortTaken
from tools.embedded.processes import NotReady, ProgramDied
from tools.embedded.progress import say
from tools.embedded.rabbitmq import NoRabbitmq
from tools.embedded.refusals import NotRunning, Unknown

SELF_EXPLAINED = (
    AlreadyRunning, KeysRefused, NoMongod, NoRabbitmq, NotInstallable, NotReady, NotRunning,
    PortTaken, ProgramDied,
)  # fmt: skip
NOT_SIGNED_IN = {13, 18}
NO_REPLICA_SET = {20, 40573}
"""MongoDB's codes: Unauthorized and AuthenticationFailed; no transactions, no change streams."""
COMMANDS_OWN = (
    "SESAM_ACCOUNTS_FILE", "SESAM_CALLED_FROM", "SESAM_FUZZ_CASES", "SESAM_FUZZ_SEED",
    "SESAM_ISSUER_KEY_FILE", "SESAM_MONGODB_IMAGE", "SESAM_PEER_DELAY_SECONDS", "SESAM_PEER_LOG_DIR",
    "SESAM_PLANTED", "SESAM_PORT_BASE", "SESAM_PROJECT_LOCAL", "SESAM_PYTHON", "SESAM_RABBITMQ_FROM",
    "SESAM_RABBITMQ_IMAGE", "SESAM_RECORD_SYSTEM_KEY_FILE", "SESAM_SIMULATED",
)  # fmt: skip
"""Variables that are read beside the services' settings: by `./sesam`, the demo's peers and the tests."""


@contextmanager
def told_in_words() -> Iterator[None]:
    """End the command with 1 and one line about what an operator can put right; 2 for a wrong word."""
    try:
        yield
    except Unknown as unknown:
        say(str(unknown))
        raise SystemExit(2) from None
    except Exception as trouble:
        sentence = in_words(trouble)
        if sentence is None:
            raise
        say(sentence)
        raise SystemExit(1) from None


def in_words(trouble: BaseException) -> str | None:
    """Say what happened and what to do; None for a bug."""
    if isinstance(trouble, BaseExceptionGroup):
        return next(filter(None, map(in_words, trouble.exceptions)), None)
    if isinstance(trouble, SELF_EXPLAINED):
        return str(trouble)
    for kind, sentence in SENTENCES.items():
        if isinstance(trouble, kind):
            return sentence(trouble)
    return None


def warn_of_unknown_variables(environment: Mapping[str, str]) -> None:
    """Tell of each SESAM_ variable that nothing reads: a misspelt name would be silently ignored."""
    known = {*COMMANDS_OWN, *map(variable_of, Settings.model_fields)}
    for name in sorted(each for each in environment if each.startswith("SESAM_") and each not in known):
        near = get_close_matches(name, known, n=1)
        say(f"{name} is no variable of this system{f'; is {near[0]} meant?' if near else '.'}")


def variable_of(field: str) -> str:
    """Name the environment variable that holds a setting."""
    alias = Settings.model_fields[field].validation_alias if field in Settings.model_fields else None
    return str(alias) if alias else f"SESAM_{field.upper()}"


def _setting(failure: ValidationError) -> str | None:
    if failure.title != Settings.__name__:
        return None
    wrong = [
        f"{variable_of(str(each['loc'][0]))}: {each['msg'][0].lower()}{each['msg'][1:]}"
        for each in failure.errors(include_input=False, include_url=False)
        if each["loc"]
    ]
    return f"The environment holds wrong values. {'; '.join(wrong)}."


def _unread_setting(failure: SettingsError) -> str:
    field = re.search(r'field "(\w+)"', str(failure))
    name = variable_of(field.group(1)) if field else "A variable"
    return f'{name} cannot be read: lists are written as JSON, such as ["one","two"].'


def _mongodb(failure: PyMongoError) -> str | None:
    if isinstance(failure, OperationFailure):
        if failure.code in NO_REPLICA_SET:
            return (
                "The MongoDB stands alone, and transactions need a replica set (one member is enough): "
                "start it with --replSet and run rs.initiate(), or name another in MONGODB_URL."
            )
        if failure.code in NOT_SIGNED_IN:
            return "MongoDB did not accept the account, or the account may not do this; look at MONGODB_URL."
        return None
    if isinstance(failure, InvalidURI | ConfigurationError):
        return (
            "MONGODB_URL is not an address of MongoDB, such as mongodb://127.0.0.1:27017/?replicaSet=sesam."
        )
    if isinstance(failure, AutoReconnect):
        return "MongoDB does not answer. Does the system run (./sesam run), and is MONGODB_URL right?"
    return None


def _broker(_: BaseException) -> str:
    return "RabbitMQ does not answer or did not accept the account; look at RABBITMQ_URL."


def _http(_: BaseException) -> str:
    return "A service does not answer. Does the system run (./sesam run)? Its logs are in .local/logs."


def _json(failure: json.JSONDecodeError) -> str:
    return f"A file that should hold JSON does not (line {failure.lineno}): {failure.msg}."


def _text(failure: UnicodeDecodeError) -> str:
    return f"A file is not text in UTF-8 (at byte {failure.start})."


def _system(failure: OSError) -> str | None:
    where = str(failure.filename or "a file")
    if failure.errno == errno.ENOENT and where.endswith(KEY_FILES):
        return f"There are no keys in {where} yet: ./sesam run makes them; SESAM_KEYS_FILE names others."
    if failure.errno in AWAY:
        return _broker(failure)
    said = SAID_OF_FILES.get(failure.errno or 0)
    return said.format(where=where) if said else None


KEY_FILES = ("sealed.json", "accounts.json")
AWAY = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT}
FORBIDDEN = "{where} may not be read or written by this user."
NOT_OF_THAT_KIND = "{where} is a folder where a file should be, or the reverse."
FULL = "The disk is full: make room and run the command again."
SAID_OF_FILES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.ENOENT: "{where} does not exist.",
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EROFS: FORBIDDEN,
    errno.EISDIR: NOT_OF_THAT_KIND,
    errno.ENOTDIR: NOT_OF_THAT_KIND,
}
SENTENCES: dict[type[BaseException], Callable[..., str | None]] = {
    ValidationError: _setting,
    SettingsError: _unread_setting,
    PyMongoError: _mongodb,
    AMQPError: _broker,
    HTTPError: _http,
    json.JSONDecodeError: _json,
    UnicodeDecodeError: _text,
    OSError: _system,
}


def main(app: typer.Typer) -> None:
    """Run the command line; everything that an operator can cause ends in a sentence."""
    warn_of_unknown_variables(os.environ)
    with told_in_words():
        app(prog_name="./sesam")
    sys.exit(0)
