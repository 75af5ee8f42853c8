"""The commands that import a region's own files."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the difference and change nothing.")]

imports = typer.Typer(help="Import a region's own files.", no_args_is_help=True)


@imports.command()
def articles(
    file: File,
    dry_run: DryRun = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad rows out, take the others.")
    ] = False,
) -> None:
    """Import articles: all or nothing, unless --skip-bad."""
    from services.inventory.app import import_articles
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(import_articles(file, dry_run=dry_run, skip_bad=skip_bad)))


@imports.command()
def places(
    file: File,
    dry_run: DryRun = False,
) -> None:
    """Import care units, storerooms and warehouses: all of a file, or nothing."""
    from services.inventory.app import import_places
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(import_places(file, dry_run=dry_run)))


@imports.command()
def prescribers(
    file: File,
    dry_run: DryRun = False,
) -> None:
    """Import the register of prescribers: all of a file, or nothing."""
    from services.prescription.app import import_prescribers
    from tools.commands.embedded import use_running_system

    use_running_system()
    raise typer.Exit(asyncio.run(import_prescribers(file, dry_run=dry_run)))
