"""Describes what is wrong with a field of a request, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.domain.decision import Sentence
from shared.http.field_names import NAMES
from shared.http.list_names import LISTED

PLACES = frozenset({"body", "query", "path", "header"})
UNREADABLE = Sentence("Värdet går inte att läsa.", "The value cannot be read.")
LONGEST_UNKNOWN = 40
OF_A_FORM = frozenset({"wrong_type", "bool_type"})
"""Errors that a form finds before its fields are read: they name the field themselves."""

SENTENCES: dict[str, Sentence] = {
    "missing": Sentence("Fyll i fältet.", "Fill in the field."),
    "extra_forbidden": Sentence("Fältet finns inte här. Ta bort det.", "No such field. Remove it."),
    "wrong_type": Sentence("Skriv ett tal, inte en text.", "Give a number, not a text."),
    "string_type": Sentence("Skriv en text.", "Give a text."),
    "string_unicode": Sentence("Texten innehåller trasiga tecken.", "The text holds broken characters."),
    "string_too_short": Sentence("Skriv minst {min_length} tecken.", "At least {min_length} characters."),
    "string_too_long": Sentence("Skriv högst {max_length} tecken.", "At most {max_length} characters."),
    "string_pattern_mismatch": Sentence(
        "Värdet har inte rätt form. Kontrollera varje tecken.",
        "The value does not have the right form. Check every character.",
    ),
    "too_short": Sentence("Ange minst {min_length}.", "Give at least {min_length}."),
    "too_long": Sentence("Ange högst {max_length}.", "Give at most {max_length}."),
    "int_type": Sentence("Skriv ett heltal.", "Give a whole number."),
    "int_parsing": Sentence("Skriv ett heltal.", "Give a whole number."),
    "int_parsing_size": Sentence("Talet är för stort.", "The number is too large."),
    "int_from_float": Sentence("Skriv ett heltal, utan decimaler.", "Give a whole number, without decimals."),
    "float_type": Sentence("Skriv ett tal.", "Give a number."),
    "float_parsing": Sentence("Skriv ett tal.", "Give a number."),
    "decimal_type": Sentence("Skriv ett tal.", "Give a number."),
    "decimal_parsing": Sentence("Skriv ett tal.", "Give a number."),
    "decimal_max_digits": Sentence(
        "Talet får ha högst {max_digits} siffror.", "The number may have at most {max_digits} digits."
    ),
    "decimal_max_places": Sentence(
        "Talet får ha högst {decimal_places} decimaler.",
        "At most {decimal_places} decimals.",
    ),
    "decimal_whole_digits": Sentence("Talet är för stort.", "The number is too large."),
    "finite_number": Sentence("Skriv ett tal.", "Give a number."),
    "bool_type": Sentence("Svara ja eller nej (true eller false).", "Answer yes or no (true or false)."),
    "bool_parsing": Sentence("Svara ja eller nej (true eller false).", "Answer yes or no (true or false)."),
    "greater_than": Sentence("Värdet ska vara större än {gt}.", "The value must be greater than {gt}."),
    "greater_than_equal": Sentence("Värdet ska vara minst {ge}.", "The value must be at least {ge}."),
    "less_than": Sentence("Värdet ska vara mindre än {lt}.", "The value must be less than {lt}."),
    "less_than_equal": Sentence("Värdet får vara högst {le}.", "The value may be at most {le}."),
    "literal_error": Sentence("Välj ett av: {expected}.", "Choose one of: {expected}."),
    "list_type": Sentence("Ange en lista.", "Give a list."),
    "tuple_type": Sentence("Ange en lista.", "Give a list."),
    "dict_type": Sentence("Ange namn och värden.", "Give names and values."),
    "model_type": Sentence("Ange fälten som ett objekt.", "Give the fields as an object."),
    "model_attributes_type": Sentence("Ange fälten som ett objekt.", "Give the fields as an object."),
}
"""By the validator's type of error; every other one says that the value cannot be read."""


def field_problems(errors: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, str]]:
    """Give each field that is wrong: its path, its name, a stable code and a sentence with what to do."""
    return [_field_problem(error, language) for error in errors]


def sentence_of(error: Mapping[str, Any]) -> Sentence:
    """Say what is wrong, without the field's name."""
    facts = error.get("ctx") or {}
    if error["type"] == "refused":
        return Sentence(facts["sv"], facts["en"])
    kind = _kind(error["type"], facts)
    known = SENTENCES.get(kind, UNREADABLE)
    if kind == "literal_error":
        facts = {**facts, "expected": facts["expected"].replace(" or ", ", ").replace("'", "")}
    if kind == "string_too_short" and facts["min_length"] == 1:
        known = SENTENCES["missing"]
    return Sentence(known.sv.format_map(facts), known.en.format_map(facts))


def name_of(path: Sequence[str | int]) -> Sentence | None:
    """Name a field as people do, with its place in lists: rad 2, antal dagar; None for the whole body."""
    parts = list(_parts([each for each in path if each not in PLACES]))
    if not parts:
        return None
    return Sentence(", ".join(each.sv for each in parts), ", ".join(each.en for each in parts))


def _field_problem(error: Mapping[str, Any], language: str) -> dict[str, str]:
    facts = error.get("ctx") or {}
    path = [*error["loc"], *([facts["field"]] if error["type"] in OF_A_FORM and "field" in facts else [])]
    name, sentence = name_of(path), sentence_of(error)
    is_english = language == "en"
    detail = sentence.en if is_english else sentence.sv
    said = {
        "field": ".".join(str(each) for each in path),
        "rule": str(facts["rule"] if error["type"] == "refused" else error["type"]),
        "detail": detail,
    }
    if name is None:
        return said
    called = name.en if is_english else name.sv
    return {**said, "name": called, "detail": f"{called[:1].upper()}{called[1:]}: {detail}"}


def _kind(error_type: str, facts: Mapping[str, Any]) -> str:
    """Tell a text's length from a list's: what a type of ours cleans is measured afterwards."""
    is_text = facts.get("field_type") == "Value" and error_type in ("too_short", "too_long")
    return f"string_{error_type}" if is_text else error_type


def _parts(path: Sequence[str | int]) -> Iterator[Sentence]:
    for place, each in enumerate(path):
        following = path[place + 1] if place + 1 < len(path) else None
        if isinstance(each, int):
            continue
        if isinstance(following, int):
            one = LISTED.get(each) or NAMES.get(each) or Sentence(each, each)
            yield Sentence(f"{one.sv} {following + 1}", f"{one.en} {following + 1}")
        elif each in NAMES:
            yield NAMES[each]
        elif place == 0:
            yield Sentence(each[:LONGEST_UNKNOWN], each[:LONGEST_UNKNOWN])
