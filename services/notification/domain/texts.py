"""What messages say: never article, diagnosis or clinic; short enough for one SMS (S38)."""

from shared.domain.decision import Sentence

DELIVERY_NOTICE = Sentence(
    "Din leverans är på väg. Frågor? Ring kundservice 040-628 04 00.",
    "Your delivery is on its way. Questions? Call 040-628 04 00.",
)
ONE_SMS = 160
"""Characters of the GSM-7 alphabet that one SMS holds."""

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def in_language(sentence: Sentence, language: str) -> str:
    """Choose the text; who reads neither Swedish nor English gets both (S38)."""
    if language == "sv":
        return sentence.sv
    if language == "en":
        return sentence.en
    return f"{sentence.sv} {sentence.en}"
