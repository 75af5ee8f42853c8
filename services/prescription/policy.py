"""Which roles may use which route of prescription."""

from shared.auth.operations import rules_of_operations
from shared.auth.rule import EVERYBODY, STAFF, WHO_MAY_SEE_THE_LOG, Rule

CLERKS = frozenset({"customer_service"})
PRESCRIBERS = frozenset({"prescriber"})
WHO_MEET_PATIENTS = PRESCRIBERS | CLERKS | {"order_placer"}

RULES: dict[str, Rule] = {
    "prescription.register_patient": Rule(CLERKS),
    "prescription.record_patient": Rule(CLERKS),
    "prescription.change_status": Rule(CLERKS),
    "prescription.give_patient_number": Rule(CLERKS),
    "prescription.list_saved_searches": Rule(WHO_MEET_PATIENTS),
    "prescription.save_patient_search": Rule(WHO_MEET_PATIENTS),
    "prescription.forget_patient_search": Rule(WHO_MEET_PATIENTS),
    "prescription.change_patient_contact": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.save_patient_address": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.forget_patient_address": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.give_patient_guardian": Rule(CLERKS),
    "prescription.end_patient_guardian": Rule(CLERKS),
    "prescription.search_patients": Rule(WHO_MEET_PATIENTS, units="own"),
    "prescription.name_patients": Rule(WHO_MEET_PATIENTS),
    "prescription.launch_patient": Rule(WHO_MEET_PATIENTS),
    "prescription.get_myself": Rule(EVERYBODY),
    "prescription.list_functions": Rule(EVERYBODY),
    "prescription.list_patient_functions": Rule(WHO_MEET_PATIENTS | {"patient"}, units="own"),
    "prescription.find_patient": Rule(WHO_MEET_PATIENTS),
    "prescription.get_patient": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.get_patient_prescriptions": Rule(WHO_MEET_PATIENTS | {"patient"}, units="self"),
    "prescription.preview_prescription": Rule(PRESCRIBERS, units="own"),
    "prescription.register_prescription": Rule(PRESCRIBERS, units="own"),
    "prescription.get_prescription": Rule(WHO_MEET_PATIENTS | {"patient"}, units="own"),
    "prescription.annul_line": Rule(PRESCRIBERS, units="own"),
    "prescription.copy_lines_of_patient": Rule(PRESCRIBERS, units="own"),
    "prescription.list_lines": Rule(WHO_MEET_PATIENTS | {"patient"}, units="own"),
    "prescription.print_prescriptions": Rule(WHO_MEET_PATIENTS | {"patient"}, units="own"),
    "prescription.list_forms": Rule(WHO_MEET_PATIENTS),
    "prescription.list_attachments": Rule(WHO_MEET_PATIENTS, units="own"),
    "prescription.fill_attachment": Rule(PRESCRIBERS, units="own"),
    "prescription.search_renewals": Rule(PRESCRIBERS | CLERKS, units="own"),
    "prescription.register_exemption": Rule(CLERKS),
    "prescription.end_exemption": Rule(CLERKS),
    "prescription.list_exemptions": Rule(CLERKS),
    "prescription.list_product_areas": Rule(EVERYBODY),
    "prescription.list_prescribers": Rule(WHO_MEET_PATIENTS, units="own"),
    "prescription.explain_device_rules": Rule(EVERYBODY),
    "prescription.get_own_settings": Rule(STAFF),
    "prescription.choose_own_settings": Rule(STAFF),
    "prescription.list_prescription_drafts": Rule(PRESCRIBERS),
    "prescription.get_prescription_draft": Rule(PRESCRIBERS),
    "prescription.keep_prescription_draft": Rule(PRESCRIBERS),
    "prescription.forget_prescription_draft": Rule(PRESCRIBERS),
    "prescription.get_own_columns": Rule(STAFF),
    "prescription.choose_own_columns": Rule(STAFF),
    "prescription.list_rules": Rule(EVERYBODY),
    "prescription.explain_rules": Rule(EVERYBODY),
    "prescription.get_own_prescribing": Rule(WHO_MEET_PATIENTS),
    "prescription.ask_reachability": Rule(frozenset({"service_notification"})),
    "prescription.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
    **rules_of_operations("prescription"),
}
"""The product area is that of each prescription: the routes ask for it (S73, S75)."""
