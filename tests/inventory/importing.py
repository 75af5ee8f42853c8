"""An inventory in memory, and how a file is imported into it."""

from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from tests.inventory.foods import file_of
from tests.support import InMemory


async def imported(service: InMemory, *rows: str, dry_run: bool = False, skip_bad: bool = False) -> int:
    content = file_of(*rows)
    return await import_into(
        catalogue_of(service),
        read_catalogue(content),
        dry_run=dry_run,
        skip_bad=skip_bad,
        entry=entry_of(content),
    )


def catalogue_of(service: InMemory) -> Catalogue:
    """The catalogue as another process has it."""
    return Catalogue(service.repository, service.clock)


async def numbers(service: InMemory) -> list[str]:
    return sorted(await catalogue_of(service).everything())
