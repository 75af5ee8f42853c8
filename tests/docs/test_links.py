"""Links between the papers lead somewhere."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def relative(paper: Path) -> str:
    return str(paper.relative_to(PROJECT))


def anchors(paper: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    return {
        "#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(paper.read_text())
    }


@pytest.mark.parametrize("paper", PAPERS, ids=relative)
def test_every_link_leads_to_a_file_and_a_heading_in_it(paper: Path) -> None:
    for path, anchor in LINK.findall(paper.read_text()):
        target = paper.parent / path if path else paper

        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}{anchor}"
