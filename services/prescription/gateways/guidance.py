"""Reads the delivered texts of guidance when the service starts."""

import json
from collections.abc import Mapping
from pathlib import Path

from services.prescription.domain.own.guidance import Guidance
from shared.domain.decision import Sentence

DELIVERED = Path(__file__).with_name("guidance.json")


def read_guidance() -> Mapping[str, Guidance]:
    """Give each delivered text by its key, in the order of the file."""
    return {
        key: Guidance(key, Sentence(*each["title"]), Sentence(*each["text"]))
        for key, each in json.loads(DELIVERED.read_text()).items()
    }
