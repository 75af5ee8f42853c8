"""The programme: every flow by its name, in chapters, in the order in which they are played."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tools.demo.flows import (
    aids,
    blocking,
    channels,
    choosing,
    device_catalogue,
    device_exceptions,
    device_replaced,
    device_returns,
    devices,
    drafts,
    ending,
    fees,
    files,
    finding,
    main_job,
    messages,
    money,
    partners,
    prescribing,
    register,
    renewing,
    rules,
    shelves,
    ways,
)
from tools.demo.flows.bad_days import (
    answers,
    coming,
    file,
    gateway,
    goods,
    october,
    parcels,
    people,
    replies,
    unreached,
)
from tools.demo.flows.bad_days import money as bad_money
from tools.demo.flows.stage import Stage


@dataclass(frozen=True)
class Flow:
    """One story: its name on the command line, what it shows, and how it is played."""

    name: str
    says: str
    play: Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Chapter:
    """Flows that belong together; the chapter's name plays them all."""

    name: str
    flows: tuple[Flow, ...]


CHAPTERS = (
    Chapter(
        "first",
        (
            Flow("main", "20 packages split 10 + 5 + 5, from prescription to fee", main_job.play),
            Flow(
                "block",
                "an article still on its way is blocked; customer service passes the block",
                blocking.play,
            ),
        ),
    ),
    Chapter(
        "patients",
        (
            Flow("find", "a patient is found by number, name, criteria and saved search", finding.find),
            Flow("launch", "from the record system straight to the patient, once", finding.launch),
            Flow("not-served", "who is not served: the routine, and nothing else", finding.not_served),
            Flow("by-hand", "registered by hand, and the address edited with history", finding.by_hand),
            Flow(
                "merge",
                "a reserve number becomes a personal number, with all that hangs on it",
                register.merging,
            ),
        ),
    ),
    Chapter(
        "prescribing",
        (
            Flow("unusual", "an unusual quantity warns and goes on", prescribing.unusual),
            Flow("preview", "every reason at once, and nothing is kept", prescribing.preview),
            Flow("rules", "which rule decides, for anybody and any day", rules.explain),
            Flow("exemption", "a named dietitian prescribes to a child", rules.exemption),
            Flow("quantity", "per day or by packages; what is left over is shown", rules.quantity),
            Flow("copy", "an ended line becomes a new prescription", renewing.copied),
            Flow("print", "all active prescriptions as a PDF, in two languages", renewing.printed),
            Flow("radar", "lines that end or run out are listed", renewing.radar),
            Flow("incontinence", "a nurse prescribes with NIKOLA and Kontinenskort", aids.incontinence),
            Flow("diabetes", "another area, the same mechanism", aids.diabetes),
            Flow("used-up", "the last withdrawal ends the line", ending.used_up),
            Flow("annul", "an annulled line cannot be withdrawn", ending.annulled),
        ),
    ),
    Chapter(
        "withdrawals",
        (
            Flow("channels", "customer service, unit, colleague and patient", channels.all_of_them),
            Flow("guardian", "for a child under 13 alone, then by telephone", channels.guardian),
            Flow("flavours", "fewer, never more; as last time; pasta shapes", choosing.flavours),
            Flow("delivery", "an address for once, a door code that is erased", choosing.delivery),
            Flow("pickup", "a parent fetches for a child", choosing.pickup),
            Flow("several", "two distributors in one withdrawal", partners.several),
            Flow("parts", "half comes now and the rest later", partners.parts),
            Flow("substitute", "something equivalent comes instead", partners.substituted),
            Flow("annul-sent", "stopped in time, or too late", partners.annulled),
            Flow("draft-waits", "a forgotten draft becomes work for a day", drafts.reminded),
            Flow("draft", "a draft is left and resumed", drafts.resumed),
            Flow("two-clerks", "two clerks at the same moment: one wins", drafts.two_clerks),
        ),
    ),
    Chapter(
        "money",
        (
            Flow("child", "a child of 15 pays 120 kr, and never more than the goods cost", fees.child),
            Flow("asylum", "an asylum seeker pays 50 kr", fees.asylum),
            Flow("tariff", "drafted, tried, and published by a second person", money.tariff),
            Flow("waiver", "a group's fees are waived and credited", money.waiver),
            Flow("correction", "a wrong fee is put right by two people", money.correction),
            Flow("statement", "to be invoiced, until it is invoiced", money.shown_to_patient),
            Flow("day-file", "the day's file, answered row by row", files.day_file),
            Flow("reconciliation", "at night the day is added up", files.added_up),
        ),
    ),
    Chapter(
        "messages",
        (
            Flow("ways", "by e-mail, by letter, and by a person who calls", ways.by_each_way),
            Flow("language", "each patient in the own language", ways.in_the_own_language),
            Flow("opt-out", "who wants no messages gets none", ways.opted_out),
            Flow("tasks", "work is taken, talked about, given on and ended", ways.work),
            Flow("sms-failed", "an SMS that fails goes on by letter", messages.failed),
            Flow("sms-unknown", "an SMS that nobody knows about becomes a task", messages.unknown),
        ),
    ),
    Chapter(
        "bad-days",
        (
            Flow("register-down", "the population register is silent, and answers again", register.silence),
            Flow("becomes-protected", "a person becomes protected, and is not any more", register.protection),
            Flow("distributor-silent", "nothing is heard for two days", goods.silence),
            Flow("unknown-line", "a reply for a line that does not exist", goods.strange_replies),
            Flow("unreadable-reply", "one reply that no client can read", replies.unreadable),
            Flow("used-id", "a distributor counts its messages from 1 again", replies.used_id),
            Flow("backlog", "all replies come at once, and none overtakes another", replies.backlog),
            Flow("another-speaks", "a distributor speaks for another", coming.another_speaks),
            Flow("nothing-comes", "a refused order is ordered again", coming.nothing_comes),
            Flow("too-little-comes", "half comes, and the rest is ordered", coming.too_little_comes),
            Flow("two-parcels", "two parcels, a delay, and goods that come at night", parcels.two_parcels),
            Flow(
                "nobody-delivers",
                "no queue takes an order: set aside, then sent",
                unreached.nobody_delivers,
            ),
            Flow("fee-refused", "invoicing refuses a row", bad_money.refused_row),
            Flow("sms-down", "the SMS gateway answers 500 for an hour", gateway.play),
            Flow("death", "the patient dies with an order on its way", people.death),
            Flow("protected-sent", "protected with an order and an SMS on their way", people.protection),
            Flow("number-changes-hands", "somebody else has the telephone number now", people.phone),
            Flow("tariff-midnight", "the tariff changes between draft and sending", bad_money.midnight),
            Flow("two-correct", "two people correct the same fee", bad_money.two_economists),
            Flow("discontinued", "an article goes between prescription and withdrawal", goods.discontinued),
            Flow("bad-rows", "a file of articles with bad rows", goods.bad_rows),
            Flow("answers-broken", "files that are no answers, before a good one", answers.strange_answers),
            Flow("file-interrupted", "the day's file, interrupted at every step", file.interrupted),
            Flow("clock-goes-back", "the night of 25 hours in October, visited", october.october),
        ),
    ),
    Chapter(
        "devices",
        (
            Flow("hand-out", "a CPAP of the own storeroom, by its number", devices.handed_out),
            Flow("from-warehouse", "from order to hand-over four days later", devices.from_warehouse),
            Flow(
                "replaced",
                "a replacement comes for what is going out, with a referral",
                device_replaced.replaced,
            ),
            Flow("returned-in-time", "back on day 30: no fee, and in stock again", device_returns.in_time),
            Flow("exchange", "another CPAP instead: the fee and its days continue", device_returns.exchanged),
            Flow("mistaken-hand-out", "the wrong patient: taken back with its fee", devices.mistaken),
            Flow("joint-waits", "a joint delivery waits for all of it", devices.joint_waits),
            Flow("home-region", "another region approves before the hand-out", devices.approval),
            Flow("wrong-yes-or-no", "a device's fee is corrected by two people", devices.wrong_fee),
            Flow("last-device", "two hand out the last one at one moment", devices.last_device),
            Flow("day-91", "a fee waits through day 90, and is invoiced on day 91", devices.ninety_days),
        ),
    ),
    Chapter(
        "devices-catalogue",
        (
            Flow(
                "catalogue-file", "a file of devices is read in, searched, ordered", device_catalogue.read_in
            ),
            Flow("browse", "classes, components, what to try, own columns", device_catalogue.browsed),
            Flow("worn-label", "a device by six signs of its number, and who has it", shelves.worn_label),
            Flow("stock", "the stock list: searched, as a file, and printed", shelves.stock),
            Flow("stocktake", "what differs is approved by a colleague", shelves.stocktake),
            Flow("scan", "a label is printed, and says what may be done", shelves.scanned),
            Flow("find-order", "by a part of its number, by its device", device_exceptions.found_again),
            Flow("stolen", "the loan ends, and two people decide what is paid", device_exceptions.stolen),
            Flow("outside", "outside the assortment: asked for and decided", device_exceptions.outside),
        ),
    ),
)
FLOWS = tuple(flow for chapter in CHAPTERS for flow in chapter.flows)


def chosen(names: list[str]) -> list[Flow]:
    """Give the flows that are named, by themselves or by their chapter; all of them when none is.

    Raises KeyError with the first name that is neither.
    """
    known = {chapter.name: chapter.flows for chapter in CHAPTERS} | {each.name: (each,) for each in FLOWS}
    return [flow for name in names for flow in known[name]] or list(FLOWS)
