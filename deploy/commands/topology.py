"""The command that prints RabbitMQ's definitions."""

import json

from deploy.local.definitions import for_tests


def topology(*, test_workers: int | None) -> int:
    from deploy.topology import definitions

    wanted = definitions() if test_workers is None else for_tests(test_workers)
    print(json.dumps(wanted, indent=2, ensure_ascii=False))
    return 0
