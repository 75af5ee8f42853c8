"""The kinds of differences in a day's money, in words for billing and for tasks (N11)."""

from collections.abc import Mapping
from typing import Literal

from shared.domain.decision import Sentence

Kind = Literal[
    "withdrawal-unknown", "order-missing", "order-unasked", "order-not-over", "fee-missing", "fee-differs",
    "fee-unasked", "fee-by-another-tariff", "credit-missing", "credit-unasked", "fee-in-no-file",
    "fee-unanswered", "device-fee-missing", "device-fee-differs",
    "device-fee-by-another-tariff", "device-fee-not-due", "device-credit-missing",
]  # fmt: skip

SENTENCES: Mapping[Kind, Sentence] = {
    "withdrawal-unknown": Sentence(
        "En beställning hör till ett uttag som faktureringen aldrig fick veta om. Sök fram uttaget.",
        "An order belongs to a withdrawal that was never told of. Look the withdrawal up.",
    ),
    "order-missing": Sentence(
        "Uttaget nämner en beställning som aldrig skickades. Fråga distributören.",
        "The withdrawal names an order that was never sent. Ask the distributor.",
    ),
    "order-unasked": Sentence(
        "En beställning skickades som uttaget inte nämner. Fråga distributören.",
        "An order was sent that the withdrawal does not name. Ask the distributor.",
    ),
    "order-not-over": Sentence(
        "Beställningen är varken levererad eller avslutad i tid. Fråga distributören.",
        "The order is neither delivered nor over in time. Ask the distributor.",
    ),
    "fee-missing": Sentence(
        "Uttaget visade en avgift som inte är bokförd. Bokför den för hand.",
        "The withdrawal showed a fee that is not booked. Bill it by hand.",
    ),
    "fee-differs": Sentence(
        "Den bokförda avgiften är en annan än den som visades. Rätta avgiften.",
        "The booked fee is not the one that was shown. Correct the fee.",
    ),
    "fee-unasked": Sentence(
        "En avgift är bokförd som uttaget inte visade. Rätta den till 0 kr.",
        "A fee is booked that the withdrawal did not show. Correct it to 0 kr.",
    ),
    "fee-by-another-tariff": Sentence(
        "Avgiften sattes enligt en annan taxa än den som gällde dagen för uttaget. Räkna om och rätta.",
        "The fee was set by another tariff than the one in force that day. Price and correct it.",
    ),
    "credit-missing": Sentence(
        "Inget eller mindre levererades, men hela avgiften står kvar. Rätta den efter det som kom.",
        "Nothing or less was delivered, but the whole fee stands. Correct it by what came.",
    ),
    "credit-unasked": Sentence(
        "En avgift är krediterad fast uttaget inte är makulerat. Bokför den igen för hand.",
        "A fee is credited though the withdrawal is not annulled. Bill it by hand again.",
    ),
    "fee-in-no-file": Sentence(
        "Avgiften kom inte med i dagens fil. Stäng dagen igen.",
        "The fee is not in the day's file. Close the day again.",
    ),
    "fee-unanswered": Sentence(
        "Faktureringen har inte svarat om avgiften. Skicka filen igen, eller fråga.",
        "Invoicing has not answered about the fee. Send the file again, or ask.",
    ),
    "device-fee-missing": Sentence(
        "Patienten har ett hjälpmedel med egenavgift, men avgiften är inte bokförd. Bokför den för hand.",
        "The patient has a device with a fee, and the fee is not booked. Bill it by hand.",
    ),
    "device-fee-differs": Sentence(
        "Den bokförda avgiften för hjälpmedlet är en annan än den som gäller för raden. Rätta avgiften.",
        "The booked fee of the device is not the one of the order's line. Correct the fee.",
    ),
    "device-fee-by-another-tariff": Sentence(
        "Avgiften sattes enligt en annan taxa än den som gällde när hjälpmedlet beställdes. "
        "Räkna om och rätta.",
        "The fee was set by another tariff than the one in force when the device was ordered. "
        "Price and correct it.",
    ),
    "device-fee-not-due": Sentence(
        "Avgiften skulle ha lämnats till faktureringen, men väntar fortfarande. Kontakta driften.",
        "The fee should be with invoicing by now, and still waits. Contact operations.",
    ),
    "device-credit-missing": Sentence(
        "Hjälpmedlet lämnades tillbaka i tid eller ska inte betalas, men avgiften står kvar. "
        "Rätta den till 0 kr.",
        "The device came back in time, or is not to be paid for, and the fee stands. Correct it to 0 kr.",
    ),
}
