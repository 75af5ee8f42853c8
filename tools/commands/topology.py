"""The command that prints RabbitMQ's definitions."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from deploy.accounts import OPERATOR, accounts_in
from shared.settings import Settings
from tools.embedded.definitions import for_tests
from tools.embedded.place import demo_distributors

NONE_NAMED = 'SESAM_DISTRIBUTORS names no distributor: these are the demo\'s. Name yours as \'["a", "b"]\'.'


def topology(*, test_workers: int | None) -> int:
    wanted = of_region() if test_workers is None else for_tests(test_workers)
    print(json.dumps(wanted, indent=2, ensure_ascii=False))
    return 0


def of_region() -> dict[str, Any]:
    """Give the definitions for the distributors in the settings, with accounts where a file keeps them."""
    from deploy.topology import definitions

    settings = Settings()
    distributors, suppliers = settings.distributors, tuple(settings.suppliers)
    if not distributors:
        print(NONE_NAMED, file=sys.stderr)
        distributors = demo_distributors()
    file = os.environ.get("SESAM_ACCOUNTS_FILE")
    if file is None:
        return definitions(distributors, suppliers=suppliers)
    accounts = dict(accounts_in(Path(file), distributors, suppliers))
    operator = (OPERATOR, accounts.pop(OPERATOR))
    return definitions(distributors, suppliers=suppliers, operator=operator, accounts=accounts)
