"""Flows about the day's file: written, answered row by row, sent again, added up (S46, N11)."""

import json
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from shared.domain.days import STOCKHOLM
from tools.demo.flows.acts import Line
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.money.tariffs import LEDGER, ONE, fee_of, statement
from tools.demo.flows.opening_hours import STARTS, pass_until
from tools.demo.flows.stage import REFUSED, Body, Call, Stage, demand
from tools.demo.flows.tasks import listed

FOLDER = "the folder of the day's files, SESAM_EXPORT_DIR"
MANY = 1000
LATE, CLOSING, NIGHT = time(17, 45), time(18, 1), time(4, 1)


async def day_file(stage: Stage) -> None:
    """Closed, written, sent again under the same names, and answered row by row in a file (S46)."""
    with stage.behaving("invoicing", "hold"):
        fees = await two_fees(stage)
        batch = await closed(stage, fees[-1])
        see_file(stage, batch, fees)
        await sent_again(stage, batch, fees)
        await answered(stage, batch, fees)


async def two_fees(stage: Stage) -> list[Body]:
    """Withdraw twice, and give the entries that invoicing was sent and has not answered."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    return [await told_fee(stage, line) for _ in range(2)]


async def told_fee(stage: Stage, line: Line) -> Body:
    """Withdraw a line, and give its entry when invoicing was sent it."""
    withdrawal_no = await fee_of(stage, line)
    return dict((await statement(stage, withdrawal_no))["fees"][0])


async def closed(stage: Stage, fee: Body) -> Body:
    """Close the day by hand, unless 18:00 was first, and wait until the file with the fee lies there."""
    with stage.timeline.step("an economist closes the day"):
        await stage.answer(ONE, Call("billing", "/batches"))
    return await filed(stage, fee, says="the file is written")


async def close_all(stage: Stage) -> None:
    """Close the day until nothing waits: the next file has what comes from now on, and nothing else."""
    with stage.timeline.step("an economist closes the day: no fee waits for a file") as step:
        closings = 0
        while (answer := await stage.answer(ONE, Call("billing", "/batches"))).status_code != REFUSED:
            demand(answer.is_success and closings < MANY, answer.text, look_at="GET billing /batches")
            closings += 1
        step.note(f"files: {closings}")


async def filed(stage: Stage, fee: Body, *, says: str) -> Body:
    """Wait until the file that a fee is in has been written."""

    async def written() -> Body | None:
        fees = (await statement(stage, fee["withdrawal_no"]))["fees"]
        batch_id = next(each["batch"] for each in fees if each["event_id"] == fee["event_id"])
        if batch_id is None:
            return None
        shown = await stage.ask(ONE, Call("billing", f"/batches/{batch_id}", method="GET"))
        return dict(shown) if shown["state"] == "written" else None

    return await stage.eventually(says, written, look_at=FOLDER, noting=named)


def named(batch: Body) -> str:
    return f"{batch['file_name']}, {batch['rows']} rows, {batch['total']} kr"


def see_file(stage: Stage, batch: Body, fees: list[Body]) -> list[Body]:
    """Count the rows, the sum and the hash, as the receiver does; give the rows."""
    with stage.timeline.step("the receiver counts rows, sum and hash: they agree") as step:
        content = path_of(stage, batch).read_bytes()
        lines = [json.loads(each) for each in content.splitlines()]
        head, *rows, trailer = lines
        demand(head["rec"] == "head" and trailer["rec"] == "trailer", "no head or trailer", look_at=FOLDER)
        body = b"".join(content.splitlines(keepends=True)[:-1])
        demand(trailer["sha256"] == sha256(body).hexdigest(), "another hash", look_at=FOLDER)
        amounts = [Decimal(each["amount"]) * (-1 if each["kind"] == "credit" else 1) for each in rows]
        demand(
            (trailer["rows"], Decimal(trailer["sum"])) == (len(rows), sum(amounts)), "sums", look_at=FOLDER
        )
        missing = {each["event_id"] for each in fees} - {each["event_id"] for each in rows}
        demand(not missing, f"{missing} are not in it", look_at=FOLDER)
        step.note(f"{len(rows)} rows, {trailer['sum']} kr")
    return rows


async def sent_again(stage: Stage, batch: Body, fees: list[Body]) -> None:
    """Send the same file again: invoicing knows each entry by its name."""
    before = path_of(stage, batch).read_bytes()
    with stage.timeline.step("the same file is sent again, to the byte"):
        await stage.ask(ONE, Call("billing", f"/batches/{batch['batch_id']}/send-again"))
        demand(path_of(stage, batch).read_bytes() == before, "the file changed", look_at=FOLDER)

    async def known_again() -> str | None:
        again = {each["key"] for each in stage.book("invoicing") if each["what"] == "asked-again"}
        return f"{len(fees)} entries" if {each["event_id"] for each in fees} <= again else None

    says = "invoicing gets them again, and knows them"
    await stage.eventually(says, known_again, look_at="invoicing.jsonl", noting=str)


async def answered(stage: Stage, batch: Body, fees: list[Body]) -> None:
    """Put invoicing's answer in the folder: one row invoiced, one refused, which becomes work."""
    good, bad = fees
    rows = [
        {"rec": "head", "batch": batch["batch_id"], "status": "accepted"},
        {"event_id": good["event_id"], "status": "invoiced", "invoice_no": f"DEMO-{batch['batch_id']}"},
        {"event_id": bad["event_id"], "status": "rejected", "code": "unknown-fee-code"},
        {"rec": "trailer", "rows": 2},
    ]
    with stage.timeline.step("invoicing leaves its answer as a file, row by row"):
        answer = path_of(stage, batch).with_name(f"egenavgift_{batch['batch_id']}.ack.jsonl")
        new = answer.with_suffix(".new")
        new.write_text("".join(json.dumps(each) + "\n" for each in rows))
        new.rename(answer)
    await stage_is(stage, good, "invoiced")
    await stage_is(stage, bad, "rejected")
    task_id = f"fee-rejected:{bad['event_id']}"
    await listed(stage, task_id, says="the refused row is an economist's work", by=ONE)


async def stage_is(stage: Stage, fee: Body, wanted: str) -> None:
    async def shown() -> str | None:
        fees = (await statement(stage, fee["withdrawal_no"]))["fees"]
        own = next(each for each in fees if each["event_id"] == fee["event_id"])
        return str(own["status"]) if own["stage"] == wanted else None

    await stage.eventually(f"the entry is {wanted}", shown, look_at=LEDGER, noting=str)


async def added_up(stage: Stage) -> None:
    """At 18 the day is closed, at 04 added up: withdrawals = orders = deliveries = fees = files (N11)."""
    if stage.clock.now().astimezone(STOCKHOLM).time() > LATE:
        await pass_until(stage, STARTS)
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    fee = await told_fee(stage, line)
    day = stage.clock.today()
    await pass_until(stage, CLOSING)
    await filed(stage, fee, says="the day is closed by itself, and its file written")
    await pass_until(stage, NIGHT)
    await reconciled(stage, day, [fee])


async def reconciled(stage: Stage, day: date, fees: list[Body]) -> None:
    """Wait until a day was added up by itself, and see that these fees agree (N11)."""

    async def made() -> Body | None:
        answer = await stage.answer(ONE, Call("billing", f"/reconciliations/{day}", method="GET"))
        return dict(answer.json()) if answer.is_success else None

    shown = await stage.eventually(
        f"{day} was added up by itself", made, look_at="billing's log", noting=sums
    )
    with stage.timeline.step("what was charged and not credited stands in the files"):
        booked = Decimal(shown["charged"]) - Decimal(shown["credited"])
        in_files = Decimal(shown["in_files"]) + Decimal(shown["not_in_files"])
        demand(booked == in_files, f"{booked} is not {in_files}", look_at="GET billing /reconciliations")
        withdrawals = {each["withdrawal_no"] for each in fees}
        own = [each for each in shown["differences"] if each["withdrawal_no"] in withdrawals]
        demand(not own, f"{own}", look_at="GET billing /reconciliations")


def sums(made: Body) -> str:
    counted = [f"{made[each]} {each}" for each in ("withdrawals", "orders", "delivered", "fees")]
    return f"{', '.join(counted)}, {len(made['differences'])} differences"


def path_of(stage: Stage, batch: Body) -> Path:
    return stage.settings.export_dir / str(batch["file_name"])
