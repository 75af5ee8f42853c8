"""Why nothing is purchased, or a purchase cannot be changed as it was asked (Q60)."""

from shared.domain.decision import Refused, Sentence


class MayNotBePurchased(Refused):
    """The article is purchased no more, or from nobody that takes purchases here (Q50)."""

    rule = "may-not-be-purchased"
    sentence = Sentence(
        "Artikeln kan inte köpas in. Välj en annan artikel.",
        "The article cannot be purchased. Choose another article.",
    )


class SeveralSuppliers(Refused):
    """A purchase goes to one supplier."""

    rule = "several-suppliers"
    sentence = Sentence(
        "Artiklarna har olika leverantörer. Gör ett inköp för varje leverantör.",
        "The articles have different suppliers. Make one purchase for each supplier.",
    )


class NotAWarehouse(Refused):
    """Storerooms are replenished from a warehouse."""

    rule = "not-a-warehouse"
    sentence = Sentence(
        "Inköp görs till ett öppet huvudlager. Beställ en lagerpåfyllnad till förrådet i stället.",
        "Purchases are for an open warehouse. Order a replenishment of the storeroom instead.",
    )


class NotProposed(Refused):
    """The purchase was approved, or is over."""

    rule = "not-proposed"
    sentence = Sentence(
        "Inköpet är redan godkänt eller avslutat. Öppna det för att se vad som har hänt.",
        "The purchase is approved already, or is over. Open it to see what has happened.",
    )


class PurchaseOver(Refused):
    """Nothing more is waited for."""

    rule = "purchase-over"
    sentence = Sentence(
        "Inköpet är avslutat. Gör ett nytt inköp om mer behövs.",
        "The purchase is over. Make a new one if more is needed.",
    )


class GoodsHaveLeft(Refused):
    """What has left the supplier cannot be annulled."""

    rule = "goods-have-left"
    sentence = Sentence(
        "Varor är redan på väg eller mottagna. Ta emot det som kommer, och avsluta inköpet när inget "
        "mer kommer.",
        "Goods are on their way or received. Receive what comes, and close the purchase when nothing "
        "more comes.",
    )


class NotInPurchase(Refused):
    """The purchase has no such article."""

    rule = "not-in-purchase"
    sentence = Sentence(
        "Artikeln finns inte i inköpet. Kontrollera numret, eller anmäl den som fel artikel.",
        "The article is not in the purchase. Check the number, or report it as the wrong article.",
    )


class InPurchase(Refused):
    """What was purchased is no wrong article."""

    rule = "in-purchase"
    sentence = Sentence(
        "Artikeln är beställd i inköpet. Ange den som för många, skadad eller saknad.",
        "The article is ordered in the purchase. Report it as too many, damaged or missing.",
    )


class PurchaseDeliveredByNumber(Refused):
    """Each piece of the article is marked: it is received by its number (S92)."""

    rule = "purchase-received-by-number"
    sentence = Sentence(
        "Artikeln är individmärkt. Ta emot varje exemplar med sitt nummer, och ställ av det som är skadat.",
        "Each piece of the article is marked. Receive each by its number, and set apart what is damaged.",
    )
