"""The region's data on where devices may be collected from (S139, Q54)."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from services.ordering.domain.collecting.places import CollectionPlaces, PlaceRow
from shared.domain.days import Period
from shared.domain.decision import Sentence

PACKAGED = Path(__file__).parents[1] / "collection_places.json"


def read_places(file: Path = PACKAGED) -> CollectionPlaces:
    """Read every row."""
    return CollectionPlaces(tuple(map(_row, json.loads(file.read_text()))))


def _row(row: Mapping[str, Any]) -> PlaceRow:
    last = row.get("valid_through")
    return PlaceRow(
        place=row["place"],
        period=Period(date.fromisoformat(row["valid_from"]), date.fromisoformat(last) if last else None),
        text=Sentence(row["sv"], row["en"]),
        product_areas=tuple(row.get("product_areas", ())),
        is_used=row.get("is_used", True),
        bulky_or_advanced_only=row.get("bulky_or_advanced_only", False),
    )
