"""Tasks as people work on them, and what becomes of a withdrawal that was begun."""

import json

import httpx

from tests.gateway.answers import PATIENT, WITHDRAWAL, answers, example
from tests.gateway.visiting import GATEWAY, Browser

REF, NUMBER = PATIENT["patient_ref"], WITHDRAWAL["withdrawal_no"]
WHOLE = json.loads(json.dumps(example("notification", "get_task")))
OPEN = WHOLE | {"task": WHOLE["task"] | {"is_open": True, "owner": None, "subject_no": NUMBER}}


async def signed_in(browser: Browser) -> None:
    browser.world.answers = answers() | {("notification", "GET", "/tasks/t-1"): OPEN}
    await browser.signed_in("customer_service")


def sent(browser: Browser, path: str) -> list[object]:
    return [body for _, method, each, body in browser.world.asked if each == path and method == "POST"]


async def test_the_list_says_what_to_do_and_by_when(browser: Browser) -> None:
    await signed_in(browser)
    late = [each | {"is_overdue": True} for each in example("notification", "list_tasks")]
    browser.world.answers["notification", "GET", "/tasks"] = late

    page = await browser.http.get("/tasks")

    assert "Öppna det, kontrollera och skicka" in page.text
    assert "22 nov. 2026 12:00" in page.text
    assert "för sen" in page.text


async def test_a_task_leads_to_its_patient_and_to_what_it_is_about(browser: Browser) -> None:
    await signed_in(browser)

    page = await browser.http.get("/tasks/t-1")

    assert 'href="/patients/p-1"' in page.text
    assert f'href="/withdrawals/{NUMBER}"' in page.text
    assert "Patienten är uppringd" in page.text


async def test_a_task_is_taken_commented_and_ended(browser: Browser) -> None:
    await signed_in(browser)
    kept = example("notification", "claim_task")
    for action in ("claim", "comment", "resolve"):
        browser.world.answers["notification", "POST", f"/tasks/t-1/{action}"] = kept

    await browser.send("/tasks/t-1", key="k" * 32, do="claim", comment="Skrivet i luren")
    await browser.send("/tasks/t-1", key="k" * 32, do="comment", comment="Ringde, inget svar")
    last = await browser.send("/tasks/t-1", key="k" * 32, do="resolve", how="patient_was_called", comment="")

    assert sent(browser, "/tasks/t-1/comment") == [
        {"comment": "Skrivet i luren"},
        {"comment": "Ringde, inget svar"},
    ]
    assert sent(browser, "/tasks/t-1/resolve") == [{"how": "patient_was_called"}]
    assert str(last.url) == f"{GATEWAY}/tasks"


async def test_a_refused_comment_is_not_lost(browser: Browser) -> None:
    await signed_in(browser)
    refusal = {"rule": "version-changed", "detail": "Någon annan har ändrat det här.", "reasons": []}
    browser.world.answers["notification", "POST", "/tasks/t-1/comment"] = httpx.Response(412, json=refusal)

    page = await browser.send("/tasks/t-1", key="k" * 32, do="comment", comment="Ringde, inget svar")

    assert page.status_code == 422
    assert "Någon annan har ändrat" in page.text
    assert ">Ringde, inget svar</textarea>" in page.text


async def test_a_withdrawal_that_was_begun_goes_on_as_it_was(browser: Browser) -> None:
    await signed_in(browser)
    begun = answers()["ordering", "GET", f"/withdrawals/{NUMBER}"] | {"state": "new"}
    browser.world.answers["ordering", "GET", f"/withdrawals/{NUMBER}"] = httpx.Response(
        200, json=begun, headers={"ETag": '"6"'}
    )

    shown = await browser.http.get(f"/withdrawals/{NUMBER}")
    page = await browser.http.get(f"/withdrawals/{NUMBER}/continue")

    assert f'href="/withdrawals/{NUMBER}/continue"' in shown.text
    assert f'name="withdrawal_no" value="{NUMBER}"' in page.text
    assert 'name="etag" value="&#34;6&#34;"' in page.text
    assert 'name="packages:F2026-000001-9-1:900101" value="10"' in page.text


async def test_who_comes_second_to_a_draft_is_told_and_loses_nothing(browser: Browser) -> None:
    await signed_in(browser)
    changed = {"rule": "version-changed", "detail": "Ladda om.", "reasons": []}
    browser.world.answers["ordering", "PUT", f"/withdrawals/{NUMBER}"] = httpx.Response(412, json=changed)
    newer = answers()["ordering", "GET", f"/withdrawals/{NUMBER}"] | {"state": "new"}
    browser.world.answers["ordering", "GET", f"/withdrawals/{NUMBER}"] = httpx.Response(
        200, json=newer, headers={"ETag": '"7"'}
    )
    typed = {"line": "F2026-000001-9-1", "packages:F2026-000001-9-1:900101": "17"}
    fields = {"withdrawal_no": NUMBER, "etag": '"6"', "key": "k" * 32, "do": "send"}

    page = await browser.send(f"/patients/{REF}/withdraw", **typed, **fields)

    assert "Någon annan ändrade uttaget" in page.text
    assert 'value="17"' in page.text
    assert 'name="etag" value="&#34;7&#34;"' in page.text


async def test_a_withdrawal_is_annulled_from_its_page(browser: Browser) -> None:
    await signed_in(browser)
    begun = answers()["ordering", "GET", f"/withdrawals/{NUMBER}"] | {"state": "ordered"}
    browser.world.answers["ordering", "GET", f"/withdrawals/{NUMBER}"] = begun

    page = await browser.send(f"/withdrawals/{NUMBER}/annul", key="k" * 32, do="annul")

    assert sent(browser, f"/withdrawals/{NUMBER}/annul") == [None]
    assert page.url.path == f"/withdrawals/{NUMBER}"
