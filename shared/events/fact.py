"""The base class of facts: frozen, strict when published, tolerant when consumed."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

SEALED_PREFIX = "sealed:"

Sealed = Annotated[str, StringConstraints(pattern=rf"^{SEALED_PREFIX}")]
"""A personal field, encrypted by `shared.sealed`; opened only at the last door."""


KEPT: Mapping[str, bool] = {"kept": True}
"""Pydantic's context for reading what was written before, perhaps by a newer version."""


class Unknown(str):
    """A value of an open enumeration that only a newer version knows: kept as text, passed on as it came."""

    __slots__ = ()


class _OpenEnumeration:
    """Reads facts and documents with values that are not known here; what we publish must be known."""

    def __get_pydantic_core_schema__(self, source: Any, _: GetCoreSchemaHandler) -> CoreSchema:
        known = [value for each in get_args(source) if each is not Unknown for value in get_args(each)]
        return core_schema.union_schema(
            [
                core_schema.literal_schema(known),
                core_schema.with_info_plain_validator_function(_read_unknown),
            ],
            mode="left_to_right",
            custom_error_type="literal_error",
            custom_error_context={"expected": " or ".join(repr(each) for each in known)},
            serialization=core_schema.simple_ser_schema("str"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, _: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "x-extensible-enum": schema["choices"][0]["expected"]}


Known = TypeVar("Known")
Open = Annotated[Known | Unknown, _OpenEnumeration()]
"""An enumeration that may grow, such as `Open[Literal["a", "b"]]`: each of a fact is one (decision 0007)."""


def known_or(value: Known | Unknown, treated_as: Known) -> Known:
    """Give the value, or what the consumer's named rule treats an unknown one as (decision 0007)."""
    return treated_as if isinstance(value, Unknown) else value


class Fact(BaseModel):
    """Something that became true; carries business data only; its id and times are in the envelope.

    `topic` is `<publisher>.<fact>.v<n>`; `about` names the field that identifies what the fact is about.
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


def _read_unknown(value: object, info: core_schema.ValidationInfo[Any]) -> Unknown:
    is_of_others = info.mode == "json" or info.context is KEPT
    if isinstance(value, Unknown) or (isinstance(value, str) and is_of_others):
        return Unknown(value)
    raise PydanticCustomError("unknown_value", "not a value of this enumeration")
