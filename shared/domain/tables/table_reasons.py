"""The sentences that say what is wrong with a file, a row or a cell of it, and what to do (T30)."""

from collections.abc import Iterable

from shared.domain.decision import Sentence

LONGEST_TEXT = 200

EMPTY = Sentence("Cellen är tom. Fyll i den.", "The cell is empty. Fill it in.")

TOO_LONG = Sentence(
    f"Skriv högst {LONGEST_TEXT} tecken på en enda rad.",
    f"Write at most {LONGEST_TEXT} characters on a single line.",
)

TOO_LARGE = Sentence(
    "Filen är större än 64 MB eller längre än 250 000 rader. Kontrollera att den är rätt, eller dela den.",
    "The file is larger than 64 MB or longer than 250,000 lines. See that it is the right one, or split it.",
)

WORKBOOK = Sentence(
    "Filen är en arbetsbok, inte CSV. Öppna den i kalkylprogrammet och spara den som CSV.",
    "The file is a workbook, not CSV. Open it in the spreadsheet and save it as CSV.",
)


def broken_utf_8(line: int) -> Sentence:
    return Sentence(
        f"Rad {line} har tecken i en annan teckenkodning än resten. Spara hela filen som CSV UTF-8.",
        f"Line {line} has characters in another encoding than the rest. Save the whole file as CSV UTF-8.",
    )


def spreadsheets_error(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ett fel från kalkylprogrammet, inget värde. Rätta formeln eller skriv värdet.",
        f"{quoted(cell)} is an error of the spreadsheet, no value. Correct the formula or write the value.",
    )


def shortened(cell: str) -> Sentence:
    return Sentence(
        f"Kalkylprogrammet har kortat talet till {quoted(cell)}. Gör kolumnen till text, med alla siffror.",
        f"The spreadsheet shortened the number to {quoted(cell)}. Make the column text, with all digits.",
    )


def hidden_character(character: str) -> Sentence:
    code = f"U+{ord(character):04X}"
    return Sentence(
        f"Cellen har ett tecken som inte syns ({code}). Skriv om texten utan det.",
        f"The cell holds a character that nobody sees ({code}). Write the text without it.",
    )


def no_key(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen nyckel. Skriv små bokstäver a-z, siffror och bindestreck.",
        f"{quoted(cell)} is no key. Write small letters a-z, digits and hyphens.",
    )


def no_count(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget antal. Skriv ett heltal från 1 till 9999.",
        f"{quoted(cell)} is no count. Write a whole number from 1 to 9999.",
    )


def bad_header(missing: Iterable[str], unknown: Iterable[str], twice: Iterable[str]) -> Sentence:
    lists = [", ".join(names) or "-" for names in (missing, unknown, twice)]
    return Sentence(
        "Första raden ska namnge kolumnerna. Saknas: {}. Okända: {}. Dubbla: {}.".format(*lists),
        "The first line must name the columns. Missing: {}. Unknown: {}. Twice: {}.".format(*lists),
    )


def bad_quotes(line: int) -> Sentence:
    return Sentence(
        f"Filen går inte att läsa från rad {line}. Kontrollera citattecknen där.",
        f"The file cannot be read from line {line} on. Check the quotation marks there.",
    )


def wrong_width(cells: int, columns: int) -> Sentence:
    return Sentence(
        f"Raden har {cells} celler, fler än de {columns} kolumnerna med rubrik. Rätta raden.",
        f"The row has {cells} cells, more than the {columns} columns with a heading. Correct the row.",
    )


def doubled(other_lines: Iterable[int]) -> Sentence:
    lines = ", ".join(str(line) for line in other_lines)
    return Sentence(
        f"Numret står också på rad {lines}. Låt bara en av raderna stå kvar.",
        f"The number also stands on line {lines}. Keep one of the rows.",
    )


def quoted(cell: str) -> str:
    return f"“{cell[:40]}”"


def no_word(cell: str, known: Iterable[str]) -> Sentence:
    words = ", ".join(known)
    return Sentence(
        f"{quoted(cell)} finns inte att välja. Välj en av {words}.",
        f"{quoted(cell)} cannot be chosen. Choose one of {words}.",
    )


def no_number(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget id. Skriv högst 40 tecken: siffror, bokstäver a-z, punkt och bindestreck.",
        f"{quoted(cell)} is no id. Write at most 40 characters: digits, letters a-z, full stops and hyphens.",
    )


def no_day(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen dag. Skriv år, månad och dag som 2026-11-30.",
        f"{quoted(cell)} is no day. Write year, month and day as 2026-11-30.",
    )


def impossible_day(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen rimlig dag. Kontrollera året; lämna cellen tom om ingen dag är känd.",
        f"{quoted(cell)} cannot be the right day. Check the year; leave the cell empty if no day is known.",
    )


def too_many(most: int) -> Sentence:
    return Sentence(
        f"Cellen namnger fler än {most}. Dela upp raden.", f"The cell names more than {most}. Split the row."
    )
