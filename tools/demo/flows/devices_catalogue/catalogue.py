"""Flows about the catalogue of devices: read in, searched, browsed, ordered from (S160 to S168)."""

import secrets

from tools.demo.flows.bad_days.goods import imported
from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CPAP,
    KEEPER,
    NURSE,
    SECRETARY,
    UNIT,
    WAREHOUSE,
    order_is,
    receive,
)
from tools.demo.flows.devices.orders import ordered
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

ROWS = 1_000
"""Of 10,000, as many as a region has, each step is as it is here, and the import takes 26 seconds."""
SEARCH = "POST inventory /device-articles/search"
KNOWN = "ordering.hears.inventory.article_changed.v1"


async def read_in(stage: Stage) -> None:
    """A region's file is read in; a nurse finds one of its devices, and it is ordered from the warehouse."""
    series = f"Demoserie{secrets.randbelow(10**6):06d}"
    rows = [row(number, series) for number in range(ROWS)]
    await imported(stage, rows, says=f"a file of {ROWS} devices is read in")
    article_no = await found(stage, f"demovård {series} nr42")
    await receive(stage, KEEPER, WAREHOUSE, counted=[article_no])
    await available(stage, article_no)
    patient_ref = (await newcomer(stage)).patient_ref
    line: Body = {"article_no": article_no, "source": "warehouse"}
    await orderable(stage, patient_ref, line)
    await order_is(stage, await ordered(stage, patient_ref, line, says="what the nurse found"), "reserved")


def row(number: int, series: str) -> dict[str, str]:
    """Give a row with the headings of the guide's list."""
    return {
        "Artikel": f"97{number:04d}",
        "Benämning": f"Andningsmask {series} nr{number}",
        "Produktområde": "CPAP",
        "ISO-kod": "04 03 12",
        "Artikeltyp": "Tillbehör",
        "Leverantör": "Demovård AB",
        "Lev. Artikelnr": f"{series}-{number}",
        "Pris": "1 096,00",
        "Enhet": "styck",
        "Antal per förpackning": "1",
        "Sortimentsartikel": "Ja",
        "Produkt": series,
        "Leveranstid kundavtal": "3-5",
        "Status": "Aktiv",
    }


async def found(stage: Stage, text: str) -> str:
    """Search until the index has followed; give the only hit's number."""

    async def only_hit() -> Body | None:
        hits = await searched(stage, text=text)
        return dict(hits["articles"][0]) if hits["hits"] == 1 else None

    says = "a nurse finds it by supplier, series and number"
    hit = await stage.eventually(says, only_hit, look_at=SEARCH, noting=lambda each: str(each["name"]))
    return str(hit["article_no"])


async def searched(stage: Stage, **asked: object) -> Body:
    return dict(await stage.ask(NURSE, Call("inventory", "/device-articles/search", dict(asked))))


async def available(stage: Stage, article_no: str) -> None:
    with stage.timeline.step("the nurse sees what is free in each place, with the hit") as step:
        (hit,) = (await searched(stage, text=article_no))["articles"]
        free = {each["name"]: each["available"] for each in hit["places"]}
        demand(hit["orderable"] and sum(free.values()) > 0, f"{hit}", look_at=SEARCH)
        step.note(", ".join(f"{place}: {count}" for place, count in free.items()))


async def orderable(stage: Stage, patient_ref: str, line: Body) -> None:
    """Wait until ordering knows an article that came just now."""
    path = f"/device-baskets/{patient_ref}"
    head = {"care_unit": UNIT, "prescriber": PEOPLE[NURSE].sub, "joint": True}
    await stage.ask(SECRETARY, Call("ordering", path, head, method="PUT"))

    async def allowed() -> str | None:
        tried = await stage.answer(SECRETARY, Call("ordering", f"{path}/lines/preview", line))
        return "allowed" if tried.is_success and tried.json()["allowed"] else None

    await stage.eventually("ordering knows the article", allowed, look_at=KNOWN)


async def classes(stage: Stage, code: str) -> dict[str, str | None]:
    """Give the classes below one with their titles."""
    shown = await stage.ask(NURSE, Call("inventory", f"/device-classes{code}", method="GET"))
    demand(bool(shown["below"]), f"nothing below {code}", look_at="GET inventory /device-classes")
    return {each["iso_code"]: each["title"] for each in shown["below"]}


async def browsed(stage: Stage) -> None:
    """The tree down to CPAP devices, a component that may not fit, what to try, and own columns."""
    with stage.timeline.step("the nurse opens the classes 04, 04 03 and 04 03 12") as step:
        below = [await classes(stage, code) for code in ("", "/04", "/0403")]
        listed = await searched(stage, iso_code="040312", article_type="main_aid")
        step.note(f"{below[-1]['040312']}: {listed['hits']} main aids in the assortment")
    with stage.timeline.step("components of the same product need no word; all others come with a warning"):
        same = await searched(stage, components_of=CPAP)
        others = await searched(stage, components_of=CPAP, same_product=False, text="slang")
        fits = same["hits"] > 0 and same["warning"] is None and others["warning"] is not None
        demand(fits, f"{same['hits']}, {others['warning']}", look_at=SEARCH)
    with stage.timeline.step("a misspelt word: the answer says what would be found without it") as step:
        nothing = await searched(stage, text="nattluft respiratur")
        demand(nothing["hits"] == 0 and nothing["advice"], f"{nothing['advice']}", look_at=SEARCH)
        step.note(nothing["advice"])
    with stage.timeline.step("the nurse chooses columns, and they stay"):
        chosen = {"columns": ["name", "available", "delivery"]}
        await stage.ask(NURSE, Call("prescription", "/me/article-columns", chosen, method="PUT"))
        kept = await stage.ask(NURSE, Call("prescription", "/me/article-columns", method="GET"))
        shown_now = [each["column"] for each in kept["columns"] if each["shown"]]
        demand(shown_now == chosen["columns"], f"{shown_now}", look_at="GET prescription /me/article-columns")
