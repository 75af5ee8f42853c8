"""Clients that strangers' generators make of the OpenAPI documents compile, and are answered at a door."""

import asyncio
import hashlib
import json
import os
import shutil
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from services import SERVICES
from services.inventory.app import assemble
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from tests import npm
from tests.inventory.foods import GENERIC_ROW, VARIANT_ROW, file_of
from tests.support import in_memory
from tools.embedded.ports import ADDRESS, answers, free_ports

pytestmark = [pytest.mark.slow, pytest.mark.full]

PROJECT = Path(__file__).parents[2]
CLIENTS = PROJECT / "tests" / "clients"
DOCUMENTS = PROJECT / "docs" / "openapi"
WITHIN_SECONDS = 300
IN_PYTHON = """\
import json
import sys

from inventory import AuthenticatedClient
from inventory.api.articles import search_articles
from inventory.models import ArticleSearched

address, token = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)
found = search_articles.sync(client=client, body=ArticleSearched(text="demodryck"))
print(json.dumps(found.to_dict()))
"""


@asynccontextmanager
async def inventory() -> AsyncIterator[tuple[str, str]]:
    """Inventory with two articles at an address of its own; gives that, and a token."""
    service = await in_memory("inventory", assemble)
    content = file_of(GENERIC_ROW, VARIANT_ROW)
    catalogue = Catalogue(service.repository, service.clock)
    await import_into(
        catalogue, read_catalogue(content), dry_run=False, skip_bad=False, entry=entry_of(content)
    )
    await service.run_jobs()
    (port,) = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(service.app, host=ADDRESS, port=port, log_config=None))
    serving = asyncio.create_task(server.serve())
    while not await asyncio.to_thread(answers, port):
        await asyncio.sleep(0.05)
    yield f"http://{ADDRESS}:{port}", service.token("dietitian")["Authorization"].removeprefix("Bearer ")
    server.should_exit = True
    await serving


async def run(*command: str | Path, cwd: Path) -> str:
    """Give what a command says; fails with its complaint."""
    at_hand = os.pathsep.join((str(Path(command[0]).parent), os.environ["PATH"]))
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        env={**os.environ, "PATH": at_hand},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await asyncio.wait_for(process.communicate(), WITHIN_SECONDS)
    assert process.returncode == 0, f"{out.decode()[-2000:]}\n{complaint.decode()[-2000:]}"
    return out.decode()


async def python_with_generator() -> Path:
    """Give a Python of its own with the generator, by hashes; the registry is pip's own choice."""
    wanted = CLIENTS / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = PROJECT / ".venv" / f"clients-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        venv.create(folder, with_pip=True, clear=True)
        await run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", wanted, cwd=PROJECT)
        (folder / "whole").touch()
    return python


def names_of(found: str) -> list[str]:
    return [each["article_no"] for each in json.loads(found)["articles"]]


async def test_a_typescript_client_compiles_and_is_answered(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(npm.packages(CLIENTS) / "node_modules")
    for name in ("package.json", "tsconfig.json", "try.ts"):
        shutil.copy(CLIENTS / name, tmp_path)
    tools = tmp_path / "node_modules"

    for service in SERVICES:
        generator = tools / "openapi-typescript" / "bin" / "cli.js"
        options = ("-o", f"{service}.d.ts", "--default-non-nullable=false")
        await run(npm.node(), generator, DOCUMENTS / f"{service}.json", *options, cwd=tmp_path)
    await run(npm.node(), tools / "typescript" / "bin" / "tsc", "-p", ".", cwd=tmp_path)
    async with inventory() as (address, token):
        found = await run(npm.node(), "built/try.js", address, token, cwd=tmp_path)

    assert names_of(found) == ["900001"]


async def test_a_python_client_compiles_and_is_answered(tmp_path: Path) -> None:
    python = await python_with_generator()
    (tmp_path / "ask.py").write_text(IN_PYTHON)

    for service in SERVICES:
        generator = (python.with_name("openapi-python-client"), "generate", "--meta", "none")
        told = ("--path", DOCUMENTS / f"{service}.json", "--output-path", tmp_path / service)
        await run(*generator, *told, cwd=tmp_path)
    await run(python, "-m", "compileall", "-q", ".", cwd=tmp_path)
    async with inventory() as (address, token):
        found = await run(python, "ask.py", address, token, cwd=tmp_path)

    assert names_of(found) == ["900001"]


def test_the_generators_are_locked_without_an_address_of_a_registry() -> None:
    for file in CLIENTS.glob("*"):
        assert "://" not in file.read_text(), file.name
