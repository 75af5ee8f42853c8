"""Why a storeroom is not replenished, or what came cannot be received as it was said (S114 to S122)."""

from shared.domain.decision import Refused, Sentence


class NotReplenished(Refused):
    """Nothing is carried to that place from a warehouse."""

    rule = "not-replenished"
    sentence = Sentence(
        "Platsen fylls inte på från något huvudlager. Välj ett förråd som ett öppet huvudlager försörjer.",
        "The place is replenished from no warehouse. Choose a storeroom that an open warehouse supplies.",
    )


class MayNotBeReplenished(Refused):
    """The article is never ordered to a storeroom any more, or comes from elsewhere (Q50)."""

    rule = "may-not-be-replenished"
    sentence = Sentence(
        "Artikeln kan inte beställas till förrådet. Välj en annan artikel.",
        "The article cannot be ordered to the storeroom. Choose another article.",
    )


class ReplenishedByItself(Refused):
    """The article has a level in that storeroom: the system orders it (S116, Q20)."""

    rule = "replenished-by-itself"
    sentence = Sentence(
        "Artikeln fylls på automatiskt i förrådet. Ändra miniminivån om den inte räcker. "
        "Den som arbetar i lagret kan beställa ändå, med ett skäl.",
        "The article is replenished by itself in the storeroom. Change its minimum if that is too low. "
        "A store keeper may order it all the same, with a reason.",
    )


class WouldBeOrderedAgain(Refused):
    """Its articles are below their minimum: an annulled replenishment would be ordered anew."""

    rule = "would-be-ordered-again"
    sentence = Sentence(
        "Påfyllnaden beställdes automatiskt och skulle beställas på nytt. Ta bort eller sänk artikelns "
        "miniminivå först.",
        "The replenishment was ordered by itself and would be ordered anew. End or lower the article's "
        "minimum first.",
    )


class AnnulledTooLate(Refused):
    """The pick list was taken, or it is over (Q49)."""

    rule = "annulled-too-late"
    sentence = Sentence(
        "Påfyllnaden kan inte makuleras längre: den plockas, har skickats eller är avslutad.",
        "The replenishment can be annulled no more: it is being picked, was sent or is over.",
    )


class NotInDelivery(Refused):
    """So many of the article were not in the parcel."""

    rule = "not-in-delivery"
    sentence = Sentence(
        "Så många av artikeln fanns inte i kollit. Det som saknas eller är skadat ska stå på följesedeln; "
        "annat anges som för många eller fel artikel.",
        "So many of the article were not in the parcel. What is missing or damaged must be on its list; "
        "other goods are reported as too many or as the wrong article.",
    )


class InDelivery(Refused):
    """What the parcel was to bring is neither a wrong article nor a device too many."""

    rule = "in-delivery"
    sentence = Sentence(
        "Det skulle komma med kollit. Ange artiklar som för många, hjälpmedel som saknade eller skadade.",
        "The parcel was to bring it. Report more of the article as too many, a device as missing or damaged.",
    )


class TooManyDeviations(Refused):
    """So much differs that the parcel is not the one that was meant."""

    rule = "too-many-deviations"
    sentence = Sentence(
        "Kollit har redan 200 avvikelser. Gör en inventering av förrådet i stället.",
        "The parcel has 200 deviations already. Make a stocktake of the storeroom instead.",
    )


class TooManyOpen(Refused):
    """So many replenishments of one article to one storeroom are open already."""

    rule = "too-many-open"
    sentence = Sentence(
        "Artikeln har redan 50 öppna påfyllnader till förrådet. Ta emot eller makulera dem först.",
        "The article has 50 open replenishments to the storeroom. Receive or annul them first.",
    )


class DeviationTooLate(Refused):
    """What the planned day booked can be corrected for some days (Q47)."""

    rule = "deviation-too-late"
    sentence = Sentence(
        "Avvikelser anmäls inom 14 dagar efter att varorna bokfördes. Gör en inventering i stället.",
        "Deviations are reported within 14 days after the goods were booked. Make a stocktake instead.",
    )


class NumberOfDeviceMissing(Refused):
    """Each piece of the article is marked: the number says which piece it is about (S92)."""

    rule = "number-of-device-missing"
    sentence = Sentence(
        "Artikeln är individmärkt. Ange individnumret på varje exemplar som avviker.",
        "Each piece of the article is marked. Give the number of each device that differs.",
    )


class ArticleTwice(Refused):
    """The same article stands in two lines."""

    rule = "article-twice"
    sentence = Sentence(
        "Artikeln står på två rader. Lägg ihop dem till en.",
        "The article stands in two lines. Put them together into one.",
    )


class ChooseStoreroom(Refused):
    """The care unit hands out from several storerooms (S117)."""

    rule = "choose-storeroom"
    sentence = Sentence(
        "Enheten har flera förråd. Ange vilket förråd som ska fyllas på.",
        "The care unit has several storerooms. Say which one is to be replenished.",
    )


class NothingInTemplate(Refused):
    """The template has no articles yet."""

    rule = "nothing-in-template"
    sentence = Sentence(
        "Mallen har inga artiklar. Lägg till artiklar innan du beställer.",
        "The template has no articles. Add articles before you order.",
    )


class NotInTemplate(Refused):
    """The article is not in the template."""

    rule = "not-in-template"
    sentence = Sentence(
        "Artikeln finns inte i mallen. Lägg till den i mallen, eller beställ den för sig.",
        "The article is not in the template. Add it there, or order it by itself.",
    )


class TemplateArchived(Refused):
    """Nobody orders from it any more, and nobody changes it (Q13)."""

    rule = "template-archived"
    sentence = Sentence("Mallen är arkiverad. Skapa en ny mall.", "The template is archived. Make a new one.")


class NameOfPerson(Refused):
    """A template is seen by everybody at the unit: nobody is named in it (Q61)."""

    rule = "number-of-person"
    sentence = Sentence(
        "Skriv inget personnummer i mallen: alla på enheten ser den.",
        "Write no personal number in a template: everybody at the unit sees it.",
    )


class NoSuchArticle(Refused):
    """The device catalogue does not have the article."""

    rule = "no-such-article"
    sentence = Sentence(
        "Artikeln finns inte bland hjälpmedlen. Kontrollera artikelnumret.",
        "The article is not among the devices. Check the article number.",
    )
