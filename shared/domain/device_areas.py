"""The product areas of devices (S79, Q30); those of foods and other articles are in `subgroups`."""

from dataclasses import dataclass

from shared.domain.decision import Sentence


@dataclass(frozen=True)
class DeviceArea:
    """What permissions are given for, with the name that people read."""

    key: str
    name: Sentence


DEVICE_AREAS: tuple[DeviceArea, ...] = (
    DeviceArea("cpap", Sentence("CPAP", "CPAP")),
    DeviceArea("inhalation", Sentence("Inhalation", "Inhalation")),
    DeviceArea("respiration", Sentence("Andning", "Respiration")),
    DeviceArea("vision", Sentence("Syn", "Vision")),
    DeviceArea("hearing", Sentence("Hörsel", "Hearing")),
    DeviceArea("mobility", Sentence("Rörelse", "Mobility")),
    DeviceArea(
        "communication_cognition", Sentence("Kommunikation och kognition", "Communication and cognition")
    ),
    DeviceArea("orthopaedic", Sentence("Ortopedteknik", "Orthopaedic devices")),
    DeviceArea("tens", Sentence("TENS", "TENS")),
)
DEVICE_AREA_KEYS: frozenset[str] = frozenset(area.key for area in DEVICE_AREAS)
