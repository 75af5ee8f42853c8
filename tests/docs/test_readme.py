"""The README names every library that the services stand on."""

import re
import tomllib

from tests.docs.vocabulary import PROJECT


def test_the_readme_names_every_library_that_the_services_stand_on() -> None:
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    libraries = {re.split(r"[\[<>=; ]", each)[0] for each in wanted}
    table = (
        (PROJECT / "README.md")
        .read_text()
        .split("## Which libraries it stands on")[1]
        .split("\n## ")[0]
        .lower()
    )

    assert len(libraries) > 20
    assert {each for each in libraries if each not in table} == set()
