"""Why a collection order cannot be made or changed (S135 to S145, Q48, Q54)."""

from shared.domain.decision import Refused, Sentence


class NothingToCollect(Refused):
    """The patient has no such device on loan."""

    rule = "nothing-to-collect"
    sentence = Sentence(
        "Patienten har inte det hjälpmedlet på lån. Välj bland det som står på patientens lista.",
        "The patient has no such device on loan. Choose among what the patient's list shows.",
    )


class CollectedTwice(Refused):
    """The same device stands twice in the order."""

    rule = "collected-twice"
    sentence = Sentence(
        "Samma hjälpmedel står två gånger. Ange det en gång.",
        "The same device stands twice. Give it once.",
    )


class DeviceNotKnownYet(Refused):
    """Inventory's fact about the device is on the way: whose property it is nobody knows yet (Q44)."""

    rule = "device-not-known-yet"
    sentence = Sentence(
        "Uppgifterna om hjälpmedlet har inte kommit än. Vänta en stund och försök igen.",
        "What is known of the device has not come yet. Wait a moment and try again.",
    )


class NotCollectedFromUnit(Refused):
    """The device is the care unit's own property (S135, Q44)."""

    rule = "not-collected-from-unit"
    sentence = Sentence(
        "Hjälpmedlet tillhör tjänstestället och hämtas inte av Hjälpmedel. Registrera en retur.",
        "The device belongs to the care unit, and the central organisation does not collect it. "
        "Register a return.",
    )


class PlaceNotUsed(Refused):
    """The product area or the article says that it is not collected there (S139, Q54)."""

    rule = "place-not-used"
    sentence = Sentence(
        "Hjälpmedlet hämtas inte därifrån. Hemma hämtas bara det som är skrymmande eller avancerat; "
        "välj annars hämtning på enheten.",
        "The device is not collected from there. At home only what is bulky or advanced is collected; "
        "otherwise choose collection at the care unit.",
    )


class AddressOfAnotherPlace(Refused):
    """At the care unit the unit's own address counts (S140)."""

    rule = "address-of-another-place"
    sentence = Sentence(
        "Hämtas hjälpmedlet på enheten gäller enhetens adress. Ta bort adressen, eller välj hämtning hemma.",
        "Collected at the care unit, the unit's address counts. Remove the address, or choose the home.",
    )


class NoCollectionAddress(Refused):
    """Neither the register nor the person gave an address (S140)."""

    rule = "no-collection-address"
    sentence = Sentence(
        "Hämtadressen saknas. Skriv adressen där hjälpmedlet finns, till exempel skolans.",
        "The address is missing. Write the address where the device is, such as the school's.",
    )


class NoPhone(Refused):
    """One telephone number is needed; one is enough (S138)."""

    rule = "collection-needs-phone"
    sentence = Sentence(
        "Telefonnumret saknas. Ange ett; det räcker med ett av de två.",
        "The telephone number is missing. Give one; one of the two is enough.",
    )


class FaultNotSaid(Refused):
    """A device that is to be repaired needs words about what is wrong (S142)."""

    rule = "fault-not-said"
    sentence = Sentence(
        "Skriv vad som är fel, och vid en reparation när problemet uppträder.",
        "Write what is wrong, and of a repair when the problem appears.",
    )


class SupplierFormMissing(Refused):
    """The supplier wants a form of its own for such a fault (S142)."""

    rule = "supplier-form-missing"
    sentence = Sentence(
        "Felet gäller ljudbilden. Fyll i leverantörens blankett, lägg den med hjälpmedlet och ange det här.",
        "The fault is about the sound. Fill in the supplier's form, put it with the device and say so here.",
    )


class CollectionOver(Refused):
    """The order is closed, annulled, or was never made."""

    rule = "collection-over"
    sentence = Sentence(
        "Hämtordern är inte öppen längre. Skapa en ny om något ska hämtas.",
        "The collection order is not open any more. Make a new one if something is to be collected.",
    )


class HandedInBefore(Refused):
    """It was stamped already where the devices are (Q54)."""

    rule = "handed-in-before"
    sentence = Sentence(
        "Det är redan registrerat. Läs på hämtordern var hjälpmedlen är.",
        "That is registered already. The collection order says where the devices are.",
    )


class LateStampNeedsReason(Refused):
    """What is registered on a later day says why (Q10)."""

    rule = "late-stamp-needs-reason"
    sentence = Sentence(
        "Det registreras en annan dag än det hände. Skriv varför.",
        "It is registered on another day than it happened. Write why.",
    )


class BeforeCollectionOrder(Refused):
    """The day is before the order was registered, or before the devices were handed in."""

    rule = "before-collection-order"
    sentence = Sentence(
        "Den dagen fanns inte hämtordern, eller så var hjälpmedlen inte inlämnade än. Kontrollera dagen.",
        "On that day there was no collection order, or the devices were not handed in yet. Check the day.",
    )


class AfterClosing(Refused):
    """The day is after the warehouse received the devices."""

    rule = "after-closing"
    sentence = Sentence(
        "Den dagen var hjälpmedlen redan på huvudlagret. Kontrollera dagen.",
        "On that day the devices were at the warehouse already. Check the day.",
    )


class ExchangedIsCollected(Refused):
    """A device that was handed in for another one waits at the unit, on no shelf and on no loan (Q48)."""

    rule = "exchanged-is-collected"
    sentence = Sentence(
        "Ett hjälpmedel på hämtordern är utbytt och väntar på enheten. Låt det hämtas; makulera inte.",
        "A device of the collection order was exchanged and waits at the unit. Let it be collected.",
    )


class CollectionNotSaid(Refused):
    """An exchange whose old device is collected says how (Q41, Q48)."""

    rule = "collection-not-said"
    sentence = Sentence(
        "Ange hämtorderns syfte för det gamla hjälpmedlet.",
        "Give the purpose for which the old device is collected.",
    )


class CollectedElsewhere(Refused):
    """The device is on an open collection order that is another unit's, or is collected at home (Q48)."""

    rule = "collected-elsewhere"
    sentence = Sentence(
        "Hjälpmedlet finns på en öppen hämtorder som hämtas någon annanstans: hemma eller på en annan enhet. "
        "Låt den som gjorde den makulera den, och gör bytet sedan. Lämna annars ut det nya som ett till.",
        "The device is on an open collection order that is collected elsewhere: at home, or at another unit. "
        "Let who made it annul it, and exchange then. Or hand the new one out as an additional one.",
    )


class FetchedAlready(Refused):
    """The carrier has the devices: they come to the warehouse, which closes the order (Q54)."""

    rule = "fetched-already"
    sentence = Sentence(
        "Transportören har redan hämtat hjälpmedlen. Vänta tills huvudlagret stänger hämtordern: det som "
        "inte kom dit står kvar på patientens lista. Behövs ett nytt nu, lämna ut det som ett till.",
        "The carrier has fetched the devices already. Wait until the warehouse closes the collection order: "
        "what did not come stays on the patient's list. If a new one is needed now, hand it out as an "
        "additional one.",
    )
