"""Chromium is fetched once, however many processes want it."""

import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools.embedded import packages
from tools.embedded.chromium import chromium

MANY = 4


def test_processes_that_want_chromium_at_once_fetch_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESAM_PROJECT_LOCAL", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SESAM_BROWSER", raising=False)
    monkeypatch.setattr(packages, "have_apt", lambda: True)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    together, fetched = threading.Barrier(MANY), []

    def install(name: str) -> None:
        fetched.append(name)
        time.sleep(0.2)
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)

    def want(_: int) -> Path:
        together.wait()
        return chromium()[0]

    monkeypatch.setattr(packages, "install", install)
    with ThreadPoolExecutor(MANY) as pool:
        given = set(pool.map(want, range(MANY)))

    assert fetched == ["chromium"]
    assert given == {tmp_path / "chromium"}
    assert shutil.which("chromium") == os.fspath(tmp_path / "chromium")
