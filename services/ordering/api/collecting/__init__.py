"""Routes about collection orders: offered, registered, followed, found and printed (S135 to S150)."""

from services.ordering.api.collecting import finding, following, prints, registering
from services.ordering.application.collecting import Collecting
from shared.http import Router


def routes(collecting: Collecting) -> list[Router]:
    return [each.routes(collecting) for each in (registering, finding, following, prints)]
