"""The sentences that say what is wrong with a row of a file of places, and what to do."""

from shared.domain.decision import Sentence
from shared.domain.tables.table_reasons import quoted

NO_STOREROOM = Sentence(
    "En vårdenhet har inga vårdenheter, lager eller kvittenser. Töm cellen, eller ändra typen.",
    "A care unit has no care units, warehouses or receipts. Empty the cell, or change the kind.",
)
HALF_AN_ADDRESS = Sentence(
    "En adress har adress, postnummer och ort. Fyll i alla tre, eller ingen.",
    "An address has line1, postal_code and city. Fill in all three, or none.",
)
ADDRESS_OF_UNIT = Sentence(
    "Leveranser går till vårdenhetens adress. Töm adressen, och skriv den på vårdenhetens rad.",
    "Deliveries go to the care unit's address. Empty this one, and write it in the care unit's row.",
)
NOBODYS = Sentence(
    "Skriv vilka vårdenheter som använder förrådet, eller som får beställa från huvudlagret.",
    "Name the care units whose storeroom it is, or which may order from the warehouse.",
)
WAREHOUSE_SUPPLIED = Sentence(
    "Ett huvudlager fylls på av leverantörer. Töm cellen, eller ändra typen till förråd.",
    "A warehouse is refilled by suppliers. Empty the cell, or change the kind to storeroom.",
)
NUMBER_TAKEN = Sentence(
    "Numret tillhör redan en plats av annan typ. Ge platsen ett annat nummer.",
    "The number belongs to a place of another kind already. Give the place another number.",
)
OTHER_KIND = Sentence(
    "Ett förråd blir inte ett huvudlager, och tvärtom. Stäng det, och ge det nya ett eget nummer.",
    "A storeroom does not become a warehouse, nor the reverse. Close it; give the new one its own number.",
)


def no_postal_code(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget postnummer. Skriv fem siffror, som 123 45.",
        f"{quoted(cell)} is no postal code. Write five digits, as 123 45.",
    )


def no_unit(number: str) -> Sentence:
    return Sentence(
        f"Vårdenheten {number} finns inte, eller är stängd. Lägg till den, eller ta bort den ur cellen.",
        f"The care unit {number} does not exist, or is closed. Add it, or take it out of the cell.",
    )


def no_warehouse(number: str) -> Sentence:
    return Sentence(
        f"Huvudlagret {number} finns inte, eller är stängt. Lägg till det, eller ta bort det ur cellen.",
        f"The warehouse {number} does not exist, or is closed. Add it, or take it out of the cell.",
    )


def still_used(storeroom_no: str) -> Sentence:
    return Sentence(
        f"Lagret {storeroom_no} är öppet för enheten. Ta bort enheten där, eller stäng lagret, i samma fil.",
        f"{storeroom_no} is open for the care unit. Take the unit out of it, or close it, in the same file.",
    )
