"""What messages say: never article, diagnosis or clinic; a day, and a number to call (S38, S41, T23)."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.notification.domain.message import Kind

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_PART = {True: 160, False: 70}
"""Characters that one SMS holds: when all are of the GSM-7 alphabet, and when not (UCS-2)."""
EACH_OF_SEVERAL = {True: 153, False: 67}
BEYOND_GSM_7 = frozenset({"ar"})
"""Languages whose letters are not in the GSM-7 alphabet at all."""
MOST_PARTS = 2
NOT_TO_BE_NAMED = (
    "livsmedel", "recept", "förskriv", "dryck", "näring", "gluten", "diagnos", "mottagning", "sjukhus",
    "food", "prescri", "drink", "nutrition", "diagnosis", "clinic", "hospital", "elintarvike", "resepti",
)  # fmt: skip

Words = Mapping[str, str]
"""One text in several languages."""

TEXTS: Mapping[Kind, Words] = {
    "delivery_notice": {
        "sv": "Din leverans är på väg. Frågor? Ring kundservice {phone}.",
        "en": "Your delivery is on its way. Questions? Call {phone}.",
        "fi": "Toimituksesi on matkalla. Kysyttävää? Soita {phone}.",
        "ar": "طلبيتك في الطريق. أسئلة؟ اتصل {phone}.",
    },
    "order_delayed": {
        "sv": "Din leverans är försenad. Den väntas {day}. Frågor? Ring kundservice {phone}.",
        "en": "Your delivery is late. It is expected on {day}. Questions? Call {phone}.",
        "fi": "Toimituksesi viivästyy. Uusi päivä: {day}. Kysyttävää? Soita {phone}.",
        "ar": "تأخرت طلبيتك حتى {day}. أسئلة؟ اتصل {phone}.",
    },
    "article_substituted": {
        "sv": "En vara i din leverans är utbytt mot en likvärdig. Frågor? Ring kundservice {phone}.",
        "en": "An item in your delivery was replaced by an equal one. Questions? Call {phone}.",
        "fi": "Yksi toimituksesi tuote on vaihdettu vastaavaan. Kysyttävää? Soita {phone}.",
        "ar": "استبدلنا سلعة بأخرى مماثلة. أسئلة؟ اتصل {phone}.",
    },
    "renewal_ends": {
        "sv": "Du kan göra uttag till och med {day}. Kontakta din vårdgivare innan. Frågor? Ring {phone}.",
        "en": "Your orders end on {day}. Contact your care provider in time. Questions? Call {phone}.",
        "fi": "Tilauksesi päättyvät {day}. Ota yhteys hoitajaasi ajoissa. Kysyttävää? Soita {phone}.",
        "ar": "طلباتك تنتهي {day}. اتصل بطبيبك. أسئلة؟ {phone}.",
    },
    "renewal_last_used": {
        "sv": "Ditt sista uttag räcker till {day}. Kontakta din vårdgivare. Frågor? Ring {phone}.",
        "en": "Your last order lasts until {day}. Contact your care provider. Questions? Call {phone}.",
        "fi": "Viimeinen tilauksesi riittää {day} asti. Ota yhteys hoitajaasi. Kysyttävää? Soita {phone}.",
        "ar": "طلبك الأخير يكفي حتى {day}. اتصل بطبيبك. أسئلة؟ {phone}.",
    },
    "shortage": {
        "sv": "En vara som du brukar få är slut just nu. Ring kundservice {phone} så hjälper vi dig.",
        "en": "An item that you usually get is out of stock. Call {phone} and we will help you.",
        "fi": "Tavallisesti saamasi tuote on nyt loppu. Soita {phone}, niin autamme sinua.",
        "ar": "سلعة معتادة غير متوفرة الآن. اتصل {phone}.",
    },
}
SUBJECTS: Words = {
    "sv": "Meddelande från kundservice",
    "en": "A message from customer service",
    "fi": "Viesti asiakaspalvelusta",
    "ar": "رسالة من خدمة العملاء",
}


def text_of(kind: Kind, language: str, *, phone: str, day: date | None = None) -> str:
    """Write what a message says (S38, T23)."""
    return _in(TEXTS[kind], language).format(phone=phone, day=day.isoformat() if day else "")


def subject_of(language: str) -> str:
    """Write the subject of an e-mail, which anybody may see over a shoulder (T23)."""
    return _in(SUBJECTS, language)


def faults_of(text: str, language: str) -> Iterator[str]:
    """Name what a text must not have: it would cost more, or tell too much (formats.md section 5)."""
    plain = set(text) <= GSM_7
    if not plain and language not in BEYOND_GSM_7:
        yield f"not in GSM-7: {''.join(sorted(set(text) - GSM_7))}"
    if parts_of(text) > MOST_PARTS:
        yield f"{parts_of(text)} parts"
    yield from (f"names {word}" for word in NOT_TO_BE_NAMED if word in text.lower())
    yield from (f"has {sign}" for sign in "\u2013\u2014{}" if sign in text)


def parts_of(text: str) -> int:
    """Count the SMS that a text needs (formats.md section 5)."""
    plain = set(text) <= GSM_7
    return 1 if len(text) <= ONE_PART[plain] else -(-len(text) // EACH_OF_SEVERAL[plain])


def _in(words: Words, language: str) -> str:
    """A language that is missing falls back to Swedish and English in one text (T23)."""
    return words.get(language) or f"{words['sv']} {words['en']}"
