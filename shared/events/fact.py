"""The shape of every fact: frozen, strict when told, tolerant when heard."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

SEALED_PREFIX = "sealed:"

Sealed = Annotated[str, StringConstraints(pattern=rf"^{SEALED_PREFIX}")]
"""A personal field, encrypted by `shared.sealed`; opened only at the last door."""


class Fact(BaseModel):
    """Something that became true; carries business data only, ids and times of the telling travel apart.

    `topic` is `<speaker>.<fact>.v<n>`; `about` names the field that identifies what the fact is about.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    topic: ClassVar[str]
    about: ClassVar[str]

    @property
    def subject(self) -> str:
        return str(getattr(self, self.about))


class Part(BaseModel):
    """A part of a fact."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )
