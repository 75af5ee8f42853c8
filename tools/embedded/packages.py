"""Installs Debian and Ubuntu packages: with root or sudo, else unpacked into a folder."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# A freshly installed package must not start a service of its own on this machine, now or at the next boot.
INSTALL = """
set -e
if [ ! -e /usr/sbin/policy-rc.d ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
# Somebody else may be installing: the machine's own updates, or a second run of ours.
apt() { apt-get -o DPkg::Lock::Timeout=600 -qq "$@"; }
add() { apt install --no-install-recommends "$@"; }
add "$@" || { apt update; add "$@"; }
if [ -d /run/systemd/system ]; then
    for package in "$@"; do systemctl disable --quiet "$package.service" 2> /dev/null || true; done
fi
"""


class NotInstallable(Exception):
    """A package could be had in none of the ways."""


def have_apt() -> bool:
    return shutil.which("apt-get") is not None and shutil.which("dpkg") is not None


def can_install() -> bool:
    """Tell whether packages can be installed without asking: as root, or by a sudo without password."""
    return have_apt() and (os.geteuid() == 0 or sudo_is_silent())


def sudo_is_silent() -> bool:
    return shutil.which("sudo") is not None and run(["sudo", "-n", "true"]).returncode == 0


def install(*names: str) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    done = run([*sudo, "sh", "-c", INSTALL, "sh", *names])
    if done.returncode != 0:
        raise NotInstallable(f"apt-get install {' '.join(names)} failed:\n{done.stdout}{done.stderr}")


def unpack(room: Path, *names: str, families: Sequence[str] = ()) -> None:
    """Unpack the packages, and what the machine lacks of what they need, into `room`.

    `families` are prefixes of packages that are unpacked even where the machine has them.
    """
    room.mkdir(parents=True, exist_ok=True)
    try:
        fetch_and_unpack(room, names, families, options=[])
    except NotInstallable:
        own = private_lists(room)
        require(["apt-get", *own, "-qq", "update"], room)
        fetch_and_unpack(room, names, families, options=own)
    shutil.rmtree(room / "lists", ignore_errors=True)


def fetch_and_unpack(
    room: Path, names: Sequence[str], families: Sequence[str], *, options: Sequence[str]
) -> None:
    packages = sorted(lacking(room, names, options) | related(room, names, families, options))
    downloads = room / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir()
    require(["apt-get", "-o", "APT::Sandbox::User=", *options, "-qq", "download", *packages], downloads)
    for package in sorted(downloads.glob("*.deb")):
        require(["dpkg", "-x", str(package), str(room)], room)
    shutil.rmtree(downloads)


def private_lists(room: Path) -> list[str]:
    (room / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (room / "lists" / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    own = [
        f"Dir::State::Lists={room / 'lists'}",
        f"Dir::Cache={room / 'lists' / 'cache'}",
        "Debug::NoLocking=1",
    ]
    return [word for option in own for word in ("-o", option)]


def lacking(room: Path, names: Sequence[str], options: Sequence[str]) -> set[str]:
    """Name what apt would install: the packages themselves and what they need and the machine has not."""
    plan = require(["apt-get", *options, "-s", "--no-install-recommends", "install", *names], room)
    return {line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")}


def related(room: Path, names: Sequence[str], families: Sequence[str], options: Sequence[str]) -> set[str]:
    if not families:
        return set()
    leave_out = [
        f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    ]
    found = require(["apt-cache", *options, "depends", "--recurse", *leave_out, *names], room)
    return {line for line in found.splitlines() if line.startswith(tuple(families))}


def require(command: Sequence[str], folder: Path) -> str:
    done = run(command, folder)
    if done.returncode != 0:
        raise NotInstallable(f"{' '.join(command)} failed:\n{done.stderr.strip()}")
    return done.stdout


def run(command: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
