"""What the services answer in tests of pages: the examples of their own documents."""

import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


def example(service: str, operation: str) -> Any:
    """Give the answer that the service's document shows for an operation."""
    return json.loads((EXAMPLES / f"{service}.json").read_text())[operation]["answer"]


PATIENT = example("prescription", "get_patient")
ALLOWANCE = example("ordering", "get_allowance")
WITHDRAWAL = example("ordering", "get_withdrawal")

AS_SHOWN = (
    ("prescription", "POST", "/patients/search", "search_patients"),
    ("prescription", "POST", "/renewals/search", "search_renewals"),
    ("prescription", "GET", "/me/prescribing", "get_own_prescribing"),
    ("prescription", "POST", "/prescriptions", "register_prescription"),
    ("prescription", "POST", "/prescriptions/preview", "preview_prescription"),
    ("ordering", "GET", "/pickup-points", "list_pickup_points"),
    ("ordering", "POST", "/withdrawals", "draft_withdrawal"),
    ("ordering", "POST", "/withdrawals/drafts", "list_drafts"),
    ("ordering", "POST", "/withdrawals/preview", "preview_withdrawal"),
    ("ordering", "GET", "/orders/B2026-000001-5", "get_order"),
    ("inventory", "POST", "/articles/search", "search_articles"),
    ("inventory", "GET", "/care-units", "list_care_units"),
    ("notification", "GET", "/tasks/counts", "count_tasks"),
    ("notification", "GET", "/tasks", "list_tasks"),
    ("ordering", "POST", "/withdrawals/U2026-000001-7/annul", "annul_withdrawal"),
)
"""What stands in the documents as it is."""


def answers(typed: str = "") -> dict[tuple[str, str, str], Any]:
    """Give an answer to every question of the pages; `typed` stands in each text that somebody wrote."""
    ref, number = PATIENT["patient_ref"], WITHDRAWAL["withdrawal_no"]
    patient = json.loads(json.dumps(PATIENT))
    allowance = json.loads(json.dumps(ALLOWANCE)) | {"patient_ref": ref}
    withdrawal = json.loads(json.dumps(WITHDRAWAL)) | {"patient_ref": ref}
    article = example("inventory", "get_article")
    if typed:
        patient["person"]["name"] = allowance["prefill"]["name"] = typed
        patient["active_lines"][0]["article_name"] = allowance["lines"][0]["article_name"] = typed
        withdrawal["delivery"]["recipient"] = typed
        withdrawal["history"][0]["note_text"] = typed
    return {
        ("prescription", "GET", f"/patients/{ref}"): patient,
        ("prescription", "POST", "/patients/find"): patient,
        ("ordering", "GET", f"/allowances/{ref}"): allowance,
        ("ordering", "POST", "/withdrawals/search"): [withdrawal],
        ("ordering", "POST", f"/withdrawals/{number}/send"): example("ordering", "send_withdrawal"),
        ("ordering", "GET", f"/withdrawals/{number}"): withdrawal,
        ("ordering", "GET", "/orders/B2026-000002-3"): example("ordering", "get_order"),
        ("inventory", "GET", f"/articles/{article['article_no']}"): article,
        **{(service, method, path): example(service, name) for service, method, path, name in AS_SHOWN},
    }
