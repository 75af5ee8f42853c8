"""What messages, their channels and their steps are called by people (S38, T23)."""

from collections.abc import Mapping

from services.notification.domain.message import Channel, Kind
from shared.domain.decision import Sentence

KINDS: Mapping[Kind, Sentence] = {
    "delivery_notice": Sentence("Leverans på väg", "Delivery on its way"),
    "order_delayed": Sentence("Försenad leverans", "Late delivery"),
    "article_substituted": Sentence("Utbytt vara", "Replaced item"),
    "renewal_ends": Sentence("Förskrivning som tar slut", "Prescription that ends"),
    "renewal_last_used": Sentence("Sista uttaget är gjort", "Last withdrawal made"),
    "shortage": Sentence("Vara som är slut", "Item out of stock"),
    "goods_not_coming": Sentence("Något som inte kommer", "Something that does not come"),
    "goods_recalled": Sentence("Återkallad vara", "Recalled item"),
}
CHANNELS: Mapping[Channel, Sentence] = {
    "sms": Sentence("sms", "SMS"),
    "email": Sentence("e-post", "e-mail"),
    "letter": Sentence("brev", "letter"),
    "phone": Sentence("telefonsamtal", "telephone call"),
    "none": Sentence("inget", "none"),
}
STEPS: Mapping[str, Sentence] = {
    "due": Sentence("väntar på att skickas", "waits to be sent"),
    "attempting": Sentence("skickas", "is being sent"),
    "sent": Sentence("skickat", "sent"),
    "delivered": Sentence("framme", "delivered"),
    "rejected": Sentence("kom inte fram", "did not arrive"),
    "unknown": Sentence("oklart om det kom fram", "unknown whether it arrived"),
    "suppressed": Sentence(
        "skickades inte: patienten får inte meddelanden", "not sent: the patient gets none"
    ),
    "expired": Sentence("skickades inte i tid", "not sent in time"),
    "by_hand": Sentence("lämnat till en person", "left to a person"),
    "waiting": Sentence("väntar på nytt", "waits again"),
    "next_way": Sentence("skickas på annat sätt", "is sent another way"),
}
