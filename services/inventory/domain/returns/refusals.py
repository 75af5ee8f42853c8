"""Why something cannot be registered as returned; nothing says who else has a device (S146 to S148)."""

from shared.domain.decision import Refused, Sentence


class NotOnLoanToPatient(Refused):
    """The patient has no such device; who has it, if anybody, is not said."""

    rule = "not-on-loan-to-patient"
    sentence = Sentence(
        "Patienten har inte det hjälpmedlet på lån. Kontrollera individnumret och att det är rätt patient. "
        "Är det ändå inlämnat: anmäl det som inlämnat, så blir det ett ärende hos den som lånade ut det.",
        "The patient has no such device on loan. Check the device number and that it is the right patient. "
        "If it was brought nevertheless, report it as brought: that is a task for whoever lent it.",
    )


class ReturnedAlready(Refused):
    """The patient's device was returned before."""

    rule = "returned-already"
    sentence = Sentence(
        "Hjälpmedlet är redan återlämnat. Det behöver inte registreras igen.",
        "The device was returned already. It need not be registered again.",
    )


class LostBefore(Refused):
    """It was reported stolen or lost, and the loan ended then (Q57)."""

    rule = "reported-lost-before"
    sentence = Sentence(
        "Hjälpmedlet är anmält som stulet eller förkommet, och lånet är avslutat. Ta emot det och kontakta "
        "Hjälpmedel, som avgör vad som händer med det och med ersättningen.",
        "The device was reported stolen or lost, and its loan has ended. Receive it and contact the central "
        "organisation, which decides about it and about the compensation.",
    )


class GoodsNotWithPatient(Refused):
    """The patient did not get so many of the article with that order, or has returned them."""

    rule = "goods-not-with-patient"
    sentence = Sentence(
        "Så många av artikeln har patienten inte kvar från den beställningen. Kontrollera nummer och antal.",
        "The patient has not so many of the article left of that order. Check number and quantity.",
    )


class ReturnedToWarehouse(Refused):
    """What goes to the warehouse is collected by a collection order (S146)."""

    rule = "returned-to-warehouse"
    sentence = Sentence(
        "En retur går till ett eget förråd. Skapa en hämtorder för det som ska till Hjälpmedels lager.",
        "A return goes to an own storeroom. Make a collection order for what goes to the warehouse.",
    )


class CollectedOnly(Refused):
    """Of that product area the storeroom takes no returns (Q45)."""

    rule = "collected-only"
    sentence = Sentence(
        "Hjälpmedels huvudhjälpmedel i det här området tas inte i retur här. Skapa en hämtorder.",
        "Main aids of the central organisation in this area are not returned here. Make a collection order.",
    )


class NotScrappedHere(Refused):
    """The central organisation's property is never scrapped at a unit (S148, Q45)."""

    rule = "not-scrapped-here"
    sentence = Sentence(
        "Hjälpmedlet ägs av Hjälpmedel och skrotas inte här. Ta det i retur eller skapa en hämtorder.",
        "The central organisation owns the device. It is not scrapped here: return it or order a collection.",
    )


class AnotherUnitsProperty(Refused):
    """Another unit decides about its own property (Q45)."""

    rule = "another-units-property"
    sentence = Sentence(
        "Hjälpmedlet ägs av en annan enhet, som avgör. Ta emot det och lägg det på hyllan; skrota det inte.",
        "Another unit owns the device and decides. Receive it and put it on the shelf; do not scrap it.",
    )


class UsedIsScrapped(Refused):
    """What no other patient can use is scrapped, never put on the shelf again (S147, Q46)."""

    rule = "used-is-scrapped"
    sentence = Sentence(
        "Artikeln återanvänds inte till en annan patient, som masker. Markera att den skrotas.",
        "No other patient uses the article again, as with masks. Say that it is scrapped.",
    )


class BackBeforeLent(Refused):
    """The day is before the one on which the patient got it."""

    rule = "back-before-lent"
    sentence = Sentence(
        "Patienten hade inte fått hjälpmedlet den dagen. Kontrollera dagen för återlämningen.",
        "The patient had not got the device on that day. Check the day of the return.",
    )


class LateReturnNeedsReason(Refused):
    """A return that is registered on a later day says why."""

    rule = "late-return-needs-reason"
    sentence = Sentence(
        "Återlämningen registreras en annan dag än den gjordes. Skriv varför.",
        "The return is registered on another day than it was made. Write why.",
    )


class CollectionOverMeanwhile(Refused):
    """The collection order that an exchanged device would wait for was closed or annulled meanwhile (Q48)."""

    rule = "collection-over-meanwhile"
    sentence = Sentence(
        "Hämtordern för det gamla hjälpmedlet stängdes eller makulerades under tiden. Inget byte är gjort. "
        "Gör bytet på nytt och ange syftet: då skapas en ny hämtorder.",
        "The collection order of the old device was closed or annulled meanwhile, so nothing was exchanged. "
        "Exchange again and give the purpose: a new collection order is made then.",
    )
