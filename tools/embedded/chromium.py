"""Finds a Chromium for the tests of pages: a named one, the machine's, else Debian's package."""

import os
import shutil
from pathlib import Path

from tools.embedded import packages
from tools.embedded.lock import one_at_a_time
from tools.embedded.place import local_folder

PACKAGE = "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
WHAT_TO_DO = "Install one (on Debian: apt-get install chromium), or name one in SESAM_BROWSER."


class NoBrowser(Exception):
    """There is no Chromium, and none could be had."""


def chromium() -> tuple[Path, dict[str, str]]:
    """Give the program, and what its environment needs beside ours; raises NoBrowser."""
    named = os.environ.get("SESAM_BROWSER")
    if named:
        if not Path(named).exists():
            raise NoBrowser(f"SESAM_BROWSER names {named}, which does not exist. {WHAT_TO_DO}")
        return Path(named), {}
    try:
        with one_at_a_time(local_folder(), PACKAGE):
            return found() or fetched(local_folder() / "chromium")
    except packages.NotInstallable as failed:
        raise NoBrowser(f"No Chromium, and it could not be installed: {failed}\n{WHAT_TO_DO}") from failed


def found() -> tuple[Path, dict[str, str]] | None:
    """Give the machine's own, if it has one."""
    path = next((path for each in NAMES if (path := shutil.which(each))), None)
    return (Path(path), {}) if path else None


def fetched(room: Path) -> tuple[Path, dict[str, str]]:
    """Install it with root, else unpack it into a folder; raises NotInstallable."""
    if not packages.have_apt():
        raise packages.NotInstallable("this machine has no apt-get")
    if packages.can_install():
        packages.install(PACKAGE)
        return Path(shutil.which(PACKAGE) or "/usr/bin/chromium"), {}
    program = room / "usr" / "lib" / "chromium" / "chromium"
    if not program.exists():
        packages.unpack(room, PACKAGE)
    libraries = [each for each in (room / "usr" / "lib").glob("*-linux-gnu*") if each.is_dir()]
    return program, {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}
