"""Billing hears of withdrawals, tells invoicing, and shows the statement."""

from functools import partial

from services.billing.domain.fees.acknowledgement import Acknowledgement, StrayAcknowledgement
from services.billing.domain.fees.payer import Identity, Payer, note_payer
from services.billing.repository.collections import PAYERS, STRAYS
from shared.domain.hashing import plain_hash
from shared.events.billing import FeeCharged, FeeCredited, FeeInvoiced
from shared.events.tasks import TaskRaised
from shared.repository import Cause
from tests.billing.in_memory import ANNULLED, AT, NUMBER, SENT, WITHDRAWAL, Billing, ids


async def test_each_fee_of_a_sent_withdrawal_reaches_invoicing_once_with_the_payer_in_clear(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(), SENT, SENT)

    events = billing.events()
    assert [(event["kind"], event["amount"]) for event in events] == [
        ("charge", "120.00"),
        ("charge", "210.00"),
    ]
    assert events[0]["patient"] == {"id_type": "1.2.752.129.2.1.3.1", "id": NUMBER}
    assert len(set(ids(events))) == 2
    assert len(billing.service.told_of(FeeCharged)) == 2


async def test_on_the_bus_of_the_house_nobody_has_a_number_in_clear(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    assert len(billing.service.told_of(FeeCharged)) == 2
    assert all(NUMBER not in str(row["body"]) for row in billing.service.rows)


async def test_a_withdrawal_consumed_before_its_patient_is_sent_when_the_patient_is_known(
    billing: Billing,
) -> None:
    await billing.hear(SENT)
    assert billing.events() == []

    await billing.hear(billing.patient())

    assert len(billing.events()) == 2


async def test_a_fee_and_its_payer_that_missed_each_other_are_brought_together(billing: Billing) -> None:
    await billing.hear(SENT)
    payer = Payer("p-1", 1, Identity("1.2.752.129.2.1.3.1", billing.service.seals.seal(NUMBER)))
    await billing.service.repository.change(
        PAYERS.maybe("p-1"), partial(note_payer, published=payer), cause=Cause(key=None)
    )

    await billing.service.run_jobs()
    await billing.service.run_jobs()

    assert len(billing.events()) == 2


async def test_the_held_fee_of_a_protected_patient_is_a_task_and_is_sent_if_the_number_comes(
    billing: Billing,
) -> None:
    await billing.hear(SENT, billing.patient(number=None))
    await billing.service.run_jobs()

    assert {task.kind for task in billing.service.told_of(TaskRaised)} == {"fee_without_number"}
    assert billing.events() == []

    await billing.hear(billing.patient(version=2))

    assert len(billing.events()) == 2


async def test_an_annulled_withdrawal_is_credited_by_one_new_entry(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, ANNULLED, ANNULLED)

    credit = billing.events()[-1]
    assert len(billing.events()) == 3
    assert (credit["kind"], credit["amount"], credit["reverses"]) == (
        "credit",
        "120.00",
        billing.events()[0]["event_id"],
    )
    assert len(billing.service.told_of(FeeCredited)) == 1


async def test_an_annulment_consumed_before_its_withdrawal_gives_both_entries(billing: Billing) -> None:
    await billing.hear(billing.patient(), ANNULLED, SENT)

    assert sorted(event["kind"] for event in billing.events()) == ["charge", "charge", "credit"]


async def test_an_annulment_without_fees_credits_nothing(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, ANNULLED.model_copy(update={"fee_nos": ()}))

    assert len(billing.events()) == 2


async def test_the_statement_says_to_be_invoiced_until_it_is_invoiced(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    first, second = ids(billing.events())

    await billing.acknowledge(first, "accepted")
    await billing.acknowledge(first, "invoiced", invoice_no="100234")

    fees = {fee["event_id"]: fee for fee in (await billing.statement()).json()["fees"]}
    assert (fees[first]["status"], fees[second]["status"]) == ("Fakturerad", "Ska faktureras")
    assert [fact.invoice_no for fact in billing.service.told_of(FeeInvoiced)] == ["100234"]


async def test_the_statement_sums_charges_minus_credits(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, ANNULLED)

    statement = (await billing.statement(withdrawal_no=WITHDRAWAL)).json()

    assert (len(statement["fees"]), statement["net"]) == (3, "210.00")


async def test_every_reading_of_a_statement_is_audited(billing: Billing) -> None:
    await billing.statement()

    rows = await billing.service.repository.backend.audit.rows()
    assert "billing.search_fees" in str(rows)
    assert "p-1" in str(rows)


async def test_a_patient_reads_own_fees_only(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    own = await billing.statement("patient", patient="p-1")
    anothers = await billing.statement("patient", patient="p-2")
    by_number = await billing.statement("patient", patient="p-2", withdrawal_no=WITHDRAWAL)

    assert len(own.json()["fees"]) == 2
    assert anothers.status_code == 403
    assert by_number.json()["fees"] == []


async def test_a_prescriber_reads_what_the_own_units_withdrawals_cost(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    own = await billing.statement("dietitian")
    anothers = await billing.statement("dietitian", care_units=["DEMO-102"])

    assert (len(own.json()["fees"]), anothers.json()["fees"]) == (2, [])


async def test_a_statement_is_asked_for_a_patient_or_a_withdrawal(billing: Billing) -> None:
    assert (await billing.statement(patient_ref="p-1", withdrawal_no=WITHDRAWAL)).status_code == 422


async def test_an_answer_about_an_unknown_entry_is_kept_shown_and_a_task(billing: Billing) -> None:
    await billing.acknowledge("nobody-knows", "accepted")

    strays = await billing.service.client.get(
        "/acknowledgements/stray", headers=billing.service.token("economist")
    )
    assert [(stray["event_id"], stray["why"]) for stray in strays.json()] == [
        ("nobody-knows", "unknown_entry")
    ]
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["fee_unknown"]


async def test_a_rejection_after_the_invoice_is_not_believed(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    first = ids(billing.events())[0]

    await billing.acknowledge(first, "invoiced", invoice_no="1")
    await billing.acknowledge(first, "rejected", code="E1")

    fees = {fee["event_id"]: fee for fee in (await billing.statement()).json()["fees"]}
    assert fees[first]["stage"] == "invoiced"
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["fee_contradicted"]


async def test_an_answer_about_an_entry_that_is_a_persons_number_is_kept_under_a_keyed_hash(
    billing: Billing,
) -> None:
    await billing.acknowledge("199001012385", "accepted")
    await billing.acknowledge("199001012385", "accepted")

    (stray,) = await billing.service.repository.find(STRAYS, {})
    everything = f"{stray}{billing.service.rows}"
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["fee_unknown"]
    assert "199001012385" not in everything
    assert plain_hash("199001012385")[:16] not in everything


async def test_a_stray_answer_that_the_version_before_kept_is_no_second_task(billing: Billing) -> None:
    former = plain_hash("199001012385")[:40]
    heard = Acknowledgement(former, "accepted", AT)
    kept = StrayAcknowledgement(f"{former}:accepted:-", heard, "unknown_entry", AT)
    await billing.service.repository.change(
        STRAYS.maybe(kept.stray_id), lambda _: (kept, []), cause=Cause(key=None)
    )

    await billing.acknowledge("199001012385", "accepted")

    assert len(await billing.service.repository.find(STRAYS, {})) == 1
    assert billing.service.told_of(TaskRaised) == []
