"""One valid example of each thing that prescription knows; tests change it with `replace`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.prescription.domain.patients.patients import Patient, Person, Status
from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest, against_prescribing
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from services.prescription.domain.prescriptions.quantity import LineRequest
from services.prescription.domain.rules.exemptions import Exemptions
from services.prescription.domain.rules.rights import Prescriber
from services.prescription.domain.rules.rule_book import AreaRules
from services.prescription.gateways.rule_book import PACKAGED, read_forms, read_rule_book
from shared.domain.money import Money

TODAY = date(2026, 3, 2)
BOOK = read_rule_book(PACKAGED)
FORMS = read_forms(PACKAGED)
OF_FOODS = BOOK.of("foods")

ADULT = Person(
    number="sealed:number",
    number_type="personnummer",
    born=date(1990, 7, 5),
    sealed_born="sealed:born",
    name="sealed:name",
    address="sealed:address",
    phone="sealed:phone",
)
SERVED = Status(protected=False)
PATIENT = Patient("p-1", 1, ADULT, SERVED, registered_by="SE2321000016-KUND1")

DRINK = Article(
    article_no="900001",
    version=1,
    name="Demodryck choklad",
    product_area="foods",
    subgroup="supplement",
    pieces_per_package=4,
    piece="flaska",
    package_price=Money.of("96.00"),
    warn_above_packages=60,
)
GENERIC_DRINK = Article(
    article_no="900010",
    version=1,
    name="Demodryck (välj smak vid uttag)",
    product_area="foods",
    subgroup="supplement",
    pieces_per_package=4,
    piece="flaska",
    package_price=Money.of("96.00"),
    is_generic=True,
)
FORMULA = Article(
    article_no="900050",
    version=1,
    name="Demoersättning",
    product_area="foods",
    subgroup="infant_formula",
    pieces_per_package=1,
    piece="burk",
    package_price=Money.of("150.00"),
)

LINE_WANTED = LineRequest("900001", days=30, withdrawals=12, per_day=Decimal(2))
WANTED = PrescriptionRequest("energy_nutrition", "SE-UNIT-1", (LINE_WANTED,))
DIETITIAN = Prescriber("SE2321000016-DIET1", "dietitian", employed_by_region=True)
PHYSICIAN = Prescriber("SE2321000016-LAK1", "physician", employed_by_region=False)

NUMBER = "F2026-000123-4"
FIRST, SECOND = f"{NUMBER}-1", f"{NUMBER}-2"
LINE = Line(
    line_id=FIRST,
    article_no="900001",
    article_name="Demodryck choklad",
    is_generic=False,
    per_day=Decimal(2),
    packages=15,
    days=30,
    withdrawals=2,
    renew_on=date(2027, 3, 2),
)
PRESCRIPTION = Prescription(
    prescription_no=NUMBER,
    patient_ref="p-1",
    prescription_type="energy_nutrition",
    product_area="foods",
    care_unit="SE-UNIT-1",
    prescriber=DIETITIAN.sub,
    prescriber_profession="dietitian",
    prescriber_employed_by_region=True,
    payer="region",
    registered_on=TODAY,
    valid_through=date(2027, 3, 2),
    lines=(LINE,),
).dated()

FIFTEEN = replace(PATIENT, person=replace(ADULT, born=date(2011, 1, 1)))


def reasons(
    patient: Patient = PATIENT,
    *articles: Article,
    wanted: PrescriptionRequest = WANTED,
    by: Prescriber = DIETITIAN,
    on: date = TODAY,
    exemptions: Exemptions | None = None,
    rules: AreaRules = OF_FOODS,
) -> list[tuple[str, object]]:
    found = against_prescribing(
        patient, articles or (DRINK,), exemptions, wanted=wanted, by=by, rules=rules, on=on
    )
    return [(reason.rule, reason.facts.get("line")) for reason in found]
