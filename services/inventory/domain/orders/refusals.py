"""Why a device cannot be handed out or picked: as much as the one who asks may know (S107, S111)."""

from shared.domain.decision import Refused, Sentence


class NoSuchDevice(Refused):
    """No device has this number."""

    rule = "no-such-device"
    sentence = Sentence(
        "Inget hjälpmedel har det individnumret. Kontrollera numret på märkningen.",
        "No device has that number. Check the number on the label.",
    )


class AnotherArticle(Refused):
    """The device is of another article than the line."""

    rule = "another-article"
    sentence = Sentence(
        "Individnumret gäller en annan artikel. Kontrollera att det är rätt hjälpmedel.",
        "The device number is of another article. Check that it is the right device.",
    )


class DeviceOnLoan(Refused):
    """The device was not returned from the patient before."""

    rule = "device-on-loan"
    sentence = Sentence(
        "Hjälpmedlet är inte återlämnat från den förra patienten. Registrera återlämningen först.",
        "The device has not been returned from the patient before. Register the return first.",
    )


class DeviceSetApart(Refused):
    """The device is quarantined, missing or written off."""

    rule = "device-set-apart"
    sentence = Sentence(
        "Hjälpmedlet är avställt och får inte lämnas ut. Välj ett annat.",
        "The device is set apart and may not be handed out. Choose another.",
    )


class DeviceElsewhere(Refused):
    """The device does not lie in the storeroom that it is to be taken from."""

    rule = "device-elsewhere"
    sentence = Sentence(
        "Hjälpmedlet ligger inte i det valda förrådet. Välj ett hjälpmedel som ligger där.",
        "The device does not lie in the chosen storeroom. Choose a device that lies there.",
    )


class OnlyReserved(Refused):
    """Every piece of the article here is promised to an order."""

    rule = "only-reserved"
    sentence = Sentence(
        "Alla exemplar här är reserverade för beställningar. Ta ett annat förråd eller beställ från lagret.",
        "Every piece here is reserved for orders. Choose another storeroom or order from the warehouse.",
    )


class DeviceNumberMissing(Refused):
    """An individually marked article is handed out by its number (S92)."""

    rule = "device-number-missing"
    sentence = Sentence(
        "Artikeln är individmärkt. Ange ett individnummer på en egen rad för varje exemplar.",
        "Each piece of the article is marked. Give the number of each device on a line of its own.",
    )


class StoreroomNotLinked(Refused):
    """The storeroom is not one of the care unit's."""

    rule = "storeroom-not-linked"
    sentence = Sentence(
        "Enheten är inte kopplad till det förrådet. Välj ett av enhetens egna förråd.",
        "The unit is not linked to that storeroom. Choose one of the unit's own storerooms.",
    )


class TakenBackAlready(Refused):
    """The hand-out was taken back as a mistake before it was made."""

    rule = "taken-back-already"
    sentence = Sentence(
        "Utlämningen är redan återtagen. Gör en ny utlämning.",
        "The hand-out has been taken back already. Make a new one.",
    )


class PickListNotTaken(Refused):
    """Nobody has taken the order's pick list."""

    rule = "pick-list-not-taken"
    sentence = Sentence(
        "Plocklistan är inte tagen. Ta plocklistan först.", "The pick list is not taken. Take it first."
    )


class NothingToPick(Refused):
    """The order has no pick list: it waits for goods, is being picked, or is finished."""

    rule = "nothing-to-pick"
    sentence = Sentence(
        "Beställningen har inget att plocka nu. Den väntar på varor, plockas redan eller är avslutad.",
        "The order has nothing to pick now. It waits for goods, is being picked already or is finished.",
    )


class NotOnPickList(Refused):
    """No line of the pick list is of this article, or enough was picked."""

    rule = "not-on-pick-list"
    sentence = Sentence(
        "Så många av artikeln ska inte plockas till beställningen. Lägg tillbaka det som är för mycket.",
        "So many of the article are not to be picked for the order. Put back what is too much.",
    )


class PickedForAnother(Refused):
    """The device was picked for another order."""

    rule = "picked-for-another"
    sentence = Sentence(
        "Hjälpmedlet är plockat till en annan beställning. Ta ett annat exemplar.",
        "The device was picked for another order. Take another piece.",
    )


class NotInParcel(Refused):
    """What is to be put back was not picked for this parcel."""

    rule = "not-in-parcel"
    sentence = Sentence(
        "Så många av artikeln är inte plockade till kollit. Skanna det som ligger där.",
        "So many of the article were not picked for the parcel. Scan what lies there.",
    )


class NothingPicked(Refused):
    """The pick list has no picked goods."""

    rule = "nothing-picked"
    sentence = Sentence("Inget är plockat ännu.", "Nothing has been picked yet.")


class JointNotWhole(Refused):
    """A joint delivery is packed whole (S95)."""

    rule = "joint-not-whole"
    sentence = Sentence(
        "Beställningen levereras samlad. Plocka resten innan den packas.",
        "The order is delivered together. Pick the rest before it is packed.",
    )


class NotAParcelNumber(Refused):
    """An SSCC has 18 digits, the last a check digit."""

    rule = "not-a-parcel-number"
    sentence = Sentence(
        "Kollinumret stämmer inte. Ett SSCC har 18 siffror; skanna etiketten igen.",
        "The parcel number is not right. An SSCC has 18 digits; scan the label again.",
    )


class ParcelNumberUsed(Refused):
    """Another parcel has the number."""

    rule = "parcel-number-used"
    sentence = Sentence(
        "Kollinumret är redan använt. Skriv ut en ny etikett.",
        "The parcel number has been used already. Print a new label.",
    )


class ParcelNotThere(Refused):
    """The parcel is not where this can be done with it."""

    rule = "parcel-not-there"
    sentence = Sentence(
        "Kollit är inte i rätt läge för det här. Kontrollera beställningens status.",
        "The parcel is not at the stage for this. Check the order's state.",
    )


class DeliveredElsewhere(Refused):
    """A parcel to the home is registered as delivered, one to the unit as received."""

    rule = "delivered-elsewhere"
    sentence = Sentence(
        "Kollit går till patientens hem eller till en annan plats. Registrera det på rätt sätt.",
        "The parcel goes to the patient's home or to another place. Register it the right way.",
    )


class NothingWaits(Refused):
    """Nothing of the order waits at the care unit, or comes back to the warehouse."""

    rule = "nothing-waits"
    sentence = Sentence(
        "Inget av beställningen väntar där. Läs beställningen på nytt.",
        "Nothing of the order waits there. Read the order again.",
    )


class NotBackThere(Refused):
    """Goods that are not fetched go to the unit's own storeroom, or back to their warehouse (Q43)."""

    rule = "not-back-there"
    sentence = Sentence(
        "Varorna läggs i enhetens eget förråd eller skickas tillbaka till lagret som de kom från.",
        "The goods go to the unit's own storeroom, or back to the warehouse that they came from.",
    )


class DayNotYet(Refused):
    """Goods were delivered on a day that has not come, or before they left."""

    rule = "day-not-yet"
    sentence = Sentence(
        "Dagen ska vara från avsändningen till i dag.", "The day must be from the despatch until today."
    )


class NotAtUnitNow(Refused):
    """What was registered as handed over does not wait at the care unit any more (Q43)."""

    rule = "not-at-unit-now"
    sentence = Sentence(
        "Varorna väntar inte längre på enheten: de är lagda i ett förråd eller skickade tillbaka. "
        "Läs beställningen igen. Har patienten fått dem, lämna ut dem ur förrådet.",
        "The goods wait at the care unit no longer: they were put into a storeroom or sent back. "
        "Read the order again. If the patient has them, hand them out from the storeroom.",
    )


class ExchangedSince(Refused):
    """The device that was handed out was exchanged: the loan continues with another one (Q48)."""

    rule = "exchanged-since"
    sentence = Sentence(
        "Hjälpmedlet har bytts mot ett annat, och lånet fortsätter med det. "
        "Gör ett nytt byte till det hjälpmedel som patienten ska ha, eller registrera en retur.",
        "The device was exchanged for another, and the loan continues with that. "
        "Exchange again for the device that the patient shall have, or register a return.",
    )


class LostSince(Refused):
    """The device that was handed out was reported stolen or lost: somebody had it (Q57)."""

    rule = "lost-since"
    sentence = Sentence(
        "Hjälpmedlet är anmält som stulet eller förkommet, så utlämningen kan inte tas tillbaka. "
        "Var anmälan fel, ta emot hjälpmedlet i ett förråd och kontakta Hjälpmedel om ersättningen.",
        "The device was reported stolen or lost, so the hand-out cannot be taken back. If the report was "
        "wrong, receive the device into a storeroom and contact the central organisation about the "
        "compensation.",
    )


class NothingHandedOut(Refused):
    """The patient has nothing by that order (Q51)."""

    rule = "nothing-handed-out"
    sentence = Sentence(
        "Patienten har inte fått något med den här beställningen, så det finns inget att ta tillbaka.",
        "The patient got nothing by this order, so there is nothing to take back.",
    )
