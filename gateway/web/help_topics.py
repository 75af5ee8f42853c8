"""What the help says about each page, in steps; each page's link leads to its own part."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.web.words import _

May = Callable[[str], bool]


@dataclass(frozen=True)
class Topic:
    """The help about some pages: for whom, and how it is done."""

    name: str
    action: str
    """Who may do this reads about it."""
    title: str
    steps: tuple[str, ...]


PAGES = (
    ("/hand-out", "handing-out"), ("/prescribe", "prescribing"), ("/continue", "withdrawing"),
    ("/withdrawals/", "following"), ("/withdraw", "withdrawing"), ("/orders/", "following"),
    ("/order", "ordering-devices"), ("/tasks", "tasks"), ("/messages", "messages"), ("/fees", "fees"),
    ("/log", "log"), ("/register-patient", "clerks"), ("/shortages", "clerks"), ("/overrides", "clerks"),
)  # fmt: skip
"""Which topic a page belongs to, by a part of its address; the first that fits."""


def topic_of(path: str) -> str:
    """Give the topic of a page; empty for a page without one of its own."""
    if path.startswith(("/money", "/operations")):
        return path.split("/")[1]
    return next((topic for part, topic in PAGES if part in path), "")


def topics(may: May) -> list[Topic]:
    """Give what this person can do, in the order of a working day."""
    every = (
        _prescribing,
        _withdrawing,
        _following,
        _handing_out,
        _ordering_devices,
        _fees,
        _tasks,
        _messages,
        _clerks,
        _log,
        _money,
        _operations,
    )
    return [topic for each in every if may((topic := each()).action)]


def _prescribing() -> Topic:
    return Topic(
        "prescribing",
        "prescription.register_prescription",
        _("Förskriva"),
        (
            _("Sök patienten på personnummer från startsidan."),
            _("Välj Ny förskrivning (Alt+N)."),
            _("Skriv några ord av artikeln och välj den i listan. Fyll i mängden."),
            _("Kontrollera rutan till höger och välj Spara (Alt+S)."),
            _("Det du har skrivit sparas medan du skriver, och står på startsidan om du blir avbruten."),
        ),
    )


def _withdrawing() -> Topic:
    return Topic(
        "withdrawing",
        "ordering.draft_withdrawal",
        _("Göra uttag"),
        (
            _("Öppna patienten och välj Skapa uttag (Alt+U)."),
            _("Fördela smakerna, eller välj Samma som förra gången (Alt+L)."),
            _("Läs avgiften och adressen, och välj Skicka (Alt+S). Kvittot visar hur leveransen går."),
        ),
    )


def _following() -> Topic:
    return Topic(
        "following",
        "ordering.get_withdrawal",
        _("Följa en leverans"),
        (
            _("Öppna uttaget från patienten, eller sök på dess nummer."),
            _("Under Vad som har hänt står varje steg, det senaste först."),
            _("Det som inte är levererat kan makuleras; är det skickat frågas distributören först."),
        ),
    )


def _handing_out() -> Topic:
    return Topic(
        "handing-out",
        "ordering.hand_out_device",
        _("Lämna ut och byta hjälpmedel"),
        (
            _("Öppna patienten och välj Lämna ut från förrådet (Alt+H)."),
            _("Skanna hjälpmedlet. Svara på om patienten ska betala, och vid byte: välj vad det byts mot."),
            _("Välj Lämna ut (Alt+S). Blev det fel tar du tillbaka utlämningen från beställningens sida."),
        ),
    )


def _ordering_devices() -> Topic:
    return Topic(
        "ordering-devices",
        "ordering.send_device_basket",
        _("Beställa hjälpmedel"),
        (
            _("Öppna patienten och välj Beställ hjälpmedel (Alt+B)."),
            _("Skriv några ord av artikeln och välj den. Svara på det som rutan till höger frågar efter."),
            _("Välj Skicka (Alt+S). Det du inte skickar ligger kvar i korgen."),
            _("När kollit kommer: skanna det under Förråd, och lämna över från beställningens sida."),
        ),
    )


def _fees() -> Topic:
    return Topic(
        "fees",
        "billing.search_fees",
        _("Egenavgifter"),
        (
            _("Öppna Egenavgifter från patienten."),
            _("Läget säger om avgiften ska faktureras, är fakturerad eller har tagits bort."),
        ),
    )


def _tasks() -> Topic:
    return Topic(
        "tasks",
        "notification.list_tasks",
        _("Att göra"),
        (
            _("Öppna uppgiften, och ta den så att ingen annan gör samma sak."),
            _("Skriv en kommentar om det som är gjort, och avsluta."),
        ),
    )


def _messages() -> Topic:
    return Topic(
        "messages",
        "notification.get_message",
        _("Meddelanden"),
        (
            _("Öppna Meddelanden från patienten och välj ett för att se texten och numret."),
            _("Skicka igen går bara när inget kan ha kommit fram. Rätta kontaktuppgifterna först."),
        ),
    )


def _clerks() -> Topic:
    return Topic(
        "clerks",
        "prescription.register_patient",
        _("Kundservice"),
        (
            _("Registrera bara den som inte finns i folkbokföringen. Säg vilket skydd som gäller."),
            _("Varor som är slut: sök varan, avmarkera dem som inte ska ha ett meddelande, och skicka."),
            _("Förbigångna spärrar: följ upp varför någon fick en vara som redan var på väg."),
        ),
    )


def _log() -> Topic:
    return Topic(
        "log",
        "prescription.get_access_log",
        _("Vem har tittat"),
        (
            _("Listan säger när, i vilken roll och på vilken vårdenhet någon läste eller ändrade."),
            _("Välj en tidigare dag för att se längre tillbaka."),
        ),
    )


def _money() -> Topic:
    return Topic(
        "money",
        "billing.list_reconciliations",
        _("Ekonomi"),
        (
            _("Avstämning: börja med dagarna som inte stämmer. Skillnaden säger vad som ska göras."),
            _("Rättelser, efterskänkta avgifter och taxor föreslås av en och beslutas av en annan."),
            _("En fil utan svar från faktureringen kan skickas igen: ingen rad räknas två gånger."),
        ),
    )


def _operations() -> Topic:
    return Topic(
        "operations",
        "notification.get_operations",
        _("Drift"),
        (
            _("Ett parkerat meddelande kunde inte hanteras. Rätta orsaken och spela upp det igen."),
            _("Väntar något länge på att skickas, se körboken om meddelandekön."),
        ),
    )
