"""Plants wrong rules in a copy of the project; the project itself is never changed."""

import compileall
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode

from tools.mutate.sites import Site, with_planted

LEFT_OUT = (".git", ".venv", ".local", ".hypothesis", ".*_cache", ".coverage*", "__pycache__")


@contextmanager
def copy_of(project: Path) -> Iterator[Path]:
    """Copy the project to a folder of its own for a while; the virtual environment is shared."""
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        copy = Path(folder) / "main"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        environment = Path(sys.prefix)
        if environment.parent == project:
            (copy / environment.name).symlink_to(environment)
        # By content, not by time: a rule may be planted and taken out within a second.
        compileall.compile_dir(copy, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        yield copy


@contextmanager
def planted(copy: Path, site: Site) -> Iterator[None]:
    """Let a rule be wrong for a while."""
    file = copy / site.file
    right = file.read_bytes()
    file.write_bytes(with_planted(right, site))
    try:
        yield
    finally:
        file.write_bytes(right)
