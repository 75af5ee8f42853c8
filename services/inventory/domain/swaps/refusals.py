"""Why a maintenance swap is not arranged, registered or corrected (S132, Q56)."""

from shared.domain.decision import Refused, Sentence


class SwapFromWarehouse(Refused):
    """A swap is sent from a warehouse that supplies the care unit."""

    rule = "swap-from-warehouse"
    sentence = Sentence(
        "Ett byte skickas från ett huvudlager som försörjer tjänstestället. Välj det lagret.",
        "A swap is sent from a warehouse that supplies the care unit. Choose that warehouse.",
    )


class ReadyDayPassed(Refused):
    """The day on which the settings are to be ready has passed."""

    rule = "ready-day-passed"
    sentence = Sentence(
        "Dagen då inställningarna ska vara klara har passerat. Ange en dag framåt.",
        "The day by which the settings are to be ready has passed. Give a day to come.",
    )


class DeviceNotLent(Refused):
    """No patient has the device on loan now."""

    rule = "device-not-lent"
    sentence = Sentence(
        "Ingen patient har hjälpmedlet på lån nu. Kontrollera individnumret.",
        "No patient has the device on loan now. Check the device number.",
    )


class SwapOfOnePatient(Refused):
    """The devices are of several patients, care units or product areas."""

    rule = "swap-of-one-patient"
    sentence = Sentence(
        "Ett byte gäller en patient, ett tjänsteställe och ett produktområde. Gör ett eget byte för resten.",
        "A swap is of one patient, one care unit and one product area. Arrange another swap for the rest.",
    )


class NotCentralProperty(Refused):
    """The device is a care unit's own: the central organisation swaps what it owns (Q44)."""

    rule = "not-central-property"
    sentence = Sentence(
        "Tjänstestället äger hjälpmedlet. Kom överens med enheten, som lämnar ut ett annat och tar emot det.",
        "The care unit owns the device. Agree with the unit, which hands out another and takes this back.",
    )


class InSwapAlready(Refused):
    """The device is in a swap that is not finished."""

    rule = "in-swap-already"
    sentence = Sentence(
        "Hjälpmedlet ingår redan i ett byte. Öppna det bytet i stället.",
        "The device is in a swap already. Open that swap instead.",
    )


class NotInSwap(Refused):
    """The swap has no such device, or the device is not on its way back by it."""

    rule = "not-in-swap"
    sentence = Sentence(
        "Hjälpmedlet ska inte komma med det här bytet. Kontrollera individnumret och vad som är registrerat.",
        "The device is not to come by this swap. Check the device number and what is registered.",
    )


class SwapRegisteredAlready(Refused):
    """How it went is registered."""

    rule = "swap-registered-already"
    sentence = Sentence(
        "Resultatet är redan registrerat för hjälpmedlet. Rätta det om det blev fel.",
        "The result is registered for the device already. Correct it if it is wrong.",
    )


class NothingRegistered(Refused):
    """There is no result to correct."""

    rule = "nothing-registered"
    sentence = Sentence(
        "Inget resultat är registrerat för hjälpmedlet, så det finns inget att rätta.",
        "No result is registered for the device, so there is nothing to correct.",
    )


class NewDeviceNotSent(Refused):
    """The new device has not left the warehouse."""

    rule = "new-device-not-sent"
    sentence = Sentence(
        "Det nya hjälpmedlet har inte skickats ännu. Kontrollera att det är rätt byte.",
        "The new device has not been sent yet. Check that it is the right swap.",
    )


class NotAtUnitYet(Refused):
    """The new devices have not come to the care unit."""

    rule = "new-device-not-at-unit"
    sentence = Sentence(
        "De nya hjälpmedlen är inte mottagna på enheten. Registrera att kollit har kommit först.",
        "The new devices are not received at the unit. Register first that the parcel has come.",
    )


class SwapBeingPicked(Refused):
    """The new device lies in a parcel that has not left the warehouse."""

    rule = "swap-being-picked"
    sentence = Sentence(
        "Det nya hjälpmedlet plockas. Skicka kollit först, så kan det komma tillbaka.",
        "The new device is being picked. Send the parcel first, and it can come back.",
    )


class SwapMadePartly(Refused):
    """Something of it was registered: it is ended row by row."""

    rule = "swap-made-partly"
    sentence = Sentence(
        "Något i bytet är redan registrerat. Registrera resultatet för resten i stället för att makulera.",
        "Something of the swap is registered. Register the result for the rest instead of annulling it.",
    )


class SwapOver(Refused):
    """The swap is finished or annulled."""

    rule = "swap-over"
    sentence = Sentence(
        "Bytet är avslutat eller makulerat. Gör ett nytt byte om mer ska bytas.",
        "The swap is finished or annulled. Arrange a new one if more is to be swapped.",
    )


class SwapStands(Refused):
    """What was registered cannot be corrected any more: a device has come to the warehouse, or moved on."""

    rule = "swap-stands"
    sentence = Sentence(
        "Det kan inte rättas längre: ett av hjälpmedlen har redan gått vidare. "
        "Registrera det som är sant nu, till exempel ett nytt byte.",
        "It can be corrected no more: one of the devices has moved on. "
        "Register what is true now, as by a new swap.",
    )
