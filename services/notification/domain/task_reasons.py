"""Why each task was raised, in words: the reason is a code, its details are fields (N7, Q31)."""

from collections.abc import Mapping

from services.notification.domain.message import CHAIN
from services.notification.domain.task import kind_of
from services.notification.domain.task_reasons_of_devices import OF_DEVICES, OF_GOODS
from services.notification.domain.task_reasons_of_money import OF_ANSWERS, OF_FEES, OF_FILES
from services.notification.domain.task_reasons_of_purchases import OF_PURCHASES
from shared.domain.decision import Sentence
from shared.domain.differences import SENTENCES as DIFFERENCES
from shared.domain.reasons import in_words

WITH_A_PARTNERS_CODE = frozenset({"goods_not_coming", "delivered_short", "annulment_too_late"})

WAYS: Mapping[str, Sentence] = {
    "sms": Sentence("sms", "SMS"),
    "email": Sentence("e-post", "e-mail"),
    "letter": Sentence("brev", "letter"),
    "phone": Sentence("telefon", "telephone"),
}
SILENT_AFTER: Mapping[str, Sentence] = {
    "sent": Sentence("beställdes", "was ordered"),
    "acknowledged": Sentence("togs emot av distributören", "was received by the distributor"),
    "confirmed": Sentence("bekräftades av distributören", "was confirmed by the distributor"),
    "despatched": Sentence("skickades från distributören", "was despatched by the distributor"),
}
VALUES: Mapping[str, Sentence] = {
    "accepted": Sentence("mottagen", "accepted"),
    "rejected": Sentence("avvisad", "rejected"),
    "invoiced": Sentence("fakturerad", "invoiced"),
    "credited": Sentence("krediterad", "credited"),
    "deferred": Sentence("uppskjuten", "deferred"),
    "held": Sentence("inte skickad än", "not sent yet"),
    "told": Sentence("skickad till faktureringen", "sent to invoicing"),
    "nothing_due": Sentence("utan belopp", "without an amount"),
    "removed": Sentence("borttagen", "removed"),
}
"""What a detail says that is a code of ours: where a fee is, and what invoicing says of it."""

OF_ORDERS: Mapping[str, Sentence] = {
    "somebody-asks-for-help": Sentence("Någon på jobbet ber om hjälp.", "Somebody at work asks for help."),
    "begun-and-not-sent": Sentence(
        "Uttaget är påbörjat men inte skickat.", "The withdrawal was begun and not sent."
    ),
    "outside-the-assortment": Sentence(
        "{quantity} st av {article_no}, utanför sortimentet, kostar {cost} kr; {in_stock} finns i lager.",
        "{quantity} of article {article_no} outside the assortment cost SEK {cost}; {in_stock} are in stock.",
    ),
    "waits-at-unit": Sentence(
        "Varorna har väntat på enheten sedan {since} och är inte överlämnade till patienten.",
        "The goods have waited at the care unit since {since} and were not handed to the patient.",
    ),
    "goods-were-not-at-unit": Sentence(
        "Överlämningen den {day} kunde inte registreras: varorna väntade inte längre på enheten.",
        "The hand-over on {day} could not be registered: the goods waited at the care unit no longer.",
    ),
    "order-not-handed-over": Sentence(
        "Beställningen kunde inte lämnas till {distributor}, som inte längre är ansluten.",
        "The order could not be handed to {distributor}, who is connected no more.",
    ),
    "annulment-not-handed-over": Sentence(
        "Makuleringen kunde inte lämnas till {distributor}, som inte längre är ansluten.",
        "The annulment could not be handed to {distributor}, who is connected no more.",
    ),
    "no-answer-to-the-annulment": Sentence(
        "Distributören har inte svarat på om beställningen stoppades.",
        "The distributor has not said whether the order was stopped.",
    ),
    "unknown-order": Sentence(
        "Svaret gäller ett beställningsnummer som inte finns hos oss.",
        "The reply is about an order number that is not ours.",
    ),
    "unknown-sender": Sentence(
        "Svaret kommer från någon som inte är distributör hos oss.",
        "The reply comes from somebody who is no distributor of ours.",
    ),
    "another-distributors-order": Sentence(
        "Svaret kommer från {sender}, men beställningen lades hos en annan distributör.",
        "The reply comes from {sender}, but the order was placed with another distributor.",
    ),
    "another-article-is-offered": Sentence(
        "Artikel {offered} erbjuds i stället för {ordered}.",
        "Article {offered} is offered instead of {ordered}.",
    ),
    "part-delivered": Sentence("En del av varorna har levererats.", "A part of the goods was delivered."),
    "prescribed-and-discontinued": Sentence(
        "Artikeln har utgått men är fortfarande förskriven.",
        "The article is discontinued and still prescribed.",
    ),
    "protected-identity": Sentence("Personen har fått skyddade uppgifter.", "The person became protected."),
    "deceased": Sentence("Personen är avliden.", "The person has died."),
    **{
        f"silent-after-{state}": Sentence(
            f"Ingenting har hörts sedan beställningen {words.sv}.",
            f"Nothing was heard since the order {words.en}.",
        )
        for state, words in SILENT_AFTER.items()
    },
}
AFTER: Mapping[str, Sentence] = {
    "sent": Sentence("beställd", "ordered"),
    "acknowledged": Sentence("mottagen", "received"),
    "confirmed": Sentence("bekräftad", "confirmed"),
    "despatched": Sentence("skickad", "despatched"),
    "delivered": Sentence("levererad", "delivered"),
    "undeliverable": Sentence("omöjlig att leverera", "undeliverable"),
    "refused": Sentence("avvisad", "refused"),
    "cancelled": Sentence("inställd", "cancelled"),
}
"""What a distributor says of an order, and what it had said before."""
OF_REPLIES: Mapping[str, Sentence] = {
    **{
        f"{later}-after-{earlier}": Sentence(
            f"Distributören säger att beställningen är {AFTER[later].sv}, men den var redan {words.sv}.",
            f"The distributor says that the order is {AFTER[later].en}, but it was {words.en} already.",
        )
        for later in ("despatched", "delivered", "undeliverable", "refused", "cancelled")
        for earlier, words in AFTER.items()
    },
    "many-replies-that-change-nothing": Sentence(
        "Distributören skickar många svar som inte ändrar något.",
        "The distributor sends many replies that change nothing.",
    ),
    "same-message-id-other-content": Sentence(
        "Två olika svar har samma meddelandenummer.", "Two different replies carry the same message id."
    ),
    "impossible-day": Sentence(
        "Svaret nämner en dag som inte kan stämma.", "The reply names a day that cannot be."
    ),
    "answered-too-often": Sentence(
        "Distributören har svarat fler gånger än som kan vara rätt.",
        "The distributor has answered more often than can be right.",
    ),
    "accepted-after-refused": Sentence(
        "Distributören godkänner det som den tidigare avvisade.",
        "The distributor accepts what it refused before.",
    ),
    "too-late-after-cancelled": Sentence(
        "Distributören säger att det är för sent att stoppa, men har redan ställt in beställningen.",
        "The distributor says that it is too late to stop the order, but has cancelled it already.",
    ),
    "too-late-unasked": Sentence(
        "Distributören säger att det är för sent att stoppa, men ingen har bett om det.",
        "The distributor says that it is too late to stop the order, but nobody asked for that.",
    ),
    "line-twice": Sentence("Svaret nämner samma rad två gånger.", "The reply names the same line twice."),
    "unknown-line": Sentence(
        "Svaret nämner en rad som beställningen inte har.",
        "The reply names a line that the order does not have.",
    ),
    "more-than-ordered": Sentence(
        "Svaret lovar mer än beställt.", "The reply promises more than was ordered."
    ),
    "another-answer-before": Sentence(
        "Distributören har svarat något annat om raden tidigare.",
        "The distributor answered something else about the line before.",
    ),
    "less-than-already-despatched": Sentence(
        "Svaret lovar mindre än som redan har skickats.",
        "The reply promises less than was despatched already.",
    ),
    "delivered-otherwise-before": Sentence(
        "Distributören har tidigare sagt att något annat levererades.",
        "The distributor said before that something else was delivered.",
    ),
    "no-goods": Sentence("Svaret nämner inga varor.", "The reply names no goods."),
    "line-was-rejected": Sentence(
        "Svaret skickar en rad som distributören har avvisat.",
        "The reply sends a line that the distributor rejected.",
    ),
    "more-than-expected": Sentence(
        "Svaret skickar mer än som skulle komma.", "The reply sends more than was to come."
    ),
}
OF_PATIENTS: Mapping[str, Sentence] = {
    "same-person": Sentence(
        "Två patienter har nummer som hör till samma person.", "Two patients have numbers of one person."
    ),
    "moved-out-of-region": Sentence(
        "Patienten har flyttat från regionen.", "The patient moved out of the region."
    ),
    "changed-in-emergency": Sentence(
        "Kontaktuppgifterna ändrades i en nödsituation.", "The contact data was changed in an emergency."
    ),
    "outcome-unknown": Sentence(
        "Det är oklart om meddelandet skickades.", "Whether the message was sent is not known."
    ),
    "not-sent-in-time": Sentence(
        "Meddelandet kunde inte skickas i tid.", "The message could not be sent in time."
    ),
    "no-report-from-the-gateway": Sentence(
        "Leverantören har inte sagt om meddelandet kom fram.",
        "The supplier has not said whether the message arrived.",
    ),
    "no-way-to-the-patient": Sentence(
        "Patienten har varken telefonnummer, e-post eller adress som kan användas.",
        "The patient has no telephone number, e-mail or address that can be used.",
    ),
    **{
        f"{way}-not-possible": Sentence(
            f"Meddelandet kunde inte skickas med {WAYS[way].sv}.",
            f"The message could not go by {WAYS[way].en}.",
        )
        for way in CHAIN
    },
    **{
        f"tell-by-{way}": Sentence(
            f"Patienten vill få besked per {words.sv}.", f"The patient wants to be told by {words.en}."
        )
        for way, words in WAYS.items()
    },
    **{
        f"{way}-gateway-does-not-answer-well": Sentence(
            f"Det går inte att skicka {WAYS[way].sv} just nu.",
            f"Sending by {WAYS[way].en} does not work now.",
        )
        for way in CHAIN
    },
}

NAMED_BY: Mapping[str, str] = {"device": "device_no", "article": "article_no"}
"""Details with a name, and the number that stands for it in a task that an earlier version raised (Q38)."""
NAMED = Sentence("({subject})", "({subject})")
"""Which of the day's numbers differs."""
REASONS: Mapping[str, Sentence] = {
    **OF_ORDERS, **OF_REPLIES, **OF_PATIENTS, **OF_FEES, **OF_FILES, **OF_ANSWERS, **OF_GOODS,
    **OF_DEVICES, **OF_PURCHASES,
    **{code: words + NAMED for code, words in DIFFERENCES.items()},
}  # fmt: skip


class _Named(dict[str, str]):
    """Details by name: one that is missing is a dash, never an error while a list is read."""

    def __missing__(self, name: str) -> str:
        return "-"


def reason_in_words(kind: str | None, reason: str | None, details: Mapping[str, str]) -> Sentence | None:
    """Say why a task was raised; None for a sentence from before, or a code that is new to us.

    An article is named where its name was told (Q38).
    """
    if not reason:
        return None
    if kind_of(kind or "") in WITH_A_PARTNERS_CODE:
        return in_words(reason)
    known = REASONS.get(reason)
    if known is None:
        return None
    details = {name: details[no] for name, no in NAMED_BY.items() if no in details} | dict(details)
    words = {name: VALUES.get(value, Sentence(value, value)) for name, value in details.items()}
    if details.get("article_name"):
        named = f"{details['article_name']} ({details.get('article_no', '-')})"
        words["article_no"] = Sentence(named, named)
    sv, en = (
        _Named({name: getattr(each, language) for name, each in words.items()}) for language in ("sv", "en")
    )
    return Sentence(known.sv.format_map(sv), known.en.format_map(en))
