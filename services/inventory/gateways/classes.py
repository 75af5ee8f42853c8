"""Reads the titles of the classes of devices when the service starts (S168)."""

import json
from pathlib import Path

from services.inventory.domain.classes import Classes, class_code

PACKAGED = Path(__file__).resolve().parents[1] / "classes" / "iso-9999-2011.json"


def read_classes(file: Path) -> Classes:
    """Read an edition and its titles by code; raises NotAClass for a code that is none."""
    said = json.loads(file.read_text())
    return Classes(said["edition"], {class_code(code): title for code, title in said["titles"].items()})
