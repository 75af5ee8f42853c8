"""What may be done in prescription, and by whom."""

from shared.auth.rule import Rule

FOODS = "foods"
CLERKS = frozenset({"customer_service"})
PRESCRIBERS = frozenset({"prescriber"})
WHO_MEET_PATIENTS = PRESCRIBERS | CLERKS | {"order_placer"}

RULES: dict[str, Rule] = {
    "prescription.register_patient": Rule(CLERKS),
    "prescription.record_patient": Rule(CLERKS),
    "prescription.change_status": Rule(CLERKS),
    "prescription.find_patient": Rule(WHO_MEET_PATIENTS),
    "prescription.get_patient": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.get_patient_prescriptions": Rule(WHO_MEET_PATIENTS | {"patient"}, area=FOODS, units="self"),
    "prescription.preview_prescription": Rule(PRESCRIBERS, area=FOODS, units="own"),
    "prescription.register_prescription": Rule(PRESCRIBERS, area=FOODS, units="own"),
    "prescription.get_prescription": Rule(WHO_MEET_PATIENTS | {"patient"}, area=FOODS, units="own"),
    "prescription.annul_line": Rule(PRESCRIBERS, area=FOODS, units="own"),
    "prescription.ask_reachability": Rule(frozenset({"service_notification"})),
}
