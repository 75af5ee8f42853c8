"""Bad days with goods: a silent distributor, strange replies, an article that is no more (N7, T10)."""

import csv
import secrets
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.demo.flows.acts import CLERK, Line, Prescribed, draft, prescribed_line, withdrawal_form
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.opening_hours import begin_by_day
from tools.demo.flows.outcomes import delivered
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed, resolved
from tools.demo.flows.withdrawals.partners import ORDERS, order_shown, sent, sent_while
from tools.demo.replies import UNKNOWN_ORDER_NO

TWO_DAYS = timedelta(hours=49)
ROWS, BAD_ROWS = 300, 12
REPLACEMENT = "900083"
IMPORT = "services/inventory/app.py, import_articles"


async def silence(stage: Stage) -> None:
    """An order has no answer for two days: a task for a person, which the answer ends (N7)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    with stage.behaving("distributor", "hold"):
        withdrawal_no, order_no = await sent(stage, line)
        with stage.timeline.step("two days pass, and the distributor says nothing"):
            await stage.pass_time(TWO_DAYS)
        await listed(stage, f"order-silent:{order_no}", says="customer service is asked to find out")
    await begin_by_day(stage)
    await delivered(stage, withdrawal_no)
    await is_over(stage, f"order-silent:{order_no}", says="the distributor answered: the work is over")


async def strange_replies(stage: Stage) -> None:
    """About a line that was never ordered, and an order that never was: kept, looked at, never believed."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no, order_no = await sent_while(stage, line, "unknown-line")
    await delivered(stage, withdrawal_no)
    with stage.timeline.step("the reply about line 99 is kept, and changed nothing") as step:
        order = await order_shown(stage, order_no)
        strange = [each for each in order["replies"] if each["why"] == "unknown-line"]
        demand([each["made_of"] for each in strange] == ["contradicting"], f"{strange}", look_at=ORDERS)
        demand(order["lines"][0]["delivered"] == order["lines"][0]["packages"], "not all", look_at=ORDERS)
        step.note(strange[0]["made_of"])
    await looked_at(stage, order_no)
    withdrawal_no, _ = await sent_while(stage, line, "unknown-order")
    await delivered(stage, withdrawal_no)
    with stage.timeline.step("a reply about an order that never was is kept for whoever asks") as step:
        strays = await stage.ask(CLERK, Call("ordering", "/replies/stray", method="GET"))
        numbers = [each["order_no"] for each in strays]
        demand(UNKNOWN_ORDER_NO in numbers, f"only {numbers}", look_at="GET ordering /replies/stray")
        step.note(UNKNOWN_ORDER_NO)


async def looked_at(stage: Stage, order_no: str) -> None:
    """Find the work that a strange reply gave, and end it."""

    async def found() -> Body | None:
        tasks = await stage.ask(CLERK, Call("notification", "/tasks?kind=reply_to_look_at", method="GET"))
        return next((dict(each) for each in tasks if each["subject_no"] == order_no), None)

    says = "somebody is asked to look at the reply"
    task = await stage.eventually(says, found, look_at="GET notification /tasks", noting=why)
    await resolved(stage, task, how="not_needed")


def why(task: Body) -> str:
    return str(task["reason"])


async def discontinued(stage: Stage) -> None:
    """An article is discontinued after it was prescribed: no withdrawal, and the copy says what instead."""
    number = f"D{secrets.token_hex(4).upper()}"
    article = row(number, "Demo Fiberpulver som utgår", price="80,00")
    await imported(stage, [article], says="a new article comes into the catalogue")
    known = await in_catalogue(stage, number, status="active")
    person = await newcomer(stage)
    line = await line_of(stage, person.patient_ref, known)
    withdrawal_no = await draft(stage, line, by=CLERK)
    gone = article | {"status": "discontinued", "replaced_by": REPLACEMENT}
    await imported(stage, [gone], says="the supplier stops making it")
    await refused_now(stage, line)
    with stage.timeline.step("the draft made before cannot be sent either") as step:
        rules = await stage.refusal(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}/send"))
        step.note(", ".join(sorted(rules)))
    await copy_says(stage, line)


async def line_of(stage: Stage, patient_ref: str, article: Body) -> Line:
    """Prescribe an article that came just now: prescription knows it in a moment."""
    wanted = Prescribed(patient_ref, article, packages=2, days=30, withdrawals=3)

    async def prescribable() -> Body | None:
        tried = await stage.ask("dietitian", Call("prescription", "/prescriptions/preview", wanted.form))
        return dict(tried) if tried["allowed"] else None

    says = "prescription has heard of the article"
    await stage.eventually(says, prescribable, look_at="prescription.hears.inventory.article_changed.v1")
    return (await prescribed_line(stage, wanted, by="dietitian")).whole()


async def refused_now(stage: Stage, line: Line) -> None:
    async def refused() -> str | None:
        tried = await stage.ask(CLERK, Call("ordering", "/withdrawals/preview", withdrawal_form(line)))
        rules = {each["rule"] for each in tried["reasons"]}
        return ", ".join(rules) if "article-discontinued" in rules else None

    look_at = "ordering.hears.inventory.article_changed.v1"
    await stage.eventually("it cannot be withdrawn any more", refused, look_at=look_at, noting=str)


async def copy_says(stage: Stage, line: Line) -> None:
    """Copying the line shows what has changed since, and what comes instead (S25)."""
    path = f"/prescriptions/{line.line_id.rpartition('-')[0]}/lines/{line.line_id}/annul"
    with stage.timeline.step("the dietitian annuls and copies the line: what has changed is shown") as step:
        await stage.ask("dietitian", Call("prescription", path, {"reason": "Demo: it is no longer made"}))
        call = Call("prescription", "/prescriptions/copies", {"line_ids": [line.line_id]})
        copy = await stage.ask("dietitian", call)
        changes = {each["what"]: each["now"] for each in copy["changes"]}
        demand(
            changes.get("replaced_by") == REPLACEMENT, f"{copy['changes']}", look_at="/prescriptions/copies"
        )
        step.note(", ".join(f"{what}: {now}" for what, now in changes.items()))


async def bad_rows(stage: Stage) -> None:
    """A file with bad rows: all or nothing, unless they are skipped, each with its line and its reason.

    100,000 articles with 300 bad rows under a minute are imported in tests/inventory.
    """
    price = f"{20 + secrets.randbelow(70)},{secrets.randbelow(90) + 10}"
    rows = [row(f"98{number:04d}", f"Provvara {number}", price=price) for number in range(ROWS)]
    for bad in rows[:: ROWS // BAD_ROWS]:
        bad["package_price"] = "gratis"
    told = await imported(stage, rows, says="the whole file is refused: nothing is imported", refused=True)
    demand("Nothing was imported" in told or "Ingenting lästes" in told, told[-200:], look_at=IMPORT)
    reasons = [each for each in told.splitlines() if "package_price" in each]
    with stage.timeline.step("each bad row is named with line, article, column and reason") as step:
        demand(len(reasons) == BAD_ROWS, f"{len(reasons)} rows are named", look_at=IMPORT)
        step.note(reasons[0])
    await imported(stage, rows, says="with --skip-bad the others are imported", skip_bad=True)
    await in_catalogue(stage, rows[1]["article_no"], status="active")


def row(number: str, name: str, *, price: str) -> dict[str, str]:
    return {
        "article_no": number,
        "name": name,
        "subgroup": "fibre",
        "distributor": "demo-b",
        "supplier_article_no": f"S-{number}",
        "pieces_per_package": "1",
        "package_price": price,
        "status": "active",
        "replaced_by": "",
    }


async def imported(
    stage: Stage, rows: list[dict[str, str]], *, says: str, skip_bad: bool = False, refused: bool = False
) -> str:
    """Import a file as a region does; give what the command said."""
    from services.inventory.app import import_articles

    said = StringIO()
    with stage.timeline.step(says) as step, TemporaryDirectory() as folder:
        file = Path(folder, "articles.csv")
        write(file, rows)
        with redirect_stdout(said), redirect_stderr(said):
            code = await import_articles(file, dry_run=False, skip_bad=skip_bad)
        demand((code != 0) is refused, said.getvalue()[-400:], look_at=IMPORT)
        step.note(next(each for each in said.getvalue().splitlines() if " new" in each or " ny" in each))
    return said.getvalue()


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


async def in_catalogue(stage: Stage, number: str, *, status: str) -> Body:
    async def shown() -> Body | None:
        answer = await stage.answer(CLERK, Call("inventory", f"/articles/{number}", method="GET"))
        found: Body | None = answer.json() if answer.is_success else None
        return found if found and found["status"] == status else None

    return await stage.eventually("it is in the catalogue", shown, look_at=IMPORT, noting=named)


def named(article: Body) -> str:
    return f"{article['article_no']} {article['name']}, {article['package_price']} kr"
