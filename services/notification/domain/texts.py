"""The texts of messages: never an article, a diagnosis or a clinic (S38, S41, T23)."""

from collections.abc import Mapping
from datetime import date

from services.notification.domain.message import Saying

MONTHS: Mapping[str, str] = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
Words = Mapping[str, str]
"""One text in several languages."""

TEXTS: Mapping[Saying, Words] = {
    "delivery_notice": {
        "sv": "Din leverans är på väg. Frågor? Ring kundservice {phone}.",
        "en": "Your delivery is on its way. Questions? Call {phone}.",
        "fi": "Toimituksesi on matkalla. Kysyttävää? Soita {phone}.",
        "ar": "طلبيتك في الطريق. أسئلة؟ اتصل {phone}.",
    },
    "delivery_part": {
        "sv": "En del av din leverans är på väg. Resten kommer senare. Frågor? Ring kundservice {phone}.",
        "en": "A part of your delivery is on its way. The rest comes later. Questions? Call {phone}.",
        "fi": "Osa toimituksestasi on matkalla. Loput tulevat myöhemmin. Kysyttävää? Soita {phone}.",
        "ar": "جزء من طلبيتك في الطريق والباقي لاحقا. أسئلة؟ {phone}.",
    },
    "delivery_part_and_day": {
        "sv": "En del av din leverans är på väg. Resten väntas {day}. Frågor? Ring kundservice {phone}.",
        "en": "A part of your delivery is on its way. The rest is due on {day}. Questions? Call {phone}.",
        "fi": "Osa toimituksestasi on matkalla. Loput tulevat {day}. Kysyttävää? Soita {phone}.",
        "ar": "جزء من طلبيتك في الطريق والباقي {day}. أسئلة؟ {phone}.",
    },
    "delivery_rest": {
        "sv": "Resten av din leverans är på väg. Frågor? Ring kundservice {phone}.",
        "en": "The rest of your delivery is on its way. Questions? Call {phone}.",
        "fi": "Loput toimituksestasi on matkalla. Kysyttävää? Soita {phone}.",
        "ar": "باقي طلبيتك في الطريق. أسئلة؟ اتصل {phone}.",
    },
    "delivered": {
        "sv": "Vi har levererat din beställning. Frågor? Ring kundservice {phone}.",
        "en": "We have delivered what you ordered. Questions? Call {phone}.",
        "fi": "Olemme toimittaneet tilauksesi. Kysyttävää? Soita {phone}.",
        "ar": "تم تسليم طلبيتك. أسئلة؟ اتصل {phone}.",
    },
    "goods_not_coming": {
        "sv": "Något som du har beställt kommer inte. Ring kundservice {phone} så hjälper vi dig.",
        "en": "Something that you ordered does not come. Call {phone} and we will help you.",
        "fi": "Jokin tilaamasi ei tule. Soita {phone}, niin autamme sinua.",
        "ar": "شيء مما طلبته لن يصل. اتصل {phone}.",
    },
    "goods_recalled": {
        "sv": "Något som du har fått av oss återkallas. Använd det inte. Ring kundservice {phone}.",
        "en": "Something that you got from us is recalled. Do not use it. Call {phone}.",
        "fi": "Jokin meiltä saamasi vedetään takaisin. Älä käytä sitä. Soita {phone}.",
        "ar": "سُحب شيء استلمته منا. لا تستخدمه. اتصل {phone}.",
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


def text_of(saying: Saying, language: str, *, phone: str, day: date | None = None) -> str:
    """Write what a message says, its day as people say it (S38, T23, Q33)."""
    words = TEXTS[saying]
    known = [language] if language in words else ["sv", "en"]
    return " ".join(
        words[each].format(phone=phone, day=day_in_words(day, each) if day else "") for each in known
    )


def day_in_words(day: date, language: str) -> str:
    """Say a day as people say it: "6 december" (Q33)."""
    month = MONTHS[language].split()[day.month - 1]
    return f"{day.day}. {month}" if language == "fi" else f"{day.day} {month}"


def subject_of(language: str) -> str:
    """Write the subject of an e-mail, which anybody may see over a shoulder (T23)."""
    return _in(SUBJECTS, language)


def _in(words: Words, language: str) -> str:
    """A language that is missing falls back to Swedish and English in one text (T23)."""
    return words.get(language) or f"{words['sv']} {words['en']}"
